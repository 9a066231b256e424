package reading

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// TestJSON holds the line of the specification: field names, order, nulls, exact numbers.
func TestJSON(t *testing.T) {
	text := "全市地区生产总值２４８６．３亿元，云州东站5月建成投用。"
	o := Options{Date: hanzi.Date{Year: 2025, Month: 1, Day: 8}, Place: "云州市"}
	var lines []string
	for _, s := range Read(text, o).Statements {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	want := []string{
		`{"kind":"fact","subject":"云州市","indicator":"地区生产总值","measure":"level",` +
			`"value":2486.3,"unit":"亿元","op":"=","from":null,"to":"2025-01-08","of":null,` +
			`"start":2,"end":16,"quote":"地区生产总值２４８６．３亿元","check":null}`,
		`{"kind":"target","subject":"云州市","indicator":"云州东站建成投用","measure":"date",` +
			`"value":null,"unit":null,"op":null,"from":"2025-05-01","to":"2025-05-31","of":null,` +
			`"start":17,"end":27,"quote":"云州东站5月建成投用","check":null}`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestDocument reads what documents say of themselves.
func TestDocument(t *testing.T) {
	for _, c := range []struct {
		text string
		want Document
	}{
		{"澜江市人民政府办公室关于印发\n三年行动方案（2024—2026年）的通知\n\n澜政办发〔2024〕17号\n" +
			"各县（区）人民政府：\n现印发给你们。\n2024年5月20日\n",
			Document{Title: "澜江市人民政府办公室关于印发三年行动方案(2024—2026年)的通知",
				Number: "澜政办发〔2024〕17号", Issuer: "澜江市人民政府办公室", Place: "澜江市",
				Date: hanzi.Date{Year: 2024, Month: 5, Day: 20}, Kind: Plan,
				From: hanzi.Date{Year: 2024, Month: 1, Day: 1},
				To:   hanzi.Date{Year: 2026, Month: 12, Day: 31}}},
		{"首页 > 要闻\n太原：创新驱动发展\n2023-06-25 09:17:50 来源：日报\n太原加快发展。（记者李某）",
			Document{Title: "太原:创新驱动发展", Place: "太原市", Province: "山西省",
				Date: hanzi.Date{Year: 2023, Month: 6, Day: 25}, Kind: News}},
		{"云岭县2023年统计公报\n（2024年3月28日）\n全年粮食产量56万吨。",
			Document{Title: "云岭县2023年统计公报", Place: "云岭县", Kind: Notice, Review: 2023,
				Date: hanzi.Date{Year: 2024, Month: 3, Day: 28}}},
	} {
		got := Read(c.text, Options{}).Document
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s\n-want +got\n%s", c.text, diff)
		}
	}
}

// TestOtherArticle keeps a second article on a newspaper page apart from the document.
func TestOtherArticle(t *testing.T) {
	first := strings.Repeat("创新驱动发展战略深入实施，我市高新技术企业达到2137家。", 6)
	second := strings.Repeat("房租合约月底到期，打工族选择留下过年，租金每月2000元很划算。", 6)
	text := "创新之城\n" + first + "\n本报记者 何某\n创新发力\n" + first + "\n租房市场有热度\n" + second
	res := Read(text, Options{Date: hanzi.Date{Year: 2021, Month: 1, Day: 22}, Place: "太原市"})
	for _, s := range res.Statements {
		if strings.Contains(s.Quote, "2000") {
			t.Errorf("the other article was read: %s", show(s))
		}
	}
	if len(res.Others) != 2 {
		t.Errorf("%d lines of another article, want its heading and its text", len(res.Others))
	}
}

// TestTruncated reads no more than MaxText and says so.
func TestTruncated(t *testing.T) {
	line := strings.Repeat("文", 100) + "\n"
	text := strings.Repeat(line, MaxText/len(line)) + strings.Repeat("全市企业达到2137家。", 20)
	res := Read(text, Options{})
	if !res.Truncated {
		t.Error("a text over the limit is not marked")
	}
	if bad := invariant(text, res); bad != "" {
		t.Error(bad)
	}
}
