package hanzi

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// timeSeeds are all texts of the tables.
func timeSeeds() []string {
	var out []string
	for _, rows := range timeCases {
		out = append(out, strings.Split(strings.TrimSpace(rows), "\n")...)
	}
	return append(out, "前1周", "还剩5分钟", "8:30-9:30", "3-7-07", "每周一下午4点", "最后一个周五",
		"8月的最后一个星期一到十月一日", "差五分九点", "0年0月0日", "9999年12月31日", "一九九九年九九")
}

func FuzzScanTime(f *testing.F) {
	for _, text := range timeSeeds() {
		f.Add(text, 2025, 1, 8)
		f.Add(text, 1, 1, 1)
		f.Add(text, 9999, 12, 31)
	}
	f.Add("一个月后", 2024, 1, 31)
	f.Fuzz(func(t *testing.T, text string, y, m, d int) {
		ref, ok := NewDate(y, m, d)
		if !ok {
			ref = Date{2024, 2, 29}
		}
		r := []rune(text)
		for i := range r {
			for _, ctx := range []TimeContext{{Date: ref}, {Date: ref, Lean: LeanPast, Loose: true},
				{Date: ref, Lean: LeanFuture, Loose: true, Second: 86399}} {
				if got, ok := ScanTimeIn(r, i, ctx); ok {
					checkInvariants(t, text, r, i, got)
				}
			}
			if got, ok := ScanDuration(r, i); ok && (got.Start != i || got.End <= i || got.N == 0) {
				t.Fatalf("%q at %d: %+v", text, i, got)
			}
			if got, ok := ScanRecurrence(r, i); ok && (got.Start != i || got.End <= i) {
				t.Fatalf("%q at %d: %+v", text, i, got)
			}
		}
	})
}

func checkInvariants(t *testing.T, text string, r []rune, i int, got Time) {
	t.Helper()
	if got.Start != i || got.End <= i || got.End > len(r) {
		t.Fatalf("%q at %d: words [%d, %d)", text, i, got.Start, got.End)
	}
	for _, d := range []Date{got.From, got.To} {
		if _, ok := NewDate(d.Year, d.Month, d.Day); !ok && !d.IsZero() {
			t.Fatalf("%q at %d: no day: %v…%v", text, i, got.From, got.To)
		}
	}
	if !got.Open() && got.To.Before(got.From) {
		t.Fatalf("%q at %d: backwards: %v…%v", text, i, got.From, got.To)
	}
	if got.FromSecond < -1 || got.FromSecond > 24*hour || got.ToSecond < -1 ||
		got.ToSecond > 24*hour {
		t.Fatalf("%q at %d: seconds %d…%d", text, i, got.FromSecond, got.ToSecond)
	}
}

func FuzzSentences(f *testing.F) {
	for _, text := range []string{"甲3个。乙5个！", "他说：“今年30个。明年50个。”好。", "（（（。）", "a. b 1.5\n\n二",
		"“甲。”乙。", "》》》《", `"a." "b`, "……\r\n…"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := []rune(text)
		sentences := Sentences(r)
		checkCover(t, r, Span{0, len(r)}, sentences)
		for _, s := range sentences {
			part := r[s.Start:s.End]
			checkCover(t, part, Span{0, len(part)}, Clauses(part))
			last := 0
			for _, item := range Items(part) {
				if item.Start < last || item.Len() <= 0 || item.End > len(part) {
					t.Fatalf("%q: item %v", string(part), item)
				}
				last = item.End
			}
		}
	})
}

// checkCover holds that spans are in order and hold all but white space.
func checkCover(t *testing.T, r []rune, whole Span, spans []Span) {
	t.Helper()
	at := whole.Start
	for _, s := range append(spans, Span{whole.End, whole.End}) {
		if s.Start < at {
			t.Fatalf("%q: %v begins before %d", string(r), s, at)
		}
		if left := trimSpan(r, Span{at, s.Start}); left.Len() > 0 {
			t.Fatalf("%q: %v is in no span", string(r), left)
		}
		at = s.End
	}
}

// TestHostileText holds the work on a hostile text to its length: ten times the text may
// not take more than some thirty times the time.
func TestHostileText(t *testing.T) {
	for name, unit := range map[string]string{
		"brackets": "（", "pairs": "（《“", "closers": "）》”", "mixed": "（《）》", "quotes": `"`,
		"years": "2024年", "numerals": "一", "tens": "十", "marks": "1—", "days": "1日", "blanks": "1 ",
		"spans": "近三", "points": "1.1", "clock": "1:11", "months": "1月", "to": "到", "plans": "“十四五",
	} {
		t.Run(name, func(t *testing.T) {
			small, large := hostileWork(unit, 3_000), hostileWork(unit, 30_000)
			if large > 30*small+50*time.Millisecond {
				t.Errorf("3,000: %v, 30,000: %v", small, large)
			}
		})
	}
}

// hostileWork is the shortest of three times to look at n units, in time of the processor,
// so that a busy machine does not matter.
func hostileWork(unit string, n int) time.Duration {
	r := []rune(strings.Repeat(unit, n))
	best := time.Hour
	for range 3 {
		start := processorTime()
		for _, s := range Sentences(r) {
			Clauses(r[s.Start:s.End])
		}
		for i := range r {
			ScanTime(r, i, Date{2025, 1, 8})
			ScanDuration(r, i)
		}
		best = min(best, processorTime()-start)
	}
	return best
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestScanTimeAllocatesNothing(t *testing.T) {
	r := []rune("云州市科技局，2024年10月底前完成近三年任务，截至目前50%")
	n := testing.AllocsPerRun(100, func() {
		for i := range r {
			ScanTime(r, i, Date{2025, 1, 8})
		}
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkScanTime(b *testing.B) {
	r := []rune(segmentSample)
	b.SetBytes(int64(len(segmentSample)))
	b.ReportAllocs()
	for b.Loop() {
		for i := 0; i < len(r); {
			if t, ok := ScanTime(r, i, Date{2025, 1, 8}); ok {
				i = t.End
				continue
			}
			i++
		}
	}
}

func BenchmarkSentences(b *testing.B) {
	r := []rune(strings.Repeat(segmentSample+"\n", 10))
	b.SetBytes(int64(10 * len(segmentSample)))
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range Sentences(r) {
			Clauses(r[s.Start:s.End])
		}
	}
}
