package money

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const (
		noNumber  = "金额应为数字，如 35.6"
		tooFine   = "金额最多精确到分"
		grouping  = "千位分隔符的位置不对，应如 1,234.56"
		outOfSize = "金额超出可记录的范围"
	)
	for _, c := range []struct {
		in   string
		unit Unit
		want Fen
		key  string
	}{
		{"35.6", Wan, 35_600_000, ""},
		{"１，２３４.５", Yuan, 123_450, ""},
		{"１，２３４．５", Yuan, 123_450, ""},
		{"2.28亿元", Wan, 22_800_000_000, ""},
		{"2.28 亿", Yuan, 22_800_000_000, ""},
		{"8600元", Wan, 860_000, ""},
		{"500万", Yuan, 500_000_000, ""},
		{"¥2,618,000.00", Yuan, 261_800_000, ""},
		{"￥ 1 234.50", Yuan, 123_450, ""},
		{"-3.5万元", Yuan, -3_500_000, ""},
		{"－¥3", Yuan, -300, ""},
		{"+3", Yuan, 300, ""},
		{"0", Yi, 0, ""},
		{"007", Yuan, 700, ""},
		{"0.000001", Wan, 1, ""},
		{"0.0000000001", Yi, 1, ""},
		{"1.2300000", Yuan, 123, ""},
		{"92233720368547758.07", Yuan, math.MaxInt64, ""},
		{"-92233720368547758.08", Yuan, math.MinInt64, ""},
		{"92233720368547758.08", Yuan, 0, outOfSize},
		{"99999999999", Yi, 0, outOfSize},
		{"1.234", Yuan, 0, tooFine},
		{"0.0000001", Wan, 0, tooFine},
		{"", Yuan, 0, noNumber},
		{"万元", Yuan, 0, noNumber},
		{"面议", Yuan, 0, noNumber},
		{".5", Yuan, 0, noNumber},
		{"5.", Yuan, 0, noNumber},
		{"1.2.3", Yuan, 0, noNumber},
		{"1e5", Yuan, 0, noNumber},
		{"--5", Yuan, 0, noNumber},
		{"0x10", Yuan, 0, noNumber},
		{"3万元5", Yuan, 0, noNumber},
		{"1,23", Yuan, 0, grouping},
		{"1234,567", Yuan, 0, grouping},
		{",123", Yuan, 0, grouping},
		{"1,,234", Yuan, 0, grouping},
		{"1,234,", Yuan, 0, grouping},
		{"1.234,5", Yuan, 0, noNumber},
		{strings.Repeat("1", 49), Yuan, 0, noNumber},
		{strings.Repeat(" ", 1000) + "1", Yuan, 0, noNumber},
	} {
		got, err := Parse(c.in, c.unit)
		if got != c.want {
			t.Errorf("Parse(%q) = %d, want %d", c.in, got, c.want)
		}
		f, _ := fault.As(err)
		if (c.key == "") != (err == nil) || c.key != "" && (f == nil || f.Key != c.key) {
			t.Errorf("Parse(%q) error = %v, want %q", c.in, err, c.key)
		}
	}
}

func TestParsePercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in       string
		num, den int64
		ok       bool
	}{
		{"5", 1, 20, true},
		{"5.25%", 21, 400, true},
		{"５．２５％", 21, 400, true},
		{"-2.1", -21, 1000, true},
		{"100%", 1, 1, true},
		{"", 0, 1, false},
		{"%", 0, 1, false},
		{"五", 0, 1, false},
		{"0." + strings.Repeat("1", 30), 0, 1, false},
	} {
		r, err := ParsePercent(c.in)
		num, den := r.Terms()
		if num != c.num || den != c.den || (err == nil) != c.ok {
			t.Errorf("ParsePercent(%q) = %d/%d, %v", c.in, num, den, err)
		}
	}
}

// FuzzParse: every refusal is a fault in words, and an accepted amount written out plainly in yuan
// reads back as the same amount.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"35.6", "１，２３４.５", "2.28亿元", "¥2,618,000.00", "-0.01", "1e9", "万"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, u := range []Unit{Yuan, Wan, Yi} {
			v, err := Parse(s, u)
			if err != nil {
				if !fault.Is(err, fault.Invalid) {
					t.Fatalf("Parse(%q): %v", s, err)
				}
				continue
			}
			sign := ""
			if v < 0 {
				sign = "-"
			}
			plain := fmt.Sprintf("%s%d.%02d", sign, magnitude(int64(v))/100, magnitude(int64(v))%100)
			again, err := Parse(plain, Yuan)
			if err != nil || again != v {
				t.Fatalf("Parse(%q) = %d, plain %s reads %d, %v", s, v, plain, again, err)
			}
		}
	})
}
