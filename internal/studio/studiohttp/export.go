package studiohttp

import (
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

func formatOf(name string) (sheet.Format, error) {
	switch f := sheet.Format(name); f {
	case sheet.XLSX, sheet.CSV:
		return f, nil
	}
	return "", fault.Fields(fault.At("format", "导出格式应为 xlsx 或 csv"))
}

// send answers with a table as a file.
func (h *Handler) send(
	w http.ResponseWriter, r *http.Request, title string, spec sheet.Spec, rows [][]any, filter string,
) error {
	as, err := formatOf(r.FormValue("format"))
	if err != nil {
		return err
	}
	s := web.SessionOf(r)
	out := web.NewDownload(w, title+"."+string(as), as.MediaType())
	_, err = sheet.Write(r.Context(), out, as, spec, func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}, sheet.Meta{Title: title, By: ui.Words(s.Name, s.Actor.Login), At: h.Now(), Filter: filter})
	return out.End(err)
}

func (h *Handler) sendTemplate(w http.ResponseWriter, r *http.Request, format, title string, s sheet.Spec) error {
	as, err := formatOf(format)
	if err != nil {
		return err
	}
	out := web.NewDownload(w, kit.Say(r, title)+"-"+kit.Say(r, "模板")+"."+string(as), as.MediaType())
	return out.End(sheet.Template(r.Context(), out, as, s))
}

func (h *Handler) exportDataset(w http.ResponseWriter, r *http.Request, d studio.DatasetDetail) error {
	title := ui.Words(d.Title, kit.Say(r, "第 %d 版", d.Shown.N))
	if r.FormValue("what") == "tree" {
		return h.send(w, r, title+"-"+kit.Say(r, "指标树"), studio.TreeSheet(), studio.TreeRows(d.Content), "")
	}
	layout := studio.Wide
	if r.FormValue("layout") == studio.Long || len(d.Content.Codes) > studio.MaxWide {
		layout = studio.Long
	}
	return h.send(w, r, title, studio.DataSheet(d.Content, layout), studio.DataRows(d.Content, layout), "")
}

// exportScheme sends what the page shows, or what an edition is made again from.
func (h *Handler) exportScheme(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	if err := r.ParseForm(); err != nil {
		return kit.BadForm(err)
	}
	switch r.FormValue("what") {
	case "spec":
		return h.exportSpec(w, r, d)
	case "data":
		return h.exportData(w, r, d)
	case "unit":
		return h.exportUnit(w, r, d)
	}
	in, _, err := h.asked(r, d)
	if err != nil {
		return err
	}
	in.Spans = true
	o, err := h.studio.Compute(r.Context(), web.Actor(r), d.ID, in)
	if err != nil {
		return err
	}
	title, filter := d.Title+"-", choiceWords(r, o)
	switch r.FormValue("what") {
	case "ranks":
		return h.send(w, r, title+kit.Say(r, "排名"), rankSheet, rankRows(r, o), filter)
	case "groups":
		s := sheet.Spec{Name: "groups", Title: "分组得分", Columns: []sheet.Column{{Key: "rank", Title: "位次",
			Kind: sheet.Integer}, {Key: "unit", Title: "单位"}, {Key: "score", Title: "得分"}}}
		for _, g := range o.Groups {
			s.Columns = append(s.Columns, sheet.Column{Key: g.Code, Title: g.Code + " " + g.Name})
		}
		var rows [][]any
		for _, u := range o.Rows {
			row := []any{u.Rank, u.Name, value(u.Score)}
			for _, v := range u.Groups {
				row = append(row, value(v))
			}
			rows = append(rows, row)
		}
		return h.send(w, r, title+kit.Say(r, "分组得分"), s, rows, filter)
	case "correlations", "alphas", "treated":
		return h.exportChecks(w, r, d, o, in, filter)
	case "weights":
		_, c, err := h.studio.GetChecks(r.Context(), web.Actor(r), d.ID, "", in)
		if err != nil {
			return err
		}
		var rows [][]any
		for _, x := range c.Weights {
			rows = append(rows, []any{x.Code, o.Content().NameOf(x.Code), o.Content().NameOf(x.Parent), x.Weight,
				x.Effective, value(x.With)})
		}
		return h.send(w, r, title+kit.Say(r, "有效权重"), weightSheet, rows, filter)
	}
	return absent()
}

