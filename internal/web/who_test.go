package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/web"
)

// Pages name people to those who have an account, each looked up once, and show the log-in of who has none any
// more.
func TestWho(t *testing.T) {
	var asked []string
	s := web.New(web.Deps{Log: slog.New(slog.DiscardHandler), Clock: clock.System(), Sessions: people{},
		Limits: web.Limits{PerSecond: 1000, Burst: 1000, BodyBytes: 1000, UploadBytes: 2000},
		Who: func(_ context.Context, login string) string {
			asked = append(asked, login)
			return map[string]string{"jingban": "郭晓燕"}[login]
		}})
	s.Add(web.Route{Method: "GET", Path: "/who", Access: web.Everyone,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			var out []string
			for _, login := range []string{"jingban", "gone", "", "jingban", "gone"} {
				out = append(out, web.Who(r, login))
			}
			_, err := io.WriteString(w, strings.Join(out, "|"))
			return err
		}})
	for _, c := range []struct{ session, want, asked string }{
		{"", "jingban|gone||jingban|gone", ""},
		{"good", "郭晓燕|gone||郭晓燕|gone", "jingban,gone"},
	} {
		asked = nil
		got := ask(s, get("/who", cookie("yuntu_session", c.session))).Body.String()
		if got != c.want || strings.Join(asked, ",") != c.asked {
			t.Errorf("session %q: %s, asked %q", c.session, got, asked)
		}
	}
	if got := web.WhoOf(t.Context(), "jingban"); got != "jingban" {
		t.Errorf("outside of a request: %s", got)
	}
}
