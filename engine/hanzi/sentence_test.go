package hanzi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cut(r []rune, spans []Span) string {
	var parts []string
	for _, s := range spans {
		parts = append(parts, string(r[s.Start:s.End]))
	}
	return strings.Join(parts, "|")
}

func TestSentences(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"甲3个。乙5个！丙？", "甲3个。|乙5个！|丙？"},
		{"一、总体目标\n到2027年，达到2.5%。", "一、总体目标|到2027年，达到2.5%。"},
		{"（一）工业投资。1—9月，完成238.7亿元。", "（一）工业投资。|1—9月，完成238.7亿元。"},
		{"1.加快建设。2.做好服务。", "1.加快建设。|2.做好服务。"},
		{"围绕“谁来干？怎么干？”等问题，深入研究。散会。",
			"围绕“谁来干？怎么干？”等问题，深入研究。|散会。"},
		{"他说：“今年完成30个。明年50个。”大家赞成。",
			"他说：“今年完成30个。|明年50个。”|大家赞成。"},
		{"“五个一批”行动。", "“五个一批”行动。"},
		{"读《你好。再见》一书。", "读《你好。再见》一书。"},
		{"（详见附件。另见说明。）完成。", "（详见附件。另见说明。）完成。"},
		{"（没有闭合。下一句。", "（没有闭合。|下一句。"},
		{"居民收入增长……\n第二段", "居民收入增长……|第二段"},
		{"See Fig. 2. It is 3.14 high.", "See Fig.|2. It is 3.14 high."},
		{"　　全角缩进。 \r\n\r\n ", "全角缩进。"},
		{"真的？！走。", "真的？！|走。"},
		{"", ""},
	} {
		if diff := cmp.Diff(c.want, cut([]rune(c.text), Sentences([]rune(c.text)))); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestClauses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"甲3个、乙5个，丙6个；共1,234个。", "甲3个、乙5个，|丙6个；|共1,234个。"},
		{"主要目标是：增长6.5%，其中（含A，B）3个。", "主要目标是：|增长6.5%，|其中（含A，B）3个。"},
		{"实施“甲，乙，丙”行动，建成8:00开门的站。", "实施“甲，乙，丙”行动，|建成8:00开门的站。"},
		{"比例为2：1，无尾", "比例为2：1，|无尾"},
		{"没有分句", "没有分句"},
	} {
		if diff := cmp.Diff(c.want, cut([]rune(c.text), Clauses([]rune(c.text)))); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestItems(t *testing.T) {
	r := []rune("柳河区、高新区（含东、西园）、“三、四”片")
	want := "柳河区|高新区（含东、西园）|“三、四”片"
	if diff := cmp.Diff(want, cut(r, Items(r))); diff != "" {
		t.Error(diff)
	}
}
