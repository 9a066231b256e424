package studiohttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Addresses.
const (
	pathHome     = "/studio"
	pathDatasets = "/studio/datasets"
	pathSchemes  = "/studio/schemes"
	pathStudies  = "/studio/studies"
)

// Handler serves the studio.
type Handler struct {
	kit.Kit
	studio *studio.Service
}

// New returns the door of the studio.
func New(s *studio.Service, w *web.Server, d kit.Deps) *Handler {
	return &Handler{kit.Kit{Web: w, Deps: d}, s}
}

// Routes returns the pages of the studio.
func (h *Handler) Routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return append(h.panelRoutes(), []web.Route{
		{Method: get, Path: pathHome, Handle: h.getHome,
			UseCases: []string{"studio.ListSchemes", "studio.ListDatasets"}},
		{Method: get, Path: pathHome + "/export", Handle: h.getExport,
			UseCases: []string{"studio.ListSchemes", "studio.ListDatasets"}},
		{Method: get, Path: pathDatasets + "/draw", Handle: h.getDraw, UseCases: []string{"studio.ListOffers"}},
		{Method: post, Path: pathDatasets + "/draw", Handle: h.postDraw, UseCases: []string{"studio.DrawDataset"}},
		{Method: get, Path: pathDatasets + "/new", Handle: h.getDatasetNew},
		{Method: post, Path: pathDatasets + "/new", Upload: true, Handle: h.postDatasetNew,
			UseCases: []string{"studio.CreateDataset"}},
		{Method: get, Path: pathDatasets + "/{id}", Handle: h.getDataset,
			UseCases: []string{"studio.GetDataset"}},
		{Method: get, Path: pathDatasets + "/{id}/{part}", Handle: h.getDatasetPart,
			UseCases: []string{"studio.GetDataset", "studio.CompareEditions"}},
		{Method: post, Path: pathDatasets + "/{id}/edit", Handle: h.postDatasetEdit,
			UseCases: []string{"studio.UpdateDataset"}},
		{Method: post, Path: pathDatasets + "/{id}/revise", Upload: true, Handle: h.postRevise,
			UseCases: []string{"studio.ReviseDataset"}},
		{Method: get, Path: pathSchemes + "/new", Handle: h.getSchemeNew},
		{Method: post, Path: pathSchemes + "/new", Handle: h.postSchemeNew,
			UseCases: []string{"studio.CreateScheme"}},
		{Method: get, Path: pathSchemes + "/{id}", Handle: h.getScheme, UseCases: []string{
			"studio.GetScheme", "studio.Compute", "studio.GetChecks", "studio.ListStudies"}},
		{Method: get, Path: pathSchemes + "/{id}/{part}", Handle: h.getSchemePart, UseCases: []string{
			"studio.GetScheme", "studio.GetUnit", "studio.AskWhatIf", "studio.VerifyEdition", "studio.GetEdition"}},
		{Method: post, Path: pathSchemes + "/{id}/{part}", Handle: h.postSchemePart, UseCases: []string{
			"studio.UpdateScheme", "studio.SaveEdition", "studio.FireScheme", "studio.StartStudy"}},
		{Method: get, Path: pathStudies + "/{id}", Handle: h.getStudy, UseCases: []string{"studio.GetStudy"}},
		{Method: post, Path: pathStudies + "/{id}/cancel", Handle: h.postStudyCancel,
			UseCases: []string{"studio.CancelStudy"}},
	}...)
}

func absent() error { return fault.New(fault.NotFound, "没有找到这条记录") }

func again(err error) bool { return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) }

var tones = map[string]ui.Tone{studio.Final: ui.OK, studio.Draft: ui.Run}

func mark(ctx context.Context, state string) ui.State {
	return ui.State{Tone: tones[state], Text: kit.Titled(ctx, kit.States(studio.SchemeProcess.Def().States), state)}
}

// titled is the title of a value in the language of ctx, the value itself when it is unknown.
func titled(ctx context.Context, list []studio.Choice, value string) string {
	if t := studio.TitleOf(list, value); t != "" {
		return i18n.T(ctx, t)
	}
	return value
}

func options(ctx context.Context, list []studio.Choice) []ui.Option {
	var out []ui.Option
	for _, c := range list {
		out = append(out, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title)})
	}
	return out
}

func schemePath(id, tail string) string  { return kit.Join(pathSchemes, id, tail) }
func datasetPath(id, tail string) string { return kit.Join(pathDatasets, id, tail) }

