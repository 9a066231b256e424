package planhttp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

// The whole review without scripts: a text is pasted, what it says of itself is filled in, rows are
// accepted, corrected, rejected, taken back and added, a target and a task are made, and the review
// ends.
func TestReviewWithoutScripts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		doc := h.file()
		desk := "/documents/" + doc + "/review"
		h.want(officer, desk+"?guessed=title+day", 200, "2026年全市科技工作要点", "并科发〔2026〕12号",
			"按正文推定了标题、成文日期", "2026年3月1日", "第 1 条，共", `class="span pending"`)

		goal, duty := h.find(doc, "228"), h.find(doc, "建成科技大市场")
		if goal.Kind != plan.TargetKind || goal.Value != "228" || goal.Op != ">=" {
			t.Errorf("read as %+v", goal.StatementData)
		}
		at := h.sent(officer, desk, values("id", goal.ID, "version", v2s(goal.Version), "tab", "pending",
			"do", "accept"))
		if got := h.find(doc, "228"); got.State != plan.StatementAccepted {
			t.Errorf("accepted: %s", got.State)
		}
		h.want(officer, at, 200, "已采纳“"+goal.Indicator+"”。", "撤销")
		if strings.Contains(at, "row="+goal.ID) {
			t.Errorf("after a decision the desk stays at %s", at)
		}
		// A second decision on what was seen before is stale.
		a := h.Post(officer, desk, values("id", goal.ID, "version", v2s(goal.Version), "do", "reject"))
		if a.Code != 409 {
			t.Errorf("stale decision: %d", a.Code)
		}

		correct := fieldsOf(duty)
		correct.Set("indicator", "科技大市场平台")
		correct.Set("do", "accept") // accepting what was changed corrects it
		h.sent(officer, desk, correct)
		if got := h.find(doc, "建成科技大市场"); got.State != plan.StatementCorrected ||
			got.Indicator != "科技大市场平台" || got.AsRead == nil {
			t.Errorf("corrected: %+v", got)
		}
		fact := h.find(doc, "186.5")
		at = h.sent(officer, desk, values("id", fact.ID, "version", v2s(fact.Version), "do", "reject",
			"note", "上年数"))
		page := h.want(officer, at, 200, "未采纳")
		fact = h.find(doc, "186.5")
		if fact.State != plan.StatementRejected || fact.Note != "上年数" ||
			!strings.Contains(page.Body, `value="undo"`) {
			t.Errorf("rejected: %+v", fact)
		}
		h.sent(officer, desk, values("id", fact.ID, "version", v2s(fact.Version), "do", "undo"))
		if got := h.find(doc, "186.5"); got.State != plan.StatementPending {
			t.Errorf("taken back: %s", got.State)
		}

		wrong := fieldsOf(h.find(doc, "186.5"))
		wrong.Set("value", "很多")
		wrong.Set("do", "correct")
		a = h.Post(officer, desk, wrong)
		if a.Code != 422 || !strings.Contains(a.Body, `value="很多"`) ||
			!strings.Contains(a.Body, `href="#f-value"`) {
			t.Errorf("a wrong value: %d", a.Code)
		}

		h.quote(desk, doc)
		h.outcomes(desk, doc)
		h.finish(desk, doc)
	})
}

// finish decides about the rest and ends the review.
func (h *house) finish(desk, doc string) {
	h.t.Helper()
	h.sent(officer, desk, values("do", "clear"))
	for _, s := range h.statements(doc) {
		if s.State == plan.StatementPending {
			v := values("id", s.ID, "version", v2s(s.Version), "do", "reject")
			h.sent(officer, desk, v)
		}
	}
	h.want(officer, desk+"?tab=pending&did=accept", 200, "全部条目都已决定", "完成审读")
	x, err := h.plan.GetDocument(h.t.Context(), officer, doc)
	if err != nil {
		h.t.Fatal(err)
	}
	h.want(officer, "/documents/"+doc+"/step?do=finish", 200, "待审读", "已审读")
	h.sent(officer, "/documents/"+doc+"/step", values("do", "finish", "version", v2s(x.Version)))
	h.want(officer, desk, 200, "文件已完成审读")
	h.want(officer, "/documents/"+doc+"/timeline", 200, "完成审读", "wangming")
	if a := h.Post(officer, desk, values("do", "clear")); a.Code != 409 {
		h.t.Errorf("a decision after the review: %d", a.Code)
	}
}

