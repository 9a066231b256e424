package web_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/web"
)

func TestVersionOf(t *testing.T) {
	for text, want := range map[string]int64{"3": 3, "": -1, "x": -1, "1e3": -1,
		"99999999999999999999": -1} {
		r := httptest.NewRequest("POST", "/x", strings.NewReader(url.Values{"version": {text}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := web.VersionOf(r); got != want {
			t.Errorf("%q is version %d, want %d", text, got, want)
		}
	}
}
