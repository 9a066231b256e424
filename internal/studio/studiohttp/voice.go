package studiohttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// countsOf is what the voice of an expert counts.
func countsOf(seats []studio.Seat, name string) float64 {
	for _, x := range seats {
		if x.Name == name {
			return x.Counts()
		}
	}
	return 1
}

func plainCount(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// unequal names the voices that counted other than 1, "" when all counted the same.
func unequal(r *http.Request, voices []studio.Seat) string {
	var list []string
	for _, x := range voices {
		if x.Weight != "" {
			list = append(list, kit.Say(r, "%s 票重 %s", x.Name, x.Weight))
		}
	}
	return strings.Join(list, " · ")
}

// weighBlock shows what voices count, since when and why, and asks for another weight.
func (h *Handler) weighBlock(r *http.Request, d studio.PanelDetail, f panelForm) templ.Component {
	l := kit.Lang(r)
	names := map[string]string{}
	experts := []ui.Option{{Text: kit.Say(r, "请选择")}}
	for _, x := range d.List {
		names[x.ID] = x.Name
		experts = append(experts, ui.Option{Value: x.ID, Text: x.Name})
	}
	parts := []templ.Component{ui.Note(kit.Say(r, "没有登记的都是 1；登记的从生效日期起算，已保存的结果不变。"))}
	if len(d.Weights) > 0 {
		tab := ui.Table{Caption: kit.Say(r, "票重记录"), Dense: true, Cols: []ui.Column{{Label: kit.Say(r, "专家")},
			{Label: kit.Say(r, "票重"), Num: true}, {Label: kit.Say(r, "生效日期")}, {Label: kit.Say(r, "理由")},
			{Label: kit.Say(r, "登记")}}}
		for _, v := range d.Weights {
			tab.Rows = append(tab.Rows, ui.Row{Cells: []ui.Cell{{Text: names[v.Seat]}, {Text: v.Weight},
				{Text: i18n.Date(l, v.From)}, {Text: v.Reason},
				{Text: i18n.DateTime(l, clock.Time(v.AtUs)), Sub: web.Who(r, v.Login)}}})
		}
		parts = append(parts, ui.DataTable(tab))
	}
	x := f.weighing
	if x.From == "" && f.which != "weigh" {
		x.From = clock.DateOf(h.Now())
	}
	day := ui.Input{Kind: ui.InDate, Name: "from", Label: kit.Say(r, "生效日期"), Value: string(x.From), Width: ui.W14}
	if x.From != "" && !x.From.Valid() {
		day.Kind = ui.InText // a browser takes no wrong day into a date input
	}
	in := []ui.Input{{Kind: ui.InSelect, Name: "expert", Label: kit.Say(r, "专家"), Value: x.Expert, Options: experts},
		{Kind: ui.InNumber, Name: "weight", Label: kit.Say(r, "票重"), Value: x.Weight, Width: ui.W6,
			Hint: kit.Say(r, "如 2 或 0.5；与其他人的 1 相比")}, day,
		{Name: "reason", Label: kit.Say(r, "理由"), Value: x.Reason, MaxLen: studio.MaxLine}}
	ui.Mark(l, in, f.of("weigh"))
	parts = append(parts, ui.With(ui.Form(ui.FormView{ID: "weigh", Action: panelPath(d.ID, "weigh"),
		Version: kit.Number(d.Version), Summary: ui.SummaryOf(l, f.of("weigh")),
		Buttons: []ui.Action{{Text: kit.Say(r, "登记票重")}}}), kit.Fields(in)))
	return ui.With(ui.Block(kit.Say(r, "各人票重")), parts...)
}
