package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// subcommands are the words that may follow a command.
func subcommands(name string) []string {
	switch name {
	case "import", "export":
		return []string{"orgs", "people"}
	case "audit":
		return []string{"export", "verify"}
	case "user":
		return []string{"bootstrap", "add", "list", "role", "password", "lock", "unlock", "sessions"}
	case "completion":
		return []string{"bash", "zsh", "fish"}
	case "bench":
		return []string{"retrieval"}
	case "help":
		return append(commandNames(), "settings")
	}
	return nil
}

func commandNames() []string {
	var out []string
	for _, cmd := range commands() {
		out = append(out, cmd.name)
	}
	return out
}

// flagsOf returns the flags of a command, in their order. It lets the command declare them, as its
// help does, and runs nothing of it.
func (c *call) flagsOf(cmd command) []*flag.Flag {
	sub := call{ctx: c.ctx, in: c.in, out: io.Discard, err: io.Discard, flags: newFlags(cmd.name)}
	sub.common.lang = c.common.lang
	sub.common.add(&sub)
	_ = cmd.run(&sub, []string{"--help"}) // always flag.ErrHelp
	var out []*flag.Flag
	sub.flags.VisitAll(func(f *flag.Flag) { out = append(out, f) })
	return out
}

func (c *call) completion(args []string) error {
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return misused("请给出一种 shell：bash、zsh 或 fish")
	}
	switch rest[0] {
	case "bash":
		c.bash()
	case "zsh":
		fmt.Fprintln(c.out, "#compdef yuntu\nautoload -U +X bashcompinit && bashcompinit")
		c.bash()
	case "fish":
		c.fish()
	default:
		return misused("不认识的 shell“%s”，请用 bash、zsh 或 fish", rest[0])
	}
	return nil
}

// bash completes commands, what follows them, flags after a dash, and otherwise files.
func (c *call) bash() {
	fmt.Fprintf(c.out, "_yuntu() {\n\tlocal words= flags= cur=${COMP_WORDS[COMP_CWORD]}\n"+
		"\tcase ${COMP_WORDS[1]} in\n")
	for _, cmd := range commands() {
		var flags []string
		for _, f := range c.flagsOf(cmd) {
			flags = append(flags, "--"+f.Name)
		}
		fmt.Fprintf(c.out, "\t%s) words=%q flags=%q ;;\n", cmd.name,
			strings.Join(subcommands(cmd.name), " "), strings.Join(flags, " "))
	}
	fmt.Fprintf(c.out, "\tesac\n\t[ $COMP_CWORD -gt 1 ] || words=%q\n"+
		"\t[ $COMP_CWORD -le 2 ] || words=\n\tcase $cur in -*) words=$flags ;; esac\n"+
		"\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"+
		"complete -o default -F _yuntu yuntu\n", strings.Join(commandNames(), " "))
}

func (c *call) fish() {
	for _, cmd := range commands() {
		fmt.Fprintf(c.out, "complete -c yuntu -n __fish_use_subcommand -a %s -d %q\n", cmd.name,
			c.t(cmd.summary))
		in := "complete -c yuntu -n '__fish_seen_subcommand_from " + cmd.name + "'"
		if sub := subcommands(cmd.name); len(sub) > 0 {
			fmt.Fprintf(c.out, "%s -a %q\n", in, strings.Join(sub, " "))
		}
		for _, f := range c.flagsOf(cmd) {
			_, usage := flag.UnquoteUsage(f)
			fmt.Fprintf(c.out, "%s -l %s -d %q\n", in, f.Name, usage)
		}
	}
}
