package dispatchhttp_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/doctext"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/dispatch/dispatchhttp"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer  = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader   = authz.Actor{Account: "acc-leader", Login: "liwei", Role: authz.Leader}
	district = authz.Actor{Account: "acc-district", Login: "tian", Role: authz.District, Region: "140105"}
	chain    = authz.Actor{Account: "acc-chain", Login: "chain", Role: authz.ChainOffice}
	public   = authz.Actor{Account: "acc-public", Login: "guest", Role: authz.Public}
)

// house is the room behind both doors, with the ledger beside it.
type house struct {
	*webtest.House
	t        *testing.T
	clock    *clock.Fake
	dispatch *dispatch.Service
	plan     *plan.Service
	bureau   string
	office   string
	ledger   string
	red      plan.Task
}

func newHouse(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, clock: clock.NewFake(dbtest.Start)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, dbtest.SQLite(t), h.clock)
	places := dict.New(u)
	must(places.Load(ctx))
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	p, err := party.New(u, party.FromDict(places), times, party.Options{Blobs: files,
		Key: []byte("0123456789abcdef0123456789abcdef")})
	must(err)
	h.plan, err = plan.New(u, times, plan.Options{Blobs: files, Party: p, Dict: places})
	must(err)
	must(h.plan.Load(ctx))
	h.dispatch, err = dispatch.New(u, times, dispatch.Options{Plan: h.plan, Party: p, Blobs: files,
		Issuer: func() string { return "太原市科学技术局" }})
	must(err)
	must(h.dispatch.Load(ctx))
	home := func() region.Code { return "140100" }
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		d := dispatchhttp.New(h.dispatch, h.plan, w, kit.Deps{Party: p, Dict: places, Clock: h.clock, Home: home})
		return []webtest.Door{d, planhttp.New(h.plan, w, planhttp.Deps{Party: p, Dict: places, Clock: h.clock,
			Home: home, Beside: d.OnTask})}
	})
	org := func(name string, code region.Code) string {
		o, err := p.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{Name: name,
			Kind: "government", Region: code, Standing: "active"}})
		must(err)
		return o.ID
	}
	h.bureau, h.office = org("太原市科学技术局", "140100"), org("小店区科技局", "140105")
	g, err := h.plan.CreateLedger(ctx, officer, plan.NewLedger{LedgerData: plan.LedgerData{Name: "重点工作台账",
		Region: "140100"}})
	must(err)
	h.ledger = g.ID
	h.red, err = h.plan.CreateTask(ctx, officer, plan.NewTask{Ledger: g.ID, TaskData: plan.TaskData{
		Title: "推进技术交易平台升级", Region: "140100", Lead: h.office, Start: "2026-01-01",
		DueUs: plan.EndOfDay("2026-12-31"), Cadence: "month"}})
	must(err)
	for _, step := range []string{"establish", "sign", "start"} {
		h.red, err = h.plan.FireTask(ctx, officer, plan.TaskStep{Step: plan.Step{ID: h.red.ID, Step: step,
			Version: h.red.Version}})
		must(err)
	}
	return h
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

func (h *house) want(as authz.Actor, path string, code int, texts ...string) string {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Fatalf("%s as %s: %d, want %d\n%.900s", path, as.Role, a.Code, code, a.Body)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a.Body
}

func (h *house) sent(as authz.Actor, path string, pairs ...string) string {
	h.t.Helper()
	a := h.Post(as, path, values(pairs...))
	if a.Code != 303 {
		_, wrong, _ := strings.Cut(a.Body, `class="error-summary"`)
		h.t.Fatalf("POST %s: %d %.900s", path, a.Code, wrong)
	}
	return a.Header.Get("Location")
}

// version reads the version that a form of a page has.
func (h *house) version(as authz.Actor, path string) string {
	h.t.Helper()
	m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(h.want(as, path, 200))
	if m == nil {
		h.t.Fatalf("%s has no version", path)
	}
	return m[1]
}