// exportChecks sends one of the tables of checks.
func (h *Handler) exportChecks(
	w http.ResponseWriter, r *http.Request, d studio.SchemeDetail, o *studio.Outcome, in studio.Ask, filter string,
) error {
	_, c, err := h.studio.GetChecks(r.Context(), web.Actor(r), d.ID, r.FormValue("group"), in)
	if err != nil {
		return err
	}
	x := o.Content()
	var rows [][]any
	switch r.FormValue("what") {
	case "alphas":
		for _, a := range c.Alphas {
			rows = append(rows, []any{a.Code, x.NameOf(a.Code), a.Items, value(a.Alpha)})
		}
		return h.send(w, r, d.Title+"-"+kit.Say(r, "内部一致性"), alphaSheet, rows, filter)
	case "treated":
		for _, t := range o.Treated {
			rows = append(rows, []any{t.Code, x.NameOf(t.Code), value(t.Skew), value(t.Kurt), treatedText(r, o, t),
				value(t.SkewAfter), value(t.KurtAfter)})
		}
		return h.send(w, r, d.Title+"-"+kit.Say(r, "离群值处理"), treatedSheet, rows, filter)
	}
	s := sheet.Spec{Name: "correlations", Title: "相关系数", Columns: []sheet.Column{{Key: "name", Title: "名称"}}}
	for i, code := range c.Codes {
		s.Columns = append(s.Columns, sheet.Column{Key: code, Title: code + " " + x.NameOf(code)})
		row := []any{x.NameOf(code)}
		for _, v := range c.Matrix[i] {
			row = append(row, value(v))
		}
		rows = append(rows, row)
	}
	return h.send(w, r, d.Title+"-"+kit.Say(r, "相关系数"), s, rows, filter)
}

var alphaSheet = sheet.Spec{Name: "alphas", Title: "内部一致性", Columns: []sheet.Column{
	{Key: "code", Title: "代码", Kind: sheet.Code}, {Key: "name", Title: "分组"}, {Key: "items", Title: "项数",
		Kind: sheet.Integer}, {Key: "alpha", Title: "克隆巴赫系数"}}}

var treatedSheet = sheet.Spec{Name: "treated", Title: "离群值处理", Columns: []sheet.Column{
	{Key: "code", Title: "代码", Kind: sheet.Code}, {Key: "name", Title: "指标"}, {Key: "skew", Title: "偏度"},
	{Key: "kurt", Title: "峰度"}, {Key: "how", Title: "怎样处理"}, {Key: "skewAfter", Title: "处理后偏度"},
	{Key: "kurtAfter", Title: "处理后峰度"}}}

var schemeSheet = sheet.Spec{Name: "schemes", Title: "指数方案", Columns: []sheet.Column{
	{Key: "code", Title: "编号", Kind: sheet.Code}, {Key: "title", Title: "方案"}, {Key: "edition", Title: "版次",
		Kind: sheet.Integer}, {Key: "state", Title: "状态"}, {Key: "updated", Title: "更新时间"}}}

var datasetSheet = sheet.Spec{Name: "datasets", Title: "数据集", Columns: []sheet.Column{
	{Key: "code", Title: "编号", Kind: sheet.Code}, {Key: "title", Title: "数据集"}, {Key: "standing", Title: "体系"},
	{Key: "dataYear", Title: "数据年份", Kind: sheet.Integer}, {Key: "reportYear", Title: "报告年份",
		Kind: sheet.Integer}, {Key: "edition", Title: "版次", Kind: sheet.Integer}, {Key: "source", Title: "来源"}}}

var movedSheet = sheet.Spec{Name: "moved", Title: "位次变动", Columns: []sheet.Column{
	{Key: "code", Title: "单位代码", Kind: sheet.Code}, {Key: "name", Title: "单位"}, {Key: "before", Title: "原位次",
		Kind: sheet.Integer}, {Key: "after", Title: "新位次", Kind: sheet.Integer}, {Key: "by", Title: "得分变化"},
	{Key: "why", Title: "原因"}}}

var changedSheet = sheet.Spec{Name: "changed", Title: "改动的数据", Columns: []sheet.Column{
	{Key: "code", Title: "单位代码", Kind: sheet.Code}, {Key: "name", Title: "单位"}, {Key: "indicator",
		Title: "指标代码", Kind: sheet.Code}, {Key: "title", Title: "指标"}, {Key: "before", Title: "原值"},
	{Key: "after", Title: "新值"}}}

