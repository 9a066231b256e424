package assess

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	official = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer, Via: authz.ViaSession}
	chief    = authz.Actor{Account: "acc-leader", Login: "leader", Role: authz.Leader, Via: authz.ViaSession}
)

// codes knows every code.
type codes struct{}

func (codes) KnowsRegion(string) bool         { return true }
func (codes) KnowsIndustry(string) bool       { return true }
func (codes) RegionName(code string) string   { return code }
func (codes) IndustryName(code string) string { return code }
func (codes) Regions() []party.Code           { return nil }
func (codes) Industries() []party.Code        { return nil }

// figures are the figures of the test by organisation.
type figures map[string]map[string][]Fact

func (f figures) Figures(_ context.Context, _ authz.Actor, org string, _ int) (map[string][]Fact, error) {
	return f[org], nil
}

// room is the room with three units in the registry.
type room struct {
	*Service
	t    *testing.T
	now  *clock.Fake
	orgs []string
	figs figures
}

func newRoom(t *testing.T, d *db.DB) *room {
	t.Helper()
	now := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, d, now)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	p, err := party.New(u, codes{}, times, party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	x := &room{t: t, now: now, figs: figures{}}
	if x.Service, err = New(u, times, Options{Party: p, Figures: x.figs}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // loading twice changes nothing
		if err := x.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []party.OrgData{{Name: "市科学技术局", Region: "140100"}, {Name: "市教育局", Region: "140100"},
		{Name: "小店区人民政府", Region: "140105"}} {
		o.Kind, o.Standing = "government", "active"
		made, err := p.CreateOrganisation(t.Context(), official, party.NewOrg{OrgData: o})
		if err != nil {
			t.Fatal(err)
		}
		x.orgs = append(x.orgs, made.ID)
	}
	return x
}

func (x *room) must(r Round, err error) Round {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
	return r
}

func (x *room) fire(r Round, by authz.Actor, step string) Round {
	x.t.Helper()
	return processtest.Again(x.t, x.unit.DB(), func(key string) (Round, error) {
		return x.FireRound(x.t.Context(), by, Step{ID: r.ID, Step: step, Reason: "因故", Version: r.Version, Key: key})
	})
}

// begin makes a round with all units that is being scored.
func (x *room) begin() Round {
	x.t.Helper()
	ctx := x.t.Context()
	r := x.must(x.CreateRound(ctx, official, NewRound{RoundData: RoundData{Title: "2026年度考核", Year: 2026,
		Region: "140100", Scheme: "default-2026"}}))
	var units []Unit
	for _, o := range x.orgs {
		units = append(units, Unit{Org: o})
	}
	r = x.must(x.AddUnits(ctx, official, NewUnits{Round: r.ID, Units: units, Version: r.Version}))
	return x.fire(x.fire(r, official, "announce"), official, "start")
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

func unitActor(role authz.Role, org, region string) authz.Actor {
	return authz.Actor{Account: "acc-" + org + region, Login: "u", Org: org, Region: region, Role: role,
		Via: authz.ViaSession}
}

// TestRound walks a round from the plan to its publication, with an appeal that is upheld.
func TestRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newRoom(t, d)
		ctx := t.Context()
		x.figs[x.orgs[0]] = map[string][]Fact{Targets: {ratio("19/20")}, Red: reds(1)}
		x.figs[x.orgs[1]] = map[string][]Fact{Targets: {ratio("1")}}
		x.figs[x.orgs[2]] = map[string][]Fact{Targets: {ratio("1/2")}}
		r := x.begin()
		_, err := x.FireRound(ctx, official, Step{ID: r.ID, Step: "show", Version: r.Version})
		wantKind(t, err, fault.Conflict) // not counted
		r = x.must(x.Count(ctx, official, r.ID, r.Version))
		det, err := x.GetRound(ctx, official, r.ID)
		if err != nil || len(det.Entries) != 3 || len(det.Differs) != 0 {
			t.Fatalf("%+v %v", det, err)
		}
		first, second, area := det.Entries[0], det.Entries[1], det.Entries[2]
		if first.OrgName != "市教育局" || first.Result.Total != "100" || second.Result.Total != "93" ||
			area.Group != "district" || area.Result.Rank != 1 {
			t.Fatalf("results: %s %s, %s %s", first.OrgName, first.Result.Total, second.OrgName, second.Result.Total)
		}
		// A unit sees nothing before 公示, then its own result only.
		own := unitActor(authz.Department, x.orgs[0], "")
		xiaodian := unitActor(authz.District, "", "140105")
		_, err = x.GetEntry(ctx, own, second.ID)
		wantKind(t, err, fault.NotFound)
		r = x.fire(r, official, "show")
		for _, c := range []struct {
			by    authz.Actor
			entry string
			sees  bool
		}{{own, second.ID, true}, {own, first.ID, false}, {xiaodian, area.ID, true}, {xiaodian, second.ID, false},
			{unitActor(authz.ChainOffice, "", ""), area.ID, false}} {
			_, err := x.GetEntry(ctx, c.by, c.entry)
			if c.sees && err != nil || !c.sees && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s sees %s: %v", c.by.Role, c.entry, err)
			}
		}
		mine, err := x.GetRound(ctx, own, r.ID)
		if err != nil || len(mine.Entries) != 1 || mine.Entries[0].ID != second.ID {
			t.Errorf("the unit's view: %+v %v", mine.Entries, err)
		}
		x.appeal(r, own, second, first)
	})
}

