package id

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func TestParseResident(t *testing.T) {
	t.Parallel()
	const (
		length = "身份证号码应为 18 位，现为 %d 位"
		shape  = "身份证号码的前 17 位应为数字，末位为数字或 X"
		place  = "身份证号码的前两位不是有效的地区代码"
		birth  = "身份证号码第 7 至 14 位不是有效的出生日期"
		check  = "身份证号码的校验位不符，请逐位核对是否有输错的数字"
		good   = Resident("11010519491231002X")
	)
	for _, c := range []struct {
		in   string
		want Resident
		key  string
	}{
		{"11010519491231002X", good, ""},
		{"11010519491231002x", good, ""},
		{" 110105 19491231 002X ", good, ""},
		{"１１０１０５１９４９１２３１００２Ｘ", good, ""},
		{"", "", length},
		{"110105491231002", "", length}, // the 15 digits of before 2013
		{"1101051949123100X2", "", shape},
		{"11010519491231002Y", "", shape},
		{"1101051949123100２号", "", shape},
		{"00010519491231002X", "", place},
		{"11010519490231002X", "", birth},
		{"11010519000229002X", "", birth}, // 1900 was no leap year
		{"11010518491231002X", "", birth},
		{"11010520261231002X", "", birth}, // after today
		{"110105194912310021", "", check},
		{"11010519491231020X", "", check},
	} {
		got, err := ParseResident(c.in, "2026-11-22")
		if got != c.want {
			t.Errorf("ParseResident(%q) = %q", c.in, got)
		}
		wantKey(t, c.in, err, c.key)
	}
	if good.Birth() != "1949-12-31" || Resident("").Birth() != "" {
		t.Errorf("birth = %s", good.Birth())
	}
}

func FuzzParseResident(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add("１１０１０５１９４９１２３１００２ｘ")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseResident(s, "2026-11-22")
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if again, err := ParseResident(string(r), "2026-11-22"); again != r || err != nil {
			t.Fatalf("%q = %q, again %q, %v", s, r, again, err)
		}
	})
}
