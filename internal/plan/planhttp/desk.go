package planhttp

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Tabs of the desk.
const (
	tabPending  = "pending"
	tabDoubt    = "doubt"
	tabAccepted = "accepted"
	tabRejected = "rejected"
	tabAll      = "all"
)

// deskTabs are the tabs in their order, with their titles.
var deskTabs = []plan.Choice{{Value: tabPending, Title: "待确认"},
	{Value: tabDoubt, Title: "有疑问"}, {Value: tabAccepted, Title: "已采纳"},
	{Value: tabRejected, Title: "不采纳"}, {Value: tabAll, Title: "全部"}}

// inTab says whether a statement is listed in a tab.
func inTab(s plan.Statement, tab string) bool {
	switch tab {
	case tabPending:
		return s.State == plan.StatementPending
	case tabDoubt:
		return s.State == plan.StatementPending && s.Doubtful()
	case tabAccepted:
		return s.Confirmed()
	case tabRejected:
		return s.State == plan.StatementRejected
	}
	return true
}

// tally counts statements by tab.
func tally(all []plan.Statement) map[string]int64 {
	out := map[string]int64{}
	for _, s := range all {
		for _, c := range deskTabs {
			if inTab(s, c.Value) {
				out[c.Value]++
			}
		}
	}
	return out
}

// place is where in the desk one is: it is the address.
type place struct {
	tab  string
	row  string // id of the open statement, rowNew for the form of a new one, "" = the first
	at   string // character around which the text is shown, "" = around the open row
	did  string // what was done last, one of dones
	last string // id of the statement that it was done to
}

const rowNew = "new"

func (p place) href(documentID string) string {
	q := url.Values{}
	for name, v := range map[string]string{"tab": p.tab, "row": p.row, "at": p.at, "did": p.did,
		"last": p.last} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return docPath(documentID, "review") + "?" + q.Encode()
}

func placeOf(get func(string) string) place {
	p := place{tab: get("tab"), row: get("row"), at: get("at"), did: get("did"), last: get("last")}
	if plan.TitleOf(deskTabs, p.tab) == "" {
		p.tab = tabPending
	}
	return p
}

// desk is the desk as it is shown: a document, its statements, and where one is.
type desk struct {
	doc    plan.DocumentDetail
	text   []rune
	all    []plan.Statement
	uses   []plan.Source
	at     place
	listed []plan.Statement // in the tab, and the open one
	open   int              // index in listed, -1 = none
	may    bool             // the actor may decide now
	why    string           // why not, when it is not for lack of the right
}

// loadDesk reads all that the desk shows.
func (h *Handler) loadDesk(r *http.Request, at place) (*desk, error) {
	doc, err := h.docOf(r)
	if err != nil {
		return nil, err
	}
	ctx, by := r.Context(), web.Actor(r)
	d := &desk{doc: doc, text: []rune(doc.Text), at: at, open: -1}
	if d.all, err = h.plan.Statements(ctx, by, doc.ID); err != nil {
		return nil, err
	}
	if d.uses, err = h.plan.DocumentUses(ctx, by, doc.ID); err != nil {
		return nil, err
	}
	may := plan.DocumentPolicy.May(by, plan.ActDocumentReview, doc.Document) == nil
	switch {
	case !may:
	case doc.Reading == plan.ReadingWaiting:
		d.why = say(r, "文件还在解读中")
	case doc.State != plan.DocumentPending:
		d.why = say(r, "文件已完成审读；需要修改，请先“重新审读”。")
	default:
		d.may = true
	}
	d.settle()
	return d, nil
}

// settle lists the rows of the tab and finds the open one.
func (d *desk) settle() {
	if d.at.row == "" && tally(d.all)[d.at.tab] == 0 && d.at.did == "" {
		d.at.tab = tabAll // nothing waits: show what there is
	}
	for _, s := range d.all {
		if s.ID == d.at.row {
			d.open = len(d.listed)
		}
		if inTab(s, d.at.tab) || s.ID == d.at.row {
			d.listed = append(d.listed, s)
		}
	}
	if d.open < 0 && d.at.row != rowNew && len(d.listed) > 0 {
		d.open = 0
	}
}

// active is the open statement, nil for none.
func (d *desk) active() *plan.Statement {
	if d.open < 0 {
		return nil
	}
	return &d.listed[d.open]
}

// rowHref leads to a statement, in the tab if it is there.
func (d *desk) rowHref(s plan.Statement) string {
	p := place{tab: d.at.tab, row: s.ID}
	if !inTab(s, p.tab) {
		p.tab = tabAll
	}
	return p.href(d.doc.ID)
}

// step leads to the row so many places on, "" where there is none.
func (d *desk) step(by int) string {
	i := d.open + by
	if d.open < 0 || i < 0 || i >= len(d.listed) {
		return ""
	}
	return place{tab: d.at.tab, row: d.listed[i].ID}.href(d.doc.ID)
}

// after is the row to go to once the open one is decided: the next that stays in the tab, or the
// one before it. "" = the tab is empty then.
func (d *desk) after(decided string) string {
	at := slices.IndexFunc(d.listed, func(s plan.Statement) bool { return s.ID == decided })
	if at+1 < len(d.listed) {
		return d.listed[at+1].ID
	}
	if at > 0 {
		return d.listed[at-1].ID
	}
	return ""
}

// rowsAround is how many rows the list shows on each side of the open one.
const rowsAround = 20

