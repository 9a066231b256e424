package indicatorhttp

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func mayRank(r *http.Request) bool {
	return indicator.RankingPolicy.Could(web.Actor(r), indicator.ActRankingWrite)
}

// getRankings lists what others ranked.
func (h *Handler) getRankings(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	f := indicator.RankingFilter{Region: region.Code(r.FormValue("region")), Year: max(kit.Whole(r.FormValue("year")), 0),
		Name: r.FormValue("name")}
	if format := r.FormValue("format"); format != "" {
		return h.export(w, r, "外部排名", format, ui.Words(kit.Blank(f.Year), string(f.Region)),
			func(e indicator.Export, out *web.Download) error {
				_, err := h.room.WriteRankings(ctx, by, f, e, out)
				return err
			})
	}
	page, err := h.room.ListRankings(ctx, by, f, web.PageReq(r, kit.PageSize))
	if err != nil {
		return err
	}
	p := h.Web.Page(r, "外部排名")
	head := ui.Head{Title: p.Title, Lead: kit.Say(r, "别人发布的榜单和位次：原样记录、注明出处，系统从不计算。")}
	if mayRank(r) {
		head.Actions = []ui.Action{{Text: kit.Say(r, "导入排名"), Href: pathRankings + "/import"},
			{Text: kit.Say(r, "登记排名"), Href: pathRankings + "/new", Primary: true}}
	}
	bar := ui.Filters{Action: pathRankings, Label: kit.Say(r, "筛选排名"), Fields: []ui.Filter{
		{Kind: ui.FilterSelect, Name: "region", Label: kit.Say(r, "地区"), Value: string(f.Region),
			Options: h.PlaceOptions(ctx, by, "全部地区", string(f.Region))},
		{Kind: ui.FilterText, Name: "year", Label: kit.Say(r, "年度"), Value: kit.Blank(f.Year)}}}
	if f.Name != "" {
		bar.Hidden = []ui.Hidden{{Name: "name", Value: f.Name}}
	}
	var content templ.Component
	if len(page.Items) == 0 {
		content = ui.Empty(kit.Say(r, "还没有外部排名"), kit.Say(r, "登记榜单名称、发布机构、年度、位次和出处。"))
	} else {
		content = templ.Join(ui.ResultHead(ui.ResultBar{Exports: exports(r)}), ui.DataTable(h.rankingTable(r, page.Items)),
			ui.Pager(web.Paging(r, page.Next, page.Prev, "")))
	}
	results := ui.With(ui.Results("", kit.Say(r, "外部排名")), content)
	return h.Web.Render(w, r, web.View{Page: p, Part: results,
		Body: templ.Join(ui.PageHead(head), ui.FilterBar(bar), results)})
}

// placeText is a place as published: 第 32 位 of 100, or the band.
func placeText(r *http.Request, x indicator.RankingData) string {
	switch {
	case x.Place == 0:
		return x.Band
	case x.Of > 0:
		return kit.Say(r, "第 %d 位，共 %d 个", x.Place, x.Of)
	}
	return ui.Words(kit.Say(r, "第 %d 位", x.Place), x.Band)
}

func (h *Handler) rankingTable(r *http.Request, list []indicator.Ranking) ui.Table {
	ctx := r.Context()
	tab := ui.Table{Caption: kit.Say(r, "外部排名"), Cols: []ui.Column{{Label: kit.Say(r, "榜单")},
		{Label: kit.Say(r, "年度"), Num: true}, {Label: kit.Say(r, "地区")}, {Label: kit.Say(r, "位次")},
		{Label: kit.Say(r, "得分"), Num: true}, {Label: kit.Say(r, "出处")}, {Label: kit.Say(r, "核实情况")}}}
	for _, x := range list {
		m := ui.State{Tone: ui.Warn, Text: titled(ctx, indicator.RankingMarks(), x.Mark)}
		if x.Mark == indicator.Verified {
			m.Tone = ui.OK
		}
		year := ui.Cell{Text: kit.Number(x.Year)}
		if x.DataYear != 0 && x.DataYear != x.Year {
			year.Sub = kit.Say(r, "数据 %d 年", x.DataYear)
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: x.Name, Href: kit.Join(pathRankings, x.ID, ""),
			Sub: x.Publisher}, year, {Text: h.PlaceName(x.Region)}, {Text: placeText(r, x.RankingData)},
			{Text: ui.OrDash(string(x.Score))}, {Text: x.Source, Href: x.URL}, {Status: &m}}})
	}
	return tab
}

