package planhttp_test

import (
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/plan"
)

const pdf = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"

// A task from 拟立 to 办结 by its pages: drafted, established, signed for, reported with evidence,
// applied for, verified.
func TestTaskFromDraftToDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		at := h.sent(officer, "/tasks/new", values("title", "建成科技大市场线上平台", "region", "140100",
			"ledger", h.ledger.ID, "lead_q", "太原市科学技术局", "dueUs", "2026-12-31", "dueTime", "18:00",
			"start", "2026-03-01", "cadence", "month", "milestones.7.name", "上线试运行",
			"milestones.7.day", "2026-12-15", "milestones.7.weightBp", "60", "milestones.2.name", "完成选址",
			"milestones.2.day", "2026-06-30", "milestones.2.weightBp", "40"))
		id := strings.TrimPrefix(at, "/tasks/")
		h.want(officer, at, 200, "2026-001", "拟立", "完成选址", "40%", "灰灯", "尚未立项", "12月31日 18:00")
		step := func(as, do string) string { return at + "/step?do=" + do + as }
		h.want(officer, step("", "establish"), 200, "之后的状态", "已立项")
		fire := func(do string, pairs ...string) {
			t.Helper()
			h.sent(officer, at+"/step", values(append([]string{"do", do, "version",
				v2s(h.read(id).Version)}, pairs...)...))
		}
		fire("establish")
		staff := h.staff()
		h.want(staff, "/tasks/mine", 200, "待签收", "建成科技大市场线上平台", "2026-001")
		h.sent(staff, at+"/step", values("do", "sign", "version", v2s(h.read(id).Version)))
		h.want(staff, at, 200, "已签收", "红灯", "应完成", "落后", "填报进展")
		h.sent(staff, at+"/step", values("do", "start", "version", v2s(h.read(id).Version)))

		report := values("version", v2s(h.read(id).Version), "progressBp", "120", "situation", "")
		a := h.multi(staff, at+"/report", report, "files")
		if a.Code != 422 || !strings.Contains(a.Body, `value="120"`) {
			t.Errorf("a wrong report: %d", a.Code)
		}
		report = values("version", v2s(h.read(id).Version), "progressBp", "85.5", "situation", "平台已上线试运行",
			"problem", "缺运维人员", "nextStep", "招聘", "reached", "0")
		a = h.multi(staff, at+"/report", report, "files", "上线报告.pdf", pdf)
		if a.Code != 303 {
			t.Fatalf("report: %d %.900s", a.Code, mainOf(a.Body))
		}
		page := h.want(staff, at, 200, "第 1 次填报：进度 85.5%", "缺运维人员", "上线报告.pdf", "办理中")
		link := regexp.MustCompile(`/tasks/[0-9a-z]+/files/[0-9a-z]+`).FindString(page.Body)
		file := h.want(staff, link, 200, "%PDF")
		if !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("the file is shown in the browser: %v", file.Header)
		}
		h.want(visitor, link, 303)

		apply := values("do", "apply", "version", v2s(h.read(id).Version), "reason", "已全部完成")
		if a := h.multi(staff, at+"/step", apply, "files"); a.Code != 422 {
			t.Errorf("an application without evidence: %d", a.Code)
		}
		if a := h.multi(staff, at+"/step", apply, "files", "验收.pdf", pdf+"x"); a.Code != 303 {
			t.Fatalf("apply: %d %.900s", a.Code, mainOf(a.Body))
		}
		fire("accept")
		fire("pass")
		h.want(officer, at, 200, "办结", "蓝灯", "100%", "申请办结", "核验通过", "验收.pdf")
		if a := h.Post(officer, at+"/step", values("do", "sign", "version", "1")); a.Code != 409 {
			t.Errorf("a step that is not there: %d", a.Code)
		}
	})
}

