package markethttp

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/ui"
)

// Limits of fields that the room has for itself; it says what is too long, whatever is sent.
const (
	maxProse = 2000 // characters of a smaller text
	maxUnit  = 20
)

// formView is all that the form shows beside its fields.
type formView struct {
	action string // where it is sent
	draft  string // where drafts are sent, "" for none
	back   string // the way out
	submit []ui.Action
	saved  string // "已自动保存 14:32:05"
	anyway bool   // much the same posts were shown, and the actor may go on
	err    error
}

// part is a folded part of the form.
type part struct {
	title  string // key of package i18n
	hint   string
	inputs []ui.Input
	rows   []ui.EditRows
	picks  []ui.Combo
	filled bool // something is in it: it opens by itself
}

// postFormView draws the form: what a post cannot do without, then the rest, folded.
func (h *Handler) postFormView(
	ctx context.Context, by authz.Actor, f postForm, v formView,
) templ.Component {
	l := i18n.From(ctx)
	form := ui.FormView{ID: "post", Action: v.action, Summary: ui.SummaryOf(l, v.err),
		Autosave: v.draft, Saved: v.saved, Guard: true, Buttons: v.submit,
		Hidden: []ui.Hidden{{Name: "key", Value: f.key}}}
	broker := h.brokerInput(ctx, by, f, v.err)
	if broker == nil && f.data.Broker != "" {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: "broker", Value: f.data.Broker})
	}
	for _, name := range sortedKeys(f.words) {
		form.Hidden = append(form.Hidden, ui.Hidden{Name: wordsPrefix + name, Value: f.words[name]})
	}
	if f.version > 0 {
		form.Version = strconv.FormatInt(f.version, 10)
	}
	form.Buttons = append(form.Buttons, ui.Action{Text: i18n.T(ctx, "取消"), Href: v.back})
	first, choose, money, modes := firstInputs(ctx, f)
	contact := contactInputs(ctx, f)
	f.say(ctx, v.err, first, choose, money, modes, contact)
	inner := []templ.Component{fields(first), grid(choose), grid(money), fields(modes)}
	if by.Org == "" {
		inner = append(inner, ui.Combobox(h.orgPick(ctx, by, ui.Input{Name: "org",
			Label: i18n.T(ctx, "单位"), Hint: i18n.T(ctx, "输入名称或信用代码，再选择")}, f.org, false, v.err)))
	}
	inner = append(inner, ui.Combobox(h.placePick(ctx, f, v.err)),
		ui.With(ui.FieldSet(i18n.T(ctx, "联系方式"),
			i18n.T(ctx, "不公开；双方都同意对接之后，才告诉对方。")), grid(contact)))
	if broker != nil {
		inner = append(inner, ui.Field(*broker))
	}
	for _, p := range h.parts(ctx, by, f, v.err) {
		inner = append(inner, h.foldedPart(ctx, f, p, v.err))
	}
	return ui.With(ui.Form(form), inner...)
}

// say puts messages and the words of a pasted text to the inputs.
func (f postForm) say(ctx context.Context, err error, lists ...[]ui.Input) {
	for _, list := range lists {
		ui.Mark(i18n.From(ctx), list, err)
		for i := range list {
			list[i].Source = f.wordsAt(ctx, list[i].Name)
		}
	}
}

// foldedPart draws a part, open when it holds something or something in it is wrong.
func (h *Handler) foldedPart(
	ctx context.Context, f postForm, p part, err error,
) templ.Component {
	f.say(ctx, err, p.inputs)
	open := p.filled
	for _, in := range p.inputs {
		open = open || in.Err != ""
	}
	inner := []templ.Component{fields(p.inputs)}
	for _, c := range p.picks {
		open = open || c.Err != ""
		inner = append(inner, ui.Combobox(c))
	}
	for _, r := range p.rows {
		open = open || rowsWrong(r) || errAt(i18n.From(ctx), err, r.Name) != ""
		inner = append(inner, ui.EditableRows(r))
	}
	return foldedFields(i18n.T(ctx, p.title), i18n.T(ctx, p.hint), open, templ.Join(inner...))
}

func rowsWrong(r ui.EditRows) bool {
	for _, row := range r.Rows {
		for _, in := range row {
			if in.Err != "" {
				return true
			}
		}
	}
	return false
}

