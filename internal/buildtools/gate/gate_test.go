package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
)

func TestIsFailure(t *testing.T) {
	for line, want := range map[string]bool{
		"--- FAIL: TestX (0.00s)":          true,
		"    --- FAIL: TestX/sqlite (0 s)": true,
		"FAIL\tgithub.com/x/y\t0.1s":       true,
		"FAIL":                             false,
		"ok  \tgithub.com/x/y\t0.1s":       false,
		"    x_test.go:3: want FAIL":       false,
	} {
		if got := isFailure(line); got != want {
			t.Errorf("isFailure(%q) = %v", line, got)
		}
	}
}

func TestWithTrimpath(t *testing.T) {
	for flags, want := range map[string]string{
		"":                          "GOFLAGS=-trimpath",
		"-buildvcs=false":           "GOFLAGS=-buildvcs=false -trimpath",
		"-trimpath -buildvcs=false": "GOFLAGS=-trimpath -buildvcs=false",
	} {
		if got := withTrimpath(flags); got != want {
			t.Errorf("withTrimpath(%q) = %q, want %q", flags, got, want)
		}
	}
}

func TestIsDebian(t *testing.T) {
	for text, want := range map[string]bool{
		"ID=debian\nNAME=x\n":                true,
		"NAME=x\nID=ubuntu\nID_LIKE=debian":  true,
		"ID=mint\nID_LIKE=\"ubuntu debian\"": true,
		"ID=fedora\nNAME=debian\n":           false,
		"":                                   false,
	} {
		file := filepath.Join(t.TempDir(), "os-release")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := isDebian(file); got != want {
			t.Errorf("isDebian of %q = %v", text, got)
		}
	}
	if isDebian(filepath.Join(t.TempDir(), "none")) {
		t.Error("a missing file is Debian")
	}
}

// A missing tool fails in CI; elsewhere the summary says what was not checked and how to get it.
func TestMissingTools(t *testing.T) {
	var out bytes.Buffer
	all := []tool{
		{"hammer", []string{"hammer-15"}, func() bool { return false }, "the nails"},
		{"saw", []string{"saw"}, func() bool { return true }, "the boards"},
	}
	g := &gate{out: &out}
	if err := g.report(absent(all)); err != nil {
		t.Errorf("outside CI: %v", err)
	}
	want := []string{"the nails: hammer is missing; on Debian: apt-get install hammer-15"}
	if diff := cmp.Diff(want, g.notes); diff != "" {
		t.Error(diff)
	}
	g = &gate{out: &out, ci: true}
	if err := g.report(absent(all)); err == nil || !strings.Contains(err.Error(), "hammer-15") {
		t.Errorf("in CI: %v", err)
	}
}

// The tests of a step find the server's address in the environment; after it the server is gone.
func TestWithPostgres(t *testing.T) {
	if !cluster.Installed() {
		t.Skip(cluster.ErrNotInstalled)
	}
	t.Setenv("YUNTU_TEST_POSTGRES", "")
	var out bytes.Buffer
	g := &gate{out: &out}
	address := ""
	err := g.withPostgres(cluster.Options{}, func(ctx context.Context) error {
		return g.watched(ctx, func(l string) { address = l }, "sh", "-c",
			`echo "$YUNTU_TEST_POSTGRES"`)
	})(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatalf("address %q: %v", address, err)
	}
	if _, err := os.Stat(config.Host); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", config.Host, err)
	}
	if len(g.env) != 0 {
		t.Errorf("environment is left %q", g.env)
	}
}

func TestDifferences(t *testing.T) {
	before := map[string][32]byte{"same": {1}, "changed": {2}, "gone": {3}}
	after := map[string][32]byte{"same": {1}, "changed": {9}, "new": {4}}
	want := []string{"changed", "gone", "new"}
	if diff := cmp.Diff(want, differences(before, after)); diff != "" {
		t.Error(diff)
	}
}

func TestCheckFormat(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	g := &gate{out: &bytes.Buffer{}}
	write("a/good.go", "package a\n")
	write("build/skipped.go", "package   x\n")
	write(".hidden/skipped.go", "package   x\n")
	if err := g.checkFormat(t.Context()); err != nil {
		t.Errorf("formatted sources: %v", err)
	}
	write("a/bad.go", "package   a\n")
	err := g.checkFormat(t.Context())
	if err == nil || !strings.Contains(err.Error(), "a/bad.go") ||
		strings.Contains(err.Error(), "skipped") {
		t.Errorf("unformatted source: %v", err)
	}
	write("a/bad.go", "package\n")
	if err := g.checkFormat(t.Context()); err == nil {
		t.Error("a file that is no Go passes")
	}
}

// A failed step does not stop the next ones, and the summary names it; an interrupt stops them.
func TestRun(t *testing.T) {
	var out bytes.Buffer
	g := &gate{out: &out, notes: []string{"the moon"}}
	ran := ""
	mark := func(s string, err error) step {
		return step{s, func(context.Context) error { ran += s; return err }}
	}
	if g.run(t.Context(), []step{mark("a", errors.New("why\nmore")), mark("b", nil)}) {
		t.Error("a failed run passes")
	}
	for _, want := range []string{"FAIL     0.0 s  a (0 s of processors)", "why", "ok       0.0 s  b",
		"NOT CHECKED: the moon", "failed in"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("summary lacks %q:\n%s", want, out.String())
		}
	}
	if !g.run(t.Context(), []step{mark("c", nil)}) {
		t.Error("a good run fails")
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopping := step{"d", func(context.Context) error { ran += "d"; cancel(); return nil }}
	if g.run(ctx, []step{stopping, mark("e", nil)}) {
		t.Error("an interrupted run passes")
	}
	if ran != "abcd" {
		t.Errorf("ran %q", ran)
	}
}

// A command's lines are shown as they come and handed out whole; an interrupt reaches its children.
func TestWatched(t *testing.T) {
	var out bytes.Buffer
	var seen []string
	g := &gate{out: &out, env: []string{"WORD=two"}}
	err := g.watched(t.Context(), func(l string) { seen = append(seen, l) }, "sh", "-c",
		`printf 'one\n'; printf "$WORD"; exit 3`)
	if err == nil || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]string{"one", "two"}, seen); diff != "" || out.String() != "one\ntwo" {
		t.Errorf("%s%q", diff, out.String())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := g.command(ctx, "sh", "-c", "sleep 60; true"); err == nil {
		t.Error("an interrupted command passes")
	}
	if took := time.Since(start); took > stopLimit {
		t.Errorf("an interrupted command took %s", took)
	}
}

// Each room of the race step has a test that the step runs: else it would be built for nothing.
func TestRaceRooms(t *testing.T) {
	test := regexp.MustCompile(`(?m)^func Test\w*(` + raceTests + `)`)
	for _, room := range raceRooms {
		files, err := filepath.Glob(filepath.Join("../../..", room, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(files, func(name string) bool {
			text, err := os.ReadFile(name)
			return err == nil && test.Match(text)
		}) {
			t.Errorf("%s has no test that is called %s", room, raceTests)
		}
	}
}
