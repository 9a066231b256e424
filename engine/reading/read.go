package reading

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// MaxText bounds the bytes of one document; what is behind it is not read.
const MaxText = 5 << 20

// Options is what the caller knows about a document. What is unknown is guessed from the text.
type Options struct {
	Date  hanzi.Date // the document's date, which 今年 and 目前 refer to
	Place string     // 太原市: whom 我市 and 全市 mean
	Home  string     // the Place of a document whose first headings name no other
}

// Result is what was read from one document.
type Result struct {
	Document   Document
	Statements []Statement  // in text order
	Others     []hanzi.Span // rune ranges of the text that belong to another document
	Truncated  bool         // the text was longer than MaxText
}

// Read returns the statements of a text. It reads any text without error: what is no
// document has no statements. The time taken is linear in the length of the text.
func Read(text string, o Options) Result {
	cut := false
	if len(text) > MaxText {
		end := MaxText
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, cut = text[:end], true
	}
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	t := hanzi.Fold(text)
	paras := layout(t.Runes)
	doc, front := about(t.Runes, paras, o)
	rd := &reader{text: t, r: t.Runes, given: text, bytes: runeStarts(text), doc: doc,
		lx: lexer{r: t.Runes, ref: doc.Date}}
	rd.beside.lx = rd.lx
	rd.section = section{target: doc.Kind == Plan}
	if doc.Review > 0 {
		rd.section = section{review: true, year: doc.Review}
	}
	rd.docTime = front.part
	rd.out = make([]found, 0, amounts(t.Runes))
	var others []hanzi.Span
	for _, p := range paras {
		if p.role != roleOther && rd.tableLine(p.Span) {
			continue
		}
		switch p.role {
		case roleBody:
			rd.paragraph(p.Span)
		case roleHeading:
			if p.End > front.titleEnd || doc.Review == 0 && front.part == nil {
				rd.heading(p.Span)
			}
			if hasAmount(t.Runes[p.Start:p.End]) {
				rd.paragraph(p.Span) // an item of a list: 3.高新技术企业数量翻一番
			}
		case roleOther:
			a, b := t.Origin(p.Start, p.End)
			others = append(others, hanzi.Span{Start: a, End: b})
		}
	}
	rd.check()
	byStart := func(a, b found) int { return a.Start - b.Start }
	if !slices.IsSortedFunc(rd.out, byStart) {
		slices.SortStableFunc(rd.out, byStart)
	}
	for i := range rd.out {
		s := &rd.out[i].Statement
		s.Start, s.End = t.Origin(s.Start, s.End)
		s.Quote = text[rd.bytes[s.Start]:rd.bytes[s.End]]
	}
	res := Result{Document: doc, Others: others, Truncated: cut}
	res.Statements = make([]Statement, len(rd.out))
	for i, f := range rd.out {
		res.Statements[i] = f.Statement
	}
	return res
}

// amounts is about how many statements a text makes: one for each figure, and some without.
func amounts(r []rune) int {
	n, clauses, figure := 0, 0, false
	for _, c := range r {
		digit := c >= '0' && c <= '9' || c == '.'
		if digit && !figure {
			n++
		}
		figure = digit
		if c == '，' || c == '、' {
			clauses++
		}
	}
	return n + clauses/clausesAStatement
}

// clausesAStatement is about how many parts of sentences make a statement without a figure.
const clausesAStatement = 12

// runeStarts are the bytes at which the runes of a text begin, and the length of the text.
func runeStarts(text string) []int32 {
	starts := make([]int32, 0, utf8.RuneCountInString(text)+1)
	for i := range text {
		starts = append(starts, int32(i))
	}
	return append(starts, int32(len(text)))
}

// found is a statement with what the checks need of it.
type found struct {
	Statement
	value    hanzi.Decimal
	para     int // number of the paragraph
	sentence int
	base     bool // the start of a change: 由4家
	toward   bool // the end of one: 增至8家
	within   bool // 其中: a part of the amount before
	row      bool // a line of a table
	each     bool // what every name of a list has
	more     bool // 其余 without a number follows the members
	total    bool // 合计: the sum of those before
	part     bool // a member of an enumeration that adds up
	state    bool // 已完成102项: how far some of the things are
	annual   bool
}

