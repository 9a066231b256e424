package partyhttp

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// listParam carries the list that a record was opened from: the query of its address, filter and
// order. Everything that leads on from the record keeps it, so that one can work through a list.
const listParam = "list"

// maxListQuery bounds it; a longer one is dropped. Filters are far shorter.
const maxListQuery = 2000 // bytes

// inList returns the address of a record opened from the list at a. The order always stands in it,
// so that the list of everything can be told from no list.
func inList(path string, a address, sort string) string {
	_, query, _ := strings.Cut(a.with("sort", sort), "?")
	return path + "?" + listParam + "=" + url.QueryEscape(query)
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

// listFields reads the query of the list for reading a filter out of it.
func listFields(r *http.Request) (get func(string) string, ok bool) {
	v, err := url.ParseQuery(listOf(r))
	return v.Get, err == nil && len(v) > 0
}

// orgBeside leads from a record to those beside it in the list it was opened from. A list that
// cannot be read, in an address that somebody made up, leads nowhere.
func (h *Handler) orgBeside(r *http.Request, o party.Org) (templ.Component, error) {
	get, ok := listFields(r)
	if !ok {
		return templ.NopComponent, nil
	}
	q := readOrgQuery(get)
	f, err := h.filter(q)
	if err != nil {
		return templ.NopComponent, nil
	}
	found, err := h.party.OrganisationBeside(r.Context(), web.Actor(r), o.ID, f, q.Sort)
	if err != nil {
		return nil, err
	}
	a := newAddress("/orgs", filterNames, q.value)
	return besidePart(r, found, a.with(), func(x party.Neighbour) string {
		return along(r, orgPath(x.ID, ""))
	}), nil
}

// personBeside is orgBeside for people.
func (h *Handler) personBeside(r *http.Request, p party.Person) (templ.Component, error) {
	get, ok := listFields(r)
	if !ok {
		return templ.NopComponent, nil
	}
	q := readPersonQuery(get)
	f, err := q.filter()
	if err != nil {
		return templ.NopComponent, nil
	}
	found, err := h.party.PersonBeside(r.Context(), web.Actor(r), p.ID, f, q.Sort)
	if err != nil {
		return nil, err
	}
	a := newAddress("/people", personNames, q.value)
	return besidePart(r, found, a.with(), func(x party.Neighbour) string {
		return along(r, personPath(x.ID, ""))
	}), nil
}

func besidePart(
	r *http.Request, found party.Beside, list string, path func(party.Neighbour) string,
) templ.Component {
	link := func(n *party.Neighbour) ui.Link {
		if n == nil {
			return ui.Link{}
		}
		return ui.Link{Text: inLang(r.Context(), *n), Href: path(*n)}
	}
	return ui.Beside(ui.Neighbours{Prev: link(found.Prev), Next: link(found.Next), List: list})
}

// inLang is the name of a record in the reader's language where there is one.
func inLang(ctx context.Context, n party.Neighbour) string {
	if i18n.From(ctx) == i18n.EN && n.NameEn != "" {
		return n.NameEn
	}
	return n.Name
}
