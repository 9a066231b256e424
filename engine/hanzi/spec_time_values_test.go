package hanzi

import (
	"fmt"
	"slices"
	"strings"
)

// timeModel answers the file of the whole model.
func timeModel(input string, context map[string]any) []specResult {
	r, all := findTimes(input, context, true)
	var out []specResult
	for _, f := range all {
		words := string(r[f.start:f.end])
		out = append(out, specResult{f.start, f.end - 1, "datetimeV2." + f.kind,
			map[string]any{"values": f.values(words)}})
	}
	return out
}

// values are the resolutions of the model, past before future.
func (f foundTime) values(words string) []any {
	switch f.kind {
	case "duration":
		return []any{map[string]any{"type": "duration",
			"value": fmt.Sprint(f.length.Seconds())}}
	case "set":
		return []any{map[string]any{"type": "set", "timex": f.every.timex(),
			"value": "not resolved"}}
	}
	var out []any
	readings := []Time{f.past, f.future}
	if f.kind == "datetimerange" && f.past.From != f.past.To {
		readings = readings[1:] // of such a range the specification gives the next alone
	}
	for _, t := range readings {
		for _, v := range f.value(words, t) {
			same := func(x any) bool { return fmt.Sprint(x) == fmt.Sprint(v) }
			if !slices.ContainsFunc(out, same) {
				out = append(out, v)
			}
		}
	}
	return out
}

func (f foundTime) value(words string, t Time) []any {
	if t.Missing {
		return []any{map[string]any{"type": f.kind, "value": "not resolved"}}
	}
	v := map[string]any{"type": f.kind}
	mod := specMod(words, t)
	from, to := f.ends(t)
	switch mod {
	case "before", "until":
		v["Mod"] = mod
		if from, _ = f.ends(f.base); mod == "until" && f.base.From != f.base.To {
			_, from = f.ends(f.base)
		}
		v["end"] = from
	case "since":
		v["Mod"] = mod
		v["start"], _ = f.ends(f.base)
	case "after":
		v["Mod"] = mod
		_, v["start"] = f.ends(f.base)
	default:
		if f.kind == "date" || f.kind == "time" || f.kind == "datetime" {
			v["value"] = from
		} else {
			v["start"], v["end"] = from, to
		}
	}
	out := []any{v}
	if t.HalfDay {
		late := t
		late.HalfDay = false
		late.FromSecond = (t.FromSecond + noon) % (24 * hour)
		late.ToSecond = (t.ToSecond + noon) % (24 * hour)
		g := f
		g.base.HalfDay = false
		g.base.FromSecond = (f.base.FromSecond + noon) % (24 * hour)
		g.base.ToSecond = (f.base.ToSecond + noon) % (24 * hour)
		out = append(out, g.value(words, late)...)
	}
	return out
}

// ends are the beginning and the end of a time in the specification's form, where the end
// of a stretch of days is the day after it.
func (f foundTime) ends(t Time) (from, to string) {
	if !t.Lunar.IsZero() {
		t.From, t.To = t.Lunar, t.Lunar
	}
	if t.FromSecond == 24*hour && t.From == t.To {
		t.From, t.To = t.From.AddDays(1), t.To.AddDays(1)
		t.FromSecond, t.ToSecond = 0, 0
	}
	switch f.kind {
	case "time", "timerange":
		return clockText(t.FromSecond), clockText(t.endSecond())
	case "datetime", "datetimerange":
		return t.From.String() + " " + clockText(t.FromSecond),
			t.To.String() + " " + clockText(t.endSecond())
	}
	if t.From == t.To && t.Precision == PrecisionDay {
		return t.From.String(), t.To.String()
	}
	return t.From.String(), f.afterLast(t).String()
}

// afterLast is the day on which a stretch of days ends in the specification: the day after
// it; of a range A到B the first day of B; of 近三年 the reference date.
func (f foundTime) afterLast(t Time) Date {
	switch {
	case t.To.IsZero():
		return t.To
	case f.yearToDate:
		return f.ref
	case t.Precision != PrecisionRange:
		return t.To.AddDays(1)
	case t.Relative && t.To == f.ref:
		return t.To
	case t.To == f.rightPast.to:
		return f.rightPast.from
	case !f.rightFuture.from.IsZero():
		return moveYears(f.rightFuture.from, t.To.Year-f.rightFuture.to.Year)
	}
	return t.To.AddDays(1)
}

