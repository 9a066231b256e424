package dict_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Time limits are counted with the service, so that they follow every import.
var _ process.Calendar = (*dict.Service)(nil)

// table2027 is an invented arrangement; the days are not those of the real one.
const table2027 = `日期,类别,节日,发文字号
2027-01-01,放假,元旦,测试〔2026〕1号
2027/1/3,上班,元旦,测试〔2026〕1号
2027-05-01,off,劳动节,测试〔2026〕1号
2027-05-02,放假,劳动节,测试〔2026〕1号
2027-10-01,放假,国庆节,测试〔2026〕1号
2027-10-02,放假,国庆节,测试〔2026〕1号
2027-10-03,放假,国庆节,测试〔2026〕1号
`

func holidayRows(t *testing.T, text string) []dict.HolidayRow {
	t.Helper()
	ctx := context.Background()
	table, err := sheet.Read(ctx, "2027.csv", strings.NewReader(text), dict.HolidaySheet)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := dict.ReadHolidays(ctx, table)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func works(t *testing.T, s *dict.Service, day clock.Date) string {
	t.Helper()
	working, err := s.IsWorking(day)
	switch {
	case err != nil:
		return "unknown"
	case working:
		return "working"
	default:
		return "off"
	}
}

func TestImportYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := loaded(t, d), t.Context()
		other := loaded(t, d)
		before := s.Calendar()
		if got := works(t, s, "2027-01-04"); got != "unknown" {
			t.Fatalf("2027 before its import: %s", got)
		}
		rows := holidayRows(t, table2027)
		if err := s.ImportYear(ctx, admin, 2027, 0, rows); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[clock.Date]string{"2027-01-01": "off", "2027-01-03": "working",
			"2027-01-04": "working", "2027-01-09": "off", "2026-02-17": "off", "2028-01-03": "unknown"} {
			if got := works(t, s, day); got != want {
				t.Errorf("%s is %s, want %s", day, got, want)
			}
		}
		if _, err := before.IsWorking("2027-01-04"); err == nil {
			t.Error("a calendar that was handed out has changed")
		}
		if got := works(t, other, "2027-01-04"); got != "unknown" {
			t.Errorf("another process knows before it was told: %s", got)
		}
		if err := other.Reload(ctx); err != nil || works(t, other, "2027-01-03") != "working" {
			t.Errorf("another process after reloading: %v", err)
		}
		if err := s.ImportYear(ctx, admin, 2027, 0, rows); !fault.Is(err, fault.Conflict) {
			t.Errorf("imported over what was not seen: %v", err)
		}
		years, err := s.Years(admin)
		if err != nil || len(years) != 4 || years[3].Version != 1 || len(years[3].Holidays) != 7 {
			t.Fatalf("%+v, %v", years, err)
		}
		corrected := append(rows[:1:1], rows[2:]...)
		if err := s.ImportYear(ctx, admin, 2027, 1, corrected); err != nil {
			t.Fatal(err)
		}
		if got := works(t, s, "2027-01-03"); got != "off" {
			t.Errorf("the correction left the worked Sunday: %s", got)
		}
		if err := s.ImportYear(ctx, admin, 2027, 1, rows); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale version was imported: %v", err)
		}
		again := loaded(t, d)
		if got := works(t, again, "2027-01-03"); got != "off" {
			t.Errorf("after the next start: %s", got)
		}
		if diff := cmp.Diff([]string{"dict.calendar 2027 import", "dict.calendar 2027 import"},
			texts(t, d, qTrail)[len(loadTrail):]); diff != "" {
			t.Error(diff)
		}
	})
}

// TestCorrectionStays: a shipped year that the city has corrected is not loaded over at the next
// start.
func TestCorrectionStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := loaded(t, d)
		var rows []dict.HolidayRow
		for i, h := range s.Calendar().Holidays(2026) {
			if h.Day != "2026-02-28" {
				rows = append(rows, dict.HolidayRow{Number: i + 2, Holiday: h})
			}
		}
		if err := s.ImportYear(t.Context(), admin, 2026, 1, rows); err != nil {
			t.Fatal(err)
		}
		if got := works(t, loaded(t, d), "2026-02-28"); got != "off" {
			t.Errorf("the worked Saturday that was taken out is %s", got)
		}
	})
}

func TestOneOfManyImportsWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := loaded(t, d)
		rows := holidayRows(t, table2027)
		var wg sync.WaitGroup
		won := make(chan bool, 6)
		for range cap(won) {
			wg.Go(func() {
				err := s.ImportYear(context.Background(), admin, 2027, 0, rows)
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
				won <- err == nil
			})
		}
		wg.Wait()
		close(won)
		n := 0
		for w := range won {
			if w {
				n++
			}
		}
		if n != 1 || works(t, s, "2027-01-03") != "working" {
			t.Errorf("%d imports won", n)
		}
	})
}

func yearsRefused(t *testing.T, s *dict.Service) {
	rows := holidayRows(t, table2027)
	twice := append(rows[:7:7], rows[0])
	twice[7].Number = 9
	for _, c := range []struct {
		name string
		year int
		rows []dict.HolidayRow
		want map[string]string
	}{
		{"year", 1999, rows, map[string]string{"year": "年份应在 %d 到 %d 之间"}},
		{"in part", 2027, rows[:6], map[string]string{"day": "缺少法定节假日 %s，安排不完整"}},
		{"twice", 2027, twice, map[string]string{"第 9 行“日期”": "%s 重复出现"}},
		{"many", 2027, make([]dict.HolidayRow, 367), map[string]string{"file": "一年的安排最多 %d 行"}},
	} {
		err := s.ImportYear(t.Context(), admin, c.year, 0, c.rows)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := map[string]string{}
		for _, x := range f.Fields {
			got[x.Name] = x.Key
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
