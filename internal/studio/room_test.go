package studio

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}
	leader  = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader, Via: authz.ViaSession}
)

// sample makes a content of units × (groups·each) indicators; one value in 20 is missing.
func sample(units, groups, each int) Content {
	p := rand.New(rand.NewPCG(1, 2))
	c := Content{}
	for g := range groups {
		group := fmt.Sprint("G", g)
		c.Nodes = append(c.Nodes, composite.Node{Code: group, Name: "组" + group, Weight: float64(1 + g%3)})
		for k := range each {
			code := fmt.Sprintf("%s.%d", group, k)
			n := composite.Node{Code: code, Name: "指标" + code, Parent: group, Weight: 1, Direction: 1}
			if k%4 == 3 {
				n.Direction = -1
			}
			c.Nodes = append(c.Nodes, n)
			c.Codes = append(c.Codes, code)
		}
	}
	for u := range units {
		c.Units = append(c.Units, Unit{Code: fmt.Sprintf("U%03d", u), Name: fmt.Sprintf("单位%d", u),
			Group: fmt.Sprint("片区", u%4)})
		var row []string
		for range c.Codes {
			v := fmt.Sprintf("%.2f", 10+p.ExpFloat64()*20)
			if p.IntN(20) == 0 {
				v = ""
			}
			row = append(row, v)
		}
		c.Values = append(c.Values, row)
	}
	return c
}

type room struct {
	*Service
	jobs *job.Runner
}

func newRoom(t testing.TB, d *db.DB) room {
	t.Helper()
	u := dbtest.Unit(t, d)
	desk := job.NewDesk(u)
	s, err := New(u, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}, Options{Desk: desk})
	if err != nil {
		t.Fatal(err)
	}
	r := room{s, job.NewRunner(u, desk, job.Options{})}
	s.RegisterJobs(r.jobs)
	return r
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

func (r room) dataset(t testing.TB, c Content) Dataset {
	return must[Dataset](t)(r.CreateDataset(t.Context(), officer, NewDataset{DatasetData: DatasetData{Title: "示范",
		Standing: "reference", Kind: "city", Source: "示范数据", DataYear: 2024, ReportYear: 2026}, Content: c}))
}

func (r room) scheme(t testing.TB, d Dataset) Scheme {
	return must[Scheme](t)(r.CreateScheme(t.Context(), officer, NewScheme{SchemeData: SchemeData{Title: "方案",
		Dataset: d.ID}}))
}

// A corrected dataset is a new edition; a scheme keeps to the edition it was saved with and is made again from
// it, number by number.
func TestEditionsStay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		c := sample(12, 3, 4)
		data := r.dataset(t, c)
		x := r.scheme(t, data)
		_, err := r.FireScheme(ctx, officer, Step{ID: x.ID, Step: "finish", Version: x.Version})
		wantKind(t, err, fault.Conflict)
		first := must[*Outcome](t)(r.Compute(ctx, officer, x.ID, Ask{}))
		if len(first.Rows) != 12 || first.Rows[0].Rank != 1 || !first.Changed {
			t.Fatalf("%+v", first.Rows)
		}
		x = must[Scheme](t)(r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: first.Choices, Version: x.Version}))

		last := first.Rows[len(first.Rows)-1].Unit
		better := sample(12, 3, 4)
		for k, code := range better.Codes {
			better.Values[better.unit(last)][k] = "500"
			if code[len(code)-1] == '3' {
				better.Values[better.unit(last)][k] = "0"
			}
		}
		_, err = r.ReviseDataset(ctx, officer, Revision{ID: data.ID, Content: sample(12, 3, 4), Reason: "x",
			Version: data.Version})
		wantKind(t, err, fault.Invalid) // nothing changed
		data = must[Dataset](t)(r.ReviseDataset(ctx, officer, Revision{ID: data.ID, Content: better, Reason: "更正",
			Version: data.Version}))
		kept := must[*Outcome](t)(r.Compute(ctx, officer, x.ID, Ask{}))
		if kept.DataN != 1 || kept.Changed || kept.Rows[0].Unit != first.Rows[0].Unit || kept.Rows[0].Before != 1 {
			t.Errorf("the scheme follows the correction: %+v", kept.Rows[0])
		}
		now := must[*Outcome](t)(r.Compute(ctx, officer, x.ID, Ask{DataN: 2}))
		if now.Rows[0].Unit != last || now.Rows[0].Before != 12 || !now.Changed {
			t.Errorf("with the correction %s is first from %d", now.Rows[0].Unit, now.Rows[0].Before)
		}
		cmp := must[Comparison](t)(r.CompareEditions(ctx, officer, data.ID, x.ID, 1, 2))
		if cmp.Changed != 12 || cmp.Moved[0].Unit != last || cmp.Moved[0].Own != 12 || cmp.Moved[0].After != 1 ||
			cmp.Reason != "更正" || len(cmp.Moved[0].Parts) != 3 {
			t.Errorf("%d changed, %+v", cmp.Changed, cmp.Moved[0])
		}
		v := must[Verdict](t)(r.VerifyEdition(ctx, officer, x.ID, 0))
		if !v.Same || v.Numbers < 12*15 || v.Greatest != 0 {
			t.Errorf("made again: %+v", v)
		}
	})
}

