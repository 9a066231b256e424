package claimhttp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/identity/claimhttp"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

var (
	machine  = authz.Actor{Role: authz.SysAdmin, Via: authz.ViaSystem}
	officer  = authz.Actor{Account: "acc-officer", Login: "li", Role: authz.Officer}
	district = authz.Actor{Account: "acc-near", Login: "zhao", Role: authz.District, Region: "140105"}
	far      = authz.Actor{Account: "acc-far", Login: "qian", Role: authz.District, Region: "140106"}
)

// registry is a register of organisations in memory.
type registry struct{ orgs []identity.Org }

func (r *registry) FindByUSCC(_ context.Context, uscc string) (identity.Org, bool, error) {
	for _, o := range r.orgs {
		if o.USCC == uscc {
			return o, true, nil
		}
	}
	return identity.Org{}, false, nil
}

func (r *registry) FindByID(_ context.Context, orgID string) (identity.Org, bool, error) {
	for _, o := range r.orgs {
		if o.ID == orgID {
			return o, true, nil
		}
	}
	return identity.Org{}, false, nil
}

func (r *registry) CreatePending(
	_ context.Context, _ authz.Actor, o identity.Org,
) (identity.Org, error) {
	o.ID = id.New()
	r.orgs = append(r.orgs, o)
	return o, nil
}

// house is the room with its door.
type house struct {
	*webtest.House
	t     testing.TB
	room  *identity.Service
	clock *clock.Fake
	known identity.Org
	fresh string // credit code that the registry does not know
}

