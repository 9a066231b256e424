package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Fact is one line of a record: term and value.
type Fact struct {
	Term   string
	Text   string // "" shows —
	Href   string
	Big    bool // the one figure of the box
	Mono   bool
	Status *State
	Mask   *Mask
	CopyID string
	Source string          // "企业填报 · 2026-11-20"
	Body   templ.Component // anything else, instead of Text
}

// Mask is a value shown in part (138****0000). The button asks the server for the whole value,
// which it logs; Reveal is "" for somebody who may not see it.
type Mask struct {
	ID     string // unique in the page
	Shown  string
	Reveal string // POST address answering MaskedValue
	Note   string // "查看将留痕"
}

// Entry is one line of a timeline.
type Entry struct {
	Time    string // "2026-11-20 09:30"
	Machine string // RFC 3339
	Title   string
	By      string // who
	Text    string
	Seen    string // who may see this entry: "专家与工作人员可见"
	Tone    Tone
	Links   []Link
	Changes []Change
}

// Change is one field before and after.
type Change struct {
	Field string
	Old   string
	New   string
}

// Stale is a write that came too late: both versions side by side.
type Stale struct {
	Title  string // "保存前，张三已在 14:20 修改了这条记录"
	Lead   string
	Fields []StaleField
	Post   string // address to save my version again
	Hidden []Hidden
	Reload string // address of the record as it is now
}

// StaleField is a field that differs.
type StaleField struct {
	Label  string
	Theirs string
	Mine   string
}

// Work is a piece of work that takes a while, as its progress page shows it.
type Work struct {
	ID       string
	Title    string
	Text     string // "已检查 3,200 / 10,000 行"
	Percent  int    // 0–100, -1 = unknown
	State    State
	Poll     string // address of this fragment while it runs, "" when finished
	Cancel   *Post
	Result   []Link // what to do when it is finished
	Problems []string
}

// Question asks before something that cannot be taken back. It is a section of a page with an
// address, never a modal.
type Question struct {
	Title  string
	Text   string
	Facts  []Fact
	Inputs []Input // a reason, the name typed again
	Form   FormView
	Back   Link // the way out: {返回, address}
	Button Action
}

// Failure is what an error page says.
type Failure struct {
	Status  int
	Title   string
	Text    string
	Advice  []string
	Request string // number to quote
	Links   []Link
	Fields  []SummaryItem
}

// Document is a page made for paper: 申报书, 合同, 台账.
type Document struct {
	Number    string // 并科发〔2026〕12号
	Issuer    string
	Date      string
	Watermark string // "张三 2026-11-22 导出"
	Check     string // check code under the page
	Back      string
}

// watermarkRows is how often the watermark repeats down a page of paper.
const watermarkRows = 8

func (q Question) form() FormView {
	f := q.Form
	f.Plain = true
	f.Buttons = []Action{q.Button}
	if q.Back.Href != "" {
		f.Buttons = append(f.Buttons, Action{Text: q.Back.Text, Href: q.Back.Href})
	}
	return f
}

// OrDash is a text, or the sign that there is none.
func OrDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// pollAttrs makes the fragment ask for itself while the work runs.
func pollAttrs(w Work) templ.Attributes {
	if w.Poll == "" {
		return nil
	}
	return templ.Attributes{
		"hx-get": string(templ.URL(w.Poll)), "hx-trigger": "every 1s", "hx-swap": "outerHTML",
	}
}

// watermarkY is the height of row i in the 1130 units of the page.
func watermarkY(i int) string { return strconv.Itoa(120 + i*150) }
