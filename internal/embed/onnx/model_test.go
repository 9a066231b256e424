package onnx

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/wordpiece"
)

// counting answers each piece with the vector (its number, 1), and fails from a certain run on.
type counting struct {
	runs, good int
	wider      bool // with each run
}

func (c *counting) run(_ context.Context, b *batch) (answer, error) {
	c.runs++
	if c.runs > c.good {
		return answer{}, errors.New("embed: broken")
	}
	dim := 2
	if c.wider {
		dim += c.runs
	}
	out := answer{shape: []int64{int64(b.rows), int64(b.width), int64(dim)}}
	for _, id := range b.ids {
		v := make([]float32, dim)
		v[0], v[1] = float32(id), 1
		out.data = append(out.data, v...)
	}
	return out, nil
}

func (c *counting) close() error { return nil }

func counted(t *testing.T, c *counting, most int) *Model {
	t.Helper()
	v, err := wordpiece.ReadVocabulary(strings.NewReader("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n"))
	if err != nil {
		t.Fatal(err)
	}
	return &Model{settings{Pooling: poolMean, MaxTokens: most}, wordpiece.New(v, wordpiece.Uncased()), c}
}

// Each text gets its vector, in whatever batch it was.
func TestEmbed(t *testing.T) {
	c := &counting{good: 99}
	m := counted(t, c, 512)
	texts := []string{strings.Repeat("b ", 500), "", strings.Repeat("a ", 600)}
	for range 100 {
		texts = append(texts, "a")
	}
	got, err := m.Embed(t.Context(), texts)
	if err != nil || len(got) != len(texts) || c.runs < 3 {
		t.Fatalf("%d vectors in %d runs, %v", len(got), c.runs, err)
	}
	for i, want := range map[int]string{
		0: "0.981 0.196", // 500 times 5, with 2 and 3
		1: "0.928 0.371",
		2: "0.970 0.243", // 510 times 4, with 2 and 3
		3: "0.949 0.316", 102: "0.949 0.316",
	} {
		if v := fmt.Sprintf("%.3f %.3f", got[i][0], got[i][1]); v != want {
			t.Errorf("text %d: %s, want %s", i, v, want)
		}
	}
}

// A run that fails, one that answers otherwise than the one before, and an end that is wished for.
func TestEmbedFails(t *testing.T) {
	texts := []string{"a", strings.Repeat("b ", 4000), strings.Repeat("b ", 4000)}
	_, err := counted(t, &counting{good: 1}, 8000).Embed(t.Context(), texts)
	if err == nil || err.Error() != "embed: broken" {
		t.Errorf("%v", err)
	}
	_, err = counted(t, &counting{good: 9, wider: true}, 8000).Embed(t.Context(), texts)
	if err == nil || err.Error() != "embed: a vector of 4 numbers, expected 3" {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &counting{good: 9}
	if _, err := counted(t, c, 512).Embed(ctx, texts); !errors.Is(err, context.Canceled) || c.runs != 0 {
		t.Errorf("%v after %d runs", err, c.runs)
	}
}
