package hanzi

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// numberTests are texts that begin with a number: the words of it and its value.
var numberTests = []struct{ in, text, value string }{
	{"12.5%", "12.5", "12.5"},
	{"1,234家", "1,234", "1234"},
	{"1,234,567.89", "1,234,567.89", "1234567.89"},
	{"1,23", "1", "1"},
	{"3，120", "3", "3"},
	{"１２", "12", "12"},
	{"0351", "0351", "351"},
	{"1.2e3", "1.2e3", "1200"},
	{"1e400", "1", "1"},
	{"5edges", "5", "5"},
	{"-3.6", "-3.6", "-3.6"},
	{".5", ".5", "0.5"},
	{"202107211321363588510367", "202107211321363588510367", "202107211321363588510367"},
	{"三千二百", "三千二百", "3200"},
	{"三千二百余", "三千二百余", "3200"},
	{"两万五", "两万五", "25000"},
	{"两万五千", "两万五千", "25000"},
	{"一百一", "一百一", "110"},
	{"十五", "十五", "15"},
	{"一百十五", "一百十五", "115"},
	{"一百零五", "一百零五", "105"},
	{"一百二十亿", "一百二十亿", "12000000000"},
	{"3千2百", "3千2百", "3200"},
	{"5万4千6百", "5万4千6百", "54600"},
	{"1千零1", "1千零1", "1001"},
	{"8.7万人", "8.7万", "87000"},
	{"1.1万亿元", "1.1万亿", "1100000000000"},
	{"一万五千亿", "一万五千亿", "1500000000000"},
	{"五兆六十二亿四万五千二", "五兆六十二亿四万五千二", "5006200045200"},
	{"三千 八百 九十六 万", "三千 八百 九十六 万", "38960000"},
	{"500余万元", "500余万", "5000000"},
	{"十多万亿", "十多万亿", "10000000000000"},
	{"二十来个", "二十来", "20"},
	{"2020来访", "2020", "2020"},
	{"5万余额", "5万", "50000"},
	{"百分之三点五", "百分之三点五", "3.5"},
	{"千分之五", "千分之五", "5"},
	{"三分之二", "三分之二", "2/3"},
	{"一又二分之一", "一又二分之一", "1.5"},
	{"1/3以上", "1/3", "1/3"},
	{"360/60t", "360", "360"},
	{"2024/5/1", "2024", "2024"},
	{"一半", "一半", "0.5"},
	{"半年", "半", "0.5"},
	{"½", "½", "0.5"},
	{"一点五亿", "一点五亿", "150000000"},
	{"三点五十分", "三", "3"},
	{"两点一线", "两", "2"},
	{"十几家", "十几", "10"},
	{"几十个", "几十", "10"},
	{"数百家", "数百", "100"},
	{"第三位", "第三", "3"},
	{"第32位", "第32", "32"},
	{"负五", "负五", "-5"},
	{"零下12.5", "零下12.5", "-12.5"},
	{"壹仟贰佰叁拾肆万伍仟陆佰柒拾捌", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌", "12345678"},
	{"兩千四百五", "兩千四百五", "2450"},
	{"廿五", "廿五", "25"},
	{"卅", "卅", "30"},
	{"俩", "俩", "2"},
	{"二〇二五年", "二〇二五", "2025"},
	{"七八百", "七八百", "700"},
	{"十七八岁", "十七八", "17"},
	{"两千瓦", "两", "2"},
	{"120万千瓦", "120万", "1200000"},
	{"2020百强", "2020", "2020"},
	{"五十千", "五十", "50"},
	{"万一", "万", "10000"},
	{"五千零2024", "五千", "5000"},
	{"一百零五", "一百零五", "105"},
	{"一百零", "一百", "100"},
}

func TestScanNumber(t *testing.T) {
	for _, c := range numberTests {
		r := Fold(c.in).Runes
		n, ok := ScanNumber(r, 0)
		if got := string(r[:n.End]); !ok || got != c.text || n.Value.String() != c.value {
			t.Errorf("ScanNumber(%q) = %q %v %v, want %q %s",
				c.in, got, n.Value, ok, c.text, c.value)
		}
	}
}

func TestScanNumberParts(t *testing.T) {
	scaled := func(coef, scale string) func(Number) bool {
		return func(n Number) bool { return n.Coef.String() == coef && n.Scale == scale }
	}
	for _, c := range []struct {
		in   string
		is   func(Number) bool
		what string
	}{
		{"8.7万", scaled("8.7", "万"), "8.7 万"},
		{"1.1万亿", scaled("1.1", "万亿"), "1.1 万亿"},
		{"500余万", scaled("500", "万"), "500 万"},
		{"一万五千亿", scaled("15000", "亿"), "15000 亿"},
		{"25万6千", scaled("256000", ""), "no scale"},
		{"余", func(n Number) bool { return n.End == 0 }, "nothing"},
		{"8700余家", func(n Number) bool { return n.Op == AtLeast }, ">="},
		{"二十来个", func(n Number) bool { return n.Op == About }, "~"},
		{"十几", func(n Number) bool { return n.Range && n.High.String() == "19" }, "to 19"},
		{"七八百", func(n Number) bool { return n.Range && n.High.String() == "800" }, "to 800"},
		{"二三十", func(n Number) bool { return n.Range && n.High.String() == "30" }, "to 30"},
		{"百分之五", func(n Number) bool { return n.Per == 100 }, "of 100"},
		{"万分之五", func(n Number) bool { return n.Per == 10000 }, "of 10000"},
		{"三分之一", func(n Number) bool { return n.Fraction && n.Per == 0 }, "a fraction"},
		{"第三", func(n Number) bool { return n.Ordinal }, "an ordinal"},
		{"第十七八", func(n Number) bool { return n.Ordinal && !n.Range }, "no range"},
		{"一", func(n Number) bool { return n.Lone }, "lone"},
		{"5", func(n Number) bool { return !n.Lone && n.Arabic }, "arabic"},
		{"百亿", func(n Number) bool { return n.Bare && !n.Lone }, "bare"},
		{"二〇二五", func(n Number) bool { return n.Digits }, "digits"},
		{"5G", func(n Number) bool { return n.Glued == Glued{After: true} }, "glued behind"},
		{"5-HT", func(n Number) bool { return n.Glued.After }, "glued behind"},
		{"5个", func(n Number) bool { return n.Glued == Glued{} }, "not glued"},
	} {
		n, _ := ScanNumber(Fold(c.in).Runes, 0)
		if !c.is(n) {
			t.Errorf("ScanNumber(%q) = %+v, want %s", c.in, n, c.what)
		}
	}
}

func TestScanNumberRejects(t *testing.T) {
	for _, c := range []struct {
		in string
		at int
	}{
		{"人数十分", 1}, {"数据", 0}, {"负责", 0}, {"第几", 0}, {"5-8", 1}, {"A-5", 1}, {"...", 2}, {"-", 0},
		{"", 0}, {"5", 1}, {"5", -1}, {"点五", 0}, {"余", 0},
	} {
		if n, ok := ScanNumber([]rune(c.in), c.at); ok {
			t.Errorf("ScanNumber(%q, %d) = %+v, want none", c.in, c.at, n)
		}
	}
	long := []rune(strings.Repeat("9", 500))
	if n, ok := ScanNumber(long, 0); ok {
		t.Errorf("a number of 500 digits was read as %v", n.Value)
	}
}

// spell writes a whole number in Chinese, by the rules of the schoolbook and without code of the
// package: groups of four digits with 万 and 亿, one 零 for zeros inside.
func spell(n int64) string {
	if n == 0 {
		return "零"
	}
	var groups []int64
	for ; n > 0; n /= 10000 {
		groups = append(groups, n%10000)
	}
	names := []string{"", "万", "亿", "万"}
	out, zero := "", false
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		if g == 0 {
			zero = out != ""
		} else {
			if out != "" && (zero || g < 1000) {
				out += "零"
			}
			out, zero = out+spellGroup(g)+names[i], false
		}
		if i == 2 && len(groups) > 3 && g == 0 {
			out += "亿" // 五万亿
		}
	}
	return out
}