var qSpoil = db.Stmt(`UPDATE studio_scheme_edition SET result = $2 WHERE scheme = $1`)

// A result that was tampered with is found.
func TestVerifyFindsAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		x := r.scheme(t, r.dataset(t, sample(8, 2, 3)))
		x = must[Scheme](t)(r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: Usual(sample(8, 2, 3)),
			Version: x.Version}))
		saved := must[Saved](t)(r.GetEdition(ctx, officer, x.ID, 0))
		v := *saved.Result.Units[3].Scores[0] + 1e-9
		saved.Result.Units[3].Scores[0] = &v
		if err := r.unit.Write(ctx, officer, "test", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "spoil"})
			return db.ExecOne(ctx, tx.Tx, qSpoil, x.ID, encode(saved.Result))
		}); err != nil {
			t.Fatal(err)
		}
		got := must[Verdict](t)(r.VerifyEdition(ctx, officer, x.ID, 0))
		if got.Same || got.Different != 1 || got.Greatest < 5e-10 {
			t.Errorf("%+v", got)
		}
	})
}

// Others read what is finished, and nothing before or after it was taken back.
func TestOthersReadWhatIsFinished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		data := r.dataset(t, sample(8, 2, 3))
		x := r.scheme(t, data)
		x = must[Scheme](t)(r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: Usual(sample(8, 2, 3)),
			Version: x.Version}))
		blind := func() {
			t.Helper()
			for _, err := range []error{
				second(r.GetScheme(ctx, leader, x.ID)), second(r.Compute(ctx, leader, x.ID, Ask{})),
				second(r.GetDataset(ctx, leader, data.ID, 0)), second(r.GetEdition(ctx, leader, x.ID, 0)),
				second(r.ListStudies(ctx, leader, x.ID)), second(r.VerifyEdition(ctx, leader, x.ID, 0))} {
				wantKind(t, err, fault.NotFound)
			}
		}
		blind()
		x = must[Scheme](t)(r.FireScheme(ctx, officer, Step{ID: x.ID, Step: "finish", Version: x.Version}))
		must[SchemeDetail](t)(r.GetScheme(ctx, leader, x.ID))
		must[DatasetDetail](t)(r.GetDataset(ctx, leader, data.ID, 0))
		if o := must[*Outcome](t)(r.Compute(ctx, leader, x.ID, Ask{})); len(o.Rows) != 8 {
			t.Errorf("%d rows", len(o.Rows))
		}
		_, err := r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: Usual(sample(8, 2, 3)), Version: x.Version})
		wantKind(t, err, fault.Conflict)
		_, err = r.SaveEdition(ctx, leader, NewEdition{ID: x.ID, Choices: Usual(sample(8, 2, 3)), Version: x.Version})
		wantKind(t, err, fault.Forbidden)
		_, err = r.FireScheme(ctx, officer, Step{ID: x.ID, Step: "reopen", Version: x.Version})
		wantKind(t, err, fault.Invalid) // without a reason
		reopen := Step{ID: x.ID, Step: "reopen", Reason: "数据有误", Version: x.Version}
		x = processtest.Again(t, d, func(key string) (Scheme, error) {
			reopen.Key = key
			return r.FireScheme(ctx, officer, reopen)
		})
		blind()
	})
}

func second[T any](_ T, err error) error { return err }