// firstInputs are what a post cannot do without: what it says, what it is, what it costs, how.
func firstInputs(ctx context.Context, f postForm) (texts, choose, money, modes []ui.Input) {
	t := func(zh string, args ...any) string { return i18n.T(ctx, zh, args...) }
	d := f.data
	title := ui.Input{Name: "title", Label: t("名称"), Value: d.Title, MaxLen: market.MaxTitle,
		Count: true, AutoComplete: "off", Hint: t("一句话说清要解决什么，如“铝合金薄壁件压铸变形控制”")}
	text := ui.Input{Kind: ui.InArea, Name: "text", Label: t("需求描述"), Value: d.Text, Rows: 8,
		MaxLen: market.MaxText, Hint: t("现在怎么做、差在哪里、希望达到什么；不要写涉密内容和联系方式")}
	sort := ui.Input{Kind: ui.InSelect, Name: "needKind", Label: t("需求类型"), Value: d.NeedKind,
		Options: chooseFrom(ctx, "请选择", market.NeedKinds())}
	field := ui.Input{Kind: ui.InSelect, Name: "field", Label: t("领域"), Value: d.Field,
		Options: chooseFrom(ctx, "请选择", market.Fields())}
	price := t("预算")
	choose = []ui.Input{sort, field}
	if d.Kind == market.Achievement {
		sort = ui.Input{Kind: ui.InSelect, Name: "resultKind", Label: t("成果类别"), Value: d.ResultKind,
			Options: chooseFrom(ctx, "请选择", market.ResultKinds())}
		title.Hint = t("一句话说清是什么，如“深紫外 LED 消杀模组工艺包”")
		text.Label = t("成果介绍")
		text.Hint = t("原理、与现有做法相比的好处、在哪里用过；不要写涉密内容和联系方式")
		price = t("意向价")
		choose = []ui.Input{sort, field, {Kind: ui.InSelect, Name: "pricing", Label: t("定价方式"),
			Value: d.Pricing, Options: chooseFrom(ctx, "请选择", market.Pricings())}}
	}
	money = []ui.Input{
		{Kind: ui.InNumber, Name: "priceLoFen", Label: price, Value: f.lo, Unit: t("万元"),
			Width: ui.W10, MaxLen: 20, Optional: true, Hint: t("不填就是面议")},
		{Kind: ui.InNumber, Name: "priceHiFen", Label: t("上限"), Value: f.hi, Unit: t("万元"),
			Width: ui.W10, MaxLen: 20, Optional: true, Hint: t("是一个范围时填写")}}
	modes = []ui.Input{{Kind: ui.InChecks, Name: "modes", Label: t("合作方式"), Values: d.Modes,
		Optional: true, Options: choices(ctx, market.ModeChoices())}}
	return []ui.Input{title, text}, choose, money, modes
}

func contactInputs(ctx context.Context, f postForm) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	return []ui.Input{
		{Name: "contact", Label: t("联系人"), Value: f.data.Contact, Width: ui.W14,
			MaxLen: market.MaxLine, AutoComplete: "name"},
		{Kind: ui.InTel, Name: "contactPhone", Label: t("电话"), Value: f.data.ContactPhone,
			Width: ui.W14, MaxLen: 40, AutoComplete: "tel"},
		{Kind: ui.InEmail, Name: "contactMail", Label: t("邮箱"), Value: f.data.ContactMail,
			MaxLen: 254, Optional: true, AutoComplete: "email"},
	}
}

// brokerInput lets a broker be chosen who looks after the post, nil where there is none to choose.
func (h *Handler) brokerInput(ctx context.Context, by authz.Actor, f postForm, err error) *ui.Input {
	if h.deps.Brokers == nil {
		return nil
	}
	list, wrong := h.deps.Brokers(ctx, by)
	if wrong != nil || len(list) == 0 {
		return nil // the form does without; the room says what is wrong when it is sent
	}
	in := ui.Input{Kind: ui.InSelect, Name: "broker", Label: i18n.T(ctx, "技术经理人"), Value: f.data.Broker,
		Optional: true, Hint: i18n.T(ctx, "由其代为跟进对接，可以不选"), Err: errAt(i18n.From(ctx), err, "broker"),
		Options: append([]ui.Option{{Text: i18n.T(ctx, "不指定")}}, list...)}
	if f.data.Broker != "" && !slices.ContainsFunc(list, func(o ui.Option) bool { return o.Value == f.data.Broker }) {
		name := f.data.Broker
		if h.deps.PersonName != nil {
			name = cmp.Or(h.deps.PersonName(ctx, f.data.Broker), name)
		}
		in.Options = append(in.Options, ui.Option{Value: f.data.Broker, Text: name})
	}
	return &in
}

