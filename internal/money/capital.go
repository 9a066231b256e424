package money

import "strings"

var (
	capitalDigits = [10]rune{'零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'}
	capitalPlaces = [4]rune{0, '拾', '佰', '仟'}
)

// Capital returns the amount in the capital numerals (大写) that contracts and vouchers carry:
// 贰佰陆拾壹万捌仟元整. The rules are those of 《正确填写票据和结算凭证的基本规定》; where they leave a
// choice, this is what is chosen:
//   - 整 closes an amount that ends in yuan or in jiao, and never one that ends in fen;
//   - zeros inside a number are one 零; none is written for zeros that end a group of four when the
//     next group starts with its thousands (壹拾万柒仟元);
//   - a 零 stands between a yuan place of 0 and a jiao, and between yuan and fen without jiao.
//
// A negative amount starts with 负.
func (f Fen) Capital() string {
	var b strings.Builder
	if f < 0 {
		b.WriteRune('负')
	}
	v := magnitude(int64(f))
	yuan, jiao, fen := v/100, v/10%10, v%10
	if yuan > 0 || v == 0 {
		writeCapital(&b, yuan)
		b.WriteRune('元')
	}
	switch {
	case jiao > 0:
		if yuan > 0 && yuan%10 == 0 {
			b.WriteRune('零')
		}
		b.WriteRune(capitalDigits[jiao])
		b.WriteRune('角')
	case fen > 0 && yuan > 0:
		b.WriteRune('零')
	}
	if fen > 0 {
		b.WriteRune(capitalDigits[fen])
		b.WriteRune('分')
	} else {
		b.WriteRune('整')
	}
	return b.String()
}

// writeCapital writes a whole number by its places of 亿, 万 and below; 亿 nests for the largest.
func writeCapital(b *strings.Builder, v uint64) {
	if v == 0 {
		b.WriteRune('零')
		return
	}
	const yi, wan = 100_000_000, 10_000
	written := false
	if v >= yi {
		writeCapital(b, v/yi)
		b.WriteRune('亿')
		v, written = v%yi, true
	}
	if high := v / wan; high > 0 {
		writeGroup(b, high, written)
		b.WriteRune('万')
		v, written = v%wan, true
	} else if written && v > 0 {
		// The whole group of 万 is empty, so a 零 stands for it.
		b.WriteRune('零')
		written = false
	}
	if v > 0 {
		writeGroup(b, v, written)
	}
}

// writeGroup writes 1 to 9999. After a higher group, missing thousands are a 零.
func writeGroup(b *strings.Builder, v uint64, after bool) {
	zero := after && v < 1000
	started := false
	for place := 3; place >= 0; place-- {
		digit := v / [4]uint64{1, 10, 100, 1000}[place] % 10
		if digit == 0 {
			zero = zero || started
			continue
		}
		if zero {
			b.WriteRune('零')
			zero = false
		}
		b.WriteRune(capitalDigits[digit])
		if place > 0 {
			b.WriteRune(capitalPlaces[place])
		}
		started = true
	}
}
