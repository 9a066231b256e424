package market_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/process"
)

// importer is a lab whose room keeps files and does jobs.
func importer(t *testing.T, d *db.DB) (*lab, *job.Desk, func()) {
	t.Helper()
	x := newLab(t, d)
	files, err := blob.Open(x.unit, blob.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	if x.Service, err = market.New(x.unit, times, market.Options{Party: x.party, Blobs: files}); err != nil {
		t.Fatal(err)
	}
	if err := x.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	desk := job.NewDesk(x.unit)
	r := job.NewRunner(x.unit, desk, job.Options{Poll: 5 * time.Millisecond})
	x.RegisterJobs(r)
	return x, desk, func() {
		t.Helper()
		if _, err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func (x *lab) begin(t *testing.T, by authz.Actor, text, key string) market.Import {
	t.Helper()
	m, err := x.StartImport(t.Context(), by, market.PostImport{Kind: market.Need, Submit: true, Name: "需求.csv",
		File: strings.NewReader(text), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A table of more rows than are taken in while somebody waits goes through a job, as a whole or not at
// all; the same table twice adds nothing.
func TestImportJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, desk, work := importer(t, d)
		owner := x.firm(t, "甲厂")
		head, _, _ := strings.Cut(badTable, "\n")
		var b strings.Builder
		b.WriteString(head + "\n")
		for i := range market.MaxImportRows + 100 {
			fmt.Fprintf(&b, "第%d条产线的缺陷检测,人工抽检漏检率高，希望找到机器视觉方案并验证。,甲厂,先进制造,技术攻关,,,,\n", i)
		}
		if _, err := x.importing(t, owner, b.String(), true); err == nil {
			t.Error("so many rows go through while somebody waits")
		}
		m := x.begin(t, owner, b.String(), "k1")
		if again := x.begin(t, owner, b.String(), "k1"); again.ID != m.ID || m.State != market.ImportWorking {
			t.Errorf("the same key: %+v", again)
		}
		work()
		m, err := x.GetImport(t.Context(), owner, m.ID)
		if err != nil || m.State != market.ImportDone || m.Adds != market.MaxImportRows+100 || m.Problems != 0 {
			t.Fatalf("%+v, %v", m, err)
		}
		c, err := x.CountPosts(t.Context(), owner, market.PostFilter{State: market.Review})
		if err != nil || c.All != m.Adds {
			t.Errorf("%d posts, %v", c.All, err)
		}
		if j, err := desk.Get(t.Context(), owner, m.Job); err != nil || j.State != job.Done || j.Progress != 100 {
			t.Errorf("the job %+v, %v", j, err)
		}
		twice := x.begin(t, owner, b.String(), "k2")
		faulty := x.begin(t, owner, badTable, "k3")
		cancelled := x.begin(t, owner, strings.ReplaceAll(b.String(), "第", "再第"), "k4")
		if err := desk.Cancel(t.Context(), owner, cancelled.Job, "不要了"); err != nil {
			t.Fatal(err)
		}
		work()
		if m, err := x.GetImport(t.Context(), owner, twice.ID); err != nil || m.Adds != 0 || m.Skips != m.Rows {
			t.Errorf("twice %+v, %v", m, err)
		}
		m, err = x.GetImport(t.Context(), owner, faulty.ID)
		if err != nil || m.State != market.ImportFaulty || m.Problems < 9 || len(m.Found) == 0 {
			t.Errorf("faulty %+v, %v", m, err)
		}
		if m, err := x.GetImport(t.Context(), owner, cancelled.ID); err != nil || m.State != market.ImportWorking {
			t.Errorf("cancelled %+v, %v", m, err)
		}
		if c, err := x.CountPosts(t.Context(), owner, market.PostFilter{State: market.Review}); err != nil ||
			c.All != market.MaxImportRows+100 {
			t.Errorf("in the end %d posts, %v", c.All, err)
		}
		if _, err := x.GetImport(t.Context(), x.firm(t, "乙厂"), m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else reads it: %v", err)
		}
	})
}
