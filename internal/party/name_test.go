package party

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNameKeyJoinsSpellings(t *testing.T) {
	for _, same := range [][]string{
		{"太原市云帆新材料有限公司", "太原云帆新材料有限责任公司", "太原云帆新材料股份有限公司",
			"太原云帆新材料"},
		{"山西（太原）晋阳机械有限公司", "山西(太原)晋阳机械有限公司", "山西太原晋阳机械有限公司"},
		{"ＡＢＣ科技有限公司", "abc科技有限公司", "ABC 科技有限公司"},
		{"Jinyang Machinery Co., Ltd.", "JINYANG MACHINERY CO LTD", "Jinyang Machinery"},
		{"长治市潞州区第一中学", "长治潞州第一中学"},
	} {
		want := NameKey(same[0])
		for _, s := range same[1:] {
			if got := NameKey(s); got != want {
				t.Errorf("NameKey(%q) = %q, NameKey(%q) = %q", same[0], want, s, got)
			}
		}
	}
}

func TestNameKeyKeepsDifferentNamesApart(t *testing.T) {
	seen := map[string]string{}
	for _, s := range []string{
		"太原云帆新材料有限公司", "太原云帆材料有限公司", "太原市第一医院", "太原市第二医院", "集团", "公司",
		"市区县", "太原市", "", "有限公司", "A", "Ltd",
	} {
		key := NameKey(s)
		if other, ok := seen[key]; ok {
			t.Errorf("%q and %q have the same key %q", s, other, key)
		}
		seen[key] = s
	}
}

func TestGrams(t *testing.T) {
	got := Grams("太原钢 ＡＢ", "太原")
	if d := cmp.Diff([]string{"太原", "原钢", "ab"}, got); d != "" {
		t.Error(d)
	}
	if got := Grams("甲", ""); len(got) != 1 || got[0] != "甲" {
		t.Errorf("one character gives %q", got)
	}
}

func TestSortKeyIsPinyinOrder(t *testing.T) {
	// A character with two readings (长治, 重庆) is placed by its commoner one: the table knows
	// characters, not words.
	want := []string{"阿里", "北京", "大同", "晋中", "太原", "运城"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int {
		ka, kb := SortKey(a), SortKey(b)
		if ka < kb {
			return -1
		}
		return 1
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzNameKey(f *testing.F) {
	f.Add("太原市（某）有限公司")
	f.Add("省市区县")
	f.Fuzz(func(t *testing.T, s string) {
		key := NameKey(s)
		if again := NameKey(key); len(again) > len(key) {
			t.Errorf("key of the key grew: %q → %q", key, again)
		}
		Grams(s)
		SortKey(s)
	})
}
