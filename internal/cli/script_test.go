package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/yuntu-city/yuntu/internal/cli"
)

// TestMain lets the test binary be the program: scripts run it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"yuntu": func() { os.Exit(cli.Main()) }})
}

// Each script in testdata shows one behaviour of the program, its failures included.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status, "flip": flip, "between": between,
		},
	})
}

// status runs the program and compares its exit status: status 2 yuntu serve extra.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || args[1] != "yuntu" {
		ts.Fatalf("usage: status N yuntu ARGS")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// flip changes one byte in the middle of a file.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	b[len(b)/2] ^= 1
	ts.Check(os.WriteFile(path, b, 0o600))
}

// between copies the text between two marks of a file into a new file.
func between(ts *testscript.TestScript, _ bool, args []string) {
	_, rest, found := strings.Cut(ts.ReadFile(args[0]), args[1])
	text, _, ended := strings.Cut(rest, args[2])
	if !found || !ended {
		ts.Fatalf("%s has nothing between %q and %q", args[0], args[1], args[2])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(text), 0o600))
}

// Every command answers --help in both languages, names its flags, and says nothing on the wrong
// stream.
func TestEveryCommandHasHelp(t *testing.T) {
	t.Parallel()
	for _, name := range cli.Commands() {
		for lang, word := range map[string]string{"zh": "用法", "en": "usage"} {
			var out, errw bytes.Buffer
			code := cli.Run(t.Context(), []string{name, "--help", "--lang", lang}, nil, &out, &errw)
			if code != 0 || errw.Len() > 0 || !strings.Contains(out.String(), word) ||
				!strings.Contains(out.String(), "-config") {
				t.Errorf("%s --help --lang %s: status %d\n%s%s", name, lang, code, &out, &errw)
			}
		}
	}
}

// The handbook is what the program says of itself.
func TestHandbookIsCurrent(t *testing.T) {
	t.Parallel()
	for file, text := range map[string]string{
		"../../docs/cli.md": cli.Handbook(), "../../deploy/yuntu.toml": cli.SampleSettings(),
	} {
		have, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil || string(have) != text {
			t.Errorf("%s is not current (%v): run go run ./cmd/dev docs", file, err)
		}
	}
}
