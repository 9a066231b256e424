package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// The budget of a page (compressed bytes). maxShell is what scripts, styles and icon may take of
// the 60 KB, so that 26 KB are left for the page itself.
const (
	maxScripts = 25 << 10
	maxShell   = 34 << 10
)

func get(t *testing.T, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	Assets().ServeHTTP(w, r)
	return w.Result()
}

func TestAssetsAreKeptForEver(t *testing.T) {
	for _, c := range []struct{ name, mime string }{
		{"app.css", "text/css; charset=utf-8"}, {"app.js", "text/javascript; charset=utf-8"},
		{"htmx.min.js", "text/javascript; charset=utf-8"}, {"seal.svg", "image/svg+xml"},
	} {
		plain := get(t, AssetURL(c.name), "")
		packed := get(t, AssetURL(c.name), "br, gzip;q=0.8")
		if plain.StatusCode != 200 || plain.Header.Get("Content-Type") != c.mime {
			t.Errorf("%s: %d %s", c.name, plain.StatusCode, plain.Header.Get("Content-Type"))
		}
		if !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: Cache-Control %q", c.name, plain.Header.Get("Cache-Control"))
		}
		if plain.Header.Get("Content-Encoding") != "" ||
			packed.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: wrong encoding", c.name)
		}
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := io.ReadAll(plain.Body)
		b, _ := io.ReadAll(z)
		if !bytes.Equal(a, b) || len(a) == 0 {
			t.Errorf("%s: packed and plain differ", c.name)
		}
	}
}

func TestAssetsUnknownAndUnchanged(t *testing.T) {
	old := strings.Replace(AssetURL("app.css"), "app.", "app.0", 1)
	if got := get(t, old, "").StatusCode; got != http.StatusNotFound {
		t.Errorf("another hash: %d", got)
	}
	if got := get(t, PathAssets+"../page.go", "").StatusCode; got != http.StatusNotFound {
		t.Errorf("path out of the folder: %d", got)
	}
	r := httptest.NewRequest(http.MethodGet, AssetURL("app.css"), nil)
	r.Header.Set("If-None-Match", get(t, AssetURL("app.css"), "").Header.Get("ETag"))
	w := httptest.NewRecorder()
	Assets().ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("unchanged: %d with %d bytes", w.Code, w.Body.Len())
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "br, gzip": true, "GZIP": true,
		"gzip;q=0": false, "gzip;q=0.0": false,
		"gzip; q=0.5": true, "x-gzip": false, "deflate": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("acceptsGzip(%q) = %v", header, got)
		}
	}
}

func TestBudget(t *testing.T) {
	size := func(names ...string) int {
		n := 0
		for _, name := range names {
			n += len(loadAssets()[name].gzip)
		}
		return n
	}
	scripts := size("htmx.min.js", "app.js")
	if scripts > maxScripts {
		t.Errorf("scripts weigh %d bytes compressed, budget %d", scripts, maxScripts)
	}
	if all := scripts + size("app.css", "seal.svg"); all > maxShell {
		t.Errorf("scripts and styles weigh %d bytes compressed, budget %d", all, maxShell)
	}
	t.Logf("scripts %d, style sheet %d bytes compressed", scripts, size("app.css"))
}

// TestVendored compares each file taken from elsewhere with the checksum noted when it came in.
func TestVendored(t *testing.T) {
	const dir = "static/vendor"
	list, err := os.ReadFile(filepath.Join(dir, "vendored.txt"))
	if err != nil {
		t.Fatal(err)
	}
	noted := map[string]string{}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) == 4 && f[0] != "#" {
			noted[f[0]] = f[1]
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == "vendored.txt" {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if noted[f.Name()] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not the file noted in vendored.txt", f.Name())
		}
	}
	if len(noted) != len(files)-1 {
		t.Errorf("%d files noted, %d present", len(noted), len(files)-1)
	}
}
