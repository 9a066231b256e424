package appraisehttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// readInputs reads the inputs of a valuation; empty rows are left out.
func readInputs(v url.Values) appraise.Inputs {
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	span := func(name string) appraise.Range { return appraise.ParseRange(get(name)) }
	in := appraise.Inputs{Cost: appraise.Cost{Profit: span("cost.profit"),
		Obsolescence: span("cost.obsolescence")}, Income: appraise.Income{Way: get("income.way"),
		Royalty: span("income.royalty"), Margin: span("income.margin"), Charge: span("income.charge"),
		Tax: span("income.tax"), Discount: span("income.discount")}}
	for _, n := range ui.RowNumbers(v, "cost") {
		name, amount := get(ui.RowName("cost", n, "name")), get(ui.RowName("cost", n, "amount"))
		if name+amount != "" {
			in.Cost.Items = append(in.Cost.Items, appraise.Named{Name: occasion.Tidy(name),
				Amount: appraise.ParseRange(amount)})
		}
	}
	for _, n := range ui.RowNumbers(v, "years") {
		if amount := get(ui.RowName("years", n, "amount")); amount != "" {
			in.Income.Years = append(in.Income.Years, appraise.ParseRange(amount))
		}
	}
	for _, n := range ui.RowNumbers(v, "market") {
		c := appraise.Comparable{Name: occasion.Tidy(get(ui.RowName("market", n, "name"))),
			Price: get(ui.RowName("market", n, "price")), Adjust: get(ui.RowName("market", n, "adjust"))}
		if c.Name+c.Price != "" {
			in.Market = append(in.Market, c)
		}
	}
	return in
}

// spare is how many empty rows a form without scripts offers.
const spare = 2

// rows makes the rows of a list, with empty ones behind.
func rows(
	r *http.Request, name, legend, hint, row, add string, n, most int, inputs func(i int) []ui.Input, err error,
) templ.Component {
	out := ui.EditRows{Name: name, Legend: kit.Say(r, legend), Hint: kit.Say(r, hint), Row: kit.Say(r, row, "%s"),
		Add: kit.Say(r, add), Max: most, Optional: true, Blank: inputs(ui.RowBlank)}
	for i := range min(n+spare, most) {
		in := inputs(i)
		ui.Mark(kit.Lang(r), in, err)
		out.Rows = append(out.Rows, in)
	}
	return ui.EditableRows(out)
}

func (h *Handler) showInputs(
	w http.ResponseWriter, r *http.Request, d appraise.SheetDetail, in appraise.Inputs, note string, err error,
) error {
	if perr := appraise.SheetPolicy.May(web.Actor(r), appraise.ActSheetUpdate, d.Sheet); perr != nil {
		return perr
	}
	say := func(zh string) string { return kit.Say(r, zh) }
	view := ui.FormView{ID: "inputs", Action: sheetPath(d.ID, "inputs"), Version: kit.Number(d.Version),
		Guard: true, Summary: ui.SummaryOf(kit.Lang(r), err),
		Buttons: []ui.Action{{Text: say("保存为新版并计算"), Primary: true},
			{Text: say("取消"), Href: sheetPath(d.ID, "")}}}
	if d.State != appraise.SheetDraft {
		view.Locked = say("已定稿，重新编制后才能修改")
	}
	notes := []ui.Input{{Name: "note", Label: say("本版说明"), Value: note, Optional: true, MaxLen: occasion.MaxLine}}
	ui.Mark(kit.Lang(r), notes, err)
	body := templ.Join(ui.PageHead(ui.Head{Title: say("填写数据"), Lead: d.Title}),
		ui.Note(say("每一项可写一个数，或由低到高的三个数，如 8 / 10 / 12；每种方法至少一项写成三个数，结果才是区间。不用的方法留空。")),
		ui.With(ui.Form(view),
			ui.With(ui.FieldSet(say("成本法"), say("重置成本 ×（1＋利润率）×（1－贬值率）")), h.costFields(r, in.Cost, err)),
			ui.With(ui.FieldSet(say("收益法"), say("各年收入 × 费率 ×（1－所得税率）÷（1＋折现率）的年数次方")),
				h.incomeFields(r, in.Income, err)),
			ui.With(ui.FieldSet(say("市场法"), say("可比案例成交价 × 修正系数，取最低、中位、最高")), h.marketFields(r, in.Market, err)),
			kit.Fields(notes)))
	return h.Web.Render(w, r, web.View{Status: kit.StatusOf(err), Page: h.sheetPage(r, d, "填写数据"), Body: body})
}

