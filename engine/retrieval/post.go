package retrieval

import (
	"fmt"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Post is a need (需求) or an offer (成果) with what may stand beside its text. Empty fields say
// nothing, and nothing follows from them.
type Post struct {
	ID       string
	Title    string
	Text     string
	Keywords string
	Field    string        // 技术领域
	Chain    string        // 产业链环节
	Region   string        // code of GB/T 2260, of province, city or district
	TRL      int           // technology readiness by GB/T 22900: wanted at least, or reached; 0 unknown
	Yuan     hanzi.Decimal // budget of a need, price of an offer; zero unknown
}

// Document is what of a post is indexed.
func (p *Post) Document() Document { return Document{ID: p.ID, Fields: p.texts()} }

func (p *Post) texts() []string { return []string{p.Title, p.Text, p.Keywords} }

// Asked is what of a need is looked for, by MatchFields: the title, what the text wants, the keywords,
// and the sections of the text that only tell who asks.
func (p *Post) Asked() []string {
	wanted, background := SplitNeed(p.Text)
	return []string{p.Title, wanted, p.Keywords, background}
}

// wanted are the amounts that a need asks for.
func (p *Post) wanted() []Parameter {
	text, _ := SplitNeed(p.Text)
	return Parameters(p.Title + "\n" + text)
}

// signalWeight is what one signal beside the text adds to a score or takes from it. No judged data
// has such signals, so it is small and was chosen, not measured.
const signalWeight = 0.02

// besides compares what stands beside the texts of a need and an offer.
func besides(need, offer *Post) []Reason {
	var out []Reason
	say := func(good bool, wanted, stated, zh, en string) {
		out = append(out, Reason{Kind: BySignal, For: good, Wanted: wanted, Stated: stated,
			Zh: zh, En: en})
	}
	if need.Field != "" && need.Field == offer.Field {
		say(true, need.Field, offer.Field, "同属“"+need.Field+"”领域", "the same field, "+need.Field)
	}
	if need.Chain != "" && need.Chain == offer.Chain {
		say(true, need.Chain, offer.Chain, "同在“"+need.Chain+"”环节",
			"the same link of the chain, "+need.Chain)
	}
	if samePlace(need.Region, offer.Region) {
		say(true, need.Region, offer.Region, "同在一地", "the same place")
	}
	if need.TRL > 0 && offer.TRL > 0 {
		wanted, stated := fmt.Sprint(need.TRL), fmt.Sprint(offer.TRL)
		if offer.TRL >= need.TRL {
			say(true, wanted, stated, "成熟度 "+stated+" 级，达到所需的 "+wanted+" 级",
				"readiness "+stated+" reaches the "+wanted+" that is wanted")
		} else {
			say(false, wanted, stated, "成熟度只有 "+stated+" 级，未到所需的 "+wanted+" 级",
				"is at readiness "+stated+", below the "+wanted+" that is wanted")
		}
	}
	if need.Yuan.Sign() > 0 && offer.Yuan.Sign() > 0 {
		wanted, stated := need.Yuan.String()+"元", offer.Yuan.String()+"元"
		if offer.Yuan.Cmp(need.Yuan) <= 0 {
			say(true, wanted, stated, "价格 "+stated+" 在预算 "+wanted+" 之内",
				"the price of "+offer.Yuan.String()+" yuan is within the budget of "+need.Yuan.String())
		} else {
			say(false, wanted, stated, "价格 "+stated+" 超出预算 "+wanted,
				"costs "+offer.Yuan.String()+" yuan, above the budget of "+need.Yuan.String())
		}
	}
	return out
}

// cityDigits are the digits of a region's code that name its city.
const cityDigits = 4

func samePlace(a, b string) bool {
	return len(a) >= cityDigits && len(b) >= cityDigits && a[:cityDigits] == b[:cityDigits]
}

// byParameters compares the amounts that a need wants with those that an offer states.
func byParameters(wanted, stated []Parameter) []Reason {
	var out []Reason
	for i := range wanted {
		for k := range stated {
			w, s := &wanted[i], &stated[k]
			r := Reason{Kind: ByParameter, Wanted: w.Name + w.Surface, Stated: s.Name + s.Surface}
			switch Compare(w, s) {
			case Kept:
				r.For = true
				r.Zh = fmt.Sprintf("要求“%s”，其“%s”满足", r.Wanted, r.Stated)
				r.En = fmt.Sprintf("wanted %s, stated %s: kept", r.Wanted, r.Stated)
			case Broken:
				r.Zh = fmt.Sprintf("要求“%s”，其“%s”不满足", r.Wanted, r.Stated)
				r.En = fmt.Sprintf("states %s where %s is wanted", r.Stated, r.Wanted)
			default:
				continue
			}
			if out = append(out, r); len(out) == maxReasonWords {
				return out
			}
		}
	}
	return out
}
