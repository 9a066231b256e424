package ui

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func FuzzToastHeader(f *testing.F) {
	for _, s := range []string{"", "已提交", `a"b\c`, "𬱖㛃䶮", "x\r\nSet-Cookie: a=b", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := ToastHeader(text)
		for i := range len(h) {
			if h[i] < 0x20 || h[i] > 0x7e {
				t.Fatalf("byte %#x may not stand in a header: %q", h[i], h)
			}
		}
		var back struct{ Toast string }
		if err := json.Unmarshal([]byte(h), &back); err != nil {
			t.Fatalf("%q: %v", h, err)
		}
		if again := ToastHeader(back.Toast); again != h {
			t.Errorf("%q came back as %q", text, back.Toast)
		}
	})
}

func TestToastHeaderKeepsTheText(t *testing.T) {
	for _, text := range []string{"已提交，编号 JB-2026-017。", "𬱖"} {
		var back struct{ Toast string }
		if err := json.Unmarshal([]byte(ToastHeader(text)),
			&back); err != nil || back.Toast != text {
			t.Errorf("%q came back as %q (%v)", text, back.Toast, err)
		}
	}
}

func TestRequestKinds(t *testing.T) {
	r := httptest.NewRequest("GET", "/orgs", nil)
	if PartialRequest(r) || AutosaveRequest(r) || Target(r) != "" {
		t.Error("a plain request wants the whole page")
	}
	r.Header.Set("HX-Request-Type", "full")
	if PartialRequest(r) {
		t.Error("full is not partial")
	}
	r.Header.Set("HX-Request-Type", "partial")
	r.Header.Set("HX-Target", "dialog#drawer")
	r.Header.Set("X-Autosave", "1")
	if !PartialRequest(r) || !AutosaveRequest(r) || Target(r) != "drawer" {
		t.Error("headers of a partial request were not read")
	}
}

func TestRowNumbers(t *testing.T) {
	form := url.Values{
		"contacts.3.name": {""}, "contacts.0.name": {"a"},
		"contacts.0.phone": {"b"}, "contacts.x.name": {""},
		"contacts.-1.name": {""}, "contacts.01.name": {""},
		"contacts.1000.name": {""}, "contacts.2": {""},
		"contacts.__.name": {""}, "addresses.7.street": {""},
		"contacts.99999999999999999999.name": {""},
	}
	if d := cmp.Diff([]int{0, 3}, RowNumbers(form, "contacts")); d != "" {
		t.Error(d)
	}
	if got := RowNumbers(nil, "contacts"); got != nil {
		t.Errorf("no form: %v", got)
	}
}

func FuzzRowNumbers(f *testing.F) {
	f.Add("contacts.0.name", "contacts")
	f.Add("..", "")
	f.Fuzz(func(t *testing.T, name, list string) {
		for _, n := range RowNumbers(url.Values{name: {""}}, list) {
			if n < 0 || n > maxRowNumber {
				t.Errorf("row %d from %q", n, name)
			}
		}
	})
}