// spellGroup writes 1 to 9999.
func spellGroup(g int64) string {
	digits := strings.Split("零一二三四五六七八九", "")
	out, zero := "", false
	for _, place := range []struct {
		size int64
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := g / place.size % 10
		if d == 0 {
			zero = out != ""
			continue
		}
		if zero {
			out += "零"
		}
		out, zero = out+digits[d]+place.name, false
	}
	return out
}

// TestSpelledNumbers reads back the Chinese spelling of numbers up to 10^16, in simple and in
// capital numerals.
func TestSpelledNumbers(t *testing.T) {
	capital := strings.NewReplacer("一", "壹", "二", "贰", "三", "叁", "四", "肆", "五", "伍", "六", "陆",
		"七", "柒", "八", "捌", "九", "玖", "十", "拾", "百", "佰", "千", "仟")
	check := func(n int64) {
		t.Helper()
		word := spell(n)
		for _, s := range []string{word, capital.Replace(word)} {
			r := []rune(s)
			got, ok := ScanNumber(r, 0)
			if v, _ := got.Value.Int64(); !ok || v != n || got.End != len(r) {
				t.Fatalf("%d is %s, read as %v of %d runes", n, s, got.Value, got.End)
			}
		}
	}
	for n := range int64(20_000) {
		check(n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for limit := int64(100_000); limit <= 1e16; limit *= 10 {
		for range 3000 {
			check(rng.Int64N(limit))
			check(rng.Int64N(limit) / 10000 * 10000)
			check(rng.Int64N(10)*limit/10 + rng.Int64N(1000))
		}
	}
}

func FuzzScanNumber(f *testing.F) {
	for _, s := range []string{"一百二十亿余", "-1.2e3", "三又三分之二", "七八百万", "第三", "１，２３４",
		"万万万万万万万万万万", "九九九九九九", "百分之百分之五", "1/3/5", "零零零"} {
		f.Add(s, 0)
	}
	f.Fuzz(func(t *testing.T, s string, i int) { checkNumber(t, Fold(s).Runes, i) })
}
