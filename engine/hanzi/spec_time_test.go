package hanzi

import (
	"regexp"
	"strings"
	"time"
)

// The models of time. The specification's notation of times (timex) is not ours and is
// not compared; what a time resolves to is, with the two years that are possible where the
// words name none, and of recurrences, which resolve to nothing, the timex of the length.

func init() {
	specModelSets = append(specModelSets, timeModels)
	specEdits = append(specEdits, withoutTimex)
	specScopes = append(specScopes, timeScopes...)
}

// timeScopes are the inputs that this package reads otherwise on purpose.
var timeScopes = []specScope{
	{regexp.MustCompile("^DateTime-"), regexp.MustCompile(`^=`),
		"a formula, no text"},
	{regexp.MustCompile("^DateTime-.*(Parser|Model)$"), regexp.MustCompile("[春夏秋冬][天季]"),
		"the specification resolves seasons to nothing, this package to three months"},
	{regexp.MustCompile("^DateTime-"), regexp.MustCompile("大约|大概|差不多"),
		"words of approximation are the reader's, not part of a time"},
}

func timeModels() map[string]specModel {
	models := map[string]specModel{
		"DateTime-DateTimeModel":   timeModel,
		"DateTime-MergedParser":    timeParser(""),
		"DateTime-MergedExtractor": timeExtractor(""),
	}
	for name, kind := range map[string]string{
		"Date": "date", "DatePeriod": "daterange", "Time": "time", "TimePeriod": "timerange",
		"DateTime": "datetime", "DateTimePeriod": "datetimerange", "Duration": "duration",
		"Set": "set", "Holiday": "date",
	} {
		models["DateTime-"+name+"Parser"] = timeParser(kind)
		models["DateTime-"+name+"Extractor"] = timeExtractor(kind)
	}
	return models
}

// withoutTimex takes from a result of a file what is not compared.
func withoutTimex(file string, result map[string]any) {
	if !strings.HasPrefix(file, "DateTime-") {
		return
	}
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["type"] != "set" {
				delete(v, "timex")
			}
			delete(v, "Timex")
			delete(v, "isLunar")
			delete(v, "sourceEntity")
			for _, x := range v {
				strip(x)
			}
		case []any:
			for _, x := range v {
				strip(x)
			}
		}
	}
	strip(result)
}

// foundTime is one expression of a text in its past and future reading.
type foundTime struct {
	start, end   int
	kind         string
	past, future Time
	base         Time // without the word of its role
	length       Duration
	every        Recurrence
	ref          Date
	rightPast    period // the right side of a range
	rightFuture  period
	yearToDate   bool // the specification ends 今年 with the reference date
}

// findTimes reads the expressions of a text from left to right, the longest first, outside
// titles in 《》.
func findTimes(input string, context map[string]any, roles bool) ([]rune, []foundTime) {
	r := []rune(input)
	ctx := TimeContext{Loose: true, Date: Date{2019, 1, 1}}
	if text, _ := context["ReferenceDateTime"].(string); text != "" {
		at, err := time.Parse("2006-01-02T15:04:05", text)
		if err != nil {
			panic(err)
		}
		ctx.Date = Date{at.Year(), int(at.Month()), at.Day()}
		ctx.Second = at.Hour()*hour + at.Minute()*minute + at.Second()
	}
	var out []foundTime
	title := 0
	for i := 0; i < len(r); {
		switch r[i] {
		case '《':
			title++
		case '》':
			title--
		}
		f, ok := findTime(r, i, ctx)
		if ok && !roles {
			f.dropRole(r, ctx)
		}
		if !ok || title > 0 {
			i++
			continue
		}
		out = append(out, f)
		i = f.end
	}
	return r, out
}

// dropRole leaves out the word of a role: the parsers of one kind know none.
func (f *foundTime) dropRole(r []rune, ctx TimeContext) {
	words := string(r[f.start:f.end])
	if f.base.End <= f.base.Start || specMod(words, f.past) == "" {
		return
	}
	short := r[:f.base.End]
	ctx.Lean = LeanPast
	f.past, _ = ScanTimeIn(short, f.base.Start, ctx)
	ctx.Lean = LeanFuture
	f.future, _ = ScanTimeIn(short, f.base.Start, ctx)
	f.start, f.end, f.kind = f.past.Start, f.past.End, specKind(f.past)
}

