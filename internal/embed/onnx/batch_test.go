package onnx

import (
	"fmt"
	"slices"
	"testing"
)

// Texts of like length go together, and short ones are filled up.
func TestBatches(t *testing.T) {
	list := batches([][]int64{{2, 5, 6, 3}, {2, 3}, {2, 7, 3}}, 9)
	if len(list) != 1 {
		t.Fatalf("%d batches", len(list))
	}
	b := list[0]
	if got := fmt.Sprint(b.texts, b.ids, b.mask); got !=
		"[1 2 0] [2 3 9 9 2 7 3 9 2 5 6 3] [1 1 0 0 1 1 1 0 1 1 1 1]" || b.rows != 3 || b.width != 4 {
		t.Errorf("%s, %d × %d", got, b.rows, b.width)
	}
	if got := batches(nil, 0); got != nil {
		t.Errorf("no texts: %v", got)
	}
}

// Every text stands in one batch, with its pieces, and no batch is beyond the limits unless one text is.
func FuzzBatches(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255, 255}, 2)
	f.Add(slices.Repeat([]byte{7}, 200), 40)
	f.Add([]byte{255}, 60)
	f.Fuzz(func(t *testing.T, lengths []byte, times int) {
		if len(lengths) > 500 || times < 1 || times > 64 {
			return
		}
		pieces := make([][]int64, len(lengths))
		for i, n := range lengths {
			pieces[i] = slices.Repeat([]int64{int64(i + 1)}, 1+int(n)*times)
		}
		seen := make([]int, len(lengths))
		for _, b := range batches(pieces, -1) {
			if b.rows != len(b.texts) || len(b.ids) != b.rows*b.width || len(b.mask) != len(b.ids) {
				t.Fatalf("%d texts, %d × %d, %d ids, %d marks", len(b.texts), b.rows, b.width, len(b.ids), len(b.mask))
			}
			if b.rows > maxRows || b.rows > 1 && len(b.ids) > maxPieces {
				t.Fatalf("%d rows, %d pieces", b.rows, len(b.ids))
			}
			for row, text := range b.texts {
				seen[text]++
				n := len(pieces[text])
				for i, id := range b.ids[row*b.width:][:b.width] {
					inside := i < n
					if inside != (b.mask[row*b.width+i] == 1) || inside != (id == int64(text+1)) || !inside && id != -1 {
						t.Fatalf("text %d, piece %d of %d: %d", text, i, n, id)
					}
				}
			}
		}
		for text, n := range seen {
			if n != 1 {
				t.Fatalf("text %d stands in %d batches", text, n)
			}
		}
	})
}
