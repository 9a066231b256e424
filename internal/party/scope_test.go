package party

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

func testService(t testing.TB, u *unit.Unit, o Options) *Service {
	t.Helper()
	o.Key = []byte("0123456789abcdef0123456789abcdef")
	s, err := New(u, testCodes{}, process.Times{Calendar: clock.Published(),
		Service: process.OfficeHours()}, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// testCodes is a small country.
type testCodes struct{ benchCodes }

func (testCodes) KnowsRegion(c string) bool {
	return slices.ContainsFunc(testCodes{}.Regions(), func(r Code) bool { return r.Code == c })
}

func (testCodes) KnowsIndustry(c string) bool {
	return slices.ContainsFunc(testCodes{}.Industries(), func(r Code) bool { return r.Code == c })
}

func (testCodes) Regions() []Code {
	return []Code{{"140000", "", "山西省", false}, {"140100", "140000", "太原市", false},
		{"140101", "140100", "市辖区", true}, {"140105", "140100", "小店区", false},
		{"140106", "140100", "迎泽区", false}, {"140200", "140000", "大同市", false},
		{"140212", "140200", "新荣区", false}, {"140300", "140000", "阳泉市", false},
		{"140302", "140300", "城区", false}, {"140402", "140400", "城区", false},
		{"140400", "140000", "长治市", false}}
}

func (testCodes) Industries() []Code {
	return []Code{{"C", "", "制造业", false}, {"C39", "C", "计算机、通信和其他电子设备制造业", false},
		{"C391", "C39", "计算机制造", false}, {"C3911", "C391", "计算机整机制造", false},
		{"A", "", "农、林、牧、渔业", false}, {"A03", "A", "畜牧业", false},
		{"A039", "A03", "其他畜牧业", false}, {"A0399", "A039", "其他畜牧业", false}}
}

// TestScopeEqualsMay proves for organisations and people that lists show exactly what May allows.
func TestScopeEqualsMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := context.Background(), dbtest.Unit(t, d)
		s := testService(t, u, Options{})
		r := rand.New(rand.NewPCG(5, 6))
		accounts := []string{"a1", "a2"}
		var orgs []Org
		for i := range 24 {
			orgs = append(orgs, Org{ID: id.New(), CreatedBy: accounts[r.IntN(2)], Version: 1,
				State: []string{Pending, Returned, Verified, Ceased, Merged}[i%5],
				OrgData: OrgData{Name: "甲", Kind: "other", Standing: "active",
					Region: region.Code([]string{"140105", "140106", "140212", ""}[r.IntN(4)])}})
		}
		var people []Person
		for i := range 30 {
			p := Person{ID: id.New(), PersonData: PersonData{Name: "王", Public: r.IntN(3) == 0}}
			for n := range r.IntN(4) {
				o := orgs[r.IntN(len(orgs))]
				m := Membership{ID: id.New(), Org: o.ID, named: o.ID, Main: n == 0}
				if n > 0 && r.IntN(2) == 0 {
					m.To = "2020-01-01"
				}
				p.Memberships = append(p.Memberships, m)
			}
			p.Archived = i%7 == 0
			people = append(people, p)
		}
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "fill", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "test", What: "fill"})
			if err := insertOrgs(ctx, tx, orgs); err != nil {
				return err
			}
			return s.insertPeople(ctx, tx, people)
		})
		if err != nil {
			t.Fatal(err)
		}
		pool := authztest.Pool{Accounts: append(accounts, "nobody"), Orgs: []string{"x"},
			Regions: []string{"140100", "140105", "140000", "14010", "140212"},
			Actions: append(OrgPolicy.Actions(), PersonPolicy.Actions()...)}
		for i := range 6 {
			pool.Orgs = append(pool.Orgs, orgs[i].ID)
			pool.Persons = append(pool.Persons, people[i].ID)
		}
		actors := authztest.Actors(r.IntN, 24, pool)
		ids := func(sel *db.Selection) func(w db.Where) (map[string]int64, error) {
			return func(w db.Where) (map[string]int64, error) { return idsOf(ctx, d, sel, w) }
		}
		authztest.ScopeEqualsMay(t, authztest.Proof[Org]{Policy: OrgPolicy, Objects: orgs,
			ID: func(o Org) string { return o.ID }, Actors: actors, List: ids(orgList)})
		indexScopeEqualsMay(t, s, orgs, actors)
		for i := range people {
			if people[i], err = s.personByID(ctx, d, people[i].ID); err != nil {
				t.Fatal(err)
			}
		}
		authztest.ScopeEqualsMay(t, authztest.Proof[Person]{Policy: PersonPolicy, Objects: people,
			ID: func(p Person) string { return p.ID }, Actors: actors, List: ids(personList)})
		authztest.OrderIsPicked(t, orgList)
		authztest.OrderIsPicked(t, personList)
	})
}

