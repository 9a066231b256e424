package appraise

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var official = authz.Actor{Account: "acc-officer", Login: "officer", Role: authz.Officer,
	Via: authz.ViaSession}

// codes knows every code.
type codes struct{}

func (codes) KnowsRegion(string) bool         { return true }
func (codes) KnowsIndustry(string) bool       { return true }
func (codes) RegionName(code string) string   { return code }
func (codes) IndustryName(code string) string { return code }
func (codes) Regions() []party.Code           { return nil }
func (codes) Industries() []party.Code        { return nil }

func newRoom(t testing.TB, d *db.DB) (*Service, string) {
	t.Helper()
	u := dbtest.Unit(t, d)
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	p, err := party.New(u, codes{}, times, party.Options{Key: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(u, times, Options{Party: p})
	if err != nil {
		t.Fatal(err)
	}
	o, err := p.CreateOrganisation(t.Context(), official, party.NewOrg{OrgData: party.OrgData{
		Name: "太原理工学院", Kind: "university", Region: "140100", Standing: "active"}})
	if err != nil {
		t.Fatal(err)
	}
	return s, o.ID
}

func expert(n int) authz.Actor {
	return authz.Actor{Account: fmt.Sprint("acc-", n), Login: fmt.Sprint("expert", n), Role: authz.Expert,
		Via: authz.ViaSession}
}

func wantKind(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
}

// Each saved set of inputs stays and can be shown again.
func TestEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, org := newRoom(t, d)
		ctx := t.Context()
		x, err := s.CreateSheet(ctx, official, NewSheet{SheetData: SheetData{Title: "导热膜", Org: org,
			Purpose: "许可谈判", Day: "2026-11-20"}})
		if err != nil {
			t.Fatal(err)
		}
		cost := func(n string) Inputs {
			return Inputs{Cost: Cost{Items: []Named{{"研发", ParseRange(n)}}, Profit: ParseRange("0"),
				Obsolescence: ParseRange("0")}}
		}
		_, err = s.SaveInputs(ctx, official, NewEdition{ID: x.ID, Version: x.Version})
		wantKind(t, err, fault.Invalid)
		_, err = s.SaveInputs(ctx, official, NewEdition{ID: x.ID, Inputs: cost("100"), Version: x.Version})
		wantKind(t, err, fault.Invalid) // one number is no range
		for _, n := range []string{"90/100/110", "80/90/100"} {
			if x, err = s.SaveInputs(ctx, official, NewEdition{ID: x.ID, Inputs: cost(n),
				Version: x.Version}); err != nil {
				t.Fatal(err)
			}
		}
		for n, want := range map[int64]int64{0: 90 * wan, 1: 100 * wan, 2: 90 * wan} {
			got, err := s.GetSheet(ctx, official, x.ID, n)
			if err != nil || int64(got.Results[0].BaseFen) != want || len(got.Editions) != 2 {
				t.Errorf("edition %d: %+v %v", n, got.Results, err)
			}
		}
		_, err = s.GetSheet(ctx, official, x.ID, 3)
		wantKind(t, err, fault.NotFound)
		_, err = s.FireSheet(ctx, official, Step{ID: x.ID, Step: "finish", Version: x.Version})
		wantKind(t, err, fault.Conflict) // without limits
		data := x.SheetData
		data.Limits = "仅供参考"
		if x, err = s.UpdateSheet(ctx, official, SheetUpdate{ID: x.ID, SheetData: data, Version: x.Version}); err != nil {
			t.Fatal(err)
		}
		version := x.Version
		x = processtest.Again(t, d, func(key string) (Sheet, error) {
			return s.FireSheet(ctx, official, Step{ID: x.ID, Step: "finish", Version: version, Key: key})
		})
	})
}

// snapshot is everything somebody can learn of an evaluation.
func snapshot(t testing.TB, s *Service, by authz.Actor, reviewID string) string {
	t.Helper()
	d, err := s.GetReview(t.Context(), by, reviewID)
	list, lerr := s.ListReviews(t.Context(), by, "", db.PageReq{})
	b, jerr := json.Marshal([]any{d, d.Offers, d.History, list, fmt.Sprint(err, lerr)})
	if jerr != nil {
		t.Fatal(jerr)
	}
	return string(b)
}

