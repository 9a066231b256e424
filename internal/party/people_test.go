package party

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/measure/measuretest"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

const someNumber = "11010519491231002X"

func (s *Service) mustOrg(t testing.TB, name string, change func(*OrgData)) Org {
	t.Helper()
	o := OrgData{Name: name, Kind: "enterprise", Region: "140105", Standing: "active"}
	if change != nil {
		change(&o)
	}
	out, err := s.CreateOrganisation(t.Context(), clerk, NewOrg{OrgData: o})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var qSealed = db.Stmt(`SELECT id_sealed FROM person`)

func TestPersonLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		first, second := s.mustOrg(t, "甲大学", nil), s.mustOrg(t, "乙院", nil)
		in := NewPerson{Org: first.ID, PersonData: PersonData{Name: "王小明", IDNumber: someNumber,
			Phone: "13800001234", Email: "wang@example.cn", ORCID: "https://orcid.org/0000-0002-1825-0097"}}
		p, err := s.CreatePerson(ctx, clerk, in)
		if err != nil {
			t.Fatal(err)
		}
		if p.IDNumber != "110***********002X" || p.Phone != "138****1234" ||
			p.ORCID != "0000-0002-1825-0097" {
			t.Errorf("created as %+v", p)
		}
		sealed, err := db.Get(ctx, d, qSealed, db.One[string])
		if err != nil || !strings.HasPrefix(sealed, sealMark) || strings.Contains(sealed, "1949") {
			t.Errorf("stored as %q, %v", sealed, err)
		}
		in.Name = "另一人"
		if _, err := s.CreatePerson(ctx, clerk, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("one identity number, two people: %v", err)
		}
		// What comes back masked stays.
		up := PersonUpdate{ID: p.ID, PersonData: p.PersonData, Version: p.Version}
		up.Title = "教授"
		if p, err = s.UpdatePerson(ctx, clerk, up); err != nil {
			t.Fatal(err)
		}
		for field, want := range map[string]string{"idNumber": someNumber, "phone": "13800001234",
			"email": "wang@example.cn"} {
			if got, err := s.RevealPerson(ctx, clerk, p.ID, field); err != nil || got != want {
				t.Errorf("%s is %q, %v", field, got, err)
			}
		}
		// Changed in part it is no address.
		up.Version, up.Email = p.Version, strings.Replace(p.Email, "example.cn", "example.com", 1)
		if _, err := s.UpdatePerson(ctx, clerk, up); !fault.Is(err, fault.Invalid) {
			t.Errorf("stored %q: %v", up.Email, err)
		}
		p, err = s.AddMembership(ctx, clerk, NewMembership{Person: p.ID, Org: second.ID, Duty: "顾问",
			Version: p.Version})
		if err != nil || p.Org != first.ID || len(p.Memberships) != 2 {
			t.Fatalf("%+v, %v", p, err)
		}
		p, err = s.EndMembership(ctx, clerk, MembershipEnd{Person: p.ID, ID: p.Memberships[0].ID,
			To: "2026-11-01", Version: p.Version})
		if err != nil || p.Org != second.ID || !p.Memberships[0].Main {
			t.Fatalf("after the end %+v, %v", p, err)
		}
		line, err := s.PersonTimeline(ctx, clerk, p.ID, db.PageReq{})
		if err != nil {
			t.Fatal(err)
		}
		var what []string
		for _, e := range line.Items {
			what = append(what, e.What)
			for _, c := range e.Changes {
				if strings.Contains(c.Old+c.New, "1949") || strings.Contains(c.Old+c.New, "138000") {
					t.Errorf("the trail repeats personal data: %+v", c)
				}
			}
		}
		want := []string{"member-end", "member-add", "reveal", "reveal", "reveal", "update", "create"}
		if diff := cmp.Diff(want, what); diff != "" {
			t.Error(diff)
		}
		like, err := s.SimilarPeople(ctx, clerk, SimilarPersonInput{Name: "王小明",
			IDNumber: strings.ToLower(someNumber), Org: second.ID})
		if err != nil || len(like) != 1 || like[0].Score != scoreCode || len(like[0].Reasons) != 2 {
			t.Errorf("similar: %+v, %v", like, err)
		}
	})
}

