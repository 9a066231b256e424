package backuphttp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/backup/backuphttp"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/web"
	"github.com/yuntu-city/yuntu/internal/webtest"
)

var admin = authz.Actor{Account: "admin", Role: authz.SysAdmin}

type place struct {
	*webtest.House
	dir   string
	clock *clock.Fake
	desk  *job.Desk
}

func newPlace(t *testing.T) place {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	u := dbtest.UnitAt(t, dbtest.SQLite(t), c)
	blobs, err := blob.Open(u, blob.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	desk, dir := job.NewDesk(u), filepath.Join(t.TempDir(), "backups")
	s := backup.NewService(u, blobs, job.NewRunner(u, desk, job.Options{}),
		backup.Options{Dir: dir, Keep: 14, Program: "test"})
	h := webtest.New(t, c, func(w *web.Server) []webtest.Door {
		return []webtest.Door{backuphttp.New(s, w, c,
			backuphttp.Options{Dir: dir, Keep: 14, At: "02:30"})}
	})
	return place{h, dir, c, desk}
}

// put places a file as a backup of some age would lie there.
func (p place) put(t *testing.T, age time.Duration, extension string) string {
	t.Helper()
	at := p.clock.Now().Add(-age)
	name := backup.Name(at) + extension
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.dir, name)
	if err := os.WriteFile(file, []byte("backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOnlyTheSystemAdministrator(t *testing.T) {
	p := newPlace(t)
	for _, role := range authz.Roles() {
		as, page, op, made := authz.Actor{Account: "x", Role: role}, 403, 403, 403
		if role == authz.SysAdmin {
			page, op, made = 200, 200, 202
		}
		if got := p.Get(as, backuphttp.Path).Code; got != page {
			t.Errorf("%s: page %d, want %d", role, got, page)
		}
		if got := p.Call(as, "GET", "/backups", nil).Code; got != op {
			t.Errorf("%s: API %d, want %d", role, got, op)
		}
		if got := p.Call(as, "POST", "/backups", nil).Code; got != made {
			t.Errorf("%s: makes one by API: %d, want %d", role, got, made)
		}
	}
	if got := p.Get(authz.Actor{}, backuphttp.Path).Code; got != 303 {
		t.Errorf("a visitor gets %d, not the log-in", got)
	}
}

func TestCreateLeadsToItsJob(t *testing.T) {
	p := newPlace(t)
	a := p.Post(admin, backuphttp.Path, nil)
	jobID, ok := strings.CutPrefix(a.Header.Get("Location"), "/admin/jobs/")
	if a.Code != 303 || !ok {
		t.Fatalf("%d to %q", a.Code, a.Header.Get("Location"))
	}
	if _, err := p.desk.Get(t.Context(), admin, jobID); err != nil {
		t.Errorf("the job: %v", err)
	}
	again := p.Call(admin, "POST", "/backups", nil)
	if !strings.Contains(again.Body, jobID) || again.Header.Get("Location") != "/api/v1/jobs/"+jobID {
		t.Errorf("a second order is another job: %s", again.Body)
	}
}

func TestPageWarns(t *testing.T) {
	const none, stale = "没有一个备份可以恢复", "请尽快再做一次"
	p := newPlace(t)
	look := func(what string, texts ...string) {
		t.Helper()
		body := p.Get(admin, backuphttp.Path).Body
		for _, text := range []string{"还没有备份", none, stale} {
			want := false
			for _, x := range texts {
				want = want || x == text
			}
			if strings.Contains(body, text) != want {
				t.Errorf("%s: says %q: %t", what, text, !want)
			}
		}
		if !strings.Contains(body, p.dir) {
			t.Errorf("%s: does not say where backups are", what)
		}
	}
	look("fresh", "还没有备份")
	bad := p.put(t, time.Hour, ".bad")
	look("only a bad one", none)
	p.put(t, 48*time.Hour, "")
	look("an old good one", stale)
	good := p.put(t, 2*time.Hour, "")
	look("a new good one")
	body := p.Get(admin, backuphttp.Path).Body
	api := p.Call(admin, "GET", "/backups", nil).Body
	for _, name := range []string{bad, good} {
		if !strings.Contains(body, name) || !strings.Contains(api, name) {
			t.Errorf("%s is missing", name)
		}
	}
	p.English(t, admin, backuphttp.Path)
}

// No address hands out a backup.
func TestNoDownload(t *testing.T) {
	p := newPlace(t)
	name := p.put(t, time.Hour, "")
	if a := p.Get(admin, backuphttp.Path+"/"+name); a.Code != 404 {
		t.Errorf("%d", a.Code)
	}
}
