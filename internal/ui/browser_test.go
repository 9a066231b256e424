package ui_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/ui"
)

var shots = flag.String("shots", "", "folder to write screenshots of the gallery to")

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// alone are specimens that cannot share a page: a second h1, a second path, a password outside a
// form, work that polls.
var alone = map[string]bool{"page-head": true, "crumbs": true, "progress": true,
	"progress-unknown": true, "field-password": true}

// gallery is a page of all specimens under headings that say their names.
func gallery() templ.Component {
	cs := []templ.Component{ui.PageHead(ui.Head{Title: "部件总览", Lead: "每个部件的每种状态。"})}
	for _, s := range specimens() {
		if alone[s.name] {
			continue
		}
		cs = append(cs, templ.Raw(`<section class="specimen"><p class="side-title">`+s.name+`</p>`),
			s.c, templ.Raw("</section>"))
	}
	return templ.Join(cs...)
}

// galleryMux serves the gallery and some pages of it under the CSP. The query chooses theme, size
// and language.
func galleryMux(t *testing.T) *http.ServeMux {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET "+ui.PathAssets, ui.Assets())
	serve := func(path string, p func() ui.Page, content templ.Component) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			show(t, w, r, p(), content)
		})
	}
	serve("/gallery", publicPage, gallery())
	serve("/staff", staffPage, templ.Join(specimens()[0].c, listSpecimens()[0].c,
		listSpecimens()[2].c, recordSpecimens()[0].c))
	serve("/error", publicPage, ui.ErrorPage(ui.FailureOf(i18n.ZH, 500, nil, "01jdqz3w6m")))
	mux.HandleFunc("GET /print", func(w http.ResponseWriter, r *http.Request) {
		p := publicPage()
		p.Title = "山西某材料有限公司登记信息"
		c := with(ui.PrintShell(p, ui.Document{Number: "并科发〔2026〕12号", Back: "/gallery",
			Issuer: "太原市科学技术局", Date: "2026年11月20日", Check: "7F3A-19C2",
			Watermark: "王芳 2026-11-22 导出"}),
			ui.FactGrid([]ui.Fact{{Term: "名称", Text: "山西某材料有限公司"}}), ui.DataTable(orgTable(nil)))
		render(t, w, r.Context(), http.StatusOK, c)
	})
	return mux
}

// show renders content inside the page, or alone for a partial request, as handlers do.
func show(t *testing.T, w http.ResponseWriter, r *http.Request, p ui.Page,
	content templ.Component) {
	t.Helper()
	q := r.URL.Query()
	p.Lang, p.Theme, p.Size = i18n.Parse(q.Get("lang")), ui.ParseTheme(q.Get("theme")),
		ui.ParseSize(q.Get("size"))
	c := content
	if !ui.PartialRequest(r) {
		c = with(ui.Shell(p), content)
	}
	render(t, w, i18n.With(r.Context(), p.Lang), http.StatusOK, c)
}

func render(t *testing.T, w http.ResponseWriter, ctx context.Context, code int, c templ.Component) {
	t.Helper()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", ui.CSP)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	if err := c.Render(ctx, w); err != nil {
		t.Errorf("render: %v", err)
	}
}

func gallerySite(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(galleryMux(t))
	t.Cleanup(s.Close)
	return s.URL
}

// TestGalleryInBrowser holds every component to the rules that only a browser can check.
func TestGalleryInBrowser(t *testing.T) {
	p := browsertest.New(t, gallerySite(t))
	wide, narrow := []int{browsertest.Wide}, []int{browsertest.Narrow}
	both := append(wide, narrow...)
	for _, c := range []struct {
		path   string
		widths []int
		axe    bool
		more   bool // only with -shots: test/e2e walks the whole matrix over real pages
	}{
		{"/gallery?theme=light", wide, true, false},
		{"/gallery?size=large&theme=dark", narrow, true, false},
		{"/gallery?size=xlarge", narrow, false, false},
		{"/staff?theme=light", both, true, false},
		{"/error", narrow, true, false},
		{"/print", narrow, true, false},
		{"/gallery?theme=light", narrow, true, true},
		{"/gallery?theme=dark", wide, true, true},
		{"/gallery?size=large", both, true, true},
		{"/gallery?size=xlarge", wide, true, true},
		{"/gallery?lang=en", both, false, true},
		{"/staff?size=xlarge", both, false, true},
		{"/staff?theme=dark", both, true, true},
		{"/print", wide, true, true},
	} {
		if c.more && *shots == "" {
			continue
		}
		for _, width := range c.widths {
			t.Run(fmt.Sprintf("%s at %d", c.path, width), func(t *testing.T) {
				p := p.In(t)
				p.SetSize(width)
				p.Goto(c.path)
				p.NoHorizontalScroll()
				if c.axe {
					p.Axe()
				}
				p.ConsoleEmpty()
				if *shots != "" {
					name := strings.NewReplacer("/", "", "?", "-", "&", "-", "=",
						"-").Replace(c.path)
					p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d.png", name, width)))
				}
			})
		}
	}
}
