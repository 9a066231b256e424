package markethttp

import (
	"net/http"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// printPost shows a post for paper. Contacts are not on it: paper goes from hand to hand.
func (h *Handler) printPost(w http.ResponseWriter, r *http.Request) error {
	p, err := h.postOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p.Contact, p.ContactPhone, p.ContactMail = "", "", ""
	page := h.web.Page(r, "技术市场")
	page.Title = p.Title
	doc := ui.Document{Number: p.Code, Back: postPath(p.ID, ""), Issuer: page.Site.Name,
		Date: i18n.DateLong(lang(r), clock.DateOf(h.now()))}
	if web.SessionOf(r).LoggedIn() {
		doc.Watermark = ui.Words(exporter(r), i18n.DateTime(lang(r), h.now()))
	}
	lead := ui.Words(titled(ctx, market.Kinds(), string(p.Kind)), p.OrgName, h.placeName(p.Region))
	lead = ui.Words(append(nature(ctx, p), lead)...)
	var rows []said
	for _, x := range h.written(ctx, p.PostData) {
		if x.text != "" && x.text != p.Title && !p.Limited {
			rows = append(rows, x)
		}
	}
	return h.web.RenderPrint(w, r, page, doc, paperPost(lead, rows))
}
