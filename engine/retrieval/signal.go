package retrieval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// signalWeight is what one signal beside the text adds to a score or takes from it. No judged data
// has such signals, so it is small and was chosen, not measured.
const signalWeight = 0.02

// beside collects what is said of what stands beside two texts.
type beside struct{ out []Reason }

func (b *beside) say(good bool, wanted, stated, zh, en string) {
	b.out = append(b.out, Reason{Kind: BySignal, For: good, Wanted: wanted, Stated: stated, Zh: zh, En: en})
}

// besides compares what stands beside the texts of a need and an offer. What is hidden of either is
// not looked at.
func besides(need, offer *Post) []Reason {
	need, offer = need.visible(), offer.visible()
	var b beside
	if need.Field != "" && need.Field == offer.Field {
		b.say(true, need.Field, offer.Field, "同属“"+need.Field+"”领域", "both are of the field "+need.Field)
	}
	if need.Chain != "" && need.Chain == offer.Chain {
		b.say(true, need.Chain, offer.Chain, "同在“"+need.Chain+"”环节",
			"both are of the link "+need.Chain+" of the chain")
	}
	if samePlace(need.Region, offer.Region) {
		b.say(true, need.Region, offer.Region, "同在一地", "both are in the same place")
	}
	b.readiness(need.TRL, offer.TRL)
	b.price(need.Yuan, offer.Yuan)
	b.rights(need.IP, offer.IP)
	b.modes(need.Modes, offer.Modes)
	b.deadline(need.Deadline, offer.Deadline)
	return b.out
}

func (b *beside) readiness(need, offer int) {
	if need <= 0 || offer <= 0 {
		return
	}
	wanted, stated := fmt.Sprint(need), fmt.Sprint(offer)
	if offer >= need {
		b.say(true, wanted, stated, "成熟度 "+stated+" 级，达到所需的 "+wanted+" 级",
			"readiness "+stated+" reaches the "+wanted+" that is wanted")
		return
	}
	b.say(false, wanted, stated, "成熟度只有 "+stated+" 级，未到所需的 "+wanted+" 级",
		"is at readiness "+stated+", below the "+wanted+" that is wanted")
}

func (b *beside) price(need, offer hanzi.Decimal) {
	if need.Sign() <= 0 || offer.Sign() <= 0 {
		return
	}
	wanted, stated := yuanWords(need), yuanWords(offer)
	if offer.Cmp(need) <= 0 {
		b.say(true, wanted, stated, "价格 "+stated+"，在预算 "+wanted+" 之内",
			"the price of "+grouped(offer)+" yuan is within the budget of "+grouped(need))
		return
	}
	b.say(false, wanted, stated, "价格 "+stated+"，超出预算 "+wanted,
		"costs "+grouped(offer)+" yuan, above the budget of "+grouped(need))
}

// ipWords name states of rights.
var ipWords = [...]struct{ zh, en string }{
	IPNone: {"未申请知识产权", "has no right applied for"}, IPLapsed: {"知识产权已失效", "has rights that lapsed"},
	IPApplied: {"知识产权在申请中", "has a right applied for"}, IPGranted: {"知识产权已授权", "has a granted right"},
}

func (b *beside) rights(need, offer IPState) {
	if need == IPUnknown || offer == IPUnknown || need > IPGranted || offer > IPGranted {
		return
	}
	wanted, stated := ipWords[need].zh, ipWords[offer].zh
	if offer >= need {
		b.say(true, wanted, stated, stated, "it "+ipWords[offer].en)
		return
	}
	least := "申请知识产权"
	en := "a right applied for"
	if need == IPGranted {
		least, en = "已授权的知识产权", "a granted right"
	}
	b.say(false, wanted, stated, stated+"，而对方要求"+least, ipWords[offer].en+" where "+en+" is wanted")
}

func (b *beside) modes(need, offer []string) {
	if len(need) == 0 || len(offer) == 0 {
		return
	}
	var both []string
	for _, mode := range need {
		if mode != "" && slices.Contains(offer, mode) && !slices.Contains(both, mode) {
			both = append(both, mode)
		}
	}
	wanted, stated := strings.Join(need, "、"), strings.Join(offer, "、")
	if len(both) > 0 {
		b.say(true, wanted, stated, "都愿意以"+quoted(both, "、")+"方式合作", "both are open to "+listed(both))
		return
	}
	b.say(false, wanted, stated, "合作方式不同：需求方要“"+wanted+"”，成果方可“"+stated+"”",
		"offers "+listed(offer)+" where "+listed(need)+" is wanted")
}

func (b *beside) deadline(need, offer int) {
	if need <= 0 || offer <= 0 {
		return
	}
	wanted, stated := dayWords(need), dayWords(offer)
	if offer >= need {
		b.say(true, wanted, stated, "有效至 "+stated+"，不早于需求截止的 "+wanted,
			"it stands until "+stated+", not before the deadline of "+wanted)
		return
	}
	b.say(false, wanted, stated, "只到 "+stated+" 有效，早于需求截止的 "+wanted,
		"ends on "+stated+", before the deadline of "+wanted)
}

// dayWords writes 20260131 as 2026-01-31.
func dayWords(day int) string {
	const month, year = 100, 10_000
	return fmt.Sprintf("%04d-%02d-%02d", day/year, day/month%100, day%month)
}

// yuanWords writes an amount of money as people say it: 50万元, 1200元.
func yuanWords(d hanzi.Decimal) string {
	n, ok := d.Int64()
	const wan, yi = 10_000, 100_000_000
	switch {
	case ok && n >= yi && n%(yi/100) == 0:
		return fraction(n/(yi/100)) + "亿元"
	case ok && n >= wan && n%(wan/100) == 0:
		return fraction(n/(wan/100)) + "万元"
	}
	return d.String() + "元"
}

// fraction writes hundredths.
func fraction(n int64) string {
	const hundred = 100
	s := fmt.Sprintf("%d.%02d", n/hundred, n%hundred)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// grouped writes an amount with commas: 500,000.
func grouped(d hanzi.Decimal) string {
	whole, rest, point := strings.Cut(d.String(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + rest
	}
	return whole
}

// listed puts words into a sentence: a, b and c.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// cityDigits are the digits of a region's code that name its city.
const cityDigits = 4

func samePlace(a, b string) bool {
	return len(a) >= cityDigits && len(b) >= cityDigits && a[:cityDigits] == b[:cityDigits]
}
