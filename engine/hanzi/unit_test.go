package hanzi

import (
	"testing"
	"unicode/utf8"
)

func TestConvert(t *testing.T) {
	for _, c := range []struct{ value, from, to, want string }{
		{"1", "亿元", "万元", "10000"},
		{"8.7", "万人", "人", "87000"},
		{"3", "家", "户", "3"},
		{"3", "名", "个", "3"},
		{"1.1", "万亿元", "亿元", "11000"},
		{"1", "亿千瓦时", "GWh", "100"},
		{"120", "万千瓦", "GW", "1.2"},
		{"15", "亩", "公顷", "1"},
		{"1", "平方公里", "亩", "1500"},
		{"5", "成", "%", "50"},
		{"26", "倍", "%", "2600"},
		{"5", "‰", "%", "0.5"},
		{"50", "个基点", "个百分点", "0.5"},
		{"90", "分钟", "小时", "1.5"},
		{"2", "年", "个月", "24"},
		{"36", "公里/小时", "米/秒", "10"},
		{"1", "英寸", "厘米", "2.54"},
		{"1", "吨", "斤", "2000"},
		{"1", "元/平方米", "万元/亩", "1/15"},
		{"1", "GB", "MB", "1000"},
		{"3", "元", "角", "30"},
		{"2", "万", "", "20000"},
		{"33", "微克/立方米", "mg/m³", "0.033"},
		{"14.5", "件/万人", "件/人", "0.00145"},
		{"0.5", "吨标准煤/万元", "千克标准煤/元", "0.05"},
		{"2", "W/(m·K)", "kW/(m·K)", "0.002"},
		{"3", "W/(K·m)", "W/m·°C", "3"},
		{"4.2", "kJ/(kg·K)", "J/(g·°C)", "4.2"},
		{"1", "W/(m·K)", "W", ""},
		{"1", "W/(m", "W", ""},
		{"1", "亿元", "亿美元", ""},
		{"1", "家", "元", ""},
		{"1", "家", "无此", ""},
		{"1", "", "个", ""},
		{"1", "%", "个百分点", ""},
	} {
		d, _ := ParseDecimal(c.value)
		got, ok := Convert(d, c.from, c.to)
		if ok != (c.want != "") || ok && got.String() != c.want {
			t.Errorf("%s %s = %v %s (%v), want %q", c.value, c.from, got, c.to, ok, c.want)
		}
	}
}

// TestUnitTable reads back every unit, alone and behind a number.
func TestUnitTable(t *testing.T) {
	units := 0
	for first, list := range unitIndex() {
		for _, w := range list {
			units++
			u, ok := ParseUnit(w.unit.Name)
			r, _ := utf8.DecodeRuneInString(w.unit.Name)
			if r != first || !ok || u.Dim != w.unit.Dim || !u.Size.Equal(w.unit.Size) ||
				u.Size.Sign() <= 0 {
				t.Errorf("%q is %+v, read back as %+v", w.unit.Name, w.unit, u)
			}
			if q, ok := ScanQuantity([]rune("12"+w.unit.Name), 0); !ok || q.Unit != w.unit.Name {
				t.Errorf("12%s has unit %q", w.unit.Name, q.Unit)
			}
		}
	}
	if units < 500 {
		t.Errorf("%d units in the table", units)
	}
}

func TestScanUnitRejects(t *testing.T) {
	for _, s := range []string{"", "级别", "成立", "部门", "家庭", "kgx", "项目", "%20", "的"} {
		if u, end, ok := ScanUnit([]rune(s), 0); ok {
			t.Errorf("ScanUnit(%q) = %q up to %d, want none", s, u.Name, end)
		}
	}
}

// Magnets are told by kilooersteds and kilogauss.
func TestMagneticUnits(t *testing.T) {
	t.Parallel()
	for text, unit := range map[string]string{"12kOe": "kOe", "13.5kGs": "kGs", "20千奥斯特": "千奥斯特"} {
		if q, ok := ScanQuantity([]rune(text), 0); !ok || q.Unit != unit {
			t.Errorf("%s has unit %q", text, q.Unit)
		}
	}
	kilogauss, _ := ParseUnit("kGs")
	tesla, ok := ParseUnit("mT")
	if !ok || kilogauss.Dim != tesla.Dim {
		t.Errorf("%+v and %+v differ in dimension", kilogauss, tesla)
	}
}
