package clock

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Holiday is one day that a year's arrangement (部分节假日安排的通知) names: a day off, or a Saturday
// or Sunday worked in exchange (调休). Days that no arrangement names follow the week.
type Holiday struct {
	Day    Date
	Off    bool
	Name   string // of the holiday it belongs to: 春节
	Source string // number of the document: 国办发明电〔2025〕7号
}

// Calendar tells the working days of the years whose arrangement it holds. It never guesses: a day
// of another year is an error. A Calendar does not change; With makes a new one. The zero value
// knows no year.
type Calendar struct {
	arrangements map[int][]Holiday
	days         map[Date]Holiday
}

// maxWorkingDays bounds what AddWorkingDays counts, some forty years.
const maxWorkingDays = 10_000

// With returns a calendar in which the arrangement of year is holidays, in place of an earlier one.
// An arrangement may name days of the December before; it then decides those.
func (c *Calendar) With(year int, holidays []Holiday) *Calendar {
	next := &Calendar{arrangements: maps.Clone(c.arrangements), days: map[Date]Holiday{}}
	if next.arrangements == nil {
		next.arrangements = map[int][]Holiday{}
	}
	own := slices.Clone(holidays)
	slices.SortFunc(own, func(a, b Holiday) int { return cmp.Compare(a.Day, b.Day) })
	next.arrangements[year] = own
	for _, y := range next.Years() {
		for _, h := range next.arrangements[y] {
			next.days[h.Day] = h
		}
	}
	return next
}

// Years returns the years whose arrangement is known, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.arrangements)) }

// Holidays returns the arrangement of a year in the order of its days, nil when it is not known.
func (c *Calendar) Holidays(year int) []Holiday { return slices.Clone(c.arrangements[year]) }

// IsWorking reports whether d is a working day. The error is a fault.Conflict when the arrangement
// of its year was not imported, and fault.Invalid when d is no day.
func (c *Calendar) IsWorking(d Date) (bool, error) {
	if !d.Valid() {
		return false, fault.New(fault.Invalid, "日期应为真实的日期，如 2026-11-22")
	}
	if _, known := c.arrangements[d.year()]; !known {
		return false, fault.New(fault.Conflict, "未导入 %d 年的节假日安排", d.year())
	}
	if h, ok := c.days[d]; ok {
		return !h.Off, nil
	}
	return !d.weekend(), nil
}

// AddWorkingDays returns the n-th working day after from. The day of from does not count (民法典
// art. 201). The errors are those of IsWorking, and fault.Invalid when n is not 1 to 10,000.
func (c *Calendar) AddWorkingDays(from Date, n int) (Date, error) {
	if n < 1 || n > maxWorkingDays {
		return "", fault.New(fault.Invalid, "工作日数应在 1 到 %d 之间", maxWorkingDays)
	}
	day := from
	for n > 0 {
		day = day.AddDays(1)
		working, err := c.IsWorking(day)
		if err != nil {
			return "", err
		}
		if working {
			n--
		}
	}
	return day, nil
}

// WorkingDaysBetween returns how many working days lie after from, up to and with until; it is 0
// when until is not after from. WorkingDaysBetween(d, AddWorkingDays(d, n)) is n.
func (c *Calendar) WorkingDaysBetween(from, until Date) (int, error) {
	n := 0
	for day := from.AddDays(1); day <= until; day = day.AddDays(1) {
		working, err := c.IsWorking(day)
		if err != nil {
			return 0, err
		}
		if working {
			n++
		}
	}
	return n, nil
}

// year returns the year of a valid date.
func (d Date) year() int { return d.Start().Year() }

// weekend reports whether a valid date is a Saturday or Sunday.
func (d Date) weekend() bool {
	w := d.Start().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// CheckHolidays checks the arrangement of a year before it is used: every day real, of that year or
// of the December before, named once; worked days at weekends only; name and document given; and
// the holidays with a fixed day (1 January, 1 to 2 May, 1 to 3 October, 全国年节及纪念日放假办法)
// among the days off, which catches an arrangement imported in part. field names the field of a
// row, such as "row 3 · day". The error is a fault.Invalid with one field per wrong cell.
func CheckHolidays(year int, holidays []Holiday, field func(row int, column string) string) error {
	var wrong []fault.Field
	seen := map[Date]bool{}
	for i, h := range holidays {
		add := func(column, key string, args ...any) {
			wrong = append(wrong, fault.At(field(i, column), key, args...))
		}
		switch {
		case !h.Day.Valid():
			add(ColumnDay, "日期应为真实的日期，如 2026-11-22")
		case h.Day.year() != year && h.Day[:7] != Date(fmt.Sprintf("%04d-12", year-1)):
			add(ColumnDay, "%s 不属于 %d 年的安排", string(h.Day), year)
		case seen[h.Day]:
			add(ColumnDay, "%s 重复出现", string(h.Day))
		case !h.Off && !h.Day.weekend():
			add(ColumnKind, "%s 不是周末，不必列为调休上班", string(h.Day))
		}
		seen[h.Day] = true
		if h.Name == "" || len(h.Name) > maxHolidayText {
			add(ColumnName, "节日名称必填，不超过 %d 个字节", maxHolidayText)
		}
		if h.Source == "" || len(h.Source) > maxHolidayText {
			add(ColumnSource, "发文字号必填，不超过 %d 个字节", maxHolidayText)
		}
	}
	wrong = append(wrong, missingFixed(year, holidays)...)
	return fault.Fields(wrong...)
}

// maxHolidayText bounds name and document of a holiday, in bytes.
const maxHolidayText = 120

// missingFixed names the fixed holidays that are not days off.
func missingFixed(year int, holidays []Holiday) []fault.Field {
	off := map[Date]bool{}
	for _, h := range holidays {
		if h.Off {
			off[h.Day] = true
		}
	}
	var wrong []fault.Field
	for _, monthDay := range []string{"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"} {
		day := Date(fmt.Sprintf("%04d-%s", year, monthDay))
		if !off[day] && !(year < 2025 && monthDay == "05-02") {
			wrong = append(wrong, fault.At(ColumnDay, "缺少法定节假日 %s，安排不完整", string(day)))
		}
	}
	return wrong
}
