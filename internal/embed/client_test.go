package embed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/embed"
)

var _ retrieval.Embedder = (*embed.Client)(nil)

// service answers each request with what comes next: a status, or a text that takes the answer's
// place, or "" for vectors of the lengths of the texts, the last first.
type service struct {
	t      *testing.T
	next   []string
	asked  []int
	waited []time.Duration
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Model string   `json:"model"`
		Input []string `json:"input"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Model != "m" || r.URL.Path != "/v1/embeddings" ||
		r.Header.Get("Authorization") != "Bearer secret" {
		s.t.Errorf("asked %s %v %v", r.URL.Path, q, err)
	}
	s.asked = append(s.asked, len(q.Input))
	answer := ""
	if len(s.next) > 0 {
		answer, s.next = s.next[0], s.next[1:]
	}
	switch answer {
	case "429":
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	case "500", "400":
		w.WriteHeader(map[string]int{"500": 500, "400": 400}[answer])
		fmt.Fprint(w, "no such model")
	case "":
		var data []string
		for i := len(q.Input) - 1; i >= 0; i-- {
			data = append(data, fmt.Sprintf(`{"index":%d,"embedding":[%d,1]}`, i, len(q.Input[i])))
		}
		fmt.Fprintf(w, `{"data":[%s]}`, strings.Join(data, ","))
	case "stay":
		<-r.Context().Done()
	default:
		fmt.Fprint(w, answer)
	}
}

func ask(t *testing.T, s *service, o embed.Options, texts ...string) ([][]float32, error) {
	t.Helper()
	s.t = t
	server := httptest.NewServer(s)
	defer server.Close()
	o.URL, o.Model, o.Key = server.URL+"/v1/", "m", "secret"
	o.Wait = func(_ context.Context, d time.Duration) error {
		s.waited = append(s.waited, d)
		return nil
	}
	c, err := embed.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c.Embed(t.Context(), texts)
}

// Texts go in batches, and each gets its vector whatever the order of the answer.
func TestBatches(t *testing.T) {
	s := &service{}
	got, err := ask(t, s, embed.Options{Batch: 2}, "a", "bb", "ccc")
	if err != nil || fmt.Sprint(got) != "[[1 1] [2 1] [3 1]]" || fmt.Sprint(s.asked) != "[2 1]" {
		t.Errorf("%v, asked %v, %v", got, s.asked, err)
	}
}

// What may pass is asked again, after the wait that is wanted; what cannot is not.
func TestFailures(t *testing.T) {
	for _, x := range []struct {
		next   []string
		o      embed.Options
		want   string // in the error; "" for none
		asked  int
		waited string
	}{
		{[]string{"500", "429"}, embed.Options{}, "", 3, "[500ms 7s]"},
		{[]string{"500", "500"}, embed.Options{Retries: 1}, "answers 500: no such model", 2, "[500ms]"},
		{[]string{"500"}, embed.Options{Retries: -1}, "answers 500", 1, "[]"},
		{[]string{"400"}, embed.Options{}, "answers 400: no such model", 1, "[]"},
		{[]string{"stay"}, embed.Options{Timeout: 20 * time.Millisecond}, "", 2, "[500ms]"},
		{[]string{`{"data":[{"index":0,"embedding":[1`}, embed.Options{}, "", 2, "[500ms]"},
		{[]string{"<html>"}, embed.Options{}, "not what was asked for", 1, "[]"},
		{[]string{`{"data":[]}`}, embed.Options{}, "no vector for text 0", 1, "[]"},
		{[]string{`{"data":[{"index":9,"embedding":[1]}]}`}, embed.Options{}, "vector for text 9", 1, "[]"},
		{nil, embed.Options{Width: 3}, "2 numbers, expected 3", 1, "[]"},
	} {
		s := &service{next: x.next}
		_, err := ask(t, s, x.o, "a")
		if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) ||
			len(s.asked) != x.asked || fmt.Sprint(s.waited) != x.waited {
			t.Errorf("%v: %v, asked %d times, waited %v", x.next, err, len(s.asked), s.waited)
		}
	}
}

// Addresses that cannot be asked are refused at once.
func TestNew(t *testing.T) {
	for _, o := range []embed.Options{{}, {URL: "ftp://a", Model: "m"}, {URL: "http://u:p@a", Model: "m"},
		{URL: "http://a"}, {URL: "http://a", Model: "m", Batch: -1}} {
		if _, err := embed.New(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}
