package markethttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// formatOf checks the name of a file format.
func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

// exporter names the person, the log-in and the role of a request.
func exporter(r *http.Request) string {
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	who := name
	if s.Actor.Login != "" && s.Actor.Login != name {
		who += " (" + s.Actor.Login + ")"
	}
	return ui.Words(who, say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

// download is a file of today, named by its title.
func (h *Handler) download(w http.ResponseWriter, title string, as sheet.Format) *web.Download {
	day := strings.ReplaceAll(string(clock.DateOf(h.now())), "-", "")
	return web.NewDownload(w, title+"-"+day+"."+string(as), as.MediaType())
}

// exportPosts sends the list, to its last row. Contacts are never in it.
func (h *Handler) exportPosts(
	w http.ResponseWriter, r *http.Request, q PostQuery, f market.PostFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	var filter []string
	for _, c := range h.chips(r, q) {
		filter = append(filter, c.Text)
	}
	title := say(r, "成果与需求")
	if q.Kind != "" {
		title = titled(r.Context(), market.Kinds(), q.Kind)
	}
	out := h.download(w, title, as)
	_, err = h.market.WritePosts(r.Context(), web.Actor(r), f, market.Export{Format: as,
		By: exporter(r), Filter: strings.Join(filter, "; ")}, out)
	return out.End(err)
}

// exports are the links to the list as files. A table holds posts of one kind, because each kind has
// columns of its own.
func exports(r *http.Request, q PostQuery) []ui.Link {
	link := func(text string, kind, format string) ui.Link {
		return ui.Link{Text: text, Href: web.ListAddress(r, url.Values{"kind": {kind}, "format": {format}})}
	}
	if q.Kind != "" {
		return []ui.Link{link("Excel", q.Kind, "xlsx"), link("CSV", q.Kind, "csv")}
	}
	var out []ui.Link
	for _, k := range market.Kinds() {
		out = append(out, link(say(r, k.Title)+" Excel", k.Value, "xlsx"))
	}
	return out
}
