package app

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/opendata"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/report"
)

// nobody is who asks for open data: somebody who is not signed in.
var nobody = authz.Actor{Role: authz.Public}

// public makes the room of open data.
func (a *App) public() {
	columns := func(pairs ...string) []opendata.Column {
		var out []opendata.Column
		for i := 0; i+1 < len(pairs); i += 2 {
			out = append(out, opendata.Column{Name: pairs[i], Title: pairs[i+1]})
		}
		return out
	}
	posts := columns("code", "编号", "title", "标题", "region", "行政区划代码", "place", "地区", "field", "技术领域",
		"trl", "技术成熟度", "state", "状态", "url", "页面", "nature", "数据性质")
	a.Open = opendata.New(a.Clock, func() string { return a.Config.Open.Licence },
		opendata.Set{Name: "organisations", Title: "组织名录", About: "主体库中可以公开的组织", Rows: a.openOrgs,
			Columns: columns("id", "编号", "name", "名称", "uscc", "统一社会信用代码", "kind", "类型", "region", "行政区划代码",
				"place", "地区", "industry", "行业代码", "url", "页面", "nature", "数据性质")},
		opendata.Set{Name: "needs", Title: "技术需求", About: "公开的技术需求，不含联系方式", Columns: posts,
			Rows: a.openPosts(market.Need)},
		opendata.Set{Name: "achievements", Title: "科技成果", About: "公开的科技成果，不含联系方式", Columns: posts,
			Rows: a.openPosts(market.Achievement)},
		opendata.Set{Name: "market-figures", Title: "技术市场统计", About: "按地区和类型汇总的在架、对接、签约和合同登记数",
			Rows: a.openFigures, Columns: columns("region", "行政区划代码", "place", "地区", "kind", "类型", "measure", "度量",
				"title", "名称", "value", "数值", "unit", "单位", "nature", "数据性质")},
		opendata.Set{Name: "report-figures", Title: "已公开报告的数字", About: "已向社会发布的通报和新闻口径中的指标和数字，附时间和来源页面",
			Rows: a.openReports, Columns: columns("report", "报告", "indicator", "指标", "place", "地区", "kind", "种类",
				"operator", "限定", "value", "数值", "unit", "单位", "from", "起始日", "to", "截止日",
				"asOf", "数据截至", "url", "页面", "nature", "数据性质")})
}

// address is a page of the site as others know it.
func (a *App) address(path string) string {
	return strings.TrimSuffix(a.Config.Server.PublicURL, "/") + path
}

// nature says of rows that bear no mark of their own that they leave a showcase, where all is invented
// that names no public source; "" on a site of its own data.
func (a *App) nature() string {
	if a.Showcase.On() {
		return "示范站点数据，除注明公开来源的以外均为虚构"
	}
	return ""
}

// pages goes through a list page by page.
func pages[T any](list func(db.PageReq) (db.Page[T], error), each func(T) error) error {
	for at := (db.PageReq{Limit: db.MaxLimit}); ; {
		page, err := list(at)
		if err != nil {
			return err
		}
		for _, x := range page.Items {
			if err := each(x); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		at.After = page.Next
	}
}

func (a *App) openOrgs(ctx context.Context, each opendata.Each) error {
	return pages(func(p db.PageReq) (db.Page[party.Org], error) {
		return a.Party.ListOrganisations(ctx, nobody, party.OrgFilter{}, "name", p)
	}, func(o party.Org) error {
		return each([]any{o.ID, o.Name, o.USCC, o.Kind, string(o.Region), a.Dict.RegionName(o.Region, ""), o.Industry,
			a.address("/orgs/" + o.ID), a.nature()}, o.UpdatedUs)
	})
}

func (a *App) openPosts(kind market.Kind) func(context.Context, opendata.Each) error {
	return func(ctx context.Context, each opendata.Each) error {
		return pages(func(p db.PageReq) (db.Page[market.Post], error) {
			return a.Market.ListPosts(ctx, nobody, market.PostFilter{Kind: kind}, "code", p)
		}, func(x market.Post) error {
			nature := ""
			if x.Invented() {
				nature = "示范数据"
			}
			return each([]any{x.Code, x.Title, string(x.Region), a.Dict.RegionName(x.Region, ""), x.Field, int64(x.TRL),
				x.State, a.address("/market/posts/" + x.ID), nature}, x.UpdatedUs)
		})
	}
}

// openFigures counts the market by district and kind, as the figures that everybody sees.
func (a *App) openFigures(ctx context.Context, each opendata.Each) error {
	home := a.city()
	if home == "" {
		return nil
	}
	places := []string{string(home)}
	err := pages(func(p db.PageReq) (db.Page[dict.Item], error) {
		return a.Dict.Items(house, dict.Query{List: dict.Regions, Parent: string(home), Tree: true}, p)
	}, func(it dict.Item) error {
		if it.Kind != dict.Group {
			places = append(places, it.Code)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, place := range places {
		name, _ := a.Dict.Name(dict.Regions, place, "")
		for _, kind := range []market.Kind{market.Need, market.Achievement} {
			for _, m := range a.Market.Measures() {
				f, err := a.Measures.Figure(ctx, nobody, m.Name, map[string]string{"region": place, "kind": string(kind)})
				if err != nil {
					return err
				}
				err = each([]any{place, name, string(kind), m.Name, i18n.Text(i18n.ZH, m.Title), f.Value, f.Unit,
					a.nature()}, 0)
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// operators are the words of the operators of figures: a table program takes a sign for a formula.
var operators = map[string]string{"=": "eq", ">=": "ge", ">": "gt", "<=": "le", "<": "lt", "~": "about"}

// openReports are the numbers of reports that everybody may read.
func (a *App) openReports(ctx context.Context, each opendata.Each) error {
	return pages(func(p db.PageReq) (db.Page[report.Report], error) {
		return a.Report.ListReports(ctx, nobody, report.Filter{State: report.StatePublished}, p)
	}, func(r report.Report) error {
		d, err := a.Report.GetReport(ctx, nobody, r.ID)
		if err != nil {
			return err
		}
		for _, f := range d.Figures {
			err := each([]any{r.Code, f.Name, f.PlaceName, f.Kind + "." + f.Measure, operators[f.Op], f.Value, f.Unit,
				string(f.From), string(f.To), string(f.AsOf), a.address(report.FigurePath(r.ID, f.N)), a.nature()}, r.PublishedUs)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
