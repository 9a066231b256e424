package plan

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// filled is a database with rows of every kind.
type filled struct {
	documents  []Document
	targets    []Target
	tasks      []Task
	indicators []Indicator
	ledgers    []Ledger
	rules      []LightRule
	imports    []Import
}

var (
	places   = []string{"140105", "140106", "140100", "140400"}
	testOrgs = []string{"org-1", "org-2", "org-3", "org-4"}
	accounts = []string{"acc-1", "acc-2"}
)

func fill(ctx context.Context, t *testing.T, d *db.DB, r *rand.Rand) filled {
	t.Helper()
	u := dbtest.Unit(t, d)
	s, err := New(u, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
		Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(ctx); err != nil {
		t.Fatal(err)
	}
	var out filled
	err = u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
		out = filled{}
		tx.Audit(audit.Entry{Kind: "test", What: "fill"})
		err := db.ExecOne(ctx, tx.Tx, qLedgerAdd, "g", "台账", "140100", false, int64(1), "")
		if err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qIndicatorAdd, "i", "指标", "指标", "个", "up", true, "", false,
			int64(1), "")
		if err != nil {
			return err
		}
		for n := range 20 {
			if err := fillOne(ctx, tx, &out, r, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out.load(ctx, t, d)
	return out
}

func fillOne(ctx context.Context, tx *unit.Tx, out *filled, r *rand.Rand, n int) error {
	name := strconv.Itoa(n)
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	err := db.ExecOne(ctx, tx.Tx, qDocumentAdd, "d"+name, "x", "plan", "", "", pick(places),
		"2026-01-01", "", "", "d"+name, int64(1), int64(0), ReadingDone, "", "", int64(n), "")
	if err != nil {
		return err
	}
	target := Target{ID: "t" + name, Level: 1, TargetData: TargetData{Indicator: "i",
		Region: region.Code(pick(places)), Measure: "level", Op: "=", Value: "1", Unit: "个",
		From: "2026-01-01", To: "2026-12-31"}}
	if r.IntN(2) == 0 {
		target.Org, target.orgNow = "org-0", pick(testOrgs)
	}
	err = db.ExecOne(ctx, tx.Tx, qTargetAdd, target.ID, "i", "", int64(1), string(target.Region),
		target.Org, target.orgNow, "", "level", "=", "1", "个", "2026-01-01", "2026-12-31", "", "", "",
		false, tx.NowUs(), "")
	if err != nil {
		return err
	}
	task := Task{ID: "k" + name, Ledger: "g", Code: name, codeSort: name, Level: 1,
		State: []string{TaskDraft, TaskActive, TaskApplied}[r.IntN(3)], SignDays: 2, AnswerDays: 5,
		TaskData: TaskData{Title: "x", Region: region.Code(pick(places)), Cadence: "month"}}
	for i, part := range []string{Lead, Duty, Assist} {
		if r.IntN(3) > 0 {
			org := testOrgs[(n+i)%len(testOrgs)]
			task.Owners = append(task.Owners, Owner{Org: "was-" + org, Now: org, Name: org, Part: part,
				Role: []authz.Role{authz.District, authz.Department}[r.IntN(2)], region: region.Code(pick(places))})
		}
	}
	if err := insertTask(ctx, tx, task); err != nil {
		return err
	}
	if r.IntN(2) == 0 {
		err := db.ExecOne(ctx, tx.Tx, qTaskApplicant, task.ID, int64(1), pick(accounts))
		if err != nil {
			return err
		}
	}
	err = db.ExecOne(ctx, tx.Tx, qImportAdd, "m"+name, "g", false, "x.csv", "", "", int64(n),
		pick(accounts))
	if err != nil {
		return err
	}
	out.imports = append(out.imports, Import{ID: "m" + name})
	out.documents = append(out.documents, Document{ID: "d" + name})
	out.targets = append(out.targets, target)
	out.tasks = append(out.tasks, task)
	return addLight(ctx, tx, task.ID, Light{Colour: Green, base: Green, Rule: "default-2026"})
}

// load reads the rows as the service does.
func (f *filled) load(ctx context.Context, t *testing.T, d *db.DB) {
	t.Helper()
	var err error
	must := func(e error) {
		if e != nil {
			t.Fatal(e)
		}
	}
	for i := range f.documents {
		f.imports[i], err = db.Get(ctx, d, qImport, scanImport, f.imports[i].ID)
		must(err)
		f.documents[i], err = documentByID(ctx, d, f.documents[i].ID)
		must(err)
		f.targets[i], err = targetByID(ctx, d, f.targets[i].ID)
		must(err)
		f.tasks[i], err = taskByID(ctx, d, f.tasks[i].ID)
		must(err)
	}
	x, err := indicatorByID(ctx, d, "i")
	must(err)
	g, err := db.Get(ctx, d, qLedger, scanLedger, "g")
	must(err)
	f.indicators, f.ledgers = []Indicator{x}, []Ledger{g}
	for _, r := range shippedRules {
		rule, err := db.Get(ctx, d, qRule, scanRule, r.ID)
		must(err)
		f.rules = append(f.rules, rule)
	}
}

// TestScopeEqualsMay proves for every policy of this room that lists show exactly what May allows.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		r := rand.New(rand.NewPCG(7, 8))
		f := fill(ctx, t, d, r)
		var actions []authz.Action
		for _, p := range []authz.Table{DocumentPolicy, IndicatorPolicy, TargetPolicy, TaskPolicy,
			LedgerPolicy, RulePolicy, ImportPolicy} {
			actions = append(actions, p.Actions()...)
		}
		actors := authztest.Actors(r.IntN, 24, authztest.Pool{Accounts: append(accounts, "nobody"),
			Orgs:    append([]string{"x", "was-org-1"}, testOrgs...),
			Regions: append([]string{"140000", "14010"}, places...), Actions: actions})
		ids := func(sel *db.Selection, count func(db.Where) (map[string]int64, error),
		) func(db.Where) (map[string]int64, error) {
			authztest.OrderIsPicked(t, sel)
			return count
		}
		authztest.ScopeEqualsMay(t, authztest.Proof[Document]{Policy: DocumentPolicy,
			Objects: f.documents, ID: func(x Document) string { return x.ID }, Actors: actors,
			List: ids(documentList, func(w db.Where) (map[string]int64, error) {
				return documentList.CountBy(ctx, d, "d.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[Target]{Policy: TargetPolicy,
			Objects: f.targets, ID: func(x Target) string { return x.ID }, Actors: actors,
			List: ids(targetList, func(w db.Where) (map[string]int64, error) {
				return targetList.CountBy(ctx, d, "t.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[Task]{Policy: TaskPolicy,
			Objects: f.tasks, ID: func(x Task) string { return x.ID }, Actors: actors,
			List: ids(taskList, func(w db.Where) (map[string]int64, error) {
				return taskList.CountBy(ctx, d, "t.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[Indicator]{Policy: IndicatorPolicy,
			Objects: f.indicators, ID: func(x Indicator) string { return x.ID }, Actors: actors,
			List: ids(indicatorList, func(w db.Where) (map[string]int64, error) {
				return indicatorList.CountBy(ctx, d, "i.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[Ledger]{Policy: LedgerPolicy,
			Objects: f.ledgers, ID: func(x Ledger) string { return x.ID }, Actors: actors,
			List: ids(ledgerList, func(w db.Where) (map[string]int64, error) {
				return ledgerList.CountBy(ctx, d, "g.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[Import]{Policy: ImportPolicy,
			Objects: f.imports, ID: func(x Import) string { return x.ID }, Actors: actors,
			List: ids(importList, func(w db.Where) (map[string]int64, error) {
				return importList.CountBy(ctx, d, "m.id", w)
			})})
		authztest.ScopeEqualsMay(t, authztest.Proof[LightRule]{Policy: RulePolicy,
			Objects: f.rules, ID: func(x LightRule) string { return x.ID }, Actors: actors,
			List: ids(ruleList, func(w db.Where) (map[string]int64, error) {
				return ruleList.CountBy(ctx, d, "r.id", w)
			})})
	})
}
