package retrieval

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

func TestCompareParameters(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		wanted, stated string
		want           Verdict
	}{
		{"抗冲击韧性≥67%", "韧性70%", Kept},
		{"抗冲击韧性≥67%", "韧性67%", Kept},
		{"抗冲击韧性>67%", "韧性67%", Broken},
		{"抗冲击韧性≥67%", "韧性60%", Broken},
		{"抗冲击韧性≥67%", "韧性不超过60%", Broken},
		{"抗冲击韧性≥67%", "韧性不超过80%", Unsure},
		{"抗冲击韧性≥67%", "韧性约70%", Unsure},
		{"抗冲击韧性≥67%", "收率70%", Unsure},
		{"长度≥0.5米", "长度600毫米", Kept},
		{"厚度≤0.5毫米", "厚度400微米", Kept},
		{"厚度≤0.5毫米", "厚度≥1毫米", Broken},
		{"厚度小于0.5毫米", "厚度0.5毫米", Broken},
		{"厚度≤0.5毫米", "厚度5公斤", Unsure},
		{"直径8英寸", "直径8英寸", Kept},
		{"直径8英寸", "直径6英寸", Broken},
		{"线速度≥7m/min", "线速度10m/min", Kept}, // 7/60 and 10/60 of a metre a second
		{"拉伸强度≥5515MPa", "典型工况下层间强度可达106MPa", Unsure},
		{"焊缝合格率≥99%", "产品合格率99.5%", Kept},
		{"接触电阻≤7mΩ·cm²", "接触电阻≤6mΩ·cm²", Kept},
		{"接触电阻≤7mΩ·cm²", "接触电阻≤6mΩ", Unsure},
	} {
		w, s := Parameters(x.wanted), Parameters(x.stated)
		if len(w) != 1 || len(s) != 1 {
			t.Errorf("%s: %v, %s: %v", x.wanted, w, x.stated, s)
			continue
		}
		if got := Compare(&w[0], &s[0]); got != x.want {
			t.Errorf("wanted %s, stated %s: %d, want %d", x.wanted, x.stated, got, x.want)
		}
	}
}

// Of several stated amounts the one answers that is most of the same thing; what a change began with answers
// nothing.
func TestAnswer(t *testing.T) {
	for _, x := range []struct{ wanted, stated, want string }{
		{"检测速度≥15m/min", "检测速度由7m/min改进到19m/min", "检测速度19m/min 1"},
		{"合格率≥98%", "焊缝合格率97%，合格率99%", "合格率99% 1"},
		{"强度≥100MPa", "抗拉强度80MPa，抗压强度120MPa", "抗压强度120MPa 1"},
		{"强度≥100MPa", "能耗80千瓦时", "0"},
	} {
		got := ""
		p, v := Answer(&Parameters(x.wanted)[0], Parameters(x.stated))
		if p != nil {
			got = p.Name + p.Surface + " "
		}
		if got += strconv.Itoa(int(v)); got != x.want {
			t.Errorf("%s for %s: %q, want %q", x.stated, x.wanted, got, x.want)
		}
	}
}

