package ui

import "github.com/a-h/templ"

// FilterKind is the sort of one control of a filter bar.
type FilterKind uint8

// The kinds of filter.
const (
	FilterSelect FilterKind = iota
	FilterSearch            // the search box of the page: Ctrl/⌘K focuses it
	FilterText
	FilterDates // two native date inputs; Name and Value are from, ToName and ToValue until
	FilterCheck // one check box, value "1"
)

// Option is a choice. Group puts neighbours with the same text under one heading.
type Option struct {
	Value string
	Text  string
	Group string
	Hint  string
}

// Filter is one control of a filter bar.
type Filter struct {
	Kind        FilterKind
	Name        string
	Label       string
	Value       string
	ToName      string
	ToValue     string
	Placeholder string
	Options     []Option // with the empty choice ("全部") first if there is one
	// Source of a search box answers SearchOptions for ?q=…&list=…: what may be meant by what is typed.
	// To choose one searches for it. Without JavaScript, and without a Source, there is a box alone.
	Source string
}

func (f Filter) id() string     { return "q-" + f.Name }
func (f Filter) listID() string { return f.id() + "-list" }

func (f Filter) suggesting() templ.Attributes {
	if f.Source == "" {
		return nil
	}
	return templ.Attributes{"role": "combobox", "autocomplete": "off", "aria-autocomplete": "list",
		"aria-expanded": "false", "aria-controls": f.listID(), "hx-get": string(templ.URL(f.Source)),
		"hx-trigger": "input delay:200ms", "hx-target": "#" + f.listID(), "hx-swap": "innerHTML",
		"hx-sync": "this:replace", "hx-push-url": "false"}
}

// Filters is a filter bar. Its state is the address: a GET form that htmx sends as one types.
type Filters struct {
	Action string // path of the list
	Target string // id of the Results section, "results" when empty
	Label  string // name of the search landmark
	Fields []Filter
	Hidden []Hidden // sort order and other state that must survive
	Slim   bool     // no box around it
	More   []Filter // rarely used, folded away
	MoreOn bool     // the fold is open because one of More is set
}

func (f Filters) target() string { return "#" + results(f.Target) }

func results(id string) string {
	if id == "" {
		return "results"
	}
	return id
}

// ResultBar stands above a list: how many, clear, other views, exports.
type ResultBar struct {
	Count   string // "共 1,248 项"
	Clear   string // address without filters, "" = nothing is filtered
	Chips   []Link // active filters, each leads to the list without it
	Views   []Link // saved views and other forms of the list
	Exports []Link // CSV, XLSX of exactly what is listed
}

// Column is one column of a table. At most eight; the rest belongs in the record.
type Column struct {
	Label    string
	Num      bool   // right-aligned tabular digits; put a shared unit into Label
	SortHref string // address sorted by this column, "" = cannot be sorted
	Sort     string // "ascending", "descending" or "" when another column sorts
	Sr       bool   // heading for assistive technology only (column of buttons)
}

// Cell is one cell. The first cell of a row is its heading and usually a link.
type Cell struct {
	Text   string
	Href   string
	Drawer bool   // Href opens in the drawer, too
	Sub    string // grey second line
	Kind   *State // outlined label before the text
	Status *State
	Tags   []string
	Mono   bool
	Time   string          // machine-readable time for <time datetime>
	Body   templ.Component // anything else, after the text
}

// Row is one row. ID is the value of its check box in a table with a batch bar.
type Row struct {
	ID    string
	Cells []Cell
	Tone  Tone // Bad or Warn marks the row's edge
	Fixed bool // not to be chosen for a batch
}

// Table is a list of records. Under a narrow width the rows become cards.
type Table struct {
	Caption string
	Visible bool // the caption is shown, else it is for assistive technology
	Dense   bool // rows of 36 px for staff
	Plain   bool // stays a table on phones: two or three narrow columns
	Cols    []Column
	Rows    []Row
	Foot    []Cell // total row
	Batch   *Batch // check boxes and a bar of actions
	Target  string // id of the Results section, for sort links
}

// Batch is what can be done to several rows at once. The rows' ids are posted as "id".
type Batch struct {
	Action  string
	Hidden  []Hidden
	Actions []Action
}

// Paging is a keyset pager: real links, "" for what does not exist.
type Paging struct {
	First  string
	Prev   string
	Next   string
	Last   string
	Text   string // "第 21—40 项，共 1,248 项"
	Label  string // tells apart several pagers of one page: "成员分页"
	Target string // id of the Results section
}

// Neighbours lead from a record to those beside it in the list it was opened from. A link without
// an address stands for the end of the list.
type Neighbours struct {
	Prev Link // its text is the name of the record
	Next Link
	List string // address of the list
}

func (p Paging) empty() bool { return p.First+p.Prev+p.Next+p.Last == "" }

// Tab is one tab; each has an address. ID is short and unique in the page.
type Tab struct {
	ID      string
	Text    string
	Href    string
	Count   string
	Current bool
}

func selectedTab(ts []Tab) string {
	for _, t := range ts {
		if t.Current {
			return "tab-" + t.ID
		}
	}
	return ""
}

// boost makes the links inside a pager or a table head replace the results only. The server
// answers with the Results section alone when HX-Request-Type is partial.
func boost(target string) templ.Attributes {
	return templ.Attributes{
		"hx-boost:inherited":  "true",
		"hx-target:inherited": "#" + results(target),
		"hx-swap:inherited":   "outerHTML showTarget:#main show:top",
	}
}

func sortMark(c Column) string {
	switch c.Sort {
	case "ascending":
		return "↑"
	case "descending":
		return "↓"
	}
	return "↕"
}

func ariaSort(c Column) templ.Attributes {
	if c.SortHref == "" || c.Sort == "" {
		return nil
	}
	return templ.Attributes{"aria-sort": c.Sort}
}

func drawerAttrs(c Cell) templ.Attributes {
	if !c.Drawer {
		return nil
	}
	return templ.Attributes{"hx-get": string(templ.URL(c.Href)), "hx-target": "#drawer"}
}

func (t Table) class() string {
	c := "data"
	if t.Dense {
		c += " dense"
	}
	if !t.Plain {
		c += " cards-on-narrow"
	}
	return c
}

func (r Row) class() string {
	if r.Tone == Bad || r.Tone == Warn {
		return "mark-" + r.Tone.class()
	}
	return ""
}

func (r Row) name() string {
	if len(r.Cells) == 0 {
		return r.ID
	}
	return r.Cells[0].Text
}

// col is the column of cell i; a row may be shorter than the head, never longer.
func (t Table) col(i int) Column {
	if i < len(t.Cols) {
		return t.Cols[i]
	}
	return Column{}
}

// optGroups cuts options into runs of the same group.
func optGroups(opts []Option) [][]Option {
	var out [][]Option
	for i, o := range opts {
		if i == 0 || o.Group != opts[i-1].Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], o)
	}
	return out
}

// tabControls names the panel only for the tab whose content it holds.
func tabControls(t Tab) templ.Attributes {
	if !t.Current {
		return nil
	}
	return templ.Attributes{"aria-controls": "panel"}
}

// label is the name of the pager's landmark.
func (p Paging) label(usual string) string {
	if p.Label != "" {
		return p.Label
	}
	return usual
}
