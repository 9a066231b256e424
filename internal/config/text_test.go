package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every setting is explained, nothing else is, and a file made of the defaults is the default.
func TestDescribe(t *testing.T) {
	var file strings.Builder
	for _, line := range Describe() {
		if line.Text == "" {
			t.Errorf("%s is not explained", line.Key)
		}
		file.WriteString(line.Key + " = " + line.TOML + "\n")
	}
	if len(texts) != len(Keys()) {
		t.Errorf("%d explanations for %d settings", len(texts), len(Keys()))
	}
	path := filepath.Join(t.TempDir(), "a.toml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(Source{File: path})
	if err != nil {
		t.Fatal(err)
	}
	got.Server.TrustedProxies = nil // an empty list and none are the same
	if d := cmp.Diff(Default(), got); d != "" {
		t.Error(d)
	}
}