// parts are the folded parts of the form.
func (h *Handler) parts(
	ctx context.Context, by authz.Actor, f postForm, err error,
) []part {
	if f.data.Kind == market.Achievement {
		return []part{maturityPart(ctx, f, err), rightsPart(ctx, f, err), pricingPart(ctx, f),
			parametersPart(ctx, f, err, "达到的指标"), aboutPart(ctx, f), valuesPart(ctx, f),
			h.visibilityPart(ctx, by, f, err)}
	}
	return []part{parametersPart(ctx, f, err, "希望达到的指标"), needPart(ctx, f), aboutPart(ctx, f),
		h.visibilityPart(ctx, by, f, err)}
}

// trlInput asks for the readiness, each level with its evidence.
func trlInput(ctx context.Context, label string, value int) ui.Input {
	in := ui.Input{Kind: ui.InSelect, Name: "trl", Label: label, Optional: true,
		Options: []ui.Option{{Text: i18n.T(ctx, "不填")}}}
	if value != 0 {
		in.Value = strconv.Itoa(value)
	}
	for _, l := range market.Levels() {
		group := i18n.T(ctx, market.Routing(l.N))
		if l.N > 9 {
			group = i18n.T(ctx, "商业化（扩展）")
		}
		in.Options = append(in.Options, ui.Option{Value: strconv.Itoa(l.N), Group: group,
			Text: i18n.T(ctx, "%d 级 %s：%s", l.N, i18n.Key(l.Title), i18n.Key(l.Asks))})
	}
	return in
}

func needPart(ctx context.Context, f postForm) part {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	d := f.data
	deadline := dayInput("deadline", t("希望何时解决"), d.Deadline)
	deadline.Optional = true
	return part{title: "需求的更多情况", filled: d.Current+string(d.Deadline) != "" || d.TRL > 0,
		inputs: []ui.Input{
			trlInput(ctx, t("希望的成熟度不低于"), d.TRL), deadline,
			{Kind: ui.InArea, Name: "current", Label: t("现有基础"), Value: d.Current, Rows: 3,
				MaxLen: maxProse, Optional: true,
				Hint: t("设备、人员、已经做过的尝试")},
		}}
}

func maturityPart(ctx context.Context, f postForm, err error) part {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	d := f.data
	rows := ui.EditRows{Name: "proofs", Legend: t("各级的证明"), Row: i18n.T(ctx, "证明 %s", "%s"),
		Add: t("添加证明"), Max: market.MaxProofs, Optional: true,
		Hint:  hintOr(ctx, err, "proofs", t("一级一条，如检测报告、用户报告、合同。")),
		Blank: proofInputs(ctx, ui.RowBlank, market.Proof{})}
	for i, p := range d.Proofs {
		in := proofInputs(ctx, i, p)
		f.say(ctx, err, in)
		rows.Rows = append(rows.Rows, in)
	}
	return part{title: "成熟度", hint: "按 GB/T 22900，匹配时与需求的要求相比较。",
		filled: d.TRL > 0 || len(d.Proofs) > 0, rows: []ui.EditRows{rows}, inputs: []ui.Input{
			trlInput(ctx, t("成熟度等级"), d.TRL),
			{Kind: ui.InSelect, Name: "standard", Label: t("依据的标准"), Value: d.Standard,
				Width: ui.W18, Optional: true, Options: chooseFrom(ctx, "不填", market.Standards())}}}
}

func proofInputs(ctx context.Context, n int, p market.Proof) []ui.Input {
	name := func(field string) string { return ui.RowName("proofs", n, field) }
	level := ui.Input{Kind: ui.InSelect, Name: name("level"), Label: i18n.T(ctx, "等级"), Width: ui.W14,
		Options: []ui.Option{{Text: i18n.T(ctx, "请选择")}}}
	if p.Level != 0 {
		level.Value = strconv.Itoa(p.Level)
	}
	for _, l := range market.Levels() {
		level.Options = append(level.Options, ui.Option{Value: strconv.Itoa(l.N),
			Text: i18n.T(ctx, "%d 级 %s", l.N, i18n.Key(l.Title))})
	}
	return []ui.Input{level, {Name: name("text"), Label: i18n.T(ctx, "证明材料"), Value: p.Text,
		MaxLen: maxProse, AutoComplete: "off"}}
}

