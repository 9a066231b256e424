package hanzi

// Op says how a number bounds what is counted.
type Op string

// The comparators of statements.
const (
	Exactly Op = "="
	AtLeast Op = ">=" // 以上, 余, 多, 超, 突破, 不少于, 至少
	AtMost  Op = "<=" // 以内, 不超过
	More    Op = ">"  // 大于, 高于
	Less    Op = "<"  // 小于, 低于, 不足
	About   Op = "~"  // 约, 左右, 近, 几, 来
)

// Number is a number as it stands in folded text.
type Number struct {
	Start, End int // runes
	// Value is the whole number: 8.7万 → 87000, 三分之二 → 2/3, 百分之三点五 → 3.5 with Per 100.
	Value Decimal
	// High is the upper end where the wording spans a range (十几, 三五, 七八百); Value is the lower.
	High  Decimal
	Range bool
	// Coef and Scale split Value when a large scale word ends the number: 8.7万 → 8.7 and 万,
	// 1.1万亿 → 1.1 and 万亿, 500余万 → 500 and 万. Otherwise Coef is Value and Scale is empty.
	Coef  Decimal
	Scale string
	// Op is AtLeast for 余, 多 and 几 behind a number, About for 来 and a vague number, else Exactly.
	Op Op
	// Per is what Value is out of when the words say so: 100 for 百分之, 1000 for 千分之, 10000 for
	// 万分之; otherwise 0.
	Per int
	// Ordinal is true for 第三.
	Ordinal bool
	// Fraction is true for 三分之二, 1/3 and ½.
	Fraction bool
	// Arabic is true when the number starts with a digit 0–9.
	Arabic bool
	// Digits is true for two or more Chinese digits read by place: 二〇二五.
	Digits bool
	// Lone is true for a single Chinese numeral (一, 十). It is as often part of a word (统一, 十分)
	// as it is a number; what stands around it decides.
	Lone bool
	// Bare is true when a scale word begins the number (百亿, 千), which counts as one of it.
	Bare bool
	// Glued says that Latin letters or digits touch the number, as in names: A4, 5G, PM2.5.
	Glued Glued
}

// Glued tells which sides of a number touch a Latin letter, directly or over a hyphen, dot, slash
// or underscore that such a letter precedes.
type Glued struct{ Before, After bool }

// ScanNumber reads the longest number that begins exactly at rune i of folded text.
func ScanNumber(r []rune, i int) (Number, bool) {
	if i < 0 || i >= len(r) || !startsNumber(r[i]) {
		return Number{}, false
	}
	return scanNumber(r, i)
}