var (
	meetingLink = regexp.MustCompile(`/dispatch/[0-9a-z]{26}`)
	itemLink    = regexp.MustCompile(`decide\?item=([0-9a-z]{26})`)
	dataOnPages = []string{"科技创新重点工作调度会", "第1次会议", "第2次会议", "太原市科学技术局", "小店区科技局", "王副市长", "三楼会议室",
		"推进技术交易平台升级", "制定提速方案", "请研究提速措施。", "会议听取了汇报。", "重点工作台账", "太原市", "小店区", "迎泽区", "杏花岭区",
		"尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市", "山西转型综合改革示范区", "并调纪〔2026〕1号",
		"并督函〔2026〕1号", "关于“”的督办函", "默认督办规则", "发督办函", "请查明原因。", "已整改。", "报告.txt", "关于“推进技术交易平台升级”的督办函",
		"纪要", "年度经费", "已按月报送", "按月报送"}
)

// meeting makes a series and a meeting by their pages and returns its address.
func (h *house) meeting() string {
	h.t.Helper()
	h.want(officer, "/dispatch", 200, "还没有调度会", "设立系列")
	h.want(officer, "/dispatch/series/new", 200, "召集单位")
	at := h.sent(officer, "/dispatch/series/new", "name", "科技创新重点工作调度会", "cadence", "month", "ledger",
		h.ledger, "region", "140100", "chair", "王副市长", "place", "三楼会议室", "host_q", "太原市科学技术局",
		"members", h.bureau, "members_q", "小店区科技局")
	h.want(officer, at, 200, "重点工作台账", "小店区科技局", "还没有开过会")
	series := strings.TrimPrefix(at, "/dispatch/series/")
	h.want(officer, "/dispatch/new", 200, "选择会议系列")
	h.want(officer, "/dispatch/new?series="+series, 200, "三楼会议室", "小店区科技局")
	form := []string{"series", series, "chair", "王副市长", "place", "三楼会议室", "startsUs", "2026-12-10 09:00",
		"endsUs", "2026-12-10T11:00", "members", h.bureau, "members", h.office}
	if a := h.Post(officer, "/dispatch/new", values(append(form, "members_q", "没有这个单位")...)); a.Code != 422 ||
		!strings.Contains(a.Body, "主体库中没有“没有这个单位”") {
		h.t.Errorf("an unknown member: %d", a.Code)
	}
	return meetingLink.FindString(h.sent(officer, "/dispatch/new", form...))
}

// TestMeetingPages walks a meeting from its preparation to its minutes.
func TestMeetingPages(t *testing.T) {
	h := newHouse(t)
	record := h.meeting()
	h.want(officer, record, 200, "科技创新重点工作调度会第1次会议", "推进技术交易平台升级", "红灯", "截至 2026-11-20 09:30")
	h.want(district, record, 404)
	h.want(chain, "/dispatch", 403)
	h.want(public, "/dispatch", 403)
	h.sent(officer, record+"/propose", "version", h.version(officer, record))
	h.sent(officer, record+"/item", "title", "年度经费", "minutes", "15", "version", h.version(officer, record))
	if a := h.Post(officer, record+"/item", values("title", "", "minutes", "x", "version",
		h.version(officer, record))); a.Code != 422 {
		t.Errorf("an item without a title: %d", a.Code)
	}
	body := h.want(officer, record, 200, "年度经费")
	second := regexp.MustCompile(`item\?item=([0-9a-z]{26})`).FindAllStringSubmatch(body, -1)[1][1]
	h.sent(officer, record+"/move", "item", second, "to", "1", "version", h.version(officer, record))
	if b := h.want(officer, record, 200); !strings.Contains(b, "1. 年度经费") {
		t.Error("the item did not move")
	}
	h.want(officer, record+"/drop?item="+second, 200, "移出原因")
	h.sent(officer, record+"/drop", "item", second, "reason", "材料未备齐", "version", h.version(officer, record))
	h.want(officer, record, 200, "已移出议程：材料未备齐", "重新列入")
	h.want(officer, record+"/edit", 200, "参会要求")
	for _, step := range []string{"notify", "hold"} {
		h.want(officer, record+"/step?do="+step, 200, "之后的状态")
		h.sent(officer, record+"/step", "do", step, "version", h.version(officer, record+"/step?do="+step))
	}
	h.want(district, record, 200, "推进技术交易平台升级")
	h.want(district, record+"/decisions", 403)
	h.want(district, record+"/minutes", 403)
	if b := h.want(district, record, 200); strings.Contains(b, "年度经费") {
		t.Error("a member sees what was left out")
	}
	h.conclude(record)
	for _, p := range []string{"/dispatch", "/dispatch/series", "/dispatch/decisions", record, record + "/decisions",
		record + "/minutes", record + "/timeline", record + "/pack", record + "/print", "/dispatch/series/new"} {
		h.English(t, officer, p, append(dataOnPages, "材料未备齐")...)
	}
}