func uscc(t *testing.T, n int) string {
	t.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140105MA0%06d", n))
	if err != nil {
		t.Fatal(err)
	}
	return string(code)
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: clock.NewFake(dbtest.Start), fresh: uscc(t, 77)}
	h.known = identity.Org{ID: "org-1", Name: "太原云帆新材料有限公司", Kind: "enterprise",
		Region: "140105", USCC: uscc(t, 1)}
	orgs := &registry{orgs: []identity.Org{h.known}}
	d := dbtest.SQLite(t)
	u := dbtest.UnitAt(t, d, h.clock)
	codes := dict.New(u)
	files, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	if err == nil {
		err = codes.Load(context.Background())
	}
	if err == nil {
		h.room, err = identity.New(identity.Config{Unit: u, Orgs: orgs, Blob: files,
			Cost: identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	titles := map[string]string{"enterprise": "企业", "university": "高等学校"}
	h.House = webtest.New(t, h.clock, func(w *web.Server) []webtest.Door {
		return []webtest.Door{claimhttp.New(h.room, w, claimhttp.Deps{Orgs: orgs, Dict: codes,
			Blobs: files, DB: d, Clock: h.clock, Home: func() region.Code { return "140100" },
			KindTitle: func(kind string) string { return titles[kind] }})}
	})
	return h
}

// person makes an account and returns its actor in the role of the public.
func (h *house) person(login string) authz.Actor {
	h.t.Helper()
	a, err := h.room.CreateAccount(context.Background(), machine, identity.NewAccount{Login: login,
		Name: "王小明", Phone: "13800001234", Password: "Lan-Tian 37 bai yun"})
	if err != nil {
		h.t.Fatal(err)
	}
	return authz.Actor{Account: a.ID, Login: a.Login, Role: authz.Public, Via: authz.ViaSession}
}

// form sends a form with files, as the claim form does.
func (h *house) form(as authz.Actor, path string, v url.Values, files ...string) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range v {
		_ = m.WriteField(name, values[0])
	}
	for i := 0; i+1 < len(files); i += 2 {
		w, err := m.CreateFormFile("files", files[i])
		if err != nil {
			h.t.Fatal(err)
		}
		_, _ = w.Write([]byte(files[i+1]))
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.Do(as, r)
}

// claim hands in a claim for the known organisation and returns its address.
func (h *house) claim(as authz.Actor, pairs ...string) string {
	h.t.Helper()
	v := url.Values{"uscc": {h.known.USCC}, "duty": {"研发经理"}, "key": {id.New()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	a := h.form(as, "/claim", v)
	if a.Code != 303 {
		h.t.Fatalf("claim: %d %.900s", a.Code, main(a.Body))
	}
	return a.Header.Get("Location")
}

// main is the content of a page.
func main(body string) string {
	_, rest, _ := strings.Cut(body, `id="main"`)
	return rest
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// version is the version that a form was made from.
func version(t testing.TB, a webtest.Answer) string {
	t.Helper()
	m := versionField.FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("%d: no version in %.600s", a.Code, main(a.Body))
	}
	return m[1]
}

// step opens the question of a step and answers it.
func (h *house) step(as authz.Actor, path, step, reason string) webtest.Answer {
	h.t.Helper()
	asked := h.Get(as, path+"/"+step)
	if asked.Code != 200 {
		return asked
	}
	return h.Post(as, path+"/"+step,
		url.Values{"version": {version(h.t, asked)}, "reason": {reason}})
}

func (h *house) want(as authz.Actor, path string, code int, texts ...string) webtest.Answer {
	h.t.Helper()
	a := h.Get(as, path)
	if a.Code != code {
		h.t.Errorf("%s as %s: %d, want %d", path, as.Role, a.Code, code)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			h.t.Errorf("%s as %s does not show %q", path, as.Role, text)
		}
	}
	return a
}

func TestWhoSeesWhat(t *testing.T) {
	h := newHouse(t)
	path := h.claim(h.person("wang"))
	may := map[authz.Role][3]int{ // the form, the list, somebody's claim
		authz.Public: {200, 200, 404}, authz.Enterprise: {200, 200, 404},
		authz.University: {200, 200, 404}, authz.Expert: {200, 200, 404},
		authz.Broker: {200, 200, 404}, authz.Officer: {403, 200, 200},
		authz.Leader: {403, 200, 200}, authz.District: {403, 200, 200},
	}
	for _, role := range authz.Roles() {
		want, ok := may[role]
		if !ok {
			want = [3]int{403, 403, 404}
		}
		as := authz.Actor{Account: "x", Role: role}
		if role == authz.District {
			as.Region = "140105"
		}
		got := [3]int{h.Get(as, "/claim").Code, h.Get(as, "/claims").Code, h.Get(as, path).Code}
		if got != want {
			t.Errorf("%s: %v, want %v", role, got, want)
		}
	}
	if a := h.Get(authz.Actor{}, "/claims"); a.Code != 303 {
		t.Errorf("a visitor gets %d, not the log-in", a.Code)
	}
	h.want(far, path, 404)
	for _, hostile := range []string{"0", "%00", "..%2f..", strings.Repeat("z", 5000), "'--"} {
		h.want(officer, "/claims/"+hostile, 404)
		h.want(officer, "/claims/"+hostile+"/confirm", 404)
		h.want(officer, path+"/files/"+hostile, 404)
	}
	h.want(officer, path+"/destroy", 404)
}

func TestClaimIsReturnedAmendedAndConfirmed(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	h.want(wang, "/claim", 200, "查找单位")
	h.want(wang, "/claim?uscc="+h.known.USCC, 200, h.known.Name, "提交认领")
	path := h.claim(wang)
	h.want(wang, path, 200, "待确认", h.known.Name, "研发经理", "撤回")
	h.want(officer, "/claims", 200, h.known.Name, "共 1 项", "局经办")
	h.want(district, "/claims", 200, h.known.Name)

	if a := h.step(officer, path, "return", ""); a.Code != 422 || !strings.Contains(a.Body, "请写明理由") {
		t.Errorf("a return without a reason: %d", a.Code)
	}
	if a := h.step(officer, path, "return", "请附授权书"); a.Code != 303 {
		t.Fatalf("return: %d %.500s", a.Code, main(a.Body))
	}
	h.want(wang, path, 200, "请附授权书", "补正并重新提交")
	h.want(officer, path+"/confirm", 409)
	form := h.want(wang, path+"/amend", 200, "研发经理", "请附授权书")
	a := h.form(wang, path+"/amend", url.Values{"version": {version(t, form)}, "duty": {"总工程师"},
		"statement": {"见附件"}}, "授权书.pdf", "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
	if a.Code != 303 {
		t.Fatalf("amend: %d %.900s", a.Code, main(a.Body))
	}
	page := h.want(officer, path, 200, "总工程师", "授权书.pdf", "见附件")
	h.download(page.Body, path)
	if a := h.step(officer, path, "confirm", ""); a.Code != 303 {
		t.Fatalf("confirm: %d %.500s", a.Code, main(a.Body))
	}
	h.want(wang, path, 200, "已确认")
	roles, err := h.room.ListRoles(context.Background(), wang, identity.RoleFilter{}, pageOf(10))
	if err != nil || len(roles.Items) != 1 || roles.Items[0].Role != authz.Enterprise ||
		roles.Items[0].Org != h.known.ID {
		t.Errorf("roles after the confirmation: %+v, %v", roles.Items, err)
	}
	h.want(officer, path+"/confirm", 409)
	h.English(t, officer, path, h.known.Name, "王小明", "总工程师", "见附件", "请附授权书", "授权书", "小店区")
	h.English(t, officer, "/claims?state=all", h.known.Name, "王小明", "总工程师", "小店区", "小店区", "山西转型综合改革示范区",
		"迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市")
}

func pageOf(n int) db.PageReq { return db.PageReq{Limit: n} }

var fileLink = regexp.MustCompile(`href="(/claims/[0-9a-z]+/files/[0-9a-z]+)"`)

// download follows the link of a claim's file as who may and who may not.
func (h *house) download(body, path string) {
	h.t.Helper()
	m := fileLink.FindStringSubmatch(body)
	if m == nil {
		h.t.Fatal("the claim does not link to its file")
	}
	a := h.want(officer, m[1], 200)
	if !strings.HasPrefix(a.Body, "%PDF") || a.Header.Get("Content-Type") != "application/pdf" ||
		!strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		h.t.Errorf("the file: %v %.40q", a.Header, a.Body)
	}
	h.want(far, m[1], 404)
	h.want(officer, "/claims/other/files/"+m[1][strings.LastIndex(m[1], "/")+1:], 404)
	_ = path
}

func TestUnknownOrganisationAsksForItsData(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	h.want(wang, "/claim?uscc=123", 422, "查找单位")
	h.want(wang, "/claim?uscc="+h.fresh, 200, "主体库尚无这个单位", "单位名称", "小店区")
	a := h.form(wang, "/claim", url.Values{"uscc": {h.fresh}, "duty": {"厂长"}, "statement": {"<b>x</b>"}})
	if a.Code != 422 || !strings.Contains(a.Body, "请填写名称") || !strings.Contains(a.Body, "请选择类型") ||
		!strings.Contains(a.Body, `value="厂长"`) || strings.Contains(a.Body, "<b>x</b>") {
		t.Errorf("an incomplete claim: %d %.900s", a.Code, main(a.Body))
	}
	p := h.Call(wang, "POST", "/claims", map[string]string{"uscc": h.fresh, "duty": "厂长"}).Problem(t)
	if len(p.Errors) != 2 {
		t.Fatalf("the API says %+v", p)
	}
	for _, e := range p.Errors {
		if !strings.Contains(a.Body, e.Detail) {
			t.Errorf("the page does not say %q of %s", e.Detail, e.Field)
		}
	}
	a = h.form(wang, "/claim", url.Values{"uscc": {h.fresh}, "orgName": {"并州新能源有限公司"},
		"kind": {"university"}}, "x.exe", "MZ\x90\x00 not a document")
	if a.Code != 422 || !strings.Contains(a.Body, "并州新能源有限公司") {
		t.Errorf("a program as evidence: %d %.300s", a.Code, main(a.Body))
	}
	path := h.claim(wang, "uscc", h.fresh, "orgName", "并州新能源有限公司", "kind", "university")
	if a := h.step(officer, path, "confirm", ""); a.Code != 303 {
		t.Fatalf("confirm: %d", a.Code)
	}
	again := h.form(wang, "/claim", url.Values{"uscc": {h.fresh}})
	if again.Code != 409 || !strings.Contains(again.Body, "您已代表该单位") {
		t.Errorf("a second claim: %d", again.Code)
	}
}

func TestRefusalAndOwnClaim(t *testing.T) {
	h := newHouse(t)
	wang, li := h.person("wang"), h.person("lili")
	first := h.claim(wang)
	if a := h.step(wang, first, "confirm", ""); a.Code != 403 && a.Code != 404 {
		t.Errorf("the claimant confirms: %d", a.Code)
	}
	if a := h.Post(wang, first+"/confirm", url.Values{"version": {"1"}}); a.Code != 403 {
		t.Errorf("the claimant confirms by a forged form: %d", a.Code)
	}
	if a := h.step(officer, first, "confirm", ""); a.Code != 303 {
		t.Fatal(a.Code)
	}
	member := wang
	member.Role, member.Org = authz.Enterprise, h.known.ID
	second := h.claim(li)
	h.want(member, "/claims", 200, "我的认领")
	h.want(member, second, 200, "确认", "138****1234")
	if a := h.step(member, second, "refuse", "并非本单位人员"); a.Code != 303 {
		t.Errorf("a member refuses: %d", a.Code)
	}
	h.want(li, second, 200, "已驳回", "并非本单位人员")
	third := h.claim(li)
	if a := h.step(li, third, "withdraw", ""); a.Code != 303 {
		t.Errorf("withdraw: %d", a.Code)
	}
	h.want(li, third, 200, "已撤回")
}

func TestStaleFormsAreConflicts(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	path := h.claim(wang)
	if a := h.Post(officer, path+"/confirm", url.Values{"version": {"99"}}); a.Code != 409 {
		t.Errorf("a stale confirmation: %d", a.Code)
	}
	if a := h.Post(officer, path+"/confirm", url.Values{"version": {"x"}}); a.Code != 409 {
		t.Errorf("a version that is none: %d", a.Code)
	}
	if a := h.step(officer, path, "return", "补材料"); a.Code != 303 {
		t.Fatal(a.Code)
	}
	a := h.form(wang, path+"/amend", url.Values{"version": {"1"}, "duty": {"总工程师"}})
	if a.Code != 409 || !strings.Contains(a.Body, "总工程师") || !strings.Contains(a.Body, "研发经理") {
		t.Errorf("a stale correction: %d %.600s", a.Code, main(a.Body))
	}
	claimID := path[len("/claims/"):]
	c := h.Call(officer, "POST", "/claims/"+claimID+"/steps", map[string]string{"step": "confirm"},
		"If-Match", `"1"`)
	if c.Code != 409 {
		t.Errorf("a stale step through the API: %d %s", c.Code, c.Body)
	}
}

func TestQueueShowsDeadlinesAndOverdue(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	path := h.claim(wang)
	h.want(officer, "/claims?state=overdue", 200, "没有符合条件的认领")
	h.clock.Advance(14 * 24 * time.Hour)
	h.want(officer, "/claims?state=overdue", 200, h.known.Name, "mark-bad")
	h.want(district, "/claims?state=overdue", 200, h.known.Name)
	if a := h.Get(far, "/claims?state=overdue"); strings.Contains(a.Body, h.known.Name) {
		t.Error("another district sees the overdue claim")
	}
	if a := h.Get(officer, "/claims?state=overdue&region=140106"); strings.Contains(a.Body, h.known.Name) {
		t.Error("the region does not narrow what is overdue")
	}
	if _, err := h.room.EscalateClaims(context.Background(), machine); err != nil {
		t.Fatal(err)
	}
	for as, want := range map[string]int{"officer": 1, "district": 1, "far": 0} {
		by := map[string]authz.Actor{"officer": officer, "district": district, "far": far}[as]
		h.want(by, "/claims?state=overdue", 200, fmt.Sprintf("共 %d 项", want))
		a := h.Call(by, "GET", "/claims/count?state=overdue", nil)
		if a.Body != fmt.Sprintf("{\"count\":%d}\n", want) {
			t.Errorf("the API counts for %s: %s", as, a.Body)
		}
	}
	h.want(officer, path, 200, "审核超期，转交局领导")
	h.want(officer, "/claims", 200, "局领导")
	var got struct{ Items []identity.Claim }
	a := h.Call(officer, "GET", "/claims?state=overdue", nil)
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil || len(got.Items) != 1 {
		t.Errorf("the API lists %d %s %v", a.Code, a.Body, err)
	}
}

func TestListPages(t *testing.T) {
	h := newHouse(t)
	for i := range 23 {
		h.claim(h.person(fmt.Sprintf("person%02d", i)))
		h.clock.Advance(time.Minute)
	}
	a := h.want(officer, "/claims", 200, "共 23 项", "after=")
	if strings.Count(a.Body, `href="/claims/`) != 20 {
		t.Errorf("first page has %d rows", strings.Count(a.Body, `href="/claims/`))
	}
	h.want(officer, "/claims?last=1", 200, "before=")
	h.want(officer, "/claims?after=%00&sort='", 422)
	h.want(officer, "/claims?q="+url.QueryEscape("太原云"), 200, "共 23 项")
	h.want(officer, "/claims?q=nobody", 200, "没有符合条件的认领")
	h.want(officer, "/claims?state=confirmed", 200, "没有符合条件的认领")
}
