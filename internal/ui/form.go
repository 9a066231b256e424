package ui

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// InputKind is the sort of a form field.
type InputKind uint8

// The kinds of input.
const (
	InText InputKind = iota
	InArea
	InSelect
	InRadio
	InChecks // several check boxes of one name
	InCheck  // one check box with its sentence as Text; value "1"
	InDate
	InPassword
	InNumber // decimal text with an optional unit, never type=number (it eats what it dislikes)
	InFile
	InEmail
	InTel
	InStatic // shown, not editable, not sent
)

// Input is one field of a form with its label, hint, message and value.
type Input struct {
	Kind         InputKind
	Name         string // name of the form field and of the fault's field
	ID           string // "" = FieldID(Name)
	Label        string
	Hint         string
	Err          string // message above the control: says how to repair
	Value        string
	Values       []string // chosen values of InChecks
	Options      []Option
	Optional     bool   // marked （选填）; required is the default and not marked
	ReadOnly     bool   // shown and sent, not changed
	Width        Width  // hints the length of the answer
	Unit         string // after the control: 万元, %
	Text         string // sentence beside a single check box
	Rows         int    // of a text area, 5 when 0
	MaxLen       int
	Count        bool   // shows "12 / 200 字"
	AutoComplete string // WHATWG autofill token: organization, name, tel-national …
	InputMode    string // numeric, decimal …
	Placeholder  string // an example, never the label
	Accept       string // of a file
	Multiple     bool   // of a file
	Mono         bool   // codes and numbers of documents
	Source       string // "工商登记 · 2026-11-20": where the value came from
	Attrs        templ.Attributes
}

// Width is the width of a control in about as many characters.
type Width string

// The widths. The zero value fills the form's column.
const (
	WFull Width = ""
	W6    Width = "w6"
	W10   Width = "w10"
	W14   Width = "w14"
	W18   Width = "w18"
)

// FieldID is the id of the control for a form field, the target of error links.
func FieldID(name string) string {
	return "f-" + strings.NewReplacer(".", "-", "[", "-", "]", "", " ", "-").Replace(name)
}

func (in Input) id() string {
	if in.ID != "" {
		return in.ID
	}
	return FieldID(in.Name)
}

func (in Input) rows() string {
	if in.Rows > 0 {
		return strconv.Itoa(in.Rows)
	}
	return "5"
}

func (in Input) group() bool { return in.Kind == InRadio || in.Kind == InChecks }

func (in Input) chosen(v string) bool {
	if in.Kind == InChecks {
		return slices.Contains(in.Values, v)
	}
	return in.Value == v
}

// optionID gives the first option the id of the field, so that an error link lands on it.
func (in Input) optionID(i int) string {
	if i == 0 {
		return in.id()
	}
	return in.id() + "-" + strconv.Itoa(i)
}

// describedBy joins the ids of message, hint and unit that exist.
func (in Input) describedBy() string {
	var ids []string
	for _, d := range []struct {
		on     bool
		suffix string
	}{{in.Err != "", "-err"}, {in.Hint != "", "-hint"}, {in.Unit != "", "-unit"},
		{in.Source != "", "-source"}} {
		if d.on {
			ids = append(ids, in.id()+d.suffix)
		}
	}
	return strings.Join(ids, " ")
}

// described are the accessibility attributes of the control or of the group.
func (in Input) described() templ.Attributes {
	m := templ.Attributes{}
	if d := in.describedBy(); d != "" {
		m["aria-describedby"] = d
	}
	if in.Err != "" && !in.group() {
		m["aria-invalid"] = "true"
	}
	return m
}

// attrs are all further attributes of the control.
func (in Input) attrs() templ.Attributes {
	m := in.described()
	set := func(k, v string) {
		if v != "" {
			m[k] = v
		}
	}
	set("autocomplete", in.AutoComplete)
	set("inputmode", in.inputMode())
	set("placeholder", in.Placeholder)
	set("class", in.class())
	if in.MaxLen > 0 {
		m["maxlength"] = strconv.Itoa(in.MaxLen)
	}
	if in.Count && in.MaxLen > 0 {
		m["data-count"] = true
	}
	if in.ReadOnly {
		m["readonly"] = true
	}
	if in.Mono {
		m["spellcheck"] = "false"
	}
	for k, v := range in.Attrs {
		m[k] = v
	}
	return m
}

func (in Input) inputMode() string {
	if in.InputMode == "" && in.Kind == InNumber {
		return "decimal"
	}
	return in.InputMode
}

func (in Input) class() string {
	var c []string
	if in.Width != "" {
		c = append(c, string(in.Width))
	}
	if in.Mono {
		c = append(c, "mono")
	}
	return strings.Join(c, " ")
}

func (in Input) htmlType() string {
	switch in.Kind {
	case InDate:
		return "date"
	case InPassword:
		return "password"
	case InFile:
		return "file"
	case InEmail:
		return "email"
	case InTel:
		return "tel"
	}
	return "text"
}

// FormView is a form around its fields, which come as children of Form.
type FormView struct {
	ID       string // "form" when empty; needed when a page has several
	Action   string
	Get      bool
	Hidden   []Hidden
	Version  string // row version for compare-and-set, sent as "version"
	Summary  Summary
	Buttons  []Action
	Autosave string // address the draft is posted to (header X-Autosave: 1), "" = no autosave
	Saved    string // "已自动保存 14:32:05" of the last save
	Upload   bool   // multipart form
	Locked   string // reason the form is read-only (past the deadline, state): fields are disabled
	Guard    bool   // warn before leaving with changes that were not sent
	Plain    bool   // no box around it
}

