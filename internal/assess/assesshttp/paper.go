package assesshttp

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// printRound is the list of results on paper: those that the reader may see.
func (h *Handler) printRound(w http.ResponseWriter, r *http.Request, d assess.RoundDetail) error {
	if d.ComputedUs == 0 || len(d.Entries) == 0 {
		return absent()
	}
	p := h.Web.Page(r, "考核结果")
	parts := []templ.Component{kit.Paragraphs([]string{d.Title, ui.Words(kit.Say(r, "计分办法"), d.SchemeName,
		edition(r, d.Edition))})}
	head := []string{kit.Say(r, "单位"), kit.Say(r, "名次"), kit.Say(r, "总分"), kit.Say(r, "等次"), kit.Say(r, "计分项"),
		kit.Say(r, "加分"), kit.Say(r, "扣分")}
	for _, g := range assess.Groups() {
		var rows [][]string
		for _, e := range d.Entries {
			if e.Group == g.Value {
				rows = append(rows, cellTexts(resultRow(r, e)))
			}
		}
		if len(rows) > 0 {
			parts = append(parts, kit.PaperHeading(kit.Say(r, g.Title)), kit.PaperTable(kit.Say(r, g.Title), head, rows))
		}
	}
	doc := ui.Document{Back: roundPath(d.ID, ""), Number: d.Code, Issuer: p.Site.Organiser,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(parts...))
}

func cellTexts(row ui.Row) []string {
	var out []string
	for _, c := range row.Cells {
		out = append(out, c.Text)
	}
	return out
}

// printEntry is the detail of one unit on paper.
func (h *Handler) printEntry(w http.ResponseWriter, r *http.Request) error {
	d, err := h.entryOf(r)
	if err != nil {
		return err
	}
	if d.Result == nil {
		return absent()
	}
	p := h.Web.Page(r, "考核得分明细")
	var rows [][]string
	for _, l := range d.Result.Lines {
		weight := "—"
		if l.WeightBp > 0 {
			weight = percent(l.WeightBp)
		}
		rows = append(rows, []string{l.Name, weight, assess.Plain(l.Value), assess.TwoPlaces(l.Points), paperSource(r, l)})
	}
	doc := ui.Document{Back: entryPath(d.ID, ""), Number: d.Of.Code, Issuer: p.Site.Organiser,
		Date: i18n.DateLong(kit.Lang(r), clock.DateOf(h.Now()))}
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(
		kit.Paragraphs([]string{d.OrgName, d.Of.Title, kit.Say(r, "总分 %s，同组第 %d 名，等次：%s",
			assess.TwoPlaces(d.Result.Total), d.Result.Rank, ui.OrDash(d.Result.Grade))}),
		kit.PaperTable(kit.Say(r, "得分明细"), []string{kit.Say(r, "计分项"), kit.Say(r, "权重"), kit.Say(r, "完成值"),
			kit.Say(r, "得分"), kit.Say(r, "来源与依据")}, rows)))
}

func paperSource(r *http.Request, l assess.Line) string {
	if l.Mark != nil {
		return ui.Words(l.Mark.Reason, web.Who(r, l.Mark.Login))
	}
	var out []string
	for _, f := range l.Facts {
		out = append(out, ui.Words(f.Name, f.Note))
	}
	return strings.Join(out, "; ")
}

// file writes its header with its first byte, so that what fails before is still answered as a fault.
type file struct {
	w       http.ResponseWriter
	name    string
	format  sheet.Format
	started bool
}

func (f *file) Write(b []byte) (int, error) {
	if !f.started {
		f.started = true
		head := f.w.Header()
		head.Set("Content-Type", f.format.MediaType())
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="export.%s"; filename*=UTF-8''%s`,
			f.format, url.PathEscape(f.name+"."+string(f.format))))
	}
	return f.w.Write(b)
}

// export sends the results, or the table to fill in.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, roundID, table, format string) error {
	as := sheet.Format(format)
	if as != sheet.XLSX && as != sheet.CSV {
		return fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
	}
	by, e := web.Actor(r), assess.Export{Format: as, By: web.SessionOf(r).Name}
	day := strings.ReplaceAll(string(clock.DateOf(h.Now())), "-", "")
	out := &file{w: w, name: kit.Say(r, "考核结果") + "-" + day, format: as}
	var err error
	if table == "marks" {
		out.name = kit.Say(r, "考核填报表") + "-" + day
		_, err = h.assess.WriteMarkSheet(r.Context(), by, roundID, e, out)
	} else {
		_, err = h.assess.WriteResults(r.Context(), by, roundID, e, out)
	}
	if err != nil && out.started {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return err
}