// rightSide is the right side of the range at start, zero where there is none.
func rightSide(r []rune, start int, ctx TimeContext) period {
	s := timeScanner{r: r, TimeContext: ctx}
	if c := s.at(start); c == '从' || c == '自' {
		start++
	}
	if y, j, ok := s.fullYear(start); ok {
		if _, k, ok := s.rangeMark(j); ok {
			if last, _, ok := s.fullYear(k); ok {
				return wholeYear(last)
			}
		}
		_ = y
	}
	a, j, ok := s.point(start, lent{})
	if !ok {
		return period{}
	}
	_, k, ok := s.rangeMark(j)
	if !ok {
		if _, k, ok = s.any(j, "之后", "以后"); !ok {
			return period{}
		}
	}
	b, _, _ := s.point(k, lend(a))
	return b
}

func clockText(sec int) string {
	return fmt.Sprintf("%02d:%02d:%02d", sec/hour, sec/minute%60, sec%60)
}

// endSecond ends parts of the day on the hour.
func (t Time) endSecond() int {
	if t.FromSecond != t.ToSecond && t.ToSecond%hour == hour-1 {
		return t.ToSecond + 1
	}
	return t.ToSecond
}

// timex of a recurrence: P1D, XXXX-WXX-1.
func (r Recurrence) timex() string {
	clock := ""
	if r.Second >= 0 {
		clock = fmt.Sprintf("T%02d", r.Second/hour)
		if m := r.Second / minute % 60; m > 0 {
			clock += fmt.Sprintf(":%02d", m)
		}
	}
	switch {
	case r.Weekday > 0:
		return fmt.Sprintf("XXXX-WXX-%d%s", r.Weekday, clock)
	case clock != "" && r.Every.Parts[0].Unit == UnitDay:
		return clock
	case r.Day > 0:
		return fmt.Sprintf("XXXX-XX-%02d%s", r.Day, clock)
	}
	p := r.Every.Parts[0]
	letter := map[TimeUnit]string{UnitSecond: "T%sS", UnitMinute: "T%sM", UnitHour: "T%sH",
		UnitDay: "%sD", UnitWeek: "%sW", UnitMonth: "%sM", UnitYear: "%sY", UnitQuarter: "%s"}
	amount := strings.TrimSuffix(fmt.Sprintf("%g", float64(p.Milli)/1000), ".0")
	if p.Unit == UnitQuarter {
		amount = fmt.Sprintf("%gM", 3*float64(p.Milli)/1000)
	}
	return "P" + fmt.Sprintf(letter[p.Unit], amount)
}

// timeParser answers the files of one parser, which read a whole text as one kind.
func timeParser(kind string) specModel {
	return func(input string, context map[string]any) []specResult {
		r, all := findTimes(input, context, kind == "")
		var out []specResult
		for _, f := range all {
			if kind != "" && f.kind != kind {
				continue
			}
			words := string(r[f.start:f.end])
			out = append(out, specResult{f.start, f.end - 1, f.kind, map[string]any{
				"FutureResolution": f.parsed(words, f.future),
				"PastResolution":   f.parsed(words, f.past)}})
		}
		return out
	}
}

// parsed is one resolution in the form of the parsers.
func (f foundTime) parsed(words string, t Time) map[string]any {
	key := map[string][2]string{"daterange": {"startDate", "endDate"},
		"timerange": {"startTime", "endTime"}, "datetimerange": {"startDateTime", "endDateTime"}}
	switch f.kind {
	case "duration":
		return map[string]any{"duration": fmt.Sprint(f.length.Seconds())}
	case "set":
		return map[string]any{"set": "Set: " + f.every.timex()}
	case "date", "time", "datetime":
		name := map[string]string{"date": "date", "time": "time", "datetime": "dateTime"}[f.kind]
		if t.Missing {
			return map[string]any{name: "0001-01-01"}
		}
		from, _ := f.ends(t)
		return map[string]any{name: from}
	}
	from, to := f.ends(t)
	return map[string]any{key[f.kind][0]: from, key[f.kind][1]: to}
}

// timeExtractor answers the files of one extractor, which resolve nothing.
func timeExtractor(kind string) specModel {
	parse := timeParser(kind)
	return func(input string, context map[string]any) []specResult {
		out := parse(input, context)
		for i := range out {
			out[i].Value = nil
		}
		return out
	}
}
