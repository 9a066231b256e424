package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// stopLimit is how long an interrupted command may take to end before it is killed.
const stopLimit = 15 * time.Second

// step is one thing to check. Its error says what failed.
type step struct {
	name string
	run  func(ctx context.Context) error
}

// gate runs steps and remembers what to say at the end.
type gate struct {
	out   io.Writer
	ci    bool
	env   []string // added to the environment of commands
	notes []string // what this machine could not check
}

// result is how a step ended.
type result struct {
	name string
	took time.Duration
	cpu  time.Duration // of the commands it ran
	err  error
}

// run runs the steps in order, prints a summary and reports whether all passed.
func (g *gate) run(ctx context.Context, steps []step) bool {
	var results []result
	for _, s := range steps {
		if ctx.Err() != nil {
			break
		}
		fmt.Fprintf(g.out, "\n== %s\n", s.name)
		start, cpu := time.Now(), childrenCPU()
		err := s.run(ctx)
		results = append(results, result{s.name, time.Since(start), childrenCPU() - cpu, err})
		if err != nil {
			fmt.Fprintf(g.out, "%s failed: %v\n", s.name, err)
		}
	}
	return g.summarise(results, ctx.Err() != nil)
}

func (g *gate) summarise(results []result, interrupted bool) bool {
	ok := !interrupted
	var total time.Duration
	fmt.Fprint(g.out, "\n== summary\n")
	for _, r := range results {
		word := "ok  "
		if r.err != nil {
			word, ok = "FAIL", false
		}
		fmt.Fprintf(g.out, "%s %7.1f s  %s (%.0f s of processors)\n", word, r.took.Seconds(), r.name,
			r.cpu.Seconds())
		if r.err != nil {
			text := strings.ReplaceAll(r.err.Error(), "\n", "\n                ")
			fmt.Fprintf(g.out, "                %s\n", text)
		}
		total += r.took
	}
	for _, n := range g.notes {
		fmt.Fprintf(g.out, "NOT CHECKED: %s\n", n)
	}
	verdict := "passed"
	switch {
	case interrupted:
		verdict = "interrupted"
	case !ok:
		verdict = "failed"
	}
	fmt.Fprintf(g.out, "%s in %.1f s\n", verdict, total.Seconds())
	return ok
}

// command runs a program with its output shown.
func (g *gate) command(ctx context.Context, name string, args ...string) error {
	return g.watched(ctx, nil, name, args...)
}

// watched runs a program; each line it prints is shown and also given to see.
func (g *gate) watched(ctx context.Context, see func(string), name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), g.env...)
	out := &lines{to: g.out, see: see}
	cmd.Stdout, cmd.Stderr = out, out
	ownGroup(cmd)
	cmd.WaitDelay = stopLimit
	err := cmd.Run()
	out.flush()
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", strings.Join(append([]string{name}, args[:min(3, len(args))]...),
			" "), err)
	}
	return err
}

// lines passes writes on and hands out complete lines.
type lines struct {
	to   io.Writer
	see  func(string)
	rest bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	if l.see != nil {
		l.rest.Write(p)
		for {
			line, err := l.rest.ReadString('\n')
			if err != nil { // not complete: keep it for the next write
				l.rest.Reset()
				l.rest.WriteString(line)
				break
			}
			l.see(strings.TrimSuffix(line, "\n"))
		}
	}
	return l.to.Write(p)
}

func (l *lines) flush() {
	s := bufio.NewScanner(&l.rest)
	for s.Scan() {
		l.see(s.Text())
	}
}