func findTime(r []rune, i int, ctx TimeContext) (foundTime, bool) {
	f := foundTime{start: i}
	ctx.Lean = LeanPast
	if c := r[i]; c == '到' || c == '至' {
		return f, false // the specification leaves it out
	}
	past, ok := ScanTimeIn(r, i, ctx)
	ctx.Lean = LeanFuture
	if ok {
		f.past, f.end = past, past.End
		f.future, _ = ScanTimeIn(r, i, ctx)
		f.start, f.end = specSpan(r, past)
		f.kind = specKind(past)
		f.base = baseTime(r, f.start, f.end, ctx)
		f.ref, f.rightFuture = ctx.Date, rightSide(r, f.start, ctx)
		f.yearToDate = string(r[f.start:f.end]) == "今年"
		ctx.Lean = LeanPast
		f.rightPast = rightSide(r, f.start, ctx)
	}
	if d, ok := ScanDuration(r, i); ok && d.End > f.end {
		f = foundTime{start: i, end: d.End, kind: "duration", length: d}
	}
	if rec, ok := ScanRecurrence(r, i); ok && rec.End > f.end {
		f = foundTime{start: i, end: rec.End, kind: "set", every: rec}
	}
	return f, f.end > i && f.kind != ""
}

// specSpan leaves out the words before a time that the specification leaves out: 到, and
// 自 where 起 follows.
func specSpan(r []rune, t Time) (start, end int) {
	start, end = t.Start, t.End
	words := string(r[start:end])
	switch {
	case strings.HasPrefix(words, "自"), strings.HasPrefix(words, "从"):
		if strings.HasSuffix(words, "起") || strings.HasSuffix(words, "开始") {
			start++
		}
	}
	return start, end
}

// baseTime is the time that stands before the word of a role: 2018年 of 2018年以前.
func baseTime(r []rune, start, end int, ctx TimeContext) Time {
	words := string(r[start:end])
	for _, prefix := range specPrefixes {
		if strings.HasPrefix(words, prefix.words) {
			start += len([]rune(prefix.words))
			break
		}
	}
	cut := end
	for _, suffix := range specMods {
		if strings.HasSuffix(words, suffix.words) {
			cut = end - len([]rune(suffix.words))
			break
		}
	}
	t, _ := ScanTimeIn(r[:cut], start, ctx)
	return t
}

// specMods are the specification's names for the words of a role.
var specMods = []struct{ words, mod string }{
	{"或之前", "until"}, {"或以前", "until"}, {"及以前", "until"}, {"及之前", "until"},
	{"或之后", "since"}, {"或以后", "since"}, {"及以后", "since"}, {"及之后", "since"},
	{"以来", "since"}, {"开始", "since"}, {"起", "since"}, {"之前", "before"},
	{"以前", "before"}, {"前", "before"}, {"之后", "after"}, {"以后", "after"}, {"后", "after"},
}

var specPrefixes = []struct{ words, mod string }{
	{"截止到", "before"}, {"截至", "before"}, {"截止", "before"}, {"自从", "since"}, {"自", "since"},
	{"从", "since"}, {"不晚于", "until"}, {"不迟于", "until"}, {"最晚", "until"}, {"最迟", "until"},
	{"早于", "before"}, {"不早于", "since"}, {"晚于", "after"}, {"迟于", "after"},
}

func specMod(words string, t Time) string {
	switch t.Role {
	case RoleIn:
		return ""
	case RoleAsOf:
		return "before"
	}
	for _, m := range specMods {
		if strings.HasSuffix(words, m.words) {
			return m.mod
		}
	}
	for _, m := range specPrefixes {
		if m.mod != "" && strings.HasPrefix(words, m.words) {
			return m.mod
		}
	}
	if t.Role == RoleFrom {
		return "since"
	}
	return ""
}

func specKind(t Time) string {
	clock := t.FromSecond >= 0 || t.ToSecond >= 0
	point := t.From == t.To && t.FromSecond == t.ToSecond && t.Role == RoleIn
	switch {
	case t.Precision == PrecisionVague:
		return ""
	case clock && t.NoDate && point:
		return "time"
	case clock && t.NoDate:
		return "timerange"
	case clock && point:
		return "datetime"
	case clock:
		return "datetimerange"
	case point && !t.Missing && t.From == t.To, t.Missing && t.Precision == PrecisionDay:
		return "date"
	}
	return "daterange"
}
