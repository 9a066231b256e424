package reading

import "github.com/yuntu-city/yuntu/engine/hanzi"

// ordinal pushes a place in an order at i: 第三位, 首位, 前十名, 后三位, 倒数第二, 榜首.
func (x *lexer) ordinal(i, to int) int {
	switch x.r[i] {
	case '第', '倒', '首', '前', '后', '榜', '末':
	default:
		return 0
	}
	o, j, ok := x.place(i, to)
	if !ok {
		return 0
	}
	o.word = string(x.r[i:j])
	x.ords = append(x.ords, o)
	x.push(token{kind: kOrd, start: i, end: j, at: len(x.ords) - 1})
	return j - i
}

// place reads the place in an order that begins at i.
func (x *lexer) place(i, to int) (o ordinal, end int, ok bool) {
	r := x.r[:to]
	has := func(s string) int {
		j := i
		for _, c := range s {
			if j >= to || r[j] != c {
				return 0
			}
			j++
		}
		return j
	}
	for _, s := range [...]string{"首位", "榜首"} {
		if j := has(s); j > 0 {
			return ordinal{value: 1}, j, true
		}
	}
	for _, s := range [...]string{"末位", "倒数首位"} {
		if j := has(s); j > 0 {
			return ordinal{value: -1}, j, true
		}
	}
	sign, start, upTo := 1, 0, false
	switch {
	case has("倒数第") > 0:
		sign, start = -1, i+3
	case r[i] == '第':
		start = i + 1
	case r[i] == '前':
		start, upTo = i+1, true
	case r[i] == '末' || r[i] == '后':
		sign, start, upTo = -1, i+1, true
	default:
		return o, 0, false
	}
	n, ok := hanzi.ScanNumber(r, start)
	if !ok || n.Start != start {
		return o, 0, false
	}
	v, ok := n.Value.Int64()
	if !ok || v < 1 || v > 9999 {
		return o, 0, false
	}
	end = n.End
	if end < to && (r[end] == '位' || r[end] == '名') {
		end++
	} else if upTo && end < to && !isMark(r[end]) && r[end] != '强' {
		return o, 0, false // 前三季度, 后两年
	}
	return ordinal{value: sign * int(v), upTo: upTo}, end, true
}
