package claimhttp_test

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
)

var shots = flag.String("shots", "", "write a picture of every page into this folder")

// TestPagesInTheBrowser opens each page in one look, all of them for pictures: no finding of axe, an empty console, no
// sideways scrolling.
func TestPagesInTheBrowser(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	open := h.claim(wang)
	h.clock.Advance(8 * 24 * time.Hour)
	back := h.claim(h.person("zhang"), "uscc", h.fresh, "orgName", "并州新能源有限公司", "kind", "university")
	h.step(officer, back, "return", "请附单位出具的授权书")
	zhang := h.person("zhao")
	done := h.claim(zhang)
	h.step(officer, done, "refuse", "并非本单位人员")
	server := httptest.NewServer(h.Handler())
	t.Cleanup(server.Close)
	p := browsertest.New(t, server.URL)
	for n, c := range []struct {
		name string
		as   authz.Actor
		path string
	}{
		{"claim", wang, "/claim"}, {"claim-known", wang, "/claim?uscc=" + h.known.USCC},
		{"claim-new", wang, "/claim?uscc=" + h.fresh}, {"claim-wrong", wang, "/claim?uscc=12"},
		{"mine", zhang, "/claims"}, {"none", wang, "/claims?state=" + url.QueryEscape("refused")},
		{"queue", officer, "/claims"}, {"queue-all", officer, "/claims?state=all"},
		{"record", officer, open}, {"returned", officer, back}, {"refused", zhang, done},
		{"confirm", officer, open + "/confirm"}, {"refuse", officer, open + "/refuse"},
	} {
		for i, l := range []struct {
			width       int
			theme, lang string
		}{{1440, "light", "zh-CN"}, {375, "dark", "en"}} {
			if i != n%2 && *shots == "" {
				continue // test/e2e opens each kind of page in more looks
			}
			p.SetCookie("yuntu_session", h.Token(c.as))
			p.SetCookie("yuntu_theme", l.theme)
			p.SetCookie("yuntu_lang", l.lang)
			p.SetSize(l.width)
			p.Goto(c.path)
			p.Axe()
			p.NoHorizontalScroll()
			p.ConsoleEmpty(422)
			if *shots != "" {
				p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d.png", c.name, i)))
			}
		}
	}
	if strings.Contains(p.Text("h1"), "404") {
		t.Error("the last page is an error")
	}
}
