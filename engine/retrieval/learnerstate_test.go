package retrieval_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// state is all that a learner knows, as bytes.
func state(t testing.TB, l *retrieval.WordLearner) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSum puts the checksum behind the bytes of a state.
func withSum(data []byte) []byte {
	sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
	return binary.LittleEndian.AppendUint32(slices.Clone(data), sum)
}

// learningTexts are texts of a field, some of them twice, with letters, marks, and nothing.
func learningTexts(r *rand.Rand, n int) []string {
	out := []string{"", "x", "固态电池", "固态电池"}
	for range n {
		text := ""
		for range 1 + r.IntN(6) {
			text += fieldTexts[r.IntN(len(fieldTexts))] + []string{"，", "", "PLC", "\n", "的"}[r.IntN(5)]
		}
		out = append(out, text)
	}
	return out
}

// Adding and removing in any order leaves what the texts that are left give when they are all that came: to the
// last byte of the state, and in words.
func TestRemoveUndoesAdd(t *testing.T) {
	t.Parallel()
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		texts := learningTexts(r, 30)
		l := retrieval.NewWordLearner(a)
		var there []string
		for range 120 {
			if len(there) > 0 && r.IntN(2) == 0 {
				i := r.IntN(len(there))
				if !l.Remove(there[i]) {
					t.Fatalf("seed %d: %q cannot be taken away", seed, there[i])
				}
				there = slices.Delete(there, i, i+1)
				continue
			}
			there = append(there, texts[r.IntN(len(texts))])
			l.Add(there[len(there)-1])
			if r.IntN(10) == 0 { // goes through a file meanwhile
				again, err := retrieval.ReadWordLearner(a, state(t, l))
				if err != nil {
					t.Fatal(err)
				}
				l = again
			}
		}
		fresh := retrieval.NewWordLearner(a)
		r.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
		for _, text := range there {
			fresh.Add(text)
		}
		rule := retrieval.DomainRule{Count: 3, Information: 1, Entropy: 0.5}
		if diff := cmp.Diff(fresh.Domain(rule).Words(), l.Domain(rule).Words()); diff != "" {
			t.Errorf("seed %d (-learned anew +grown):\n%s", seed, diff)
		}
		if !bytes.Equal(state(t, fresh), state(t, l)) {
			t.Errorf("seed %d: the states differ", seed)
		}
		for _, text := range there {
			l.Remove(text)
		}
		if !bytes.Equal(state(t, l), state(t, retrieval.NewWordLearner(a))) {
			t.Errorf("seed %d: something is left when all is gone", seed)
		}
	}
}

// A text that was not added cannot be taken away, and trying changes nothing.
func TestRemoveOfAnother(t *testing.T) {
	t.Parallel()
	l := retrieval.NewWordLearner(retrieval.NewAnalyzer(hanzi.DefaultSegmenter()))
	l.Add(fieldTexts[0] + "，" + fieldTexts[1])
	before := state(t, l)
	for _, text := range []string{fieldTexts[2], fieldTexts[0] + fieldTexts[1], fieldTexts[0] + "，" + fieldTexts[0]} {
		if l.Remove(text) {
			t.Errorf("%q was taken away", text)
		}
		if !bytes.Equal(before, state(t, l)) {
			t.Fatalf("%q changed what is known", text)
		}
	}
}

