package studiohttp

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// getCell says how one number was made, step by step.
func (h *Handler) getCell(w http.ResponseWriter, r *http.Request, d studio.SchemeDetail) error {
	o, p, _, q, err := h.unitOf(r, d)
	if err != nil {
		return err
	}
	code := r.FormValue("code")
	page := h.schemePage(r, d, p.Row.Name)
	page.Crumbs[1].Href = withQuery(schemePath(d.ID, ""), q)
	page.Crumbs[2].Href = unitPath(o, q, p.Row.Unit)
	name := o.Content().NameOf(code)
	page.Crumbs = append(page.Crumbs, ui.Link{Text: name})
	head := ui.PageHead(ui.Head{Title: name, Lead: ui.Words(p.Row.Name, d.Title)})
	for _, c := range p.Cells {
		if c.Code == code {
			return h.Web.Render(w, r, web.View{Page: page, Body: templ.Join(head,
				ui.With(ui.Block(kit.Say(r, "怎样算出来")), how(h.cellSteps(r, o, p, c))))})
		}
	}
	for _, g := range p.Groups {
		if g.Code == code {
			return h.Web.Render(w, r, web.View{Page: page, Body: templ.Join(head, h.groupSteps(r, o, p, g, q))})
		}
	}
	return absent()
}

// cellSteps are the steps of an indicator's number in words.
func (h *Handler) cellSteps(
	r *http.Request, o *studio.Outcome, p studio.Profile, c studio.CellSteps,
) [][2]string {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	out := [][2]string{{say("原值"), say("%s %s（来源：%s，数据年份 %d，第 %d 版）", dashed(r, c.Raw), c.Unit, o.Data.Source,
		o.Data.DataYear, o.DataN)}}
	add := func(title, text string) { out = append(out, [2]string{title, text}) }
	if c.TakenFrom != "" {
		add(say("其他年份"), say("数据年份缺这个数值，取自 %s 年", c.TakenFrom))
	}
	if c.By != "" {
		add(say("除以分母"), say("除以“%s”，得 %s", o.Content().NameOf(c.By), figure(c.Corrected)))
	}
	switch {
	case c.Filled && c.FilledFrom != "":
		add(say("补缺"), say("按%s补为 %s（%s）", titled(r.Context(), studio.Imputes(), o.Choices.Impute), figure(c.Present),
			c.FilledFrom))
	case c.Filled:
		add(say("补缺"), say("按%s补为 %s", titled(r.Context(), studio.Imputes(), o.Choices.Impute), figure(c.Present)))
	case c.Present == nil:
		add(say("补缺"), say("没有补，仍然缺失；同组其他指标分担它的权重"))
	default:
		add(say("补缺"), say("不缺"))
	}
	switch {
	case c.Drawn:
		add(say("离群值"), say("缩尾：收到 %s", figure(c.Treated)))
	case c.Transform != "":
		add(say("离群值"), say("整列%s，得 %s", transformWord(r, c.Transform), figure(c.Treated)))
	default:
		add(say("离群值"), say("未动"))
	}
	add(say("标准化"), ui.Words(titled(r.Context(), studio.Norms(), o.Choices.Norm), normWords(r, o, c),
		say("得 %s 分", fixed(c.Score, 4))))
	add(say("权重"), say("组内 %s，在总指数中 %s", percentOf(c.Weight), percentOf(c.Effective)))
	if c.Part != nil {
		add(say("贡献"), fmt.Sprintf("%s × %s = %s", fixed(c.Score, 4), percentOf(c.Effective), fixed(c.Part, 4)))
	}
	add(say("位次"), say("按这一项排第 %d 位，平均得分 %s", c.Rank, score(c.Mean)))
	return out
}

// normWords is the formula of a normalisation with its numbers.
func normWords(r *http.Request, o *studio.Outcome, c studio.CellSteps) string {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	lo, hi, v := figure(c.Least), figure(c.Most), figure(c.Treated)
	scale := strings.Replace(o.Choices.Scale, "-", "—", 1)
	switch composite.Method(o.Choices.Norm) {
	case composite.MinMax:
		if c.Down {
			return say("（%s − %s）÷（%s − %s），换算到 %s", hi, v, hi, lo, scale)
		}
		return say("（%s − %s）÷（%s − %s），换算到 %s", v, lo, hi, lo, scale)
	case composite.ZScore:
		return say("50 + 10 ×（值 − 平均数）÷ 标准差")
	case composite.RankScore, composite.Borda, composite.Percentile:
		return say("按名次计分，共 %d 个单位", len(o.Rows))
	case composite.Benchmark:
		if c.Down {
			return say("标杆值 ÷ %s × 100，不超过 100", v)
		}
		return say("%s ÷ 标杆值 × 100，不超过 100", v)
	case composite.Efficacy:
		return say("60 + 40 ×（值 − 不允许值）÷（满意值 − 不允许值），不超过 100")
	case composite.Goalposts:
		return say("（值 − 下限）÷（上限 − 下限），超出部分截去")
	case composite.ToTarget:
		return say("与目标值的距离，最差 0，达到为 1")
	}
	return say("数值在 %s 到 %s 之间", lo, hi)
}

// groupSteps is what a group's score is made of.
func (h *Handler) groupSteps(
	r *http.Request, o *studio.Outcome, p studio.Profile, g studio.GroupStep, q url.Values,
) templ.Component {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	tab := ui.Table{Caption: say("由下面各项合成"), Visible: true, Dense: true, Cols: []ui.Column{{Label: say("名称")},
		{Label: say("得分"), Num: true}, {Label: say("组内权重"), Num: true}, {Label: say("得分 × 权重"), Num: true}}}
	arithmetic := g.Mean == string(composite.Arithmetic)
	var sum, weights float64
	type kid struct {
		score  *float64
		weight float64
	}
	kids := map[string]kid{}
	for _, c := range p.Cells {
		kids[c.Code] = kid{c.Score, c.Weight}
	}
	for _, x := range p.Groups {
		if g.Weight > 0 {
			kids[x.Code] = kid{x.Score, x.Weight / g.Weight}
		}
	}
	for _, n := range o.Content().Children(g.Code) {
		k := kids[n.Code]
		part := "—"
		if k.score != nil {
			v := *k.score * k.weight
			part = fixed(&v, 4)
			sum, weights = sum+v, weights+k.weight
		}
		tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: o.Content().NameOf(n.Code),
			Href: cellPath(o, q, p.Row.Unit, n.Code)}, {Text: fixed(k.score, 4)}, {Text: percentOf(k.weight)},
			{Text: part}}})
	}
	lines := [][2]string{{say("合成方法"), titled(r.Context(), studio.Means(), g.Mean)}}
	if arithmetic && weights > 0 {
		lines = append(lines, [2]string{say("计算"), fmt.Sprintf("%s ÷ %s = %s", fixed(&sum, 4), percentOf(weights),
			fixed(g.Score, 4))})
	}
	lines = append(lines, [2]string{say("得分"), say("%s，第 %d 位", fixed(g.Score, 4), g.Rank)})
	return templ.Join(ui.With(ui.Block(say("怎样算出来")), how(lines)), ui.DataTable(tab))
}
