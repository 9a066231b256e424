package authz_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/region"
)

func TestRegionRange(t *testing.T) {
	for _, c := range []struct{ code, from, before string }{
		{"140000", "14", "15"},
		{"140100", "1401", "1402"},
		{"140105", "140105", "140106"},
		{"140109", "140109", "14010:"},
		{"140900", "1409", "140:"},
		{"141000", "1410", "1411"},
		{"190000", "19", "1:"},
		{"820000", "82", "83"},
		{"419001", "419001", "419002"}, // a county directly under its province
		{"", "", ""}, {"14", "", ""}, {"1401", "", ""}, {"1401000", "", ""}, {"000000", "", ""},
		{"000100", "", ""}, {"140005", "", ""}, {"990000", "", ""},
		{"14a100", "", ""}, {"14 100", "", ""}, {"-14010", "", ""},
		{"１４０１００", "", ""}, {" 140100", "", ""},
	} {
		from, before, ok := authz.RegionRange(c.code)
		if from != c.from || before != c.before || ok != (c.from != "") {
			t.Errorf("RegionRange(%q) = %q, %q, %v", c.code, from, before, ok)
		}
	}
}

// FuzzRegionRange: a text lies in the range exactly when it begins with the prefix of the code,
// and a code lies in it exactly when package region says that the place does.
func FuzzRegionRange(f *testing.F) {
	f.Add("140100", "140105")
	f.Add("140900", "15")
	f.Add("190000", "1:")
	f.Fuzz(func(t *testing.T, code, other string) {
		from, before, ok := authz.RegionRange(code)
		if !ok {
			return
		}
		inside := from <= other && other < before
		if inside != strings.HasPrefix(other, from) {
			t.Fatalf("%q in [%q, %q): %v", other, from, before, inside)
		}
		outer, err := region.Parse(code)
		if err != nil {
			t.Fatal(err)
		}
		inner, err := region.Parse(other)
		if err != nil {
			return
		}
		inside = from <= string(inner) && string(inner) < before
		if inside != outer.Contains(inner) {
			t.Fatalf("%s in %s: %v, but Contains says otherwise", inner, outer, inside)
		}
	})
}

// FuzzTokenNeverWidens: whatever scopes a token carries, it allows no more than the session of
// the same actor, and nothing outside the scopes.
func FuzzTokenNeverWidens(f *testing.F) {
	f.Add(uint64(1), "lab.paper.read")
	f.Add(uint64(2), "lab.paper")
	f.Add(uint64(3), "*")
	f.Add(uint64(4), "")
	f.Fuzz(func(t *testing.T, seed uint64, scope string) {
		rng := rand.New(rand.NewPCG(seed, 0))
		all := somePapers(rng, 20)
		for _, by := range authztest.Actors(rng.IntN, 1, pool()) {
			token := by
			token.Via = authz.ViaToken
			if rng.IntN(5) > 0 { // otherwise a token without any scope
				token.Scopes = append(token.Scopes, authz.Action(scope),
					papers.Actions()[rng.IntN(len(papers.Actions()))])
			}
			for _, act := range papers.Actions() {
				if papers.Could(token, act) && !papers.Could(by, act) {
					t.Fatalf("%+v could %s", token, act)
				}
				checkToken(t, by, token, act, all)
			}
		}
	})
}

func checkToken(t *testing.T, by, token authz.Actor, act authz.Action, all []paper) {
	t.Helper()
	inScopes := false
	for _, s := range token.Scopes {
		inScopes = inScopes || s == act
	}
	for _, p := range all {
		session := papers.May(by, act, p) == nil
		if got := papers.May(token, act, p) == nil; got != (session && inScopes) {
			t.Fatalf("%s with scopes %q: %v; session %v", act, token.Scopes, got, session)
		}
	}
}

// TestHiddenLooksAbsent: through a service as rooms write it, a paper that may not be known of and
// one that never was give the same answer.
func TestHiddenLooksAbsent(t *testing.T) {
	rules := paperRules()
	rules.Blind = true
	blind := authz.NewPolicy("lab.paper", rules)
	hidden := paper{ID: "paper-1", Org: "org-1"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustStore(t, d, []paper{hidden})
		get := func(by authz.Actor) func(string) error {
			return func(id string) error {
				p, err := db.Get(t.Context(), d, qPaper, scanPaper, id)
				if err != nil {
					return err
				}
				return blind.May(by, actExport, p)
			}
		}
		authztest.HiddenLooksAbsent(t, get(authz.Actor{}), "paper-1", "paper-2")
		authztest.HiddenLooksAbsent(t,
			get(authz.Actor{Role: authz.Enterprise, Org: "org-2"}), "paper-1", "paper-2")
		if err := get(authz.Actor{Role: authz.Enterprise, Org: "org-1"})("paper-1"); err != nil {
			t.Errorf("the own organisation: %v", err)
		}
	})
}

var qPaper = db.Stmt("SELECT id, author, org, region, published FROM lab_paper WHERE id = $1")

func scanPaper(r db.Row) (paper, error) {
	var p paper
	err := r.Scan(&p.ID, &p.Author, &p.Org, &p.Region, &p.Published)
	return p, err
}

// TestInjection probes the selection and a filter of the test table with hostile texts, as each
// room does with its own.
func TestInjection(t *testing.T) {
	authztest.OrderIsPicked(t, selPapers)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustStore(t, d, somePapers(rand.New(rand.NewPCG(1, 1)), 20))
		authztest.FilterFindsNothing(t, func(value string) (int, error) {
			if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
				return 0, fault.New(fault.Invalid, "测试") // PostgreSQL holds no such text
			}
			w := db.Where{}.And("p.org = $1", value)
			page, err := db.List(t.Context(), d, selPapers, w, selPapers.Order(""), db.PageReq{},
				db.One[string])
			return len(page.Items), err
		})
	})
}

// TestRegionScopeUsesTheIndex: the range is one SQLite can look up, not a scan of all rows.
func TestRegionScopeUsesTheIndex(t *testing.T) {
	d := dbtest.SQLite(t)
	mustStore(t, d, nil)
	plan, err := db.All(t.Context(), d, qPlan, func(r db.Row) (string, error) {
		var id, parent, unused int64
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "1401", "1402")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(plan, "; ")
	if !strings.Contains(got, "INDEX lab_paper_region (region>? AND region<?)") {
		t.Errorf("plan: %s", got)
	}
}

var qPlan = db.Stmt("EXPLAIN QUERY PLAN SELECT p.id FROM lab_paper p" +
	" WHERE (p.region >= $1 AND p.region < $2)")
