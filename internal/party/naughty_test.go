package party

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// naughty returns the list of naughty strings of the shared data, nothing where it is absent.
func naughty(t *testing.T) []string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "bad-input", "blns")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Log("no naughty strings here")
		return nil
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}
