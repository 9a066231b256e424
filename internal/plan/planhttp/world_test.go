package planhttp_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// Who acts in tests.
var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	leader  = authz.Actor{Account: "acc-leader", Login: "li", Role: authz.Leader}
	visitor authz.Actor
)

// house is the room with both doors, and the registry's door for its pick lists.
type house struct {
	*webtest.House
	t      testing.TB
	plan   *plan.Service
	party  *party.Service
	clock  *clock.Fake
	ledger plan.Ledger
	bureau party.Org // leads tasks
	other  party.Org
}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t, clock: clock.NewFake(dbtest.Start)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, d, h.clock)
	places := dict.New(u)
	must(places.Load(ctx))
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	h.party, err = party.New(u, party.FromDict(places), times,
		party.Options{Key: bytes.Repeat([]byte{7}, party.KeyBytes), Blobs: files})
	must(err)
	h.plan, err = plan.New(u, times, plan.Options{Blobs: files, Party: h.party, Dict: places,
		Home: func() region.Code { return "140100" }})
	must(err)
	must(h.plan.Load(ctx))
	runner := job.NewRunner(u, job.NewDesk(u), job.Options{})
	h.plan.RegisterJobs(runner)
	work, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = runner.Run(work) }()
	t.Cleanup(func() { stop(); <-done })
	home := func() region.Code { return "140100" }
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		return []webtest.Door{
			planhttp.New(h.plan, w, planhttp.Deps{Party: h.party, Dict: places, Clock: h.clock, Home: home}),
			partyhttp.New(h.party, w, places, partyhttp.Deps{Clock: h.clock, Home: home}),
		}
	})
	h.bureau = h.org("太原市科学技术局", "government")
	h.other = h.org("太原市工业和信息化局", "government")
	h.ledger, err = h.plan.CreateLedger(ctx, officer, plan.NewLedger{
		LedgerData: plan.LedgerData{Name: "重点工作台账", Region: "140100"}})
	must(err)
	return h
}

func (h *house) org(name, kind string) party.Org {
	h.t.Helper()
	o, err := h.party.CreateOrganisation(context.Background(), officer, party.NewOrg{
		OrgData: party.OrgData{Name: name, Kind: kind, Region: "140100", Standing: "active"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// staff acts for the unit that leads.
func (h *house) staff() authz.Actor {
	return authz.Actor{Account: "acc-staff", Login: "hanguodong", Role: authz.Department,
		Org: h.bureau.ID}
}

// sample is a document with a target, two facts and a task.
const sample = `2026年全市科技工作要点
并科发〔2026〕12号
2026年3月1日
2025年，全市技术合同成交额达到186.5亿元，同比增长12.3%。
到2026年底，全市技术合同成交额达到228亿元以上。
市科技局牵头，12月底前建成科技大市场线上平台。
各县（市、区）要压实责任。各县（市、区）要定期调度。
`

// values makes a form of names and values in turn.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// multi sends a form with files, each name and content in turn, in the field called field.
func (h *house) multi(
	as authz.Actor, path string, v url.Values, field string, files ...string,
) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range v {
		for _, x := range list {
			if err := m.WriteField(name, x); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	for i := 0; i+1 < len(files); i += 2 {
		part, err := m.CreateFormFile(field, files[i])
		if err == nil {
			_, err = io.WriteString(part, files[i+1])
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		h.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Do(as, r)
}

// file files the sample by its page and returns its id.
func (h *house) file(pairs ...string) string {
	h.t.Helper()
	a := h.multi(officer, "/documents/new", values(append([]string{"text", sample, "kind", "scheme",
		"region", "140100"}, pairs...)...), "file")
	if a.Code != http.StatusSeeOther {
		h.t.Fatalf("file: %d %.800s", a.Code, mainOf(a.Body))
	}
	at, _, _ := strings.Cut(strings.TrimPrefix(a.Header.Get("Location"), "/documents/"), "/")
	return at
}

// mainOf is the content of a page.
func mainOf(body string) string {
	_, rest, ok := strings.Cut(body, "<main")
	if !ok {
		return body
	}
	return rest
}

// want asks for a page and fails unless it has the status and the texts.
func (h *house) want(as authz.Actor, path string, code int, texts ...string) webtest.Answer {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Fatalf("%s as %s: %d, want %d\n%.900s", path, as.Role, a.Code, code, mainOf(a.Body))
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a
}

// sent posts a form and fails unless it leads on; it returns where to.
func (h *house) sent(as authz.Actor, path string, v url.Values) string {
	h.t.Helper()
	a := h.Post(as, path, v)
	if a.Code != http.StatusSeeOther {
		_, wrong, _ := strings.Cut(a.Body, `class="error-summary"`)
		h.t.Fatalf("POST %s: %d %.900s", path, a.Code, wrong)
	}
	return a.Header.Get("Location")
}

// statements are those of a document that the actor sees.
func (h *house) statements(documentID string) []plan.Statement {
	h.t.Helper()
	list, err := h.plan.Statements(context.Background(), officer, documentID)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// find is the statement whose words contain a text.
func (h *house) find(documentID, words string) plan.Statement {
	h.t.Helper()
	for _, s := range h.statements(documentID) {
		if strings.Contains(s.Quote, words) {
			return s
		}
	}
	h.t.Fatalf("nothing was read of %q", words)
	return plan.Statement{}
}

// task drafts a task by the service.
func (h *house) task(edit func(*plan.NewTask)) plan.Task {
	h.t.Helper()
	in := plan.NewTask{Ledger: h.ledger.ID, TaskData: plan.TaskData{Title: "建成科技大市场线上平台",
		Region: "140100", Lead: h.bureau.ID, Start: "2026-03-01", Cadence: "month",
		DueUs: plan.EndOfDay("2026-12-31"), Milestones: []plan.Milestone{
			{Name: "完成选址", Day: "2026-06-30", WeightBp: 4000},
			{Name: "上线试运行", Day: "2026-12-15", WeightBp: 6000}}}}
	if edit != nil {
		edit(&in)
	}
	x, err := h.plan.CreateTask(context.Background(), officer, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// move takes a step with a task by the service.
func (h *house) move(as authz.Actor, x plan.Task, step string) plan.Task {
	h.t.Helper()
	out, err := h.plan.FireTask(context.Background(), as,
		plan.TaskStep{Step: plan.Step{ID: x.ID, Step: step, Version: x.Version}})
	if err != nil {
		h.t.Fatalf("%s: %v", step, err)
	}
	return out
}

// read is the task as it is now.
func (h *house) read(taskID string) plan.TaskDetail {
	h.t.Helper()
	x, err := h.plan.GetTask(context.Background(), officer, taskID)
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// target sets a target of its own indicator by the service.
func (h *house) target(name string, edit func(*plan.NewTarget)) plan.Target {
	h.t.Helper()
	ctx := context.Background()
	i, err := h.plan.CreateIndicator(ctx, officer, plan.NewIndicator{IndicatorData: plan.IndicatorData{
		Name: name, Unit: "亿元", Direction: "up", Additive: true}})
	if err != nil {
		h.t.Fatal(err)
	}
	in := plan.NewTarget{TargetData: plan.TargetData{Indicator: i.ID, Region: "140100",
		Measure: "level", Op: ">=", Value: "228", Unit: "亿元", From: "2026-01-01", To: "2026-12-31"}}
	if edit != nil {
		edit(&in)
	}
	x, err := h.plan.CreateTarget(ctx, officer, in)
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

// etag is the header of a version.
func etag(version int64) string { return api.ETag(version) }

func v2s(n int64) string { return strings.Trim(etag(n), `"`) }