// appeal takes a shown round to its publication.
func (x *room) appeal(r Round, own authz.Actor, mine, other Entry) {
	t, ctx := x.t, x.t.Context()
	_, err := x.FileAppeal(ctx, own, NewAppeal{Entry: other.ID, Key: "red", Text: "不实"})
	wantKind(t, err, fault.NotFound)
	_, err = x.FileAppeal(ctx, own, NewAppeal{Entry: mine.ID, Key: "none", Text: ""})
	wantKind(t, err, fault.Invalid)
	a, err := x.FileAppeal(ctx, own, NewAppeal{Entry: mine.ID, Key: "red", Text: "该任务已于上月办结", Once: "k1"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.FireAppeal(ctx, own, Step{ID: a.ID, Step: "uphold", Reason: "好", Version: a.Version})
	wantKind(t, err, fault.Forbidden)
	_, err = x.FireRound(ctx, official, Step{ID: r.ID, Step: StepClose, Version: r.Version})
	wantKind(t, err, fault.Conflict) // time for appeals still runs
	x.now.Advance(14 * 24 * time.Hour)
	_, err = x.FireRound(ctx, official, Step{ID: r.ID, Step: StepClose, Version: r.Version})
	wantKind(t, err, fault.Conflict) // an appeal is open
	_, err = x.FileAppeal(ctx, own, NewAppeal{Entry: mine.ID, Key: "red", Text: "再申诉"})
	wantKind(t, err, fault.Conflict) // too late
	uphold := Step{ID: a.ID, Step: "uphold", Reason: "核实属实", Version: a.Version}
	a = processtest.Again(t, x.unit.DB(), func(key string) (Appeal, error) {
		uphold.Key = key
		return x.FireAppeal(ctx, official, uphold)
	})
	if a.Answer != "核实属实" {
		t.Fatalf("%+v", a)
	}
	if _, err := x.SetMark(ctx, official, NewMark{Entry: mine.ID, Key: "red", Value: "0", Reason: "申诉采纳",
		Version: r.Version}); err != nil {
		t.Fatal(err)
	}
	det, err := x.GetRound(ctx, official, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.FireRound(ctx, official, Step{ID: r.ID, Step: StepClose, Version: det.Version})
	wantKind(t, err, fault.Conflict) // to be counted again
	x.figs[x.orgs[0]] = nil          // figures stay as they were shown
	r = x.must(x.Count(ctx, official, r.ID, det.Version))
	if got, err := x.GetEntry(ctx, own, mine.ID); err != nil || got.Result.Total != "95" || len(got.Appeals) != 1 ||
		len(got.Marks) != 1 {
		t.Fatalf("after the appeal: %+v %v", got.Result, err)
	}
	r = x.fire(r, official, StepClose)
	_, err = x.FireRound(ctx, official, Step{ID: r.ID, Step: "publish", Version: r.Version})
	wantKind(t, err, fault.Forbidden)
	r = x.fire(r, chief, "publish")
	if all, err := x.GetRound(ctx, own, r.ID); err != nil || len(all.Entries) != 3 {
		t.Errorf("after publication a unit sees %d results (%v)", len(all.Entries), err)
	}
	_, err = x.SetMark(ctx, official, NewMark{Entry: mine.ID, Key: "red", Value: "0", Reason: "x", Version: r.Version})
	wantKind(t, err, fault.Conflict)
}

// TestMarkTable fills in the table that was written and takes it back.
func TestMarkTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newRoom(t, d)
		ctx, r := t.Context(), x.begin()
		var out bytes.Buffer
		n, err := x.WriteMarkSheet(ctx, official, r.ID, Export{Format: sheet.CSV}, &out)
		if err != nil || n != 12 { // three units × two items and two bonuses
			t.Fatalf("%d rows, %v", n, err)
		}
		take := func(text string) (int, error) {
			return x.ImportMarks(ctx, official, MarkImport{Round: r.ID, Version: r.Version, Name: "marks.csv",
				File: strings.NewReader(text)})
		}
		_, err = take("被考核单位,计分项,分数,依据\n市教育局,工作质量,90,\n无此局,工作质量,90,x\n市教育局,无此项,1,x\n" +
			"小店区人民政府,工作质量,101,x\n")
		e, _ := fault.As(err)
		if e == nil || len(e.Fields) != 4 {
			t.Fatalf("problems: %v", err)
		}
		filled := strings.Replace(out.String(), "市教育局,工作质量,,", "市教育局,工作质量,90,考核组评分", 1)
		if n, err := take(filled); err != nil || n != 1 {
			t.Fatalf("%d taken, %v", n, err)
		}
		_, err = take(filled)
		wantKind(t, err, fault.Invalid) // nothing new
		det, err := x.GetRound(ctx, official, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		x.must(x.Count(ctx, official, r.ID, det.Version))
		var results bytes.Buffer
		if _, err := x.WriteResults(ctx, official, r.ID, Export{Format: sheet.CSV}, &results); err != nil ||
			!strings.Contains(results.String(), "考核组评分 (officer)") {
			t.Errorf("%v\n%s", err, results.String())
		}
		_, err = x.WriteMarkSheet(ctx, unitActor(authz.Department, x.orgs[0], ""), r.ID, Export{}, &out)
		wantKind(t, err, fault.Forbidden)
	})
}

func TestSchemes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newRoom(t, d)
		ctx := t.Context()
		next := NewScheme{SchemeData: shippedSchemes[0].SchemeData}
		next.Mark, next.ValidFrom = "local", "2027-01-01"
		made, err := x.CreateScheme(ctx, official, next)
		if err != nil || made.Edition != 2 {
			t.Fatalf("%+v %v", made, err)
		}
		_, err = x.CreateRound(ctx, official, NewRound{RoundData: RoundData{Title: "早", Year: 2026, Region: "140100",
			Scheme: made.ID}})
		wantKind(t, err, fault.Invalid)
		_, err = x.CreateScheme(ctx, chief, next)
		wantKind(t, err, fault.Forbidden)
		if list, err := x.ListSchemes(ctx, chief); err != nil || len(list) != 2 || list[0].ID != made.ID {
			t.Errorf("%d schemes, %v", len(list), err)
		}
	})
}

