package hanzi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "make the embedded dictionary anew from its module")

const dictionaryFile = "dictionary.txt.gz"

// moduleDictionary is the path of the word list in the module that go.mod names.
func moduleDictionary(t testing.TB) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-ego/gse").Output()
	if err != nil || len(bytes.TrimSpace(dir)) == 0 {
		t.Skipf("no module cache: %v", err)
	}
	return filepath.Join(string(bytes.TrimSpace(dir)), "data", "dict", "zh", "s_1.txt")
}

// TestDictionary holds the embedded dictionary to that of the module; with -update it
// writes it.
func TestDictionary(t *testing.T) {
	want := reduceDictionary(t, moduleDictionary(t))
	if *update {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dictionaryFile, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	r, err := gzip.NewReader(bytes.NewReader(dictionary))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the embedded dictionary is not that of the module: run go test -update")
	}
}

// reduceDictionary keeps word and count of the lines that blocks can hold, sorted.
func reduceDictionary(t testing.TB, file string) []byte {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines []string
	s := bufio.NewScanner(f)
	for s.Scan() {
		fields := strings.Fields(s.Text())
		if strings.ContainsFunc(fields[0], func(c rune) bool { return !inBlock(c) }) {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %s\n", fields[0], fields[1]))
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(lines, func(a, b string) int {
		return strings.Compare(a[:strings.IndexByte(a, ' ')], b[:strings.IndexByte(b, ' ')])
	})
	return []byte(strings.Join(lines, ""))
}
