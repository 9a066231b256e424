// Package onnxtest makes small models in the form of ONNX, byte by byte, for tests of what runs them.
package onnxtest

import (
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
	dim := len(g.Vectors[0])
	noise := [][]float32{slices.Repeat([]float32{Noise}, dim), make([]float32, dim)}
	element := g.Element
	if element == 0 {
		element = Int64
	}
	inputs := []string{"input_ids", "attention_mask"}
	if g.Types {
		inputs = append(inputs, "token_type_ids")
	}
	if g.Extra != "" {
		inputs = append(inputs, g.Extra)
	}
	output := g.Output
	switch {
	case output != "":
	case g.Pooled:
		output = "sentence_embedding"
	default:
		output = "last_hidden_state"
	}
	graph := message(nil).text(2, "table").
		bytes(1, node("Gather", "pieces", "table", "input_ids")).
		bytes(1, node("Gather", "padding", "noise", "attention_mask")).
		bytes(1, node("Add", "masked", "pieces", "padding")).
		bytes(5, tensor("table", g.Vectors)).
		bytes(5, tensor("noise", noise))
	last := "masked"
	if g.Types {
		slices.Reverse(noise)
		graph = graph.bytes(5, tensor("type", noise)).
			bytes(1, node("Gather", "types", "type", "token_type_ids")).
			bytes(1, node("Add", "typed", "masked", "types"))
		last = "typed"
	}
	dims := []string{"batch", "sequence", "dim"}
	if g.Pooled {
		first := message(nil).number(2, Int64).text(8, "first").bytes(9, make([]byte, 8)) // the number 0
		graph = graph.bytes(5, first).bytes(1, node("Gather", output, last, "first").bytes(5,
			message(nil).text(1, "axis").number(3, 1).number(20, 2)))
		dims = []string{"batch", "dim"}
	} else {
		graph = graph.bytes(1, node("Identity", output, last))
	}
	for _, name := range inputs {
		graph = graph.bytes(11, value(name, element, "batch", "sequence"))
	}
	graph = graph.bytes(12, value(output, Float, dims...))
	return message(nil).number(1, 8).bytes(7, graph).bytes(8, message(nil).text(1, "").number(2, 13))
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