func TestIdentityNumbersNeedAKey(t *testing.T) {
	d := dbtest.SQLite(t)
	s, err := New(dbtest.Unit(t, d), testCodes{}, process.Times{Calendar: clock.Published(),
		Service: process.OfficeHours()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	in := NewPerson{PersonData: PersonData{Name: "王小明", IDNumber: someNumber}}
	_, err = s.CreatePerson(t.Context(), clerk, in)
	e, ok := fault.As(err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Name != "idNumber" {
		t.Fatalf("without a key: %v", err)
	}
	// A number that was stored with a key survives a change made without it.
	with := testService(t, dbtest.Unit(t, d), Options{})
	p, err := with.CreatePerson(t.Context(), clerk, in)
	if err != nil {
		t.Fatal(err)
	}
	up := PersonUpdate{ID: p.ID, Version: p.Version, PersonData: PersonData{Name: "王大明"}}
	if _, err := s.UpdatePerson(t.Context(), clerk, up); err != nil {
		t.Fatal(err)
	}
	if got, err := with.RevealPerson(t.Context(), clerk, p.ID, "idNumber"); got != someNumber {
		t.Errorf("the number became %q, %v", got, err)
	}
	if _, err := New(dbtest.Unit(t, d), testCodes{}, process.Times{Calendar: clock.Published(),
		Service: process.OfficeHours()}, Options{Key: []byte("short")}); err == nil {
		t.Error("a short key was taken")
	}
}

func TestWhoSeesPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		o := s.mustOrg(t, "甲大学", nil)
		hidden, err := s.CreatePerson(ctx, clerk, NewPerson{Org: o.ID,
			PersonData: PersonData{Name: "王小明", Phone: "13800001234"}})
		if err != nil {
			t.Fatal(err)
		}
		public, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: PersonData{Name: "李四",
			Public: true, IDNumber: someNumber}})
		if err != nil {
			t.Fatal(err)
		}
		anybody := authz.Actor{Role: authz.Public}
		if _, err := s.GetPerson(ctx, anybody, hidden.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("anybody sees a person: %v", err)
		}
		got, err := s.GetPerson(ctx, anybody, public.ID)
		if err != nil || got.IDNumber != "" {
			t.Errorf("a public expert: %+v, %v", got, err)
		}
		if _, err := s.RevealPerson(ctx, anybody, public.ID, "phone"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("anybody reveals: %v", err)
		}
		colleague := authz.Actor{Account: "c", Org: o.ID, Role: authz.University}
		if _, err := s.GetPerson(ctx, colleague, hidden.ID); err != nil {
			t.Errorf("a colleague: %v", err)
		}
		if n, err := s.CountPeople(ctx, colleague, PersonFilter{Query: "小明"}); n != 1 || err != nil {
			t.Errorf("a colleague counts %d, %v", n, err)
		}
		yz := authz.Actor{Account: "y", Role: authz.District, Region: "140106"}
		_, err = s.CreatePerson(ctx, yz, NewPerson{Org: o.ID, PersonData: PersonData{Name: "赵"}})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("another district registers: %v", err)
		}
	})
}

