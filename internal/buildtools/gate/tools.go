package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/yuntu-city/yuntu/internal/browsertest/chromium"
	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
)

// tool is something the tests need that Go modules cannot bring.
type tool struct {
	name     string
	packages []string // of Debian
	present  func() bool
	without  string // what is not checked when it is missing
}

// tools in the order they are asked for.
func tools() []tool {
	return []tool{
		{"C compiler", []string{"gcc", "libc6-dev"}, func() bool { return found("gcc", "cc", "clang") },
			"data races and the build with the tag onnx (both need a C compiler)"},
		{"PostgreSQL", []string{"postgresql"}, func() bool {
			return os.Getenv("YUNTU_TEST_POSTGRES") != "" || cluster.Installed()
		}, "the PostgreSQL half of the tests"},
		{"Chromium", []string{"chromium"}, func() bool { return chromium.Path() != "" },
			"the browser tests"},
		{"Chinese fonts", []string{"fonts-noto-cjk"}, haveChineseFonts,
			"how Chinese text looks in pictures (boxes instead of characters)"},
	}
}

func found(names ...string) bool {
	for _, n := range names {
		if _, err := exec.LookPath(n); err == nil {
			return true
		}
	}
	return false
}

// haveChineseFonts asks fontconfig, or looks where Debian puts the Noto fonts.
func haveChineseFonts() bool {
	if out, err := exec.Command("fc-list", ":lang=zh-cn", "family").Output(); err == nil {
		return len(strings.TrimSpace(string(out))) > 0
	}
	files, _ := filepath.Glob("/usr/share/fonts/*/noto/NotoSansCJK*")
	return len(files) > 0
}

// ensureTools installs missing tools when this is root on Debian; otherwise it says what to
// install. In CI a tool that is still missing is a failure, elsewhere a note in the summary.
func (g *gate) ensureTools(ctx context.Context) error {
	missing := absent(tools())
	if len(missing) > 0 && os.Geteuid() == 0 && isDebian("/etc/os-release") {
		if err := g.install(ctx, missing); err != nil {
			fmt.Fprintf(g.out, "installing failed: %v\n", err)
		}
		missing = absent(tools())
	}
	return g.report(missing)
}

// report says what to install: as a failure in CI, as a note in the summary elsewhere.
func (g *gate) report(missing []tool) error {
	var failures []error
	for _, t := range missing {
		how := fmt.Sprintf("%s is missing; on Debian: apt-get install %s", t.name,
			strings.Join(t.packages, " "))
		fmt.Fprintln(g.out, how)
		if g.ci {
			failures = append(failures, errors.New(how))
			continue
		}
		g.notes = append(g.notes, t.without+": "+how)
	}
	return errors.Join(failures...)
}

func absent(all []tool) []tool {
	var out []tool
	for _, t := range all {
		if !t.present() {
			out = append(out, t)
		}
	}
	return out
}

func (g *gate) install(ctx context.Context, missing []tool) error {
	args := []string{"install", "-y", "--no-install-recommends"}
	for _, t := range missing {
		args = append(args, t.packages...)
	}
	g.env = append(g.env, "DEBIAN_FRONTEND=noninteractive")
	if err := g.command(ctx, "apt-get", "update"); err != nil {
		return err
	}
	return g.command(ctx, "apt-get", args...)
}

// isDebian reads ID and ID_LIKE of an os-release file; Ubuntu and others count as well.
func isDebian(file string) bool {
	b, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if key == "ID" || key == "ID_LIKE" {
			for _, word := range strings.Fields(strings.Trim(value, `"'`)) {
				if word == "debian" {
					return true
				}
			}
		}
	}
	return false
}
