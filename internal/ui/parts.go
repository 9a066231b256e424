package ui

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/a-h/templ"
)

// Tone is what a colour means. Colour never stands alone: shape and word go with it.
type Tone string

// The tones. The zero value counts as Idle.
const (
	OK   Tone = "ok"   // done, fine
	Run  Tone = "run"  // under way
	Warn Tone = "warn" // needs attention
	Bad  Tone = "bad"  // late, refused, broken
	Idle Tone = "idle" // not started, withdrawn
)

func (t Tone) class() string {
	switch t {
	case OK, Run, Warn, Bad:
		return string(t)
	}
	return string(Idle)
}

// State is a status with its word: {OK, "已办结"}.
type State struct {
	Tone Tone
	Text string
}

// Action is a button or a link that looks like one. With Href it is a link; else a submit button
// with Name and Value. Verbs say what happens: 提交申报, 撤回; never 确定 alone.
type Action struct {
	Text    string
	Href    string
	Name    string
	Value   string
	Primary bool
	Danger  bool
	Small   bool
	Current bool   // one of several views, this one is shown
	Why     string // reason it is not available: shown, and the button does nothing
	Label   string // fuller name for assistive technology, when Text alone is ambiguous
	FormURL string // posts the form there instead (formaction)
	NoCheck bool   // the browser does not validate (formnovalidate)
	Attrs   templ.Attributes
}

func (a Action) class() string {
	c := []string{"btn"}
	for _, p := range []struct {
		on   bool
		name string
	}{{a.Primary, "primary"}, {a.Danger, "danger"}, {a.Small, "small"}} {
		if p.on {
			c = append(c, p.name)
		}
	}
	return strings.Join(c, " ")
}

// attrs are the optional attributes of the button or link.
func (a Action) attrs() templ.Attributes {
	m := templ.Attributes{}
	for k, v := range a.Attrs {
		m[k] = v
	}
	set := func(k, v string) {
		if v != "" {
			m[k] = v
		}
	}
	set("aria-label", a.Label)
	if a.Current {
		m["aria-current"] = "page"
	}
	if a.Href != "" {
		return m
	}
	set("name", a.Name)
	if a.Name != "" {
		m["value"] = a.Value
	}
	set("formaction", string(templ.URL(a.FormURL)))
	if a.FormURL == "" {
		delete(m, "formaction")
	}
	if a.NoCheck {
		m["formnovalidate"] = true
	}
	return m
}

// Hidden is a hidden field of a form.
type Hidden struct {
	Name  string
	Value string
}

// Post is a form that is only a button: withdraw, log out everywhere, copy.
type Post struct {
	Action string
	Hidden []Hidden
	Button Action
}

// whyID is the id of the sentence that says why a is not available.
func whyID(a Action) string {
	key := a.Name + a.Value
	if key == "" {
		key = a.Text
	}
	return fmt.Sprintf("why-%08x", crc32.ChecksumIEEE([]byte(key+a.Why)))
}
