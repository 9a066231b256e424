package story_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/browsertest"
)

var shots = flag.String("shots", "", "write a picture of the page at which a browser test failed into this folder")

// visitor turns the pages of the house in a browser, in the roles of the story, as people do: it presses
// what it can read.
type visitor struct {
	*browsertest.Page
	t        *testing.T
	sessions map[string]string
}

func visit(t *testing.T, url string, c cast) *visitor {
	t.Helper()
	v := &visitor{browsertest.New(t, url), t, c.sessions}
	t.Cleanup(func() {
		if t.Failed() && *shots != "" {
			v.Screenshot(filepath.Join(*shots, strings.ReplaceAll(t.Name(), "/", "-")+".png"))
		}
	})
	return v
}

// as opens a page as somebody.
func (v *visitor) as(who, path string) {
	v.t.Helper()
	v.SetCookie("yuntu_session", v.sessions[who])
	v.open(path)
}

// open opens a page and wants it to be there.
func (v *visitor) open(path string) {
	v.t.Helper()
	v.Goto(path)
	if s := v.Status(); s != 200 {
		v.t.Fatalf("%s: status %d: %s", path, s, v.Text("main"))
	}
}

// follow presses the link or button of the page that reads text, and waits for the page it opens.
func (v *visitor) follow(text string) {
	v.t.Helper()
	v.mark(text)
	v.Follow("[data-pressed]")
}

// turn presses a tab, and waits until its part of the page is there.
func (v *visitor) turn(text, sel string) {
	v.t.Helper()
	v.mark(text)
	v.Click("[data-pressed]")
	v.WaitFor(sel)
	v.Settle()
}

// mark marks the link or button of the page that reads text.
func (v *visitor) mark(text string) {
	v.t.Helper()
	const script = `(() => {
		const all = [...document.querySelectorAll("main a, main button:not(.sr)")].filter(e => e.checkVisibility());
		const name = e => (e.innerText ?? e.textContent).replace(/\s+/g, " ").trim();
		const e = all.find(e => name(e) === %s && e.getAttribute("aria-disabled") !== "true");
		document.querySelectorAll("[data-pressed]").forEach(e => e.removeAttribute("data-pressed"));
		if (e) { e.setAttribute("data-pressed", ""); return ""; }
		return all.map(name).join(" | ") || "nothing"; })()`
	quoted, _ := json.Marshal(text)
	if others := browsertest.Eval[string](v.Page, fmt.Sprintf(script, quoted)); others != "" {
		v.t.Fatalf("%s has no %q to press, but %s\n%s", v.Path(), text, others, v.Text("main"))
	}
}

// step takes a step with what the page shows: the button, then the question.
func (v *visitor) step(title string, fill func()) {
	v.t.Helper()
	v.follow(title)
	if fill != nil {
		fill()
	}
	v.Follow("#step .form-actions button")
	if s := v.Status(); s != 200 {
		v.t.Fatalf("%s: status %d: %s", title, s, v.Text("main"))
	}
}

// pick chooses the entry of a list by typing a part of it.
func (v *visitor) pick(field, typed string) {
	v.t.Helper()
	v.Fill("#f-"+field, typed)
	v.WaitText("#f-"+field+"-list", typed)
	v.Press("ArrowDown", "Enter")
	v.WaitFor(`[data-name="` + field + `"] .picked li`)
}

// says wants the page to show texts.
func (v *visitor) says(texts ...string) {
	v.t.Helper()
	page := v.Text("main")
	for _, want := range texts {
		if !strings.Contains(page, want) {
			v.t.Errorf("%s does not say %q:\n%s", v.Path(), want, page)
		}
	}
}

// until opens a page again and again until an element of it says something: what follows from an event
// follows a moment later.
func (v *visitor) until(path, sel, want string) {
	v.t.Helper()
	for range 300 {
		v.open(path)
		if strings.Contains(strings.Join(v.Texts(sel), "\n"), want) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	v.t.Fatalf("%s does not say %q in %s after 30 s:\n%s", path, want, sel, v.Text("main"))
}
