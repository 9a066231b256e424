package dicthttp

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

type calendarView struct {
	lead    string
	years   []ui.Tab
	actions []ui.Action
	months  []month
	days    ui.Table
	missing string // a warning that the next year is not there yet
}

// month is one month as a calendar prints it, its weeks from Monday to Sunday.
type month struct {
	title string
	weeks [][7]day
}

// day is a cell of a month; the zero day is a gap before the first or after the last.
type day struct {
	number  int
	note    string // 休, 班, or nothing on a day that follows the week
	name    string // of the holiday
	off     bool
	special bool // named by the arrangement
}

func (d day) class() string {
	switch {
	case d.special && d.off:
		return "q2"
	case d.special:
		return "q4"
	case d.off:
		return "q0"
	}
	return ""
}

func (h *Handler) calendar(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	years, err := h.dict.Years(web.Actor(r))
	if err != nil {
		return err
	}
	info, err := yearOf(years, r.URL.Query().Get("year"), clock.DateOf(h.clock.Now()))
	if err != nil {
		return err
	}
	v := calendarView{lead: i18n.T(ctx, "办理时限按工作日计算，依据国务院办公厅每年公布的节假日安排。")}
	for _, y := range years {
		text := strconv.Itoa(y.Year)
		v.years = append(v.years, ui.Tab{ID: text, Text: i18n.Year(i18n.From(ctx), y.Year),
			Href: pathCalendar + "?year=" + text, Current: y.Year == info.Year})
	}
	if mayWrite(r) == nil {
		v.actions = []ui.Action{{Text: i18n.T(ctx, "导入一年的安排"), Primary: true,
			Href: pathCalendar + "/import"}}
	}
	v.missing = missing(ctx, years, h.clock.Now())
	for m := time.January; m <= time.December; m++ {
		mo, err := h.monthOf(ctx, info, m)
		if err != nil {
			return err
		}
		v.months = append(v.months, mo)
	}
	v.days = dayTable(ctx, info)
	p := h.web.Page(r, "工作日历")
	p.Crumbs = []ui.Link{{Text: i18n.T(ctx, "字典"), Href: Path}, {Text: i18n.T(ctx, "工作日历")}}
	return h.web.Render(w, r, web.View{Page: p, Body: calendarPage(v)})
}

// yearOf finds the year asked for, or the present one, or the latest there is.
func yearOf(years []dict.YearInfo, text string, today clock.Date) (dict.YearInfo, error) {
	if len(years) == 0 {
		return dict.YearInfo{}, fault.New(fault.NotFound, "还没有任何一年的安排")
	}
	want := text
	if want == "" {
		want = string(today[:4])
	}
	i := slices.IndexFunc(years, func(y dict.YearInfo) bool { return strconv.Itoa(y.Year) == want })
	switch {
	case i >= 0:
		return years[i], nil
	case text != "":
		return dict.YearInfo{}, fault.New(fault.NotFound, "没有 %s 年的安排", text)
	}
	return years[len(years)-1], nil
}

// missing warns from November on when deadlines already reach into a year that is not there. The
// arrangement of a year is published in October or November of the year before.
func missing(ctx context.Context, years []dict.YearInfo, now time.Time) string {
	local := now.In(clock.Shanghai)
	next := local.Year() + 1
	known := slices.ContainsFunc(years, func(y dict.YearInfo) bool { return y.Year == next })
	if local.Month() < time.November || known {
		return ""
	}
	return i18n.T(ctx, "还没有 %d 年的安排。公布后请导入，否则跨年的时限只能暂按周末推算。", next)
}

// monthOf lays out a month.
func (h *Handler) monthOf(ctx context.Context, y dict.YearInfo, m time.Month) (month, error) {
	named := map[clock.Date]clock.Holiday{}
	for _, x := range y.Holidays {
		named[x.Day] = x
	}
	first := time.Date(y.Year, m, 1, 0, 0, 0, 0, clock.Shanghai)
	out := month{title: i18n.Month(i18n.From(ctx), y.Year, m)}
	var week [7]day
	for t := first; t.Month() == m; t = t.AddDate(0, 0, 1) {
		column := (int(t.Weekday()) + 6) % 7 // Monday comes first
		if column == 0 && t.Day() > 1 {
			out.weeks = append(out.weeks, week)
			week = [7]day{}
		}
		works, err := h.dict.IsWorking(clock.DateOf(t))
		if err != nil {
			return month{}, err
		}
		d := day{number: t.Day(), off: !works}
		if x, ok := named[clock.DateOf(t)]; ok {
			d.special, d.name, d.note = true, x.Name, i18n.T(ctx, "班")
			if x.Off {
				d.note = i18n.T(ctx, "休")
			}
		}
		week[column] = d
	}
	out.weeks = append(out.weeks, week)
	return out, nil
}