// exportCompared sends what a correction moved, or the values that it changed.
func (h *Handler) exportCompared(w http.ResponseWriter, r *http.Request, c studio.Comparison) error {
	var rows [][]any
	if r.FormValue("what") == "cells" {
		for _, x := range c.Cells {
			rows = append(rows, []any{x.Unit, x.Name, x.Code, x.Title, x.Before, x.After})
		}
		return h.send(w, r, c.Dataset.Title+"-"+kit.Say(r, "改动的数据"), changedSheet, rows, c.Reason)
	}
	for _, x := range c.Moved {
		rows = append(rows, []any{x.Unit, x.Name, x.Before, x.After, value(x.By), whyMoved(r, x)})
	}
	return h.send(w, r, c.Dataset.Title+"-"+kit.Say(r, "位次变动"), movedSheet, rows, c.Reason)
}

// maxListed bounds the rows of an exported list.
const maxListed = 5_000

// listed walks the pages of a list.
func listed[T any](list func(db.PageReq) (db.Page[T], error), row func(T) []any) ([][]any, error) {
	var out [][]any
	at := db.PageReq{Limit: db.MaxLimit}
	for {
		p, err := list(at)
		if err != nil {
			return nil, err
		}
		for _, x := range p.Items {
			out = append(out, row(x))
		}
		if len(out) > maxListed {
			return nil, fault.New(fault.Invalid, "最多导出 %d 行，请先缩小范围", maxListed)
		}
		if p.Next == "" {
			return out, nil
		}
		at.After = p.Next
	}
}

// getExport sends the list of schemes, or that of datasets.
func (h *Handler) getExport(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), web.Actor(r)
	if !studio.SchemePolicy.Could(by, studio.ActSchemeRead) {
		return kit.ErrRole()
	}
	if r.FormValue("kind") == "data" {
		rows, err := listed(func(p db.PageReq) (db.Page[studio.Dataset], error) {
			return h.studio.ListDatasets(ctx, by, p)
		}, func(d studio.Dataset) []any {
			return []any{d.Code, d.Title, titled(ctx, studio.Standings(), d.Standing), d.DataYear, d.ReportYear,
				d.Edition, d.Source}
		})
		if err != nil {
			return err
		}
		return h.send(w, r, kit.Say(r, "数据集"), datasetSheet, rows, "")
	}
	rows, err := listed(func(p db.PageReq) (db.Page[studio.Scheme], error) {
		return h.studio.ListSchemes(ctx, by, r.FormValue("dataset"), r.FormValue("state"), p)
	}, func(x studio.Scheme) []any {
		return []any{x.Code, x.Title, x.Edition, mark(ctx, x.State).Text, kit.Moment(r, x.UpdatedUs)}
	})
	if err != nil {
		return err
	}
	return h.send(w, r, kit.Say(r, "指数方案"), schemeSheet, rows, "")
}

