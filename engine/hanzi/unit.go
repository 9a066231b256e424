package hanzi

// Unit is a word that says what is counted or measured.
type Unit struct {
	Name string // as written
	// Dim is what is measured; only units of one dimension convert into each other. "count" is the
	// dimension of the counters 家, 户, 个 and their like.
	Dim string
	// Factor is the size in the base unit of the dimension.
	Factor Decimal
}

var firstUnits = map[string]Unit{}

func init() {
	for _, u := range []string{"家", "户", "个", "项", "条", "名", "件", "次", "所", "套", "处", "份"} {
		firstUnits[u] = Unit{u, "count", Int(1)}
	}
	for u, f := range map[string]int64{"元": 1, "万元": 10000, "亿元": 100000000} {
		firstUnits[u] = Unit{u, "CNY", Int(f)}
	}
	firstUnits["%"] = Unit{"%", "ratio", Int(1)}
	firstUnits["个百分点"] = Unit{"个百分点", "points", Int(1)}
	firstUnits["位"] = Unit{"位", "rank", Int(1)}
}

// Convert returns value in another unit of the same dimension, and false when there is none: 1 亿元
// is 10000 万元, and 家, 户 and 个 are one counter.
func Convert(value Decimal, from, to string) (Decimal, bool) {
	f, ok := firstUnits[from]
	if !ok {
		return Decimal{}, false
	}
	t, ok := firstUnits[to]
	if !ok || f.Dim != t.Dim {
		return Decimal{}, false
	}
	return value.Mul(f.Factor).Quo(t.Factor)
}
