package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// The names under which a list keeps its place in the address.
const (
	afterParam  = "after"
	beforeParam = "before"
	lastParam   = "last"
	SortParam   = "sort"
)

// PageReq reads which page of a list the address asks for.
func PageReq(r *http.Request, limit int) db.PageReq {
	q := r.URL.Query()
	return db.PageReq{
		After: q.Get(afterParam), Before: q.Get(beforeParam), Last: q.Get(lastParam) == "1",
		Limit: limit,
	}
}

// Paging makes the pager of a list from the cursors of its page.
func Paging(r *http.Request, next, prev, text string) ui.Paging {
	p := ui.Paging{Text: text}
	if prev != "" {
		p.First, p.Prev = ListAddress(r, nil), ListAddress(r, url.Values{beforeParam: {prev}})
	}
	if next != "" {
		p.Next = ListAddress(r, url.Values{afterParam: {next}})
		p.Last = ListAddress(r, url.Values{lastParam: {"1"}})
	}
	return p
}

// ListAddress is the address of the first page of the list in r with some parameters set instead of
// those it has; an empty value takes a parameter away.
func ListAddress(r *http.Request, set url.Values) string {
	q := r.URL.Query()
	for _, place := range []string{afterParam, beforeParam, lastParam, "lang"} {
		q.Del(place)
	}
	for k, v := range set {
		q[k] = v
	}
	for k, v := range q {
		if len(v) == 0 || v[0] == "" {
			q.Del(k)
		}
	}
	if len(q) == 0 {
		return r.URL.Path
	}
	return r.URL.Path + "?" + q.Encode()
}

// SeqOf reads a number from the path.
func SeqOf(r *http.Request, name string) (int64, bool) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	return n, err == nil && n > 0
}

// VersionOf reads the version of the record that a form was made from. A wrong one is -1, which no
// record has: the write is stale.
func VersionOf(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
