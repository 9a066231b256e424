package findhttp_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/find"
	"github.com/yuntu-city/yuntu/internal/find/findhttp"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"

	_ "github.com/yuntu-city/yuntu/internal/app" // all the English there is
)

// of is a kind that finds a title where the words stand in it.
func of(kind, title, has string) find.Source {
	return find.Source{Kind: kind, Title: title, May: func(authz.Actor) bool { return true },
		List: func(q string) string { return "/" + kind + "?q=" + url.QueryEscape(q) },
		Search: func(_ context.Context, _ authz.Actor, query string, _ int) ([]find.Hit, bool, error) {
			if !strings.Contains(has, query) {
				return nil, false, nil
			}
			return []find.Hit{{ID: "1", Title: has, Href: "/" + kind + "/1", About: "本市的" + has}}, false, nil
		}}
}

// Tabs lead to kinds in which something was found, and to the one that was asked for: no tab opens an empty page, and
// the words are marked in what was found.
func TestTabs(t *testing.T) {
	s := find.New(of("org", "组织", "石墨材料厂"), of("task", "任务", "建设基地"), of("view", "云图视图", "石墨产业链"))
	h := webtest.New(t, clock.NewFake(dbtest.Start), func(w *web.Server) []webtest.Door {
		return []webtest.Door{findhttp.New(s, w)}
	})
	for _, c := range []struct {
		query     string
		has, lack []string
	}{
		{"words=石墨", []string{"tab-all", "tab-org", "tab-view", "本市的<mark>石墨</mark>产业链"}, []string{"tab-task"}},
		{"words=石墨&kind=view", []string{"tab-org", "tab-view", "<mark>石墨</mark>产业链"}, []string{"tab-task", "材料厂"}},
		{"words=石墨&kind=task", []string{"tab-org", "tab-view", "tab-task", "没有找到"}, []string{"<mark>"}},
		{"words=", nil, []string{"tab-all"}},
	} {
		a := h.Get(authz.Actor{}, "/find?"+strings.ReplaceAll(c.query, "石墨", url.QueryEscape("石墨")))
		if a.Code != 200 {
			t.Fatalf("%s: %d", c.query, a.Code)
		}
		for _, text := range c.has {
			if !strings.Contains(a.Body, text) {
				t.Errorf("%s lacks %q", c.query, text)
			}
		}
		for _, text := range c.lack {
			if strings.Contains(a.Body, text) {
				t.Errorf("%s has %q", c.query, text)
			}
		}
	}
}
