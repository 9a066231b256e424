package kit

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Export sends a list as a file of today, named by its title. write gets how and to where.
func (k Kit) Export(
	w http.ResponseWriter, r *http.Request, title, format, filter string,
	write func(e occasion.Export, w *web.Download) error,
) error {
	as := sheet.Format(format)
	if as != sheet.XLSX && as != sheet.CSV {
		return fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
	}
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	day := strings.ReplaceAll(string(clock.DateOf(k.Now())), "-", "")
	out := web.NewDownload(w, Say(r, title)+"-"+day+"."+string(as), as.MediaType())
	return out.End(write(occasion.Export{Format: as, Filter: filter,
		By: ui.Words(name, Say(r, s.Actor.EffectiveRole().Title()), s.OrgName)}, out))
}

// Exports are the links to a list as files, none for visitors.
func Exports(r *http.Request) []ui.Link {
	if web.Actor(r).Account == "" {
		return nil
	}
	at := func(format string) string { return web.ListAddress(r, url.Values{"format": {format}}) }
	return []ui.Link{{Text: "Excel", Href: at("xlsx")}, {Text: "CSV", Href: at("csv")}}
}

// Chips are the filter in words.
func Chips(list []ui.Link) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Text)
	}
	return strings.Join(out, "; ")
}
