package reading

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

func TestCrossCheck(t *testing.T) {
	o := Options{Date: hanzi.Date{Year: 2025, Month: 1, Day: 8}, Place: "云州市"}
	read := func(name, text string) Named { return Named{name, Read(text, o)} }
	report := read("报告", "2024年，全市技术合同成交额64.8亿元，新增高新技术企业126家。")
	same := read("公报", "2024年，全市技术合同成交额648000万元。")
	other := read("方案", "2024年，全市技术合同成交额达到68.4亿元，新增高新技术企业126家。")
	if got := CrossCheck(report, same); got != nil {
		t.Errorf("64.8亿元 and 648000万元 are one amount, got %v", got)
	}
	got := CrossCheck(report, same, other)
	want := []Conflict{{
		Indicator: "技术合同成交额", Subject: "云州市", From: "2024-01-01", To: "2024-12-31",
		A: Place{0, 0}, B: Place{2, 0},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("-want +got\n%s", diff)
	}
	docs := []Named{report, same, other}
	if s := got[0].Text(docs, false); s != "“技术合同成交额”在报告中为64.8亿元，在方案中为68.4亿元" {
		t.Errorf("got %q", s)
	}
	if s := got[0].Text(docs, true); s != "技术合同成交额 is 64.8亿元 in 报告 and 68.4亿元 in 方案" {
		t.Errorf("got %q", s)
	}
}
