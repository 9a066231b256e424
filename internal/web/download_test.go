package web_test

import (
	"errors"
	"mime"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/yuntu-city/yuntu/internal/web"
)

// What fails before the first byte stays a fault; what fails behind it must not look whole.
func TestDownload(t *testing.T) {
	broken := errors.New("broken")
	w := httptest.NewRecorder()
	if err := web.NewDownload(w, "a.csv", "text/csv").End(broken); err != broken ||
		len(w.Header()) > 0 {
		t.Errorf("before the first byte: %v, headers %v", err, w.Header())
	}
	d := web.NewDownload(w, "a.csv", "text/csv")
	_, _ = d.Write([]byte("x"))
	if err := d.End(nil); err != nil {
		t.Error(err)
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("half a file was ended as if it were whole")
		}
	}()
	_ = d.End(broken)
}

// Any name arrives as it is, and none gets out of its header.
func TestDownloadNames(t *testing.T) {
	for _, name := range []string{"holidays.xlsx", "组织名录 2026.xlsx", `a"b\c.csv`, "a\r\nX: y.csv", "无"} {
		w := httptest.NewRecorder()
		_, _ = web.NewDownload(w, name, "text/csv").Write(nil)
		kind, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != name {
			t.Errorf("%q arrives as %q in %s: %v", name, params["filename"],
				w.Header().Get("Content-Disposition"), err)
		}
	}
}