// indexScopeEqualsMay proves the same for the index, whose lists are not asked from SQL.
func indexScopeEqualsMay(t *testing.T, s *Service, orgs []Org, actors []authz.Actor) {
	t.Helper()
	ctx, number := context.Background(), map[string]int64{}
	for _, o := range orgs {
		n, err := db.Get(ctx, s.unit.DB(), qNumberOf, db.One[int64], o.ID)
		if err != nil {
			t.Fatal(err)
		}
		number[o.ID] = n
	}
	cases := 0
	for _, by := range actors {
		for _, act := range OrgPolicy.Actions() {
			set, err := s.find(ctx, by, OrgFilter{}, act)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range orgs {
				if may := OrgPolicy.May(by, act, o) == nil; may != set.nums.has(number[o.ID]) {
					t.Fatalf("%+v may %s %+v: %v, the index says the opposite", by, act, o, may)
				}
				cases++
			}
		}
	}
	if cases < 10_000 {
		t.Errorf("only %d cases", cases)
	}
}

func idsOf(
	ctx context.Context, d *db.DB, sel *db.Selection, w db.Where,
) (map[string]int64, error) {
	column := map[*db.Selection]func() (map[string]int64, error){
		orgList:    func() (map[string]int64, error) { return sel.CountBy(ctx, d, "org.id", w) },
		personList: func() (map[string]int64, error) { return sel.CountBy(ctx, d, "person.id", w) },
	}
	return column[sel]()
}

// TestHostileFilters sends what attackers send through every filter.
func TestHostileFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, u := context.Background(), dbtest.Unit(t, d)
		s := testService(t, u, Options{})
		by := authz.Actor{Account: "o", Role: authz.Officer, Via: authz.ViaSession}
		_, err := s.CreateOrganisation(ctx, by, NewOrg{OrgData: OrgData{Name: "甲厂", Kind: "other",
			Region: "140105", Standing: "active", Industry: "C3911"}})
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]func(v string) OrgFilter{
			"q":        func(v string) OrgFilter { return OrgFilter{Query: "\x01" + v} },
			"kind":     func(v string) OrgFilter { return OrgFilter{Kind: v} },
			"region":   func(v string) OrgFilter { return OrgFilter{Region: region.Code(v)} },
			"industry": func(v string) OrgFilter { return OrgFilter{Industry: v + "'"} },
			"standing": func(v string) OrgFilter { return OrgFilter{Standing: v} },
			"state":    func(v string) OrgFilter { return OrgFilter{State: v} },
		} {
			t.Log(name)
			authztest.FilterFindsNothing(t, func(v string) (int, error) {
				if v == "" {
					return 0, nil
				}
				page, err := s.ListOrganisations(ctx, by, f(v), v, db.PageReq{})
				return len(page.Items), err
			})
		}
		authztest.HiddenLooksAbsent(t, func(v string) error {
			_, err := s.GetOrganisation(ctx, authz.Actor{Role: authz.Public}, v)
			return err
		}, hidden(t, s, by), id.New())
	})
}

func hidden(t *testing.T, s *Service, by authz.Actor) string {
	t.Helper()
	o, err := s.CreateClaimed(context.Background(), by, OrgData{Name: "乙厂", Kind: "other",
		Region: "140105", Standing: "active"})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}
