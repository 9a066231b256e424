package dict_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/region"
)

var admin = authz.Actor{Account: "a1", Role: authz.SysAdmin, Via: authz.ViaSession}

var (
	qTrail = db.Stmt(`SELECT kind || ' ' || object || ' ' || what FROM audit_entry ORDER BY seq`)
	qTold  = db.Stmt(`SELECT kind || ' ' || object FROM outbox ORDER BY seq, n`)
	qStray = db.Stmt(`SELECT COUNT(*) FROM code_item AS i WHERE i.parent <> '' AND NOT EXISTS
		(SELECT 1 FROM code_item AS p WHERE p.list = i.list AND p.edition = i.edition
		AND p.code = i.parent)`)
)

// loaded returns a service that has loaded what ships with the program.
func loaded(t *testing.T, d *db.DB) *dict.Service {
	t.Helper()
	s := dict.New(dbtest.Unit(t, d))
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func texts(t *testing.T, d *db.DB, q *db.Statement) []string {
	t.Helper()
	out, err := db.All(t.Context(), d, q, db.One[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var loadTrail = []string{
	"dict.edition gbt2260@2023 load", "dict.edition gbt4754@2017 load",
	"dict.calendar 2024 load", "dict.calendar 2025 load", "dict.calendar 2026 load",
}

func TestLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := loaded(t, d)
		lists, err := s.Lists(authz.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range lists {
			got = append(got, string(e.List)+"@"+e.Edition+" "+string(e.From)+" "+string(e.Until))
		}
		want := []string{"gbt2260@2023 2023-06-30 ", "gbt4754@2017 2017-10-01 "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if lists[0].Items != 3350 || lists[1].Items != 1971 {
			t.Errorf("items: %d, %d", lists[0].Items, lists[1].Items)
		}
		if diff := cmp.Diff([]int{2024, 2025, 2026}, s.Calendar().Years()); diff != "" {
			t.Error(diff)
		}
		if err := s.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := loaded(t, d) // the next start
		if name, _ := again.Name(dict.Industries, "C3922", ""); name != "通信终端设备制造" {
			t.Errorf("after the next start: %q", name)
		}
		if diff := cmp.Diff(loadTrail, texts(t, d, qTrail)); diff != "" {
			t.Errorf("what was loaded once is loaded again: %s", diff)
		}
		if diff := cmp.Diff([]string{"dict.edition.loaded.v1 gbt2260@2023",
			"dict.edition.loaded.v1 gbt4754@2017", "dict.calendar.imported.v1 2024",
			"dict.calendar.imported.v1 2025", "dict.calendar.imported.v1 2026"},
			texts(t, d, qTold)); diff != "" {
			t.Error(diff)
		}
		stray, err := db.Get(t.Context(), d, qStray, db.One[int64])
		if stray != 0 || err != nil {
			t.Errorf("%d items without their parent, %v", stray, err)
		}
	})
}

// TestLoadTogether: several processes start at once on an empty database.
func TestLoadTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := dbtest.Unit(t, d)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				s := dict.New(u)
				if err := s.Load(context.Background()); err != nil {
					t.Error(err)
				}
				if name := s.RegionName("140105", ""); name != "山西省太原市小店区" {
					t.Errorf("after loading: %q", name)
				}
			})
		}
		wg.Wait()
		counts := map[string]int{}
		for _, line := range texts(t, d, qTrail) {
			counts[line]++
		}
		for _, line := range loadTrail {
			if counts[line] != 1 {
				t.Errorf("%s happened %d times", line, counts[line])
			}
		}
	})
}

// TestReading runs the tests that only read on one service.
// People at home leave out what everybody there knows.
func TestPlaceName(t *testing.T) {
	s := loaded(t, dbtest.SQLite(t))
	for _, c := range []struct{ home, code, want string }{
		{"140100", "140105", "小店区"}, {"140100", "140100", "山西省太原市"},
		{"140200", "140105", "山西省太原市小店区"}, {"", "140105", "山西省太原市小店区"},
		{"140100", "", ""}, {"140100", "999999", "999999"},
	} {
		got := s.PlaceName(region.Code(c.home), region.Code(c.code))
		if got != c.want {
			t.Errorf("%s for people of %q is %s, want %s", c.code, c.home, got, c.want)
		}
	}
}

func TestReading(t *testing.T) {
	s := loaded(t, dbtest.SQLite(t))
	for name, test := range map[string]func(*testing.T, *dict.Service){
		"names": names, "shanxi": shanxi, "masked addresses": maskedAddresses, "items": items,
		"pages": pages, "refused items": itemsRefused, "refused imports": importsRefused,
		"refused years": yearsRefused, "roles": onlySystemAdministratorsWrite,
	} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
	if err := s.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	lists, err := s.Lists(admin)
	if err != nil || len(lists) != 2 {
		t.Errorf("a refused import left %+v, %v", lists, err)
	}
}

