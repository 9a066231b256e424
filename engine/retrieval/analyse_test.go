package retrieval

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// testAnalyzer has the embedded dictionary.
func testAnalyzer() *Analyzer { return NewAnalyzer(hanzi.DefaultSegmenter()) }

// terms returns the terms of some kinds.
func terms(text string, only ...Kind) []string {
	var out []string
	for _, t := range testAnalyzer().Tokens(nil, text) {
		if slices.Contains(only, t.Kind) {
			out = append(out, t.Term)
		}
	}
	return out
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text string
		kind Kind
		want []string
	}{
		{"金刚石的制备", Word, []string{"金刚石", "制备"}},
		{"金刚石", Part, []string{"金刚", "刚石"}},
		{"金刚石", Char, []string{"金", "刚", "石"}},
		{"瓩瓪砼", Single, []string{"瓩", "瓪", "砼"}},
		{"瓩瓪砼", Bigram, []string{"瓩瓪", "瓪砼"}},
		{"瓩的瓪", Bigram, nil},
		{"瓩，瓪", Bigram, nil},
		{"電池與軟體", Word, []string{"电池", "软体"}},
		{"Connected CONNECTIONS of Ｃafé", Latin, []string{"connect", "connect", "cafe"}},
		{"the state of the art", Latin, []string{"state", "art"}},
		{"CBN单晶, v2.5", Latin, []string{"cbn", "v2.5"}},
		{"晶圆直径8英寸，厚0.5毫米或500微米", Measure, []string{"0.2032 length", "0.0005 length", "0.0005 length"}},
		{"an 8-inch wafer, 8 inches", Measure, []string{"0.2032 length", "0.2032 length"}},
		{"6-8英寸硅片", Measure, []string{"0.1524 length", "0.2032 length"}},
		{"550大卡，550 kcal", Measure, []string{"2301200 energy", "2301200 energy"}},
		{"投入2002万元", Measure, []string{"20020000 CNY"}},
		{"8家企业，2018年度，A4纸", Measure, nil},
		{strings.Repeat("x", 65) + " y3", Latin, []string{"y3"}},
	} {
		if diff := cmp.Diff(x.want, terms(x.text, x.kind)); diff != "" {
			t.Errorf("%s, kind %d:\n%s", x.text, x.kind, diff)
		}
	}
}

// A word of the list is found where the segmenter cuts it apart, and what it finds stays.
func TestTokensWithWords(t *testing.T) {
	t.Parallel()
	a := testAnalyzer()
	d, err := ReadBilingual(a, strings.NewReader("刺蝟草 刺猬草 [ci4 wei5 cao3] /hedgehog grass/\n"))
	if err != nil {
		t.Fatal(err)
	}
	plain, more := a.Tokens(nil, "种刺蝟草"), a.With(d).Tokens(nil, "种刺蝟草")
	if slices.ContainsFunc(plain, func(t Token) bool { return t.Term == "刺猬草" }) {
		t.Skip("the dictionary has the word")
	}
	if !slices.Contains(more, Token{"刺猬草", "刺猬草", Word}) || len(more) != len(plain)+1 {
		t.Errorf("with the list: %v, without %v", more, plain)
	}
}

// The stems of Porter's published vocabulary, a word of each rule.
func TestStem(t *testing.T) {
	t.Parallel()
	const pairs = `consign consign consigned consign consigning consign consignment consign
consist consist consisted consist consistency consist consistent consist consistently consist
consisting consist consists consist consolation consol consolations consol consolatory consolatori
console consol consolidate consolid consolidated consolid consolidating consolid consoling consol
knack knack knackeries knackeri knacks knack knag knag knave knave knaves knave knavish knavish
kneaded knead kneading knead knee knee kneel kneel kneeled kneel kneels kneel knees knee knell knell
knew knew knick knick knif knif knife knife knight knight knightly knight knights knight knit knit
knits knit knitted knit knitting knit knives knive knob knob knobs knob knock knock knocked knock
knotted knot knotty knotti know know knowing know knowingly know knowledge knowledg known known
generate generat general general generically generic communication communic communism communism
gas gas this this kiwis kiwi gaps gap ties tie cries cri dying die skies sky early earli
proceed proceed exceeding exceed hopping hop hoping hope luxuriated luxuri relational relat
conditional condit rational ration valency valenc digitizer digit vietnamization vietnam
feudalism feudal decisiveness decis hopefulness hope callousness callous formality formal
sensitivity sensit sensibility sensibl triplicate triplic formative format electrical electr
revival reviv allowance allow adjustable adjust defensible defens replacement replac adoption adopt
homologous homolog effective effect bowdlerize bowdler probate probat rate rate cease ceas
controlling control rolling roll youth youth boyish boyish saying say`
	words := strings.Fields(pairs)
	for i := 0; i+1 < len(words); i += 2 {
		if got := string(stem([]byte(words[i]))); got != words[i+1] {
			t.Errorf("stem(%s) = %s, want %s", words[i], got, words[i+1])
		}
	}
}

// Whatever the text: no term is empty or in upper case, text twice gives terms twice, and the
// stem of a stem may differ but never grows.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"金刚石CBN≥67%", "Ａ１２３．５㎡", "\xff\xfe好", "电 池\u200b", "𠮷野家 v2.0.1", "’s"} {
		f.Add(s)
	}
	a := testAnalyzer()
	f.Fuzz(func(t *testing.T, s string) {
		once := a.Tokens(nil, s)
		for _, x := range once {
			if x.Term == "" || x.Surface == "" || x.Kind >= kinds || !utf8.ValidString(x.Term) {
				t.Fatalf("%q: token %+v", s, x)
			}
			if x.Kind != Measure && len(x.Term) > len(x.Surface)+4 {
				t.Fatalf("%q: %q grew to %q", s, x.Surface, x.Term)
			}
		}
		if !utf8.ValidString(s) || len(s) > 1000 {
			return
		}
		count := func(list []Token) map[string]int {
			m := map[string]int{}
			for _, x := range list {
				m[x.Term]++
			}
			return m
		}
		one, two := count(once), count(a.Tokens(nil, s+"\n\n\n"+s))
		for term, n := range one {
			if two[term] < 2*n {
				t.Fatalf("%q: %q is there %d times, twice the text has %d", s, term, n, two[term])
			}
		}
	})
}
