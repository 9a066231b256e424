package hanzi

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"产值12.5亿元，增长3%。", "产值12.5亿元，增长3%。"},
		{"１２％", "12%"},
		{"ＡＢｃ－１（甲）：乙；丙！丁？", "ABc-1(甲):乙;丙!丁?"},
		{"４，５６５万元", "4,565万元"},
		{"3，120", "3，120"},
		{"１，２", "1,2"},
		{"面积５㎡，温度－３℃", "面积5m²，温度-3°C"},
		{"3㎥/ｈ", "3m³/h"},
		{"①②½…²", "①②½…²"},
		{"甲\u3000乙\u00a0丙", "甲 乙 丙"},
		{"1\u200b2\ufeff3\u00ad", "123"},
		{"ﬁ", "fi"},
		{"\uf9dc", "隆"},
		{"ａ\xffｂ", "a\ufffdb"},
		{"﹪﹩", "%$"},
	} {
		if got := string(Fold(c.in).Runes); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestOrigin(t *testing.T) {
	const in = "面积５㎡，\u200b零下３℃，㍿"
	text, given := Fold(in), []rune(in)
	for _, c := range []struct{ folded, want string }{
		{"面积", "面积"},
		{"5", "５"},
		{"5m²", "５㎡"},
		{"m", "㎡"},
		{"²", "㎡"},
		{"，零", "，\u200b零"},
		{"3°C", "３℃"},
		{"式会", "㍿"},
	} {
		start := strings.Index(string(text.Runes), c.folded)
		start = utf8.RuneCountInString(string(text.Runes)[:start])
		a, b := text.Origin(start, start+utf8.RuneCountInString(c.folded))
		if got := string(given[a:b]); got != c.want {
			t.Errorf("%q came from %q, want %q", c.folded, got, c.want)
		}
	}
	for _, at := range []int{0, 3, len(text.Runes)} {
		if a, b := text.Origin(at, at); a != b || a > len(given) {
			t.Errorf("Origin(%d, %d) = %d, %d, want an empty span", at, at, a, b)
		}
	}
}

// FuzzFold checks that the way back is never lost: every folded rune came from one rune, in order,
// and folding what a span came from gives the span again.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "１２㎡，３", "a\u200b\ufeff", "\xff\xfe㍿ﷺ", "４，５６５", "ﬁ℃𝟘"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, given := Fold(s), []rune(s)
		last := 0
		for i := range text.Runes {
			a, b := text.Origin(i, i+1)
			if a < last || b != a+1 || b > len(given) {
				t.Fatalf("rune %d came from [%d,%d) after %d of %d", i, a, b, last, len(given))
			}
			last = a
		}
		if n := len(text.Runes); n > 0 {
			a, b := text.Origin(0, n)
			again := string(Fold(string(given[a:b])).Runes)
			if !strings.Contains(again, string(text.Runes)) {
				t.Fatalf("Fold(%q) = %q, but %q of its origin", s, string(text.Runes), again)
			}
		}
		if a, b := text.Origin(len(text.Runes), len(text.Runes)); a != b || a > len(given) {
			t.Fatalf("end of text came from [%d,%d) of %d", a, b, len(given))
		}
	})
}
