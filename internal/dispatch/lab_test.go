package dispatch_test

import (
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}
	leader  = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader, Via: authz.ViaSession}
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
	*dispatch.Service
	t        *testing.T
	db       *db.DB
	unit     *unit.Unit
	clock    *clock.Fake
	plan     *plan.Service
	party    *party.Service
	feed     *outbox.Dispatcher
	bureau   string // 太原市科学技术局
	industry string // 太原市工业和信息化局
	office   string // 小店区科技局
	ledger   plan.Ledger
}

func newLab(t *testing.T, d *db.DB) *lab {
	t.Helper()
	x := &lab{t: t, db: d, clock: clock.NewFake(dbtest.Start)}
	x.unit = dbtest.UnitAt(t, d, x.clock)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	x.party, err = party.New(x.unit, allCodes{}, times,
		party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	must(err)
	files, err := blob.Open(x.unit, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	x.plan, err = plan.New(x.unit, times, plan.Options{Blobs: files, Party: x.party})
	must(err)
	must(x.plan.Load(t.Context()))
	x.Service, err = dispatch.New(x.unit, times, dispatch.Options{Plan: x.plan, Party: x.party, Blobs: files,
		Issuer: func() string { return "太原市科学技术局" }})
	must(err)
	must(x.Load(t.Context()))
	must(x.Load(t.Context()))
	x.bureau = x.org("太原市科学技术局", "140100")
	x.industry = x.org("太原市工业和信息化局", "140100")
	x.office = x.org("小店区科技局", "140105")
	x.ledger, err = x.plan.CreateLedger(t.Context(), officer, plan.NewLedger{LedgerData: plan.LedgerData{
		Name: "重点工作台账", Region: "140100"}})
	must(err)
	return x
}

func (x *lab) org(name string, code region.Code) string {
	x.t.Helper()
	o, err := x.party.CreateOrganisation(x.t.Context(), officer, party.NewOrg{OrgData: party.OrgData{
		Name: name, Kind: "government", Region: code, Standing: "active"}})
	if err != nil {
		x.t.Fatal(err)
	}
	return o.ID
}

// staff is somebody who acts for a unit.
func staff(org string, role authz.Role) authz.Actor {
	return authz.Actor{Account: "acc-" + org, Login: "staff", Org: org, Role: role, Via: authz.ViaSession}
}

// district is somebody responsible for 小店区, who acts for no unit.
var district = authz.Actor{Account: "acc-xiaodian", Login: "xiaodian", Region: "140105", Role: authz.District,
	Via: authz.ViaSession}

func at(s string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, clock.Shanghai)
	if err != nil {
		panic(err)
	}
	return clock.Us(t)
}

// later moves the clock to a moment.
func (x *lab) later(s string) { x.clock.Set(clock.Time(at(s))) }

// task establishes a task that began long ago and has a deadline.
func (x *lab) task(title, org string, start clock.Date, due string) plan.Task {
	x.t.Helper()
	t, err := x.plan.CreateTask(x.t.Context(), officer, plan.NewTask{Ledger: x.ledger.ID, TaskData: plan.TaskData{
		Title: title, Region: "140100", Lead: org, Start: start, DueUs: at(due), Cadence: "month"}})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, step := range []string{"establish", "sign", "start"} {
		t = x.move(t, officer, step)
	}
	return t
}

func (x *lab) move(t plan.Task, by authz.Actor, step string) plan.Task {
	x.t.Helper()
	t, err := x.plan.FireTask(x.t.Context(), by, plan.TaskStep{Step: plan.Step{ID: t.ID, Step: step,
		Reason: "因故", Version: t.Version}})
	if err != nil {
		x.t.Fatalf("%s: %v", step, err)
	}
	return t
}

func (x *lab) series() dispatch.Series {
	x.t.Helper()
	s, err := x.CreateSeries(x.t.Context(), officer, dispatch.NewSeries{SeriesData: dispatch.SeriesData{
		Name: "科技创新重点工作调度会", Cadence: "month", Ledger: x.ledger.ID, Region: "140100", Chair: "王副市长",
		Host: x.bureau, Place: "市政府三楼会议室", Members: []string{x.industry, x.office}}})
	if err != nil {
		x.t.Fatal(err)
	}
	return s
}

// meet prepares a meeting of a series.
func (x *lab) meet(s dispatch.Series, from, to string) dispatch.Meeting {
	x.t.Helper()
	in, err := x.DraftMeeting(x.t.Context(), officer, s.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	in.StartsUs, in.EndsUs = at(from), at(to)
	m, err := x.CreateMeeting(x.t.Context(), officer, in)
	if err != nil {
		x.t.Fatal(err)
	}
	return m
}

func (x *lab) fire(m dispatch.Meeting, by authz.Actor, steps ...string) dispatch.Meeting {
	x.t.Helper()
	for _, step := range steps {
		in := dispatch.Step{ID: m.ID, Step: step, Reason: "因故", Version: m.Version}
		m = processtest.Again(x.t, x.db, func(key string) (dispatch.Meeting, error) {
			in.Key = key
			return x.FireMeeting(x.t.Context(), by, in)
		})
	}
	return m
}

func (x *lab) detail(by authz.Actor, meetingID string) dispatch.MeetingDetail {
	x.t.Helper()
	d, err := x.GetMeeting(x.t.Context(), by, meetingID)
	if err != nil {
		x.t.Fatal(err)
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
