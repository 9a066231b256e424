package markethttp

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
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

// postSheet are the columns of the export: what the list shows, and the codes behind it. Contacts
// are never in it.
var postSheet = sheet.Spec{Name: "posts", Title: "成果与需求", Columns: []sheet.Column{
	{Key: "code", Title: "编号", Kind: sheet.Code, Width: 16},
	{Key: "kind", Title: "类型"},
	{Key: "title", Title: "名称", Width: 40},
	{Key: "org", Title: "单位", Width: 28},
	{Key: "field", Title: "领域", Width: 20},
	{Key: "region", Title: "所在地区", Width: 24},
	{Key: "sort", Title: "类别"},
	{Key: "trl", Title: "成熟度", Kind: sheet.Integer},
	{Key: "priceLo", Title: "价格或预算下限", Kind: sheet.Money, Unit: money.Wan},
	{Key: "priceHi", Title: "价格或预算上限", Kind: sheet.Money, Unit: money.Wan},
	{Key: "modes", Title: "合作方式", Width: 24},
	{Key: "parameters", Title: "指标", Width: 32},
	{Key: "deadline", Title: "希望何时解决", Kind: sheet.Date},
	{Key: "state", Title: "状态"},
	{Key: "published", Title: "发布日期", Kind: sheet.Date},
	{Key: "fresh", Title: "有效期至", Kind: sheet.Date},
	{Key: "visibility", Title: "公开级别"},
	{Key: "text", Title: "介绍", Width: 60},
	{Key: "id", Title: "系统编号", Kind: sheet.Code, Width: 28},
}}

func (h *Handler) postCells(ctx context.Context, p market.Post) []any {
	day := func(us int64) string {
		if us == 0 {
			return ""
		}
		return string(clock.DateOf(clock.Time(us)))
	}
	amount := func(f money.Fen) any {
		if f == 0 {
			return nil
		}
		return int64(f)
	}
	trl := any(nil)
	if p.TRL > 0 {
		trl = int64(p.TRL)
	}
	sort := titled(ctx, market.NeedKinds(), p.NeedKind)
	if p.Kind == market.Achievement {
		sort = titled(ctx, market.ResultKinds(), p.ResultKind)
	}
	return []any{p.Code, titled(ctx, market.Kinds(), string(p.Kind)), p.Title, p.OrgName,
		titled(ctx, market.Fields(), p.Field), h.deps.Dict.RegionName(p.Region, ""), sort, trl,
		amount(p.PriceLoFen), amount(p.PriceHiFen), modesText(ctx, p.Modes),
		strings.ReplaceAll(parametersText(ctx, p.Parameters), "\n", "; "), string(p.Deadline),
		titled(ctx, states(""), p.State), day(p.PublishedUs), day(p.FreshUntil),
		titled(ctx, market.Visibilities(), string(p.Visibility)), p.Text, p.ID}
}

// maxExport bounds the rows of an export.
const maxExport = 50_000

// exportPosts sends the list, in its order, to its last row.
func (h *Handler) exportPosts(
	w http.ResponseWriter, r *http.Request, q PostQuery, f market.PostFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	by, ctx := web.Actor(r), r.Context()
	if !market.PostPolicy.Could(by, market.ActPostExport) {
		return market.PostPolicy.May(by, market.ActPostExport, shown)
	}
	rows := paged(func(p db.PageReq) (db.Page[market.Post], error) {
		return h.market.ExportPosts(ctx, by, f, q.Sort, p)
	}, func(p market.Post) []any { return h.postCells(ctx, p) })
	title := say(r, "成果与需求")
	out := h.download(w, title, as)
	var filter []string
	for _, c := range h.chips(r, q) {
		filter = append(filter, c.Text)
	}
	_, err = sheet.Write(ctx, out, as, postSheet, rows, sheet.Meta{Title: title, By: exporter(r),
		At: h.now(), Filter: strings.Join(filter, "; ")})
	return out.End(err)
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
				err = fault.New(fault.Invalid, "最多导出 %s 行，请先缩小范围", i18n.Int(maxExport))
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