func rightsPart(ctx context.Context, f postForm, err error) part {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	rows := ui.EditRows{Name: "rights", Legend: t("知识产权"), Row: i18n.T(ctx, "知识产权 %s", "%s"),
		Add: t("添加知识产权"), Max: market.MaxRights, Optional: true,
		Hint: hintOr(ctx, err, "rights", ""), Blank: rightInputs(ctx, ui.RowBlank, market.Right{})}
	for i, x := range f.data.Rights {
		in := rightInputs(ctx, i, x)
		f.say(ctx, err, in)
		rows.Rows = append(rows.Rows, in)
	}
	return part{title: "知识产权", filled: len(f.data.Rights) > 0, rows: []ui.EditRows{rows}}
}

func rightInputs(ctx context.Context, n int, x market.Right) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	name := func(field string) string { return ui.RowName("rights", n, field) }
	return []ui.Input{
		{Kind: ui.InSelect, Name: name("kind"), Label: t("类别"), Value: x.Kind,
			Options: chooseFrom(ctx, "请选择", market.RightKinds())},
		{Kind: ui.InSelect, Name: name("state"), Label: t("状态"), Value: x.State,
			Options: chooseFrom(ctx, "请选择", market.RightStates())},
		{Name: name("title"), Label: t("名称"), Value: x.Title, MaxLen: market.MaxTitle,
			AutoComplete: "off"},
		{Name: name("number"), Label: t("专利号或登记号"), Value: x.Number, Mono: true, Optional: true,
			MaxLen: market.MaxLine, AutoComplete: "off"},
		{Name: name("holder"), Label: t("权利人"), Value: x.Holder, Optional: true,
			MaxLen: market.MaxLine, AutoComplete: "off"},
	}
}

func parametersPart(ctx context.Context, f postForm, err error, title string) part {
	rows := ui.EditRows{Name: "parameters", Legend: i18n.T(ctx, title),
		Row: i18n.T(ctx, "指标 %s", "%s"), Add: i18n.T(ctx, "添加指标"), Max: market.MaxParameters,
		Optional: true, Blank: parameterInputs(ctx, ui.RowBlank, market.Parameter{}),
		Hint: hintOr(ctx, err, "parameters", i18n.T(ctx, "有数值的指标会逐项与对方的相比较。"))}
	for i, p := range f.data.Parameters {
		in := parameterInputs(ctx, i, p)
		f.say(ctx, err, in)
		rows.Rows = append(rows.Rows, in)
	}
	return part{title: title, filled: len(f.data.Parameters) > 0, rows: []ui.EditRows{rows}}
}

func parameterInputs(ctx context.Context, n int, p market.Parameter) []ui.Input {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	name := func(field string) string { return ui.RowName("parameters", n, field) }
	return []ui.Input{
		{Name: name("name"), Label: t("指标"), Value: p.Name, MaxLen: market.MaxLine,
			AutoComplete: "off"},
		{Kind: ui.InSelect, Name: name("op"), Label: t("比较"), Value: p.Op,
			Options: choices(ctx, market.Operators())},
		{Kind: ui.InNumber, Name: name("value"), Label: t("数值"), Value: p.Value, MaxLen: 30},
		{Kind: ui.InNumber, Name: name("top"), Label: t("至"), Value: p.Top, MaxLen: 30, Optional: true,
			Hint: t("只用于“介于”")},
		{Name: name("unit"), Label: t("单位"), Value: p.Unit, MaxLen: maxUnit, Optional: true,
			AutoComplete: "off"},
	}
}

func pricingPart(ctx context.Context, f postForm) part {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	d := f.data
	from, to := dayInput("noticeFrom", t("公示开始"), d.NoticeFrom),
		dayInput("noticeTo", t("公示结束"), d.NoticeTo)
	from.Optional, to.Optional = true, true
	to.Hint = t("协议定价须在本单位公示成果名称和拟交易价格，不少于 15 日")
	return part{title: "公示与权益", filled: d.Entitlement+string(d.NoticeFrom) != "" ||
		d.PayLater || d.Ready, inputs: []ui.Input{from, to,
		{Kind: ui.InSelect, Name: "entitlement", Label: t("职务科技成果赋权"), Value: d.Entitlement,
			Optional: true, Width: ui.W14, Options: chooseFrom(ctx, "不填", market.Entitlements())},
		{Kind: ui.InCheck, Name: "payLater", Value: checked(d.PayLater), Text: t("可以先使用后付费")},
		{Kind: ui.InCheck, Name: "ready", Value: checked(d.Ready), Text: t("材料齐备，可以直接签约")},
	}}
}

