package region

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want Code
		key  string
	}{
		{"140105", "140105", ""},
		{" 140000 ", "140000", ""},
		{"１４０１００", "140100", ""},
		{"469001", "469001", ""},
		{"820000", "820000", ""},
		{"", "", "行政区划代码应为 6 位数字"},
		{"1401", "", "行政区划代码应为 6 位数字"},
		{"14010a", "", "行政区划代码应为 6 位数字"},
		{"14010५", "", "行政区划代码应为 6 位数字"},
		{"000000", "", "行政区划代码的前两位不是省级代码：%s"},
		{"100000", "", "行政区划代码的前两位不是省级代码：%s"},
		{"910000", "", "行政区划代码的前两位不是省级代码：%s"},
		{"140005", "", "行政区划代码缺少第 3、4 位的市级代码：%s"},
	} {
		got, err := Parse(c.in)
		if got != c.want {
			t.Errorf("Parse(%q) = %q, want %q", c.in, got, c.want)
		}
		f, _ := fault.As(err)
		if (c.key == "") != (err == nil) || c.key != "" && (f == nil || f.Key != c.key) {
			t.Errorf("Parse(%q) error = %v, want key %q", c.in, err, c.key)
		}
	}
}

func TestCheck(t *testing.T) {
	for code, want := range map[Code]string{
		"140105": "", "140100": "", "": "请选择所在地区", "1401": "行政区划代码应为 6 位数字", " 140105": "行政区划代码应为 6 位数字",
		"999999": "行政区划代码的前两位不是省级代码：99", "140005": "行政区划代码缺少第 3、4 位的市级代码：140005",
	} {
		key, args := code.Check()
		if got := i18n.Text(i18n.ZH, key, args...); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code                   Code
		level                  int
		province, city, parent Code
		prefix                 string
	}{
		{"140000", LevelProvince, "140000", "", "", "14"},
		{"140100", LevelCity, "140000", "140100", "140000", "1401"},
		{"140105", LevelCounty, "140000", "140100", "140100", "140105"},
		{"", LevelNone, "", "", "", ""},
	} {
		if c.code.Level() != c.level || c.code.Province() != c.province ||
			c.code.City() != c.city || c.code.Parent() != c.parent || c.code.Prefix() != c.prefix {
			t.Errorf("%q: level %d, province %q, city %q, parent %q, prefix %q", c.code,
				c.code.Level(), c.code.Province(), c.code.City(), c.code.Parent(), c.code.Prefix())
		}
	}
}

func TestContains(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outer, inner Code
		want         bool
	}{
		{"140000", "140100", true},
		{"140000", "140105", true},
		{"140100", "140105", true},
		{"140105", "140105", true},
		{"140105", "140100", false},
		{"140100", "140400", false},
		{"140000", "150000", false},
		{"", "140100", false},
		{"140100", "", false},
		{"", "", false},
	} {
		if got := c.outer.Contains(c.inner); got != c.want {
			t.Errorf("%q contains %q = %v, want %v", c.outer, c.inner, got, c.want)
		}
	}
}

// FuzzParse: whatever is accepted is six digits, lies in its province and reads back as itself.
func FuzzParse(f *testing.F) {
	f.Add("140105")
	f.Add("１４０１００")
	f.Add("14\x00105")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("Parse(%q): %v is no fault.Invalid", s, err)
			}
			return
		}
		again, err := Parse(string(c))
		if err != nil || again != c || c.Level() == LevelNone || !c.Province().Contains(c) {
			t.Fatalf("Parse(%q) = %q, again %q, %v", s, c, again, err)
		}
	})
}
