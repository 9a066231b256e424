package studiohttp

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// pairRow is one judgement of a comparison in pairs.
type pairRow struct {
	name, left, right, value string
	options                  []ui.Option
}

// levelName says what a level of the tree is, for the labels of choices.
func levelName(ctx context.Context, level, levels int) string {
	switch {
	case level == 1:
		return i18n.T(ctx, "指标")
	case level == levels:
		return i18n.T(ctx, "总指数")
	case levels == 3:
		return i18n.T(ctx, "分组")
	}
	return i18n.T(ctx, "第 %d 层分组", levels-level)
}

// form is the left side: everything that can be chosen.
func (h *Handler) form(r *http.Request, o *studio.Outcome, x view, err error) templ.Component {
	ctx, c, say := r.Context(), o.Choices, func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	pick := func(name, label, value string, list []studio.Choice) ui.Input {
		return ui.Input{Kind: ui.InSelect, Name: name, Label: label, Value: value, Options: options(ctx, list)}
	}
	var first []ui.Input
	if o.Data.Edition > 1 {
		in := ui.Input{Kind: ui.InSelect, Name: "data", Label: say("数据版本"), Value: kit.Number(o.DataN)}
		for n := o.Data.Edition; n > 0 && len(in.Options) < 50; n-- {
			in.Options = append(in.Options, ui.Option{Value: kit.Number(n), Text: say("第 %d 版", n)})
		}
		first = append(first, in)
	}
	for _, n := range o.Content().Nodes {
		if n.Denominator != "" {
			first = append(first, ui.Input{Kind: ui.InCheck, Name: "correct", Value: checked(c.Correct),
				Text: say("先除以分母（人均、占比）")})
			break
		}
	}
	first = append(first,
		ui.Input{Kind: ui.InNumber, Name: "screen", Label: say("单位入选：数据齐全率不低于"), Value: kit.Number(c.Screen),
			Unit: "%", Width: ui.W6, InputMode: "numeric"},
		pick("impute", say("补缺"), c.Impute, studio.Imputes()), pick("treat", say("离群值"), c.Treat, studio.Treats()),
		pick("norm", say("标准化"), c.Norm, studio.Norms()), pick("scale", say("得分区间"), c.Scale, studio.Scales()))
	levels := o.Content().Levels()
	for i := range c.Weigh {
		first = append(first, pick(fmt.Sprint("w", i+1), say("%s的权重", levelName(ctx, i+1, levels)), c.Weigh[i],
			studio.Weighs()))
	}
	var rest []ui.Input
	for i := range c.Means {
		rest = append(rest, pick(fmt.Sprint("m", i+2), say("%s的合成", levelName(ctx, i+2, levels)), c.Means[i],
			studio.Means()))
	}
	ui.Mark(kit.Lang(r), first, err)
	ui.Mark(kit.Lang(r), rest, err)
	hiddens := []ui.Hidden{{Name: "set", Value: "1"}}
	if x.n > 0 {
		hiddens = append(hiddens, ui.Hidden{Name: "n", Value: kit.Number(x.n)})
	}
	spans := h.spanInputs(r, c, err)
	return choiceForm(schemePath(o.Scheme.ID, ""), hiddens, kit.Fields(first), templ.Join(kit.Fields(rest),
		ui.With(fold(say("位次区间怎么算"), false), kit.Fields(spans))), weightFields(false, h.weights(r, o, err)))
}

func (h *Handler) spanInputs(r *http.Request, c studio.Choices, err error) []ui.Input {
	say := func(zh string, args ...any) string { return kit.Say(r, zh, args...) }
	in := []ui.Input{{Kind: ui.InNumber, Name: "runs", Label: say("变体数"), Value: kit.Number(c.Runs), Width: ui.W6,
		InputMode: "numeric", Hint: say("0 为不算，最多 %d", studio.MaxRuns)},
		{Kind: ui.InNumber, Name: "seed", Label: say("随机种子"), Value: kit.Number(c.Seed), Width: ui.W10,
			InputMode: "numeric", Hint: say("同一种子得到同样的区间")},
		{Kind: ui.InNumber, Name: "spread", Label: say("权重浮动"), Value: kit.Number(c.Spread), Unit: "%", Width: ui.W6,
			InputMode: "numeric"},
		{Kind: ui.InChecks, Name: "vary", Label: say("变动哪些选择"), Values: c.Vary, Optional: true,
			Options: options(r.Context(), studio.Varies())}}
	ui.Mark(kit.Lang(r), in, err)
	return in
}

