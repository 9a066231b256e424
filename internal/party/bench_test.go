package party

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// benchOrgs is how many organisations the figures of the plan are about.
const benchOrgs = 200_000

func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("BENCH_ORGS")); err == nil {
		return n
	}
	return benchOrgs
}

var (
	benchRegions = []string{"140105", "140106", "140107", "140108", "140109", "140110", "140121", "140122"}
	// Brands are two of these: 2,500 in all, as in a city where few companies share one.
	benchBrand    = []rune("云帆晋阳汾河恒山华为新锐精诚重德智联生泰光宇天龙金海瑞丰长盛鑫源博创中正远航宏达三立同方兴业安信百川")
	benchWords    = []string{"新材料", "精密", "煤化工", "智能", "生物", "光电", "环保", "网络"}
	benchTrades   = []string{"科技", "机械", "制造", "贸易", "能源", "医药", "软件", "农业"}
	benchForms    = []string{"有限公司", "股份有限公司", "有限责任公司"}
	benchSections = []string{"C3911", "C2710", "I6510", "A0111", "C3099", "M7310", "B0610"}
)

func benchOrg(r *rand.Rand, n int) Org {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	brand := string(benchBrand[r.IntN(len(benchBrand))]) + string(benchBrand[r.IntN(len(benchBrand))])
	name := "太原市" + brand + pick(benchWords) + pick(benchTrades) + pick(benchForms)
	code, err := id.MakeUSCC(fmt.Sprintf("91140100MA%07d", n))
	if err != nil {
		panic(err)
	}
	kind := "enterprise"
	if r.IntN(10) == 0 {
		kind = OrgKinds()[r.IntN(9)].Value
	}
	state := Verified
	if r.IntN(20) == 0 {
		state = Pending
	}
	return Org{ID: id.New(), State: state, CreatedUs: int64(n), UpdatedUs: int64(n), Version: 1,
		OrgData: OrgData{Name: name, USCC: string(code), Kind: kind, Region: region.Code(pick(benchRegions)),
			Industry: pick(benchSections), Standing: "active"}}
}

// elsewhere moves an organisation to another city: all of these come last and stand together in
// every order.
func (o Org) elsewhere() Org {
	o.Region = "140212"
	o.Name = "大同" + strings.TrimPrefix(o.Name, "太原")
	return o
}