// A study is done by a job, kept, and can be stopped.
func TestStudy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, ctx := newRoom(t, d), t.Context()
		c := sample(10, 3, 3)
		x := r.scheme(t, r.dataset(t, c))
		_, err := r.StartStudy(ctx, officer, NewStudy{Scheme: x.ID})
		wantKind(t, err, fault.Invalid)
		x = must[Scheme](t)(r.SaveEdition(ctx, officer, NewEdition{ID: x.ID, Choices: Usual(c), Version: x.Version}))
		a := must[Study](t)(r.StartStudy(ctx, officer, NewStudy{Scheme: x.ID, Points: 32}))
		stopped := must[Study](t)(r.StartStudy(ctx, officer, NewStudy{Scheme: x.ID, Points: 32}))
		stopped = must[Study](t)(r.CancelStudy(ctx, officer, stopped.ID))
		if stopped.State != StudyCancelled {
			t.Errorf("%+v", stopped)
		}
		must[int](t)(r.jobs.RunDue(ctx))
		got := must[StudyDetail](t)(r.GetStudy(ctx, officer, a.ID))
		if got.State != StudyDone || len(got.Result) != 5 || got.Percent != 100 {
			t.Fatalf("%+v", got)
		}
		for _, f := range got.Result {
			if f.Total < 0 || f.Total > 1.5 {
				t.Errorf("%+v", f)
			}
		}
		_, err = r.CancelStudy(ctx, officer, a.ID)
		wantKind(t, err, fault.Conflict)
		if list := must[[]Study](t)(r.ListStudies(ctx, officer, x.ID)); len(list) != 2 {
			t.Errorf("%d studies", len(list))
		}
		if s := must[StudyDetail](t)(r.GetStudy(ctx, officer, stopped.ID)); s.State != StudyCancelled {
			t.Errorf("%+v", s)
		}
	})
}

var (
	qRawScheme = db.Stmt(`INSERT INTO studio_scheme (id, code, title, purpose, dataset, edition, state,
		created_us, created_by, updated_us, version) VALUES ($1, $1, 'x', '', $2, $3, $4, 1, 'acc', 1, 1)`)
	qRawDataset = db.Stmt(`INSERT INTO studio_dataset (id, code, title, standing, kind, source, data_year,
			report_year, note, edition, created_us, created_by, updated_us, version)
		VALUES ($1, $1, 'x', 'own', 'city', 'x', 2024, 2026, '', 1, 1, 'acc', 1, 1)`)
)

// TestSchemeProcess tries every state × step × role.
func TestSchemeProcess(t *testing.T) {
	create := func(edition int64) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			return "v", db.ExecOne(ctx, tx.Tx, qRawScheme, "v", "d", edition, state)
		}
	}
	processtest.Exhaust(t, SchemeProcess, processtest.Setup[Scheme]{
		Actors: []processtest.Actor{{Name: "officer", By: officer}, {Name: "leader", By: leader}},
		Cases:  []processtest.Case{{Name: "saved", Create: create(1)}, {Name: "empty", Create: create(0)}},
		Input:  func(string, Scheme) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestScopes proves that lists show what may be shown.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := t.Context(), dbtest.Unit(t, d)
		var all []Scheme
		var sets []Dataset
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			all, sets = nil, nil
			for i, states := range [][]string{{}, {Draft}, {Draft, Final}, {Archived}} {
				datasetID := fmt.Sprint("d", i)
				if err := db.ExecOne(ctx, tx.Tx, qRawDataset, datasetID); err != nil {
					return err
				}
				for _, st := range states {
					if err := db.ExecOne(ctx, tx.Tx, qRawScheme, datasetID+st, datasetID, int64(1), st); err != nil {
						return err
					}
					x, err := schemeByID(ctx, tx, datasetID+st)
					if err != nil {
						return err
					}
					all = append(all, x)
				}
				x, err := datasetByID(ctx, tx, datasetID)
				if err != nil {
					return err
				}
				sets = append(sets, x)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p := rand.New(rand.NewPCG(1, 2))
		actors := authztest.Actors(p.IntN, 16, authztest.Pool{Orgs: []string{"o"}, Accounts: []string{"a"},
			Actions: slices.Concat(SchemePolicy.Actions(), DatasetPolicy.Actions())})
		authztest.ScopeEqualsMay(t, authztest.Proof[Scheme]{Policy: SchemePolicy, Objects: all,
			ID: func(x Scheme) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return schemes.CountBy(ctx, d, "s.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Dataset]{Policy: DatasetPolicy, Objects: sets,
			ID: func(x Dataset) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return datasets.CountBy(ctx, d, "d.id", w) }})
	})
}
