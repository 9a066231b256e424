package partyhttp_test

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// stock fills the registry with enough for two pages of the list.
func (w *world) stock(t testing.TB) (org party.Org, person party.Person) {
	t.Helper()
	places := []region.Code{"140105", "140106", "140107", "140108", "140109", "140110", "140121",
		"140171", "140200", "110108"}
	kinds := party.OrgKinds()
	standings := party.Standings()
	names := []string{"云帆精密装备", "汾河智能科技", "晋阳生物制药", "龙城轨道装备", "双塔软件"}
	for i := range 26 {
		w.org("officer", func(o *party.OrgData) {
			o.Name = fmt.Sprintf("太原%s%c有限公司", names[i%5], '甲'+rune(i*37))
			o.Region, o.Kind = places[i%len(places)], kinds[i%len(kinds)].Value
			o.Standing, o.Industry = standings[i*3%7%len(standings)].Value, []string{"C34", "I65",
				"C27", "M73", ""}[i%5]
			if i%2 == 0 {
				o.USCC = makeUSCC(t, 100+i)
			}
		})
	}
	org = w.org("officer", full(t))
	w.org("officer", func(o *party.OrgData) {
		o.Name, o.NameEn = "山西晋能碳基新材料股份有限公司（榆次）", "Jinneng Carbon (Yuci)"
		o.USCC, o.Region = makeUSCC(t, 2), "140702"
	})
	person = w.person(org.ID, func(p *party.NewPerson) { p.IDNumber, p.Public = "", true })
	return org, person
}

// pages are those of the registry that have something to show.
func pages(o party.Org, other string, p party.Person) map[string]string {
	return map[string]string{
		"orgs": "/orgs", "orgs-filtered": "/orgs?q=%E5%A4%AA%E5%8E%9F&region=140100&state=verified",
		"orgs-none": "/orgs?q=zzzz", "orgs-wrong": "/orgs?kind=zz&from=2026-99-99",
		"org": "/orgs/" + o.ID, "org-in-list": "/orgs/" + o.ID + "?list=sort%3Dname",
		"org-contacts": "/orgs/" + o.ID + "/contacts",
		"org-people":   "/orgs/" + o.ID + "/people",
		"org-timeline": "/orgs/" + o.ID + "/timeline", "org-sources": "/orgs/" + o.ID + "/sources",
		"org-merges": "/orgs/" + o.ID + "/merges", "org-new": "/orgs/new",
		"org-edit": "/orgs/" + o.ID + "/edit", "org-merge": "/orgs/" + o.ID + "/merge",
		"org-merge-2": "/orgs/" + o.ID + "/merge?drop=" + other,
		"org-step":    "/orgs/" + o.ID + "/step?do=return", "import": "/orgs/import",
		"people": "/people", "person": "/people/" + p.ID,
		"person-members": "/people/" + p.ID + "/memberships", "person-new": "/people/new",
		"person-edit": "/people/" + p.ID + "/edit", "people-import": "/people/import",
	}
}

// looks are the ways a page is looked at: one for each page here, in turn, all of them for pictures.
var looks = []struct {
	lang, scheme string
	width        int
}{{"zh-CN", "dark", browsertest.Narrow}, {"en", "light", browsertest.Wide},
	{"zh-CN", "light", browsertest.Wide}, {"en", "light", browsertest.Narrow}}

// walked are the pages that test/e2e opens as they are here.
var walked = []string{"orgs", "org", "org-contacts", "org-people", "org-timeline", "org-sources",
	"org-merges", "org-new", "org-edit", "org-merge", "import", "people", "person-new", "people-import"}

