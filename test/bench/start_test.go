package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/app"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Size of the registry that a start is measured with; -short makes it a tenth.
const (
	registered = 200_000
	perImport  = 20_000
)

// syllables make names of which no two are alike.
const syllables = "云天海山明德新瑞华远达博源晟泽信诚智科创鼎恒宏盛泰安康乐福祥金银铜铁锡木水火土石江河湖泉松柏竹梅兰菊" +
	"龙凤麒麟鹏鹤鹰燕骏驰腾飞跃翔升起兴旺隆昌茂荣丰裕富贵" // 90 different ones

func name(n int) string {
	s := []rune(syllables)
	k := len(s)
	return fmt.Sprintf("太原%c%c%c%c科技有限公司", s[n%k], s[n/k%k], s[n/k/k%k], s[(n*7+3)%k])
}

// registry fills a new data folder through the use case of imports and returns it.
func registry(b *testing.B, size int) string {
	b.Helper()
	cfg := config.Default()
	cfg.Data.Dir, cfg.Backup.At = filepath.Join(b.TempDir(), "d"), ""
	ctx := b.Context()
	a, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	by := authz.Actor{Account: "bench", Login: "bench", Role: authz.Officer, Via: authz.ViaCLI}
	for from := 0; from < size; from += perImport {
		var file bytes.Buffer
		file.WriteString("名称,类型,所在地区\n")
		for n := from; n < min(from+perImport, size); n++ {
			fmt.Fprintf(&file, "%s,企业,%s\n", name(n), []string{"140105", "140106", "140403"}[n%3])
		}
		x, err := a.Party.StartImport(ctx, by, party.ImportFile{Kind: party.ImportOrgs,
			Name: "a.csv", Content: &file})
		if err != nil {
			b.Fatal(err)
		}
		due(b, a)
		if x, err = a.Party.GetImport(ctx, by, x.ID); err != nil || x.State != party.ImportReady {
			b.Fatalf("import is %s: %v %.500v", x.State, err, x.Found.Problems)
		}
		if _, err = a.Party.RunImport(ctx, by, x.ID, x.Version); err != nil {
			b.Fatal(err)
		}
		due(b, a)
	}
	n, err := a.Party.CountOrganisations(ctx, by, party.OrgFilter{})
	if err != nil || n != int64(size) {
		b.Fatalf("%d organisations instead of %d: %v", n, size, err)
	}
	return cfg.Data.Dir
}

func due(b *testing.B, a *app.App) {
	b.Helper()
	if _, err := a.Jobs.RunDue(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// begin starts the program and returns how long the first answer took, and the process.
func begin(b *testing.B, program, dir string) (time.Duration, *exec.Cmd, string) {
	b.Helper()
	cmd := exec.Command(program, "serve", "--lang", "en", "--dir", dir,
		"--set", "server.addr=127.0.0.1:0", "--set", "backup.at=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		_, url, ok := strings.Cut(lines.Text(), "serving on ")
		if !ok {
			continue
		}
		r, err := http.Get(url + "/readyz")
		if err != nil {
			b.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK {
			b.Fatalf("not ready: %d", r.StatusCode)
		}
		return time.Since(start), cmd, url
	}
	b.Fatal("the program did not start")
	return 0, nil, ""
}

func end(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Error(err)
	}
}

// residentMB reads the resident memory of a process, in MB of 2^20 bytes.
func residentMB(b *testing.B, cmd *exec.Cmd) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Skip("no /proc")
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	var kb float64
	fmt.Sscan(rest, &kb)
	return kb / 1024
}

// BenchmarkStart measures the time from the start of the process to its first answered request, and
// the memory of the idle server after it has shown lists. The baseline is the same program with an
// empty database. Figures to reach: 300 ms, 150 MB.
func BenchmarkStart(b *testing.B) {
	size := registered
	if testing.Short() {
		size /= 10
	}
	program := filepath.Join(b.TempDir(), "yuntu")
	build := exec.CommandContext(context.WithoutCancel(b.Context()), "go", "build", "-o", program,
		"github.com/yuntu-city/yuntu/cmd/yuntu")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for _, c := range []struct {
		name string
		size int
	}{{"empty", 0}, {fmt.Sprintf("%d organisations", size), size}} {
		dir := registry(b, c.size)
		b.Run(c.name, func(b *testing.B) {
			var total time.Duration
			var memory float64
			for b.Loop() {
				took, cmd, url := begin(b, program, dir)
				total += took
				for range 20 {
					r, err := http.Get(url + "/orgs")
					if err != nil {
						b.Fatal(err)
					}
					io.Copy(io.Discard, r.Body)
					r.Body.Close()
				}
				time.Sleep(time.Second) // idle
				memory = max(memory, residentMB(b, cmd))
				end(b, cmd)
			}
			b.ReportMetric(float64(total.Milliseconds())/float64(b.N), "ms/first-answer")
			b.ReportMetric(memory, "MB-idle")
		})
	}
}
