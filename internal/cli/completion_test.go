package cli

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// The script that bash gets completes commands, what follows them, and their flags.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash on this machine")
	}
	var script, failed bytes.Buffer
	if code := Run(t.Context(), []string{"completion", "bash"}, nil, &script, &failed); code != 0 {
		t.Fatalf("%d: %s", code, failed.String())
	}
	for _, c := range []struct{ line, want string }{
		{"ba", "backup"}, {"user s", "sessions"}, {"audit ", "export verify"},
		{"backup --o", "--out"}, {"migrate --j", "--json"}, {"help set", "settings"},
		{"user role lily gr", ""}, {"nothing ", ""}, {"export orgs --for", "--format"},
	} {
		words := strings.Split(c.line, " ")
		ask := script.String() + "\nCOMP_WORDS=(yuntu"
		for _, w := range words {
			ask += " '" + w + "'"
		}
		ask += ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_yuntu\necho \"${COMPREPLY[*]}\"\n"
		cmd := exec.CommandContext(t.Context(), bash, "--norc", "-c", ask)
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("yuntu %s completes to %q, %v, want %q", c.line, got, err, c.want)
		}
	}
}

// Every command names its own flags, and asking for them does nothing else.
func TestFlagsOfCommands(t *testing.T) {
	c := &call{ctx: t.Context()}
	c.common.lang = "zh"
	for _, cmd := range commands() {
		names := map[string]bool{}
		for _, f := range c.flagsOf(cmd) {
			names[f.Name] = true
			if f.Usage == "" {
				t.Errorf("%s --%s says nothing", cmd.name, f.Name)
			}
		}
		if !names["lang"] {
			t.Errorf("%s has %v", cmd.name, names)
		}
		if strings.Contains(cmd.usage, "--json") && !names["json"] {
			t.Errorf("the usage of %s names --json, which it does not take", cmd.name)
		}
	}
}
