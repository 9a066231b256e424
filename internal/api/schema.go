package api

import (
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// namer names the types of the description. Rooms do not know each other's names, so a second type
// with a taken name gets that of its package in front: Owner, PlanOwner. Operations are added in
// one order, so the names are always the same.
func namer() func(t reflect.Type, hint string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		name := huma.DefaultSchemaNamer(t, hint)
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t.Name() == "" {
			return name
		}
		if first, is := taken[name]; is && first != t {
			room := path.Base(t.PkgPath())
			return strings.ToUpper(room[:1]) + room[1:] + name
		}
		taken[name] = t
		return name
	}
}