// What a need tells of how things stand is not wanted, and a unit in brackets is one.
func TestWanted(t *testing.T) {
	for text, want := range map[string][]string{
		"现有石墨膜导热系数仅1200W/(m·K)，希望≥1500W/(m·K)。": {"石墨膜导热系数 ≥1500W/(m·K)"},
		"目前产品抗拉强度为400MPa，要求抗拉强度达到600MPa。":       {"抗拉强度 600MPa"},
		"目前使用寿命不足500小时，希望提高到2000小时以上。":          {"使用寿命 2000小时以上"},
		"针对现有设备，要求换热系数≥800W/(m²·K)。":            {"换热系数 ≥800W/(m²·K)"},
		"要求导热系数≥1500W/(m·K)，厚度≤50微米。":           {"导热系数 ≥1500W/(m·K)", "厚度 ≤50微米"},
		"成品率由85%提高到95%以上，能耗降低20%。":              {"成品率 95%以上", "能耗降低 20%"},
		"典型工况下层间强度可达106MPa":                     {"层间强度 106MPa"},
		"接触电阻≤7mΩ·cm²":                          {"接触电阻 ≤7mΩ·cm²"},
		"当前能耗30千瓦时/吨。希望能耗降低到20千瓦时/吨，厚度80微米。":    {"能耗 20千瓦时/吨", "厚度 80微米"},
	} {
		var got []string
		for _, p := range Wanted(text) {
			got = append(got, p.Name+" "+p.Surface)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func TestSignalsBesideTheText(t *testing.T) {
	t.Parallel()
	yuan := func(n int64) hanzi.Decimal { return hanzi.Int(n) }
	for _, x := range []struct {
		need, offer Post
		want        string // the reasons, each with its sign
	}{
		{Post{}, Post{}, ""},
		{Post{Field: "新材料"}, Post{}, ""},
		{Post{Field: "新材料"}, Post{Field: "新材料"}, "+同属“新材料”领域"},
		{Post{Region: "140105"}, Post{Region: "140106"}, "+同在一地"},
		{Post{Region: "140105"}, Post{Region: "140400"}, ""},
		{Post{TRL: 6}, Post{TRL: 6}, "+成熟度 6 级，达到所需的 6 级"},
		{Post{TRL: 6}, Post{TRL: 5}, "-成熟度只有 5 级，未到所需的 6 级"},
		{Post{Yuan: yuan(5)}, Post{Yuan: yuan(5)}, "+价格 5元，在预算 5元 之内"},
		{Post{Yuan: yuan(5)}, Post{Yuan: yuan(6)}, "-价格 6元，超出预算 5元"},
		{Post{Yuan: yuan(5)}, Post{}, ""},
		{Post{Yuan: yuan(1_005_000)}, Post{Yuan: yuan(800_000)}, "+价格 80万元，在预算 100.5万元 之内"},
		{Post{IP: IPGranted}, Post{IP: IPGranted}, "+知识产权已授权"},
		{Post{IP: IPApplied}, Post{IP: IPLapsed}, "-知识产权已失效，而对方要求申请知识产权"},
		{Post{IP: IPGranted}, Post{}, ""},
		{Post{Modes: []string{"转让", "许可"}}, Post{Modes: []string{"许可"}}, "+都愿意以“许可”方式合作"},
		{Post{Modes: []string{"转让"}}, Post{Modes: []string{"许可", "入股"}},
			"-合作方式不同：需求方要“转让”，成果方可“许可、入股”"},
		{Post{Deadline: 20260630}, Post{Deadline: 20261231}, "+有效至 2026-12-31，不早于需求截止的 2026-06-30"},
		{Post{Deadline: 20260630}, Post{Deadline: 20260101}, "-只到 2026-01-01 有效，早于需求截止的 2026-06-30"},
		{Post{IP: 200, Deadline: -1}, Post{IP: 9, Deadline: 3}, ""},
	} {
		var got strings.Builder
		for _, r := range besides(&x.need, &x.offer) {
			got.WriteString(map[bool]string{true: "+", false: "-"}[r.For] + r.Zh)
		}
		if got.String() != x.want {
			t.Errorf("%+v and %+v: %q, want %q", x.need, x.offer, &got, x.want)
		}
	}
}

// Reasons name the words that both texts have as they are written there, and those that are missed.
func TestReasonsNameWords(t *testing.T) {
	t.Parallel()
	m, err := NewMatcher(t.Context(), testAnalyzer(), []Post{
		{ID: "a", Title: "Grinding wheels of diamond", Text: "金刚石砂轮"},
		{ID: "b", Title: "果园灌溉系统", Text: ""},
		{ID: "c", Title: "透气砖的研制", Text: ""},
	}, nil, MatchOptions{Settings: MatchSettings(), Query: QueryOptions{Fields: MatchFields},
		Weights: Weights{Share: 1}, Top: 2, Reasons: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Match(&Post{ID: "n", Title: "金刚石 grinding 灌溉", Text: ""})
	if len(got) != 2 || got[0].ID != "a" || got[1].ID != "b" {
		t.Fatalf("matches %+v", got)
	}
	zh, en := Sentence(got[0].Reasons)
	if !strings.Contains(zh, "都提到") || !strings.Contains(en, "Grinding") ||
		!strings.Contains(zh, "金刚石") || !strings.Contains(zh, "但没有提到“灌溉”") ||
		!strings.Contains(en, "but it does not mention 灌溉") {
		t.Errorf("%s\n%s", zh, en)
	}
}

// Units of money and words of applications are no reason, whatever they count for.
func TestWeakWordsAreNoReason(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"万元": true, "项目费用": true, "Budget": true, "项目": true,
		"金刚石": false, "万元砂轮": false, "": false} {
		if weak(word) != want {
			t.Errorf("%s is weak: %v", word, !want)
		}
	}
	got := namesOf([]shared{{word: "项目费用"}, {word: "万元"}, {word: "砂轮"}, {word: "砂"}})
	if !slices.Equal(got, []string{"砂轮"}) {
		t.Errorf("named are %v", got)
	}
	if got := namesOf([]shared{{word: "万元"}, {word: "砂"}}); !slices.Equal(got, []string{"砂"}) {
		t.Errorf("named are %v", got)
	}
}
