package reading

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// invariant says what is wrong with a result, or "".
func invariant(text string, res Result) string {
	r := []rune(text)
	last := 0
	for _, s := range res.Statements {
		switch {
		case s.Start < 0 || s.End > len(r) || s.Start >= s.End:
			return "span out of range: " + show(s)
		case s.Quote != string(r[s.Start:s.End]):
			return "quote is not the text of the span: " + show(s)
		case s.Start < last:
			return "not in text order: " + show(s)
		case s.Indicator == "":
			return "no indicator: " + show(s)
		case s.Kind != Task && s.Measure == "":
			return "no measure: " + show(s)
		case (s.Value == "") != (s.Op == ""):
			return "value without operator: " + show(s)
		case s.Reason.Text(false) == "" || s.Reason.Text(true) == "":
			return "no reason in words: " + show(s)
		}
		line, err := json.Marshal(s)
		if err != nil || !json.Valid(line) {
			return "no JSON: " + string(line)
		}
		last = s.Start
	}
	for _, o := range res.Others {
		if o.Start < 0 || o.End > len(r) || o.Start > o.End {
			return "other document out of range"
		}
	}
	return ""
}

var fuzzSeeds = []string{
	"全市地区生产总值达到2486.3亿元，同比增长6.1%，总量居全省第四位，增速高于全国1.1个百分点；",
	"科技型中小企业由2017年的321家猛增到2020年的8700余家，增长26倍，在全国省会城市居第三位。",
	"城镇和农村居民人均可支配收入分别增长5.2%、7.4%，城乡收入比缩小到2.08∶1",
	"（一）成果。\n1．推行“企业出题、院所答题”。每年征集600项，（市科技局牵头）",
	"以十大行动为抓手，翻两番，其中三分之二在本地转化，占全省的88%。",
	"澜政办发〔2024〕17号\n三年建设市级中试平台30个，其中2024年8个、2025年10个。",
	"本报记者 何某\n选择就地过节 租房市场有热度\n“最近",
	"第第第三位位位占占的的%%由由至至““（（《《",
	"0000000000000000000000000，,、00年10B 0000",
	"12月20日前达到序时进度１２％\u200b㎡ﬁ½",
}

func FuzzRead(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, text string, dated bool) {
		if len(text) > 1<<16 {
			return
		}
		var o Options
		if dated {
			o = Options{Date: hanzi.Date{Year: 2024, Month: 2, Day: 29}, Place: "太原市"}
		}
		start := time.Now()
		res := Read(text, o)
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("%d bytes took %v", len(text), d)
		}
		if bad := invariant(text, res); bad != "" {
			t.Fatal(bad)
		}
	})
}

// TestHostile reads texts made to be slow: the time for twice the text is about twice the time.
func TestHostile(t *testing.T) {
	for _, unit := range []string{"（", "“", "《", "达到", "1", "一", "、", "由2017年的", "占", "第", "甲3个、",
		"分别", "其中2024年8个、", "推动", "亿", "的", "2024年", "\n", "“（", "每个", "市", "滨澜区9个，", "3.2∶"} {
		text := strings.Repeat(unit, 200_000/len(unit))
		start := time.Now()
		res := Read(text, Options{Date: hanzi.Date{Year: 2024, Month: 1, Day: 1}, Place: "太原市"})
		d := time.Since(start)
		if d > 3*time.Second {
			t.Errorf("200 kB of %q took %v", unit, d)
		}
		t.Logf("%q %v, %d statements", unit, d, len(res.Statements))
		if bad := invariant(text, res); bad != "" {
			t.Errorf("%q: %s", unit, bad)
		}
	}
}
