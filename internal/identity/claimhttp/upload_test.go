package claimhttp_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

const pdf = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// upload sends a form with files to an operation; files are name, content, name …
func (h *house) upload(
	as authz.Actor, method, path string, fields map[string]string, headers []string, files ...string,
) webtest.Answer {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = m.WriteField(k, v)
	}
	for i := 0; i+1 < len(files); i += 2 {
		w, err := m.CreateFormFile("files", files[i])
		if err != nil {
			h.t.Fatal(err)
		}
		_, _ = w.Write([]byte(files[i+1]))
	}
	_ = m.Close()
	r := httptest.NewRequest(method, "/api/v1"+path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.Do(as, r)
}

// detail reads a claim by the API.
func (h *house) detail(as authz.Actor, claimID string) (files []string, etag, state string) {
	h.t.Helper()
	a := h.Call(as, "GET", "/claims/"+claimID, nil)
	var d struct {
		State string
		Files []struct{ Name, ID string }
	}
	if err := json.Unmarshal([]byte(a.Body), &d); err != nil {
		h.t.Fatalf("%d %s", a.Code, a.Body)
	}
	for _, f := range d.Files {
		files = append(files, f.Name)
	}
	return files, a.Header.Get("ETag"), d.State
}

// A claim by the API takes files as the page does: when it is handed in, and when it is corrected.
func TestClaimWithFilesByAPI(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	fields := map[string]string{"uscc": h.known.USCC, "duty": "研发经理"}
	once := []string{"Idempotency-Key", "k1"}
	a := h.upload(wang, "POST", "/claims", fields, once, "授权书.pdf", pdf, "执照.pdf", pdf)
	var claim struct{ ID string }
	if err := json.Unmarshal([]byte(a.Body), &claim); err != nil || a.Code != 201 {
		t.Fatalf("claim: %d %s", a.Code, a.Body)
	}
	if again := h.upload(wang, "POST", "/claims", fields, once); again.Body != a.Body {
		t.Errorf("the same key again: %d %s", again.Code, again.Body)
	}
	if files, _, _ := h.detail(officer, claim.ID); strings.Join(files, " ") != "授权书.pdf 执照.pdf" {
		t.Errorf("files %q", files)
	}
	_, etag, _ := h.detail(officer, claim.ID)
	if a := h.Call(officer, "POST", "/claims/"+claim.ID+"/steps",
		map[string]string{"step": "return", "reason": "请补授权书"}, "If-Match", etag); a.Code != 200 {
		t.Fatalf("return: %d %s", a.Code, a.Body)
	}
	_, etag, _ = h.detail(wang, claim.ID)
	a = h.upload(wang, "PUT", "/claims/"+claim.ID, fields, []string{"If-Match", etag}, "补充.pdf", pdf)
	files, _, state := h.detail(officer, claim.ID)
	if a.Code != 200 || len(files) != 3 || state != "submitted" {
		t.Errorf("amend: %d %s, files %q, %s", a.Code, a.Body, files, state)
	}
}

// A wrong upload is refused at the field with a word, before anything is stored.
func TestClaimUploadsThatAreRefused(t *testing.T) {
	h := newHouse(t)
	wang := h.person("wang")
	good := map[string]string{"uscc": h.known.USCC}
	six := []string{}
	for range 6 {
		six = append(six, "a.pdf", pdf)
	}
	for name, c := range map[string]struct {
		as     authz.Actor
		fields map[string]string
		files  []string
		code   int
		field  string
	}{
		"a program":      {wang, good, []string{"x.pdf", "MZ\x90\x00 not a document"}, 422, "files"},
		"too many":       {wang, good, six, 422, "files"},
		"too large":      {wang, good, []string{"x.pdf", pdf + strings.Repeat(" ", 10<<20)}, 422, "files"},
		"far too large":  {wang, good, []string{"x.pdf", strings.Repeat("x", 61<<20)}, 422, ""},
		"a wrong code":   {wang, map[string]string{"uscc": "1"}, []string{"a.pdf", pdf}, 422, "uscc"},
		"unknown field":  {wang, map[string]string{"uscc": h.known.USCC, "state": "confirmed"}, nil, 422, "state"},
		"nobody":         {authz.Actor{}, good, []string{"a.pdf", pdf}, 401, ""},
		"who may not":    {officer, good, []string{"a.pdf", pdf}, 403, ""},
		"no data at all": {wang, nil, nil, 422, "uscc"},
	} {
		a := h.upload(c.as, "POST", "/claims", c.fields, nil, c.files...)
		if a.Code != c.code {
			t.Errorf("%s: %d %s", name, a.Code, a.Body)
			continue
		}
		p := a.Problem(t)
		if c.field != "" && (len(p.Errors) != 1 || p.Errors[0].Field != c.field || p.Errors[0].Detail == "") ||
			p.Detail == "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	r := httptest.NewRequest("POST", "/api/v1/claims", strings.NewReader("--x\r\nbroken"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if a := h.Do(wang, r); a.Code != 422 {
		t.Errorf("a broken form: %d %s", a.Code, a.Body)
	}
	for _, body := range []string{"", "{", `{"uscc":1}`, `{"uscc":"1","x":2}`, "[]"} {
		r := httptest.NewRequest("POST", "/api/v1/claims", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		if a := h.Do(wang, r); a.Code != 422 || len(a.Problem(t).Errors) != 1 {
			t.Errorf("%q: %d %s", body, a.Code, a.Body)
		}
	}
	h.want(officer, "/claims?state=all", 200, "没有符合条件的认领")
}

// A visitor gets no empty list, which would look as if there were nothing.
func TestVisitorsAreRefused(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/claims", "/claims/count", "/claims?state=overdue"} {
		if a := h.Call(authz.Actor{}, "GET", path, nil); a.Code != 401 {
			t.Errorf("%s: %d %s", path, a.Code, a.Body)
		}
	}
}
