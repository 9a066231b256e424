package hanzi

// moneySigns lists the signs and names that stand before an amount, longer ones first, with the
// unit they stand for.
var moneySigns = [...]struct{ sign, unit, code string }{
	{"US$", "美元", "USD"}, {"HK$", "港元", "HKD"}, {"NT$", "新台币", "TWD"}, {"S$", "新加坡元", "SGD"},
	{"A$", "澳元", "AUD"}, {"C$", "加元", "CAD"}, {"RMB", "元", "CNY"}, {"CNY", "元", "CNY"},
	{"USD", "美元", "USD"}, {"EUR", "欧元", "EUR"}, {"人民币", "元", "CNY"}, {"¥", "元", "CNY"},
	{"￥", "元", "CNY"}, {"$", "美元", "USD"}, {"€", "欧元", "EUR"}, {"£", "英镑", "GBP"},
}

// startsMoney reports whether a sign of moneySigns can begin with c.
func startsMoney(c rune) bool {
	switch c {
	case 'U', 'H', 'N', 'S', 'A', 'C', 'R', 'E', '人', '¥', '￥', '$', '€', '£':
		return true
	}
	return false
}

// scanMoneySign reads an amount with its sign before it: ¥300, US$1.2亿, 人民币50元.
func scanMoneySign(r []rune, i int) (Quantity, bool) {
	if !startsMoney(at(r, i)) || latin(at(r, i-1)) {
		return Quantity{}, false
	}
	for _, s := range moneySigns {
		if !hasAt(r, i, s.sign) {
			continue
		}
		j := i
		for range s.sign {
			j++
		}
		n, ok := ScanNumber(r, skipGap(r, j))
		if !ok || n.Ordinal || n.Lone && n.Bare || n.Per > 0 {
			return Quantity{}, false
		}
		q := measured(r, n)
		if s, ok := q.span(r); ok {
			q = s
		} else {
			q = q.compound(r)
		}
		if q.Dim == "" {
			q.Unit, q.Dim = q.Unit+s.unit, s.code
		} else if q.Dim != s.code {
			return Quantity{}, false
		}
		q.Start = i
		return q, true
	}
	return Quantity{}, false
}
