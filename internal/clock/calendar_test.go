package clock

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
)

func key(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return ""
	}
	return f.Key
}

func TestIsWorking(t *testing.T) {
	t.Parallel()
	c := Published()
	for _, tc := range []struct {
		day  Date
		want bool
		key  string
	}{
		{"2026-11-20", true, ""},  // a Friday
		{"2026-11-22", false, ""}, // a Sunday
		{"2026-02-14", true, ""},  // Saturday worked for the Spring Festival
		{"2026-02-17", false, ""},
		{"2026-02-28", true, ""},
		{"2026-09-20", true, ""},
		{"2026-09-25", false, ""},
		{"2026-10-08", true, ""},
		{"2025-10-08", false, ""},
		{"2025-10-11", true, ""},
		{"2025-01-02", true, ""},
		{"2024-02-09", true, ""}, // New Year's Eve was not yet a holiday
		{"2024-02-18", true, ""},
		{"2024-05-02", false, ""},
		{"2023-12-29", false, "未导入 %d 年的节假日安排"},
		{"2027-01-04", false, "未导入 %d 年的节假日安排"},
		{"2026-02-30", false, "日期应为真实的日期，如 2026-11-22"},
		{"", false, "日期应为真实的日期，如 2026-11-22"},
	} {
		got, err := c.IsWorking(tc.day)
		if got != tc.want || key(err) != tc.key {
			t.Errorf("IsWorking(%q) = %v, %v", tc.day, got, err)
		}
	}
	if _, err := new(Calendar).IsWorking("2026-11-20"); !fault.Is(err, fault.Conflict) {
		t.Errorf("an empty calendar knows nothing: %v", err)
	}
}

// TestPublishedYears holds the number of working days that each year's notice leads to: the days
// from Monday to Friday, less the days off on them, plus the worked weekends.
func TestPublishedYears(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]int{2024, 2025, 2026}, Published().Years()); diff != "" {
		t.Fatal(diff)
	}
	for _, tc := range []struct {
		before, last Date
		want         int
	}{
		// 366 days less 52 weeks' weekends and 11 public holidays, by arithmetic of the law.
		{"2023-12-31", "2024-12-31", 251},
		{"2024-12-31", "2025-12-31", 248},
		{"2025-12-31", "2026-12-31", 248},
	} {
		if got, err := Published().WorkingDaysBetween(tc.before, tc.last); got != tc.want || err != nil {
			t.Errorf("working days of %s: %d, %v; want %d", tc.last[:4], got, err, tc.want)
		}
	}
	for _, year := range Published().Years() {
		if err := CheckHolidays(year, Published().Holidays(year), HolidayField); err != nil {
			t.Error(err)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from Date
		n    int
		want Date
		key  string
	}{
		{"2026-11-20", 1, "2026-11-23", ""},
		{"2026-11-21", 1, "2026-11-23", ""}, // from a Saturday
		{"2026-11-20", 20, "2026-12-18", ""},
		{"2026-09-30", 1, "2026-10-08", ""},
		{"2026-09-28", 5, "2026-10-10", ""}, // the Saturday is worked
		{"2025-12-31", 1, "2026-01-04", ""}, // a worked Sunday
		{"2026-12-31", 1, "", "未导入 %d 年的节假日安排"},
		{"2026-11-20", 0, "", "工作日数应在 1 到 %d 之间"},
		{"2026-11-20", 10_001, "", "工作日数应在 1 到 %d 之间"},
	} {
		got, err := Published().AddWorkingDays(tc.from, tc.n)
		if got != tc.want || key(err) != tc.key {
			t.Errorf("%s + %d = %s, %v; want %s", tc.from, tc.n, got, err, tc.want)
		}
	}
}

// TestWorkingDaysAddUp: counting back what was added gives the number, and the day found works.
func TestWorkingDaysAddUp(t *testing.T) {
	t.Parallel()
	c := Published()
	rnd := rand.New(rand.NewPCG(11, 12))
	for range 2000 {
		from := Date("2024-01-01").AddDays(rnd.IntN(900))
		n := 1 + rnd.IntN(100)
		day, err := c.AddWorkingDays(from, n)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.WorkingDaysBetween(from, day)
		if working, _ := c.IsWorking(day); back != n || err != nil || !working {
			t.Fatalf("%s + %d = %s, back %d, %v, working %v", from, n, day, back, err, working)
		}
	}
	if n, err := c.WorkingDaysBetween("2026-11-22", "2026-11-20"); n != 0 || err != nil {
		t.Errorf("backwards: %d, %v", n, err)
	}
}

func arrangement2027() []Holiday {
	var out []Holiday
	for _, d := range []Date{"2026-12-31", "2027-01-01", "2027-05-01", "2027-05-02", "2027-10-01",
		"2027-10-02", "2027-10-03"} {
		out = append(out, Holiday{Day: d, Off: true, Name: "测试", Source: "测试〔2026〕1号"})
	}
	return append(out, Holiday{Day: "2027-01-02", Name: "测试", Source: "测试〔2026〕1号"})
}

