package market

import (
	"cmp"
	"math/big"
	"regexp"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/money"
)

// Further limits of a post.
const (
	maxKeyword   = 20   // characters
	maxProse     = 2000 // of a smaller text
	maxUnit      = 20
	maxValue     = 30 // characters of a number
	maxPriceFen  = money.Fen(10_000_000_000_000_00)
	maxPhone     = 30
	maxMail      = 100
	generalTop   = 13 // the highest readiness, with the extension for business
	materialsTop = 9
	maxModes     = 6
)

var (
	phonePattern   = regexp.MustCompile(`^[0-9+\-() ]{5,30}$`)
	mailPattern    = regexp.MustCompile(`^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$`)
	decimalPattern = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,10})?$`)
)

// normalise brings what was written into the form that is stored.
func (d *PostData) normalise() {
	for _, s := range []*string{&d.Title, &d.Chain, &d.Contact, &d.ContactPhone, &d.ContactMail} {
		*s = tidy(*s)
	}
	for _, s := range []*string{&d.Text, &d.Service, &d.Current, &d.Values.Science, &d.Values.Technology,
		&d.Values.Economy, &d.Values.Society, &d.Values.Culture} {
		*s = lines(*s)
	}
	for i, k := range d.Keywords {
		d.Keywords[i] = tidy(k)
	}
	d.Keywords = unique(d.Keywords)
	d.Modes, d.Named = unique(d.Modes), unique(d.Named)
	for i := range d.Parameters {
		p := &d.Parameters[i]
		p.Name, p.Value, p.Top, p.Unit = tidy(p.Name), tidy(p.Value), tidy(p.Top), tidy(p.Unit)
	}
	for i := range d.Proofs {
		d.Proofs[i].Text = lines(d.Proofs[i].Text)
	}
	for i := range d.Rights {
		r := &d.Rights[i]
		r.Number, r.Title, r.Holder = tidy(r.Number), tidy(r.Title), tidy(r.Holder)
	}
	if len(d.Parameters) == 0 {
		d.Parameters = nil
	}
	if len(d.Proofs) == 0 {
		d.Proofs = nil
	}
	if len(d.Rights) == 0 {
		d.Rights = nil
	}
	d.Visibility = cmp.Or(d.Visibility, Open)
}

// unique drops empty and repeated values and keeps the order; none is nil.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// check says what is wrong with what was written. What may still be missing, see lacks.
func (d PostData) check(f *faults) {
	f.choice("kind", string(d.Kind), Kinds(), true)
	f.line("title", d.Title, MaxTitle, true)
	f.prose("text", d.Text, MaxText, false)
	f.place("region", d.Region)
	f.choice("field", d.Field, Fields(), false)
	f.line("chain", d.Chain, MaxLine, false)
	f.choice("sixNew", d.SixNew, SixNews(), false)
	f.prose("service", d.Service, maxProse, false)
	d.checkLists(f)
	d.checkPrice(f)
	d.checkContact(f)
	d.checkParameters(f)
	f.choice("visibility", string(d.Visibility), Visibilities(), true)
	switch {
	case d.Visibility == Named && len(d.Named) == 0:
		f.add("named", "定向公开须选择至少一个单位")
	case d.Visibility != Named && len(d.Named) > 0:
		f.add("named", "只有定向公开才指定单位")
	case len(d.Named) > MaxNamed:
		f.add("named", "最多 %d 个单位", MaxNamed)
	}
	if d.Kind == Need {
		d.checkNeed(f)
	} else {
		d.checkAchievement(f)
	}
}

func (d PostData) checkLists(f *faults) {
	if len(d.Keywords) > MaxKeywords {
		f.add("keywords", "最多 %d 个关键词", MaxKeywords)
	}
	for i, k := range d.Keywords[:min(len(d.Keywords), MaxKeywords)] {
		f.line("keywords."+strconv.Itoa(i), k, maxKeyword, false)
	}
	if len(d.Modes) > maxModes {
		f.add("modes", "没有“%s”这个选项", d.Modes[maxModes])
		return
	}
	for i, m := range d.Modes {
		f.choice("modes."+strconv.Itoa(i), m, ModeChoices(), true)
	}
}

func (d PostData) checkPrice(f *faults) {
	switch {
	case d.PriceLoFen < 0 || d.PriceLoFen > maxPriceFen:
		f.add("priceLoFen", "金额应在 0 到 10 万亿元之间")
	case d.PriceHiFen < 0 || d.PriceHiFen > maxPriceFen:
		f.add("priceHiFen", "金额应在 0 到 10 万亿元之间")
	case d.PriceHiFen < d.PriceLoFen:
		f.add("priceHiFen", "上限不能低于下限")
	}
	top := generalTop
	if d.Standard == "materials" {
		top = materialsTop
	}
	if d.TRL < 0 || d.TRL > top {
		f.add("trl", "技术成熟度应在 1 到 %d 级之间", top)
	}
}

func (d PostData) checkContact(f *faults) {
	f.line("contact", d.Contact, MaxLine, false)
	if d.ContactPhone != "" && (len(d.ContactPhone) > maxPhone || !phonePattern.MatchString(d.ContactPhone)) {
		f.add("contactPhone", "电话应为数字，可含区号和分机号")
	}
	if d.ContactMail != "" && (len(d.ContactMail) > maxMail || !mailPattern.MatchString(d.ContactMail)) {
		f.add("contactMail", "邮箱地址格式不正确")
	}
}

func (d PostData) checkParameters(f *faults) {
	if len(d.Parameters) > MaxParameters {
		f.add("parameters", "最多 %d 项指标", MaxParameters)
		return
	}
	for i, p := range d.Parameters {
		p.check("parameters."+strconv.Itoa(i)+".", f)
	}
}

func (p Parameter) check(at string, f *faults) {
	f.line(at+"name", p.Name, MaxLine, true)
	f.choice(at+"op", p.Op, Operators(), true)
	f.line(at+"unit", p.Unit, maxUnit, false)
	f.line(at+"value", p.Value, maxValue, true)
	if p.Value != "" && !decimalPattern.MatchString(p.Value) {
		f.add(at+"value", "数值应为数字，如 35.6")
		return
	}
	switch {
	case p.Op != "range" && p.Top != "":
		f.add(at+"top", "只有区间才有上限")
	case p.Op == "range" && !decimalPattern.MatchString(p.Top):
		f.add(at+"top", "数值应为数字，如 35.6")
	case p.Op == "range" && decimal(p.Top).Cmp(decimal(p.Value)) < 0:
		f.add(at+"top", "上限不能低于下限")
	}
}

// decimal is the number of a text that decimalPattern matches; zero for any other.
func decimal(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

func (d PostData) checkNeed(f *faults) {
	f.choice("needKind", d.NeedKind, NeedKinds(), false)
	f.prose("current", d.Current, maxProse, false)
	f.day("deadline", d.Deadline)
	a := d.AchievementData
	for _, other := range []struct {
		field string
		set   bool
	}{
		{"resultKind", a.ResultKind != ""}, {"standard", a.Standard != ""}, {"proofs", len(a.Proofs) > 0},
		{"rights", len(a.Rights) > 0}, {"values", a.Values != Values{}}, {"pricing", a.Pricing != ""},
		{"entitlement", a.Entitlement != ""}, {"noticeFrom", a.NoticeFrom != ""},
		{"noticeTo", a.NoticeTo != ""}, {"payLater", a.PayLater}, {"ready", a.Ready},
	} {
		if other.set {
			f.add(other.field, "这一项只用于成果")
		}
	}
}

func (d PostData) checkAchievement(f *faults) {
	for _, other := range []struct{ field, value string }{
		{"needKind", d.NeedKind}, {"current", d.Current}, {"deadline", string(d.Deadline)},
	} {
		if other.value != "" {
			f.add(other.field, "这一项只用于需求")
		}
	}
	f.choice("resultKind", d.ResultKind, ResultKinds(), false)
	f.choice("standard", d.Standard, Standards(), false)
	f.choice("pricing", d.Pricing, Pricings(), false)
	f.choice("entitlement", d.Entitlement, Entitlements(), false)
	d.checkProofs(f)
	d.checkRights(f)
	for _, v := range []struct{ field, text string }{
		{"science", d.Values.Science}, {"technology", d.Values.Technology},
		{"economy", d.Values.Economy}, {"society", d.Values.Society}, {"culture", d.Values.Culture},
	} {
		f.prose("values."+v.field, v.text, maxProse, false)
	}
	f.day("noticeFrom", d.NoticeFrom)
	f.day("noticeTo", d.NoticeTo)
	if (d.NoticeFrom == "") != (d.NoticeTo == "") {
		f.add("noticeTo", "公示的开始和结束日期须一起填写")
	} else if d.NoticeFrom > d.NoticeTo {
		f.add("noticeTo", "结束日期不能早于开始日期")
	}
}

func (d PostData) checkProofs(f *faults) {
	if len(d.Proofs) > MaxProofs {
		f.add("proofs", "最多 %d 项证明", MaxProofs)
		return
	}
	for i, p := range d.Proofs {
		at := "proofs." + strconv.Itoa(i) + "."
		f.prose(at+"text", p.Text, maxProse, true)
		if p.Level < 1 || p.Level > generalTop {
			f.add(at+"level", "技术成熟度应在 1 到 %d 级之间", generalTop)
		}
	}
}

func (d PostData) checkRights(f *faults) {
	if len(d.Rights) > MaxRights {
		f.add("rights", "最多 %d 项知识产权", MaxRights)
		return
	}
	for i, r := range d.Rights {
		at := "rights." + strconv.Itoa(i) + "."
		f.choice(at+"kind", r.Kind, RightKinds(), true)
		f.line(at+"number", r.Number, MaxLine, false)
		f.line(at+"title", r.Title, MaxTitle, true)
		f.choice(at+"state", r.State, RightStates(), true)
		f.line(at+"holder", r.Holder, MaxLine, false)
	}
}

// shortestText is how much a description has to say at least, in characters, before the bureau looks
// at it [design].
const shortestText = 20

// lacks says what is still missing before the bureau looks at a post.
func (d PostData) lacks(f *faults) {
	if n := len([]rune(d.Text)); n < shortestText {
		f.add("text", "描述至少 %d 个字", shortestText)
	}
	f.choice("field", d.Field, Fields(), true)
	if d.Kind == Need {
		f.choice("needKind", d.NeedKind, NeedKinds(), true)
	} else {
		f.choice("resultKind", d.ResultKind, ResultKinds(), true)
		f.choice("pricing", d.Pricing, Pricings(), true)
	}
}