// dayTable lists the days that the arrangement names, for who reads rather than looks.
func dayTable(ctx context.Context, y dict.YearInfo) ui.Table {
	t := func(s string) string { return i18n.T(ctx, s) }
	out := ui.Table{Caption: i18n.T(ctx, "%d 年安排中的日子", y.Year), Visible: true, Dense: true,
		Cols: []ui.Column{{Label: t("日期")}, {Label: t("类别")}, {Label: t("节日")},
			{Label: t("发文字号")}}}
	for _, x := range y.Holidays {
		state := ui.State{Tone: ui.Run, Text: t("上班")}
		if x.Off {
			state = ui.State{Tone: ui.OK, Text: t("放假")}
		}
		out.Rows = append(out.Rows, ui.Row{Cells: []ui.Cell{
			{Text: i18n.Date(i18n.From(ctx), x.Day), Time: string(x.Day)}, {Status: &state},
			{Text: x.Name}, {Text: x.Source}}})
	}
	return out
}

func (h *Handler) askYear(w http.ResponseWriter, r *http.Request) error {
	if err := mayWrite(r); err != nil {
		return err
	}
	return h.showYear(w, r, r.FormValue("year"), importView{}, nil)
}

func (h *Handler) importYear(w http.ResponseWriter, r *http.Request) error {
	if err := mayWrite(r); err != nil {
		return err
	}
	if err := parseUpload(r); err != nil {
		return err
	}
	ctx, text, v := r.Context(), r.FormValue("year"), importView{}
	year, err := strconv.Atoi(text)
	if err != nil {
		err = fault.Fields(fault.At("year", "请填写四位数的年份"))
	}
	var rows []dict.HolidayRow
	if err == nil {
		rows, v.notices, err = readYear(r)
	}
	if err == nil && r.FormValue(doField) != doStore {
		if _, err = dict.CheckYear(ctx, year, rows); err == nil {
			v.checked = i18n.T(ctx, "检查通过：共 %s 条，没有发现问题，尚未导入。请再次选择文件并导入。",
				i18n.Int(int64(len(rows))))
			return h.showYear(w, r, text, v, nil)
		}
	}
	if err == nil {
		err = h.dict.ImportYear(ctx, web.Actor(r), year, versionSeen(r.FormValue("seen"), year), rows)
	}
	if k := fault.KindOf(err); err != nil && (k == fault.Invalid || k == fault.Conflict) {
		return h.showYear(w, r, text, v, err)
	}
	if err != nil {
		return err
	}
	return h.web.Redirect(w, r, pathCalendar+"?year="+strconv.Itoa(year), "已导入 %s 条",
		i18n.Int(int64(len(rows))))
}

func readYear(r *http.Request) ([]dict.HolidayRow, []string, error) {
	t, err := readTable(r, dict.HolidaySheet)
	if err != nil {
		return nil, nil, err
	}
	rows, err := dict.ReadHolidays(r.Context(), t)
	return rows, notices(r, t), err
}

func (h *Handler) showYear(
	w http.ResponseWriter, r *http.Request, year string, v importView, wrong error,
) error {
	ctx := r.Context()
	years, err := h.dict.Years(web.Actor(r))
	if err != nil {
		return err
	}
	t := func(s string) string { return i18n.T(ctx, s) }
	v.title, v.template = t("导入一年的节假日安排"), pathCalendar+"/template"
	v.lead = t("按国务院办公厅通知逐日填写放假日和调休上班日。再次导入同一年，会整体取代原有安排。")
	v.hidden = []ui.Hidden{{Name: "seen", Value: versionsOf(years)}}
	v.inputs = []ui.Input{{Kind: ui.InNumber, Name: "year", Label: t("年份"), Value: year,
		Width: ui.W6, MaxLen: 4, InputMode: "numeric"}}
	return h.showImport(w, r, pathCalendar+"/import", v, wrong)
}

// versionsOf writes down the versions of all years as they were seen ("2026:1 2027:3"): the form
// does not know yet which year it will be for.
func versionsOf(years []dict.YearInfo) string {
	var out []string
	for _, y := range years {
		out = append(out, strconv.Itoa(y.Year)+":"+strconv.FormatInt(y.Version, 10))
	}
	return strings.Join(out, " ")
}

// versionSeen finds the version of a year in what versionsOf wrote, 0 for a year that was not there.
func versionSeen(seen string, year int) int64 {
	for _, pair := range strings.Fields(seen) {
		y, v, _ := strings.Cut(pair, ":")
		if y == strconv.Itoa(year) {
			n, _ := strconv.ParseInt(v, 10, 64) // no number is no version: the write is stale
			return n
		}
	}
	return 0
}

// weekday is the heading of a column of a month.
type weekday struct{ short, long string }

// weekdays from Monday on.
func weekdays(ctx context.Context) []weekday {
	t := func(s string) string { return i18n.T(ctx, s) }
	return []weekday{{t("一"), t("星期一")}, {t("二"), t("星期二")}, {t("三"), t("星期三")},
		{t("四"), t("星期四")}, {t("五"), t("星期五")}, {t("六"), t("星期六")}, {t("日"), t("星期日")}}
}