func TestSimilarOrganisations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		a := s.mustOrg(t, "太原市云帆新材料有限公司", func(o *OrgData) { o.USCC = testUSCC(t, 1) })
		b := s.mustOrg(t, "晋阳机械厂", nil)
		b, err := s.AddAlias(ctx, clerk, NewAlias{Org: b.ID, Name: "红星机械厂", Kind: "former",
			Version: b.Version})
		if err != nil {
			t.Fatal(err)
		}
		pending, err := s.CreateClaimed(ctx, clerk, OrgData{Name: "恒山重工", Kind: "other",
			Region: "140105", Standing: "active"})
		if err != nil {
			t.Fatal(err)
		}
		anybody := authz.Actor{Role: authz.Public}
		for _, c := range []struct {
			by     authz.Actor
			in     SimilarInput
			want   string
			score  int
			reason string
		}{
			{clerk, SimilarInput{USCC: strings.ToLower(testUSCC(t, 1))}, a.ID, 100, "统一社会信用代码相同"},
			{clerk, SimilarInput{Name: "太原云帆新材料股份有限公司"}, a.ID, 95, "名称仅写法不同"},
			{clerk, SimilarInput{Name: "太原云帆新型材料公司"}, a.ID, 69, "名称相近"},
			{clerk, SimilarInput{Name: "红星机械厂"}, b.ID, 92, "与其他名称相同"},
			{clerk, SimilarInput{Name: "恒山重工有限公司"}, pending.ID, 95, "名称仅写法不同"},
			{anybody, SimilarInput{Name: "恒山重工有限公司"}, "", 0, ""},
			{clerk, SimilarInput{Name: "完全不同"}, "", 0, ""},
			{clerk, SimilarInput{Name: a.Name, Except: a.ID}, "", 0, ""},
		} {
			got, err := s.SimilarOrganisations(ctx, c.by, c.in)
			if err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(got) != 0 {
					t.Errorf("%+v finds %s", c.in, got[0].Org.Name)
				}
				continue
			}
			if len(got) != 1 || got[0].Org.ID != c.want || got[0].Score != c.score ||
				got[0].Reasons[0] != c.reason {
				t.Errorf("%+v finds %+v", c.in, got)
			}
		}
		// A merged record leads to the one that lives, also by its name.
		keep := s.mustOrg(t, "汾河光电", nil)
		_, err = s.MergeOrganisations(ctx, clerk, Merge{Keep: keep.ID, KeepVersion: 1, Drop: b.ID,
			DropVersion: b.Version, Reason: "重复"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.SimilarOrganisations(ctx, clerk, SimilarInput{Name: "晋阳机械厂"})
		if err != nil || len(got) != 1 || got[0].Org.ID != keep.ID {
			t.Errorf("the name of a merged record finds %+v, %v", got, err)
		}
		line, err := s.Timeline(ctx, clerk, b.ID, db.PageReq{Limit: 3})
		if err != nil || len(line.Items) != 3 || line.Next == "" || line.Items[0].What != "merge" {
			t.Errorf("timeline %+v, %v", line.Items, err)
		}
		if _, err := s.Timeline(ctx, anybody, keep.ID, db.PageReq{}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("anybody reads the history: %v", err)
		}
	})
}

func TestMeasures(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		r, err := measure.NewRegistry(d, clock.NewFake(dbtest.Start), s.Measures()...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 17 {
			s.mustOrg(t, "第"+string(rune('甲'+i))+"厂", func(o *OrgData) {
				if i%3 == 0 {
					o.Region, o.Industry, o.Kind = "140106", "C3911", "institute"
				}
			})
		}
		p, err := s.CreatePerson(ctx, clerk, NewPerson{PersonData: PersonData{Name: "王",
			Fields: []string{"光学"}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			dims map[string]string
			want int64
		}{
			{"party.orgs", nil, 17}, {"party.orgs", map[string]string{"region": "140106"}, 6},
			{"party.orgs", map[string]string{"region": "140100", "kind": "enterprise"}, 11},
			{"party.orgs", map[string]string{"industry": "C39", "state": Verified}, 6},
			{"party.orgs", map[string]string{"region": "' OR 1=1"}, 0},
			{"party.orgs", map[string]string{"until": "2026-11-20"}, 17},
			{"party.orgs", map[string]string{"until": "2026-11-19"}, 0},
			{"party.orgs", map[string]string{"until": "x"}, 0},
			{"party.people", map[string]string{"until": "2026-11-20"}, 1},
			{"party.people", map[string]string{"field": "光学"}, 1},
		} {
			if got := measuretest.Proves(t, r, clerk, c.name, c.dims); got != c.want {
				t.Errorf("%s %v is %d, want %d", c.name, c.dims, got, c.want)
			}
		}
		if _, err := s.ArchivePerson(ctx, clerk, p.ID, p.Version, true); err != nil {
			t.Fatal(err)
		}
		if got := measuretest.Proves(t, r, clerk, "party.people", nil); got != 0 {
			t.Errorf("an archived person is counted")
		}
	})
}

// TestCountsStayRight asks for a count after every kind of change.
func TestCountsStayRight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), testService(t, dbtest.Unit(t, d), Options{})
		filters := []OrgFilter{{}, {Query: "星"}, {Kind: "institute"}, {State: Returned}}
		check := func(what string, want ...int64) {
			t.Helper()
			for i, f := range filters {
				n, err := s.CountOrganisations(ctx, clerk, f)
				if err != nil || n != want[i] {
					t.Errorf("after %s: filter %d counts %d, want %d (%v)", what, i, n, want[i], err)
				}
			}
		}
		check("nothing", 0, 0, 0, 0)
		a := s.mustOrg(t, "甲厂", nil)
		check("create", 1, 0, 0, 0)
		a, err := s.AddAlias(ctx, clerk, NewAlias{Org: a.ID, Name: "红星", Kind: "short", Version: a.Version})
		if err != nil {
			t.Fatal(err)
		}
		check("alias", 1, 1, 0, 0)
		up := OrgUpdate{ID: a.ID, OrgData: a.OrgData, Version: a.Version}
		up.Kind = "institute"
		if a, err = s.UpdateOrganisation(ctx, clerk, up); err != nil {
			t.Fatal(err)
		}
		check("update", 1, 1, 1, 0)
		a, err = s.FireOrganisation(ctx, clerk, OrgStep{ID: a.ID, Step: "return", Reason: "补正",
			Version: a.Version})
		if err != nil {
			t.Fatal(err)
		}
		check("return", 1, 1, 1, 1)
		b := s.mustOrg(t, "乙厂", nil)
		_, err = s.MergeOrganisations(ctx, clerk, Merge{Keep: b.ID, KeepVersion: b.Version, Drop: a.ID,
			DropVersion: a.Version, Reason: "重复"})
		if err != nil {
			t.Fatal(err)
		}
		check("merge", 1, 1, 0, 0)
		splitOne(t, s, a.ID)
		check("split", 2, 1, 1, 1)
		o, err := s.GetOrganisation(ctx, clerk, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.RemoveAlias(ctx, clerk, AliasRemoval{Org: a.ID, ID: o.Aliases[0].ID, Version: o.Version})
		if err != nil {
			t.Fatal(err)
		}
		check("alias removed", 2, 0, 1, 1)
	})
}