// withQuery adds the parameters that are not empty to an address.
func withQuery(path string, v url.Values, pairs ...string) string {
	out := url.Values{}
	for name, list := range v {
		out[name] = list
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			out.Del(pairs[i])
		} else {
			out.Set(pairs[i], pairs[i+1])
		}
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// score writes a score, — for none.
func score(v *float64) string { return fixed(v, 2) }

func fixed(v *float64, places int) string {
	if v == nil {
		return "—"
	}
	s := strconv.FormatFloat(*v, 'f', places, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// signed writes a change with its sign.
func signed(v *float64) string {
	s := fixed(v, 2)
	if v != nil && *v > 0 && strings.Trim(s, "0.") != "" {
		return "+" + s
	}
	return strings.Replace(s, "-", "−", 1)
}

// figure writes a value with at most four decimals.
func figure(v *float64) string {
	if v == nil {
		return "—"
	}
	s := strconv.FormatFloat(*v, 'f', 4, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func percentOf(v float64) string { return strconv.FormatFloat(v*100, 'f', 1, 64) + "%" }

// moved says how a rank changed, by arrow and word.
func moved(ctx context.Context, before, now int64) string {
	switch {
	case before == 0 && now == 0:
		return "—"
	case before == 0:
		return i18n.T(ctx, "新进")
	case now == 0:
		return i18n.T(ctx, "退出")
	case now < before:
		return i18n.T(ctx, "↑ 升 %d 位", before-now)
	case now > before:
		return i18n.T(ctx, "↓ 降 %d 位", now-before)
	}
	return i18n.T(ctx, "未变")
}

func rankText(n int64) string {
	if n == 0 {
		return "—"
	}
	return kit.Number(n)
}

// getHome lists schemes, or datasets.
func (h *Handler) getHome(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if !studio.SchemePolicy.Could(by, studio.ActSchemeRead) {
		return kit.ErrRole()
	}
	data := r.FormValue("kind") == "data"
	p := h.Web.Page(r, "指数工作室")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "把多项指标合成一个指数：每一步可选、可查、可复算，位次带区间。")}
	if studio.SchemePolicy.Could(by, studio.ActSchemeMake) {
		head.Actions = append(head.Actions, ui.Action{Text: kit.Say(r, "取自指标监测"), Href: pathDatasets + "/draw"},
			ui.Action{Text: kit.Say(r, "导入数据集"), Href: pathDatasets + "/new"},
			ui.Action{Text: kit.Say(r, "新建方案"), Href: pathSchemes + "/new", Primary: true})
	}
	tabs := []ui.Tab{{ID: "t-schemes", Text: kit.Say(r, "指数方案"), Href: pathHome, Current: !data},
		{ID: "t-data", Text: kit.Say(r, "数据集"), Href: pathHome + "?kind=data", Current: data}}
	list := h.schemeList
	if data {
		list = h.datasetList
	}
	panel, err := list(r)
	if err != nil {
		return err
	}
	return h.Web.Render(w, r, web.View{Page: p, Body: templ.Join(ui.PageHead(head),
		ui.With(ui.Tabs(p.Title, tabs), panel))})
}

func (h *Handler) schemeList(r *http.Request) (templ.Component, error) {
	page, err := h.studio.ListSchemes(r.Context(), web.Actor(r), r.FormValue("dataset"), r.FormValue("state"),
		web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有方案"), kit.Say(r, "先导入一个数据集，再为它新建方案；定稿的方案领导、部门和县区可以看到。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "指数方案"), Cols: []ui.Column{{Label: kit.Say(r, "方案")},
		{Label: kit.Say(r, "版次"), Num: true}, {Label: kit.Say(r, "状态")}, {Label: kit.Say(r, "更新时间")}}}
	for _, x := range page.Items {
		m := mark(r.Context(), x.State)
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Title, Href: schemePath(x.ID, ""), Sub: x.Code},
			{Text: kit.Number(x.Edition)}, {Status: &m}, {Text: kit.Moment(r, x.UpdatedUs)}}})
	}
	return ui.With(ui.Results("", kit.Say(r, "指数方案")), listHead(r, ""), ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

func (h *Handler) datasetList(r *http.Request) (templ.Component, error) {
	page, err := h.studio.ListDatasets(r.Context(), web.Actor(r), web.PageReq(r, kit.PageSize))
	if err != nil {
		return nil, err
	}
	if len(page.Items) == 0 {
		return ui.Empty(kit.Say(r, "还没有数据集"), kit.Say(r, "下载模板，填好指标树和数据后导入。")), nil
	}
	tab := ui.Table{Caption: kit.Say(r, "数据集"), Cols: []ui.Column{{Label: kit.Say(r, "数据集")},
		{Label: kit.Say(r, "体系")}, {Label: kit.Say(r, "数据年份"), Num: true}, {Label: kit.Say(r, "报告年份"), Num: true},
		{Label: kit.Say(r, "版次"), Num: true}, {Label: kit.Say(r, "来源")}}}
	for _, d := range page.Items {
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: d.Title, Href: datasetPath(d.ID, ""), Sub: d.Code},
			{Text: titled(r.Context(), studio.Standings(), d.Standing)}, {Text: kit.Number(d.DataYear)},
			{Text: kit.Number(d.ReportYear)}, {Text: kit.Number(d.Edition)}, {Text: d.Source}}})
	}
	return ui.With(ui.Results("", kit.Say(r, "数据集")), listHead(r, "data"), ui.DataTable(tab),
		ui.Pager(web.Paging(r, page.Next, page.Prev, ""))), nil
}

// listHead offers a list as a file.
func listHead(r *http.Request, kind string) templ.Component {
	bar := ui.ResultBar{}
	for _, f := range []string{"xlsx", "csv"} {
		bar.Exports = append(bar.Exports, ui.Link{Text: map[string]string{"xlsx": "Excel", "csv": "CSV"}[f],
			Href: withQuery(pathHome+"/export", nil, "kind", kind, "format", f, "dataset", r.FormValue("dataset"),
				"state", r.FormValue("state"))})
	}
	return ui.ResultHead(bar)
}
