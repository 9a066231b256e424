package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// progress shows how far long work is: a bar that is redrawn on a terminal, a line every tenth
// otherwise.
type progress struct {
	w        io.Writer
	title    string
	terminal bool
	quiet    bool
	last     int // percent shown last
}

func (c *call) progress(title string) *progress {
	p := &progress{w: c.err, title: title, quiet: c.common.quiet, last: -1}
	if f, ok := c.err.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

const barWidth = 30

// at says that done of total is done. A total of 0 means that nobody knows it.
func (p *progress) at(done, total int) {
	if p.quiet || total <= 0 {
		return
	}
	percent := min(100, done*100/total)
	if percent == p.last || !p.terminal && percent/10 == p.last/10 && p.last >= 0 {
		return
	}
	p.last = percent
	if !p.terminal {
		fmt.Fprintf(p.w, "%s %d%% (%d / %d)\n", p.title, percent, done, total)
		return
	}
	full := percent * barWidth / 100
	fmt.Fprintf(p.w, "\r%s [%s%s] %3d%% (%d / %d)", p.title, strings.Repeat("█", full),
		strings.Repeat("·", barWidth-full), percent, done, total)
	if percent == 100 {
		fmt.Fprintln(p.w)
	}
}