func rankingInputs(r *http.Request, h *Handler, x indicator.RankingData) []ui.Input {
	ctx, by := r.Context(), web.Actor(r)
	say := func(zh string) string { return kit.Say(r, zh) }
	return []ui.Input{{Name: "name", Label: say("榜单"), Value: x.Name},
		{Name: "publisher", Label: say("发布机构"), Value: x.Publisher, Optional: true},
		{Kind: ui.InNumber, Name: "year", Label: say("年度"), Value: kit.Blank(x.Year), Width: ui.W6,
			Hint: say("榜单的年度，不是数据的年度")},
		{Kind: ui.InNumber, Name: "dataYear", Label: say("数据年度"), Value: kit.Blank(x.DataYear), Width: ui.W6,
			Optional: true},
		{Kind: ui.InSelect, Name: "region", Label: say("地区"), Value: string(x.Region),
			Options: h.PlaceOptions(ctx, by, "请选择", string(x.Region))},
		{Kind: ui.InNumber, Name: "place", Label: say("位次"), Value: kit.Blank(x.Place), Width: ui.W6, Optional: true,
			Hint: say("只公布档次的不填")},
		{Kind: ui.InNumber, Name: "of", Label: say("参评数"), Value: kit.Blank(x.Of), Width: ui.W6, Optional: true},
		{Name: "band", Label: say("档次"), Value: x.Band, Width: ui.W10, Optional: true,
			Hint: say("没有位次时填，如 百强、前5")},
		{Kind: ui.InNumber, Name: "score", Label: say("得分"), Value: string(x.Score), Width: ui.W10, Optional: true},
		{Name: "source", Label: say("出处"), Value: x.Source, Hint: say("在哪里读到的：文件、网页、会议及日期")},
		{Name: "url", Label: say("网址"), Value: x.URL, Optional: true},
		optional(dayInput("day", say("发布日期"), x.Day)),
		{Kind: ui.InRadio, Name: "mark", Label: say("核实情况"), Value: x.Mark,
			Options: options(ctx, "", indicator.RankingMarks())},
		{Kind: ui.InArea, Name: "note", Label: say("说明"), Value: x.Note, Rows: 2, Optional: true}}
}

func optional(in ui.Input) ui.Input {
	in.Optional = true
	return in
}

func readRanking(v url.Values) indicator.RankingData {
	return indicator.RankingData{Name: v.Get("name"), Publisher: v.Get("publisher"), Year: kit.Whole(v.Get("year")),
		DataYear: kit.Whole(v.Get("dataYear")), Region: region.Code(v.Get("region")),
		Place: kit.Whole(v.Get("place")), Of: kit.Whole(v.Get("of")), Band: v.Get("band"),
		Score: plan.Decimal(v.Get("score")), Source: v.Get("source"), URL: v.Get("url"),
		Day: clock.Date(v.Get("day")), Mark: v.Get("mark"), Note: v.Get("note")}
}

// showRanking shows the form of a ranking. A new one has no id.
func (h *Handler) showRanking(
	w http.ResponseWriter, r *http.Request, x indicator.Ranking, key string, err error,
) error {
	if !mayRank(r) {
		return kit.ErrRole()
	}
	title, action := "登记排名", pathRankings+"/new"
	buttons := []ui.Action{{Text: kit.Say(r, "保存"), Primary: true},
		{Text: kit.Say(r, "取消"), Href: pathRankings}}
	if x.ID != "" {
		title, action = "修改排名", kit.Join(pathRankings, x.ID, "")
		buttons = append(buttons, ui.Action{Text: kit.Say(r, "删除"), Danger: true, Name: "do", Value: "remove",
			NoCheck: true})
	}
	inputs := rankingInputs(r, h, x.RankingData)
	ui.Mark(kit.Lang(r), inputs, err)
	p := h.Web.Page(r, title)
	p.Crumbs = []ui.Link{{Text: kit.Say(r, "外部排名"), Href: pathRankings}, {Text: p.Title}}
	view := ui.FormView{ID: "ranking", Action: action, Guard: true, Version: kit.Number(x.Version),
		Summary: ui.SummaryOf(kit.Lang(r), err), Hidden: []ui.Hidden{{Name: "key", Value: key}}, Buttons: buttons}
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: p, Body: templ.Join(
		ui.PageHead(ui.Head{Title: p.Title}), ui.With(ui.Form(view), kit.Fields(inputs)))})
}

func (h *Handler) getRankingNew(w http.ResponseWriter, r *http.Request) error {
	return h.showRanking(w, r, indicator.Ranking{RankingData: indicator.RankingData{Mark: indicator.Shaky,
		Region: h.HomeCode()}}, id.New(), nil)
}

