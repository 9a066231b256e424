package webtest

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
)

var (
	chineseButton = regexp.MustCompile(`<button[^>]*lang="zh-CN"[^>]*>[^<]*</button>`)
	chinese       = regexp.MustCompile(`[^<>"]{0,30}\p{Han}+[^<>"]{0,30}`)
)

// English asks for a page in English and fails the test for each Chinese text left on it. data are
// texts that people wrote, which stay as they are; the names of site and user are left out anyway.
func (h *House) English(t testing.TB, as authz.Actor, path string, data ...string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.AddCookie(&http.Cookie{Name: "yuntu_lang", Value: "en"})
	a := h.Do(as, r)
	if a.Code >= http.StatusMultipleChoices {
		t.Errorf("%s: %d", path, a.Code)
		return
	}
	known := append([]string{"测试 " + string(as.Role), "云图"}, data...)
	for _, found := range Chinese(a.Body, known...) {
		t.Errorf("%s is not all English: %q", path, found)
	}
}

// Chinese returns some Chinese texts of a page, but those that are known and the button of the language.
func Chinese(body string, known ...string) []string {
	body = chineseButton.ReplaceAllString(body, "")
	for _, text := range known {
		body = strings.ReplaceAll(body, text, "")
	}
	return chinese.FindAllString(body, 5)
}