// fieldsOf is the form of a statement as its page sends it.
func fieldsOf(s plan.Statement) url.Values {
	return values("id", s.ID, "version", v2s(s.Version), "kind", s.Kind, "subject", s.Subject,
		"indicator", s.Indicator, "measure", s.Measure, "verb", s.Verb, "owner", s.Owner, "op", s.Op,
		"value", string(s.Value), "unit", s.Unit, "from", string(s.From), "to", string(s.To), "of", s.Of)
}

// quote adds statements about quoted words: words that are not there, words that are there twice,
// and words that are there once.
func (h *house) quote(desk, doc string) {
	h.t.Helper()
	add := func(pairs ...string) url.Values {
		return values(append([]string{"do", "add", "kind", "task", "indicator", "压实责任", "verb", "压实"},
			pairs...)...)
	}
	for words, message := range map[string]string{"没有这句话": "正文中没有这些文字", "各县（市、区）要": "出现 2 次",
		"": "正文中没有这些文字"} {
		a := h.Post(officer, desk, add("quote", words))
		if a.Code != 422 || !strings.Contains(a.Body, message) {
			h.t.Errorf("quote %q: %d", words, a.Code)
		}
	}
	at := h.sent(officer, desk, add("quote", "要压实责任"))
	h.want(officer, at, 200, "已新增“压实责任”。", "<mark>要压实责任</mark>", "删除")
	s := h.find(doc, "要压实责任")
	text := []rune(sample)
	if got := string(text[s.Start:s.End]); got != "要压实责任" || s.Origin != plan.OriginHand {
		h.t.Errorf("added at %d: %q", s.Start, got)
	}
	h.want(officer, fmt.Sprintf("%s?row=new&start=%d&end=%d", desk, s.Start, s.End), 200,
		"<mark>要压实责任</mark>")
	h.sent(officer, desk, values("id", s.ID, "version", v2s(s.Version), "do", "remove"))
	for _, x := range h.statements(doc) {
		if x.ID == s.ID {
			h.t.Error("the added statement is still there")
		}
	}
	h.sent(officer, desk, add("start", v2s(s.Start), "end", v2s(s.End)))
	h.find(doc, "要压实责任")
	a := h.Post(officer, desk, add("start", "5", "end", "999999"))
	if a.Code != 422 {
		h.t.Errorf("marked outside of the text: %d", a.Code)
	}
}

