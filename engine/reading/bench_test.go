package reading

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRead reads a work report again and again; the figure that counts is MB/s.
func BenchmarkRead(b *testing.B) {
	dir := os.Getenv("YUNTU_GOLD")
	if dir == "" {
		dir = "../../../shared/data/reading-gold"
	}
	data, err := os.ReadFile(filepath.Join(dir, "dev-1.txt"))
	if err != nil {
		b.Skipf("no gold: %v", err)
	}
	text := strings.Repeat(string(data)+"\n", 20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Read(text, Options{})
	}
}
