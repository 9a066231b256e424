package report

import (
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Kinds of marks.
const (
	MarkDiffers = "differs" // the number is not the one of its source
	MarkStray   = "stray"   // the number has no source
	MarkDoubt   = "doubt"   // the numbers of the text contradict each other
)

// Mark is a place of a text that is not in order.
type Mark struct {
	Kind  string `json:"kind"`
	Quote string `json:"quote"`
	N     int64  `json:"n,omitempty"`     // of the figure it should say
	Wants string `json:"wants,omitempty"` // what the figure says: 4000家; of a doubt, what does not add up
	start int    // runes of the body
	end   int
}

// Check (回读) is what reading a text gives against its figures.
type Check struct {
	Figures int    `json:"figures"` // that the text should say
	Read    int    `json:"read"`    // that were read back as they are
	Marks   int    `json:"marks"`
	Notes   []Mark `json:"notes"`
	others  int    // statements without a number
}

// Clean says that all figures were read back and that there is no number beside them.
func (c Check) Clean() bool { return c.Read == c.Figures && c.Marks == 0 }

// Piece is a stretch of a text: plain, a number with its figure, or something marked.
type Piece struct {
	Text string `json:"text"`
	N    int64  `json:"n,omitempty"`
	Mark string `json:"mark,omitempty"`
}

// checked is a text that was read.
type checked struct {
	Check
	pieces []Piece
	told   map[int64]bool // figures that the text speaks of
}

// head is what stands over the text of a report where it is read: its title and its day.
func (r Report) head() string { return r.Title + "\n" + i18n.DateLong(i18n.ZH, r.Day) + "\n\n" }

// Whole is the text with its title and its day, as it is read and filed.
func (r Report) Whole() string { return r.head() + r.Text }

// readOptions are how a report is read: as a document of its day about its place.
func readOptions(r Report) reading.Options {
	day, _ := hanzi.ParseDate(string(r.Day))
	return reading.Options{Date: day, Home: r.PlaceName}
}

// span is where a number stands in the body.
type span struct {
	start, end int
	n          int64
	mark       string
}

// checkText reads a text and compares what it says with its figures.
func checkText(r Report, figures []Figure) checked {
	head := len([]rune(r.head()))
	body := []rune(r.Text)
	out := checked{Check: Check{Figures: len(figures), Notes: []Mark{}}, told: map[int64]bool{}}
	statements := reading.Read(r.Whole(), readOptions(r)).Statements
	pairs := paired(statements, figures)
	var spans []span
	for i, st := range statements {
		start, end := max(st.Start-head, 0), max(st.End-head, 0)
		doubt := st.Check.Rule != "" && !st.Check.OK
		if st.Value == "" {
			out.others++
		}
		if st.Value == "" && !doubt {
			continue
		}
		m := Mark{Quote: st.Quote, start: start, end: end}
		switch p := pairs[i]; {
		case doubt:
			m.Kind, m.Wants = MarkDoubt, st.Check.Text(false)
		case p.at < 0:
			m.Kind = MarkStray
		case !p.exact:
			m.Kind, m.N, m.Wants = MarkDiffers, figures[p.at].N, figures[p.at].Shown()
		}
		if p := pairs[i]; p.at >= 0 {
			out.told[figures[p.at].N] = true
			if p.exact && !doubt {
				out.Read++
				spans = append(spans, written(body, start, end, figures[p.at]))
				continue
			}
		}
		out.Notes = append(out.Notes, m)
		spans = append(spans, span{start, end, m.N, m.Kind})
	}
	out.Marks = len(out.Notes)
	out.pieces = cut(body, spans)
	return out
}

// written finds the number of a figure within the words that say it.
func written(body []rune, start, end int, f Figure) span {
	start, end = min(start, len(body)), min(end, len(body))
	want := []rune(f.Written)
	for i := end - len(want); i >= start; i-- {
		if slices.Equal(body[i:i+len(want)], want) {
			return span{i, i + len(want), f.N, ""}
		}
	}
	return span{start, end, f.N, ""}
}

// cut makes pieces of a text.
func cut(body []rune, spans []span) []Piece {
	slices.SortStableFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []Piece
	at := 0
	for _, s := range spans {
		s.end = min(s.end, len(body))
		if s.start < at || s.end <= s.start {
			continue // within the one before
		}
		if s.start > at {
			out = append(out, Piece{Text: string(body[at:s.start])})
		}
		out = append(out, Piece{Text: string(body[s.start:s.end]), N: s.n, Mark: s.mark})
		at = s.end
	}
	if at < len(body) {
		out = append(out, Piece{Text: string(body[at:])})
	}
	return out
}

// pair is the figure that a statement says, -1 for none.
type pair struct {
	at    int
	exact bool
}

// paired finds the figure of each statement: first those that say it exactly, then those that speak of
// the same thing.
func paired(statements []reading.Statement, figures []Figure) []pair {
	out := make([]pair, len(statements))
	used := make([]bool, len(figures))
	for i := range out {
		out[i].at = -1
	}
	for _, exact := range []bool{true, false} {
		for i, st := range statements {
			if st.Value == "" || out[i].at >= 0 {
				continue
			}
			for j, f := range figures {
				if !used[j] && f.about(st) && (!exact || f.said(st)) {
					out[i], used[j] = pair{j, exact}, true
					break
				}
			}
		}
	}
	return out
}

// about says whether a statement speaks of what the figure measures.
func (f Figure) about(st reading.Statement) bool {
	measured := st.Measure == f.Measure || f.Measure == reading.Level && st.Measure == reading.Share
	return measured && st.Kind == f.Kind && st.Subject == f.PlaceName && f.named(st)
}

// named compares names. A share is read as a part of its whole: 财政科技支出 of 公共财政支出.
func (f Figure) named(st reading.Statement) bool {
	if st.Indicator == f.Name {
		return true
	}
	return st.Measure == reading.Share && st.Indicator != "" && strings.HasPrefix(f.Name, st.Indicator) &&
		strings.Contains(f.Name, st.Of)
}

// said says whether a statement says the figure as it is: value, unit, operator and time.
func (f Figure) said(st reading.Statement) bool {
	return st.Op == f.Op && st.Unit == f.Unit && sameNumber(st.Value, f.Value) &&
		clock.Date(st.To) == f.To && (f.From == "" || st.From == "" || clock.Date(st.From) == f.From)
}

func sameNumber(a, b string) bool {
	x, ok := new(big.Rat).SetString(a)
	y, also := new(big.Rat).SetString(b)
	return ok && also && x.Cmp(y) == 0
}