// Every other page without a finding of axe, in one of the looks.
func TestPagesInBrowser(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o, person := w.stock(t)
	other := w.get("officer", "/orgs?q=%E6%A6%86%E6%AC%A1")
	_, rest, _ := strings.Cut(other.text, `<th scope="row"><a href="/orgs/`)
	otherID, _, _ := strings.Cut(rest, `?`)
	server := httptest.NewServer(w.h)
	defer server.Close()
	p := browsertest.New(t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", "officer")
	shots := os.Getenv("YUNTU_SHOTS")
	all := pages(o, otherID, person)
	for n, name := range slices.Sorted(maps.Keys(all)) {
		path, some := all[name], looks[n%len(looks):n%len(looks)+1]
		if shots != "" {
			some = looks[:]
		} else if slices.Contains(walked, name) {
			continue
		}
		for _, look := range some {
			p.SetSize(look.width)
			p.Media("", look.scheme)
			p.SetCookie("yuntu_lang", look.lang)
			p.Goto(path)
			if s := p.Status(); s != 200 && !strings.HasSuffix(name, "-wrong") {
				t.Errorf("%s: status %d", name, s)
			}
			p.Axe()
			p.NoHorizontalScroll()
			p.ConsoleEmpty(422)
			if shots != "" {
				p.Screenshot(filepath.Join(shots, fmt.Sprintf("%s-%s-%s-%d.png", name, look.lang,
					look.scheme, look.width)))
			}
		}
		if !strings.HasSuffix(name, "-wrong") {
			p.WithinBudget(path)
		}
	}
}

// Registering with scripts: the warning comes while typing, picks come from the dictionaries, the
// draft saves itself, and the question about similar names is asked once.
func TestRegisterInBrowser(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.stock(t)
	server := httptest.NewServer(w.h)
	defer server.Close()
	p := browsertest.New(t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", "officer")
	p.Goto("/orgs")
	p.Follow(".page-actions .primary")
	p.Fill("#f-name", "山西晋能碳基新材料有限公司")
	p.WaitText("#similar", "已有很像的组织")
	p.WaitText("#similar", "榆次")
	p.WaitText("#org-saved", "已自动保存 09:30:00")
	p.Select("#f-kind", "enterprise")
	p.Click(".picked [data-drop]")
	p.Fill("#f-region", "小店")
	p.WaitText("#f-region-list", "小店区")
	p.Press("ArrowDown", "Enter")
	p.WaitText(".picked", "山西省太原市小店区")
	p.Fill("#f-industry", "集成电路")
	p.WaitText("#f-industry-list", "集成电路")
	p.Press("ArrowDown", "Enter")
	p.Click("[data-rows=contacts] [data-rows-add]")
	p.Fill("[name='contacts.0.name']", "王小明")
	p.Fill("[name='contacts.0.phone']", "12")
	p.Settle()
	p.Follow(".form-actions .primary")
	p.WaitText(".error-summary", "电话应为")
	p.Axe()
	p.ConsoleEmpty(422)
	p.Fill("[name='contacts.0.phone']", "13800001234")
	p.Follow(".form-actions .primary")
	p.WaitText("#similar", "还没有登记")
	p.Follow(".form-actions .primary")
	p.WaitText("h1", "山西晋能碳基新材料有限公司")
	p.WaitText("#toasts", "已登记")
	p.ConsoleEmpty(422)

	p.Goto("/orgs")
	p.Fill("[name=q]", "晋能")
	p.WaitText("#results", "共 3 家")
	p.Select("[name=region]", "140105")
	p.WaitText("#results", "共 2 家")
	p.Follow("#results tbody a")
	p.Click("#tab-t-contacts")
	p.WaitText("#panel", "坐标")
	p.ConsoleEmpty()
}

// Showing a number replaces it in place.
func TestRevealInBrowser(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	person := w.person("", nil)
	server := httptest.NewServer(w.h)
	defer server.Close()
	p := browsertest.New(t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", "officer")
	p.Goto("/people/" + person.ID)
	p.Click("#m-phone button")
	p.WaitText("#m-phone", "13800001234")
	p.Axe()
	p.ConsoleEmpty()
}

// A contact is shown in part until one asks for it; the rest of the page stays.
func TestContactInBrowser(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.org("officer", full(t))
	server := httptest.NewServer(w.h)
	defer server.Close()
	p := browsertest.New(t, server.URL)
	p.Goto("/orgs")
	p.SetCookie("yuntu_session", "leader")
	shots := os.Getenv("YUNTU_SHOTS")
	for _, look := range looks {
		p.SetSize(look.width)
		p.Media("", look.scheme)
		p.Goto("/orgs/" + o.ID + "/contacts")
		p.WaitText("#c-0-phone", "138****1234")
		p.Click("#c-0-phone button")
		p.WaitText("#c-0-phone", "13800001234")
		p.WaitText("#c-0-email", "w***@example.cn")
		p.Axe()
		p.NoHorizontalScroll()
		p.ConsoleEmpty()
		if shots != "" {
			p.Screenshot(filepath.Join(shots, fmt.Sprintf("reveal-%s-%d.png", look.scheme, look.width)))
		}
	}
}
