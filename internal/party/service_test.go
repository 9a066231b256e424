package party_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/processtest"
	"github.com/yuntu-city/yuntu/internal/region"
)

var (
	officer  = authz.Actor{Account: "officer", Role: authz.Officer, Via: authz.ViaSession}
	xiaodian = authz.Actor{Account: "xd", Role: authz.District, Region: "140105", Via: authz.ViaSession}
	yingze   = authz.Actor{Account: "yz", Role: authz.District, Region: "140106", Via: authz.ViaSession}
	visitor  = authz.Actor{Role: authz.Public}
)

// allCodes knows every code but one of each kind.
type allCodes struct{}

func (allCodes) KnowsRegion(code string) bool   { return code != "999999" }
func (allCodes) KnowsIndustry(code string) bool { return code != "Z9" }

func (allCodes) RegionName(code string) string   { return "地区" + code }
func (allCodes) IndustryName(code string) string { return "行业" + code }
func (allCodes) Regions() []party.Code           { return nil }
func (allCodes) Industries() []party.Code        { return nil }

var testKey = []byte("0123456789abcdef0123456789abcdef")

func newService(t *testing.T, d *db.DB) *party.Service {
	t.Helper()
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	s, err := party.New(dbtest.Unit(t, d), allCodes{}, times, party.Options{Key: testKey})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func uscc(t *testing.T, n int) string {
	t.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140100MA0%06d", n))
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

func sample(name string) party.OrgData {
	return party.OrgData{Name: name, Kind: "enterprise", Region: "140105", Standing: "active",
		Contacts: []party.Contact{{Name: "王小明", Phone: "13800001234", Email: "wang@example.cn"}},
		Addresses: []party.Address{{Kind: "office", Line: "学府街 1 号",
			Point: region.Point{LonE7: 1125489000, LatE7: 378706000, System: region.GCJ02}}},
	}
}

func create(t *testing.T, s *party.Service, by authz.Actor, in party.OrgData) party.Org {
	t.Helper()
	o, err := s.CreateOrganisation(context.Background(), by, party.NewOrg{OrgData: in})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCreateReadUpdate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), newService(t, d)
		in := sample(" 太原云帆新材料有限公司 ")
		in.USCC = uscc(t, 1)
		o := create(t, s, officer, in)
		if o.State != party.Verified || o.Name != "太原云帆新材料有限公司" {
			t.Errorf("stored as %s in state %s", o.Name, o.State)
		}
		got, err := s.GetOrganisation(ctx, visitor, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c := got.Contacts[0]; c.Phone == "13800001234" || c.Name == "王小明" {
			t.Errorf("a visitor sees the contact %+v", c)
		}
		got, err = s.GetOrganisation(ctx, officer, o.ID)
		if err != nil || got.Contacts[0].Phone != "13800001234" {
			t.Errorf("an officer sees %+v, %v", got.Contacts, err)
		}
		if p := got.Addresses[0].Point; p.System != region.GCJ02 || p.LonE7 != 1125489000 {
			t.Errorf("the point as given became %+v", p)
		}
		change := party.OrgUpdate{ID: o.ID, OrgData: got.OrgData, Version: got.Version, Source: "企业填报"}
		change.Name = "太原云帆材料科技有限公司"
		next, err := s.UpdateOrganisation(ctx, officer, change)
		if err != nil || next.Version != got.Version+1 {
			t.Fatalf("update to version %d: %v", next.Version, err)
		}
		if _, err := s.UpdateOrganisation(ctx, officer, change); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale update was stored: %v", err)
		}
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), newService(t, d)
		o := create(t, s, xiaodian, sample("小店甲厂"))
		_, err := s.CreateOrganisation(ctx, yingze, party.NewOrg{OrgData: sample("小店乙厂")})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("迎泽 registered in 小店: %v", err)
		}
		move := party.OrgUpdate{ID: o.ID, OrgData: o.OrgData, Version: o.Version}
		move.Region = "140106"
		if _, err := s.UpdateOrganisation(ctx, xiaodian, move); !fault.Is(err, fault.Forbidden) {
			t.Errorf("小店 moved a record into 迎泽: %v", err)
		}
		if _, err := s.UpdateOrganisation(ctx, visitor, move); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a visitor changed a public record: %v", err)
		}
		back := party.OrgStep{ID: o.ID, Step: "return", Reason: "地址不实", Version: o.Version}
		o = processtest.Again(t, d, func(key string) (party.Org, error) {
			back.Key = key
			return s.FireOrganisation(ctx, xiaodian, back)
		})
		if o.State != party.Returned {
			t.Fatalf("return: %s", o.State)
		}
		if _, err := s.GetOrganisation(ctx, visitor, o.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a visitor reads a record that was sent back: %v", err)
		}
	})
}

