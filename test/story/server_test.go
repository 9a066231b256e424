package story_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/internal/cli"
	"github.com/yuntu-city/yuntu/internal/config"
)

// asServer makes this test program the server itself. The program takes variables that begin with its
// own name for settings.
const asServer = "STORY_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		os.Exit(cli.Main())
	}
	os.Exit(browsertest.Main(m))
}

// open opens the rooms over the data that the story is about.
func open(t *testing.T, url, dir string) *app.App {
	t.Helper()
	cfg := config.Default()
	cfg.Database.URL, cfg.Data.Dir, cfg.Backup.At = url, dir, ""
	cfg.Session.AdminsByCode, cfg.Server.Addr = false, "127.0.0.1:0"
	cfg.Limit.RequestsPerSecond, cfg.Limit.Burst = 100_000, 100_000
	a, err := app.Open(t.Context(), cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// server answers the API.
type server interface {
	url() string
	// restart kills the server, if it is one that can be killed, and starts it again.
	restart(t *testing.T)
	// disturb kills the server a moment from now.
	disturb()
}

// steady is a server in this process that nobody kills.
type steady string

func (s steady) url() string        { return string(s) }
func (steady) restart(t *testing.T) { t.Helper() }
func (steady) disturb()             {}

// run serves the house until the test ends.
func run(t *testing.T, a *app.App) steady {
	t.Helper()
	l, err := a.Listen()
	if err = errors.Join(err, a.Prepare(t.Context())); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, a.Close()); err != nil {
			t.Error(err)
		}
	})
	return steady("http://" + l.Addr().String())
}

// mortal is a server in a process of its own that is killed again and again.
type mortal struct {
	args  []string
	cmd   *exec.Cmd
	at    string
	ended chan struct{}
	kills int
}

func (m *mortal) url() string { return m.at }

// start runs the server and waits until it listens.
func (m *mortal) start(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var failed bytes.Buffer
	m.cmd = exec.Command(self, m.args...)
	m.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + os.TempDir(),
		asServer + "=1"}
	m.cmd.Stderr = &failed
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found, ended := make(chan string, 1), make(chan struct{})
	m.ended = ended
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "serving on "); ok {
				found <- url
			}
		}
		_ = m.cmd.Wait()
		close(ended)
	}()
	select {
	case m.at = <-found:
	case <-ended:
		t.Fatalf("the server ended: %s", &failed)
	case <-time.After(time.Minute):
		t.Fatal("the server did not start")
	}
}

func (m *mortal) kill() {
	_ = m.cmd.Process.Kill()
	<-m.ended
}

func (m *mortal) restart(t *testing.T) {
	t.Helper()
	m.kill()
	m.start(t)
}

// disturb kills at another moment each time: before a request is read, in the midst of its work, and
// while it is answered.
func (m *mortal) disturb() {
	m.kills++
	after := time.Duration(m.kills%7) * 3 * time.Millisecond
	p := m.cmd.Process
	time.AfterFunc(after, func() { _ = p.Kill() })
}
