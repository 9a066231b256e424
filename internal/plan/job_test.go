package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// work runs the jobs of the room until the document is read, or fails the test.
func (x *lab) work(t *testing.T, documentID string) plan.DocumentDetail {
	t.Helper()
	r := job.NewRunner(x.unit, job.NewDesk(x.unit), job.Options{Poll: 5 * time.Millisecond})
	x.RegisterJobs(r)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	for range 2000 {
		d, err := x.GetDocument(t.Context(), officer, documentID)
		if err != nil {
			t.Fatal(err)
		}
		if d.Reading != plan.ReadingWaiting {
			return d
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("nobody read the document")
	return plan.DocumentDetail{}
}

// TestLongText leaves a long text and a large file to a job.
func TestLongText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		long := strings.Repeat("无数字的话。", 4000) + sampleText
		doc := x.sampleDocument(t, long)
		if doc.Reading != plan.ReadingWaiting || doc.Job == "" {
			t.Fatalf("reading %s by %q", doc.Reading, doc.Job)
		}
		_, err := x.AcceptClear(ctx, officer, doc.ID)
		wantKind(t, err, fault.Conflict)
		got := x.work(t, doc.ID)
		if got.Reading != plan.ReadingDone || got.Counts[plan.StatementPending] < 4 {
			t.Errorf("read as %s with %v", got.Reading, got.Counts)
		}
		large := strings.Repeat("无数字的话。\n", 60_000) + sampleText
		doc, err = x.CreateDocument(ctx, officer, plan.NewDocument{DocumentData: doc.DocumentData,
			File: file("要点.txt", large)})
		if err != nil || doc.Reading != plan.ReadingWaiting || doc.Chars != 0 {
			t.Fatalf("reading %s, %d characters (%v)", doc.Reading, doc.Chars, err)
		}
		got = x.work(t, doc.ID)
		if got.Reading != plan.ReadingFailed { // more than MaxTextChars
			t.Errorf("read as %s", got.Reading)
		}
		if words := got.ReadingNote.In(i18n.ZH); !strings.HasPrefix(words, "正文有 420") {
			t.Errorf("it says %q", words)
		}
	})
}

// TestReadAgain reads a text anew: decisions stay, what is pending is replaced.
func TestReadAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		doc := x.sampleDocument(t, sampleText)
		list, err := x.Statements(ctx, officer, doc.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := x.DecideStatement(ctx, officer, plan.Decision{ID: list[0].ID, Accept: true,
			Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		fixed := list[1].StatementData
		fixed.Value = "210"
		_, err = x.CorrectStatement(ctx, officer, plan.Correction{ID: list[1].ID, Version: 1,
			StatementData: fixed})
		if err != nil {
			t.Fatal(err)
		}
		again, err := x.ReadAgain(ctx, officer, doc.ID, doc.Version)
		if err != nil || again.Reading != plan.ReadingWaiting {
			t.Fatalf("%s (%v)", again.Reading, err)
		}
		got := x.work(t, doc.ID)
		if got.Counts[plan.StatementAccepted] != 1 || got.Counts[plan.StatementCorrected] != 1 ||
			got.Counts[plan.StatementPending] != int64(len(list)-2) {
			t.Errorf("statements %v", got.Counts)
		}
		now, err := x.GetStatement(ctx, officer, kept.ID)
		if err != nil || now.Version != kept.Version {
			t.Errorf("the accepted one changed: %+v (%v)", now, err)
		}
	})
}

// TestIdempotent sends a request twice.
func TestIdempotent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		in := x.sampleTask(t)
		in.Key = "k1"
		first, err := x.CreateTask(ctx, officer, in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := x.CreateTask(ctx, officer, in)
		if err != nil || again.ID != first.ID {
			t.Errorf("made %s and %s (%v)", first.ID, again.ID, err)
		}
		in.Title = "另一项"
		_, err = x.CreateTask(ctx, officer, in)
		wantKind(t, err, fault.Conflict)
	})
}

// TestLightRules sets a rule from a day on: tasks of that day and later follow it.
func TestLightRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		if err := x.Load(ctx); err != nil { // a second start changes nothing
			t.Fatal(err)
		}
		list, err := x.ListLightRules(ctx, officer)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d rules (%v)", len(list), err)
		}
		in := plan.NewLightRule{LightRuleData: plan.LightRuleData{Name: "本市规则", Source: "市政府办公室",
			Mark: "local", ValidFrom: "2026-12-01", LightParams: plan.LightParams{
				Bands:    []plan.Band{{Colour: plan.Red, Of: plan.FigureGap, Above: "0", Then: "约谈"}},
				SignDays: 1, AnswerDays: 3}}}
		bad := in
		bad.ValidFrom = "2026-11-20"
		_, err = x.AddLightRule(ctx, officer, bad)
		wantFields(t, err, "validFrom")
		bad = in
		bad.Bands = []plan.Band{{Colour: plan.Green, Of: "x"}}
		bad.SignDays = 0
		_, err = x.AddLightRule(ctx, officer, bad)
		wantFields(t, err, "bands", "bands", "bands", "signDays")
		_, err = x.AddLightRule(ctx, leader, in)
		wantKind(t, err, fault.Forbidden)
		added, err := x.AddLightRule(ctx, officer, in)
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.AddLightRule(ctx, officer, in)
		wantFields(t, err, "validFrom")
		for day, want := range map[clock.Date]string{"2026-11-30": "default-2026", "2026-12-01": added.ID,
			"2030-01-01": added.ID} {
			got, err := x.LightRuleAt(ctx, officer, day)
			if err != nil || got.ID != want {
				t.Errorf("%s follows %s (%v)", day, got.Name, err)
			}
		}
		old := x.createTask(t, x.sampleTask(t))
		x.clock.Set(at("2026-12-02 10:00"))
		next := x.createTask(t, x.sampleTask(t))
		if old.SignDays != 2 || next.SignDays != 1 || next.AnswerDays != 3 {
			t.Errorf("limits %d, then %d and %d days", old.SignDays, next.SignDays, next.AnswerDays)
		}
	})
}

// TestHostileFilters sends what attackers send through every filter.
func TestHostileFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x, ctx := newLab(t, d), t.Context()
		x.createTask(t, x.sampleTask(t))
		_, err := x.CreateDocument(ctx, officer, plan.NewDocument{DocumentData: plan.DocumentData{
			Title: "要点", Kind: "plan", Region: "140100", Day: "2026-03-01"}, Text: "正文"})
		if err != nil {
			t.Fatal(err)
		}
		x.target(t, "技术合同成交额", "亿元", true, "228")
		x.hostile(ctx, t)
	})
}