var (
	qRawRound = db.Stmt(`INSERT INTO assess_round (id, code, title, year, region, scheme, scheme_name, edition,
			params, note, computed_us, marked_us, state, created_us, created_by, updated_us, version)
		VALUES ($1, $1, 'x', 2026, '140100', 's', 's', 1, '{"appealDays":5}', '', $2, 0, $3, 1, 'acc', 1, 1)`)
	qRawEntry = db.Stmt(`INSERT INTO assess_entry (id, round, org, org_now, org_name, region, grouping, facts,
			found_us, result, place, grade) VALUES ($1, $2, $3, $3, $3, $4, $5, '', 0, '', 0, '')`)
	qRawAppeal = db.Stmt(`INSERT INTO assess_appeal (id, entry, key, text, answer_days, state, created_us,
			created_by, login, updated_us, version) VALUES ($1, $2, 'red', 'x', 5, $3, 1, 'acc', 'u', 1, 1)`)
)

func TestRoundProcess(t *testing.T) {
	create := func(counted int64, listed bool) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			if listed {
				if err := db.ExecOne(ctx, tx.Tx, qRawEntry, "e", "r", "org-1", "140100", "department"); err != nil {
					return "", err
				}
			}
			return "r", db.ExecOne(ctx, tx.Tx, qRawRound, "r", counted, state)
		}
	}
	processtest.Exhaust(t, RoundProcess, processtest.Setup[Round]{
		Actors: []processtest.Actor{{Name: "officer", By: official}, {Name: "leader", By: chief},
			{Name: "unit", By: unitActor(authz.Department, "org-1", "")}},
		Cases: []processtest.Case{{Name: "counted", Create: create(5, true)}, {Name: "empty", Create: create(0, false)}},
		Input: func(string, Round) process.Input { return process.Input{Reason: "因故"} },
	})
}

