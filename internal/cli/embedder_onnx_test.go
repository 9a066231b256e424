//go:build onnx

package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/cli"
	"github.com/yuntu-city/yuntu/internal/embed/onnx/onnxtest"
)

// With a model on this machine a need finds what no word of it finds, and without its folder nothing is
// matched.
func TestEmbedderONNX(t *testing.T) {
	library := os.Getenv(onnxtest.Library)
	if library == "" {
		t.Skipf("%s names no library of ONNX Runtime", onnxtest.Library)
	}
	pump, tea, nothing := []float32{3, 0}, []float32{0, 3}, []float32{0, 0}
	model := onnxtest.Folder(t, onnxtest.Graph{Types: true,
		Vectors: [][]float32{nothing, nothing, nothing, nothing, pump, pump, pump, pump, tea, tea}},
		[]string{"水", "泵", "电", "机", "红", "茶"})
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	needs := file("n", `{"id":"n","title":"水泵气堵"}`)
	offers := file("o", `[{"id":"tea","title":"红茶发酵"},{"id":"motor","title":"电机转子"}]`)
	run := func(folder string) (int, string, string) {
		var out, errw bytes.Buffer
		code := cli.Run(t.Context(), []string{"match", "--json", "--top", "1", "--needs", needs, "--offers", offers,
			"--embedder", "onnx:" + folder, "--embedder-library", library}, nil, &out, &errw)
		return code, out.String(), errw.String()
	}
	code, out, said := run(model)
	if code != 0 || !strings.HasPrefix(out, `{"need":"n","offers":[{"id":"motor",`) ||
		!strings.Contains(said, "计算向量 100% (3 / 3)") {
		t.Errorf("status %d: %s%s", code, out, said)
	}
	if code, out, said = run(dir); code != 2 || out != "" || !strings.Contains(said, "模型目录中没有 model.onnx") {
		t.Errorf("status %d: %s%s", code, out, said)
	}
}
