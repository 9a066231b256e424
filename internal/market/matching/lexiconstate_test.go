package matching

import (
	"bytes"
	"errors"
	"testing"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// Whatever a file holds, it is refused, or it is a state that can be gone on with and written again.
func FuzzReadWordState(f *testing.F) {
	a := retrieval.NewAnalyzer(hanzi.DefaultSegmenter())
	x := newWordState(a)
	var b bytes.Buffer
	if err := x.write(&b, "1"); err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(b.Bytes()))
	x.put("a", wordText{"固态电池", "新型固态电池电解质"})
	b.Reset()
	if err := x.write(&b, "1"); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(wordsMagic + "\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := readWordState(a, "1", data)
		if err != nil {
			if !errors.Is(err, errWords) && !errors.Is(err, retrieval.ErrLearner) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		x.put("b", wordText{"界面", "固态电池的界面"})
		x.drop("a") // may be refused, where it is not what was learned
		var b bytes.Buffer
		if err := x.write(&b, "1"); err != nil {
			t.Error(err)
		}
	})
}