func names(t *testing.T, s *dict.Service) {
	for code, want := range map[region.Code]string{
		"140000": "山西省", "140100": "山西省太原市", "140105": "山西省太原市小店区",
		"140106": "山西省太原市迎泽区", "140107": "山西省太原市杏花岭区", "140108": "山西省太原市尖草坪区",
		"140109": "山西省太原市万柏林区", "140110": "山西省太原市晋源区", "140121": "山西省太原市清徐县",
		"140122": "山西省太原市阳曲县", "140123": "山西省太原市娄烦县", "140181": "山西省太原市古交市",
		"140400": "山西省长治市", "140700": "山西省晋中市", "140900": "山西省忻州市",
		"141100": "山西省吕梁市", "140300": "山西省阳泉市", "140171": "山西省太原市山西转型综合改革示范区",
		"110101": "北京市东城区", "500229": "重庆市城口县", "469001": "海南省五指山市",
		"441900": "广东省东莞市", "810000": "香港特别行政区",
		"149999": "149999", "": "",
	} {
		if got := s.RegionName(code, ""); got != want {
			t.Errorf("RegionName(%s) = %s, want %s", code, got, want)
		}
	}
	if s.Has(dict.Regions, "149999", "") || !s.Has(dict.Regions, "140105", "2026-11-22") ||
		s.Has("nothing", "140105", "") {
		t.Error("Has")
	}
	path := s.Path(dict.Industries, "C3922", "")
	var codes []string
	for _, it := range path {
		codes = append(codes, it.Code+it.Name)
	}
	if diff := cmp.Diff([]string{"C制造业", "C39计算机、通信和其他电子设备制造业", "C392通信设备制造",
		"C3922通信终端设备制造"}, codes); diff != "" {
		t.Error(diff)
	}
	statistical := s.Path(dict.Regions, "140171", "")
	if k := statistical[len(statistical)-1].Kind; k != dict.Statistical {
		t.Errorf("140171 is of kind %q", k)
	}
}

// shanxi compares with the reference data beside the project.
func shanxi(t *testing.T, s *dict.Service) {
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "division-codes",
		"shanxi_areas.csv"))
	if os.IsNotExist(err) {
		t.Skip("no reference data beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if name, _ := s.Name(dict.Regions, row[0], ""); name != row[1] {
			t.Errorf("%s is %q, want %q", row[0], name, row[1])
		}
	}
	page, err := s.Items(authz.Actor{}, dict.Query{List: dict.Regions, Under: "140000"},
		db.PageReq{Limit: 500})
	if err != nil || len(page.Items) != len(rows)-1+11+1 { // its counties, cities and itself
		t.Errorf("%d items of Shanxi, %v", len(page.Items), err)
	}
}

// maskedAddresses: an address in any division of China is masked down to that division and never
// shows more. A few divisions named like a street (孟村, 通道) or twice (津市市) lose their end.
func maskedAddresses(t *testing.T, s *dict.Service) {
	hidden := 0
	for _, it := range everything(t, s, dict.Query{List: dict.Regions}) {
		code := region.Code(it.Code)
		if code.Level() != region.LevelCounty || it.Kind != "" {
			continue
		}
		full := s.RegionName(code, "")
		masked := strings.TrimSuffix(id.MaskAddress(full+"某某路18号院3号楼"), "****")
		if !strings.HasPrefix(full, masked) {
			t.Errorf("%s is masked as %s", full, masked)
		}
		if masked != full {
			hidden++
		}
	}
	if hidden > 25 { // of 2,845
		t.Errorf("the district of %d addresses is lost", hidden)
	}
}

func everything(t *testing.T, s *dict.Service, q dict.Query) []dict.Item {
	t.Helper()
	var out []dict.Item
	p := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := s.Items(authz.Actor{}, q, p)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		p.After = page.Next
	}
}

func BenchmarkName(b *testing.B) {
	s := dict.New(dbtest.Unit(b, dbtest.SQLite(b)))
	if err := s.Load(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.RegionName("140105", clock.Date("2026-11-22"))
	}
}

// BenchmarkStart is what the room adds to the start of a server with an up-to-date database.
func BenchmarkStart(b *testing.B) {
	u := dbtest.Unit(b, dbtest.SQLite(b))
	if err := dict.New(u).Load(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := dict.New(u).Load(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
