package plan

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// StatementData is what a statement says.
type StatementData struct {
	Kind      string     `json:"kind"`              // Fact, TargetKind or TaskKind
	Subject   string     `json:"subject,omitempty"` // 太原市; who or what it is about
	Indicator string     `json:"indicator"`         // the phrase, or what is to be done
	Measure   string     `json:"measure,omitempty"` // one of Measures; "" for a task
	Verb      string     `json:"verb,omitempty"`    // of a task
	Owner     string     `json:"owner,omitempty"`   // of a task, as the text names it
	Op        string     `json:"op,omitempty"`      // one of Operators
	Value     Decimal    `json:"value,omitempty"`
	Unit      string     `json:"unit,omitempty"` // as written: 亿元
	From      clock.Date `json:"from,omitempty"`
	To        clock.Date `json:"to,omitempty"` // a stock has its as-of day here
	Of        string     `json:"of,omitempty"` // the whole of a share or a rank, the base of growth
}

// Statement (条目) is a stretch of a document that says something countable or obliges somebody.
type Statement struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	StatementData
	Check      string         `json:"check,omitempty"`  // "ok: …" or "doubt: …"
	Reason     string         `json:"reason,omitempty"` // why it was found
	Start      int64          `json:"start"`            // in characters of the document's text
	End        int64          `json:"end"`
	Quote      string         `json:"quote"`
	Origin     string         `json:"origin"`               // OriginRead or OriginHand
	AsRead     *StatementData `json:"asRead,omitempty"`     // before a person corrected it
	Definition string         `json:"definition,omitempty"` // id of the Indicator it is linked to
	State      string         `json:"state"`
	Note       string         `json:"note,omitempty"` // why it was rejected or corrected
	DecidedUs  int64          `json:"decidedUs,omitempty"`
	DecidedBy  string         `json:"-"`
	Version    int64          `json:"version"`

	found evidenced
	fact  fact
}

// evidenced are the rules and words behind a statement and the verdict on its arithmetic.
type evidenced struct {
	Reason reading.Reason `json:"reason,omitzero"`
	Check  reading.Check  `json:"check,omitzero"`
}

// Verdicts on the arithmetic of a statement.
const (
	verdictOK    = "ok"
	verdictDoubt = "doubt"
)

// verdict is what the text's own arithmetic says, "" when there is none.
func (s Statement) verdict() string {
	switch {
	case s.found.Check.Rule == "":
		return ""
	case s.found.Check.OK:
		return verdictOK
	default:
		return verdictDoubt
	}
}

// ReasonIn says in language l why the statement was found, "" for one that was added by hand.
func (s Statement) ReasonIn(l i18n.Lang) string { return s.found.Reason.Text(l == i18n.EN) }

// CheckIn says in language l what the arithmetic of the text gives.
func (s Statement) CheckIn(l i18n.Lang) string { return s.found.Check.Text(l == i18n.EN) }

// Where a statement came from.
const (
	OriginRead = "read" // the engine read it
	OriginHand = "hand" // a person marked it
)

// States of a statement.
const (
	StatementPending   = "pending"   // 待审读
	StatementAccepted  = "accepted"  // 已采纳
	StatementCorrected = "corrected" // 已更正
	StatementRejected  = "rejected"  // 不采纳
)

// StatementStates are the states with their titles.
func StatementStates() []Choice {
	return []Choice{{StatementPending, "待审读"}, {StatementAccepted, "已采纳"},
		{StatementCorrected, "已更正"}, {StatementRejected, "不采纳"}}
}

// Doubtful says whether the arithmetic of the text leaves a doubt.
func (s Statement) Doubtful() bool { return s.verdict() == verdictDoubt }

// Confirmed says whether a person stands behind the statement, so that a target or a task may be
// made of it.
func (s Statement) Confirmed() bool {
	return s.State == StatementAccepted || s.State == StatementCorrected
}

// Limits of a statement, in characters.
const (
	maxPhrase = 100
	maxUnit   = 20
	maxQuote  = 1_000
)