// TestWith: a later year becomes known, decides days of the December before, and a corrected
// arrangement leaves nothing of the one it replaces.
func TestWith(t *testing.T) {
	t.Parallel()
	with := Published().With(2027, arrangement2027())
	corrected := with.With(2027, arrangement2027()[1:7])
	for _, tc := range []struct {
		name string
		c    *Calendar
		day  Date
		want bool
		key  string
	}{
		{"before the import", Published(), "2026-12-31", true, ""},
		{"before the import", Published(), "2027-01-04", false, "未导入 %d 年的节假日安排"},
		{"imported", with, "2026-12-31", false, ""},
		{"imported", with, "2027-01-02", true, ""},
		{"imported", with, "2027-01-04", true, ""},
		{"imported, other years stay", with, "2026-02-17", false, ""},
		{"corrected", corrected, "2026-12-31", true, ""},
		{"corrected", corrected, "2027-01-02", false, ""},
	} {
		got, err := tc.c.IsWorking(tc.day)
		if got != tc.want || key(err) != tc.key {
			t.Errorf("%s: %s = %v, %v", tc.name, tc.day, got, err)
		}
	}
}

func TestParseHolidays(t *testing.T) {
	t.Parallel()
	const head = "day,kind,name,source\n"
	good := head + "2027-01-01,off,元旦,x\n2027-05-01,off,劳动节,x\n2027-05-02,off,劳动节,x\n" +
		"2027-10-01,off,国庆节,x\n2027-10-02,off,国庆节,x\n2027-10-03,off,国庆节,x\n"
	for _, tc := range []struct {
		name, text string
		fields     map[string]string
	}{
		{"good", good, nil},
		{"with a mark and spaces", "\ufeff" + strings.ReplaceAll(good, ",off,", " , off , "), nil},
		{"other header", "date,kind,name,source\n", map[string]string{"row 1": "表头应为 %s"}},
		{"empty", "", map[string]string{"row 1": "这一行不是有效的 CSV"}},
		{"broken quotes", head + "\"2027\n", map[string]string{"row 2": "这一行不是有效的 CSV"}},
		{"columns", head + "2027-01-01,off\n", map[string]string{"row 2": "应有 %d 列，现为 %d 列"}},
		{"kind", head + "2027-01-01,休,元旦,x\n2027-01-02,,元旦,x\n", map[string]string{
			"row 2 · kind": "类别应为 off（放假）或 work（上班）",
			"row 3 · kind": "类别应为 off（放假）或 work（上班）"}},
		{"cells", good + "2027-02-30,off,,x\n2028-01-01,off,元旦,\n2027-01-01,off,元旦,x\n" +
			"2027-02-08,work,春节,x\n2026-11-30,off,元旦,x\n", map[string]string{
			"row 8 · day":    "日期应为真实的日期，如 2026-11-22",
			"row 8 · name":   "节日名称必填，不超过 %d 个字节",
			"row 9 · day":    "%s 不属于 %d 年的安排",
			"row 9 · source": "发文字号必填，不超过 %d 个字节",
			"row 10 · day":   "%s 重复出现",
			"row 11 · kind":  "%s 不是周末，不必列为调休上班",
			"row 12 · day":   "%s 不属于 %d 年的安排"}},
		{"in part", strings.Replace(good, "2027-10-02,off,国庆节,x\n", "", 1), map[string]string{
			"day": "缺少法定节假日 %s，安排不完整"}},
	} {
		list, err := ParseHolidays(strings.NewReader(tc.text), 2027)
		var fields map[string]string
		if f, ok := fault.As(err); ok {
			fields = map[string]string{}
			for _, x := range f.Fields {
				fields[x.Name] = x.Key
			}
		}
		if diff := cmp.Diff(tc.fields, fields); diff != "" || (err == nil) != (len(list) == 6) {
			t.Errorf("%s: %d rows, %v\n%s", tc.name, len(list), err, diff)
		}
	}
	long := head + strings.Repeat("2027-01-01,off,x,x\n", maxHolidayRows+1)
	if _, err := ParseHolidays(strings.NewReader(long), 2027); key(err) != "节假日安排超过 %d 行" {
		t.Errorf("too many rows: %v", err)
	}
}

// TestHolidayFile: the embedded file is in order and each year names one document.
func TestHolidayFile(t *testing.T) {
	t.Parallel()
	f, err := os.Open("holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]string{"2024": "国办发明电〔2023〕7号", "2025": "国办发明电〔2024〕12号",
		"2026": "国办发明电〔2025〕7号"}
	last := ""
	for _, row := range rows[1:] {
		if row[0] <= last || row[3] != documents[row[0][:4]] {
			t.Errorf("row %v", row)
		}
		last = row[0]
	}
}

func FuzzParseHolidays(f *testing.F) {
	f.Add("day,kind,name,source\n2027-01-01,off,元旦,x\n")
	f.Add("\ufeffday,kind,name,source\r\n\"2027-01-02\",work,\"a\nb\",x\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		list, err := ParseHolidays(strings.NewReader(s), 2027)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		c := new(Calendar).With(2027, list)
		for _, h := range list {
			if working, err := c.IsWorking(h.Day); h.Day.year() == 2027 && (err != nil || working == h.Off) {
				t.Fatalf("%q: %s is working: %v, %v", s, h.Day, working, err)
			}
		}
	})
}