func TestAppealProcess(t *testing.T) {
	processtest.Exhaust(t, AppealProcess, processtest.Setup[Appeal]{
		Prepare: func(t *testing.T, u *unit.Unit) {
			err := u.Write(t.Context(), official, "fill", func(tx *unit.Tx) error {
				tx.Audit(audit.Entry{Kind: "test", What: "fill"})
				if err := db.ExecOne(t.Context(), tx.Tx, qRawRound, "r", int64(5), Shown); err != nil {
					return err
				}
				return db.ExecOne(t.Context(), tx.Tx, qRawEntry, "e", "r", "org-1", "140105", "district")
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		Actors: []processtest.Actor{{Name: "officer", By: official},
			{Name: "unit", By: unitActor(authz.Department, "org-1", "")},
			{Name: "district", By: unitActor(authz.District, "", "140105")},
			{Name: "other", By: unitActor(authz.Department, "org-2", "")}},
		Cases: []processtest.Case{{Name: "appeal", Create: func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			return "a", db.ExecOne(ctx, tx.Tx, qRawAppeal, "a", "e", state)
		}}},
		Input: func(string, Appeal) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestScopes proves that lists show what may be shown: before publication each unit its own.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := t.Context(), dbtest.Unit(t, d)
		orgs, regions := []string{"org-1", "org-2"}, []string{"140105", "140106"}
		var rounds []Round
		var entries []Entry
		var appeals []Appeal
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			rounds, entries, appeals = nil, nil, nil
			for _, st := range RoundProcess.Def().States {
				if err := db.ExecOne(ctx, tx.Tx, qRawRound, st.Name, int64(1), st.Name); err != nil {
					return err
				}
				r, err := roundByID(ctx, tx, st.Name)
				if err != nil {
					return err
				}
				rounds = append(rounds, r)
				for i, org := range orgs {
					at := fmt.Sprint(st.Name, i)
					err := db.ExecOne(ctx, tx.Tx, qRawEntry, at, st.Name, org, regions[i],
						[]string{"department", "district"}[i])
					if err != nil {
						return err
					}
					if err := db.ExecOne(ctx, tx.Tx, qRawAppeal, at, at, AppealFiled); err != nil {
						return err
					}
					e, err := entryByID(ctx, tx, at)
					if err != nil {
						return err
					}
					a, err := appealByID(ctx, tx, at)
					if err != nil {
						return err
					}
					entries, appeals = append(entries, e), append(appeals, a)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p := rand.New(rand.NewPCG(1, 2))
		actors := authztest.Actors(p.IntN, 16, authztest.Pool{Orgs: orgs, Regions: regions, Accounts: []string{"acc"},
			Actions: append(append(RoundPolicy.Actions(), EntryPolicy.Actions()...), AppealPolicy.Actions()...)})
		authztest.ScopeEqualsMay(t, authztest.Proof[Round]{Policy: RoundPolicy, Objects: rounds,
			ID: func(x Round) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return roundList.CountBy(ctx, d, "r.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Entry]{Policy: EntryPolicy, Objects: entries,
			ID: func(e Entry) string { return e.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return entryList.CountBy(ctx, d, "e.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Appeal]{Policy: AppealPolicy, Objects: appeals,
			ID: func(a Appeal) string { return a.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return appealList.CountBy(ctx, d, "a.id", w) }})
	})
}
