//go:build !onnx

package onnx_test

import (
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/embed/onnx"
	"github.com/yuntu-city/yuntu/internal/embed/onnx/onnxtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

var _ retrieval.Embedder = (*onnx.Model)(nil)

// A program that was built without says so, and how to build one, in both languages, whatever the folder.
func TestWithout(t *testing.T) {
	good := onnxtest.Folder(t, onnxtest.Graph{Vectors: [][]float32{{1}, {1}, {1}, {1}}}, nil)
	for _, dir := range []string{good, "/none"} {
		_, err := onnx.Open(onnx.Options{Folder: dir})
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid {
			t.Fatalf("%v", err)
		}
		for lang, want := range map[i18n.Lang]string{
			i18n.ZH: "本程序构建时没有加入 ONNX", i18n.EN: "this program was built without ONNX"} {
			if said := i18n.Fault(lang, e); !strings.Contains(said, want) ||
				!strings.Contains(said, "CGO_ENABLED=1 go build -trimpath -tags onnx -o yuntu ./cmd/yuntu") {
				t.Errorf("%v: %s", lang, said)
			}
		}
	}
}