// A change of an established task wants a reason; rows are added and removed without scripts; a
// part stands below its whole.
func TestTaskIsChangedAndBrokenDown(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	x := h.move(officer, h.task(nil), "establish")
	at := "/tasks/" + x.ID
	form := func(pairs ...string) map[string][]string {
		v := values(append([]string{"title", x.Title, "region", "140100", "lead", h.bureau.ID, "start",
			"2026-03-01", "dueUs", "2026-12-31", "cadence", "month", "version", v2s(x.Version)}, pairs...)...)
		return v
	}
	more := h.Post(officer, at+"/edit", form("add", "milestones", "milestones.0.name", "甲"))
	if more.Code != 200 || strings.Count(more.Body, `name="milestones.1.name"`) != 1 {
		t.Errorf("a row more: %d", more.Code)
	}
	less := h.Post(officer, at+"/edit", form("remove", "milestones.4", "milestones.0.name", "甲",
		"milestones.4.name", "乙"))
	if less.Code != 200 || strings.Contains(less.Body, `value="乙"`) {
		t.Errorf("a row less: %d", less.Code)
	}
	gone := h.Post(officer, at+"/edit", form("drop_lead", h.bureau.ID))
	if gone.Code != 200 || strings.Contains(gone.Body, `name="lead" value=`) {
		t.Errorf("a pick less: %d", gone.Code)
	}
	if a := h.Post(officer, at+"/edit", form("person", "李明")); a.Code != 422 {
		t.Errorf("a change without a reason: %d", a.Code)
	}
	h.sent(officer, at+"/edit", form("person", "李明", "reason", "定责任人"))
	h.want(officer, at, 200, "李明", "变更", "定责任人")
	late := h.Post(officer, at+"/edit", form("person", "王强", "reason", "x"))
	if late.Code != 409 || !strings.Contains(late.Body, "<del>李明</del>") ||
		!strings.Contains(late.Body, "<ins>王强</ins>") ||
		!strings.Contains(late.Body, `name="title" value="`+x.Title) {
		t.Errorf("a stale change does not show both versions: %d", late.Code)
	}
	h.want(officer, "/tasks/new?parent="+x.ID, 200, "的分任务")
	part := h.sent(officer, "/tasks/new", values("title", "完成招标", "parent", x.ID, "region", "140100",
		"lead", h.other.ID, "dueUs", "2026-09-30", "cadence", "month"))
	h.want(officer, at, 200, "任务分解", "完成招标", "2026-001.1")
	h.want(officer, part, 200, "建成科技大市场线上平台")
	h.sent(leader, at+"/instruct", values("text", "抓紧办理"))
	h.want(officer, at, 200, "批示", "抓紧办理")
	if a := h.Post(officer, at+"/instruct", values("text", "抓紧")); a.Code != 403 {
		t.Errorf("an officer instructs: %d", a.Code)
	}
}

// The ledger as table, board, paper and file, and back in again.
func TestLedgerGoesOutAndComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		x := h.move(officer, h.task(nil), "establish")
		h.task(func(n *plan.NewTask) { n.Title, n.Duty = "编制产业链图谱", []string{h.other.ID} })
		h.want(officer, "/ledger", 200, "共 2 项", "建成科技大市场线上平台", "太原市工业和信息化局", "红灯")
		h.want(officer, "/ledger?light=red", 200, "共 1 项")
		h.want(officer, "/ledger?q=2026-002", 200, "共 1 项", "编制产业链图谱")
		h.want(officer, "/ledger?overdue=1", 200, "共 0 项", "台账里没有符合条件的任务")
		board := h.want(officer, "/ledger?view=board", 200, "拟立", "已立项", `name="do"`)
		if strings.Count(board.Body, `class="card"`) != 2 {
			t.Error("the board has not two cards")
		}
		h.sent(h.staff(), "/tasks/"+x.ID+"/step", values("do", "sign", "from", "board", "version",
			v2s(x.Version)))
		a := h.Post(h.staff(), "/tasks/"+x.ID+"/step", values("do", "apply", "from", "board", "version", "9"))
		if a.Code != 409 { // apply is not offered before the work began
			t.Errorf("a step of later: %d", a.Code)
		}
		a = h.Post(officer, "/tasks/"+x.ID+"/step", values("do", "suspend", "from", "board", "version",
			v2s(h.read(x.ID).Version)))
		if a.Code != 200 || !strings.Contains(a.Body, `name="reason"`) {
			t.Errorf("a step that wants a reason is not asked for: %d", a.Code)
		}
		h.want(officer, "/ledger?view=print", 200, "任务台账", "序号", "责任单位", "科学技术局", "wangming")

		out := h.want(officer, "/ledger?format=csv", 200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.Body, "\uFEFF"))).ReadAll()
		if err != nil || len(rows) < 3 || rows[0][0] != "序号" || rows[1][1] != x.Title {
			t.Fatalf("export: %v %v", rows, err)
		}
		h.want(h.staff(), "/ledger?format=csv", 200)
		table := "序号,任务,牵头单位,时限,指标,目标值\n1,新的任务,太原市科学技术局,2026-11-30,研发投入,≥80亿元\n"
		in := values("ledger", h.ledger.ID, "do", "check", "key", "k1")
		report := h.multi(officer, "/ledger/import", in, "file", "台账.csv", table)
		if report.Code != 200 || !strings.Contains(report.Body, "新增 1") {
			t.Fatalf("check: %d %.900s", report.Code, mainOf(report.Body))
		}
		h.want(officer, "/ledger", 200, "共 2 项")
		carried := regexp.MustCompile(`name="data" value="([^"]+)"`).FindStringSubmatch(report.Body)
		if carried == nil || carried[1] != base64.StdEncoding.EncodeToString([]byte(table)) {
			t.Fatal("the page does not carry the table")
		}
		in.Set("do", "store")
		in.Set("data", carried[1])
		in.Set("name", "台账.csv")
		for range 2 { // the second time nothing is new
			if a := h.multi(officer, "/ledger/import", in, "file"); a.Code != 303 {
				t.Fatalf("import: %d %.900s", a.Code, mainOf(a.Body))
			}
		}
		h.want(officer, "/ledger", 200, "共 3 项", "新的任务")
		bad := h.multi(officer, "/ledger/import", values("ledger", h.ledger.ID, "do", "check"), "file",
			"台账.csv", "任务,牵头单位,时限\n,没有的单位,昨天\n")
		if bad.Code != 200 || !strings.Contains(bad.Body, "需要修改") || !strings.Contains(bad.Body, "第 2 行") {
			t.Errorf("a wrong table: %d", bad.Code)
		}
		h.want(h.staff(), "/ledger/import", 403)
	})
}