func (f FormView) id() string {
	if f.ID == "" {
		return "form"
	}
	return f.ID
}

func (f FormView) method() string {
	if f.Get {
		return "get"
	}
	return "post"
}

// enter is an unseen copy of the first button at the top of the form. The browser presses the first
// button in the document when somebody hits Enter in a field; without the copy that could be the
// button that removes a row.
func (f FormView) enter() (Action, bool) {
	if f.Locked != "" {
		return Action{}, false
	}
	for _, b := range f.Buttons {
		if b.Href == "" && b.Why == "" && b.FormURL == "" {
			return b, true
		}
	}
	return Action{}, false
}

func (f FormView) attrs() templ.Attributes {
	m := templ.Attributes{}
	if f.Upload {
		m["enctype"] = "multipart/form-data"
	}
	if f.Autosave != "" && f.Locked == "" {
		m["data-autosave"] = string(templ.URL(f.Autosave))
		m["data-saved"] = "#" + f.id() + "-saved"
	}
	if f.Guard {
		m["data-guard"] = true
	}
	return m
}

// Summary lists what has to be repaired, with links to the fields.
type Summary struct {
	Title string
	Items []SummaryItem
}

// SummaryItem is one wrong field. ID is the id of its control, "" for a message without one.
type SummaryItem struct {
	ID   string
	Text string
}

// SummaryOf makes the summary of a fault. Pass nil to get an empty one.
func SummaryOf(l i18n.Lang, err error) Summary {
	if err == nil {
		return Summary{}
	}
	s := Summary{Title: i18n.Error(l, err)}
	e, ok := fault.As(err)
	if !ok {
		return s
	}
	for _, f := range e.Fields {
		s.Items = append(s.Items, SummaryItem{ID: FieldID(f.Name), Text: i18n.FieldText(l, f)})
	}
	return s
}

// Mark sets the message of each input the fault names. Messages for other fields stay in the
// summary only.
func Mark(l i18n.Lang, inputs []Input, err error) {
	e, ok := fault.As(err)
	if !ok {
		return
	}
	for _, f := range e.Fields {
		for i := range inputs {
			if inputs[i].Name == f.Name && inputs[i].Err == "" {
				inputs[i].Err = i18n.FieldText(l, f)
			}
		}
	}
}

// Step is one section of a wizard. The last one is 核对并提交.
type Step struct {
	Text  string
	Href  string // "" = cannot be opened yet
	State StepState
}

// StepState says how far a step is.
type StepState string

// The states of a step.
const (
	StepTodo StepState = "todo"
	StepNow  StepState = "now"
	StepDone StepState = "done"
)

// Combo picks one or several records by typing. Without JavaScript the text is sent as Name+"_q"
// and Browse leads to a page where one can search and choose.
type Combo struct {
	Input             // Name, Label, Hint, Err, Optional, Value (text in the box)
	Source   string   // address answering ComboOptions for ?q=
	Picked   []Option // chosen ones, sent as hidden fields called Name
	Many     bool     // more than one may be picked
	Browse   string   // search page for those without JavaScript
	MaxPicks int      // 0 = no limit
}

func (c Combo) listID() string { return c.id() + "-list" }

func (c Combo) attrs() templ.Attributes {
	m := c.described()
	m["hx-get"] = string(templ.URL(c.Source))
	m["hx-trigger"] = "input delay:200ms"
	m["hx-target"] = "#" + c.listID()
	m["hx-swap"] = "innerHTML"
	m["hx-sync"] = "this:replace"
	if c.Placeholder != "" {
		m["placeholder"] = c.Placeholder
	}
	return m
}

// EditRows is a list of small groups of fields, one fieldset each: addresses, contacts.
type EditRows struct {
	Name     string // prefix of the field names: contacts.0.phone
	Legend   string
	Hint     string
	Row      string    // heading of one row, with the number filled in: 联系人 %s
	Rows     [][]Input // names are complete: RowName("contacts", 0, "phone")
	Blank    []Input   // an empty row; its names use RowName("contacts", RowBlank, …)
	Add      string    // 添加联系人
	Max      int       // 0 = no limit
	Optional bool
}

// RowBlank is the row number inside the blank row; the script replaces it.
const RowBlank = -1

// RowName is the form name of a field in row n.
func RowName(list string, n int, field string) string {
	if n == RowBlank {
		return list + ".__." + field
	}
	return fmt.Sprintf("%s.%d.%s", list, n, field)
}

// maxRowNumber is the highest row number RowNumbers accepts.
const maxRowNumber = 999

// RowNumbers returns the numbers of the rows of a list that a form sent, in order. Rows removed on
// the page leave gaps; names that are not RowName(list, n, field) are ignored.
func RowNumbers(form url.Values, list string) []int {
	var out []int
	for name := range form {
		rest, ok := strings.CutPrefix(name, list+".")
		if !ok {
			continue
		}
		digits, _, ok := strings.Cut(rest, ".")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 || n > maxRowNumber || strconv.Itoa(n) != digits {
			continue
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// UploadView is a list of files with a box to add more.
type UploadView struct {
	Input
	Files []FileView
	Limit string // "单个文件不超过 50 MB，支持 PDF、JPG"
	URL   string // address that takes files at once with JavaScript; "" = with the form
}

// FileView is one uploaded file.
type FileView struct {
	ID     string
	Name   string
	Href   string
	Size   string
	State  State  // {OK, "已检查"}; {Bad, "发现病毒，已隔离"}
	Remove string // value of the button "remove", "" = cannot be removed
}

// TreeNode is one choice in a tree of check boxes.
type TreeNode struct {
	Value   string
	Text    string
	Checked bool
	Open    bool
	Nodes   []TreeNode
}
