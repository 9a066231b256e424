package bench

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/test/score"
)

// Figures of the way from a clone to a city that lives.
const (
	wantedClone = 90 * time.Second
	wantedData  = 30 * time.Second
	cloneLimit  = 10 * time.Minute
)

var demoAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// living is a demonstration that was started from a fresh clone.
type living struct {
	cmd     *exec.Cmd
	address string
	data    string // its folder
}

// clone copies the repository as it is committed and runs `go run ./cmd/yuntu demo` in the copy. Modules are those of
// this machine; nothing is built before. It returns when the program says where it serves.
func clone(b *testing.B) *living {
	b.Helper()
	dir := b.TempDir()
	copied := filepath.Join(dir, "yuntu")
	git := exec.CommandContext(b.Context(), "git", "clone", "--quiet", score.Root(b), copied)
	if out, err := git.CombinedOutput(); err != nil {
		b.Fatalf("clone: %v\n%s", err, out)
	}
	l := &living{data: filepath.Join(dir, "data")}
	l.cmd = exec.Command("go", "run", "./cmd/yuntu", "demo", "--lang", "en", "--addr", "127.0.0.1:0", "--dir", l.data)
	l.cmd.Dir = copied
	l.cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "cache"))
	l.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run passes no signal on to the program
	var wrong strings.Builder
	l.cmd.Stderr = &wrong
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(l.end)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if l.address = demoAddress.FindString(lines.Text()); l.address != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return l
		}
	}
	b.Fatalf("the demonstration did not start: %v\n%s", l.cmd.Wait(), wrong.String())
	return nil
}

// end stops the program and waits until its files can be removed.
func (l *living) end() {
	_ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGTERM)
	_ = l.cmd.Wait()
}

// open asks for the front page and wants the city's figures on it.
func (l *living) open(b *testing.B) {
	b.Helper()
	r, err := http.Get(l.address + "/")
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	page, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(page), `class="stats"`) {
		b.Fatalf("the front page answers %d without figures: %v", r.StatusCode, err)
	}
}

// mark reads what the folder says of itself, and since when it does.
func (l *living) mark(b *testing.B) (text string, since time.Time) {
	b.Helper()
	path := filepath.Join(l.data, "yuntu-demo")
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	said, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(string(said)), info.ModTime()
}

// BenchmarkClone takes the way of a newcomer: clone, one command, and a browser. It ends when the front page shows the
// figures of the city and the last record is there. The data begin when the program begins to fill its folder.
func BenchmarkClone(b *testing.B) {
	var whole, first, data time.Duration
	n := 0
	for b.Loop() {
		n++
		start := time.Now()
		l := clone(b)
		l.open(b)
		first += time.Since(start)
		text, begun := l.mark(b)
		if text != "filling" {
			b.Fatalf("the folder says %q while the city is made", text)
		}
		for limit := time.Now().Add(cloneLimit); text != "ready"; time.Sleep(50 * time.Millisecond) {
			if text, _ = l.mark(b); time.Now().After(limit) {
				b.Fatal("the city was not complete in time")
			}
		}
		_, end := l.mark(b)
		data += end.Sub(begun)
		whole += end.Sub(start)
		l.open(b)
		l.end()
	}
	for _, r := range []struct {
		name, what string
		took       time.Duration
		wanted     time.Duration
	}{
		{"whole", "from the clone to the last record of the living city, nothing built before", whole, wantedClone},
		{"page", "from the clone to the front page with the figures of the city", first, wantedClone},
		{"data", "of which data, while the site is served", data, wantedData},
	} {
		each := r.took.Seconds() / float64(n)
		b.ReportMetric(each, "s/"+r.name)
		score.Record(b, score.Result{Name: "clone-" + r.name, Subject: "Demonstration city", What: r.what, Unit: "s",
			Value: each, Wanted: r.wanted.Seconds(), AtMost: true,
			Command: "go test -run '^$' -bench Clone -benchtime 1x ./test/bench"})
	}
}
