package retrieval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// A hidden field of an offer or of a need changes neither scores nor order nor a word of the reasons:
// everything is as if the field were empty.
func TestHidden(t *testing.T) {
	yuan := func(s string) hanzi.Decimal {
		d, _ := hanzi.ParseDecimal(s)
		return d
	}
	full := Post{ID: "a", Title: "金刚石砂轮", Text: "立方氮化硼，抗冲击韧性70%", Keywords: "超硬材料", Field: "新材料",
		Chain: "磨具", Region: "140105", TRL: 7, Yuan: yuan("400000"), IP: IPGranted, Deadline: 20270101,
		Modes: []string{"许可"}, Vector: []float32{1, 0.5, 0}}
	need := full
	need.ID, need.Text, need.TRL = "n", "立方氮化硼，抗冲击韧性≥67%", 6
	empty := map[Hidden]func(*Post){
		HideTitle: func(p *Post) { p.Title, p.Vector = "", nil }, HideText: func(p *Post) { p.Text, p.Vector = "", nil },
		HideKeywords: func(p *Post) { p.Keywords, p.Vector = "", nil },
		HideField:    func(p *Post) { p.Field = "" }, HideChain: func(p *Post) { p.Chain = "" },
		HideRegion: func(p *Post) { p.Region = "" }, HideTRL: func(p *Post) { p.TRL = 0 },
		HideYuan: func(p *Post) { p.Yuan = hanzi.Decimal{} }, HideIP: func(p *Post) { p.IP = IPUnknown },
		HideDeadline: func(p *Post) { p.Deadline = 0 }, HideModes: func(p *Post) { p.Modes = nil },
		HideVector: func(p *Post) { p.Vector = nil },
	}
	match := func(offer, need Post) []Match {
		others := []Post{offer, {ID: "b", Title: "金刚石单晶", Yuan: yuan("9"), Modes: []string{"许可"}}, {ID: "c", Title: "果园灌溉"}}
		m, err := NewMatcher(t.Context(), testAnalyzer(), others, []Post{need}, MatchOptions{Settings: MatchSettings(),
			Query:   QueryOptions{Fields: MatchFields},
			Weights: Weights{Share: 1, Cover: 0.1, Outside: 0.3}, Top: 3, Reasons: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return m.Match(&need)
	}
	open := match(full, need)
	for mask, clear := range empty {
		hidden, blank := full, full
		hidden.Hidden = mask
		clear(&blank)
		opt := cmpopts.IgnoreUnexported(Match{})
		if diff := cmp.Diff(match(blank, need), match(hidden, need), opt); diff != "" {
			t.Errorf("offer, hidden %b: %s", mask, diff)
		}
		if cmp.Equal(open, match(hidden, need), opt) {
			t.Errorf("offer, hidden %b: nothing changes", mask)
		}
		hidden, blank = need, need
		hidden.Hidden = mask
		clear(&blank)
		if diff := cmp.Diff(match(full, blank), match(full, hidden), opt); diff != "" {
			t.Errorf("need, hidden %b: %s", mask, diff)
		}
	}
	zh, en := Sentence(open[0].Reasons)
	for _, word := range []string{"新材料", "磨具", "40万元", "许可", "2027-01-01", "已授权", "成熟度 7 级"} {
		if !strings.Contains(zh, word) {
			t.Errorf("%s is not said: %s", word, zh)
		}
	}
	if !strings.HasPrefix(en, "It fits: both mention ") {
		t.Error(en)
	}
	t.Log(zh)
	t.Log(en)
}
