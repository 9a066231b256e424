//go:build !onnx

package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/cli"
)

// A program that was built without ONNX says so when a model is named, and matches nothing.
func TestEmbedderWithoutONNX(t *testing.T) {
	posts := filepath.Join(t.TempDir(), "posts.jsonl")
	if err := os.WriteFile(posts, []byte(`{"id":"n","title":"水泵气堵"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{
		"zh": "yuntu match: 本程序构建时没有加入 ONNX", "en": "yuntu match: this program was built without ONNX"} {
		var out, errw bytes.Buffer
		code := cli.Run(t.Context(), []string{"match", "--lang", lang, "--needs", posts, "--offers", posts,
			"--embedder", "onnx:" + t.TempDir()}, nil, &out, &errw)
		if code != 2 || out.Len() != 0 || !strings.HasPrefix(errw.String(), want) ||
			!strings.Contains(errw.String(), "CGO_ENABLED=1 go build -trimpath -tags onnx") {
			t.Errorf("status %d: %s%s", code, &out, &errw)
		}
	}
}