// reader reads one document.
type reader struct {
	text    hanzi.Text
	r       []rune // folded
	given   string
	bytes   []int32 // where each rune of given begins, and where it ends
	doc     Document
	lx      lexer
	out     []found
	section section

	// What a paragraph carries from sentence to sentence.
	nPara, nSent           int
	docTime                *hanzi.Time // that the first paragraph gives the document
	paraTime               *hanzi.Time
	paraSubject            string
	modalBefore, modalLast bool // a paragraph before, the last one says so
	modal                  bool // the paragraph says what is to be done
	last                   frame
	lastIndicator          string
	lastName               string // the organisation named last, for 该公司
	tableUnit              string // of the figures of the table below: 单位：万元
	sentenceStart          int    // the rune that the first sentence of the paragraph begins at
	topicHead              bool   // the topic is that of a run-in heading
	topic                  string // the object of the task before, for amounts that name none

	c carry

	beside beside

	scratch // memory that is used again
}

// scratch is memory that a reader uses again and again, or hands out in pieces.
type scratch struct {
	f     frame
	s     found
	times []hanzi.Time
	words []string
	days  [8]struct { // the dates written last
		date hanzi.Date
		text string
	}
}

// frame returns the one frame, empty. What it held before is gone.
func (x *scratch) frame() *frame {
	x.f = frame{}
	return &x.f
}

// found returns the one statement, empty.
func (x *scratch) found() *found {
	x.s = found{}
	return &x.s
}

// piece is how many times or words are made room for at once.
const piece = 64

// keepTime returns a place of its own for a time.
func (x *scratch) keepTime(t hanzi.Time) *hanzi.Time {
	if len(x.times) == cap(x.times) {
		x.times = make([]hanzi.Time, 0, piece)
	}
	x.times = append(x.times, t)
	return &x.times[len(x.times)-1]
}

// keepWords returns the words that are not empty, in a list of their own.
func (x *scratch) keepWords(w []string) []string {
	if cap(x.words)-len(x.words) < len(w) {
		x.words = make([]string, 0, max(piece, len(w)))
	}
	from := len(x.words)
	for _, s := range w {
		if s != "" {
			x.words = append(x.words, s)
		}
	}
	if from == len(x.words) {
		return nil
	}
	return x.words[from:len(x.words):len(x.words)]
}

// iso writes a date as 2024-03-05, and no date as "".
func (x *scratch) iso(d hanzi.Date) string {
	if d.IsZero() {
		return ""
	}
	at := &x.days[uint(d.Month+d.Day+3*d.Year)%uint(len(x.days))]
	if at.date != d {
		at.date, at.text = d, iso(d)
	}
	return at.text
}

// section is what a heading says about the paragraphs under it.
type section struct {
	target     bool       // what is to be done, not what was done
	review     bool       // what was done
	imperative bool       // sentences without a subject oblige
	from, to   hanzi.Date // the years it looks back on, or zero
	year       int        // the year it speaks of, or 0
}

// str is the text as given of a folded span.
func (rd *reader) str(from, to int) string {
	from, to = rd.text.Origin(from, to)
	return rd.given[rd.bytes[from]:rd.bytes[to]]
}

func (rd *reader) tokStr(t token) string { return rd.str(t.start, t.end) }

// paragraph reads one paragraph.
func (rd *reader) paragraph(p hanzi.Span) {
	rd.nPara++
	rd.paraTime, rd.paraSubject, rd.modal = rd.docTime, rd.attribution(p), false
	if rd.section.target {
		rd.paraTime = nil
	}
	rd.modalBefore = rd.modalLast
	rd.modalLast = false
	rd.lastIndicator, rd.topic, rd.topicHead = "", "", false
	first := len(rd.out)
	rd.goalParagraph(p)
	item := p.Start
	p = rd.itemHead(p)
	rd.modal = nextSteps(rd.str(p.Start, min(p.End, p.Start+maxSteps)))
	rd.sentenceStart = p.Start
	for i, s := range pieces(hanzi.Sentences(rd.r[p.Start:p.End])) {
		if i == 0 && p.Start > item && rd.runIn(hanzi.Span{Start: p.Start + s.Start,
			End: p.Start + s.End}, p) {
			continue
		}
		rd.sentence(hanzi.Span{Start: p.Start + s.Start, End: p.Start + s.End})
	}
	rd.owners(p, first)
}