// percent asks for a range of a percentage.
func percent(r *http.Request, name, label string, v appraise.Range, err error) ui.Input {
	in := []ui.Input{{Name: name, Label: kit.Say(r, label), Value: v.String(), Unit: "%", Width: ui.W14,
		Optional: true}}
	ui.Mark(kit.Lang(r), in, err)
	return in[0]
}

func (h *Handler) costFields(r *http.Request, c appraise.Cost, err error) templ.Component {
	list := rows(r, "cost", "成本项", "研发人工、设备、材料、试验、管理等，万元", "成本项 %s", "添加成本项", len(c.Items),
		appraise.MaxItems, func(i int) []ui.Input {
			var x appraise.Named
			if i >= 0 && i < len(c.Items) {
				x = c.Items[i]
			}
			return []ui.Input{{Name: ui.RowName("cost", i, "name"), Label: kit.Say(r, "名称"), Value: x.Name,
				MaxLen: occasion.MaxLine}, {Name: ui.RowName("cost", i, "amount"), Label: kit.Say(r, "金额"),
				Value: x.Amount.String(), Unit: kit.Say(r, "万元"), Width: ui.W14}}
		}, err)
	return templ.Join(list, kit.Fields([]ui.Input{percent(r, "cost.profit", "合理利润率", c.Profit, err),
		percent(r, "cost.obsolescence", "贬值率", c.Obsolescence, err)}))
}

func (h *Handler) incomeFields(r *http.Request, c appraise.Income, err error) templ.Component {
	way := []ui.Input{{Kind: ui.InSelect, Name: "income.way", Label: kit.Say(r, "计算方式"), Value: c.Way,
		Optional: true, Width: ui.W18, Options: kit.Options(r.Context(), "请选择", appraise.Incomes())}}
	ui.Mark(kit.Lang(r), way, err)
	list := rows(r, "years", "各年收入", "基准日之后第一年起，使用该成果的产品的年收入，万元", "第 %s 年", "添加一年",
		len(c.Years), appraise.MaxYears, func(i int) []ui.Input {
			var x appraise.Range
			if i >= 0 && i < len(c.Years) {
				x = c.Years[i]
			}
			return []ui.Input{{Name: ui.RowName("years", i, "amount"), Label: kit.Say(r, "收入"), Value: x.String(),
				Unit: kit.Say(r, "万元"), Width: ui.W14}}
		}, err)
	return templ.Join(kit.Fields(way), list, kit.Fields([]ui.Input{
		percent(r, "income.royalty", "许可费率", c.Royalty, err), percent(r, "income.margin", "利润率", c.Margin, err),
		percent(r, "income.charge", "贡献资产回报率", c.Charge, err), percent(r, "income.tax", "所得税率", c.Tax, err),
		percent(r, "income.discount", "折现率", c.Discount, err)}))
}

func (h *Handler) marketFields(r *http.Request, list []appraise.Comparable, err error) templ.Component {
	return rows(r, "market", "可比案例", "成交价以万元计；修正系数 100 为不修正，我方更好则大于 100", "案例 %s", "添加案例",
		len(list), appraise.MaxComparables, func(i int) []ui.Input {
			x := appraise.Comparable{Adjust: "100"}
			if i >= 0 && i < len(list) {
				x = list[i]
			}
			return []ui.Input{{Name: ui.RowName("market", i, "name"), Label: kit.Say(r, "名称"), Value: x.Name,
				MaxLen: occasion.MaxLine}, {Name: ui.RowName("market", i, "price"), Label: kit.Say(r, "成交价"),
				Value: x.Price, Unit: kit.Say(r, "万元"), Width: ui.W10},
				{Name: ui.RowName("market", i, "adjust"), Label: kit.Say(r, "修正系数"), Value: x.Adjust, Unit: "%",
					Width: ui.W6}}
		}, err)
}
