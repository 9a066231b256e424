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
	// Op is AtLeast for 余, 多, 几 and 数 (二十余, 十几, 数百), About for 来 and two neighbouring digits
	// (二十来, 七八), else Exactly.
	Op Op
	// Per is what Value is out of when the words say so: 100 for 百分之, 1000 for 千分之, 10000 for
	// 万分之; otherwise 0.
	Per int
	// Ordinal is true for 第三.
	Ordinal bool
	// Fraction is true for 三分之二, 1/3, ½, 半 and 一半.
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
	n, ok := scan(r, i)
	if ok {
		n.Glued = glued(r, n.Start, n.End)
	}
	return n, ok
}

// scan reads the number at i, which startsNumber accepted.
func scan(r []rune, i int) (Number, bool) {
	switch c := r[i]; c {
	case '第':
		return scanOrdinal(r, i)
	case '负', '負', '-', '−':
		if (c == '-' || c == '−') && !signs(r, i) {
			return Number{}, false
		}
		return scanNegative(r, i, skipGap(r, i+1))
	case '半', '½', '¼', '¾':
		return scanPart(r, i), true
	case '万', '萬', '亿', '億', '兆':
		if power(at(r, i-1)) > 0 { // inside a run of scale words
			return Number{}, false
		}
	case '一':
		if isOne(at(r, i-1), "唯统之同单专逐划") { // 唯一, 统一
			return Number{}, false
		}
	case '零':
		if at(r, i+1) == '下' {
			return scanNegative(r, i, skipGap(r, i+2))
		}
	case '.':
		if p := at(r, i-1); p == '.' || arabic(p) || latin(p) {
			return Number{}, false
		}
	}
	if c := at(r, i+1); r[i] == '一' && c == '半' && !isOne(at(r, i+2), "径岛天") {
		return Number{Start: i, End: i + 2, Value: Scaled(5, -1), Coef: Scaled(5, -1), Op: Exactly,
			Fraction: true}, true
	}
	n, ok := scanUnsigned(r, i)
	if ok && !n.Digits && n.Op == Exactly {
		n = withFraction(r, n)
	}
	return n, ok
}

// signs reports whether the hyphen at i is a minus: not one that joins two words or numbers.
func signs(r []rune, i int) bool {
	p := at(r, i-1)
	return !arabic(p) && !latin(p) && !isOne(p, ")%年月日号期点时-—") && digit(p) < 0 && power(p) == 0
}

func scanNegative(r []rune, i, j int) (Number, bool) {
	if c := at(r, j); !startsNumber(c) || isOne(c, "第负負-−") {
		return Number{}, false
	}
	n, ok := scan(r, j)
	if !ok || n.Lone && n.Bare {
		return Number{}, false
	}
	n.Start, n.Lone = i, false
	n.Value, n.Coef = n.Value.Neg(), n.Coef.Neg()
	if n.Range {
		n.Value, n.High = n.High.Neg(), n.Value
		n.Coef, n.Scale = n.Value, ""
	}
	return n, true
}

func scanOrdinal(r []rune, i int) (Number, bool) {
	p := newReader(r, skipGap(r, i+1))
	p.ordinal = true
	v, ok := p.read()
	if !ok {
		return Number{}, false
	}
	return Number{Start: i, End: p.i, Value: v, Coef: v, Op: Exactly, Ordinal: true,
		Arabic: p.arabic, Digits: p.digits}, true
}

// scanPart reads 半 and the fractions that are one character.
func scanPart(r []rune, i int) Number {
	v := Scaled(5, -1)
	switch r[i] {
	case '¼':
		v = Scaled(25, -2)
	case '¾':
		v = Scaled(75, -2)
	}
	return Number{Start: i, End: i + 1, Value: v, Coef: v, Op: Exactly,
		Lone: r[i] == '半', Fraction: true}
}

func scanUnsigned(r []rune, i int) (Number, bool) {
	p := newReader(r, i)
	v, ok := p.read()
	if !ok {
		return Number{}, false
	}
	n := Number{
		Start: i, End: p.i, Value: v, Coef: v, Op: p.op,
		Arabic: p.arabic, Digits: p.digits, Bare: p.bare,
		Lone: p.i == i+1 && !p.arabic,
	}
	if p.big && p.n == 1 {
		n.Coef, n.Scale = p.coef, scaleWord(r[p.scaled:p.i])
	}
	if p.ranged {
		q := newReader(r, i)
		q.upper = true
		n.Range = true
		n.High, _ = q.read()
	}
	return n, true
}

// scaleWord returns the scale words of a run that may hold spaces and vague words.
func scaleWord(run []rune) string {
	if len(run) == 1 {
		switch run[0] {
		case '万':
			return "万"
		case '亿':
			return "亿"
		}
	}
	word := make([]rune, 0, len(run))
	for _, c := range run {
		if power(c) >= 4 {
			word = append(word, c)
		}
	}
	return string(word)
}
