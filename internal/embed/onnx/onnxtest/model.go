// Package onnxtest makes small models in the form of ONNX, byte by byte, for tests of what runs them.
package onnxtest

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Library is the variable of the environment that names the file of ONNX Runtime for tests.
const Library = "YUNTU_TEST_ONNX"

// Special are the pieces that a vocabulary begins with.
var Special = []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]"}

// Graph is a model whose vector of a piece is that of a table. Where the mask is 0 each number is larger
// by Noise, and where the type is not 0 too: only who gives the right mask and types, and pools by the
// mask, gets the vectors of the table.
type Graph struct {
	Vectors [][]float32 // of the pieces in the order of the vocabulary
	Types   bool        // whether it wants token_type_ids
	Pooled  bool        // whether it gives the vector of [CLS] for each text instead of all

	Output  string // its name; "" for the usual one
	Element int64  // type of the inputs; 0 for Int64
	Extra   string // an input nobody knows
}

// Noise is far from every number of a table.
const Noise = 1000

// Bytes returns the model.
func (g Graph) Bytes() []byte {
	var b builder
	dim := int64(len(g.Vectors[0]))
	zero, noise := make([]float32, dim), slices.Repeat([]float32{Noise}, int(dim))
	table := b.floats(slices.Concat(g.Vectors...), int64(len(g.Vectors)), dim)
	x := b.op("Gather", table, "input_ids")
	x = b.op("Add", x, b.op("Gather", b.floats(slices.Concat(noise, zero), 2, dim), "attention_mask"))
	inputs := []string{"input_ids", "attention_mask"}
	if g.Types {
		x = b.op("Add", x, b.op("Gather", b.floats(slices.Concat(zero, noise), 2, dim), "token_type_ids"))
		inputs = append(inputs, "token_type_ids")
	}
	if g.Extra != "" {
		inputs = append(inputs, g.Extra)
	}
	output, dims := "last_hidden_state", []string{"batch", "sequence", "dim"}
	if g.Pooled {
		x = b.op("Squeeze", b.opWith("Gather", number("axis", 1), x, b.ints(0)), b.ints(1))
		output, dims = "sentence_embedding", []string{"batch", "dim"}
	}
	return b.model(inputs, cmp.Or(g.Element, Int64), x, cmp.Or(g.Output, output), dims...)
}

// Folder writes a folder of a model: its graph, the vocabulary of Special and more pieces, and files as
// pairs of name and content.
func Folder(t testing.TB, g Graph, pieces []string, files ...string) string {
	t.Helper()
	vocabulary := strings.Join(slices.Concat(Special, pieces), "\n") + "\n"
	return Files(t, slices.Concat([]string{"model.onnx", string(g.Bytes()), "vocab.txt", vocabulary}, files)...)
}

// Files writes files, given as pairs of name and content, into a folder.
func Files(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