// A target is changed, broken down to districts with its sum in words, and serves a task.
func TestTargetIsBrokenDown(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	x := h.target("技术合同成交额", nil)
	at := "/targets/" + x.ID
	h.want(officer, "/targets", 200, "共 1 项目标", "≥228 亿元", "2026年")
	h.want(officer, at+"/split", 200, "小店区", "迎泽区", "还没有分解")
	form := values("version", v2s(x.Version), "do", "save", "parts.0.region", "140105", "parts.0.op", ">=",
		"parts.0.value", "100.5", "parts.0.unit", "亿元", "parts.1.region", "140106", "parts.1.op", ">=",
		"parts.1.value", "1000000", "parts.1.unit", "万元", "parts.2.region", "140107", "parts.2.value", "",
		"parts.3.org", "太原市工业和信息化局", "parts.3.region", "140100", "parts.3.op", ">=",
		"parts.3.value", "20", "parts.3.unit", "亿元")
	sum := h.Post(officer, at+"/sum", form)
	if sum.Code != 200 || !strings.Contains(sum.Body, "3 份合计 220.5 亿元，比总目标 228 亿元 少 7.5 亿元") {
		t.Errorf("sum: %d %s", sum.Code, sum.Body)
	}
	h.sent(officer, at+"/split", form)
	h.want(officer, at, 200, "3 份合计 220.5 亿元", "太原市工业和信息化局", "迎泽区")
	h.want(officer, "/targets?level=2", 200, "共 3 项目标")
	h.want(officer, "/tasks/new?target="+x.ID, 200, "技术合同成交额≥228 亿元")
	h.want(officer, at+"/edit", 200)
	now, err := h.plan.GetTarget(t.Context(), officer, x.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.sent(officer, at+"/edit", values("version", v2s(now.Version), "indicator", x.Indicator, "region",
		"140100", "measure", "level", "op", ">=", "value", "220", "unit", "亿元", "from", "2026-01-01", "to",
		"2026-12-31", "dropped", "1", "reason", "并入上级目标"))
	h.want(officer, at, 200, "这个目标已取消", "≥220 亿元")
	h.want(officer, "/targets", 200, "共 3 项目标")
	h.want(h.staff(), at, 404)
}

// A rule of lights is added from a later day on and then holds.
func TestRuleOfLightsIsAdded(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.want(officer, "/lights", 200, "默认规则", "现行", "银川市亮灯规则（示例）", "落后的百分点 大于 30：红灯")
	h.sent(officer, "/lights", values("name", "本市规则", "source", "市委督查室", "mark", "local", "validFrom",
		"2026-12-01", "redGap", "20", "yellowGap", "5", "redLate", "10", "yellowLate", "0",
		"yellowCycles", "2", "signDays", "1", "answerDays", "3"))
	h.want(officer, "/lights", 200, "本市规则", "到 2026年12月1日 前", "落后的百分点 大于 20：红灯")
	h.clock.Advance(15 * 24 * time.Hour)
	page := h.want(leader, "/lights", 200)
	if strings.Index(page.Body, "本市规则") > strings.Index(page.Body, "现行") {
		t.Error("the new rule does not hold")
	}
	if a := h.Post(leader, "/lights", values("name", "x")); a.Code != 403 {
		t.Errorf("a leader adds a rule: %d", a.Code)
	}
}

// A table that is too large for a page to carry is left to jobs, and stored after its check.
func TestLargeImport(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	var b strings.Builder
	b.WriteString("序号,任务,牵头单位,时限,进展\n")
	filler := strings.Repeat("正在推进。", 300)
	for i := range 300 {
		fmt.Fprintf(&b, "%d,推进第 %d 项重点工作,太原市科学技术局,2027-12-31,10%%：%s\n", i+1, i, filler)
	}
	v := values("ledger", h.ledger.ID, "begun", "1", "do", "check")
	a := h.multi(officer, "/ledger/import", v, "file", "大台账.csv", b.String())
	path := a.Header.Get("Location")
	if a.Code != 303 || !strings.HasPrefix(path, "/ledger/import/") {
		t.Fatalf("%d %s %.300s", a.Code, path, mainOf(a.Body))
	}
	wait := func(word string) string {
		t.Helper()
		for range 1000 {
			if page := h.Get(officer, path).Body; strings.Contains(page, word) {
				return page
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("no %s: %.600s", word, mainOf(h.Get(officer, path).Body))
		return ""
	}
	page := wait("导入 300 项任务")
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)
	h.sent(officer, path, values("do", "run", "version", version[1]))
	wait("已导入 300 项任务")
	if list := h.Get(officer, "/ledger/import").Body; !strings.Contains(list, "大台账.csv") {
		t.Error("the import is not listed")
	}
}
