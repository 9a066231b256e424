// Package cli is the door from the shell: one program with commands.
//
// Every command says what it did, and what to do next when it could not. Data goes to standard
// output, as a table or, with --json, as JSON; everything else goes to standard error. The exit
// status is 0 for done, 1 for failed, 2 for a mistake in the command line or its files.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// command is one thing the program can do.
type command struct {
	name    string
	usage   string // after the name: "FILE [--json]"
	summary string // one line
	run     func(*call, []string) error
}

// call is a run of a command: its streams and what every command may be told.
type call struct {
	ctx    context.Context
	out    io.Writer
	err    io.Writer
	in     io.Reader
	common common
	flags  *flag.FlagSet
}

// errUsage is a mistake in the command line. hint says what to do.
type usageError struct{ text, hint string }

func (e *usageError) Error() string { return e.text }

func misused(format string, args ...any) *usageError {
	return &usageError{text: fmt.Sprintf(format, args...)}
}

// hinted is a failure with a word on what to do next.
type hinted struct {
	err  error
	hint string
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// withHint adds what a person may do about err.
func withHint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// Main runs the program with the arguments and streams of the process and returns its exit status.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Run runs one command.
func Run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	c := &call{ctx: ctx, in: in, out: out, err: errw}
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "-h" || name == "--help" {
		name = "help"
	}
	cmd, ok := find(name)
	if !ok {
		fmt.Fprintf(errw, "yuntu: unknown command %q\n", name)
		if near := nearest(name); near != "" {
			fmt.Fprintf(errw, "  did you mean: yuntu %s\n", near)
		}
		fmt.Fprintln(errw, "  see all commands: yuntu help")
		return exitUsage
	}
	c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(io.Discard)
	c.common.add(c.flags)
	return c.finish(cmd, cmd.run(c, args))
}

// finish says what went wrong and returns the exit status.
func (c *call) finish(cmd command, err error) int {
	var usage *usageError
	var hint *hinted
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		c.describe(cmd)
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintf(c.err, "yuntu %s: %s\n", cmd.name, usage.text)
		if usage.hint != "" {
			fmt.Fprintln(c.err, "  "+usage.hint)
		}
		fmt.Fprintf(c.err, "  usage: yuntu %s %s\n", cmd.name, cmd.usage)
		return exitUsage
	}
	c.complain(cmd.name, err)
	if errors.As(err, &hint) {
		fmt.Fprintln(c.err, "  "+hint.hint)
	}
	return exitFailed
}

// complain writes an error as a person wants to read it: a fault by its public message and fields,
// any other by its text.
func (c *call) complain(name string, err error) {
	e, ok := fault.As(err)
	if !ok {
		fmt.Fprintf(c.err, "yuntu %s: %v\n", name, err)
		return
	}
	l := c.common.language()
	fmt.Fprintf(c.err, "yuntu %s: %s\n", name, i18n.Fault(l, e))
	for _, f := range e.Fields {
		fmt.Fprintf(c.err, "  %s: %s\n", f.Name, i18n.FieldText(l, f))
	}
	if e.Kind == fault.Internal || e.Kind == fault.Unavailable {
		fmt.Fprintf(c.err, "  (%v)\n", err)
	}
}

// parse reads the flags of a command, wherever they stand among its arguments, and returns the
// other arguments.
func (c *call) parse(args []string) ([]string, error) {
	var rest []string
	for {
		if err := c.flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, misused("%v", err)
		}
		args = c.flags.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

func (c *call) describe(cmd command) {
	fmt.Fprintf(c.out, "yuntu %s — %s\n\nusage: yuntu %s %s\n\nflags:\n",
		cmd.name, cmd.summary, cmd.name, cmd.usage)
	c.flags.SetOutput(c.out)
	c.flags.PrintDefaults()
}

func find(name string) (command, bool) {
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == name })
	if i < 0 {
		return command{}, false
	}
	return commands()[i], true
}

// nearest returns the command a misspelt name begins like, or "".
func nearest(name string) string {
	for n := len(name); n >= 2; n-- {
		for _, c := range commands() {
			if strings.HasPrefix(c.name, name[:n]) {
				return c.name
			}
		}
	}
	return ""
}
