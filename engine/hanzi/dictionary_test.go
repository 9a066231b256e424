package hanzi

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "make the embedded dictionary anew from its module")

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
		packDictionary(t, want)
		return
	}
	got, err := unpackDictionary(dictionaryWords, dictionaryCounts)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the embedded dictionary is not that of the module: run go test -update")
	}
}

// packDictionary writes the files that unpackDictionary reads.
func packDictionary(t *testing.T, text []byte) {
	t.Helper()
	var words, counts strings.Builder
	var last []rune
	for line := range strings.Lines(string(text)) {
		w, count, _ := strings.Cut(line, " ")
		word, n := []rune(w), 0
		for n < min(len(word), len(last), 25) && word[n] == last[n] {
			n++
		}
		fmt.Fprintf(&words, "%c%s", rune(1+n), string(word[n:]))
		counts.WriteString(count)
		last = word
	}
	packed, err := simplifiedchinese.GB18030.NewEncoder().String(words.String())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"words": packed, "counts": counts.String()} {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		_, err := io.WriteString(w, data)
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("dictionary."+name+".gz", out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
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
