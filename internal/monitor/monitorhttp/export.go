package monitorhttp

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// maxExport bounds the rows of a file.
const maxExport = 50_000

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

// send answers with a table as a file.
func (h *Handler) send(
	w http.ResponseWriter, r *http.Request, spec sheet.Spec, title string, rows iter.Seq2[[]any, error],
) error {
	as := sheet.Format(r.FormValue("format"))
	if mediaTypes[as] == "" {
		return fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
	}
	s := web.SessionOf(r)
	who := s.Name
	if who == "" {
		who = s.Actor.Login
	}
	day := strings.ReplaceAll(string(clock.DateOf(h.Now())), "-", "")
	out := &file{w: w, name: title + "-" + day, format: as}
	_, err := sheet.Write(r.Context(), out, as, spec, rows, sheet.Meta{Title: title,
		By: ui.Words(who, kit.Say(r, s.Actor.EffectiveRole().Title())), At: h.Now()})
	if err != nil && out.started {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return err
}

// rowsOf are the rows of a list that is there.
func rowsOf(list [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range list {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// paged turns the pages of a list into rows.
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

// cell is a decimal as a spreadsheet counts with it, empty for none. One with more digits than a
// spreadsheet holds stays text.
func cell(d plan.Decimal) any {
	if d == "" {
		return ""
	}
	digits := strings.Trim(strings.ReplaceAll(string(d), ".", ""), "-0")
	x, err := strconv.ParseFloat(string(d), 64)
	if err != nil || len(digits) > 15 {
		return string(d)
	}
	return x
}

// columns names the columns of a file; a number in front of a title is its width.
func columns(titles ...string) []sheet.Column {
	out := make([]sheet.Column, 0, len(titles))
	for i, t := range titles {
		out = append(out, sheet.Column{Key: "c" + strconv.Itoa(i+1), Title: t})
	}
	return slices.Clip(out)
}