// conclude records a decision, writes the minutes and has them signed.
func (h *house) conclude(record string) {
	h.t.Helper()
	t := h.t
	item := itemLink.FindStringSubmatch(h.want(officer, record+"/decisions", 200, "还没有决议"))[1]
	decide := record + "/decide"
	h.want(officer, decide+"?item="+item, 200, "新立任务", "调整时限")
	form := []string{"item", item, "kind", "task", "text", "请研究提速措施。", "title", "制定提速方案", "org", h.office}
	a := h.Post(officer, decide, values(append(form, "version", h.version(officer, decide+"?item="+item))...))
	if a.Code != 422 || !strings.Contains(a.Body, "请填写这一项") || !strings.Contains(a.Body, "制定提速方案") {
		t.Errorf("a task without a deadline: %d", a.Code)
	}
	h.sent(officer, decide, append(form, "dueUs", "2027-01-31 18:00", "version",
		h.version(officer, decide+"?item="+item))...)
	h.sent(officer, decide, "item", item, "kind", "instruction", "text", "按月报送", "org", h.bureau, "version",
		h.version(officer, decide+"?item="+item))
	h.want(officer, record+"/decisions", 200, "2026-002", "0%", "标记办结")
	h.sent(officer, record+"/write", "text", "会议听取了汇报。", "version", h.version(officer, record+"/write"))
	h.sent(officer, record+"/step", "do", "draft", "version", h.version(officer, record+"/step?do=draft"))
	h.want(leader, record, 200, "签发纪要")
	h.sent(leader, record+"/step", "do", "issue", "version", h.version(leader, record+"/step?do=issue"))
	h.want(district, record+"/minutes", 200, "并调纪〔2026〕1号", "会议听取了汇报。", "请研究提速措施。")
	unit := authz.Actor{Account: "acc-unit", Login: "unit", Role: authz.District, Org: h.office}
	h.want(unit, record+"/decisions", 200, "请研究提速措施。", "0%")
	h.want(district, record+"/decisions", 200, "请研究提速措施。")
	h.want(district, "/dispatch/decisions", 200, "请研究提速措施。")
	for path, kind := range map[string]string{"/pack.docx": "wordprocessingml", "/minutes.docx": "wordprocessingml",
		"/agenda.xlsx": "spreadsheetml"} {
		a := h.Get(district, record+path)
		if a.Code != 200 || !strings.Contains(a.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d %s", path, a.Code, a.Header.Get("Content-Type"))
		}
		if strings.HasSuffix(path, "docx") {
			got, err := doctext.Extract(t.Context(), "x.docx", []byte(a.Body))
			if err != nil || !strings.Contains(got.Text, "推进技术交易平台升级") {
				t.Errorf("%s cannot be read back: %v", path, err)
			}
		}
	}
	for _, format := range []string{"xlsx", "csv"} {
		if a := h.Get(officer, "/dispatch/decisions?format="+format); a.Code != 200 {
			t.Errorf("decisions as %s: %d", format, a.Code)
		}
	}
	h.want(officer, "/tasks/"+h.red.ID, 200, "发督办函")
	pack := h.want(officer, record+"/pack", 200, "会议材料", "列入原因", "应完成")
	if !regexp.MustCompile(`<a href="/tasks/[0-9a-z]{26}">\d+(\.\d+)?%</a>`).MatchString(pack) {
		t.Error("a number of the pack has no link")
	}
	h.want(officer, record+"/print", 200, "data-surface=\"print\"", "（一）推进技术交易平台升级")
	h.clock.Advance(24 * time.Hour)
	h.sent(officer, record+"/settle", "decision", regexp.MustCompile(`settle\?decision=([0-9a-z]{26})`).
		FindStringSubmatch(h.want(officer, record+"/decisions", 200))[1], "note", "已按月报送", "version", "1")
	h.want(officer, record+"/decisions", 200, "已办结", "已按月报送")
}

