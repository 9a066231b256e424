package onnx

import (
	"cmp"
	"slices"
)

// Limits of one run of a model. What a run needs besides the model grows with its pieces, and within
// attention with pieces times length: 4,096 are some hundred megabytes for a model of usual size.
const (
	maxRows   = 64
	maxPieces = 4096 // of all rows, those that fill up included
)

// batch is what a model sees at once: rows of pieces, filled up to one length.
type batch struct {
	texts       []int // the texts of the rows
	rows, width int   // width is the pieces of a row
	ids         []int64
	mask        []int64 // 1 for a piece of the text, 0 for one that fills up
}

// batches puts texts of like length together, so that little is filled up. pieces has those of each text.
func batches(pieces [][]int64, pad int64) []batch {
	order := make([]int, len(pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(pieces[a]), len(pieces[b])) })
	var out []batch
	for len(order) > 0 {
		n := 1
		for n < min(len(order), maxRows) && (n+1)*len(pieces[order[n]]) <= maxPieces {
			n++
		}
		out = append(out, fill(pieces, order[:n], pad))
		order = order[n:]
	}
	return out
}

// fill makes a batch of texts, the longest of which is the last.
func fill(pieces [][]int64, texts []int, pad int64) batch {
	b := batch{texts: texts, rows: len(texts), width: len(pieces[texts[len(texts)-1]])}
	b.ids, b.mask = make([]int64, b.rows*b.width), make([]int64, b.rows*b.width)
	for row, text := range texts {
		at := row * b.width
		n := copy(b.ids[at:], pieces[text])
		for i := range b.width {
			if i < n {
				b.mask[at+i] = 1
			} else {
				b.ids[at+i] = pad
			}
		}
	}
	return b
}
