package api

import (
	"context"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/web"
)

// By returns who calls.
func By(ctx context.Context) authz.Actor { return web.ActorOf(ctx) }

// Paging is embedded in the input of a list.
type Paging struct {
	After  string `query:"after" doc:"cursor: the next field of the page before" maxLength:"2000"`
	Before string `query:"before" doc:"cursor: the prev field of the page after" maxLength:"2000"`
	Last   bool   `query:"last" doc:"the last page"`
	Limit  int    `query:"limit" doc:"rows of a page" minimum:"1" maximum:"500" default:"20"`
}

// Req returns the page asked for.
func (p Paging) Req() db.PageReq {
	return db.PageReq{After: p.After, Before: p.Before, Last: p.Last, Limit: p.Limit}
}

// Page is the body of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"cursor of the page after this one"`
	Prev  string `json:"prev,omitempty" doc:"cursor of the page before this one"`
	Count *int64 `json:"count,omitempty" doc:"rows of the whole list, where it was asked for"`
}

// PageOf turns a page of a room into a body.
func PageOf[T any](p db.Page[T]) Page[T] {
	if p.Items == nil {
		p.Items = []T{}
	}
	return Page[T]{Items: p.Items, Next: p.Next, Prev: p.Prev}
}

// Once is embedded in the input of an operation that must not happen twice.
type Once struct {
	Key string `header:"Idempotency-Key" doc:"a second request with this key repeats the first answer" maxLength:"200"`
}

// Match is embedded in the input of a change: the version that the caller saw.
type Match struct {
	IfMatch string `header:"If-Match" doc:"the ETag of the record as it was read"`
}

// Version returns the version of If-Match. It is required: a change that does not say what it was
// based on could undo somebody else's.
func (m Match) Version() (int64, error) {
	text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/"), `"`)
	text = strings.TrimSuffix(text, "-gz")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Fields(fault.At("If-Match", "请用 If-Match 给出读到的版本（ETag）"))
	}
	return n, nil
}

// ETag returns the header for a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }
