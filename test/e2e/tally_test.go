package e2e_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/browsertest"
	"github.com/yuntu-city/yuntu/test/score"
)

// tally is what walking the pages found.
type tally struct {
	pages, readers, openings int // a reader is a role on a page; an opening one look at it
	findings, messages, wide int // of axe, in the console, pages wider than the window
	bytes, scripts, requests heaviest
}

// heaviest is the page that costs most of something.
type heaviest struct {
	page string
	n    int64
}

func (h *heaviest) see(page string, n int64) {
	if n > h.n {
		h.page, h.n = page, n
	}
}

// add takes in what another tab found.
func (s *tally) add(x tally) {
	s.pages, s.readers, s.openings = s.pages+x.pages, s.readers+x.readers, s.openings+x.openings
	s.findings, s.messages, s.wide = s.findings+x.findings, s.messages+x.messages, s.wide+x.wide
	s.bytes.see(x.bytes.page, x.bytes.n)
	s.scripts.see(x.scripts.page, x.scripts.n)
	s.requests.see(x.requests.page, x.requests.n)
}

// walk opens a page as a role in looks, the first of them with an empty cache to weigh it.
func (s *tally) walk(
	t *testing.T, p *browsertest.Page, role authz.Role, token, name, path string, looks []look,
) {
	s.readers++
	p.SetCookie("yuntu_session", token)
	for n, l := range looks {
		s.openings++
		p.SetCookie("yuntu_theme", l.theme)
		p.SetCookie("yuntu_size", l.size)
		p.SetCookie("yuntu_lang", l.lang)
		p.SetSize(l.width)
		if n == 0 {
			w := p.WithinBudget(path)
			s.bytes.see(name, w.Bytes)
			s.scripts.see(name, w.JSBytes)
			s.requests.see(name, int64(w.Requests))
		} else {
			p.Goto(path)
		}
		if p.Count("h1") != 1 {
			t.Errorf("%s as %s: %d h1", l, role, p.Count("h1"))
		}
		s.findings += p.Axe()
		if !p.NoHorizontalScroll() {
			s.wide++
		}
		s.messages += p.ConsoleEmpty()
		if *shots != "" {
			file := strings.ReplaceAll(strings.Trim(path, "/"), "/", "_")
			p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%s-%s.png", file, role, l)))
		}
	}
}

// record writes what was found for the scoreboard: the heaviest page and how many findings there were.
func (s *tally) record(t *testing.T) {
	t.Helper()
	command := "go test ./test/e2e -run EveryPage"
	if *every {
		command += " -every -timeout 4h"
	}
	add := func(name, subject, what, unit string, value, most float64) {
		score.Record(t, score.Result{Name: "pages-" + name, Subject: subject, What: what, Unit: unit, Value: value,
			Wanted: most, AtMost: true, Command: command})
	}
	const budgets, walked, kb = "Page budgets", "Every page in the browser", 1024
	of := fmt.Sprintf("of %d pages as a first visitor loads them", s.pages)
	add("bytes", budgets, fmt.Sprintf("heaviest %s: %s", of, s.bytes.page), "KB", float64(s.bytes.n)/kb, browsertest.MaxBytes/kb)
	add("scripts", budgets, fmt.Sprintf("most scripts %s: %s", of, s.scripts.page), "KB", float64(s.scripts.n)/kb,
		browsertest.MaxJSBytes/kb)
	add("requests", budgets, fmt.Sprintf("most requests %s: %s", of, s.requests.page), "", float64(s.requests.n),
		browsertest.MaxRequests)
	in := fmt.Sprintf("%d pages, %d with their roles, opened %d times in %d looks of width, theme, size and language", s.pages,
		s.readers, s.openings, len(looks))
	add("axe", walked, "findings of axe: "+in, "", float64(s.findings), 0)
	add("console", walked, "messages in the console, the same", "", float64(s.messages), 0)
	add("wide", walked, "pages wider than their window, the same", "", float64(s.wide), 0)
}
