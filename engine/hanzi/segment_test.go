package hanzi

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-ego/gse"
	"github.com/google/go-cmp/cmp"
)

// segmentSample is a text of this project, in the manner of the texts it will meet.
const segmentSample = `云州市科技局组织召开全市科技成果转化工作推进会。会议指出，去年全市技术合同成交额达到64.8亿元，` +
	`同比增长31.7%，其中在本地转化的占三分之二。要深入实施创新驱动发展战略，加快建设国家创新型城市，` +
	`支持龙头企业牵头组建创新联合体，推动产业链、创新链、资金链、人才链深度融合。各县区要把企业研发投入摆在突出位置，` +
	`落实研发费用加计扣除政策，培育高新技术企业和科技型中小企业，建设中试平台和科技企业孵化器。` +
	`轨道交通2号线一期工程年底前开通试运营，绕城高速公路北段提前通车，老旧小区改造惠及居民3.4万户。` +
	`PM2.5平均浓度降至33微克每立方米，5G基站实现乡镇全覆盖，VC投资机构与A股上市公司对接。`

func TestSegmenter(t *testing.T) {
	g, err := NewSegmenter(strings.NewReader(`
北京 100
北京大学 50
大学 80
学生 90
大 10
生 20
前 10
京大 1
4S店 3
`), strings.NewReader("学生会 70\n大学 81 n\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"北京大学生前", "北京大学/生/前"},
		{"北京大学学生会", "北京大学/学生会"},
		{"去4S店买iPhone 15", "去/4S店/买/iPhone/15"},
		{"３.5%，北京。", "３/5/北京"},
		{"", ""},
		{"\xff北京\xff", "北京"},
		{"龘𠀀", "龘/𠀀"},
	} {
		if diff := cmp.Diff(c.want, strings.Join(g.Cut(nil, c.text), "/")); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
}

func TestNewSegmenterRefuses(t *testing.T) {
	for _, text := range []string{"", "北京\n", "北京 many\n", "北京 -1\n", strings.Repeat("x", 2000)} {
		if _, err := NewSegmenter(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q: no error", text)
		}
	}
}

// gseSegmenter is go-ego/gse with the same dictionary.
func gseSegmenter(t testing.TB) *gse.Segmenter {
	t.Helper()
	var s gse.Segmenter
	s.SkipLog = true
	gse.ToLower = false
	if err := s.LoadDict(moduleDictionary(t)); err != nil {
		t.Fatal(err)
	}
	return &s
}

// hanRuns are the runs of characters of the sample. gse gives a digit that only begins
// words the probability 0, and with it all text before, so it is asked about these alone.
func hanRuns() []string {
	return strings.FieldsFunc(segmentSample, func(c rune) bool { return c < 0x4E00 || c > 0x9FD5 })
}

const (
	gseFile = "testdata/segment-gse.txt"
	// gseTotal is the sum of its counts, with the words that no block can hold. Ways that are
	// equally frequent are told apart by how their sums round, and so by this.
	gseTotal = 33335165
)

// TestSegmenterAgainstGse holds the words of the sample to those of go-ego/gse, which are
// kept in a file because loading its dictionary takes seconds; -update asks it anew. It
// counts every single character twice, so this segmenter does here too.
func TestSegmenterAgainstGse(t *testing.T) {
	if *update {
		other := gseSegmenter(t)
		var words []string
		for _, run := range hanRuns() {
			words = append(words, other.Cut(run, false)...)
		}
		if err := os.WriteFile(gseFile, []byte(strings.Join(words, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(gseFile)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	rest := int64(gseTotal)
	for word, count := range defaultCounts(t) {
		if utf8.RuneCountInString(word) == 1 {
			count = 2
		}
		rest -= count
		fmt.Fprintln(&lines, word, count)
	}
	fmt.Fprintln(&lines, "----", rest)
	g, err := NewSegmenter(strings.NewReader(lines.String()))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, run := range hanRuns() {
		got = g.Cut(got, run)
	}
	if diff := cmp.Diff(strings.Fields(string(want)), got); diff != "" {
		t.Errorf("-gse +hanzi:\n%s", diff)
	}
}

// defaultCounts are the words of the embedded dictionary.
func defaultCounts(t testing.TB) map[string]int64 {
	t.Helper()
	text, err := unpackDictionary(dictionaryWords, dictionaryCounts)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := readDictionary(nil, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]int64, len(entries))
	for _, e := range entries {
		counts[e.word] = e.count
	}
	return counts
}

// TestSegmenterIsJieba compares with the way that jieba describes: a graph of all words in
// the text, and over it the most probable path, of equal ones the longer first word.
func TestSegmenterIsJieba(t *testing.T) {
	counts := defaultCounts(t)
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	g := DefaultSegmenter()
	random := rand.New(rand.NewPCG(1, 2))
	runes := []rune(strings.Map(func(c rune) rune {
		if c >= 0x4E00 && c <= 0x9FD5 {
			return c
		}
		return -1
	}, segmentSample))
	for range 500 {
		from := random.IntN(len(runes) - 40)
		text := runes[from : from+1+random.IntN(40)]
		if random.IntN(2) == 0 {
			text = slices.Clone(text)
			random.Shuffle(len(text), func(i, j int) { text[i], text[j] = text[j], text[i] })
		}
		want := jiebaCut(text, counts, math.Log(float64(total)))
		if diff := cmp.Diff(want, g.Cut(nil, string(text))); diff != "" {
			t.Fatalf("%s: %s", string(text), diff)
		}
	}
}

func jiebaCut(text []rune, counts map[string]int64, logTotal float64) []string {
	n := len(text)
	score, end := make([]float64, n+1), make([]int, n+1)
	for i := n - 1; i >= 0; i-- {
		score[i], end[i] = math.Inf(-1), i+1
		for j := i + 1; j <= min(n, i+20); j++ {
			count := counts[string(text[i:j])]
			if count == 0 {
				continue
			}
			if s := math.Log(float64(count)) - logTotal + score[j]; s >= score[i] {
				score[i], end[i] = s, j
			}
		}
		if math.IsInf(score[i], -1) {
			score[i] = math.Log(1) - logTotal + score[i+1]
		}
	}
	var out []string
	for i := 0; i < n; i = end[i] {
		out = append(out, string(text[i:end[i]]))
	}
	return out
}

func FuzzSegmenter(f *testing.F) {
	g := DefaultSegmenter()
	f.Add(segmentSample)
	f.Add("a.b-c 北京\xff１２")
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, w := range g.Cut(nil, text) {
			_, after, found := strings.Cut(rest, w)
			if !found || w == "" {
				t.Fatalf("%q is not in %q in its turn", w, text)
			}
			rest = after
		}
	})
}

func TestSegmenterCost(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the dictionary")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	g := openDictionary()
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	kept := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("built in %v, keeps %.1f MB, %d slots", took, float64(kept)/1e6, len(g.nodes))
	if kept > 16e6 {
		t.Errorf("keeps %.1f MB", float64(kept)/1e6)
	}
	runtime.KeepAlive(g)
}

func BenchmarkSegmenter(b *testing.B) {
	g := DefaultSegmenter()
	var dst []string
	b.SetBytes(int64(len(segmentSample)))
	b.ReportAllocs()
	for b.Loop() {
		dst = g.Cut(dst[:0], segmentSample)
	}
}

func BenchmarkSegmenterGse(b *testing.B) {
	s := gseSegmenter(b)
	b.SetBytes(int64(len(segmentSample)))
	b.ReportAllocs()
	for b.Loop() {
		s.Cut(segmentSample, false)
	}
}

func TestHas(t *testing.T) {
	g, err := NewSegmenter(strings.NewReader("锂电池 10\n电池 20\n甲 0\nCBN 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]bool{
		"锂电池": true, "电池": true, "CBN": true, "锂": false, "锂电": false, "电池组": false,
		"甲": false, "": false, "é": false, "无": false,
	} {
		if got := g.Has(word); got != want {
			t.Errorf("Has(%q) = %v", word, got)
		}
	}
}
