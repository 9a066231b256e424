// Command gate runs what every change must pass, for people (make test) and for CI (.ci/run): tools
// present, sources formatted, generated files current, vet, staticcheck, all tests on SQLite and
// PostgreSQL and in a browser, and the concurrent parts once more under the race detector.
//
//	gate test      everything; exit status 1 when anything failed
//	gate bench     benchmarks, with a PostgreSQL that really writes to disk
//	gate fmt       format Go and templ sources
//	gate generate  rewrite generated files
//
// It goes on after a failed step, so that one run shows all there is to repair, and ends with a
// summary. With CI=true a missing database or browser is a failure.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/yuntu-city/yuntu/internal/dbtest/scratch"
)

// withTrimpath is the setting of GOFLAGS that leaves the folder of a checkout out of what is built. A second
// clone then finds what the first one has built; else each one compiles everything of ours anew.
func withTrimpath(flags string) string {
	if slices.Contains(strings.Fields(flags), "-trimpath") {
		return "GOFLAGS=" + flags
	}
	return "GOFLAGS=" + strings.TrimSpace(flags+" -trimpath")
}

// seldomCollecting lets programs collect their garbage at twice the usual size of the heap, if nobody asked for
// something else: compilers and tests are short-lived, and spend a tenth of their time on it.
func seldomCollecting(gogc string) []string {
	if gogc != "" {
		return nil
	}
	return []string{"GOGC=200"}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	shared, err := os.MkdirTemp(scratch.Root(), "yuntu-tests-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	g := &gate{out: os.Stdout, ci: os.Getenv("CI") == "true",
		env: append(seldomCollecting(os.Getenv("GOGC")), withTrimpath(os.Getenv("GOFLAGS")), "YUNTU_TEST_SHARED="+shared)}
	name := ""
	if len(os.Args) == 2 {
		name = os.Args[1]
	}
	var ok bool
	switch name {
	case "test":
		ok = g.run(ctx, g.testSteps())
	case "bench":
		ok = g.run(ctx, g.benchSteps())
	case "fmt":
		ok = g.run(ctx, []step{{"format", g.format}})
	case "generate":
		ok = g.run(ctx, []step{{"generate", g.generate}})
	default:
		fmt.Fprintln(os.Stderr, "usage: gate test | bench | fmt | generate")
	}
	os.RemoveAll(shared) // in memory, or among temporary files
	if !ok {
		stop()
		os.Exit(1)
	}
}
