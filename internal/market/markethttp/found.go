package markethttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Found is a page of what a search of words found, the best first.
type Found struct {
	Posts []FoundPost
	Total int // of all pages
	Page  int // from 1
	Pages int
}

// FoundPost is a post that was found, by its id, with why, in the language of the request.
type FoundPost struct{ ID, Why string }

// Finder searches posts by words. The room of matching stands behind it.
type Finder func(ctx context.Context, by authz.Actor, query string, f market.PostFilter, page int) (Found, error)

// pageParam is the number of a page of what was found: its order is no column of a table.
const pageParam = "page"

// found is the list of what a search of words finds, the best first; false when the plain list should
// answer: nothing is looked for, an order was chosen, a code was typed, or the search finds nothing or
// is not ready.
func (h *Handler) found(
	r *http.Request, q PostQuery, f market.PostFilter,
) (templ.Component, bool, error) {
	if h.deps.Find == nil || strings.TrimSpace(q.Q) == "" || q.Sort != "" || r.FormValue(pickParam) == "1" {
		return nil, false, nil
	}
	page, _ := strconv.Atoi(r.FormValue(pageParam)) // anything else is the first
	got, err := h.deps.Find(r.Context(), web.Actor(r), q.Q, f, page)
	if fault.Is(err, fault.Unavailable) || err == nil && got.Total == 0 {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	ids, why := make([]string, len(got.Posts)), map[string]string{}
	for i, x := range got.Posts {
		ids[i], why[x.ID] = x.ID, x.Why
	}
	list, err := h.market.SomePosts(r.Context(), web.Actor(r), ids) // without one that left this moment
	if err != nil {
		return nil, false, err
	}
	bar, err := h.resultBar(r, q, int64(got.Total))
	if err != nil {
		return nil, false, err
	}
	table := h.postTable(r, q, list)
	for i := range table.Cols {
		table.Cols[i].Sort = "" // the best first: by none of its columns
	}
	for i := range table.Rows {
		first := &table.Rows[i].Cells[0]
		first.Sub = ui.Words(first.Sub, why[list[i].ID])
	}
	parts := []templ.Component{ui.ResultHead(bar), ui.DataTable(table), ui.Pager(pagesOf(r, got))}
	if h.deps.Across {
		parts = append(parts, attribution())
	}
	return ui.With(ui.Results("", say(r, "成果与需求")), parts...), true, nil
}

// Attribution names the dictionary between languages, for pages that show words found by it.
func Attribution() templ.Component { return attribution() }

// pagesOf leads through the pages of what was found.
func pagesOf(r *http.Request, got Found) ui.Paging {
	at := func(n int) string { return web.ListAddress(r, url.Values{pageParam: {strconv.Itoa(n)}}) }
	p := ui.Paging{Text: say(r, "第 %s / %s 页", i18n.Int(int64(got.Page)), i18n.Int(int64(max(1, got.Pages))))}
	if got.Page > 1 {
		p.First, p.Prev = web.ListAddress(r, url.Values{pageParam: {""}}), at(got.Page-1)
	}
	if got.Page < got.Pages {
		p.Next, p.Last = at(got.Page+1), at(got.Pages)
	}
	return p
}