func checked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// weights are the fields of weights of one's own and of judgements.
func (h *Handler) weights(r *http.Request, o *studio.Outcome, err error) templ.Component {
	var out []templ.Component
	c, x := o.Choices, o.Content()
	if slices.Contains(c.Weigh, "panel") {
		out = append(out, h.panelPick(r, o, err))
	}
	for level := 1; level <= len(c.Weigh); level++ {
		switch c.Weigh[level-1] {
		case "own":
			var in []ui.Input
			for _, n := range x.Nodes {
				if n.Level == level {
					in = append(in, ui.Input{Kind: ui.InNumber, Name: "own." + n.Code, Label: x.NameOf(n.Code),
						Value: studio.Plain(c.Own[n.Code]), Width: ui.W6, InputMode: "decimal"})
				}
			}
			ui.Mark(kit.Lang(r), in, err)
			out = append(out, ui.With(fold(kit.Say(r, "自定权重：%s", levelName(r.Context(), level, x.Levels())), true),
				kit.Fields(in)))
		case "ahp":
			for _, n := range x.Nodes {
				if n.Level == level+1 {
					out = append(out, h.pairs(r, o, n.Code))
				}
			}
		}
	}
	return templ.Join(out...)
}

// panelPick asks which result of a panel gives the weights. Who may not list panels keeps the one there is.
func (h *Handler) panelPick(r *http.Request, o *studio.Outcome, err error) templ.Component {
	in := []ui.Input{{Kind: ui.InSelect, Name: "panel", Label: kit.Say(r, "专家组结果"), Value: o.Choices.Panel,
		Options: []ui.Option{{Text: kit.Say(r, "请选择")}}}}
	list, lerr := h.schemePanels(r, o.Scheme.ID)
	if lerr == nil {
		in[0].Options = append(in[0].Options, list...)
	}
	if o.Choices.Panel != "" && !slices.ContainsFunc(list, func(x ui.Option) bool { return x.Value == o.Choices.Panel }) {
		in[0].Options = append(in[0].Options, ui.Option{Value: o.Choices.Panel, Text: kit.Say(r, "已保存的专家组结果")})
	}
	if len(list) == 0 {
		in[0].Hint = kit.Say(r, "在“专家组”里收齐判断并保存一版后，这里可以选择。")
	}
	ui.Mark(kit.Lang(r), in, err)
	var said []string
	for _, n := range o.Content().Nodes {
		j, ok := o.Choices.Experts.Groups[n.Code]
		if ok && n.Level > 1 && o.Choices.Weigh[n.Level-2] == "panel" {
			said = append(said, ui.Words(o.Content().NameOf(n.Code),
				consistency(r, studio.Judged{Consistency: j.Consistency})))
		}
	}
	return templ.Join(kit.Fields(in), ui.Note(strings.Join(said, "；")))
}

// pairs is the comparison in pairs of what is below a group.
func (h *Handler) pairs(r *http.Request, o *studio.Outcome, code string) templ.Component {
	kids := o.Content().Children(code)
	if len(kids) < 2 || len(kids) > studio.MaxPaired {
		return templ.NopComponent
	}
	given := strings.Split(o.Choices.Pairs[code], ",")
	var rows []pairRow
	for i := range kids {
		for k := i + 1; k < len(kids); k++ {
			row := pairRow{name: fmt.Sprintf("p.%s.%d", code, len(rows)), left: nameOf(kids[i].Name, kids[i].Code),
				right: nameOf(kids[k].Name, kids[k].Code), value: "1", options: options(r.Context(), studio.Judgements())}
			if len(rows) < len(given) {
				row.value = given[len(rows)]
			}
			rows = append(rows, row)
		}
	}
	result := ""
	if j, ok := o.JudgedOf(code); ok {
		result = consistency(r, j)
		var list []string
		for i, w := range j.Weights {
			list = append(list, nameOf(kids[i].Name, kids[i].Code)+" "+percentOf(w))
		}
		result = ui.Words(result, strings.Join(list, "，"))
	}
	return ui.With(fold(kit.Say(r, "两两比较：%s", o.Content().NameOf(code)), true),
		pairTable(kit.Say(r, "左项相对右项的重要程度"), rows, result))
}

// consistency says whether judgements agree with each other.
func consistency(r *http.Request, j studio.Judged) string {
	if j.Consistency <= 0.1 {
		return kit.Say(r, "一致性比率 %s，可以接受（不超过 0.1）", fixed(&j.Consistency, 3))
	}
	return kit.Say(r, "一致性比率 %s，超过 0.1，请检查互相矛盾的判断", fixed(&j.Consistency, 3))
}

func nameOf(name, code string) string {
	if name != "" {
		return name
	}
	return code
}

// variedText says what the variants vary.
func variedText(r *http.Request, o *studio.Outcome) string {
	var out []string
	for _, name := range o.Varied {
		if t := factorName(r, o, name); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return strings.Join(out, "、")
}

func factorName(r *http.Request, o *studio.Outcome, name string) string {
	if level, ok := strings.CutPrefix(name, "weights"); ok && level != "" {
		return kit.Say(r, "%s的权重 ±%d%%", levelName(r.Context(), int(kit.Whole(level)), o.Content().Levels()),
			o.Choices.Spread)
	}
	if name == "positive" {
		return kit.Say(r, "得分区间改为 1—100")
	}
	return titled(r.Context(), studio.Varies(), name)
}
