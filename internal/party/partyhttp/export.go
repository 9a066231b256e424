package partyhttp

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// format checks the name of a file format.
func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

// download is a file in a format, without its ending in the name.
func download(w http.ResponseWriter, name string, as sheet.Format) *web.Download {
	return web.NewDownload(w, name+"."+string(as), as.MediaType())
}

// orgColumns are the columns of the export: what the list shows, and the codes behind it.
var orgColumns = sheet.Spec{Name: "orgs", Title: "组织", Columns: []sheet.Column{
	{Key: "name", Title: "名称", Width: 36},
	{Key: "nameEn", Title: "英文名称", Width: 28},
	{Key: "uscc", Title: "统一社会信用代码", Kind: sheet.Code, Width: 22},
	{Key: "kind", Title: "类型"},
	{Key: "region", Title: "所在地区", Width: 24},
	{Key: "regionCode", Title: "行政区划代码", Kind: sheet.Code},
	// An import takes the code, which is the surer; two columns for one field it refuses.
	{Key: "industry", Title: "行业名称", Width: 24},
	{Key: "industryCode", Title: "行业代码", Kind: sheet.Code},
	{Key: "standing", Title: "登记状态"},
	{Key: "state", Title: "核验状态"},
	{Key: "founded", Title: "成立日期", Kind: sheet.Date},
	{Key: "capital", Title: "注册资本", Kind: sheet.Money, Unit: money.Wan},
	{Key: "website", Title: "网址", Width: 24},
	{Key: "updated", Title: "更新日期", Kind: sheet.Date},
	{Key: "id", Title: "编号", Kind: sheet.Code, Width: 28},
}}

func (h *Handler) orgCells(ctx context.Context, o party.Org) []any {
	capital := any(nil)
	if o.CapitalFen != 0 {
		capital = int64(o.CapitalFen)
	}
	return []any{o.Name, o.NameEn, o.USCC, titled(ctx, party.OrgKinds(), o.Kind),
		h.dict.RegionName(o.Region, ""), string(o.Region), h.industryName(o.Industry), o.Industry,
		titled(ctx, party.Standings(), o.Standing), titled(ctx, states, o.State),
		string(o.Founded), capital, o.Website,
		string(clock.DateOf(clock.Time(o.UpdatedUs))), o.ID}
}

// exportOrgs sends the list, in its order, to its last row.
func (h *Handler) exportOrgs(
	w http.ResponseWriter, r *http.Request, q OrgQuery, f party.OrgFilter, format string,
) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	by, ctx := web.Actor(r), r.Context()
	rows := pushed(func(each func([]any) error) error {
		return h.party.ExportOrganisations(ctx, by, f, q.Sort, func(o party.Org) error {
			return each(h.orgCells(ctx, o))
		})
	})
	title := i18n.T(ctx, "组织名录")
	out := download(w, h.fileName(title), as)
	_, err = sheet.Write(ctx, out, as, orgColumns, rows, h.meta(r, title, h.orgFilterText(ctx, q)))
	return out.End(err)
}

// errStop ends an export whose reader has gone away.
var errStop = fault.New(fault.Unavailable, "导出已中断")

// pushed turns a function that calls back for each row into a sequence.
func pushed(run func(each func([]any) error) error) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		stopped := false
		err := run(func(row []any) error {
			if !yield(row, nil) {
				stopped = true
				return errStop
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}

// meta is the watermark of an export: who, when, what.
func (h *Handler) meta(r *http.Request, title, filter string) sheet.Meta {
	return sheet.Meta{Title: title, By: exporter(r), At: h.now(), Filter: filter}
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
	return ui.Words(who, i18n.T(r.Context(), s.Actor.EffectiveRole().Title()), s.OrgName)
}

func (h *Handler) fileName(title string) string {
	day := strings.ReplaceAll(string(clock.DateOf(h.now())), "-", "")
	return title + "-" + day
}

// orgFilterText says the filter in words.
func (h *Handler) orgFilterText(ctx context.Context, q OrgQuery) string {
	var parts []string
	for _, c := range h.orgChips(ctx, address{}, q) {
		parts = append(parts, c.Text)
	}
	return strings.Join(parts, "; ")
}