// TestLetterPages walks a letter from the suggestion to the answer.
func TestLetterPages(t *testing.T) {
	h := newHouse(t)
	h.want(officer, "/letters", 200, "还没有督办函")
	h.want(officer, "/letters/suggest", 200, "推进技术交易平台升级", "默认督办规则")
	h.want(district, "/letters/suggest", 403)
	h.want(officer, "/letters/new?task="+h.red.ID, 200, "小店区科技局")
	if a := h.Post(officer, "/letters/new", values("task", h.red.ID, "org", h.office, "region", "140100",
		"text", "")); a.Code != 422 {
		t.Errorf("a letter without text: %d", a.Code)
	}
	at := h.sent(officer, "/letters/new", "task", h.red.ID, "org", h.office, "region", "140100", "text", "请查明原因。")
	h.want(district, at, 404)
	h.want(officer, at+"/edit", 200, "请查明原因。")
	h.sent(officer, at+"/edit", "title", "关于“推进技术交易平台升级”的督办函", "org", h.office, "region", "140100", "text",
		"请查明原因。", "replyDays", "3", "version", h.version(officer, at+"/edit"))
	h.want(leader, at, 200, "签发", "草稿，尚未签发")
	h.sent(leader, at+"/step", "do", "sign", "version", h.version(leader, at+"/step?do=sign"))
	h.sent(officer, at+"/step", "do", "deliver", "version", h.version(officer, at+"/step?do=deliver"))
	h.want(district, at, 200, "并督函〔2026〕1号", "2026-11-25 18:00", "提交回复")
	if a := h.reply(district, at, "", nil); a.Code != 422 {
		t.Errorf("an empty reply: %d", a.Code)
	}
	if a := h.reply(district, at, "已整改。", map[string]string{"报告.txt": "整改措施。"}); a.Code != 303 {
		t.Fatalf("reply: %d %.600s", a.Code, a.Body)
	}
	body := h.want(officer, at, 200, "已整改。", "报告.txt", "退回重报")
	file := regexp.MustCompile(`/letters/[0-9a-z]{26}/files/[0-9a-z]+`).FindString(body)
	if a := h.Get(district, file); a.Code != 200 || a.Body != "整改措施。" {
		t.Errorf("the file: %d %q", a.Code, a.Body)
	}
	h.want(public, file, 404)
	h.want(officer, at+"/print", 200, "小店区科技局：")
	if a := h.Get(officer, at+"/letter.docx"); a.Code != 200 {
		t.Errorf("docx: %d", a.Code)
	}
	h.want(officer, "/tasks/"+h.red.ID, 200, "并督函〔2026〕1号")
	h.want(district, "/letters?format=csv", 200, "并督函〔2026〕1号")
	h.want(district, "/dispatch/rules", 200, "默认督办规则", "示例，不生效")
	if a := h.Post(officer, "/dispatch/rules", values("name", "x", "redCycles", "0", "replyUntil", "25:00")); a.Code != 422 {
		t.Errorf("a wrong rule: %d", a.Code)
	}
	h.sent(officer, "/dispatch/rules", "name", "本市规则", "source", "市政府办", "mark", "local", "validFrom",
		"2027-01-01", "redCycles", "1", "yellowCycles", "2", "then", "发督办函", "replyDays", "5", "replyUntil", "18:00",
		"answerDays", "5", "minutesDays", "5", "letterPrefix", "并督函", "minutesPrefix", "并调纪")
	for _, p := range []string{"/letters", "/letters/suggest", at, at + "/print", "/letters/new"} {
		h.English(t, officer, p, dataOnPages...)
	}
}

