package showhttp_test

import (
	"bytes"
	"context"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/market/show/showhttp"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

var (
	officer = authz.Actor{Account: "acc-officer", Login: "wangming", Role: authz.Officer}
	guest   = authz.Actor{Account: "acc-guest", Login: "guest", Role: authz.Public}
	visitor authz.Actor
)

// house is the room behind both doors.
type house struct {
	*webtest.House
	t    testing.TB
	show *show.Service
	org  string
	now  *clock.Fake
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	h := &house{t: t}
	now := clock.NewFake(dbtest.Start)
	h.now = now
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u := dbtest.UnitAt(t, dbtest.SQLite(t), now)
	places := dict.New(u)
	must(places.Load(ctx))
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	must(err)
	t.Cleanup(func() { _ = files.Close() })
	times := process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	key := []byte("0123456789abcdef0123456789abcdef")
	p, err := party.New(u, party.FromDict(places), times, party.Options{Key: key, Blobs: files})
	must(err)
	posts, err := market.New(u, times, market.Options{Party: p, Dict: places})
	must(err)
	h.show, err = show.New(u, times, show.Options{Blobs: files, Party: p, Posts: posts, Key: key})
	must(err)
	h.House = webtest.New(t, now, func(w *web.Server) []webtest.Door {
		return []webtest.Door{showhttp.New(h.show, w, kit.Deps{Party: p, Dict: places,
			Clock: now, Home: func() region.Code { return "140100" }})}
	})
	o, err := p.CreateOrganisation(ctx, officer, party.NewOrg{OrgData: party.OrgData{
		Name: "太原市技术转移中心", Kind: "institute", Region: "140100", Standing: "active"}})
	must(err)
	h.org = o.ID
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

// fresh reads the version that the page of an event has now.
func (h *house) fresh(showID string) string {
	h.t.Helper()
	d, err := h.show.GetShow(context.Background(), officer, showID)
	if err != nil {
		h.t.Fatal(err)
	}
	return kit.Number(d.Version)
}

var link = regexp.MustCompile(`/shows/[0-9a-z]{26}`)

// open makes an event with one slot by its pages, and opens it for sign-up.
func (h *house) open() string {
	h.t.Helper()
	at := h.sent(officer, "/shows/new", "title", "新材料专场路演", "kind", "roadshow", "org_q",
		"太原市技术转移中心", "region", "140100", "place", "科技大厦", "startsUs", "2026-12-10 09:00", "endsUs",
		"2026-12-10T17:00", "capacity", "1", "talkRounds", "2", "talkFromUs", "2026-12-10 14:00",
		"talkMinutes", "20", "talkTables", "3")
	record := link.FindString(at)
	id := strings.TrimPrefix(record, "/shows/")
	h.want(visitor, record, 404)
	h.want(officer, at, 200, "环节名称")
	slot := values("title", "石墨烯导热膜", "startsUs", "2026-12-10 09:00", "endsUs", "2026-12-10 09:30")
	slot.Set("version", h.fresh(id))
	if a := h.Post(officer, record+"/slot", slot); a.Code != 303 {
		h.t.Fatalf("slot: %d", a.Code)
	}
	slot.Set("version", h.fresh(id))
	if a := h.Post(officer, record+"/slot", slot); a.Code != 422 || !strings.Contains(a.Body, "的时间重叠") {
		h.t.Errorf("a slot at the same time: %d", a.Code)
	}
	for _, step := range []string{"publish", "open"} {
		h.want(officer, record+"/step?do="+step, 200, "之后的状态")
		h.sent(officer, record+"/step", "do", step, "version", h.fresh(id))
	}
	return record
}

// TestPages walks an event from its preparation to the check-in.
func TestPages(t *testing.T) {
	h := newHouse(t)
	record := h.open()
	h.want(visitor, "/shows", 200, "新材料专场路演", "报名中")
	h.want(visitor, record, 200, "石墨烯导热膜", "报名")
	h.want(visitor, record+"/people", 403)
	if a := h.Get(visitor, record+"/calendar.ics"); a.Code != 200 ||
		!strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") {
		t.Errorf("calendar: %d %s", a.Code, a.Header.Get("Content-Type"))
	}
	h.want(visitor, record+"/print", 200, "<svg", "石墨烯导热膜")
	h.want(guest, record+"/signup", 200, "余席 1")
	h.sent(guest, record+"/signup", "name", "李明", "key", "k1")
	if a := h.Post(guest, record+"/signup", values("name", "李明", "key", "k2")); a.Code != 422 {
		t.Errorf("the same name twice: %d", a.Code)
	}
	h.sent(guest, record+"/signup", "name", "王芳", "key", "k3")
	h.want(guest, "/shows/mine", 200, "李明", "候补", "签到二维码")
	h.want(guest, record+"/talks", 200, "本人")
	h.want(officer, record+"/people", 200, "王芳")
	mine, err := h.show.MyBookings(t.Context(), guest)
	if err != nil {
		t.Fatal(err)
	}
	g := mine[0].Signup
	_, code, err := h.show.MyPass(t.Context(), guest, g.ID)
	if err != nil || code == "" {
		t.Fatal(code, err)
	}
	door := "/shows/checkin?c=" + url.QueryEscape(code)
	h.want(guest, door, 200, "请入场时出示")
	h.want(officer, door, 200, "李明", "确认签到")
	if a := h.Post(officer, "/shows/checkin", values("c", code)); a.Code != 409 {
		t.Errorf("days too early: %d", a.Code)
	}
	h.now.Set(time.Date(2026, 12, 10, 8, 30, 0, 0, clock.Shanghai))
	h.sent(officer, "/shows/checkin", "c", code)
	if a := h.Post(officer, "/shows/checkin", values("c", code)); a.Code != 409 {
		t.Errorf("a code twice: %d", a.Code)
	}
	h.want(officer, record+"/people?checked=yes", 200, "李明")
	h.want(officer, record+"/timeline", 200, "开放报名")
	h.want(officer, record+"/edit", 200, "报名截止时间")
	for _, p := range []string{"/shows", record, record + "/people", record + "/timeline", "/shows/new",
		record + "/signup"} {
		h.English(t, officer, p, "新材料专场路演", "石墨烯导热膜", "科技大厦", "太原市技术转移中心", "太原市", "李明", "王芳",
			"小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市", "山西转型综合改革示范区")
	}
}

var item = regexp.MustCompile(`<li>(?:<a href="#([^"]*)">)?([^<]*)`)

// TestBothDoorsRefuseTheSame sends the same wrong event to page and API.
func TestBothDoorsRefuseTheSame(t *testing.T) {
	h := newHouse(t)
	for name, change := range map[string]map[string]any{
		"empty":    {"title": "", "place": ""},
		"kind":     {"kind": "party"},
		"capacity": {"capacity": int64(0)},
		"talks":    {"talkRounds": int64(99), "talkMinutes": int64(1)},
	} {
		body := map[string]any{"title": "x", "kind": "roadshow", "org": h.org, "region": "140100",
			"place": "y", "startsUs": int64(1796864400000000), "endsUs": int64(1796893200000000),
			"capacity": int64(10)}
		form := values("startsUs", "2026-12-10 09:00", "endsUs", "2026-12-10 17:00", "org", h.org,
			"region", "140100", "title", "x", "kind", "roadshow", "place", "y", "capacity", "10")
		for k, v := range change {
			body[k] = v
			if n, ok := v.(int64); ok {
				form.Set(k, kit.Number(n))
			} else {
				form.Set(k, v.(string))
			}
		}
		page, call := h.Post(officer, "/shows/new", form), h.Call(officer, "POST", "/shows", body)
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
}

// TestImportAgenda takes an agenda from a table: checked, shown, then imported.
func TestImportAgenda(t *testing.T) {
	h := newHouse(t)
	at := h.sent(officer, "/shows/new", "title", "新材料专场路演", "kind", "roadshow", "org_q", "太原市技术转移中心",
		"region", "140100", "place", "科技大厦", "startsUs", "2026-12-10 09:00", "endsUs", "2026-12-10T17:00",
		"capacity", "1")
	record := link.FindString(at)
	h.want(officer, record, 200, record+"/import")
	h.want(officer, record+"/import", 200, "下载 Excel 模板", `enctype="multipart/form-data"`)
	h.want(guest, record+"/import", 404)
	h.want(officer, record+"/import?template=csv", 200, "环节名称", "路演的成果或需求")
	send := func(fields url.Values, table string) webtest.Answer {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for name, v := range fields {
			_ = m.WriteField(name, v[0])
		}
		if table != "" {
			f, _ := m.CreateFormFile("file", "议程.csv")
			_, _ = f.Write([]byte(table))
		}
		_ = m.Close()
		r := httptest.NewRequest("POST", record+"/import", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return h.Do(officer, r)
	}
	shows := func(a webtest.Answer, code int, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if a.Code != code || !strings.Contains(a.Body, text) {
				t.Errorf("%d does not show %q", a.Code, text)
			}
		}
	}
	shows(send(values("do", "check"), ""), 422, `href="#f-file"`)
	head := "开始时间,结束时间,环节名称,主讲\n"
	shows(send(values("do", "check"), head+"09:00,09:30,致辞,\n9:15,9:45,抢时间的,\n"), 200, "有 1 处问题",
		"第 3 行“开始时间”", "与“致辞”的时间重叠")
	found := send(values("do", "check"), head+"09:00,09:30,致辞,王主任\n")
	shows(found, 200, "可以导入", "王主任", "导入 1 个环节")
	_, data, _ := strings.Cut(found.Body, `name="data" value="`)
	data, _, _ = strings.Cut(data, `"`)
	version := h.fresh(strings.TrimPrefix(record, "/shows/"))
	shows(send(values("do", "store", "name", "议程.csv", "data", data, "version", "7"), ""), 409, "已被他人修改")
	if a := send(values("do", "store", "name", "议程.csv", "data", data, "version", version), ""); a.Code != 303 {
		t.Fatalf("import: %d %.600s", a.Code, a.Body)
	}
	h.want(officer, record, 200, "致辞", "王主任")
}