// outcomes makes a target and a task of accepted statements.
func (h *house) outcomes(desk, doc string) {
	h.t.Helper()
	goal, duty := h.find(doc, "228"), h.find(doc, "建成科技大市场")
	h.want(officer, desk+"?tab=all&row="+goal.ID, 200, "立为目标", "新指标", "责任单位")
	target := values("id", goal.ID, "do", "target", "choice", "new", "new.name", goal.Indicator,
		"new.unit", "亿元", "new.direction", "up", "new.additive", "1", "region", "140100", "measure",
		goal.Measure, "op", goal.Op, "value", string(goal.Value), "unit", goal.Unit,
		"from", "2026-01-01", "to", "2026-12-31", "org_q", "太原市科学技术局")
	bad := values()
	for k, v := range target {
		bad[k] = v
	}
	bad.Set("to", "2025-12-31")
	if a := h.Post(officer, desk, bad); a.Code != 422 || !strings.Contains(a.Body, "结束日期不能早于开始日期") {
		h.t.Errorf("a wrong period: %d", a.Code)
	}
	at := h.sent(officer, desk, target)
	h.want(officer, at, 200, "已立为目标")
	h.want(officer, desk+"?tab=all&row="+goal.ID, 200, "以它为依据", "已有相近的目标",
		"指标和期间相同")

	h.want(officer, desk+"?tab=all&row="+duty.ID, 200, "立为任务", "牵头单位", "添加节点")
	task := values("id", duty.ID, "do", "task", "title", "建成科技大市场线上平台", "region", "140100",
		"ledger", h.ledger.ID, "lead_q", "太原市科学技术局", "dueUs", "2026-12-31", "cadence", "month",
		"start", "2026-03-01", "milestones.0.name", "上线", "milestones.0.day", "2026-12-15",
		"milestones.0.weightBp", "90")
	if a := h.Post(officer, desk, task); a.Code != 422 || !strings.Contains(a.Body, "现为 90") {
		h.t.Errorf("weights that are not 100: %d", a.Code)
	}
	task.Set("milestones.0.weightBp", "100")
	h.sent(officer, desk, task)
	h.want(officer, "/documents/"+doc+"/outcome", 200, "建成科技大市场线上平台", goal.Indicator, "228")
	list, err := h.plan.ListTasks(context.Background(), officer, plan.TaskFilter{Document: doc}, "",
		db.PageReq{})
	if err != nil || len(list.Items) != 1 || list.Items[0].Lead != h.bureau.ID {
		h.t.Fatalf("tasks of the document: %+v, %v", list.Items, err)
	}
	h.want(officer, "/tasks/"+list.Items[0].ID, 200, "出处", duty.Quote, "2026年全市科技工作要点")
}

// Who may not review sees the desk without a button; who may not read finds nothing.
func TestDeskIsReadOnlyForOthers(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	doc := h.file()
	desk := "/documents/" + doc + "/review"
	s := h.statements(doc)[0]
	page := h.want(leader, desk, 200, "第 1 条，共")
	for _, control := range []string{`value="accept"`, `value="clear"`, "data-mark"} {
		if strings.Contains(page.Body, control) {
			t.Errorf("a leader finds %s", control)
		}
	}
	a := h.Post(leader, desk, values("id", s.ID, "version", v2s(s.Version), "do", "accept"))
	if a.Code != 403 {
		t.Errorf("a leader accepts: %d", a.Code)
	}
	far := h.staff()
	far.Region = "140200"
	h.want(far, desk, 404)
	if a := h.Get(visitor, desk); a.Code != 303 {
		t.Errorf("a visitor: %d", a.Code)
	}
	for _, path := range []string{"/documents/x", "/documents/x/review", desk + "x",
		"/documents/" + strings.Repeat("0", 26), "/documents/" + doc + "/files/x"} {
		h.want(officer, path, 404)
	}
}

// htmx gets the desk alone, and it is the same as inside the page.
func TestDeskPart(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	path := "/documents/" + h.file() + "/review"
	whole, part := h.Get(officer, path), h.partial(officer, path)
	if !strings.HasPrefix(part, `<section id="desk"`) || !strings.Contains(whole.Body, part) {
		t.Errorf("the part does not stand in the page: %.200s", part)
	}
}

// A text longer than the window is shown around the open row, with links to the rest.
func TestLongTextIsShownInPart(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	filler := strings.Repeat("这里没有数字也没有任务只有一些平常的话语", 5) + "\n"
	long := sample + strings.Repeat(filler, 150) + "到2026年底，高新技术企业达到2150家。\n"
	a := h.multi(officer, "/documents/new", values("text", long, "kind", "scheme", "region", "140100"),
		"file")
	if a.Code != 303 {
		t.Fatalf("%d", a.Code)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Location"), "/documents/"), "/")
	first := h.want(officer, "/documents/"+id+"/review", 200, "下一段", "186.5", `data-start="0"`)
	if n := strings.Count(first.Body, `data-start=`); n > 60 {
		t.Errorf("%d paragraphs are shown at once", n)
	}
	last := h.find(id, "2150")
	h.want(officer, "/documents/"+id+"/review?row="+last.ID, 200, "上一段", "2150家")
}

func (h *house) partial(as authz.Actor, path string) string {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("HX-Request-Type", "partial")
	return h.Do(as, r).Body
}