func fillBench(t testing.TB, u *unit.Unit, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < n; from += 5000 {
		list := make([]Org, 5000)
		for i := range list {
			list[i] = benchOrg(r, from+i)
			if from+i >= n-n/10 {
				list[i] = list[i].elsewhere()
			}
		}
		ctx := db.WithTimeout(context.Background(), 10*time.Minute)
		err := u.Write(ctx, authz.Actor{Via: authz.ViaSystem}, "bench", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: "bench", What: "fill"})
			return insertOrgs(ctx, tx, list)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func benchService(t testing.TB, u *unit.Unit) *Service {
	t.Helper()
	s, err := New(u, benchCodes{}, process.Times{Calendar: clock.Published(),
		Service: process.OfficeHours()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type benchCodes struct{}

func (benchCodes) KnowsRegion(string) bool      { return true }
func (benchCodes) KnowsIndustry(string) bool    { return true }
func (benchCodes) RegionName(c string) string   { return c }
func (benchCodes) IndustryName(c string) string { return c }
func (benchCodes) Regions() []Code              { return nil }
func (benchCodes) Industries() []Code           { return nil }

// BenchmarkList measures what a list page asks for, a page and the count, over 200,000 organisations,
// by filter and by place of the page. p95-ms and p50-ms are percentiles of both together when nobody
// has asked since the last write; the first is the figure of the plan. kept-p50-ms is the same when
// somebody has, and base-… are those of the baseline: twenty records by their keys. All are taken in
// turns, so that a busy machine slows them alike. cpu-ms is the processor time of this process for a
// page and its count, on average; a server's own is not in it.
func BenchmarkList(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{
		"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres,
	} {
		if only := os.Getenv("BENCH_ONLY"); only != "" && only != name {
			continue
		}
		b.Run(name, func(b *testing.B) {
			d := open(b)
			u := dbtest.Unit(b, d)
			start := time.Now()
			fillBench(b, u, benchSize())
			b.Logf("filled in %s", time.Since(start))
			benchLists(b, benchService(b, u))
		})
	}
}

func benchLists(b *testing.B, s *Service) {
	officer := authz.Actor{Account: "o", Role: authz.Officer, Via: authz.ViaSession}
	for _, c := range []struct {
		name  string
		by    authz.Actor
		f     OrgFilter
		order string
	}{
		{"all", officer, OrgFilter{}, "name"},
		{"all-updated", officer, OrgFilter{}, "updated"},
		{"district", officer, OrgFilter{Region: "140105"}, "name"},
		{"city", officer, OrgFilter{Region: "140100"}, "region"},
		{"city-by-name", officer, OrgFilter{Region: "140100"}, "name"},
		{"kind", officer, OrgFilter{Kind: "university"}, "name"},
		{"common-kind", officer, OrgFilter{Kind: "enterprise"}, "name"},
		{"three", officer, OrgFilter{Kind: "enterprise", Region: "140106", Industry: "C"}, "updated"},
		{"state", officer, OrgFilter{State: Pending}, "updated"},
		{"rare-word", officer, OrgFilter{Query: "云帆新材料软件"}, "name"},
		{"word", officer, OrgFilter{Query: "云帆"}, "name"},
		{"trade", officer, OrgFilter{Query: "软件"}, "name"},
		{"common-word", officer, OrgFilter{Query: "太原市"}, "name"},
		{"dense-words", officer, OrgFilter{Query: "智能 软件", Region: "140105"}, "updated"},
		{"two-words", officer, OrgFilter{Query: "云帆 软件", Region: "140105"}, "updated"},
		{"one-character", officer, OrgFilter{Query: "龙"}, "name"},
		{"nothing", officer, OrgFilter{Query: "量子纠缠"}, "name"},
		{"public", authz.Actor{Role: authz.Public}, OrgFilter{Query: "软件"}, "name"},
		{"elsewhere", officer, OrgFilter{Query: "大同"}, "name"},
		{"elsewhere-updated", officer, OrgFilter{Region: "140200"}, "updated"},
		{"district-staff", authz.Actor{Account: "d", Role: authz.District, Region: "140105"},
			OrgFilter{}, "updated"},
	} {
		b.Run(c.name, func(b *testing.B) { benchList(b, s, c.by, c.f, c.order) })
	}
	b.Run("rank", func(b *testing.B) { // what the first page of an order costs, now and then
		for b.Loop() {
			if _, err := readRank(b.Context(), s.unit, orgList.Order("name")); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("similar", func(b *testing.B) { benchSimilar(b, s) })
}

// benchSimilar measures what happens while a name is typed.
func benchSimilar(b *testing.B, s *Service) {
	by := authz.Actor{Account: "o", Role: authz.Officer, Via: authz.ViaSession}
	base := baseline(b, s)
	var took, known spent
	var cpu time.Duration
	for b.Loop() {
		for _, name := range []string{"太原", "太原市云帆", "太原云帆智能科技", "太原市云帆新材料软件股份有限公司"} {
			known.of(b, base)
			before := cpuTime(b)
			took.of(b, func() error {
				_, err := s.SimilarOrganisations(context.Background(), by, SimilarInput{Name: name,
					USCC: "91140100MA0000000X"})
				return err
			})
			cpu += cpuTime(b) - before
		}
	}
	b.ReportMetric(took.at(95), "p95-ms")
	b.ReportMetric(took.at(50), "p50-ms")
	b.ReportMetric(known.at(95), "base-p95-ms")
	b.ReportMetric(known.at(50), "base-p50-ms")
	b.ReportMetric(cpu.Seconds()*1000/float64(len(took)), "cpu-ms")
	b.ReportMetric(0, "ns/op")
}

// spent is what one kind of request took.
type spent []time.Duration

func (s *spent) of(b *testing.B, f func() error) {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	*s = append(*s, time.Since(start))
}

// at returns a percentile, in milliseconds.
func (s spent) at(percent int) float64 {
	slices.Sort(s)
	return float64(s[len(s)*percent/100].Microseconds()) / 1000
}

func benchList(b *testing.B, s *Service, by authz.Actor, f OrgFilter, order string) {
	ctx := context.Background()
	places := []db.PageReq{{}, middleOf(b, s, by, f, order), {Last: true}}
	base := baseline(b, s)
	var fresh, kept, known spent
	var cpu time.Duration
	for b.Loop() {
		for _, p := range places {
			ask := func() error {
				_, err := s.ListOrganisations(ctx, by, f, order, p)
				if err == nil {
					_, err = s.CountOrganisations(ctx, by, f)
				}
				return err
			}
			known.of(b, base)
			s.sets.forget()
			before := cpuTime(b)
			fresh.of(b, ask)
			cpu += cpuTime(b) - before
			kept.of(b, ask)
		}
	}
	b.ReportMetric(fresh.at(95), "p95-ms")
	b.ReportMetric(fresh.at(50), "p50-ms")
	b.ReportMetric(kept.at(50), "kept-p50-ms")
	b.ReportMetric(known.at(95), "base-p95-ms")
	b.ReportMetric(known.at(50), "base-p50-ms")
	b.ReportMetric(cpu.Seconds()*1000/float64(len(fresh)), "cpu-ms")
	b.ReportMetric(0, "ns/op")
}

// baseline returns what lists and similar names are compared with: it reads twenty records by their
// keys, one after the other.
func baseline(b *testing.B, s *Service) func() error {
	b.Helper()
	page, err := db.List(b.Context(), s.unit.DB(), orgList, db.Where{}, orgList.Order("name"),
		db.PageReq{}, scanOrg)
	if err != nil {
		b.Fatal(err)
	}
	return func() error {
		for _, o := range page.Items {
			if _, err := orgByID(b.Context(), s.unit.DB(), o.ID); err != nil {
				return err
			}
		}
		return nil
	}
}

// middleOf returns a place some way in: the cost of a page must not depend on it.
func middleOf(
	b *testing.B, s *Service, by authz.Actor, f OrgFilter, order string,
) (at db.PageReq) {
	b.Helper()
	for range 20 {
		page, err := s.ListOrganisations(context.Background(), by, f, order,
			db.PageReq{After: at.After, Limit: db.MaxLimit})
		if err != nil {
			b.Fatal(err)
		}
		if page.Next == "" {
			break
		}
		at.After = page.Next
	}
	return at
}

// forget drops what is kept, as a write does.
func (c *orgSets) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = nil
}

// cpuTime returns the processor time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
