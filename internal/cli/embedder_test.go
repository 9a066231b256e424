package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/cli"
)

// With a service of vectors a need finds what no word of it finds.
func TestEmbedder(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Input []string }
		if json.NewDecoder(r.Body).Decode(&q) != nil || r.Header.Get("Authorization") != "Bearer k" {
			t.Errorf("asked with %v", r.Header)
		}
		var data []string
		for i, text := range q.Input {
			v := "[1,0]"
			if strings.Contains(text, "茶") {
				v = "[0,1]"
			}
			data = append(data, fmt.Sprintf(`{"index":%d,"embedding":%s}`, i, v))
		}
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(data, ","))
	}))
	defer server.Close()
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	var out, errw bytes.Buffer
	code := cli.Run(t.Context(), []string{"match", "--json", "--quiet", "--top", "1",
		"--embedder", server.URL, "--embedder-model", "m", "--embedder-key-file", file("key", "k\n"),
		"--needs", file("n", `{"id":"n","title":"水泵气堵"}`),
		"--offers", file("o", `[{"id":"tea","title":"红茶发酵"},{"id":"motor","title":"电机转子"}]`)}, nil, &out, &errw)
	if code != 0 || !strings.HasPrefix(out.String(), `{"need":"n","offers":[{"id":"motor",`) {
		t.Errorf("status %d: %s%s", code, &out, &errw)
	}
}
