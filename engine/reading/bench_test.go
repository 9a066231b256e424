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
