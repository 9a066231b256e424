package planhttp_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// Every page speaks English but for what people wrote and for the names of places.
func TestPagesInEnglish(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	pages := h.filled()
	data := []string{"2025年，全市技术合同成交额达到64.8亿元", "2025年，全市技术合同成交额达到68.4亿元", "技术合同成交额达到64.8亿元",
		"技术合同成交额达到68.4亿元", "统计公报", "工作报告", "达到64.8", "达到68.4", "12月底前建成科技大市场线上平台", "云图设计，参照各地督查督办通行做法", "太原市科学技术局", "太原市工业和信息化局", "重点工作台账", "建成科技大市场线上平台", "科技大市场线上平台建成",
		"科技大市场线上平台", "完成招标", "编制产业链图谱", "完成选址", "上线试运行", "技术合同成交额", "默认规则",
		"银川市亮灯规则（示例）", "设计，参照各地督查督办通行做法", "银川市 2025-03-26 公开报道", "重点督办，发督办函", "牵头单位推动",
		"并科发〔2026〕12号", "2026年全市科技工作要点", "山西转型综合改革示范区", "山西省太原市", "山西省", "小店区", "迎泽区",
		"杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市", "太原市", "亿元", "各县（市、区）", "市科技局"}
	// The longest first, so that no text is cut by a word of it.
	for _, s := range h.statements(strings.Split(pages["desk"], "/")[2]) {
		data = append([]string{s.Quote}, append(data, s.Indicator, s.Subject+s.Owner)...)
	}
	for _, line := range strings.Split(sample, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			data = append([]string{line}, data...)
		}
	}
	for name, path := range pages {
		// The desk shows the text in pieces, the new task of it in fields: their words are checked
		// by eye. A wrong address shows what was typed.
		if strings.HasPrefix(name, "desk") || strings.HasSuffix(name, "-wrong") {
			continue
		}
		h.English(t, officer, path, data...)
	}
}