func (h *Handler) postRankingNew(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	in := indicator.NewRanking{RankingData: readRanking(r.PostForm), Key: r.PostForm.Get("key")}
	_, err := h.room.CreateRanking(r.Context(), web.Actor(r), in)
	if again(err) {
		return h.showRanking(w, r, indicator.Ranking{RankingData: in.RankingData}, in.Key, err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathRankings, "已登记")
}

func (h *Handler) rankingOf(r *http.Request) (indicator.Ranking, error) {
	if !id.Valid(r.PathValue("id")) {
		return indicator.Ranking{}, absent()
	}
	return h.room.GetRanking(r.Context(), web.Actor(r), r.PathValue("id"))
}

// getRanking shows a ranking: its form to who keeps it, its facts to others.
func (h *Handler) getRanking(w http.ResponseWriter, r *http.Request) error {
	x, err := h.rankingOf(r)
	if err != nil {
		return err
	}
	if mayRank(r) {
		return h.showRanking(w, r, x, "", nil)
	}
	facts := []ui.Fact{{Term: kit.Say(r, "发布机构"), Text: x.Publisher},
		{Term: kit.Say(r, "年度"), Text: kit.Number(x.Year)},
		{Term: kit.Say(r, "地区"), Text: h.PlaceName(x.Region)},
		{Term: kit.Say(r, "位次"), Text: placeText(r, x.RankingData)},
		{Term: kit.Say(r, "得分"), Text: string(x.Score)}, {Term: kit.Say(r, "出处"), Text: x.Source, Href: x.URL},
		{Term: kit.Say(r, "发布日期"), Text: i18n.DateLong(kit.Lang(r), x.Day)},
		{Term: kit.Say(r, "核实情况"), Text: titled(r.Context(), indicator.RankingMarks(), x.Mark)},
		{Term: kit.Say(r, "说明"), Text: x.Note}}
	return h.Web.Render(w, r, web.View{Page: h.Sub(r, "外部排名", pathRankings, x.Name,
		kit.Join(pathRankings, x.ID, ""), ""), Body: templ.Join(ui.PageHead(ui.Head{Title: x.Name}),
		ui.Facts(kit.Say(r, "关键信息"), facts))})
}

func (h *Handler) postRanking(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	x, err := h.rankingOf(r)
	if err != nil {
		return err
	}
	ctx, by, version := r.Context(), web.Actor(r), web.VersionOf(r)
	if r.PostForm.Get("do") == "remove" {
		if err := h.room.RemoveRanking(ctx, by, x.ID, version); err != nil {
			return err
		}
		return h.Web.Redirect(w, r, pathRankings, "已删除")
	}
	in := indicator.RankingUpdate{ID: x.ID, RankingData: readRanking(r.PostForm), Version: version}
	_, err = h.room.UpdateRanking(ctx, by, in)
	if again(err) {
		x.RankingData, x.Version = in.RankingData, version
		return h.showRanking(w, r, x, "", err)
	}
	if err != nil {
		return err
	}
	return h.Web.Redirect(w, r, pathRankings, "已保存")
}

// rankingImport is the page that takes rankings.
func rankingImport(r *http.Request) importPage {
	return importPage{title: "导入排名", back: pathRankings, backTitle: "外部排名", path: pathRankings + "/import",
		lead: kit.Say(r, "先检查，再导入：有一处问题就一行也不导入。一次最多 %s 行。", i18n.Int(indicator.MaxRankingRows)),
		spec: indicator.RankingSheet(), accept: ".xlsx,.csv",
		hint: kit.Say(r, "Excel（.xlsx）或 CSV，不超过 %d MB", sheet.MaxFileBytes>>20)}
}

func (h *Handler) getRankingImport(w http.ResponseWriter, r *http.Request) error {
	if !mayRank(r) {
		return kit.ErrRole()
	}
	x := rankingImport(r)
	if done, err := h.template(w, r, x); done {
		return err
	}
	return h.showImport(w, r, x, sent{}, nil, nil)
}

func (h *Handler) postRankingImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readSent(r)
	if err != nil {
		return err
	}
	if !mayRank(r) {
		return kit.ErrRole()
	}
	x := rankingImport(r)
	if f.none() {
		return h.showImport(w, r, x, f, nil, errNoFile())
	}
	out, err := h.room.ImportRankings(r.Context(), web.Actor(r), indicator.RankingImport{DryRun: !f.store,
		Name: f.name, File: f.reader(), Key: f.key})
	if fault.Is(err, fault.Invalid) && out.Problems.Total == 0 {
		return h.showImport(w, r, x, f, nil, err)
	}
	if err != nil && !fault.Is(err, fault.Invalid) {
		return err
	}
	if out.Done {
		return h.Web.Redirect(w, r, pathRankings, "已导入 %d 条排名", out.Adds)
	}
	button := ""
	if out.Adds > 0 {
		button = kit.Say(r, "导入 %d 条排名", out.Adds)
	}
	text := kit.Say(r, "共 %s 行：新增 %s，已登记而跳过 %s。", i18n.Int(int64(out.Rows)), i18n.Int(int64(out.Adds)),
		i18n.Int(int64(out.Skips)))
	return h.showImport(w, r, x, f, found(r, x.path, f, text, button, out.Problems), nil)
}