// Until all scores are in, nobody learns from a score, nor from its change, but its expert.
func TestScoresAreBlind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, org := newRoom(t, d)
		ctx := t.Context()
		v, err := s.CreateReview(ctx, official, NewReview{ReviewData: ReviewData{Title: "导热膜", Org: org,
			Kind: "applied"}})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 5 {
			x, err := s.AddExpert(ctx, official, NewExpert{Review: v.ID, Name: fmt.Sprint("专家", n),
				Version: v.Version + int64(n)})
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				own := expert(9)
				own.Org = org
				_, err = s.Join(ctx, own, x.Code)
				wantKind(t, err, fault.Forbidden)
			}
			if _, err = s.Join(ctx, expert(n), x.Code); err != nil {
				t.Fatal(err)
			}
			_, err = s.Join(ctx, expert(8), x.Code)
			wantKind(t, err, fault.Invalid)
		}
		start := Step{ID: v.ID, Step: "start", Version: v.Version + 5}
		v = processtest.Again(t, d, func(key string) (Review, error) {
			start.Key = key
			return s.FireReview(ctx, official, start)
		})
		score := func(n int, x int64) {
			t.Helper()
			_, err := s.Score(ctx, expert(n), Scores{Review: v.ID, Scores: Five{x, x, x, x, x},
				Comment: fmt.Sprint("意见", x)})
			if err != nil {
				t.Fatal(err)
			}
		}
		score(0, 70)
		watchers := []authz.Actor{official, expert(1), {Account: "l", Role: authz.Leader},
			{Account: "u", Org: org, Role: authz.University}, expert(7), {}}
		var before []string
		for _, by := range watchers {
			before = append(before, snapshot(t, s, by, v.ID))
		}
		score(0, 10)
		for i, by := range watchers {
			if diff := cmp.Diff(before[i], snapshot(t, s, by, v.ID)); diff != "" {
				t.Errorf("%s %s learns of a score:\n%s", by.Role, by.Account, diff)
			}
		}
		_, err = s.Score(ctx, expert(7), Scores{Review: v.ID})
		wantKind(t, err, fault.NotFound)
		_, err = s.FireReview(ctx, official, Step{ID: v.ID, Step: "finish", Version: v.Version})
		wantKind(t, err, fault.Conflict)
		for n := range 5 {
			score(n, int64(60+10*n))
		}
		v, err = s.FireReview(ctx, official, Step{ID: v.ID, Step: "finish", Version: v.Version})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.GetReview(ctx, official, v.ID)
		if err != nil || got.Outcome == nil || got.Outcome.Total.Text != "80.00" || got.Panel[1].Scores == nil {
			t.Errorf("%+v %v", got.Outcome, err)
		}
		_, err = s.WriteReport(ctx, official, Report{ID: v.ID, Conclusion: "总体国际先进", Limits: "x",
			Version: v.Version})
		wantKind(t, err, fault.Invalid)
		_, err = s.Score(ctx, expert(0), Scores{Review: v.ID, Scores: Five{1, 1, 1, 1, 1}})
		wantKind(t, err, fault.Forbidden)
	})
}

var (
	qRawSheet = db.Stmt(`INSERT INTO appraise_sheet (id, code, title, post, org, org_now, org_name, purpose,
			day, limits, edition, state, created_us, created_by, updated_us, version)
		VALUES ($1, $1, 'x', '', $2, $2, $2, 'x', '2026-01-01', $3, $4, $5, 1, $6, 1, 1)`)
	qRawReview = db.Stmt(`INSERT INTO appraise_review (id, code, title, post, org, org_now, org_name, kind,
			weights, trimmed, basis, conclusion, limits, state, created_us, created_by, updated_us, version)
		VALUES ($1, $1, 'x', '', $2, $2, $2, 'basic', '[20,20,20,20,20]', FALSE, '', $3, $3, $4, 1, 'acc', 1,
			1)`)
	qRawExpert = db.Stmt(`INSERT INTO appraise_expert (id, review, number, name, unit, code_hash, account,
			scores, comment, scored_us, version) VALUES ($1, $2, $3, 'x', '', '', $4, $5, '', 0, 1)`)
)

// TestSheetProcess and TestReviewProcess try every state × step × role.
func TestSheetProcess(t *testing.T) {
	create := func(limits string, edition int64) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			return "v", db.ExecOne(ctx, tx.Tx, qRawSheet, "v", "org-1", limits, edition, state, "acc")
		}
	}
	processtest.Exhaust(t, SheetProcess, processtest.Setup[Sheet]{
		Actors: []processtest.Actor{{Name: "officer", By: official},
			{Name: "owner", By: authz.Actor{Account: "o", Org: "org-1", Role: authz.University,
				Via: authz.ViaSession}}},
		Cases: []processtest.Case{{Name: "complete", Create: create("限制", 1)},
			{Name: "empty", Create: create("", 0)}},
		Input: func(string, Sheet) process.Input { return process.Input{Reason: "因故"} },
	})
}

