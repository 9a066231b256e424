// Package cli is the door from the shell: one program with commands.
//
// Every command says what it did, and what to do next when it could not. Data goes to standard
// output, as a table or, with --json, as JSON; everything else goes to standard error. The exit
// status is 0 for done, 1 for failed, 2 for a mistake in the command line or its files.
package cli

import (
	"context"
	"encoding/json"
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

// command is one thing the program can do. usage stands after the name; summary is one line and a
// key of package i18n, as are the lines of more.
type command struct {
	name    string
	usage   string
	summary string
	more    []string
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

	stdinTaken bool // standard input was given for one file already
}

// t returns a text in the language of the call.
func (c *call) t(key string, args ...any) string {
	return i18n.Text(c.common.language(), key, args...)
}

// say writes a line to people, not to other programs.
func (c *call) say(key string, args ...any) { fmt.Fprintln(c.err, c.t(key, args...)) }

// tell writes a line of the result.
func (c *call) tell(key string, args ...any) { fmt.Fprintln(c.out, c.t(key, args...)) }

// json writes data for other programs.
func (c *call) json(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// usageError is a mistake in the command line, as a key of package i18n with arguments.
type usageError struct {
	key  string
	args []any
}

// Error is for the log; people read the text in their language.
func (e *usageError) Error() string { return i18n.Text(i18n.EN, e.key, e.args...) }

func misused(key string, args ...any) *usageError { return &usageError{key, args} }

// hinted is a failure with a word on what to do next.
type hinted struct {
	err  error
	key  string
	args []any
}

// Error is that of the failure.
func (h *hinted) Error() string { return h.err.Error() }

// Unwrap returns the failure.
func (h *hinted) Unwrap() error { return h.err }

// withHint adds what a person may do about err, as a key of package i18n with arguments.
func withHint(err error, key string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err, key, args}
}

// Failures whose words were written already: of the command, and of files that were given to it.
var (
	errSaid   = errors.New("failed")
	errUnread = errors.New("files could not be read")
)

// Main runs the program with the arguments and streams of the process and returns its exit status.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// Run runs one command.
func Run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	c := &call{ctx: ctx, in: in, out: out, err: errw}
	c.common.lang = languageIn(args)
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "-h" || name == "--help" {
		name = "help"
	}
	cmd, ok := find(name)
	if !ok {
		c.say("yuntu：没有“%s”这个命令", name)
		if near := nearest(name); near != "" {
			c.say("  是不是想用：yuntu %s", near)
		}
		c.say("  查看全部命令：yuntu help")
		return exitUsage
	}
	if cmd.name == "help" && len(args) > 0 {
		if about, ok := find(args[0]); ok { // help import: as import --help says it
			cmd, args = about, append([]string{"--help"}, args[1:]...)
		}
	}
	c.flags = newFlags(cmd.name)
	c.common.add(c)
	return c.finish(cmd, cmd.run(c, args))
}

// newFlags is an empty set of flags that leaves it to us to say what is wrong.
func newFlags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// languageIn finds --lang before the flags are read, because their descriptions need it.
func languageIn(args []string) string {
	for i, a := range args {
		a = strings.TrimPrefix(a, "-")
		if v, ok := strings.CutPrefix(a, "-lang="); ok {
			return v
		}
		if (a == "-lang" || a == "lang" && args[i] != a) && i+1 < len(args) {
			return args[i+1]
		}
	}
	return "zh"
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
	case errors.Is(err, errSaid):
		return exitFailed
	case errors.Is(err, errUnread):
		return exitUsage
	case errors.As(err, &usage):
		c.say("yuntu %s: %s", cmd.name, i18n.Text(c.common.language(), usage.key, usage.args...))
		c.say("  用法：yuntu %s %s", cmd.name, cmd.usage)
		c.say("  详细说明：yuntu %s --help", cmd.name)
		return exitUsage
	}
	c.complain(cmd.name, err)
	if errors.As(err, &hint) {
		c.say("  %s", i18n.Text(c.common.language(), hint.key, hint.args...))
	}
	return exitFailed
}

// complain writes an error as a person wants to read it: a fault by its public message and fields,
// any other by its text.
func (c *call) complain(name string, err error) {
	e, ok := fault.As(err)
	if !ok {
		c.say("yuntu %s: %s", name, err.Error())
		return
	}
	l := c.common.language()
	c.say("yuntu %s: %s", name, i18n.Fault(l, e))
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
			return nil, misused("参数有误：%s", err.Error())
		}
		args = c.flags.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
}

// none reads the flags of a command that takes nothing else.
func (c *call) none(args []string) error {
	rest, err := c.parse(args)
	if err == nil && len(rest) > 0 {
		err = misused("多余的参数“%s”", rest[0])
	}
	return err
}

func (c *call) describe(cmd command) {
	c.tell("yuntu %s — %s", cmd.name, i18n.Key(cmd.summary))
	fmt.Fprintln(c.out)
	c.tell("用法：yuntu %s %s", cmd.name, cmd.usage)
	for _, line := range cmd.more {
		c.tell("  %s", i18n.Key(line))
	}
	fmt.Fprintln(c.out)
	c.tell("选项：")
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
