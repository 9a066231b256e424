package cli

import (
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/config"
)

// commands lists every command in the order of the help page.
func commands() []command {
	return []command{
		{"serve", "[--addr HOST:PORT]", "run the site and the API", (*call).serve},
		{"migrate", "[--dry-run]", "bring the database up to date", (*call).migrate},
		{"check", "[--json]", "check settings, database, files and audit trail", (*call).check},
		{"audit", "export|verify …", "export the audit trail, or verify an export or the database",
			(*call).audit},
		{"completion", "bash|zsh|fish", "print a completion script for the shell", (*call).completion},
		{"help", "[COMMAND|settings]", "say what the commands do", (*call).help},
	}
}

func (c *call) help(args []string) error {
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 && rest[0] == "settings" {
		return c.helpSettings()
	}
	if len(rest) > 0 {
		cmd, ok := find(rest[0])
		if !ok {
			return misused("there is no command %q", rest[0])
		}
		fmt.Fprintf(c.out, "yuntu %s — %s\n\nusage: yuntu %s %s\n", cmd.name, cmd.summary, cmd.name,
			cmd.usage)
		fmt.Fprintf(c.out, "\nall its flags: yuntu %s --help\n", cmd.name)
		return nil
	}
	fmt.Fprintln(c.out, "yuntu — the operating system of a city's innovation ecosystem")
	fmt.Fprintln(c.out, "\nusage: yuntu COMMAND [flags]\n\ncommands:")
	for _, cmd := range commands() {
		fmt.Fprintf(c.out, "  %-12s %s\n", cmd.name, cmd.summary)
	}
	fmt.Fprintln(c.out, "\nmore: yuntu help COMMAND, yuntu help settings")
	return nil
}

func (c *call) helpSettings() error {
	fmt.Fprintln(c.out, "settings: default < file (--config) < environment < --set key=value")
	fmt.Fprintln(c.out)
	for _, line := range config.Describe() {
		fmt.Fprintf(c.out, "  %-28s %-34s %s\n", line.Key, line.Env, line.Default)
	}
	return nil
}

func (c *call) completion(args []string) error {
	rest, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return misused("name one shell")
	}
	var names []string
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	words := strings.Join(names, " ")
	switch rest[0] {
	case "bash":
		fmt.Fprintf(c.out, "complete -o default -W %q yuntu\n", words)
	case "zsh":
		fmt.Fprintf(c.out, "#compdef yuntu\n_arguments '1: :(%s)' '*:file:_files'\n", words)
	case "fish":
		for _, cmd := range commands() {
			fmt.Fprintf(c.out, "complete -c yuntu -n __fish_use_subcommand -a %s -d %q\n",
				cmd.name, cmd.summary)
		}
	default:
		return misused("shell %q is not known, use bash, zsh or fish", rest[0])
	}
	return nil
}
