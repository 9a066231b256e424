package party

import (
	"bytes"
	"context"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// benchImportRows is how many rows the figure of the plan is about.
const benchImportRows = 10_000

// BenchmarkImport measures the whole way of an XLSX of 10,000 rows: hand in, check, and store with
// history, audit trail, events and index. cpu-s is the processor time of this process, which tells a
// busy machine from a slow program; a server's own is not in it. base-s and base-cpu-s are the
// baseline: as many rows put into the table of organisations and nothing else. The peak of memory is
// the process's, test included.
func BenchmarkImport(b *testing.B) {
	for _, c := range []struct {
		name string
		open func(testing.TB) *db.DB
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(c.name, func(b *testing.B) {
			data := bigFile(b, benchImportRows).Bytes()
			var checked, stored, cpu, base, baseCPU time.Duration
			for b.Loop() {
				h := newImportHouse(b, c.open(b))
				before, start := cpuTime(b), time.Now()
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
				cpu += cpuTime(b) - before
				before, start = cpuTime(b), time.Now()
				insertBare(b, h.unit)
				base += time.Since(start)
				baseCPU += cpuTime(b) - before
			}
			var used syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
				b.Fatal(err)
			}
			for unit, d := range map[string]time.Duration{"check-s": checked, "store-s": stored,
				"cpu-s": cpu, "base-s": base, "base-cpu-s": baseCPU} {
				b.ReportMetric(d.Seconds()/float64(b.N), unit)
			}
			b.ReportMetric(float64(used.Maxrss)/1024, "peak-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// insertBare stores rows of organisations and nothing that belongs to them.
func insertBare(b *testing.B, u *unit.Unit) {
	b.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	rows := make([][]any, benchImportRows)
	for i := range rows {
		o := benchOrg(r, i)
		o.USCC = ""
		rows[i] = orgArgs(&o, int64(benchImportRows+i+1))
	}
	ctx := context.Background()
	err := u.Write(ctx, clerk, "bench", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "bench", What: "bare"})
		_, err := db.InsertMany(ctx, tx.Tx, qOrgAdd, rows)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
