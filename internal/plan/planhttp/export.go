package planhttp

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
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

// mediaTypes are the types of the formats.
var mediaTypes = map[sheet.Format]string{
	sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	sheet.CSV:  "text/csv; charset=utf-8",
}

// file is an answer that writes its header with its first byte, so that what fails before that is
// still answered as a fault.
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
		head.Set("Content-Type", mediaTypes[f.format])
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="export.%s"; `+
			`filename*=UTF-8''%s`, f.format, url.PathEscape(f.name+"."+string(f.format))))
	}
	return f.w.Write(b)
}

// end answers with a fault what failed before the first byte. Afterwards there is no way to say it
// but to break the connection: half a file must not look like a whole one.
func (f *file) end(err error) error {
	if err != nil && f.started {
		panic(http.ErrAbortHandler)
	}
	return err
}

// download starts an answer with the export of a list.
func (h *Handler) download(w http.ResponseWriter, title string, as sheet.Format) *file {
	day := strings.ReplaceAll(string(h.today()), "-", "")
	return &file{w: w, name: title + "-" + day, format: as}
}

// meta is the watermark of an export: who, when, what.
func (h *Handler) meta(r *http.Request, title, filter string) sheet.Meta {
	return sheet.Meta{Title: title, By: who(r), At: h.now(), Filter: filter}
}

// who names the person, the log-in and the role of a request.
func who(r *http.Request) string {
	s := web.SessionOf(r)
	name := s.Name
	if name == "" {
		name = s.Actor.Login
	}
	if s.Actor.Login != "" && s.Actor.Login != name {
		name += " (" + s.Actor.Login + ")"
	}
	return words(name, say(r, s.Actor.EffectiveRole().Title()), s.OrgName)
}

// docColumns are the columns of the export of documents.
var docColumns = sheet.Spec{Name: "documents", Title: "文件", Columns: []sheet.Column{
	{Key: "title", Title: "标题", Width: 40},
	{Key: "number", Title: "文号", Kind: sheet.Code, Width: 22},
	{Key: "kind", Title: "文件类型"},
	{Key: "issuer", Title: "发文机关", Width: 24},
	{Key: "region", Title: "地区", Width: 20},
	{Key: "day", Title: "成文日期", Kind: sheet.Date},
	{Key: "source", Title: "来源", Width: 24},
	{Key: "edition", Title: "版次", Kind: sheet.Integer},
	{Key: "chars", Title: "字数", Kind: sheet.Integer},
	{Key: "state", Title: "审读状态"},
	{Key: "created", Title: "登记日期", Kind: sheet.Date},
	{Key: "id", Title: "编号", Kind: sheet.Code, Width: 28},
}}

// maxExport bounds the rows of an export.
const maxExport = 50_000

// exportDocuments sends the list, in its order, to its last row.
func (h *Handler) exportDocuments(
	w http.ResponseWriter, r *http.Request, q DocQuery, f plan.DocumentFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	ctx, by := r.Context(), web.Actor(r)
	rows := paged(func(p db.PageReq) (db.Page[plan.Document], error) {
		return h.plan.ListDocuments(ctx, by, f, q.Sort, p)
	}, func(d plan.Document) []any {
		return []any{d.Title, d.Number, titled(ctx, plan.DocumentKinds(), d.Kind), d.Issuer,
			h.deps.Dict.RegionName(d.Region, ""), string(d.Day), d.Source, d.Edition, d.Chars,
			titled(ctx, docStates(), d.State), string(clock.DateOf(clock.Time(d.CreatedUs))), d.ID}
	})
	title := say(r, "文件")
	out := h.download(w, title, as)
	var filter []string
	for _, c := range h.docChips(r, q) {
		filter = append(filter, c.Text)
	}
	_, err = sheet.Write(ctx, out, as, docColumns, rows,
		h.meta(r, title, strings.Join(filter, "; ")))
	return out.end(err)
}

// paged turns the pages of a list into the rows of a file.
func paged[T any](
	page func(db.PageReq) (db.Page[T], error), row func(T) []any,
) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		at := db.PageReq{Limit: db.MaxLimit}
		for n := 0; ; {
			p, err := page(at)
			if err == nil && n+len(p.Items) > maxExport {
				err = fault.New(fault.Invalid, "最多导出 %d 行，请先缩小范围", maxExport)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range p.Items {
				if n++; !yield(row(x), nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			at.After = p.Next
		}
	}
}
