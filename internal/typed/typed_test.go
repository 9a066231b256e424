package typed_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/yuntu-city/yuntu/internal/typed"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		" 8英寸  碳化硅\t晶片\n减薄 ":            "8英寸 碳化硅 晶片 减薄",
		"\u200b\u200b":                  "",
		"\u200d":                        "",
		"\u200d \u200d a\u200d\u200d b": "a b",
		"\ufeff晶片":                      "晶片",
		"\u202egnp.exe 减薄":              "gnp.exe 减薄",
		"a\x07b":                        "a\x07b",
		"减\u00ad薄":                      "减薄",
		"全角\u3000空格":                    "全角 空格",
		"👨\u200d👩\u200d👧 家庭":            "👨\u200d👩\u200d👧 家庭",
		"<script>alert(1)</script>":     "<script>alert(1)</script>",
	} {
		if got := typed.Line(in); got != want {
			t.Errorf("%q is stored as %q, want %q", in, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"第一行\r\n第二行\r第三行\n": "第一行\n第二行\n第三行",
		"一\n\n  二\t三":       "一\n\n  二\t三",
		"\u2067倒\u2069\n写":  "倒\n写",
		" \u200b ":          "",
	} {
		if got := typed.Text(in); got != want {
			t.Errorf("%q is stored as %q, want %q", in, got, want)
		}
	}
}

// What was brought into form stays as it is, and holds nothing that is not seen.
func FuzzTyped(f *testing.F) {
	for _, s := range []string{"", "a\u200d", "\u200d\u200b\u200d", "\u200d \u200d a", " \u200b x", "\r\r\n", "\u202e", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, form := range map[string]func(string) string{"line": typed.Line, "text": typed.Text} {
			got := form(s)
			if again := form(got); again != got {
				t.Errorf("%s of %q: %q, then %q", name, s, got, again)
			}
			if strings.ContainsFunc(got, func(r rune) bool {
				return unicode.Is(unicode.Cf, r) && r != '\u200d'
			}) {
				t.Errorf("%s of %q holds what nobody sees: %q", name, s, got)
			}
		}
	})
}
