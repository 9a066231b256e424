package market

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Limits of filters.
const (
	maxFilterTRL  = 10
	maxFilterName = 64 // bytes of an id or of the name of a chain
)

// Check says what of a filter there is not, each at its field, whose name begins with prefix. Known says
// which places there are, nil any.
func (f PostFilter) Check(prefix string, known func(region.Code) bool) []fault.Field {
	var out []fault.Field
	bad := func(wrong bool, field, key string, args ...any) {
		if wrong {
			out = append(out, fault.At(prefix+field, key, args...))
		}
	}
	for _, c := range []struct {
		field, value string
		list         []Choice
	}{
		{"kind", string(f.Kind), Kinds()}, {"field", f.Field, Fields()}, {"state", f.State, stateChoices()},
		{"visibility", string(f.Visibility), Visibilities()}, {"sixNew", f.SixNew, SixNews()},
		{"sort", f.Sort, append(NeedKinds(), ResultKinds()...)}, {"mode", f.Mode, ModeChoices()},
	} {
		bad(c.value != "" && TitleOf(c.list, c.value) == "", c.field, "没有“%s”这个选项", clipped(c.value))
	}
	bad(f.Region != "" && known != nil && !known(f.Region), "region", "行政区划代码 %s 不在现行代码表中",
		clipped(string(f.Region)))
	for field, value := range map[string]string{"org": f.Org, "broker": f.Broker, "chain": f.Chain} {
		bad(len(value) > maxFilterName, field, "没有“%s”这个选项", clipped(value))
	}
	bad(f.TRLFrom < 0 || f.TRLFrom > maxFilterTRL, "trlFrom", "成熟度为 1 到 %d 级", maxFilterTRL)
	bad(f.TRLTo < 0 || f.TRLTo > maxFilterTRL || f.TRLTo != 0 && f.TRLTo < f.TRLFrom, "trlTo",
		"成熟度为 1 到 %d 级", maxFilterTRL)
	bad(f.PriceLoFen < 0 || f.PriceLoFen > maxPriceFen, "priceLoFen", "金额超出范围")
	bad(f.PriceHiFen < 0 || f.PriceHiFen > maxPriceFen || f.PriceHiFen != 0 && f.PriceHiFen < f.PriceLoFen,
		"priceHiFen", "金额超出范围")
	return out
}

// stateChoices are the states of posts of both kinds.
func stateChoices() []Choice {
	var out []Choice
	for _, k := range []Kind{Need, Achievement} {
		for _, s := range ProcessOf(k).Def().States {
			out = append(out, Choice{Value: s.Name, Title: s.Title})
		}
	}
	return out
}

// clipped is what a message repeats of a value that somebody made up.
func clipped(s string) string {
	const most = 20
	r := []rune(strings.ToValidUTF8(s, "?"))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}