// value is a number of a cell, nothing when there is none.
func value(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

var rankSheet = sheet.Spec{Name: "ranks", Title: "排名", Columns: []sheet.Column{
	{Key: "rank", Title: "位次", Kind: sheet.Integer}, {Key: "code", Title: "单位代码", Kind: sheet.Code},
	{Key: "name", Title: "单位"}, {Key: "score", Title: "得分"}, {Key: "low", Title: "位次区间下限"},
	{Key: "high", Title: "位次区间上限"}, {Key: "before", Title: "保存版位次", Kind: sheet.Integer},
	{Key: "moved", Title: "变动"}, {Key: "filled", Title: "补缺", Kind: sheet.Integer}}}

var weightSheet = sheet.Spec{Name: "weights", Title: "有效权重", Columns: []sheet.Column{
	{Key: "code", Title: "代码", Kind: sheet.Code}, {Key: "name", Title: "名称"}, {Key: "parent", Title: "上级"},
	{Key: "weight", Title: "组内权重"}, {Key: "effective", Title: "有效权重"}, {Key: "with", Title: "与总指数的相关系数"}}}

var unitSheet = sheet.Spec{Name: "unit", Title: "每项指标怎样算出来", Columns: []sheet.Column{
	{Key: "code", Title: "代码", Kind: sheet.Code}, {Key: "name", Title: "指标"}, {Key: "group", Title: "分组"},
	{Key: "unit", Title: "单位"}, {Key: "raw", Title: "原值"}, {Key: "filled", Title: "补缺", Kind: sheet.Bool},
	{Key: "present", Title: "补缺后"}, {Key: "treated", Title: "处理后"}, {Key: "score", Title: "标准化得分"},
	{Key: "rank", Title: "位次", Kind: sheet.Integer}, {Key: "effective", Title: "有效权重"}, {Key: "part", Title: "贡献"}}}

func rankRows(r *http.Request, o *studio.Outcome) [][]any {
	var out [][]any
	for _, u := range o.Rows {
		row := []any{u.Rank, u.Unit, u.Name, value(u.Score), nil, nil, nil, nil, u.Filled}
		if u.Span != nil {
			row[4], row[5] = u.Span.Low, u.Span.High
		}
		if o.Saved > 0 {
			row[6], row[7] = u.Before, moved(r.Context(), u.Before, u.Rank)
		}
		out = append(out, row)
	}
	return out
}

// exportUnit sends the steps of a unit's numbers.
func (h *Handler) exportUnit(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	o, p, _, _, err := h.unitOf(r, d)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, c := range p.Cells {
		rows = append(rows, []any{c.Code, c.Name, o.Content().NameOf(c.Group), c.Unit, c.Raw, c.Filled,
			value(c.Present), value(c.Treated), value(c.Score), c.Rank, c.Effective, value(c.Part)})
	}
	return h.send(w, r, d.Title+"-"+p.Row.Name, unitSheet, rows, choiceWords(r, o))
}

// exportSpec sends the spec of a saved edition as `yuntu composite` takes it.
func (h *Handler) exportSpec(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	e, err := h.studio.GetEdition(r.Context(), web.Actor(r), d.ID, whole(r, "n"))
	if err != nil {
		return err
	}
	e.Spec.Name, e.Spec.UnitColumn, e.Spec.NameColumn, e.Spec.Group = d.Title, "code", "name", "group"
	out := web.NewDownload(w, "spec.json", "application/json")
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return out.End(enc.Encode(e.Spec))
}

// exportData sends the values of a saved edition as `yuntu composite` takes them.
func (h *Handler) exportData(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	e, err := h.studio.GetEdition(r.Context(), web.Actor(r), d.ID, whole(r, "n"))
	if err != nil {
		return err
	}
	_, c, err := h.studio.Chosen(r.Context(), web.Actor(r), d.ID, studio.Ask{Edition: e.N})
	if err != nil {
		return err
	}
	out := web.NewDownload(w, "data.csv", sheet.CSV.MediaType())
	return out.End(c.WriteCSV(out))
}

// choiceWords is what was chosen in a line.
func choiceWords(r *http.Request, o *studio.Outcome) string {
	ctx, c := r.Context(), o.Choices
	out := ui.Words(kit.Say(r, "数据第 %d 版", o.DataN), titled(ctx, studio.Imputes(), c.Impute),
		titled(ctx, studio.Treats(), c.Treat), titled(ctx, studio.Norms(), c.Norm))
	for i := range c.Weigh {
		out = ui.Words(out, titled(ctx, studio.Weighs(), c.Weigh[i]), titled(ctx, studio.Means(), c.Means[i]))
	}
	if o.Computed {
		out = ui.Words(out, kit.Say(r, "%d 个变体", c.Runs), kit.Say(r, "随机种子 %d", c.Seed))
	}
	return out
}

// printScheme is the saved edition on paper.
func (h *Handler) printScheme(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	o, err := h.studio.Compute(r.Context(), web.Actor(r), d.ID, studio.Ask{Spans: true})
	if err != nil {
		return err
	}
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	doc := ui.Document{Back: schemePath(d.ID, ""), Number: d.Code, Date: i18n.DateLong(kit.Lang(r),
		clock.DateOf(h.Now()))}
	p := h.Web.Page(r, d.Title)
	p.Title = d.Title
	lines := []string{ui.Words(d.Data.Title, titled(r.Context(), studio.Standings(), d.Data.Standing)),
		say("来源：%s · 数据年份 %d", d.Data.Source, d.Data.DataYear), choiceWords(r, o)}
	if d.Data.Standing == "reference" {
		lines = append(lines, say("参照体系（非官方）：位次只供内部分析，不是任何机构发布的排名。"))
	}
	if o.Computed {
		lines = append(lines, say("位次区间：%d 个变体中有 90%% 落在其间；变动 %s；随机种子 %d。", o.Choices.Runs,
			variedText(r, o), o.Choices.Seed))
	}
	head := []string{say("位次"), say("单位"), say("得分"), say("位次区间（90%）")}
	for _, g := range o.Groups {
		head = append(head, g.Name)
	}
	var rows [][]string
	for _, u := range o.Rows {
		row := []string{rankText(u.Rank), u.Name, score(u.Score), "—"}
		if u.Span != nil {
			row[3] = spanText(*u.Span)
		}
		for _, v := range u.Groups {
			row = append(row, score(v))
		}
		rows = append(rows, row)
	}
	return h.Web.RenderPrint(w, r, p, doc, templ.Join(kit.Paragraphs(lines), kit.PaperTable(say("排名"), head, rows)))
}