func TestRefusals(t *testing.T) {
	s := newService(t, dbtest.SQLite(t))
	taken := sample("甲厂")
	taken.USCC = uscc(t, 7)
	create(t, s, officer, taken)
	for name, c := range map[string]struct {
		change func(*party.OrgData)
		field  string
	}{
		"no name":          {func(o *party.OrgData) { o.Name = " " }, "name"},
		"line break":       {func(o *party.OrgData) { o.Name = "甲\x00乙" }, "name"},
		"unknown kind":     {func(o *party.OrgData) { o.Kind = "firm" }, "kind"},
		"no region":        {func(o *party.OrgData) { o.Region = "" }, "region"},
		"unknown region":   {func(o *party.OrgData) { o.Region = "999999" }, "region"},
		"unknown industry": {func(o *party.OrgData) { o.Industry = "Z9" }, "industry"},
		"check digit":      {func(o *party.OrgData) { o.USCC = "91350100M000100Y44" }, "uscc"},
		"code in use":      {func(o *party.OrgData) { o.USCC = taken.USCC }, "uscc"},
		"bad phone":        {func(o *party.OrgData) { o.Contacts[0].Phone = "12a" }, "contacts.0.phone"},
		"bad mail":         {func(o *party.OrgData) { o.Contacts[0].Email = "x" }, "contacts.0.email"},
		"script address":   {func(o *party.OrgData) { o.Website = "javascript:alert(1)" }, "website"},
		"no such day":      {func(o *party.OrgData) { o.Founded = "2026-02-30" }, "founded"},
	} {
		in := sample("乙厂")
		c.change(&in)
		_, err := s.CreateOrganisation(context.Background(), officer, party.NewOrg{OrgData: in})
		e, ok := fault.As(err)
		if !ok || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != c.field {
			t.Errorf("%s: %v, want one fault at %s", name, err, c.field)
		}
	}
}

func TestListAndSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := context.Background(), newService(t, d)
		for i := range 30 {
			in := sample(fmt.Sprintf("太原第%02d机械厂", i))
			if i%3 == 0 {
				in.Region, in.Kind = "140106", "institute"
			}
			create(t, s, officer, in)
		}
		for name, c := range map[string]struct {
			f    party.OrgFilter
			want int64
		}{
			"all":          {party.OrgFilter{}, 30},
			"city":         {party.OrgFilter{Region: "140100"}, 30},
			"district":     {party.OrgFilter{Region: "140106"}, 10},
			"kind":         {party.OrgFilter{Kind: "enterprise"}, 20},
			"words":        {party.OrgFilter{Query: "第07 机械"}, 1},
			"no such word": {party.OrgFilter{Query: "煤"}, 0},
			"injection":    {party.OrgFilter{Kind: "' OR 1=1 --"}, 0},
			"wildcards":    {party.OrgFilter{Query: "%_"}, 0},
		} {
			n, err := s.CountOrganisations(ctx, officer, c.f)
			page, lerr := s.ListOrganisations(ctx, officer, c.f, "name", db.PageReq{Limit: 50})
			if err != nil || lerr != nil || n != c.want || int64(len(page.Items)) != c.want {
				t.Errorf("%s: count %d, list %d, want %d (%v, %v)",
					name, n, len(page.Items), c.want, err, lerr)
			}
		}
	})
}
