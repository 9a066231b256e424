package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// BenchmarkUpload files a document of 3,000 characters until it can be reviewed. It should take a
// second at most.
func BenchmarkUpload(b *testing.B) {
	text := strings.Repeat(sampleText+"\n", 3000/len([]rune(sampleText))+1)
	text = string([]rune(text)[:3000])
	for _, d := range []*db.DB{dbtest.SQLite(b), dbtest.Postgres(b)} {
		b.Run(fmt.Sprint(d.Dialect()), func(b *testing.B) {
			x := newLab(b, d)
			for b.Loop() {
				doc, err := x.CreateDocument(b.Context(), officer, plan.NewDocument{
					DocumentData: plan.DocumentData{Title: "x", Kind: "plan", Region: "140100",
						Day: "2026-03-01"}, File: file("a.txt", text)})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := x.Statements(b.Context(), officer, doc.ID); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLedger reads a ledger of 3,000 tasks as a page, its counts, its board and its file, and
// computes all lights.
func BenchmarkLedger(b *testing.B) {
	for _, d := range []*db.DB{dbtest.SQLite(b), dbtest.Postgres(b)} {
		x := newLab(b, d)
		for range 3 {
			x.bulk(b, 1000)
		}
		name, ctx := fmt.Sprint(d.Dialect()), b.Context()
		district := authz.Actor{Account: "d", Role: authz.District, Region: "140100",
			Org: x.bureau(b), Via: authz.ViaSession}
		run := func(what string, f func() error) {
			b.Run(name+"/"+what, func(b *testing.B) {
				for b.Loop() {
					if err := f(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		run("page", func() error {
			_, err := x.ListTasks(ctx, district, plan.TaskFilter{}, "code", db.PageReq{})
			return err
		})
		run("words", func() error {
			_, err := x.ListTasks(ctx, district, plan.TaskFilter{Query: "第 77 项"}, "code", db.PageReq{})
			return err
		})
		run("counts", func() error {
			_, err := x.CountTasks(ctx, district, plan.TaskFilter{})
			return err
		})
		run("mine", func() error {
			_, err := x.MyTasks(ctx, district, plan.TaskFilter{}, "due", db.PageReq{})
			return err
		})
		run("board", func() error {
			_, err := x.Board(ctx, district, plan.TaskFilter{})
			return err
		})
		run("export", func() error {
			_, err := x.WriteTasks(ctx, officer, plan.TaskFilter{}, plan.Export{Format: sheet.CSV},
				&bytes.Buffer{})
			return err
		})
		run("lights", func() error {
			x.clock.Advance(24 * time.Hour)
			_, err := x.Relight(ctx, reader)
			return err
		})
		run("similar", func() error {
			_, err := x.SimilarTasks(ctx, officer, "推进第 77 项重点工作")
			return err
		})
	}
}

// bulk imports so many tasks, under way.
func (x *lab) bulk(t testing.TB, n int) {
	t.Helper()
	x.offices(t)
	var b strings.Builder
	b.WriteString("序号,任务,指标,目标值,牵头单位,责任单位,时限,进展\n")
	start := x.imported
	for i := range n {
		fmt.Fprintf(&b, "%d,推进第 %d 项重点工作,指标 %d,%d个,太原市科学技术局,太原市财政局,2027-12-31,10%%：正在推进\n",
			i+1, start+i, i%50, 100+i)
	}
	x.imported += n
	out, err := x.ImportTasks(t.Context(), officer, plan.TaskImport{Ledger: x.ledger(t).ID,
		Begun: true, Name: "a.csv", File: strings.NewReader(b.String())})
	if err != nil || out.Adds != n {
		t.Fatalf("%d of %d imported (%v)", out.Adds, n, err)
	}
}

// TestNumbersAreUnique makes tasks at once: each gets the next number, without a gap.
func TestNumbersAreUnique(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newLab(t, d)
		in := x.sampleTask(t)
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				one := in
				one.Title = fmt.Sprintf("任务 %d", i)
				if _, err := x.CreateTask(context.WithoutCancel(t.Context()), officer, one); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, r := range x.rows(t) {
			if want := fmt.Sprintf("2026-%03d", i+1); r.Code != want {
				t.Errorf("task %d is %s, want %s", i, r.Code, want)
			}
		}
	})
}

// TestMeasures proves each number by its rows, for people who see different ones.
func TestMeasures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		x.offices(t)
		if _, err := x.importing(t, officeForm, true, false); err != nil {
			t.Fatal(err)
		}
		x.clock.Set(at("2026-12-05 10:00"))
		if _, err := x.Relight(ctx, reader); err != nil {
			t.Fatal(err)
		}
		reg, err := measure.NewRegistry(d, x.clock, x.Measures()...)
		if err != nil {
			t.Fatal(err)
		}
		bureau := x.orgs["太原市财政局"]
		for _, c := range []struct {
			name string
			by   authz.Actor
			dims map[string]string
			want int64
		}{
			{"plan.targets", officer, nil, 3},
			{"plan.targets", officer, map[string]string{"region": "140100", "org": bureau}, 1},
			{"plan.targets", staff(bureau), nil, 1},
			{"plan.targets", visitor, nil, 0},
			{"plan.tasks", officer, nil, 4},
			{"plan.tasks", officer, map[string]string{"lead": bureau}, 1},
			{"plan.tasks", officer, map[string]string{"org": bureau}, 2},
			{"plan.tasks", officer, map[string]string{"state": "active", "region": "140000"}, 4},
			{"plan.tasks", officer, map[string]string{"light": "red"}, 3},
			{"plan.tasks", officer, map[string]string{"light": "green"}, 1},
			{"plan.tasks", staff(bureau), nil, 2},
			{"plan.tasks.overdue", officer, nil, 2},
			{"plan.tasks.overdue", visitor, nil, 0},
		} {
			got, err := reg.Figure(ctx, c.by, c.name, c.dims)
			rows, rerr := reg.Rows(ctx, c.by, c.name, c.dims, db.PageReq{Limit: 100})
			if err != nil || rerr != nil || got.Value != c.want || int64(len(rows.Items)) != c.want {
				t.Errorf("%s %v as %s: %d with %d rows, want %d (%v, %v)", c.name, c.dims, c.by.Role,
					got.Value, len(rows.Items), c.want, err, rerr)
			}
		}
	})
}
