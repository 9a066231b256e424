package party

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qDumpTerm  = db.Stmt(`SELECT term, block, nums FROM org_term WHERE nums <> '' ORDER BY term, block`)
	qDumpTerms = db.Stmt(`SELECT org || ': ' || terms FROM org_terms ORDER BY org`)
	qForget    = db.Stmt(`DELETE FROM org_change WHERE name = 'index'`)
)

func dumpIndex(t *testing.T, d *db.DB) []string {
	t.Helper()
	sets, err := db.All(t.Context(), d, qDumpTerm, func(r db.Row) (string, error) {
		x, err := scanTermBlock(r)
		return fmt.Sprint(x), err
	})
	if err != nil {
		t.Fatal(err)
	}
	terms, err := db.All(t.Context(), d, qDumpTerms, db.One[string])
	if err != nil {
		t.Fatal(err)
	}
	return append(sets, terms...)
}

// indexHolds compares the index, as changes have left it, with one that is made from the records.
func indexHolds(t *testing.T, s *Service, when string) {
	t.Helper()
	d := s.unit.DB()
	kept := dumpIndex(t, d)
	err := s.unit.Write(t.Context(), clerk, "test", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", What: "forget"})
		return db.ExecOne(t.Context(), tx.Tx, qForget)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dumpIndex(t, d), kept); diff != "" {
		t.Fatalf("%s: (-made +kept)\n%s", when, diff)
	}
}

// TestIndexFollows changes organisations in all ways and finds the index as if it was made anew.
func TestIndexFollows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		r := rand.New(rand.NewPCG(44, 1))
		var ids []string
		for n := range 9 {
			o, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, n)})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, o.ID)
		}
		indexHolds(t, s, "created")
		o := load(t, s, ids[0])
		edit := OrgUpdate{ID: o.ID, OrgData: o.OrgData, Version: o.Version}
		edit.Name, edit.Region, edit.Industry = "Shanxi 改名 Ltd", "140212", "C3911"
		o, err := s.UpdateOrganisation(ctx, clerk, edit)
		if err != nil {
			t.Fatal(err)
		}
		indexHolds(t, s, "updated")
		alias := NewAlias{Org: o.ID, Name: "曾用名字", Kind: "former", Version: o.Version}
		if o, err = s.AddAlias(ctx, clerk, alias); err != nil {
			t.Fatal(err)
		}
		indexHolds(t, s, "alias added")
		o, err = s.FireOrganisation(ctx, clerk, OrgStep{ID: o.ID, Step: "return", Reason: "不实", Version: o.Version})
		if err != nil {
			t.Fatal(err)
		}
		indexHolds(t, s, "returned")
		merged := mergeAtRandom(t, s, r, ids)
		indexHolds(t, s, "merged")
		for _, m := range merged {
			splitOne(t, s, m)
		}
		indexHolds(t, s, "split")
	})
}

// TestIndexVersion fails when the terms of an organisation have changed and indexVersion has not.
func TestIndexVersion(t *testing.T) {
	o := Org{State: Verified, CreatedBy: "a", OrgData: OrgData{Kind: "other", Standing: "active",
		Name: "（太原市）云帆ＡＢ股份有限公司", NameEn: "Yunfan Co., Ltd", USCC: "91140100MA0000001A",
		Region: "140105", Industry: "C3911"}}
	h := sha256.Sum256([]byte(strings.Join(o.terms([]string{"云帆", "é"}), termEnd)))
	got := fmt.Sprintf("%d %x", indexVersion, h[:8])
	if want := "1 8999488ff58a1616"; got != want {
		t.Errorf("terms are %s, want %s: raise indexVersion", got, want)
	}
}

// someOrgs are organisations that filters tell apart.
func someOrgs(r *rand.Rand, n int) []Org {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var out []Org
	for range n {
		out = append(out, Org{ID: id.New(), CreatedBy: pick("a1", "a2"), Version: 1,
			State:     pick(Pending, Returned, Verified, Verified, Ceased),
			CreatedUs: int64(1000 + r.IntN(50)),
			OrgData: OrgData{Kind: pick("enterprise", "university", "other"), Standing: pick("active", "closed"),
				Name:     pick("太原", "大同", "山西") + pick("云帆", "智能", "软件") + pick("厂", "公司", " Works"),
				Region:   region.Code(pick("140105", "140106", "140212", "140100", "")),
				Industry: pick("C3911", "C39", "A0399", "")}})
	}
	return out
}

// holds says what a filter means.
func (f OrgFilter) holds(o Org) bool {
	for _, g := range Grams(f.Query) {
		if !slices.Contains(searchGrams(o.Name, NameKey(o.Name)), g) {
			return false
		}
	}
	return (f.Kind == "" || f.Kind == o.Kind) && (f.State == "" || f.State == o.State) &&
		(f.Standing == "" || f.Standing == o.Standing) &&
		(f.Region == "" || f.Region.Contains(o.Region)) && strings.HasPrefix(o.Industry, f.Industry) &&
		o.UpdatedUs >= f.FromUs && (f.ToUs == 0 || o.UpdatedUs < f.ToUs)
}

