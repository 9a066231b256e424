package party

import (
	"bytes"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
)

// benchImportRows is how many rows the figure of the plan is about.
const benchImportRows = 10_000

// BenchmarkImport measures the whole way of an XLSX of 10,000 rows: hand in, check, and store with
// history, audit trail and events. The peak of memory is the process's, test included. The baseline
// is the time that the check alone takes.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{
		"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres,
	} {
		b.Run(name, func(b *testing.B) {
			data := bigFile(b, benchImportRows).Bytes()
			var checked, stored time.Duration
			var before, used syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				h := newImportHouse(b, open(b))
				start := time.Now()
				x := h.start(clerk, ImportFile{Name: "a.xlsx", Content: bytes.NewReader(data)})
				checked += time.Since(start)
				if x.State != ImportReady {
					b.Fatal(texts(x.Found.Problems))
				}
				start = time.Now()
				if x = h.run(clerk, x); x.State != ImportDone || x.Adds != benchImportRows {
					b.Fatalf("%s %+v", x.State, x.Message)
				}
				stored += time.Since(start)
			}
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
				b.Fatal(err)
			}
			n := float64(b.N)
			b.ReportMetric(checked.Seconds()/n, "check-s")
			b.ReportMetric(stored.Seconds()/n, "store-s")
			cpu := used.Utime.Nano() + used.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
			b.ReportMetric(float64(cpu)/1e9/n, "cpu-s") // of this process: tells a busy machine
			b.ReportMetric(float64(used.Maxrss)/1024, "peak-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}
