package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
)

// two is a batch of two texts, of which the first has one piece less.
func two() *batch {
	return &batch{texts: []int{0, 1}, rows: 2, width: 2, ids: []int64{5, 0, 6, 7}, mask: []int64{1, 0, 1, 1}}
}

// Vectors of pieces become one for each text, of length 1; those of texts stay.
func TestVectors(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		what    string
		shape   []int64
		data    []float32
		pooling string
		want    string // or part of the error
	}{
		{"mean without fill", []int64{2, 2, 2}, []float32{3, 4, 900, 9, 0, 1, 0, 3}, poolMean, "[[0.6 0.8] [0 1]]"},
		{"cls", []int64{2, 2, 2}, []float32{0, 2, 1, 0, -6, 8, 1, 1}, poolCLS, "[[0 1] [-0.6 0.8]]"},
		{"pooled by the model", []int64{2, 3}, []float32{2, 0, 0, 0, 0, -4}, poolMean, "[[1 0 0] [0 0 -1]]"},
		{"zeros", []int64{2, 2}, []float32{0, 0, 0, 5}, poolMean, "[[0 0] [0 1]]"},
		{"very large and small", []int64{2, 1}, []float32{math.MaxFloat32, 1e-45}, poolMean, "[[1] [1]]"},
		{"other texts", []int64{3, 2}, make([]float32, 6), poolMean, "answers 2 texts of 2 pieces with [3 2]"},
		{"other pieces", []int64{2, 3, 2}, make([]float32, 12), poolMean, "with [2 3 2]"},
		{"too few numbers", []int64{2, 2, 2}, make([]float32, 7), poolMean, "with [2 2 2]"},
		{"no numbers", []int64{2, 0}, nil, poolMean, "with [2 0]"},
		{"no vectors", []int64{2}, make([]float32, 2), poolMean, "with [2]"},
		{"four dimensions", []int64{2, 2, 1, 1}, make([]float32, 4), poolMean, "with [2 2 1 1]"},
		{"less than none", []int64{2, 2, -1}, nil, poolMean, "with [2 2 -1]"},
		{"too wide", []int64{2, 8193}, make([]float32, 2*8193), poolMean, "with [2 8193]"},
		{"what is no number", []int64{2, 1}, []float32{1, nan}, poolMean, "no number"},
		{"endless", []int64{2, 1}, []float32{inf, 1}, poolMean, "no number"},
		{"no number that is filled up with", []int64{2, 2, 1}, []float32{1, nan, 1, 1}, poolMean, "[[1] [1]]"},
	} {
		got, err := answer{c.shape, c.data}.vectors(two(), c.pooling)
		said := fmt.Sprint(got)
		if err != nil {
			said = err.Error()
		}
		if said != c.want && (err == nil || !strings.Contains(said, c.want)) {
			t.Errorf("%s: %s, want %s", c.what, said, c.want)
		}
	}
}

// Whatever a model answers: vectors of length 1 or 0 for each text, or an error.
func FuzzVectors(f *testing.F) {
	f.Add(int64(2), int64(2), int64(2), false, true, make([]byte, 32))
	f.Add(int64(2), int64(4), int64(0), true, false, []byte("12345678901234567890123456789012"))
	f.Add(int64(2), int64(-1), int64(math.MaxInt64), false, true, []byte{0, 0, 0x80, 0x7f})
	f.Fuzz(func(t *testing.T, a, b, c int64, pooled, cls bool, raw []byte) {
		in := answer{shape: []int64{a, b, c}}
		if pooled {
			in.shape = in.shape[:2]
		}
		for ; len(raw) >= 4; raw = raw[4:] {
			in.data = append(in.data, math.Float32frombits(binary.LittleEndian.Uint32(raw)))
		}
		pooling := poolMean
		if cls {
			pooling = poolCLS
		}
		got, err := in.vectors(two(), pooling)
		if err != nil {
			return
		}
		if len(got) != 2 || len(got[0]) != len(got[1]) {
			t.Fatalf("%v", got)
		}
		for _, v := range got {
			sum := 0.0
			for _, x := range v {
				sum += float64(x) * float64(x)
			}
			if sum != 0 && math.Abs(sum-1) > 1e-4 || math.IsNaN(sum) {
				t.Fatalf("%v has length %v", v, math.Sqrt(sum))
			}
		}
	})
}
