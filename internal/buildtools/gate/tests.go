package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
)

// racePackages are where goroutines of the program meet. All else slows down several times with the race
// detector and has no concurrency of its own, so it is left out.
var racePackages = []string{
	"./internal/audit", "./internal/blob", "./internal/db", "./internal/job",
	"./internal/outbox", "./internal/site", "./internal/unit", "./internal/web",
}

// raceRooms keep something in memory that requests share, and have tests of many at once, whose
// names match raceTests. A package without such a test is not listed: building it once more for the
// detector takes longer than all the tests here.
var raceRooms = []string{
	"./engine/retrieval", "./internal/dict", "./internal/identity", "./internal/market/auction",
	"./internal/party", "./internal/process",
}

const raceTests = "AtOnce|Concurrent|Wins|Together|WhileAsked"

func (g *gate) testSteps() []step {
	return []step{
		{"tools", g.ensureTools},
		{"format", g.checkFormat},
		{"generated files", g.checkGenerated},
		{"vet", g.vet},
		{"staticcheck", g.staticcheck},
		{"test", g.withPostgres(cluster.Options{}, g.testAll)},
		{"race", g.withPostgres(cluster.Options{}, g.testRace)},
	}
}

// staticcheck holds the types of everything at once, so most of what its collector looks at is needed: it is asked
// to look seldom until there is much, which spares a third of the step.
func (g *gate) staticcheck(ctx context.Context) error {
	kept := g.env
	defer func() { g.env = kept }()
	if os.Getenv("GOGC") == "" {
		g.env = append(g.env[:len(g.env):len(g.env)], "GOGC=400", "GOMEMLIMIT=4GiB")
	}
	return g.command(ctx, "go", "tool", "staticcheck", "./...")
}

// vet looks at the build with the tag onnx, which needs a C compiler: the files that only this build has are
// compiled nowhere else, and the two that stand in for them are compiled by the tests and seen by staticcheck.
// A second vet without the tag would look at all the other packages once more. Running a model needs the
// library of ONNX Runtime, which tests find by YUNTU_TEST_ONNX.
func (g *gate) vet(ctx context.Context) error {
	if !found("gcc", "cc", "clang") {
		fmt.Fprintln(g.out, "no C compiler: without the tag onnx")
		return g.command(ctx, "go", "vet", "./...") // ensureTools has failed in CI, and noted it elsewhere
	}
	return g.command(ctx, "go", "vet", "-tags=onnx", "./...")
}

func (g *gate) benchSteps() []step {
	return []step{
		{"tools", g.ensureTools},
		{"bench", g.withPostgres(cluster.Options{Durable: true}, func(ctx context.Context) error {
			return g.command(ctx, "go", "test", "-run=^$", "-bench=.", "-benchmem", "-timeout=30m",
				"./...")
		})},
	}
}

// withPostgres runs a step with a server of its own, whose address the tests find in
// YUNTU_TEST_POSTGRES. An address that is already given is used as it is.
func (g *gate) withPostgres(o cluster.Options, run func(context.Context) error,
) func(context.Context) error {
	return func(ctx context.Context) error {
		if os.Getenv("YUNTU_TEST_POSTGRES") != "" || (!cluster.Installed() && !g.ci) {
			return run(ctx)
		}
		c, err := cluster.Start(ctx, o)
		if err != nil {
			return err
		}
		kept := g.env
		g.env = append(g.env[:len(g.env):len(g.env)], "YUNTU_TEST_POSTGRES="+c.URL("postgres"))
		err = run(ctx)
		g.env = kept
		return errors.Join(err, c.Stop())
	}
}

// longFirst are all packages, those that take longest before the others: the last of them would else
// run alone, on one of the cores.
var longFirst = []string{"./test/...", "./internal/cli", "./internal/demo", "./internal/backup", "./..."}

// testFlags are those of every go test here. Vet has had its own step; what a debugger wants to know takes
// a third of the time of linking, a hundred times.
func testFlags() []string { return []string{"-vet=off", "-timeout=8m", "-ldflags=-s -w"} }

func (g *gate) testAll(ctx context.Context) error {
	return g.goTest(ctx, append(testFlags(), longFirst...)...)
}

func (g *gate) testRace(ctx context.Context) error {
	if !found("gcc", "cc", "clang") {
		fmt.Fprintln(g.out, "no C compiler: left out")
		return nil // ensureTools has failed in CI, and noted it elsewhere
	}
	run := func(packages []string, args ...string) error {
		present, err := existing(ctx, packages)
		if err != nil || len(present) == 0 {
			return err
		}
		// What SQLite is translated from C has no goroutines of ours and holds nothing of the language that other
		// packages share, so the detector need not look at each of its accesses: a third of the time.
		args = append(append(testFlags(), "-race", "-gcflags=modernc.org/sqlite/lib=-race=false"), args...)
		return g.goTest(ctx, append(args, present...)...)
	}
	return errors.Join(run(racePackages), run(raceRooms, "-run="+raceTests))
}

// existing lists the packages that match the patterns.
func existing(ctx context.Context, patterns []string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "go", append([]string{"list", "-e", "-f",
		"{{if not .Error}}{{.ImportPath}}{{end}}"}, patterns...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// goTest runs go test, shows its lines and repeats those that say what failed in its error.
func (g *gate) goTest(ctx context.Context, args ...string) error {
	var failed []string
	see := func(line string) {
		if isFailure(line) {
			failed = append(failed, line)
		}
	}
	err := g.watched(ctx, see, "go", append([]string{"test"}, args...)...)
	if err != nil && len(failed) > 0 {
		return fmt.Errorf("%w\n%s", err, strings.Join(failed, "\n"))
	}
	return err
}

// isFailure picks the lines of go test that name a failed test or package.
func isFailure(line string) bool {
	return strings.HasPrefix(line, "FAIL\t") ||
		strings.HasPrefix(strings.TrimLeft(line, " "), "--- FAIL: ")
}
