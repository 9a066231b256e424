package planhttp_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

var shots = flag.String("shots", "", "write a picture of every page into this folder")

// serve serves a house to a browser that is logged in as an actor.
func (h *house) serve(as authz.Actor) *browsertest.Page {
	h.t.Helper()
	server := httptest.NewServer(h.Handler())
	h.t.Cleanup(server.Close)
	p := browsertest.New(h.t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", h.Token(as))
	return p
}

// filled is a house with something on every page; it returns the addresses.
func (h *house) filled() map[string]string {
	h.t.Helper()
	doc := h.file()
	desk := "/documents/" + doc + "/review"
	goal, duty := h.find(doc, "228"), h.find(doc, "建成科技大市场")
	for _, s := range []plan.Statement{goal, duty} {
		h.sent(officer, desk, values("id", s.ID, "version", v2s(s.Version), "do", "accept"))
	}
	x := h.move(officer, h.task(func(n *plan.NewTask) { n.Statements = []string{duty.ID} }), "establish")
	h.task(func(n *plan.NewTask) { n.Title, n.Parent, n.Ledger = "完成招标", x.ID, "" })
	h.task(func(n *plan.NewTask) { n.Title, n.Duty = "编制产业链图谱", []string{h.other.ID} })
	target := h.target("技术合同成交额", nil)
	h.sent(officer, "/targets/"+target.ID+"/split", values("version", v2s(target.Version), "do", "save",
		"parts.0.region", "140105", "parts.0.op", ">=", "parts.0.value", "100", "parts.0.unit", "亿元"))
	other, contradiction := h.contradict()
	return map[string]string{
		"indicators": "/indicators", "indicator": "/indicators/" + target.Indicator,
		"indicator-new": "/indicators/new", "indicator-edit": "/indicators/" + target.Indicator + "/edit",
		"conflicts": "/documents/conflicts", "conflict": "/documents/conflicts/" + contradiction.ID,
		"doc-conflicts": "/documents/" + other + "/conflicts",
		"documents":     "/documents", "documents-none": "/documents?q=zzz", "new": "/documents/new",
		"documents-wrong": "/documents?kind=x", "doc": "/documents/" + doc,
		"statements": "/documents/" + doc + "/statements", "outcome": "/documents/" + doc + "/outcome",
		"editions": "/documents/" + doc + "/editions", "timeline": "/documents/" + doc + "/timeline",
		"doc-edit": "/documents/" + doc + "/edit", "desk": desk, "desk-new": desk + "?row=new",
		"desk-target": desk + "?tab=all&row=" + goal.ID, "desk-task": desk + "?tab=all&row=" + duty.ID,
		"ledger": "/ledger", "board": "/ledger?view=board", "paper": "/ledger?view=print",
		"import": "/ledger/import", "books": "/ledger/books", "task": "/tasks/" + x.ID,
		"task-new": "/tasks/new", "task-edit": "/tasks/" + x.ID + "/edit",
		"task-step": "/tasks/" + x.ID + "/step?do=suspend", "targets": "/targets",
		"target": "/targets/" + target.ID, "target-edit": "/targets/" + target.ID + "/edit",
		"split": "/targets/" + target.ID + "/split", "lights": "/lights", "mine": "/tasks/mine",
	}
}

// onlyHere are the pages, and states of pages, that test/e2e does not open. The others are looked at here
// for pictures alone.
var onlyHere = map[string]bool{"documents-none": true, "documents-wrong": true, "desk-new": true,
	"desk-target": true, "desk-task": true, "board": true, "paper": true, "conflict": true,
	"doc-conflicts": true, "task-step": true, "indicator": true, "indicator-edit": true}

// Every page, at both widths, light and dark, in both languages and in large type, without a
// finding, and within the budget of bytes.
func TestPagesInTheBrowser(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	pages := h.filled()
	p := h.serve(officer)
	for n, name := range slices.Sorted(maps.Keys(pages)) {
		path := pages[name]
		for i, l := range []struct {
			width             int
			theme, lang, size string
		}{{1440, "light", "zh-CN", "normal"}, {375, "dark", "en", "normal"},
			{1440, "dark", "zh-CN", "large"}, {375, "light", "zh-CN", "xlarge"}} {
			if *shots == "" && !(name == "desk" || i == n%4 && onlyHere[name]) {
				continue
			}
			p.SetCookie("yuntu_theme", l.theme)
			p.SetCookie("yuntu_lang", l.lang)
			p.SetCookie("yuntu_size", l.size)
			p.SetSize(l.width)
			p.Goto(path)
			if s := p.Status(); s != 200 && !strings.HasSuffix(name, "-wrong") {
				t.Errorf("%s: status %d", name, s)
			}
			p.Axe()
			if name != "paper" {
				p.NoHorizontalScroll()
			}
			p.ConsoleEmpty(422)
			if *shots != "" {
				p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d.png", name, i)))
			}
		}
		if onlyHere[name] && !strings.HasSuffix(name, "-wrong") {
			p.WithinBudget(path)
		}
	}
}

// The review desk by keyboard alone: next, accept, reject, undo, correct, a target, words marked in
// the text, and the end of the review. Letters typed into a field are letters.
func TestReviewByKeyboard(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	doc := h.file()
	desk := "/documents/" + doc + "/review"
	p := h.serve(officer)
	p.SetSize(browsertest.Wide)
	p.Goto(desk)
	if !strings.HasPrefix(p.Focused(), "li") {
		t.Errorf("the focus is on %s, not on the open row", p.Focused())
	}
	n := len(h.statements(doc))
	p.WaitText(".desk-row.open", fmt.Sprintf("第 1 条，共 %d 条", n))
	p.Press("j")
	p.WaitText(".desk-row.open", fmt.Sprintf("第 2 条，共 %d 条", n))
	p.Press("k")
	p.WaitText(".desk-row.open", fmt.Sprintf("第 1 条，共 %d 条", n))
	p.Press("r")
	p.WaitText(".desk-said", "未采纳")
	p.Press("u")
	p.WaitText(".desk-said", "已撤销")
	p.Press("e")
	p.Press("r", "j", "a") // typed, not pressed
	if got := p.Value("#f-indicator"); !strings.Contains(got, "rja") {
		t.Errorf("typed into the field: %q", got)
	}
	p.Press("Escape")
	p.Press("a")
	p.WaitText(".desk-said", "已更正并采纳")
	goal := h.find(doc, "228")
	p.Goto(desk + "?row=" + goal.ID)
	p.Press("t")
	p.WaitText(".desk-outcome", "新指标")
	p.Press("g")
	p.WaitText(".desk-said", "已立为目标")
	marked := browsertest.Eval[bool](p, `(() => {
		const walk = document.createTreeWalker(document.querySelector("#desk-text"), NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const text = walk.currentNode, at = text.data.indexOf("定期调度"), r = document.createRange();
			if (at < 0) continue;
			r.setStart(text, at); r.setEnd(text, at + 4);
			getSelection().removeAllRanges(); getSelection().addRange(r);
			return true;
		}
		return false;
	})()`)
	if !marked {
		t.Fatal("the words to mark are not on the desk")
	}
	p.Press("m")
	p.WaitText("#new mark", "定期调度")
	p.Select("#f-kind", plan.TaskKind)
	p.Fill("#f-indicator", "定期调度")
	p.Press("Enter")
	p.WaitText(".desk-said", "已新增")
	if s := h.find(doc, "定期调度"); s.Quote != "定期调度" {
		t.Errorf("added %q", s.Quote)
	}
	p.Goto(desk + "?tab=pending")
	for left := len(p.Texts(".desk-list > li")); left > 0; left-- {
		p.Press("r")
		p.WaitText(".desk-tabs [aria-current] .count", strconv.Itoa(left-1))
		p.Settle()
	}
	p.WaitText("#desk", "全部条目都已决定")
	p.ConsoleEmpty()
	p.Follow("#desk .empty .btn.primary")
	p.Click("#step button.primary")
	p.WaitText("main", "已审读")
}

// A task from the draft to the end in the browser, with picks, rows and evidence.
func TestTaskInTheBrowser(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	p := h.serve(officer)
	p.SetSize(browsertest.Wide)
	p.Goto("/tasks/new")
	p.Fill("#f-title", "建成科技大市场线上平台")
	p.Fill("#f-lead", "科学技术局")
	p.WaitText("#f-lead-list", "太原市科学技术局")
	p.Press("ArrowDown")
	p.Press("Enter")
	p.Select("#f-dueUs", "2026-12-31")
	p.Click("[data-rows-add]")
	p.Fill("#f-milestones-0-name", "上线")
	p.Select("#f-milestones-0-day", "2026-12-15")
	p.Fill("#f-milestones-0-weightBp", "100")
	p.Follow("#task .form-actions .primary")
	p.WaitText("main", "灰灯")
	p.Follow(".page-actions .primary")
	p.Follow("#step button.primary")
	p.WaitText("main", "已立项")
	p.ConsoleEmpty()
}
