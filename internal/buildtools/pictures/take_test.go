package pictures_test

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/buildtools/pictures"
	"github.com/yuntu-city/yuntu/internal/demo"
)

var site = flag.String("site", "", "address of a running demonstration: take the pictures of docs/pictures anew")

func TestMain(m *testing.M) { os.Exit(browsertest.Main(m)) }

// folder is where the pictures are.
const folder = "../../../docs/pictures"

// shots are the pictures of the tour. Of each of follow, the first link that matches is opened.
var shots = []struct {
	name, login, path string
	follow            []string
}{
	{"home", "", "/", nil},
	{"map", "", "/atlas", nil},
	{"market", "qiye", "/market?q=碳纤维", nil},
	{"desk", "jingban", "/documents", []string{"table a[href^='/documents/']", "main a[href$='/review']"}},
	{"ledger", "jingban", "/ledger", nil},
	{"lights", "juzhang", "/lights", nil},
	{"monitor", "juzhang", "/monitor", nil},
	{"meetings", "jingban", "/dispatch", nil},
	{"registry", "jingban", "/orgs", nil},
	{"workspace", "jingban", "/workspace", nil},
}

// Size of a picture, in pixels.
const (
	width  = 1200
	height = 780
)

// TestTake takes the pictures.
func TestTake(t *testing.T) {
	if *site == "" {
		t.Skip("needs -site: the address of a running demonstration")
	}
	pages := map[string]*browsertest.Page{}
	for _, s := range shots {
		p := pages[s.login]
		if p == nil {
			p = browsertest.New(t, *site)
			p.SetSize(width)
			if s.login != "" {
				p.SetCookie(cookie, session(t, s.login))
			}
			pages[s.login] = p
		}
		p.Goto(s.path)
		for _, link := range s.follow {
			p.Follow(link)
		}
		whole := filepath.Join(t.TempDir(), s.name+".png")
		p.Screenshot(whole)
		if err := reduce(whole, filepath.Join(folder, s.name+".png")); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
	}
}

// session opens a session of an account, ends the tour, which would stand on every picture, and returns
// the cookie.
func session(t *testing.T, login string) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.PostForm(*site+"/login", url.Values{"login": {login}, "password": {demo.Password}, "back": {"/"}})
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	for _, c := range a.Cookies() {
		if c.Name != cookie {
			continue
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, *site+"/tour", strings.NewReader("do=close&at=0&back=/"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: cookie, Value: c.Value})
		closed, err := client.Do(r)
		if err != nil || closed.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s cannot end the tour: %v", login, err)
		}
		closed.Body.Close()
		return c.Value
	}
	t.Fatalf("%s cannot log in: %d", login, a.StatusCode)
	return ""
}

// cookie is that of sessions.
const cookie = "yuntu_session"

func reduce(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return err
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, pictures.Reduce(m, height))
}

// The pictures that are in the repository are small, have a palette, and are used by a document.
func TestSmall(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(folder + "/*.png")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pictures, %v", len(files), err)
	}
	texts := ""
	for _, doc := range []string{"../../../README.md", "../../../docs/tour.md"} {
		b, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		texts += string(b)
	}
	all := int64(0)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		info, _ := f.Stat()
		c, err := png.DecodeConfig(f)
		f.Close()
		_, palette := c.ColorModel.(color.Palette)
		if err != nil || info.Size() > pictures.MaxBytes || !palette {
			t.Errorf("%s has %d bytes, palette %v, %v", path, info.Size(), palette, err)
		}
		if !strings.Contains(texts, filepath.Base(path)) {
			t.Errorf("no document shows %s", path)
		}
		all += info.Size()
	}
	if all > pictures.MaxAll {
		t.Errorf("all pictures have %d bytes", all)
	}
}

// A palette holds what a picture has most of; the rest becomes the nearest of it.
func TestPalette(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 10, 10))
	red, blue, almost := color.RGBA{200, 0, 0, 255}, color.RGBA{0, 0, 200, 255}, color.RGBA{180, 30, 20, 255}
	for i := range 100 {
		m.Set(i%10, i/10, red)
		if i >= 60 {
			m.Set(i%10, i/10, blue)
		}
	}
	m.Set(0, 0, almost)
	got := pictures.Reduce(m, 7)
	if got.Bounds().Dy() != 7 || len(got.Palette) != 3 || got.Palette[0] != color.Color(red) {
		t.Errorf("%v, %v", got.Bounds(), got.Palette)
	}
	if p := pictures.Palette(m, 2); len(p) != 2 || p.Convert(almost) != color.Color(red) {
		t.Errorf("%v", p)
	}
}