// Normalise brings what people type into the form that is stored.
func (d *StatementData) Normalise() {
	for _, s := range []*string{&d.Subject, &d.Indicator, &d.Verb, &d.Owner, &d.Unit, &d.Of} {
		*s = tidy(*s)
	}
	if v, ok := ParseDecimal(string(d.Value)); ok {
		d.Value = v
	}
}

func (d StatementData) check(f *faults) {
	f.choice("kind", d.Kind, StatementKinds())
	f.line("subject", d.Subject, maxPhrase, false)
	f.line("indicator", d.Indicator, maxPhrase, true)
	f.line("verb", d.Verb, maxPhrase, false)
	f.line("owner", d.Owner, maxPhrase, false)
	f.line("unit", d.Unit, maxUnit, false)
	f.line("of", d.Of, maxPhrase, false)
	f.period("from", "to", d.From, d.To, false)
	numbered := d.Kind != TaskKind && d.Measure != "date"
	if d.Kind != TaskKind || d.Measure != "" {
		f.choice("measure", d.Measure, Measures())
	}
	switch {
	case d.Value != "" && !d.Value.Valid():
		f.add("value", "应为数字，整数最多 %d 位，小数最多 %d 位", maxWhole, maxFraction)
	case d.Value == "" && numbered:
		f.add("value", "请填写这一项")
	}
	if numbered || d.Op != "" {
		f.choice("op", d.Op, Operators())
	}
}

// clip shortens what was read to what can be stored: a reader that brings a longer phrase loses the
// end of it, never the statement.
func (d *StatementData) clip() {
	for _, s := range []*string{&d.Subject, &d.Indicator, &d.Verb, &d.Owner, &d.Of} {
		*s = firstRunes(tidy(*s), maxPhrase)
	}
	d.Unit = firstRunes(tidy(d.Unit), maxUnit)
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// asRead is what was read, whatever a person made of it.
func (s Statement) asRead() StatementData {
	if s.AsRead != nil {
		return *s.AsRead
	}
	return s.StatementData
}

const statementColumns = `s.id, s.document, s.kind, s.subject, s.indicator, s.measure, s.verb,
	s.owner, s.op, s.value, s.unit, s.from_day, s.to_day, s.of_whole, s.verdict, s.found, s.start_rune,
	s.end_rune, s.quote, s.origin, s.as_read, s.definition, s.state, s.note, s.decided_us,
	s.decided_by, s.version, s.fact_key, s.fact_amount`

func scanStatement(r db.Row) (Statement, error) {
	var s Statement
	var asRead, verdict, found string
	err := r.Scan(&s.ID, &s.Document, &s.Kind, &s.Subject, &s.Indicator, &s.Measure, &s.Verb,
		&s.Owner, &s.Op, &s.Value, &s.Unit, &s.From, &s.To, &s.Of, &verdict, &found, &s.Start,
		&s.End, &s.Quote, &s.Origin, &asRead, &s.Definition, &s.State, &s.Note, &s.DecidedUs,
		&s.DecidedBy, &s.Version, &s.fact.key, &s.fact.amount)
	if err != nil {
		return s, err
	}
	if err := decode(found, &s.found); err != nil {
		return s, err
	}
	s.Check, s.Reason = s.found.Check.String(), s.found.Reason.Text(false)
	return s, decode(asRead, &s.AsRead)
}

func (s Statement) row() []any {
	return []any{s.ID, s.Document, s.Kind, s.Subject, s.Indicator, s.Measure, s.Verb, s.Owner,
		s.Op, string(s.Value), s.Unit, string(s.From), string(s.To), s.Of, s.verdict(), s.foundJSON(),
		s.Start, s.End, s.Quote, s.Origin, encode(s.AsRead), s.Definition, s.State, s.Note,
		s.DecidedUs, s.DecidedBy, s.fact.key, s.fact.amount}
}

// foundJSON is "" for a statement that was added by hand.
func (s Statement) foundJSON() string {
	if s.found.Reason.Rule == "" && s.found.Check.Rule == "" {
		return ""
	}
	return encode(s.found)
}

// encode writes a value as JSON for a column, "" for none.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil || slices.Contains([]string{"null", "{}", "[]"}, string(b)) {
		return ""
	}
	return string(b)
}

func decode(text string, v any) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("decode a column: %w", err)
	}
	return nil
}
