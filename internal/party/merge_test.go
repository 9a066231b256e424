package party

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
)

var clerk = authz.Actor{Account: "clerk", Role: authz.Officer, Via: authz.ViaSession}

// dumps read everything that a merge and its split must leave as it was.
var dumps = []*db.Statement{
	db.Stmt(`SELECT id, name, name_en, name_key, name_sort, uscc, kind, region, industry, standing,
		founded, legal_person, capital_fen, website, summary, state, merged_into, state_before,
		created_us, created_by FROM org ORDER BY id`),
	db.Stmt(`SELECT org, field, source, as_of, at_us, account FROM org_source ORDER BY org, field`),
	db.Stmt(`SELECT id, org, name, name_key, kind, created_us FROM org_alias ORDER BY id`),
	db.Stmt(`SELECT org, n, kind, region, line, lon_e7, lat_e7, given, given_lon_e7, given_lat_e7
		FROM org_address ORDER BY org, n`),
	db.Stmt(`SELECT org, n, name, duty, phone, email FROM org_contact ORDER BY org, n`),
	db.Stmt(`SELECT org, terms FROM org_terms ORDER BY org`),
	db.Stmt(`SELECT id, person, org, org_now, duty, from_day, to_day FROM membership ORDER BY id`),
}

var dumpWidths = []int{20, 6, 6, 10, 6, 2, 7}

func dump(t *testing.T, d *db.DB) []string {
	t.Helper()
	var out []string
	for i, q := range dumps {
		err := db.Each(context.Background(), d, q, func(r db.Row) error {
			cells, into := make([]any, dumpWidths[i]), make([]any, dumpWidths[i])
			for n := range cells {
				into[n] = &cells[n]
			}
			err := r.Scan(into...)
			for n, c := range cells {
				if b, ok := c.([]byte); ok {
					cells[n] = string(b)
				}
			}
			out = append(out, fmt.Sprint(i, cells))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func randomOrg(r *rand.Rand, n int) OrgData {
	o := OrgData{Name: fmt.Sprintf("第%d%s厂", n, string(rune(0x4e00+r.IntN(2000)))),
		Kind: OrgKinds()[r.IntN(9)].Value, Region: "140105", Standing: "active"}
	if r.IntN(2) == 0 {
		o.Summary = fmt.Sprint("简介", r.IntN(5))
	}
	if r.IntN(2) == 0 {
		code, _ := id.MakeUSCC(fmt.Sprintf("91140100MA%07d", n))
		o.USCC = string(code)
	}
	for range r.IntN(3) {
		o.Contacts = append(o.Contacts, Contact{Name: fmt.Sprint("甲", r.IntN(9)), Phone: "13800001234"})
		o.Addresses = append(o.Addresses, Address{Kind: "office", Line: fmt.Sprint("路", r.IntN(99))})
	}
	return o
}

// TestSplitUndoesMerge merges at random, in chains too, splits in another order, and finds every
// table as it was.
func TestSplitUndoesMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		for seed := range uint64(8) {
			r := rand.New(rand.NewPCG(seed, 1))
			var ids []string
			for n := range 7 {
				o, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, int(seed)*10+n)})
				if err != nil {
					t.Fatal(err)
				}
				if r.IntN(2) == 0 {
					alias := NewAlias{Org: o.ID, Name: fmt.Sprint("别名", n), Kind: "short", Version: o.Version}
					if _, err := s.AddAlias(ctx, clerk, alias); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := s.CreatePerson(ctx, clerk, NewPerson{Org: o.ID,
					PersonData: PersonData{Name: fmt.Sprint("人", n)}}); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, o.ID)
			}
			before := dump(t, d)
			merged := mergeAtRandom(t, s, r, ids)
			if cmp.Equal(before, dump(t, d)) {
				t.Fatal("nothing was merged: the test proves nothing")
			}
			for _, n := range r.Perm(len(merged)) {
				splitOne(t, s, merged[n])
			}
			if diff := cmp.Diff(before, dump(t, d)); diff != "" {
				t.Fatalf("seed %d: after all splits (-before +after):\n%s", seed, diff)
			}
		}
	})
}