// maxSteps bounds the runes of a word that begins a paragraph on what comes next.
const maxSteps = 8

// maxClause bounds the tokens of a clause.
const maxClause = 160

// maxSentence bounds the runes that are read as one sentence. What is longer is no prose.
const maxSentence = 1500

// pieces cuts sentences without end, so that the work stays linear in the length of the text.
func pieces(sentences []hanzi.Span) []hanzi.Span {
	long := false
	for _, s := range sentences {
		long = long || s.Len() > maxSentence
	}
	if !long {
		return sentences
	}
	var out []hanzi.Span
	for _, s := range sentences {
		for s.Len() > maxSentence {
			out = append(out, hanzi.Span{Start: s.Start, End: s.Start + maxSentence})
			s.Start += maxSentence
		}
		out = append(out, s)
	}
	return out
}

// sentence reads one sentence.
func (rd *reader) sentence(s hanzi.Span) {
	rd.nSent++
	toks := rd.lx.sentence(s.Start, s.End)
	if s.Len() > 2 && rd.r[s.Start+1] == '是' && strings.ContainsRune("二三四五六七八九", rd.r[s.Start]) {
		rd.paraTime = nil // 二是: another point
	}
	rd.c = carry{time: rd.paraTime}
	before := rd.paraTime
	for from := 0; from < len(toks); {
		to := from
		for to < len(toks) && !clauseEnd(toks[to].kind) && to-from < maxClause {
			to++
		}
		if rd.ownerClause(toks[from:to]) {
			break
		}
		rd.clause(toks[from:to], from == 0)
		if to < len(toks) && toks[to].kind == kSemi {
			rd.c.group()
		}
		from = to
		if to < len(toks) && clauseEnd(toks[to].kind) {
			from++
		}
	}
	if rd.paraTime != nil && rd.paraTime != before && rd.paraTime.Start+1 == rd.c.event {
		rd.paraTime = before // the day of an event is not that of what follows
	}
	rd.modal = rd.modal || rd.c.modal || rd.c.future
	rd.modalLast = rd.modal
	if rd.c.hasAny {
		rd.last, rd.lastIndicator = rd.c.last, rd.c.indicator
	}
}

func clauseEnd(k kind) bool { return k == kComma || k == kSemi || k == kColon || k == kEnd }

// carry is what a sentence hands from clause to clause.
type carry struct {
	indicator   string // the last full indicator, for ellipsis
	full        string // the indicator of the statement before
	subject     string // who the sentence is about, "" for the place
	time        *hanzi.Time
	clauseT     *hanzi.Time // of the clauses joined by commas
	event       int         // one more than the start of a time that only dates an event
	partTime    *hanzi.Time // of the member of a list before: 其中今年120个
	lapse       int         // years that a change took: 五年增长
	lapseEnd    int         // the rune behind them
	last        frame       // the amount before
	hasLast     bool        // last is of this group of clauses
	hasAny      bool        // last is of this sentence
	fromTime    *hanzi.Time // of the start of a change: 由2017年的321家
	share       string      // the whole, while a share is spoken of
	dist        []string
	distSubject []string // names that numbers go to in order
	object      string   // of the task before in the sentence
	made        string   // what a milestone of the sentence is about
	built       string   // what the milestones of the clause are about
	prevNoun    string   // the noun phrase that the clauses before began with
	fresh       bool     // … the one directly before
	lastList    string   // a list of names before
	distTimes   []*hanzi.Time
	distNext    int
	wholeYear   bool
	gain        bool
	modal       bool // 要, 将, 力争: in this sentence
	done        bool // the clause says that something was done: 实现了
	subjectEnd  int  // the rune behind a subject that is a whole token
	future      bool // the sentence speaks of a time to come
	goal        bool // 目标是: what follows is to be reached
}

// group forgets at a semicolon what belongs to the clauses before it.
func (c *carry) group() {
	c.fromTime = nil
	c.clauseT, c.share, c.dist, c.gain = nil, "", nil, false
	c.distTimes, c.distSubject = nil, nil
	c.subject = ""
	c.hasLast = false
	c.object = ""
	c.partTime = nil
}
