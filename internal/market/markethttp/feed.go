package markethttp

import (
	"encoding/xml"
	"net/http"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// The feed of the market is Atom (RFC 4287), which every reader of RSS reads too. It holds what
// everybody may see, whoever asks, so that a reader's log-in never gets into it.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Author     string         `xml:"author>name"`
		Link       atomLink       `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
)

// feedLines is how many posts the feed holds.
const feedLines = 50

// base is the address of the site, as its operator or the request names it.
func (h *Handler) base(r *http.Request) string {
	if h.deps.Public != "" {
		return h.deps.Public
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// getFeed sends the posts published last. It takes the filter of the list.
func (h *Handler) getFeed(w http.ResponseWriter, r *http.Request) error {
	q := readQuery(r.FormValue)
	f, err := h.filter(q)
	if err != nil {
		return err
	}
	page, err := h.market.ListPosts(r.Context(), nobody, f, defaultSort, db.PageReq{Limit: feedLines})
	if err != nil {
		return err
	}
	base := h.base(r)
	p := h.web.Page(r, "技术市场")
	feed := atomFeed{Lang: "zh-CN", ID: base + q.href(), Title: ui.Words(p.Title, p.Site.Name),
		Author: p.Site.Name, Updated: ui.MachineTime(clock.Time(0)),
		Links: []atomLink{{Rel: "self", Href: base + r.URL.RequestURI()}, {Href: base + q.href()}}}
	for _, x := range page.Items {
		feed.Entries = append(feed.Entries, h.entry(r, base, x))
		if at := ui.MachineTime(clock.Time(x.PublishedUs)); at > feed.Updated {
			feed.Updated = at
		}
	}
	out, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", "application/atom+xml; charset=utf-8")
	head.Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(append([]byte(xml.Header), out...)) // a broken connection is the reader's matter
	return nil
}

func (h *Handler) entry(r *http.Request, base string, p market.Post) atomEntry {
	ctx := r.Context()
	at := ui.MachineTime(clock.Time(p.PublishedUs))
	updated := at
	if p.UpdatedUs > p.PublishedUs {
		updated = ui.MachineTime(clock.Time(p.UpdatedUs))
	}
	href := base + postPath(p.ID, "")
	e := atomEntry{ID: href, Title: ui.Words(titled(ctx, market.Kinds(), string(p.Kind)), p.Title),
		Published: at, Updated: updated, Author: p.OrgName, Link: atomLink{Href: href},
		Categories: []atomCategory{{p.Field, titled(ctx, market.Fields(), p.Field)}}}
	if p.Limited {
		e.Author = i18n.Withheld(lang(r))
		e.Summary = ui.Words(titled(ctx, market.Fields(), p.Field), h.placeName(p.Region))
		return e
	}
	e.Summary = ui.Words(h.placeName(p.Region), say(r, priceTerm(p.Kind))+" "+priceText(ctx, p.PostData),
		trlText(ctx, p.TRL)) + "\n" + beginning(p.Text, maxDescription)
	return e
}