func aboutPart(ctx context.Context, f postForm) part {
	t := func(zh string) string { return i18n.T(ctx, zh) }
	d := f.data
	return part{title: "行业与关键词", filled: d.Chain+d.SixNew+d.Service != "" || len(d.Keywords) > 0, inputs: []ui.Input{
		{Name: "keywords", Label: t("关键词"), Value: f.keywords, Optional: true, AutoComplete: "off",
			MaxLen: market.MaxKeywords * (market.MaxLine + 1),
			Hint:   i18n.T(ctx, "用顿号分开，最多 %d 个", market.MaxKeywords)},
		{Name: "chain", Label: t("所在产业链"), Value: d.Chain, Optional: true, MaxLen: market.MaxLine,
			AutoComplete: "off"},
		{Kind: ui.InSelect, Name: "sixNew", Label: t("六新"), Value: d.SixNew, Optional: true,
			Width: ui.W14, Options: chooseFrom(ctx, "不填", market.SixNews())},
		{Name: "service", Label: t("配套服务"), Value: d.Service, Optional: true, MaxLen: market.MaxLine,
			AutoComplete: "off", Hint: t("如 现场指导、人员培训、检测")},
	}}
}

func valuesPart(ctx context.Context, f postForm) part {
	v := f.data.Values
	p := part{title: "五元价值", hint: "国办发〔2021〕26号：由成果方自述，不是评价结论。",
		filled: v != market.Values{}}
	for _, x := range valueTexts(v) {
		p.inputs = append(p.inputs, ui.Input{Kind: ui.InArea, Name: "values." + x.name, Rows: 2,
			Label: i18n.T(ctx, x.title), Value: x.text, Optional: true, MaxLen: maxProse})
	}
	return p
}

// valueText is one of the five values.
type valueText struct{ name, title, text string }

func valueTexts(v market.Values) []valueText {
	return []valueText{{"science", "科学价值", v.Science}, {"technology", "技术价值", v.Technology},
		{"economy", "经济价值", v.Economy}, {"society", "社会价值", v.Society},
		{"culture", "文化价值", v.Culture}}
}

func (h *Handler) visibilityPart(
	ctx context.Context, by authz.Actor, f postForm, err error,
) part {
	hints := map[string]string{string(market.Open): i18n.T(ctx, "所有人可看全文，联系方式除外"),
		string(market.Request): i18n.T(ctx, "所有人可看名称、领域和地区，全文经同意后可看"),
		string(market.Named):   i18n.T(ctx, "只有下面选定的单位知道有这一条")}
	in := ui.Input{Kind: ui.InRadio, Name: "visibility", Label: i18n.T(ctx, "公开级别"),
		Value: string(f.data.Visibility)}
	for _, c := range market.Visibilities() {
		in.Options = append(in.Options, ui.Option{Value: c.Value, Text: i18n.T(ctx, c.Title),
			Hint: hints[c.Value]})
	}
	named := ui.Input{Name: "named", Label: i18n.T(ctx, "定向公开的单位"), Optional: true,
		Hint: i18n.T(ctx, "输入名称或信用代码，再选择")}
	c := h.orgPick(ctx, by, named, f.named, true, err)
	c.MaxPicks = market.MaxNamed
	return part{title: "公开级别", filled: f.data.Visibility != market.Open, inputs: []ui.Input{in},
		picks: []ui.Combo{c}}
}

// hintOr puts what is said about a list as a whole where it is seen.
func hintOr(ctx context.Context, err error, list, hint string) string {
	if text := errAt(i18n.From(ctx), err, list); text != "" {
		return text
	}
	return hint
}

func checked(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// check returns what could not be read together with what the room finds wrong, so that everything
// is said at once. It is nil when everything could be read.
func (f *postForm) check() error {
	if len(f.wrong) == 0 {
		return nil
	}
	all := f.wrong
	if e, ok := fault.As(market.Wrong(f.data)); ok {
		for _, x := range e.Fields {
			if !named(f.wrong, x.Name) {
				all = append(all, x)
			}
		}
	}
	return fault.Fields(all...)
}

func named(list []fault.Field, name string) bool {
	for _, x := range list {
		if x.Name == name {
			return true
		}
	}
	return false
}
