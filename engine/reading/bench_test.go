package reading

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkRead reads a work report, dense with numbers, and a news page. MB/s is by the wall
// clock;
// cpuMB/s by the time the process had on a core, which a busy machine does not change much.
func BenchmarkRead(b *testing.B) {
	dir := os.Getenv("YUNTU_GOLD")
	if dir == "" {
		dir = "../../../shared/data/reading-gold"
	}
	for _, name := range []string{"dev-1.txt", "../../seeds/changzhi-2023-innovation.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			b.Skipf("no gold: %v", err)
		}
		text := strings.Repeat(string(data)+"\n", 20)
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			start := cpuTime(b)
			n := 0
			for b.Loop() {
				Read(text, Options{})
				n += len(text)
			}
			b.ReportMetric(float64(n)/1e6/(cpuTime(b)-start).Seconds(), "cpuMB/s")
		})
	}
}

// cpuTime is the time that the process has had on a core.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// maxAllocs bounds the allocations for each statement that is read.
const maxAllocs = 4

// TestAllocations holds the memory that a text asks for.
func TestAllocations(t *testing.T) {
	data, err := os.ReadFile("testdata/gold/work-report.txt")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat(string(data)+"\n", 5)
	n := len(Read(text, Options{}).Statements)
	if a := testing.AllocsPerRun(3, func() { Read(text, Options{}) }); a > float64(maxAllocs*n) {
		t.Errorf("%.0f allocations for %d statements, more than %d each", a, n, maxAllocs)
	} else {
		t.Logf("%.1f allocations a statement", a/float64(n))
	}
}