// TestListIsFilter compares lists, page by page, counts and exports with what filters and the policy
// say of each record, for both ways to find a page.
func TestListIsFilter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := context.Background(), dbtest.Unit(t, d)
		s := testService(t, u, Options{})
		r := rand.New(rand.NewPCG(19, 3))
		all := someOrgs(r, 300)
		err := u.Write(ctx, clerk, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			return insertOrgs(ctx, tx, all)
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range all {
			all[i] = load(t, s, all[i].ID)
		}
		actors := authztest.Actors(r.IntN, 4, authztest.Pool{Accounts: []string{"a1", "nobody"},
			Orgs: []string{all[0].ID, all[1].ID, "x"}, Regions: []string{"140100", "140105", "14010"},
			Actions: OrgPolicy.Actions()})
		some := func(v string) string {
			if r.IntN(3) > 0 {
				return ""
			}
			return v
		}
		shown := 0
		for _, by := range append(actors, clerk, clerk, clerk) {
			f := OrgFilter{Query: some([]string{"太原", "云帆 厂", "软", "works"}[r.IntN(4)]),
				Kind: some("enterprise"), Region: region.Code(some([]string{"140100", "140105"}[r.IntN(2)])),
				Industry: some([]string{"C", "C39", "A0399"}[r.IntN(3)]), State: some(Verified),
				Standing: some("active")}
			if r.IntN(4) == 0 {
				f.FromUs, f.ToUs = 1010, int64(r.IntN(2)*1040)
			}
			order := OrgOrders()[r.IntN(len(OrgOrders()))]
			var want []string
			for _, o := range all {
				if f.holds(o) && OrgPolicy.May(by, ActOrgRead, o) == nil {
					want = append(want, o.ID)
				}
			}
			for _, s.few = range []int64{few, 0} {
				got := pageThrough(t, s, by, f, order)
				shown += len(got)
				slices.Sort(got)
				slices.Sort(want)
				if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
					t.Fatalf("%+v sees of %+v in order %s (-want +got)\n%s", by, f, order, diff)
				}
			}
		}
		if shown < 500 {
			t.Errorf("only %d records were shown: the test proves little", shown)
		}
	})
}

// pageThrough turns all pages and checks their order and the count.
func pageThrough(
	t *testing.T, s *Service, by authz.Actor, f OrgFilter, order string,
) []string {
	t.Helper()
	ctx := context.Background()
	n, err := s.CountOrganisations(ctx, by, f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for req := (db.PageReq{Limit: 7}); ; {
		page, err := s.ListOrganisations(ctx, by, f, order, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			got = append(got, o.ID)
		}
		if req.After = page.Next; req.After == "" {
			break
		}
	}
	if int64(len(got)) != n {
		t.Fatalf("%+v: count %d, pages %d", f, n, len(got))
	}
	last, err := s.ListOrganisations(ctx, by, f, order, db.PageReq{Limit: 7, Last: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range last.Items {
		if want := got[len(got)-len(last.Items)+i]; o.ID != want {
			t.Fatalf("%+v: the last page differs at %d", f, i)
		}
	}
	if order == "created" && !slices.IsSortedFunc(got, func(a, b string) int {
		return int(load(t, s, b).CreatedUs - load(t, s, a).CreatedUs)
	}) {
		t.Fatalf("%+v: not the newest first", f)
	}
	return got
}

// TestPagesAfterChanges changes records while ranks are kept and compares every page of every order
// with what SQL says.
func TestPagesAfterChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), testService(t, dbtest.Unit(t, d), Options{})
		s.few = 8
		r := rand.New(rand.NewPCG(8, 8))
		var ids []string
		add := func() {
			o, err := s.CreateOrganisation(ctx, clerk, NewOrg{OrgData: randomOrg(r, len(ids))})
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, o.ID)
		}
		for range 30 {
			add()
		}
		stale := 0
		for range 12 {
			for _, order := range OrgOrders() {
				comparePages(t, s, order)
				if k := s.ranks.kept[order]; len(k.nums) < len(ids) {
					stale++
				}
			}
			add()
			o := load(t, s, ids[r.IntN(len(ids))])
			edit := OrgUpdate{ID: o.ID, OrgData: randomOrg(r, r.IntN(99)), Version: o.Version}
			edit.USCC = o.USCC
			if _, err := s.UpdateOrganisation(ctx, clerk, edit); err != nil {
				t.Fatal(err)
			}
		}
		if stale == 0 {
			t.Error("no rank was ever old: the test proves nothing")
		}
	})
}

func comparePages(t *testing.T, s *Service, order string) {
	t.Helper()
	ctx, o := context.Background(), orgList.Order(order)
	for _, req := range []db.PageReq{{Limit: 4}, {Limit: 4, Last: true}} {
		for back := req.Last; ; {
			want, err := db.List(ctx, s.unit.DB(), orgList, db.Where{}, o, req, scanOrg)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.ListOrganisations(ctx, clerk, OrgFilter{}, order, req)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Fatalf("order %s, %+v: %v (-want +got)\n%s", order, req, err, diff)
			}
			req = db.PageReq{Limit: 4, After: want.Next}
			if back {
				req = db.PageReq{Limit: 4, Before: want.Prev}
			}
			if req.After+req.Before == "" {
				break
			}
		}
	}
}
