package markethttp

import (
	"net/http"
	"net/url"
	"strings"
)

// listParam carries the list that a post was opened from: the query of its address, filter and
// order. Everything that leads on from the post keeps it, so that one can work through a list.
const listParam = "list"

// maxListQuery bounds it; a longer one is dropped. Filters are far shorter.
const maxListQuery = 2000 // bytes

// inList returns the address of a post opened from the list of q. The order always stands in it, so
// that the list of everything can be told from no list.
func inList(path string, q PostQuery) string {
	if q.Sort == "" {
		q.Sort = defaultSort
	}
	return path + "?" + listParam + "=" + url.QueryEscape(q.encode())
}

// listOf returns the query of the list that the request came from, "" for none.
func listOf(r *http.Request) string {
	if q := r.FormValue(listParam); len(q) <= maxListQuery {
		return q
	}
	return ""
}

// along adds the list that the request came from to an address that leads on.
func along(r *http.Request, path string) string {
	query := listOf(r)
	if query == "" {
		return path
	}
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	return path + join + listParam + "=" + url.QueryEscape(query)
}