func TestExportIsMaskedAndMarked(t *testing.T) {
	ctx, s := t.Context(), testService(t, dbtest.Unit(t, dbtest.SQLite(t)), Options{})
	s.mustOrg(t, "=甲厂", func(o *OrgData) {
		o.Contacts = []Contact{{Name: "王小明", Phone: "13800001234"}}
		o.CapitalFen = 1_000_000_00
	})
	for _, c := range []struct {
		by   authz.Actor
		has  string
		lack string
	}{
		{clerk, "13800001234", "138****1234"},
		{authz.Actor{Account: "b", Login: "broker", Role: authz.Broker}, "138****1234", "13800001234"},
	} {
		var file strings.Builder
		n, err := s.WriteOrganisations(ctx, c.by, OrgFilter{}, "name",
			Export{Format: sheet.CSV, By: "李四", Filter: "全部"}, &file)
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
		for _, want := range []string{c.has, "'=甲厂", "李四", dbtest.Start.Format(time.DateOnly)} {
			if !strings.Contains(file.String(), want) {
				t.Errorf("%s: no %s in\n%s", c.by.Role, want, file.String())
			}
		}
		if strings.Contains(file.String(), c.lack) {
			t.Errorf("%s: %s in\n%s", c.by.Role, c.lack, file.String())
		}
	}
	// The trail says which part of the list it was, its days too.
	f := OrgFilter{Kind: "enterprise", FromUs: clock.Us(dbtest.Start), ToUs: clock.Us(dbtest.Start) + 1}
	_, err := s.WriteOrganisations(ctx, clerk, f, "", Export{Format: sheet.CSV}, &strings.Builder{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := audit.List(ctx, s.unit.DB(), audit.Filter{What: "export"}, "newest", db.PageReq{Limit: 1})
	if err != nil || len(page.Items) != 1 {
		t.Fatal(page.Items, err)
	}
	var said struct{ Filter OrgFilter }
	if err := json.Unmarshal([]byte(page.Items[0].Detail), &said); err != nil || said.Filter != f {
		t.Errorf("on record as %s, %v", page.Items[0].Detail, err)
	}
	_, err = s.WriteOrganisations(ctx, authz.Actor{Role: authz.Public}, OrgFilter{}, "",
		Export{Format: sheet.CSV}, &strings.Builder{})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("anybody exports: %v", err)
	}
}
