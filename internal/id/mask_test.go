package id

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		mask     func(string) string
		in, want string
	}{
		{"resident", MaskResident, "14010519491231002X", "140***********002X"},
		{"resident, short", MaskResident, "12345678", "********"},
		{"phone", MaskPhone, "13812340000", "138****0000"},
		{"phone, with area", MaskPhone, "0351-7654321", "035*****4321"},
		{"phone, short", MaskPhone, "7654321", "*******"},
		{"bank", MaskBank, "6222021234567890123", "***************0123"},
		{"bank, short", MaskBank, "12345", "*****"},
		{"name", MaskName, "王小明", "王*"},
		{"name of two", MaskName, "王五", "王*"},
		{"rare name", MaskName, "𬱖某", "𬱖*"},
		{"latin name", MaskName, " Ada Lovelace", "A*"},
		{"no name", MaskName, "", ""},
		{"nothing", MaskPhone, "", ""},
	} {
		if got := c.mask(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMaskAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"山西省太原市小店区坞城路92号", "山西省太原市小店区****"},
		{"太原市小店区坞城路92号", "太原市小店区****"},
		{"小店区坞城路92号", "小店区****"},
		{"山西省 太原市 古交市 桃园街道1号", "山西省太原市古交市****"},
		{"山西省古交市桃园路1号", "山西省古交市****"},
		{"山西省临汾市乡宁县昌宁镇", "山西省临汾市乡宁县****"},
		{"江西省景德镇市珠山区瓷都大道1号", "江西省景德镇市珠山区****"},
		{"河北省唐山市路南区新华道1号", "河北省唐山市路南区****"},
		{"江苏省南京市鼓楼区汉口路22号", "江苏省南京市鼓楼区****"},
		{"北京市海淀区中关村大街1号", "北京市海淀区****"},
		{"北京市东城区某某市场", "北京市东城区****"},
		{"内蒙古自治区锡林郭勒盟正蓝旗上都镇", "内蒙古自治区锡林郭勒盟正蓝旗****"},
		{"新疆维吾尔自治区阿克苏地区库车市", "新疆维吾尔自治区阿克苏地区库车市****"},
		{"湖北省恩施土家族苗族自治州利川市东城", "湖北省恩施土家族苗族自治州利川市****"},
		{"江苏省苏州市工业园区星湖街1号", "江苏省苏州市工业园区****"},
		{"山西省太原市迎泽大街100号幸福小区", "山西省太原市****"},
		{"山西省太原市幸福路小区3号楼", "山西省太原市****"},
		{"山西省太原市平安小区3号楼", "山西省太原市****"},
		{"坞城路92号", "****"},
		{"No. 92, Wucheng Road", "****"},
		{"", ""},
	} {
		if got := MaskAddress(c.in); got != c.want {
			t.Errorf("MaskAddress(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// FuzzMask: no mask gives away more characters than its rule says, and none fails on any text.
func FuzzMask(f *testing.F) {
	f.Add("13812340000")
	f.Add("山西省太原市小店区坞城路92号")
	f.Fuzz(func(t *testing.T, s string) {
		for name, shown := range map[string]int{
			MaskResident(s): 7, MaskPhone(s): 7, MaskBank(s): 4, MaskName(s): 1,
		} {
			stars := strings.Count(name, "*") - strings.Count(s, "*")
			if n := utf8.RuneCountInString(name); n > 0 && n-stars > shown+strings.Count(s, "*") {
				t.Fatalf("%q is masked as %q", s, name)
			}
		}
		masked := MaskAddress(s)
		head := strings.TrimSuffix(masked, hiddenAddress)
		if !strings.HasPrefix(strings.Join(strings.Fields(s), ""), head) {
			t.Fatalf("%q is masked as %q", s, masked)
		}
	})
}
