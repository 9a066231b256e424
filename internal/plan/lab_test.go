package plan_test

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
		Via: authz.ViaSession}
	second = authz.Actor{Account: "acc-second", Login: "second", Role: authz.Officer,
		Via: authz.ViaSession}
	leader = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader,
		Via: authz.ViaSession}
	visitor = authz.Actor{Role: authz.Public, Via: authz.ViaSession}
)

// allCodes knows every code.
type allCodes struct{}

func (allCodes) KnowsRegion(string) bool         { return true }
func (allCodes) KnowsIndustry(string) bool       { return true }
func (allCodes) RegionName(code string) string   { return code }
func (allCodes) IndustryName(code string) string { return code }
func (allCodes) Regions() []party.Code           { return nil }
func (allCodes) Industries() []party.Code        { return nil }

// lab is the room with everything around it.
type lab struct {
	*plan.Service
	db    *db.DB
	unit  *unit.Unit
	clock *clock.Fake
	party *party.Service
	blobs *blob.Store
	orgs  map[string]string

	imported int // tasks of bulk
}

func newLab(t testing.TB, d *db.DB) *lab {
	t.Helper()
	x := &lab{db: d, clock: clock.NewFake(dbtest.Start), orgs: map[string]string{}}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	var err error
	x.party, err = party.New(x.unit, allCodes{}, times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	if x.blobs, err = blob.Open(x.unit, blob.Options{Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.blobs.Close(); err != nil {
			t.Error(err)
		}
	})
	x.Service, err = plan.New(x.unit, times, plan.Options{Blobs: x.blobs, Party: x.party})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return x
}

// org registers an organisation once for each name.
func (x *lab) org(t testing.TB, name, kind string, code region.Code) string {
	t.Helper()
	if x.orgs[name] == "" {
		o, err := x.party.CreateOrganisation(t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
			Name: name, Kind: kind, Region: code, Standing: "active"}})
		if err != nil {
			t.Fatal(err)
		}
		x.orgs[name] = o.ID
	}
	return x.orgs[name]
}

func (x *lab) bureau(t testing.TB) string {
	t.Helper()
	return x.org(t, "太原市科学技术局", "government", "140100")
}

// staff is somebody who acts for a city office.
func staff(org string) authz.Actor {
	return authz.Actor{Account: "acc-" + org, Login: "staff", Org: org, Role: authz.Department,
		Via: authz.ViaSession}
}

func (x *lab) ledger(t testing.TB) plan.Ledger {
	t.Helper()
	list, err := x.ListLedgers(t.Context(), officer)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) > 0 {
		return list[0]
	}
	g, err := x.CreateLedger(t.Context(), officer, plan.NewLedger{LedgerData: plan.LedgerData{
		Name: "重点工作台账", Region: "140100"}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func day(d clock.Date) int64 { return plan.EndOfDay(d) }

func (x *lab) sampleTask(t *testing.T) plan.NewTask {
	t.Helper()
	return plan.NewTask{Ledger: x.ledger(t).ID, TaskData: plan.TaskData{
		Title: "建设晋创谷·太原", Region: "140100", Lead: x.bureau(t), Start: "2026-11-01",
		DueUs: day("2026-12-31"), Cadence: "month", Leader: "王副市长", Person: "李明"}}
}

func (x *lab) createTask(t *testing.T, in plan.NewTask) plan.Task {
	t.Helper()
	out, err := x.CreateTask(t.Context(), officer, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// fire takes a step and fails the test when it is refused.
func (x *lab) fire(t *testing.T, by authz.Actor, task plan.Task, step string, in plan.TaskStep) plan.Task {
	t.Helper()
	in.ID, in.Step.Step, in.Version = task.ID, step, task.Version
	out, err := x.FireTask(t.Context(), by, in)
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	return out
}

func (x *lab) sampleDocument(t *testing.T, text string) plan.Document {
	t.Helper()
	d, err := x.CreateDocument(t.Context(), officer, plan.NewDocument{
		DocumentData: plan.DocumentData{Title: "2026年全市科技工作要点", Kind: "plan",
			Number: "并科发[2026]12号", Region: "140100", Day: "2026-03-01"}, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// wantFields fails unless err is Invalid at exactly these fields.
func wantFields(t *testing.T, err error, fields ...string) {
	t.Helper()
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) != len(fields) {
		t.Fatalf("error %v, want Invalid at %v", err, fields)
	}
	for i, f := range e.Fields {
		if f.Name != fields[i] {
			t.Errorf("field %d is %s (%v), want %s", i, f.Name, err, fields[i])
		}
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		panic(err)
	}
	return t
}
