package notifyhttp_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/notify/notifyhttp"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

type anybody struct{}

func (anybody) Told(_ context.Context, _ db.Q, to notify.To) ([]string, error) {
	return []string{to.Account}, nil
}

func (anybody) Mailbox(context.Context, db.Q, string) (notify.Mailbox, bool, error) {
	return notify.Mailbox{}, false, nil
}

var (
	wang = authz.Actor{Account: "wang", Role: authz.Enterprise}
	li   = authz.Actor{Account: "li", Role: authz.Officer}
)

// house has one notice for wang.
func house(t *testing.T) *webtest.House {
	t.Helper()
	u := dbtest.Unit(t, dbtest.SQLite(t))
	s, err := notify.New(u, notify.Options{Accounts: anybody{},
		Kinds: []notify.Kind{{Name: "lab.thing", Title: "消息", Mail: true}}})
	if err != nil {
		t.Fatal(err)
	}
	err = u.Write(t.Context(), li, "test.Tell", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "test"})
		return s.Tell(t.Context(), tx, notify.Notice{To: []notify.To{notify.ToAccount("wang")}, Kind: "lab.thing",
			Title: notify.Text{Key: "标为已读"}, Href: "/things/1"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return webtest.New(t, clock.System(), func(w *web.Server) []webtest.Door {
		return []webtest.Door{notifyhttp.New(s, w, clock.System())}
	})
}

func TestInbox(t *testing.T) {
	h := house(t)
	a := h.Get(wang, notifyhttp.Path)
	if a.Code != 200 || !strings.Contains(a.Body, "1 条未读") {
		t.Fatalf("inbox: %d %.300s", a.Code, a.Body)
	}
	if !strings.Contains(a.Body, `value="lab.thing"`) {
		t.Error("the filter lacks the kind of a notice that is there")
	}
	if a := h.Get(li, notifyhttp.Path); a.Code != 200 || strings.Contains(a.Body, `value="lab.thing"`) {
		t.Errorf("the filter of an empty inbox offers a kind that its reader never got: %d", a.Code)
	}
	_, rest, _ := strings.Cut(a.Body, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if a := h.Get(li, notifyhttp.Path+"/"+id); a.Code != 404 {
		t.Errorf("another opens it: %d", a.Code)
	}
	if a := h.Get(authz.Actor{}, notifyhttp.Path); a.Code != 303 {
		t.Errorf("a visitor: %d", a.Code)
	}
	if a := h.Get(wang, notifyhttp.Path+"?kind=nonsense"); a.Code != 422 {
		t.Errorf("an unknown kind: %d", a.Code)
	}
	a = h.Get(wang, notifyhttp.Path+"/"+id)
	if a.Code != 303 || a.Header.Get("Location") != "/things/1" {
		t.Errorf("opened: %d to %s", a.Code, a.Header.Get("Location"))
	}
	if a := h.Call(wang, "GET", "/inbox/unread", nil); !strings.Contains(a.Body, `"unread":0`) {
		t.Errorf("unread after opening: %s", a.Body)
	}
	if a := h.Post(wang, notifyhttp.Path+"/read", url.Values{"all": {"1"}}); a.Code != 303 {
		t.Errorf("mark all: %d", a.Code)
	}
	h.English(t, wang, notifyhttp.Path)
}

func TestSettings(t *testing.T) {
	h := house(t)
	page := notifyhttp.Path + "/settings"
	if a := h.Post(wang, page, url.Values{"digest": {"hourly"}, "version": {"0"}}); a.Code != 422 {
		t.Errorf("page, no such digest: %d", a.Code)
	}
	a := h.Call(wang, "PUT", "/inbox/settings", map[string]any{"digest": "hourly", "lang": "en", "noMail": []string{},
		"noInbox": []string{}, "version": 0})
	if a.Code != 422 {
		t.Errorf("API, no such digest: %d", a.Code)
	}
	if a := h.Post(wang, page, url.Values{"digest": {"weekly"}, "lang": {"en"}, "version": {"0"}}); a.Code != 303 {
		t.Errorf("saved: %d %.300s", a.Code, a.Body)
	}
	if a := h.Call(wang, "GET", "/inbox/settings", nil); !strings.Contains(a.Body, `"noInbox":["lab.thing"]`) {
		t.Errorf("what was not ticked: %s", a.Body)
	}
	bad := url.Values{"digest": {"daily"}, "lang": {"zh"}, "version": {"2"}, "quiet": {"own"}, "quietFrom": {"ten"}}
	if a := h.Post(wang, page, bad); a.Code != 422 || !strings.Contains(a.Body, "请写成 22:00 这样的时刻") ||
		!strings.Contains(a.Body, `value="ten"`) {
		t.Errorf("no time of the clock: %d", a.Code)
	}
	good := url.Values{"digest": {"daily"}, "lang": {"zh"}, "version": {"2"}, "quiet": {"own"},
		"quietFrom": {"21:30"}, "quietTo": {" 08:30"}, "mailDays": {"working"}}
	if a := h.Post(wang, page, good); a.Code != 303 {
		t.Errorf("quiet hours: %d %.300s", a.Code, a.Body)
	}
	a = h.Call(wang, "GET", "/inbox/settings", nil)
	if !strings.Contains(a.Body, `"quiet":"own","quietFrom":"21:30","quietTo":"08:30","mailDays":"working"`) {
		t.Errorf("quiet hours in the API: %s", a.Body)
	}
	h.English(t, wang, page, "中文") // the name of a language
	if a := h.Post(authz.Actor{}, notifyhttp.Path+"/unsubscribe", url.Values{"token": {"nonsense"}}); a.Code != 404 {
		t.Errorf("an unknown token: %d", a.Code)
	}
}
