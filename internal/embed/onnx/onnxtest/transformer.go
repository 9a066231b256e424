package onnxtest

import (
	"math"
	"math/rand/v2"
)

// Transformer is a model of the shape of BERT with chance for weights: it takes the time of a real one of
// its size and says nothing. It has no places, which cost nothing.
type Transformer struct{ Pieces, Layers, Dim, Heads, Inner int64 }

// weights are the parts of a layer's arithmetic.
type weights struct {
	*builder
	*rand.Rand
	t Transformer
}

// Bytes returns the model.
func (t Transformer) Bytes() []byte {
	w := weights{&builder{}, rand.New(rand.NewPCG(1, 2)), t}
	x := w.norm(w.op("Gather", w.random(t.Pieces, t.Dim), "input_ids"))
	mask := w.opWith("Cast", number("to", Float), w.op("Unsqueeze", "attention_mask", w.ints(1, 2)))
	away := w.op("Mul", w.op("Sub", w.floats([]float32{1}), mask), w.floats([]float32{-1e4}))
	for range t.Layers {
		x = w.norm(w.op("Add", x, w.attention(x, away)))
		x = w.norm(w.op("Add", x, w.linear(w.gelu(w.linear(x, t.Dim, t.Inner)), t.Inner, t.Dim)))
	}
	return w.model([]string{"input_ids", "attention_mask"}, Int64, x, "last_hidden_state", "batch", "sequence", "dim")
}

func (w weights) random(rows, columns int64) string {
	data := make([]float32, rows*columns)
	for i := range data {
		data[i] = float32(w.NormFloat64() / math.Sqrt(float64(columns)))
	}
	return w.floats(data, rows, columns)
}

func (w weights) linear(x string, in, out int64) string {
	return w.op("Add", w.op("MatMul", x, w.random(in, out)), w.floats(make([]float32, out), out))
}

func (w weights) norm(x string) string {
	one := make([]float32, w.t.Dim)
	for i := range one {
		one[i] = 1
	}
	return w.op("LayerNormalization", x, w.floats(one, w.t.Dim), w.floats(make([]float32, w.t.Dim), w.t.Dim))
}

func (w weights) gelu(x string) string {
	erf := w.op("Erf", w.op("Div", x, w.floats([]float32{math.Sqrt2})))
	return w.op("Mul", w.op("Mul", x, w.op("Add", erf, w.floats([]float32{1}))), w.floats([]float32{0.5}))
}

// attention is that of several heads; away is far below 0 where there is no piece.
func (w weights) attention(x, away string) string {
	dim := w.t.Dim / w.t.Heads
	head := func(order ...int64) string {
		y := w.op("Reshape", w.linear(x, w.t.Dim, w.t.Dim), w.ints(0, 0, w.t.Heads, dim))
		return w.opWith("Transpose", numbers("perm", order...), y)
	}
	scores := w.op("MatMul", head(0, 2, 1, 3), head(0, 2, 3, 1))
	scores = w.op("Div", scores, w.floats([]float32{float32(math.Sqrt(float64(dim)))}))
	y := w.op("MatMul", w.op("Softmax", w.op("Add", scores, away)), head(0, 2, 1, 3))
	y = w.op("Reshape", w.opWith("Transpose", numbers("perm", 0, 2, 1, 3), y), w.ints(0, 0, w.t.Dim))
	return w.linear(y, w.t.Dim, w.t.Dim)
}
