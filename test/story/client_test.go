package story_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"
)

// player calls the API in the roles of the story. Each writing request carries a key of its own and is
// sent again until it is answered, as a careful client does.
type player struct {
	t      *testing.T
	s      server
	tokens map[string]string
	// sessions are those of browsers: pages are opened with them.
	sessions map[string]string
	client   *http.Client
	keys     int
	last     string // what was answered while something was waited for
}

// patience is how often a request is sent before the story gives up.
const patience = 20

// problem is what the API answers instead.
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// call sends a request until it is answered and returns status and body. While it waits for a first
// answer to a writing request, the server may be killed.
func (p *player) call(who, method, path, media string, body []byte, version int64) (int, []byte) {
	p.t.Helper()
	p.keys++
	key := fmt.Sprintf("story-%04d", p.keys)
	last := ""
	for try := range patience {
		r, err := http.NewRequestWithContext(p.t.Context(), method, p.s.url()+"/api/v1"+path, bytes.NewReader(body))
		if err != nil {
			p.t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+p.tokens[who])
		if body != nil {
			r.Header.Set("Content-Type", media)
		}
		if method != http.MethodGet {
			r.Header.Set("Idempotency-Key", key)
			if version > 0 {
				r.Header.Set("If-Match", fmt.Sprintf(`"%d"`, version))
			}
			if try == 0 {
				p.s.disturb()
			}
		}
		a, err := p.client.Do(r)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(a.Body)
			a.Body.Close()
			last = fmt.Sprintf("%d %.300s", a.StatusCode, text)
			if err == nil && a.StatusCode < 500 {
				return a.StatusCode, text
			}
		}
		p.s.restart(p.t)
	}
	p.t.Fatalf("%s %s is not answered: %s", method, path, last)
	return 0, nil
}

// do sends JSON, wants success and reads the answer into out.
func (p *player) do(who, method, path string, in any, version int64, out any) {
	p.t.Helper()
	var body []byte
	if in != nil {
		body, _ = json.Marshal(in)
	}
	code, text := p.call(who, method, path, "application/json", body, version)
	if code >= 300 {
		p.t.Fatalf("%s, %s %s: %d %s", who, method, path, code, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			p.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
}

func (p *player) get(who, path string, out any) {
	p.t.Helper()
	p.do(who, http.MethodGet, path, nil, 0, out)
}

func (p *player) post(who, path string, in any, out any) {
	p.t.Helper()
	p.do(who, http.MethodPost, path, in, 0, out)
}

// step takes a step with a thing whose version is known.
func (p *player) step(who, path string, version int64, in map[string]any, out any) {
	p.t.Helper()
	p.do(who, http.MethodPost, path+"/steps", in, version, out)
}

// refused sends what is to be refused and returns why it was.
func (p *player) refused(who, path string, version int64, in map[string]any) problem {
	p.t.Helper()
	body, _ := json.Marshal(in)
	code, text := p.call(who, http.MethodPost, path, "application/json", body, version)
	if code < 400 {
		p.t.Fatalf("%s, POST %s was not refused: %d %s", who, path, code, text)
	}
	var out problem
	if err := json.Unmarshal(text, &out); err != nil {
		p.t.Fatalf("POST %s: %v in %s", path, err, text)
	}
	return out
}

// form sends a form with a file.
func (p *player) form(who, path string, fields map[string]string, file, content string, out any) {
	p.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, value := range fields {
		_ = m.WriteField(name, value)
	}
	if file != "" {
		w, _ := m.CreateFormFile("files", file)
		_, _ = io.WriteString(w, content)
	}
	_ = m.Close()
	code, text := p.call(who, http.MethodPost, path, m.FormDataContentType(), b.Bytes(), 0)
	if code >= 300 {
		p.t.Fatalf("%s, POST %s: %d %s", who, path, code, text)
	}
	if err := json.Unmarshal(text, out); err != nil {
		p.t.Fatalf("POST %s: %v in %s", path, err, text)
	}
}

// soon asks again until something is so: what follows from an event follows a moment later.
func (p *player) soon(what string, is func() bool) {
	p.t.Helper()
	for range 300 {
		if is() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatalf("not so after 30 s: %s\n%s", what, p.last)
}

// page opens a page as a browser does and returns its markup.
func (p *player) page(who, path string) string {
	p.t.Helper()
	for range patience {
		r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.s.url()+path, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "yuntu_session", Value: p.sessions[who]})
		a, err := p.client.Do(r)
		if err == nil {
			text, err := io.ReadAll(a.Body)
			a.Body.Close()
			if err == nil && a.StatusCode < 500 {
				if a.StatusCode != http.StatusOK || a.Request.URL.Path != r.URL.Path {
					p.t.Fatalf("%s opens %s: %d at %s", who, path, a.StatusCode, a.Request.URL)
				}
				return string(text)
			}
		}
		p.s.restart(p.t)
	}
	p.t.Fatalf("%s is not answered", path)
	return ""
}