// reply sends the form of a reply with its files.
func (h *house) reply(as authz.Actor, at, text string, files map[string]string) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := map[string]string{"reply": text, "version": h.version(as, at)}
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			h.t.Fatal(err)
		}
	}
	for name, content := range files {
		f, err := w.CreateFormFile("files", name)
		if err != nil {
			h.t.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		h.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", at+"/reply", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return h.Do(as, r)
}

var item = regexp.MustCompile(`<li>(?:<a href="#([^"]*)">)?([^<]*)`)

// TestBothDoorsRefuseTheSame sends the same wrong meeting to page and API.
func TestBothDoorsRefuseTheSame(t *testing.T) {
	h := newHouse(t)
	s, err := h.dispatch.CreateSeries(t.Context(), officer, dispatch.NewSeries{SeriesData: dispatch.SeriesData{
		Name: "调度会", Cadence: "month", Region: "140100", Chair: "王副市长", Host: h.bureau, Members: []string{h.office}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{"place": {"place", ""}, "chair": {"chair", ""},
		"title": {"title", strings.Repeat("长", 81)}} {
		body := map[string]any{"series": s.ID, "chair": "x", "place": "y", "startsUs": int64(1796864400000000),
			"endsUs": int64(1796871600000000), "members": []string{h.office}, "title": ""}
		form := values("series", s.ID, "chair", "x", "place", "y", "startsUs", "2026-12-10 09:00", "endsUs",
			"2026-12-10 11:00", "members", h.office, "title", "")
		body[change[0]] = change[1]
		form.Set(change[0], change[1])
		page, call := h.Post(officer, "/dispatch/new", form), h.Call(officer, "POST", "/dispatch/meetings", body)
		if page.Code != 422 || call.Code != 422 {
			t.Fatalf("%s: page %d, API %d %s", name, page.Code, call.Code, call.Body)
		}
		want := map[string]string{}
		for _, e := range call.Problem(t).Errors {
			want[ui.FieldID(e.Field)] = e.Detail
		}
		_, box, _ := strings.Cut(page.Body, `class="error-summary"`)
		box, _, _ = strings.Cut(box, "</div>")
		got := map[string]string{}
		for _, m := range item.FindAllStringSubmatch(box, -1) {
			got[m[1]] = html.UnescapeString(strings.TrimSpace(m[2]))
		}
		if len(want) == 0 || len(want) != len(got) {
			t.Errorf("%s: API %v, page %v", name, want, got)
		}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %s says %q by API, %q on the page", name, k, v, got[k])
			}
		}
	}
	made := h.Call(officer, "POST", "/dispatch/meetings", map[string]any{"series": s.ID, "chair": "x", "place": "y",
		"startsUs": int64(1796864400000000), "endsUs": int64(1796871600000000), "members": []string{h.office}})
	if made.Code != 201 || !strings.Contains(made.Body, `"code":"DD-2026-001"`) {
		t.Errorf("made by API: %d %s", made.Code, made.Body)
	}
}
