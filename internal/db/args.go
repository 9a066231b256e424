package db

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// checkArgs refuses text that is not UTF-8 or holds a zero byte. PostgreSQL cannot store it, SQLite
// would, and an audit export could not tell it apart from other text. Such text comes from input
// only.
func checkArgs(args []any) error {
	for _, a := range args {
		s, ok := a.(string)
		if !ok {
			v := reflect.ValueOf(a)
			if v.Kind() != reflect.String {
				continue
			}
			s = v.String()
		}
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return fault.New(fault.Invalid, "文字中含有无法保存的字符")
		}
	}
	return nil
}
