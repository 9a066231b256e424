package monitorhttp_test

import (
	"flag"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

var shots = flag.String("shots", "", "write a picture of every page into this folder")

// Every page speaks English but for what people wrote and for the names of places.
func TestPagesInEnglish(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	data := []string{"技术合同成交额", "成交额占比", "企业数", "研发投入强度", "高价值发明专利", "地区生产总值", "太原市科学技术局",
		"太原精密铸造厂", "太原仪表厂", "亿元", "创新监测", "试用体系", "试用", "投入与产出", "按统计制度", "按新制度统计", "新制度",
		"统计报表制度", "指标默认规则", "山西转型综合改革示范区", "设计，参照各地督查督办通行做法", "银川市指标亮灯规则（示例）", "银川市 2025-03-26 公开报道",
		"三亚市区级亮灯规则（示例）", "三亚市 2022 年公开报道", "重点督办，发督办函", "牵头单位推动", "约谈", "指标督办台账", "山西省太原市",
		"山西省", "太原市", "小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市", "家"}
	for name, path := range x.pages() {
		if name == "lights-wrong" {
			continue // it shows what was typed, with status 422
		}
		x.English(t, leader, path, data...)
	}
}

// elsewhere are the pages that test/e2e opens. They are looked at here for pictures alone.
var elsewhere = map[string]bool{"home": true, "brief": true, "lights": true, "rules": true}

// Every page, at both widths, light and dark, in both languages and in large type, without a finding,
// and within the budget of bytes.
func TestPagesInTheBrowser(t *testing.T) {
	x := fill(newHouse(t, dbtest.SQLite(t)))
	pages := x.pages()
	server := httptest.NewServer(x.Handler())
	t.Cleanup(server.Close)
	p := browsertest.New(t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", x.Token(leader))
	for n, name := range slices.Sorted(maps.Keys(pages)) {
		path := pages[name]
		for i, l := range []struct {
			width             int
			theme, lang, size string
		}{{1440, "light", "zh-CN", "normal"}, {375, "dark", "en", "normal"},
			{1440, "dark", "zh-CN", "large"}, {375, "light", "zh-CN", "xlarge"}} {
			if *shots == "" && !(name == "set" || i == n%4 && !elsewhere[name]) {
				continue
			}
			p.SetCookie("yuntu_theme", l.theme)
			p.SetCookie("yuntu_lang", l.lang)
			p.SetCookie("yuntu_size", l.size)
			p.SetSize(l.width)
			p.Goto(path)
			if s := p.Status(); s != 200 && !strings.HasSuffix(name, "-wrong") {
				t.Errorf("%s: status %d", name, s)
			}
			p.Axe()
			if name != "paper" {
				p.NoHorizontalScroll()
			}
			p.ConsoleEmpty(422)
			if *shots != "" {
				p.Screenshot(filepath.Join(*shots, name+"-"+strconv.Itoa(i)+".png"))
			}
		}
		if !elsewhere[name] && !strings.HasSuffix(name, "-wrong") {
			p.WithinBudget(path)
		}
	}
}
