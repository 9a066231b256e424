package atlas

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/region"
)

// someNames knows a few places.
type someNames map[string]region.Code

func (n someNames) Find(name string) (region.Code, bool) { c, ok := n[name]; return c, ok }

func (n someNames) Name(c region.Code) string {
	for name, code := range n {
		if code == c {
			return name
		}
	}
	return string(c)
}

var testNames = someNames{"小店区": "140105", "太原市": "140100", "潞州区": "140403"}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Query
	}{
		{"", Query{}},
		{"类型:企业 地区:小店区 六新:新材料 自:2026-01-01", Query{Kinds: []string{"enterprise"},
			Regions: []region.Code{"140105"}, Six: []string{"material"}, From: "2026-01-01"}},
		{"类型：成果、需求　领域：新材料及其应用", Query{Kinds: []string{"need", "achievement"}, Fields: []string{"05"}}},
		{"kind:enterprise region:１４０１０５ six:material", Query{Kinds: []string{"enterprise"},
			Regions: []region.Code{"140105"}, Six: []string{"material"}}},
		{"碳纤维 “5G 基站” 缺:领域,六新", Query{Words: []string{"碳纤维", "5g 基站"}, Gaps: []string{"field", "six"}}},
		{"类型:高校院所 变更:2026-11-01 至:2026-11-30", Query{Kinds: []string{"university", "institute"},
			Since: "2026-11-01", To: "2026-11-30"}},
		{`领域:"生物、医药和医疗器械"`, Query{Fields: []string{"04"}}},
		{"领域:新材料,05", Query{Fields: []string{"05"}}},
		{"词:(半导体|芯片|砷化镓) 领域:05", Query{AnyOf: [][]string{{"半导体", "芯片", "砷化镓"}}, Fields: []string{"05"}}},
		{"词：（合金、特钢） 词:钢|铁 太原", Query{AnyOf: [][]string{{"合金", "特钢"}, {"钢", "铁"}}, Words: []string{"太原"}}},
		{"word:(镁) 镁", Query{Words: []string{"镁"}}},
		{`词:("(a"|"b)")`, Query{AnyOf: [][]string{{"(a", "b)"}}}},
		{"地区外:太原市 缺:地点,公开内容", Query{Outside: []region.Code{"140100"}, Gaps: []string{"place", "open"}}},
		{"确认自:2026-01-01 确认至:2026-02-01", Query{AsOf: "2026-01-01", AsOfTo: "2026-02-01"}},
	} {
		got, err := Parse(c.text, testNames)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", c.text, d)
		}
	}
}

// What is wrong is said in words, at the place where it stands.
func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"类型:飞船":                                 "第 1 个字“飞船”：没有这种类型",
		"钢 颜色:红":                                "第 3 个字“颜色”：没有这个筛选项",
		"地区:":                                   "冒号后面要写内容",
		"碳 地区:火星":                               "第 3 个字“火星”：没有找到这个地区",
		"自:昨天":                                  "日期应写作",
		"自:2026-02-30":                          "日期应写作",
		"自:2026-02-01 自:2026-03-01":             "这个日期写了两次",
		"自:2026-03-01 至:2026-02-01":             "止日早于起日",
		"六新:旧材料":                                "六新为：",
		"确认自:2026-03-01 确认至:2026-02-01":         "止日早于起日",
		"词:()":                                  "冒号后面要写内容",
		"词:(1|2|3|4|5|6|7|8|9|a|b|c|d|e|f|g|h)": "一组最多 16 个词",
		"词:(1|2) 词:(3|4) 词:(5|6) 词:(7|8) 词:(9|0)": "最多 4 组任一词",
		"缺:颜色":                  "可写：缺:区县",
		strings.Repeat("长", 41): "一个词最多 40 个字",
		strings.Repeat("词 ", 9) + "一 二 三 四 五 六 七 八 九": "最多 8 个词",
		strings.Repeat("长", 401):                      "最多 400 个字，现有 401 个",
	} {
		_, err := Parse(text, testNames)
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid || len(e.Fields) == 0 {
			t.Errorf("Parse(%q): %v", text, err)
			continue
		}
		got := i18n.Text(i18n.ZH, e.Fields[0].Key, e.Fields[0].Args...)
		if e.Fields[0].Name != "q" || !strings.Contains(got, want) {
			t.Errorf("Parse(%q): %s: %q, want %q", text, e.Fields[0].Name, got, want)
		}
	}
}

// An address says the same as the text, and faults stand at the parameter they are in.
func TestAddress(t *testing.T) {
	t.Parallel()
	q, err := Parse("类型:企业 地区:小店区 领域:新材料,农业 自:2026-01-01 钢", testNames)
	if err != nil {
		t.Fatal(err)
	}
	v := q.Address(testNames)
	if d := cmp.Diff(url.Values{"kind": {"enterprise"}, "region": {"140105"}, "from": {"2026-01-01"},
		"q": {"领域:新材料及其应用,农业 钢"}}, v); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	again, err := FromAddress(v, testNames)
	if err != nil || !cmp.Equal(q, again) {
		t.Errorf("%+v read back as %+v, %v", q, again, err)
	}
	for field, v := range map[string]url.Values{"region": {"region": {"火星"}, "kind": {"企业,need"}},
		"to": {"from": {"2026-03-01"}, "to": {"2026-02-01"}}, "from": {"q": {"至:2026-02-01"}, "from": {"2026-03-01"}},
		"asofto": {"asof": {"2026-03-01"}, "asofto": {"2026-02-01"}}, "q": {"q": {"自:2026-03-01 至:2026-02-01"}, "kind": {"企业"}}} {
		_, err = FromAddress(v, testNames)
		if e, ok := fault.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%v: %v, want a fault at %s", v, err, field)
		}
	}
}

// Whatever is typed is read or refused in words; what is read is written and read back as itself, as
// text and as an address.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"类型:企业 地区:小店区 六新:新材料", `a:"b c"`, "：：", "“", "缺:六新 缺:坐标", "自:2026-01-01,2026-01-01",
		"\x00\xff 地区:140000", "领域:05、03|01", `"a`, "a“b”c:d", "词:,", "ﬀ ＡＢＣ", "词:(a|b) 词:c,d", "词:(a b)", "词:（a）b）|c", "地区外:140100 缺:地点"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := Parse(text, testNames)
		if err != nil {
			if e, ok := fault.As(err); !ok || e.Kind != fault.Invalid || len(e.Fields) == 0 {
				t.Fatalf("Parse(%q): %v is no fault with fields", text, err)
			}
			return
		}
		written := q.Text(testNames)
		if len([]rune(written)) <= MaxText {
			again, err := Parse(written, testNames)
			if err != nil || !cmp.Equal(q, again) {
				t.Fatalf("%q is %+v, written %q, read back %+v, %v", text, q, written, again, err)
			}
			if q.Text(nil) == "" != q.Empty() {
				t.Fatalf("%+v: empty %v", q, q.Empty())
			}
		}
		v := q.Address(testNames)
		if len([]rune(v.Get("q"))) <= MaxText {
			again, err := FromAddress(v, testNames)
			if err != nil || !cmp.Equal(q, again) {
				t.Fatalf("%q is %+v, address %v, read back %+v, %v", text, q, v, again, err)
			}
		}
		for _, class := range []string{Org, Post, Deal, Person} {
			_ = q.where(class)
		}
	})
}