// A state of another version, another dictionary, or with a byte that differs is refused.
func TestSpoiledState(t *testing.T) {
	t.Parallel()
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	l := retrieval.NewWordLearner(a)
	for _, text := range fieldTexts {
		l.Add(text)
	}
	data := state(t, l)
	if _, err := retrieval.ReadWordLearner(a, data); err != nil {
		t.Fatal(err)
	}
	other, err := hanzi.NewSegmenter(strings.NewReader("固态 3\n电池 4\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := retrieval.ReadWordLearner(retrieval.NewAnalyzer(other), data); !errors.Is(err, retrieval.ErrLearner) {
		t.Errorf("another dictionary: %v", err)
	}
	for i := range data {
		bad := slices.Clone(data)
		bad[i] ^= 1 << (i % 8)
		if _, err := retrieval.ReadWordLearner(a, bad); !errors.Is(err, retrieval.ErrLearner) {
			t.Fatalf("byte %d: %v", i, err)
		}
		if _, err := retrieval.ReadWordLearner(a, data[:i]); !errors.Is(err, retrieval.ErrLearner) {
			t.Fatalf("%d bytes: %v", i, err)
		}
	}
}

// Whatever bytes there are, with a checksum that fits, they are refused or give a learner that writes and learns.
func FuzzReadWordLearner(f *testing.F) {
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	l := retrieval.NewWordLearner(a)
	f.Add(state(f, l))
	for _, text := range fieldTexts[:3] {
		l.Add(text)
	}
	f.Add(state(f, l))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4 {
			data = withSum(data[:len(data)-4])
		}
		l, err := retrieval.ReadWordLearner(a, data)
		if err != nil {
			if !errors.Is(err, retrieval.ErrLearner) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		if !bytes.Equal(state(t, l), data) {
			again, err := retrieval.ReadWordLearner(a, state(t, l))
			if err != nil || !bytes.Equal(state(t, again), state(t, l)) {
				t.Errorf("it is not read back: %v", err)
			}
		}
		before := state(t, l)
		l.Add("新型固态电池")
		l.Domain(retrieval.DefaultDomainRule())
		if !l.Remove("新型固态电池") || !bytes.Equal(before, state(t, l)) {
			t.Error("what was read is not what is kept")
		}
	})
}

// BenchmarkLearn learns the words of a market of 20,000 posts: all of them anew, and what one night brings. Of a
// machine that others keep busy the processor time can be compared.
func BenchmarkLearn(b *testing.B) {
	const posts, changed = 20_000, 200
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, posts+changed)
	for i := range texts {
		texts[i] = generatedPost(r)
	}
	var all *retrieval.WordLearner
	b.Run("anew", func(b *testing.B) {
		defer processorTime(b)()
		for b.Loop() {
			all = retrieval.NewWordLearner(a)
			for _, text := range texts[:posts] {
				all.Add(text)
			}
			all.Domain(retrieval.DefaultDomainRule())
		}
	})
	if all == nil {
		b.Skip("a night goes on from what was learned anew")
	}
	kept := state(b, all)
	b.Run("night", func(b *testing.B) {
		defer processorTime(b)()
		for b.Loop() {
			l, err := retrieval.ReadWordLearner(a, kept)
			if err != nil {
				b.Fatal(err)
			}
			for i := range changed {
				if !l.Remove(texts[i*97]) {
					b.Fatal("it was added")
				}
				l.Add(texts[posts+i])
			}
			l.Domain(retrieval.DefaultDomainRule())
			state(b, l)
		}
		b.ReportMetric(float64(len(kept))/1e6, "state-MB")
	})
}

// processorTime begins to measure, and the function that it returns reports the time of a round.
func processorTime(b *testing.B) func() {
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	start := used()
	return func() { b.ReportMetric(float64(used()-start)/1e6/float64(b.N), "cpu-ms/op") }
}

// generatedPost is a post of some 260 characters, of the words of the dictionary and of a field.
func generatedPost(r *rand.Rand) string {
	text := ""
	for len([]rune(text)) < 260 {
		text += fmt.Sprint(fieldTexts[r.IntN(len(fieldTexts))], generatedWords[r.IntN(len(generatedWords))],
			generatedWords[r.IntN(len(generatedWords))], generatedWords[r.IntN(len(generatedWords))],
			[]string{"，", "。", "的", "和"}[r.IntN(4)])
	}
	return text
}

// generatedWords are common words of posts.
var generatedWords = []string{"提高", "降低", "成本", "温度", "压力", "强度", "材料", "设备", "系统", "控制", "检测", "精度", "生产", "工艺",
	"流程", "表面", "结构", "稳定", "自动", "监测", "数据", "分析", "模型", "优化", "节能", "排放", "煤炭", "钢铁", "镁合金", "焦炉", "煤气", "余热",
	"回收", "利用", "粉尘", "治理", "废水", "处理", "轴承", "齿轮", "液压", "传感器", "机器人", "焊接", "涂层", "腐蚀", "疲劳", "寿命", "试验",
	"标准", "合作", "开发", "企业", "高校", "研究", "团队", "需要", "解决", "问题", "指标", "要求", "达到", "以上", "不低于", "连续", "运行"}
