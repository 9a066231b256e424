package ui

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

func TestBackStaysOnThisSite(t *testing.T) {
	for url, want := range map[string]string{
		"/orgs?q=a": "/orgs?q=a", "": "/path", "//evil.example": "/", `/\evil.example`: "/",
		"https://evil.example": "/", "javascript:x()": "/",
	} {
		if got := (Page{Path: "/path", URL: url}).back(); got != want {
			t.Errorf("back of %q is %q, want %q", url, got, want)
		}
	}
}

func TestPreferencesOfUnknownValues(t *testing.T) {
	for _, s := range []string{"", "purple", "DARK", "auto\"><script>"} {
		if ParseTheme(s) != ThemeAuto || ParseSize(s) != SizeNormal {
			t.Errorf("%q is not the default", s)
		}
	}
	if ParseTheme("dark") != ThemeDark || ParseSize("xlarge") != SizeXLarge {
		t.Error("known values are kept")
	}
	for size, want := range map[Size]string{"": "large", SizeLarge: "normal",
		SizeXLarge: "normal"} {
		if got := (Page{Size: size}).nextSize(); got != want {
			t.Errorf("关怀版 at %q asks for %q, want %q", size, got, want)
		}
	}
}

func TestCurrentNavigation(t *testing.T) {
	nav := []NavItem{{Href: "/"}, {Href: "/orgs"}, {Href: "/orgs/import"}, {Href: "/admin?tab=1"}}
	for path, want := range map[string]string{
		"/": "/", "/orgs": "/orgs", "/orgs/1/edit": "/orgs", "/orgs/import/7": "/orgs/import",
		"/organisations": "", "/admin": "/admin?tab=1", "/x": "",
	} {
		if got := (Page{Path: path}).currentNav(nav); got != want {
			t.Errorf("%s lights %q, want %q", path, got, want)
		}
	}
}

func TestFailures(t *testing.T) {
	secret := errors.New("disk /dev/sda1 is on fire")
	for _, status := range []int{400, 403, 404, 405, 409, 413, 418, 422, 429, 500, 502, 503} {
		zh := FailureOf(i18n.ZH, status, secret, "01abc")
		en := FailureOf(i18n.EN, status, secret, "01abc")
		if zh.Title == "" || len(zh.Advice) == 0 || zh.Request != "01abc" || len(zh.Links) == 0 {
			t.Errorf("%d: says too little: %+v", status, zh)
		}
		if cmp.Equal(zh.Title, en.Title) || cmp.Equal(zh.Advice, en.Advice) {
			t.Errorf("%d: not in English", status)
		}
		for _, text := range append(zh.Advice, zh.Title, zh.Text) {
			if text == secret.Error() {
				t.Errorf("%d: shows the cause", status)
			}
		}
	}
}

func TestFailureShowsTheFault(t *testing.T) {
	f := FailureOf(i18n.ZH, 409, fault.New(fault.Conflict, "%s 已归档",
		"JG-1").Wrap(errors.New("row 7")), "r")
	if f.Text != "JG-1 已归档" {
		t.Errorf("text: %q", f.Text)
	}
	f = FailureOf(i18n.ZH, 500, fault.New(fault.Internal, "statement q17 failed"), "r")
	if f.Text == "statement q17 failed" {
		t.Error("an internal fault shows its detail")
	}
	f = FailureOf(i18n.ZH, 422, fault.Fields(fault.At("a.0.b", "必填")), "r")
	if d := cmp.Diff([]SummaryItem{{ID: "f-a-0-b", Text: "必填"}}, f.Fields); d != "" {
		t.Error(d)
	}
}

func TestStatusOf(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.Invalid: 422, fault.NotFound: 404, fault.Forbidden: 403, fault.Conflict: 409,
		fault.Unavailable: 503, fault.Internal: 500,
	} {
		err := fmt.Errorf("load: %w", fault.New(kind, "x"))
		if got := StatusOf(err); got != want {
			t.Errorf("%s is %d, want %d", kind, got, want)
		}
	}
	if StatusOf(errors.New("x")) != http.StatusInternalServerError {
		t.Error("unknown errors are 500")
	}
}

func TestMarkAndSummary(t *testing.T) {
	inputs := []Input{{Name: "name"}, {Name: "uscc"}}
	err := fault.Fields(fault.At("uscc", "应为 %d 位", 18), fault.At("uscc", "第二条"),
		fault.At("gone", "别处"))
	Mark(i18n.ZH, inputs, err)
	if inputs[0].Err != "" || inputs[1].Err != "应为 18 位" {
		t.Errorf("marked %+v", inputs)
	}
	s := SummaryOf(i18n.ZH, err)
	if len(s.Items) != 3 || s.Items[0].ID != "f-uscc" {
		t.Errorf("summary %+v", s)
	}
	if d := cmp.Diff(Summary{}, SummaryOf(i18n.ZH, nil)); d != "" {
		t.Error(d)
	}
	Mark(i18n.ZH, inputs, errors.New("x")) // no fault: nothing to mark
}