func mergeAtRandom(t *testing.T, s *Service, r *rand.Rand, ids []string) []string {
	t.Helper()
	ctx := context.Background()
	living, merged := slices.Clone(ids), []string(nil)
	for len(living) > 2 {
		r.Shuffle(len(living), func(i, j int) { living[i], living[j] = living[j], living[i] })
		drop, keep := load(t, s, living[0]), load(t, s, living[1])
		in := Merge{Keep: keep.ID, KeepVersion: keep.Version, Drop: drop.ID, DropVersion: drop.Version,
			Reason: "重复登记", TwoCodes: true}
		for _, f := range orgFields {
			if r.IntN(2) == 0 {
				in.Take = append(in.Take, f.name)
			}
		}
		if _, err := s.MergeOrganisations(ctx, clerk, in); err != nil {
			t.Fatal(err)
		}
		got, err := s.GetOrganisation(ctx, clerk, drop.ID)
		if err != nil || got.ID != keep.ID {
			t.Fatalf("the old id leads to %s, %v", got.ID, err)
		}
		merged, living = append(merged, drop.ID), living[1:]
	}
	// Old ids lead through chains to a record that lives.
	for _, m := range merged {
		got, err := s.GetOrganisation(ctx, clerk, m)
		if err != nil || !slices.Contains(living, got.ID) {
			t.Fatalf("%s leads to %s, %v", m, got.ID, err)
		}
	}
	return merged
}

func load(t *testing.T, s *Service, orgID string) Org {
	t.Helper()
	o, err := orgByID(context.Background(), s.unit.DB(), orgID)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func splitOne(t *testing.T, s *Service, orgID string) SplitResult {
	t.Helper()
	got, err := s.SplitOrganisation(context.Background(), clerk, Split{Dropped: orgID,
		Version: load(t, s, orgID).Version, Reason: "不是同一单位"})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestSplitKeepsEdits leaves a field alone that somebody changed after the merge.
func TestSplitKeepsEdits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		r := rand.New(rand.NewPCG(9, 9))
		keep, _ := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, 901)})
		drop, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, 902)})
		if err != nil {
			t.Fatal(err)
		}
		merged, err := s.MergeOrganisations(ctx, clerk, Merge{Keep: keep.ID, KeepVersion: keep.Version,
			Drop: drop.ID, DropVersion: drop.Version, Take: []string{"name", "kind"}, Reason: "重复",
			TwoCodes: true})
		if err != nil {
			t.Fatal(err)
		}
		edit := OrgUpdate{ID: keep.ID, OrgData: merged.OrgData, Version: merged.Version}
		edit.Name = "改名以后"
		if _, err := s.UpdateOrganisation(ctx, clerk, edit); err != nil {
			t.Fatal(err)
		}
		got := splitOne(t, s, drop.ID)
		now := load(t, s, keep.ID)
		if diff := cmp.Diff([]string{"name"}, got.Kept); diff != "" || now.Name != "改名以后" ||
			now.Kind != keep.Kind {
			t.Errorf("kept %v, name %s, kind %s", got.Kept, now.Name, now.Kind)
		}
	})
}

// TestOneMergeWins lets two clerks merge the same record at the same time.
func TestOneMergeWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		r := rand.New(rand.NewPCG(3, 3))
		var list []Org
		for n := range 3 {
			o, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, 800+n)})
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, o)
		}
		errs := make([]error, 2)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() {
				_, errs[i] = s.MergeOrganisations(ctx, clerk, Merge{Keep: list[i].ID,
					KeepVersion: 1, Drop: list[2].ID, DropVersion: 1, Reason: "重复", TwoCodes: true})
			})
		}
		wait.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("of two merges of one record: %v and %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Errorf("the loser is told %v", err)
			}
		}
	})
}

// TestNamesSurvive sends rare characters and naughty strings through create, get, list and export.
func TestNamesSurvive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		kept := map[string]string{}
		for _, name := range append([]string{"㛃䶮𬱖科技有限公司", "𠮷野家（太原）", "é vs é"},
			naughty(t)...) {
			o, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: OrgData{Name: name, Kind: "other",
				Region: "140105", Standing: "active"}})
			if fault.Is(err, fault.Invalid) {
				continue // said at the field: empty, too long, control characters
			}
			if err != nil {
				t.Fatalf("%q: %v", name, err)
			}
			got, err := s.GetOrganisation(ctx, clerk, o.ID)
			if err != nil || got.Name != tidy(name) {
				t.Errorf("%q became %q, %v", name, got.Name, err)
			}
			kept[o.ID] = tidy(name)
		}
		if len(kept) < 3 {
			t.Fatalf("only %d names were accepted", len(kept))
		}
		got := map[string]string{}
		err := s.ExportOrganisations(ctx, clerk, OrgFilter{}, "name", func(o Org) error {
			got[o.ID] = o.Name
			return nil
		})
		if diff := cmp.Diff(kept, got); err != nil || diff != "" {
			t.Errorf("export: %v (-kept +exported)\n%s", err, diff)
		}
		page, err := s.ListOrganisations(ctx, clerk, OrgFilter{Query: "䶮"}, "name", db.PageReq{})
		if err != nil || len(page.Items) != 1 || !strings.Contains(page.Items[0].Name, "䶮") {
			t.Errorf("searching one rare character finds %d, %v", len(page.Items), err)
		}
	})
}
