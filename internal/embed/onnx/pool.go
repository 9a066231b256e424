package onnx

import (
	"errors"
	"fmt"
	"math"
)

// maxDim bounds the numbers of a vector.
const maxDim = 8192

// answer is what a model says to a batch: a vector for each piece of each row, or for each row.
type answer struct {
	shape []int64
	data  []float32
}

// vectors makes a vector of length 1 for each row of a batch. One of zeros stays so.
func (a answer) vectors(b *batch, pooling string) ([][]float32, error) {
	dim, err := a.dim(b)
	if err != nil {
		return nil, err
	}
	out := make([][]float32, b.rows)
	for row := range out {
		switch {
		case len(a.shape) == 2: // the model has pooled
			out[row] = a.data[row*dim : (row+1)*dim]
		case pooling == poolCLS:
			out[row] = a.data[row*b.width*dim:][:dim]
		default:
			at := row * b.width
			out[row] = mean(a.data[at*dim:(at+b.width)*dim], b.mask[at:at+b.width], dim)
		}
		if out[row], err = unit(out[row]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// dim checks that an answer is one to the batch, and returns the numbers of a vector.
func (a answer) dim(b *batch) (int, error) {
	want := []int64{int64(b.rows), int64(b.width)}
	if len(a.shape) == 2 {
		want = want[:1]
	}
	wrong := fmt.Errorf("embed: the model answers %d texts of %d pieces with %v", b.rows, b.width, a.shape)
	if len(a.shape) != len(want)+1 {
		return 0, wrong
	}
	n := 1
	for i, d := range want {
		if a.shape[i] != d {
			return 0, wrong
		}
		n *= int(d)
	}
	dim := a.shape[len(want)]
	if dim < 1 || dim > maxDim || len(a.data) != n*int(dim) {
		return 0, wrong
	}
	return int(dim), nil
}

// mean is the mean of the vectors whose mask is not 0.
func mean(data []float32, mask []int64, dim int) []float32 {
	sum, n := make([]float64, dim), 0.0
	for i, on := range mask {
		if on == 0 {
			continue
		}
		n++
		for k, x := range data[i*dim : (i+1)*dim] {
			sum[k] += float64(x)
		}
	}
	out := make([]float32, dim)
	for k, x := range sum {
		out[k] = float32(x / max(1, n))
	}
	return out
}

// unit returns v with length 1.
func unit(v []float32) ([]float32, error) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, errors.New("embed: the model answers with what is no number")
	}
	out := make([]float32, len(v))
	if sum == 0 {
		return out, nil
	}
	for k, x := range v {
		out[k] = float32(float64(x) / math.Sqrt(sum))
	}
	return out, nil
}