func TestReviewProcess(t *testing.T) {
	create := func(experts int, scores, report string) func(context.Context, *unit.Tx, string) (string, error) {
		return func(ctx context.Context, tx *unit.Tx, state string) (string, error) {
			tx.Audit(audit.Entry{Kind: "test", What: "create"})
			for n := range experts {
				err := db.ExecOne(ctx, tx.Tx, qRawExpert, fmt.Sprint("e", n), "v", int64(n), fmt.Sprint("acc-", n),
					scores)
				if err != nil {
					return "", err
				}
			}
			return "v", db.ExecOne(ctx, tx.Tx, qRawReview, "v", "org-1", report, state)
		}
	}
	processtest.Exhaust(t, ReviewProcess, processtest.Setup[Review]{
		Actors: []processtest.Actor{{Name: "officer", By: official}, {Name: "panel", By: expert(0)},
			{Name: "owner", By: authz.Actor{Account: "o", Org: "org-1", Role: authz.University,
				Via: authz.ViaSession}}},
		Cases: []processtest.Case{{Name: "complete", Create: create(5, "[1,2,3,4,5]", "好")},
			{Name: "four experts, no scores", Create: create(4, "", "")}},
		Input: func(string, Review) process.Input { return process.Input{Reason: "因故"} },
	})
}

// TestScopes proves that lists show what may be shown.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := t.Context(), dbtest.Unit(t, d)
		orgs, accounts := []string{"org-1", "org-2"}, []string{"acc-0", "acc-1"}
		var all []Sheet
		var evaluated []Review
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			all, evaluated = nil, nil
			for i, org := range orgs {
				for _, account := range accounts {
					if err := db.ExecOne(ctx, tx.Tx, qRawSheet, org+account, org, "", int64(0), SheetDraft,
						account); err != nil {
						return err
					}
					x, err := sheetByID(ctx, tx, org+account)
					if err != nil {
						return err
					}
					all = append(all, x)
				}
				for j, st := range ReviewProcess.Def().States {
					reviewID := org + st.Name
					if err := db.ExecOne(ctx, tx.Tx, qRawReview, reviewID, org, "", st.Name); err != nil {
						return err
					}
					err := db.ExecOne(ctx, tx.Tx, qRawExpert, reviewID, reviewID, int64(1), accounts[(i+j)%2], "")
					if err != nil {
						return err
					}
					v, err := reviewByID(ctx, tx, reviewID)
					if err != nil {
						return err
					}
					evaluated = append(evaluated, v)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		p := rand.New(rand.NewPCG(1, 2))
		actors := authztest.Actors(p.IntN, 16, authztest.Pool{Orgs: orgs, Accounts: accounts,
			Actions: append(SheetPolicy.Actions(), ReviewPolicy.Actions()...)})
		authztest.ScopeEqualsMay(t, authztest.Proof[Sheet]{Policy: SheetPolicy, Objects: all,
			ID: func(x Sheet) string { return x.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return sheets.CountBy(ctx, d, "s.id", w) }})
		authztest.ScopeEqualsMay(t, authztest.Proof[Review]{Policy: ReviewPolicy, Objects: evaluated,
			ID: func(v Review) string { return v.ID }, Actors: actors,
			List: func(w db.Where) (map[string]int64, error) { return reviews.CountBy(ctx, d, "v.id", w) }})
	})
}

// The weights of an evaluation are those of the market's dated rule on the day it is begun, and stay.
func TestWeightsOfTheRule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, org := newRoom(t, d)
		ctx := t.Context()
		now := clock.NewFake(dbtest.Start)
		s.unit = dbtest.UnitAt(t, d, now)
		rules, err := market.New(s.unit, process.Times{Calendar: clock.Published(), Service: process.OfficeHours()},
			market.Options{})
		if err == nil {
			err = rules.Load(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		own := [5]int64{20, 40, 20, 15, 5}
		_, err = rules.AddFreshRule(ctx, official, market.NewFreshRule{FreshRuleData: market.FreshRuleData{
			Name: "本市规则", Source: "局务会", Mark: "local", Reason: "试行", ValidFrom: clock.DateOf(now.Now()).AddDays(1),
			FreshParams: market.FreshParams{NeedDays: 90, AchievementDays: 180,
				Weights: market.Weights{"applied": own}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []Five{Five(market.UsualWeights()["applied"]), Five(own)} {
			v, err := s.CreateReview(ctx, official, NewReview{ReviewData: ReviewData{Title: "导热膜", Org: org,
				Kind: "applied"}})
			if err != nil || v.Weights != want {
				t.Errorf("%v, %v, want %v", v.Weights, err, want)
			}
			now.Advance(24 * time.Hour)
		}
	})
}
