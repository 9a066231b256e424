package homehttp_test

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/test/score"
)

var shots = flag.String("shots", "", "folder to write screenshots to")

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// look is a page as somebody sees it.
type look struct {
	name, path string
	as         authz.Actor
}

// furnish fills a city with invented organisations, a late record and jobs.
func furnish(t *testing.T, c city) string {
	t.Helper()
	kinds := []string{"enterprise", "enterprise", "enterprise", "university", "institute", "service"}
	places := []string{"140105", "140110", "140105", "140109", "140106", "140121"}
	names := []string{"晋云特种材料有限公司", "汾河智能装备股份有限公司", "并州生物科技有限公司", "晋阳理工大学",
		"三晋煤层气研究院", "龙城技术转移中心"}
	for i, name := range names {
		c.add(t, officer, name, kinds[i], places[i])
	}
	c.claimed(t, "等待核验的新材料有限公司", "", "140105")
	drafts := draft.New(c.unit.DB(), c.clock)
	for _, form := range []string{"party.org:new", "old.form:7"} {
		if _, err := drafts.Save(t.Context(), officer, form, url.Values{}); err != nil {
			t.Fatal(err)
		}
	}
	var jobID string
	err := c.unit.Write(t.Context(), officer, "test.Start", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test", Object: "1", What: "start"})
		var err error
		jobID, _, err = job.Enqueue(t.Context(), tx, job.Spec{Kind: "party.import.run"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(14 * 24 * time.Hour)
	return jobID
}

// Every page keeps to the rules that only a browser can check. With -shots it is walked in every
// language, theme and size; the whole site is walked by test/e2e.
func TestPagesInBrowser(t *testing.T) {
	fresh, c := newCity(t), newCity(t)
	jobID := furnish(t, c)
	admin := authz.Actor{Account: "sys", Role: authz.SysAdmin}
	looks := []look{
		{"home", "/", authz.Actor{}},
		{"workspace-officer", "/workspace", officer},
		{"workspace-leader", "/workspace", leader},
		{"workspace-sysadmin", "/workspace", admin},
		{"workspace-auditor", "/workspace", authz.Actor{Account: "aud", Role: authz.Auditor}},
		{"api-docs", "/api/docs", authz.Actor{}},
		{"accessibility", "/about/accessibility", authz.Actor{}},
		{"privacy", "/about/privacy", authz.Actor{}},
		{"dict", "/admin/dict", admin},
		{"dict-regions", "/admin/dict/gbt2260?parent=140100", admin},
		{"dict-import", "/admin/dict/import", admin},
		{"calendar", "/admin/dict/calendar?year=2026", admin},
		{"jobs", "/admin/jobs", admin},
		{"job", "/admin/jobs/" + jobID, officer},
		{"job-cancel", "/admin/jobs/" + jobID + "/cancel", officer},
		{"backups", "/admin/backups", admin},
	}
	site := httptest.NewServer(c.Handler())
	t.Cleanup(site.Close)
	empty := httptest.NewServer(fresh.Handler())
	t.Cleanup(empty.Close)
	walk(t, browsertest.New(t, empty.URL), fresh, look{"home-empty", "/", authz.Actor{}})
	p := browsertest.New(t, site.URL)
	for _, l := range looks {
		if *shots != "" || slices.Contains(often, l.name) {
			walk(t, p, c, l)
		}
	}
	p.In(t).SetCookie("yuntu_session", "")
	p.WithinBudget("/")
	w := p.Weigh("/")
	for _, r := range []struct {
		name, what  string
		value, most int64
	}{{"all", "front page, first visit", w.Bytes, browsertest.MaxBytes},
		{"scripts", "front page, scripts of it", w.JSBytes, browsertest.MaxJSBytes}} {
		score.Record(t, score.Result{Name: "page-" + r.name, Subject: "Page budgets", What: r.what, Unit: "KB", AtMost: true,
			Value: float64(r.value) / 1024, Wanted: float64(r.most) / 1024, Command: "go test ./internal/homehttp -run PagesInBrowser"})
	}
}

// often are the pages walked in every run: one of each sort of page that this door has.
var often = []string{"home", "workspace-officer", "calendar", "job", "api-docs"}

// mode is how somebody reads.
type mode struct {
	width             int
	theme, size, lang string
	always            bool
}

var modes = []mode{
	{browsertest.Wide, "light", "normal", "zh-CN", true},
	{browsertest.Narrow, "dark", "large", "zh-CN", true},
	{browsertest.Narrow, "light", "normal", "zh-CN", false},
	{browsertest.Wide, "dark", "normal", "zh-CN", false},
	{browsertest.Wide, "light", "normal", "en", false},
	{browsertest.Narrow, "light", "normal", "en", false},
	{browsertest.Wide, "light", "xlarge", "zh-CN", false},
	{browsertest.Narrow, "light", "large", "en", true},
	{browsertest.Narrow, "light", "xlarge", "en", true},
}

func walk(t *testing.T, p *browsertest.Page, c city, l look) {
	t.Helper()
	for _, m := range modes {
		if !m.always && *shots == "" {
			continue
		}
		name := fmt.Sprintf("%s-%d-%s-%s-%s", l.name, m.width, m.theme, m.size, m.lang)
		t.Run(name, func(t *testing.T) {
			p := p.In(t)
			p.SetSize(m.width)
			token := ""
			if l.as.Account != "" {
				token = c.Token(l.as)
			}
			for k, v := range map[string]string{"session": token, "theme": m.theme, "size": m.size,
				"lang": m.lang} {
				p.SetCookie("yuntu_"+k, v)
			}
			p.Goto(l.path)
			if p.Status() != 200 {
				t.Errorf("%s: %d", l.path, p.Status())
			}
			p.NoHorizontalScroll()
			p.Axe()
			p.ConsoleEmpty()
			if *shots != "" {
				p.Screenshot(filepath.Join(*shots, name+".png"))
			}
		})
	}
}