// rows returns the rows that are shown, with the number of the first.
func (d *desk) rows() ([]plan.Statement, int) {
	from := max(0, d.open-rowsAround)
	to := min(len(d.listed), max(d.open, 0)+rowsAround+1)
	return d.listed[from:to], from
}

// paragraphs returns the text that is shown.
func (d *desk) paragraphs() (shown []paragraph, before, after string) {
	at := int64(0)
	if s := d.active(); s != nil {
		at = s.Start
	}
	if d.at.at != "" {
		at = whole(d.at.at)
	}
	shown, more, rest := window(paragraphsOf(d.text), at)
	p := place{tab: d.at.tab, row: d.at.row}
	if more {
		p.at = number(max(0, shown[0].start-windowChars/2))
		before = p.href(d.doc.ID)
	}
	if rest {
		p.at = number(shown[len(shown)-1].end() + windowChars/2)
		after = p.href(d.doc.ID)
	}
	return shown, before, after
}

// usesOf are the targets and tasks that stand on a statement.
func (d *desk) usesOf(statementID string) []plan.Source {
	var out []plan.Source
	for _, u := range d.uses {
		if u.Statement == statementID {
			out = append(out, u)
		}
	}
	return out
}

// tabLinks are the tabs with their counts.
func (d *desk) tabLinks(ctx context.Context) []ui.Link {
	counts := tally(d.all)
	var out []ui.Link
	for _, c := range deskTabs {
		out = append(out, ui.Link{Text: i18n.T(ctx, c.Title), Note: i18n.Int(counts[c.Value]),
			Href: place{tab: c.Value}.href(d.doc.ID), Current: c.Value == d.at.tab})
	}
	return out
}

// dones say what was done last.
var dones = map[string]string{
	"accept": "已采纳“%s”。", "accept-stay": "已采纳“%s”。", "correct": "已更正并采纳“%s”。",
	"reject": "未采纳“%s”。", "undo": "已撤销对“%s”的决定。", "add": "已新增“%s”。",
	"target": "已立为目标“%s”。", "task": "已立为任务“%s”。", "clear": "已全部采纳无疑问的条目。",
	"remove": "已删除新增的条目。",
}

// said is what was done last, in words.
func (d *desk) said(ctx context.Context) string {
	text := dones[d.at.did]
	switch d.at.did {
	case "":
		return ""
	case "clear", "remove":
		return i18n.T(ctx, text)
	}
	for _, s := range d.all {
		if s.ID == d.at.last && text != "" {
			return i18n.T(ctx, text, s.Indicator)
		}
	}
	return ""
}

// undoable is the statement that was decided last, when it can be taken back.
func (d *desk) undoable() *plan.Statement {
	if !d.may {
		return nil
	}
	decided := func(s plan.Statement) bool {
		return s.State != plan.StatementPending && len(d.usesOf(s.ID)) == 0
	}
	if s := d.active(); s != nil && decided(*s) {
		return s
	}
	for i, s := range d.all {
		if s.ID == d.at.last && decided(s) {
			return &d.all[i]
		}
	}
	return nil
}

// getReview shows the desk.
func (h *Handler) getReview(w http.ResponseWriter, r *http.Request) error {
	d, err := h.loadDesk(r, placeOf(r.FormValue))
	if err != nil {
		return err
	}
	v := deskView{desk: d}
	if d.at.row == rowNew {
		v.form = newForm(r.FormValue)
	}
	return h.showDesk(w, r, v)
}

// deskView is the desk with the form that is open on it.
type deskView struct {
	*desk
	form    deskForm
	outcome *outcome // of a confirmed statement
	err     error
	errAt   string // which form the fault is about: formRow, formTarget or formTask
}

func (h *Handler) showDesk(w http.ResponseWriter, r *http.Request, v deskView) error {
	ctx := r.Context()
	if s := v.active(); s != nil {
		if v.errAt != formRow {
			v.form = formOf(*s)
		}
		if v.outcome == nil && v.may && s.Confirmed() && s.Kind != plan.Fact {
			out, err := h.draftOutcome(r, *s)
			if err != nil {
				return err
			}
			v.outcome = out
		}
	}
	if v.outcome != nil {
		if err := h.completeOutcome(r, v.outcome); err != nil {
			return err
		}
	}
	mark := docMark(ctx, v.doc.Document)
	head := ui.Head{Title: v.doc.Title, Status: &mark, Lead: words(v.doc.Number, v.doc.Issuer,
		i18n.DateLong(lang(r), v.doc.Day), h.placeName(v.doc.Region))}
	for _, o := range v.doc.Offers {
		a := ui.Action{Text: say(r, o.Title), Href: docPath(v.doc.ID, "step") + "?do=" + o.Step,
			Primary: o.Step == "finish"}
		if o.WhyNot != nil {
			if o.WhyNot.Kind == fault.Forbidden || o.WhyNot.Kind == fault.NotFound {
				continue
			}
			a.Href, a.Why = "", i18n.Fault(lang(r), o.WhyNot)
		}
		head.Actions = append(head.Actions, a)
	}
	part := h.deskPart(r, v)
	body := templ.Join(ui.PageHead(head), docNotices(r, v.doc), guessNotice(r, v.doc.Document), part)
	return h.web.Render(w, r, web.View{Status: statusOf(v.err),
		Page: h.docPage(r, v.doc.Document, "审读"), Body: body, Part: part})
}
