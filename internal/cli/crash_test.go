package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/party"
)

// loadLimit bounds how long a server may take to acknowledge the first writes under load.
const loadLimit = time.Minute

// openHouse opens the rooms over the data that a server process works on.
func openHouse(t *testing.T, url, dir string) *app.App {
	t.Helper()
	cfg := config.Default()
	cfg.Database.URL, cfg.Data.Dir, cfg.Backup.At = url, dir, ""
	a, err := app.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// apiToken makes an account that may register organisations, and a token of it.
func apiToken(t *testing.T, a *app.App) string {
	t.Helper()
	const login, password = "robot.one", "Korrekt-Pferd-42-Batterie"
	ctx := t.Context()
	shell := func(r authz.Role) authz.Actor { return authz.Actor{Login: "test", Role: r, Via: authz.ViaCLI} }
	made, err := a.Identity.CreateAccount(ctx, shell(authz.SysAdmin),
		identity.NewAccount{Login: login, Name: "样某", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Identity.GrantRole(ctx, shell(authz.SecAdmin), identity.GrantInput{
		Account: made.ID, Role: authz.Officer, Basis: "test"})
	if err != nil {
		t.Fatal(err)
	}
	in, err := a.Identity.Login(ctx, authz.Actor{Via: authz.ViaSession},
		identity.LoginInput{Login: login, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Identity.Resume(ctx, in.Token)
	if err != nil {
		t.Fatal(err)
	}
	token, err := a.Identity.CreateToken(ctx, session.Actor, identity.NewToken{Name: "load", Days: 1,
		Scopes: []authz.Action{party.ActOrgCreate, party.ActOrgRead}, Token: in.Token})
	if err != nil {
		t.Fatal(err)
	}
	return token.Secret
}

// load writes as fast as it can from several clients until ctx ends, and returns the ids that the
// server has acknowledged. Once there are so many of them it closes enough.
func load(
	ctx context.Context, t *testing.T, url, token string, round, many int, enough chan<- struct{},
) map[string]string {
	t.Helper()
	acknowledged := map[string]string{}
	var mu sync.Mutex
	var clients sync.WaitGroup
	for c := range 4 {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
			defer client.CloseIdleConnections()
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("云图样例 %d-%d-%d 厂", round, c, i)
				body := fmt.Sprintf(`{"name":%q,"kind":"enterprise","region":"140105","standing":"active"}`, name)
				r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/orgs",
					strings.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Content-Type", "application/json")
				a, err := client.Do(r)
				if err != nil {
					continue // the server was killed
				}
				text, err := io.ReadAll(a.Body)
				a.Body.Close()
				if err != nil || a.StatusCode != http.StatusCreated {
					if err == nil && a.StatusCode < 500 {
						t.Errorf("write: %d %s", a.StatusCode, text)
						return
					}
					continue
				}
				var org struct{ ID string }
				if err := json.Unmarshal(text, &org); err != nil {
					t.Errorf("answer %s: %v", text, err)
					return
				}
				mu.Lock()
				acknowledged[org.ID] = name
				if len(acknowledged) == many {
					close(enough)
				}
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	return acknowledged
}

var qOrgNames = db.Stmt(`SELECT id, name FROM org`)

// A server that is killed again and again while clients write loses nothing that it acknowledged,
// and its audit chain stays whole.
func TestKilledServerKeepsItsWord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		dir := t.TempDir()
		a := openHouse(t, d.URL(), dir)
		token := apiToken(t, a)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		acknowledged := map[string]string{}
		for round := range 4 {
			p := serve(t, "--dir", dir, "--database", d.URL(), "--set", "backup.at=",
				"--set", "limit.requests_per_second=100000", "--set", "limit.burst=100000")
			ctx, stop := context.WithCancel(t.Context())
			enough, killed := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(killed)
				// Not before it has promised something, however slow the machine is; then at any moment.
				select {
				case <-enough:
					time.Sleep(time.Duration(50+100*round) * time.Millisecond)
				case <-time.After(loadLimit):
				}
				p.kill()
				stop()
			}()
			got := load(ctx, t, p.url, token, round, 10, enough)
			<-killed
			stop()
			for id, name := range got {
				acknowledged[id] = name
			}
			t.Logf("round %d: %d writes acknowledged before the kill", round, len(got))
			proof, err := audit.VerifyDB(t.Context(), d)
			if err != nil {
				t.Fatalf("round %d: after entry %d: %v", round, proof.Last, err)
			}
		}
		stored := map[string]string{}
		err := db.Each(t.Context(), d, qOrgNames, func(r db.Row) error {
			var id, name string
			err := r.Scan(&id, &name)
			stored[id] = name
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for id, name := range acknowledged {
			if stored[id] != name {
				t.Errorf("%s %q was acknowledged and is %q now", id, name, stored[id])
			}
		}
		if len(acknowledged) < 40 {
			t.Errorf("only %d writes were acknowledged: the test loads too little", len(acknowledged))
		}
	})
}

// A backup that is killed leaves no file under the name of a good one, and the next one works.
func TestKilledBackupLeavesNoHalfFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "d")
	p := start(t, "demo", "--size", "small", "--addr", "127.0.0.1:0", "--dir", dir, "--lang", "en", "--quiet")
	if err := p.stop(t); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{60, 120, 200, 300, 400} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		_, _ = output(ctx, "backup", "--dir", dir) // the context kills it
		cancel()
		entries, _ := os.ReadDir(filepath.Join(dir, "backups"))
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".bad") {
				t.Errorf("killed after %v: %s", after, e.Name())
			}
			if strings.HasSuffix(e.Name(), ".tar.zst") {
				file := filepath.Join(dir, "backups", e.Name())
				if out, err := output(t.Context(), "drill", file); err != nil {
					t.Errorf("killed after %v: %s is no good backup: %v %s", after, e.Name(), err, out)
				}
				os.Remove(file)
			}
		}
	}
	if out, err := output(t.Context(), "backup", "--dir", dir); err != nil {
		t.Errorf("after the kills: %v %s", err, out)
	}
}
