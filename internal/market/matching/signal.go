package matching

import (
	"slices"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/money"
)

// pair compares a need and an offer beside their words.
type pair struct {
	need, offer *facts
	day         clock.Date
	mute        bool // reasons have no words
	out         []Reason
}

func (p *pair) say(kind string, good bool, key string, args ...any) {
	gain := points[kind]
	if !good {
		gain = -gain
	}
	if p.mute {
		p.out = append(p.out, bare(kind, good, gain))
		return
	}
	p.out = append(p.out, say(kind, good, gain, key, args...))
}

// besides returns what speaks for a pair and against it beside its words. What a side does not say,
// or does not show to the reader, says nothing.
func besides(need, offer *facts, day clock.Date, mute bool) []Reason {
	p := pair{need: need, offer: offer, day: day, mute: mute}
	p.field()
	p.place()
	p.readiness()
	p.price()
	p.mode()
	p.rights()
	p.deadline()
	return p.out
}

func (p *pair) field() {
	if p.need.Field != "" && p.need.Field == p.offer.Field {
		p.say("field", true, "同属“%s”领域", i18n.Key(market.TitleOf(market.Fields(), p.need.Field)))
	}
	if p.need.Chain != "" && p.need.Chain == p.offer.Chain {
		p.say("chain", true, "同在“%s”环节", p.need.Chain)
	}
}

// cityDigits are the digits of a region's code that name its city.
const cityDigits = 4

func (p *pair) place() {
	a, b := p.need.Region, p.offer.Region
	if len(a) >= cityDigits && len(b) >= cityDigits && a[:cityDigits] == b[:cityDigits] {
		p.say("place", true, "同在一市")
	}
}

func (p *pair) readiness() {
	wanted, stated := p.need.TRL, p.offer.TRL
	switch {
	case wanted <= 0 || stated <= 0:
	case stated >= wanted:
		p.say("readiness", true, "成熟度 %d 级，达到所需的 %d 级", stated, wanted)
	default:
		p.say("readiness", false, "成熟度只有 %d 级，未到所需的 %d 级", stated, wanted)
	}
}

// price compares the least that is asked with the most that is to be spent.
func (p *pair) price() {
	budget, asked := p.need.Hi, p.offer.Lo
	if asked == 0 {
		asked = p.offer.Hi
	}
	if budget <= 0 || asked <= 0 {
		return
	}
	wanted, stated := money.Fen(budget), money.Fen(asked)
	if asked <= budget {
		p.amounts(true, "价格 %s，在预算 %s 之内", stated, wanted)
	} else {
		p.amounts(false, "价格 %s，超出预算 %s", stated, wanted)
	}
}

func (p *pair) amounts(good bool, key string, list ...money.Fen) {
	r := bare("price", good, points["price"])
	if !good {
		r.Points = -r.Points
	}
	if p.mute {
		p.out = append(p.out, r)
		return
	}
	text := func(l i18n.Lang) string {
		var args []any
		for _, x := range list {
			args = append(args, i18n.Yuan(l, x))
		}
		return i18n.Text(l, key, args...)
	}
	r.Zh, r.En = text(i18n.ZH), text(i18n.EN)
	p.out = append(p.out, r)
}

func (p *pair) mode() {
	if len(p.need.Modes) == 0 || len(p.offer.Modes) == 0 {
		return
	}
	for _, m := range p.need.Modes {
		if slices.Contains(p.offer.Modes, m) {
			p.say("mode", true, "双方都接受“%s”", i18n.Key(market.TitleOf(market.ModeChoices(), m)))
			return
		}
	}
	p.say("mode", false, "合作方式没有交集")
}

func (p *pair) rights() {
	switch {
	case p.offer.Granted > 0:
		p.say("rights", true, "有 %d 项已授权的知识产权", p.offer.Granted)
	case p.offer.Lapsed > 0 && p.offer.Applied == 0:
		p.say("rights", false, "所列知识产权已失效")
	}
	if p.offer.Ready {
		p.say("ready", true, "可立即签约")
	}
}

func (p *pair) deadline() {
	d := clock.Date(p.need.Deadline)
	if d.Valid() && d < p.day {
		p.say("deadline", false, "需求已于 %s 截止", string(d))
	}
}

// maxParameterReasons bounds what is said about amounts.
const maxParameterReasons = 6

// amounts compares the amounts that a need wants with those that an offer states.
func amounts(wanted, stated []retrieval.Parameter, mute bool) []Reason {
	var out []Reason
	for i := range wanted {
		said, verdict := retrieval.Answer(&wanted[i], stated)
		if said == nil {
			continue
		}
		if out = append(out, amount(&wanted[i], said, verdict, mute)); len(out) == maxParameterReasons {
			break
		}
	}
	return out
}

func amount(wanted, stated *retrieval.Parameter, verdict retrieval.Verdict, mute bool) Reason {
	good, gain, key := true, points["parameter"], i18n.Key("要求“%s”，其“%s”满足")
	if verdict == retrieval.Broken {
		good, gain, key = false, -gain, "要求“%s”，其“%s”不满足"
	}
	if mute {
		return bare("parameter", good, gain)
	}
	return say("parameter", good, gain, string(key), wanted.Name+wanted.Surface, stated.Name+stated.Surface)
}

// total is what reasons add to a score.
func total(list []Reason) float64 {
	sum := 0.0
	for _, r := range list {
		sum += r.Points
	}
	return sum / 100
}
