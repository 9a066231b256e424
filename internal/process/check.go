package process

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Limits of a definition.
const (
	MaxStates = 64
	MaxSteps  = 128
	MaxClocks = 16
)

// names are stored in rows, shown in addresses and drawn by Mermaid.
var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// problems collects what is wrong, so that an author sees all of it at once.
type problems []error

func (p *problems) add(format string, args ...any) {
	*p = append(*p, fmt.Errorf(format, args...))
}

func (d def) check() error {
	var p problems
	d.checkHead(&p)
	d.checkStates(&p)
	d.checkSteps(&p)
	d.checkClocks(&p)
	if len(p) == 0 {
		d.checkPaths(&p)
	}
	return errors.Join(p...)
}

func (d def) checkHead(p *problems) {
	if !namePattern.MatchString(d.Name) {
		p.add("name %q is not %s", d.Name, namePattern)
	}
	if d.Title == "" {
		p.add("no title")
	}
	if d.Policy == nil || d.Store.Load == nil || d.Store.At == nil || d.Store.Move == nil {
		p.add("a process needs a policy and Load, At and Move of its store")
	}
	if len(d.States) > MaxStates || len(d.Steps) > MaxSteps || len(d.Clocks) > MaxClocks {
		p.add("more than %d states, %d steps or %d clocks", MaxStates, MaxSteps, MaxClocks)
	}
}

func (d def) checkStates(p *problems) {
	seen := map[string]bool{}
	initial := false
	for _, s := range d.States {
		if !namePattern.MatchString(s.Name) {
			p.add("state name %q is not %s", s.Name, namePattern)
		}
		if s.Title == "" {
			p.add("state %s has no title", s.Name)
		}
		if seen[s.Name] {
			p.add("state %s is there twice", s.Name)
		}
		seen[s.Name] = true
		initial = initial || s.Initial
	}
	if !initial {
		p.add("no state is initial")
	}
}

func (d def) has(state string) bool {
	return slices.ContainsFunc(d.States, func(s State) bool { return s.Name == state })
}

func (d def) final(state string) bool {
	return slices.ContainsFunc(d.States, func(s State) bool { return s.Name == state && s.Final })
}

func (d def) checkSteps(p *problems) {
	seen := map[string]bool{}
	for _, s := range d.Steps {
		if !namePattern.MatchString(s.Name) {
			p.add("step name %q is not %s", s.Name, namePattern)
		}
		if seen[s.Name] {
			p.add("step %s is there twice", s.Name)
		}
		seen[s.Name] = true
		d.checkStep(s, p)
	}
}

func (d def) checkStep(s step, p *problems) {
	if s.Title == "" {
		p.add("step %s has no title", s.Name)
	}
	if len(s.From) == 0 {
		p.add("step %s starts nowhere", s.Name)
	}
	for i, from := range s.From {
		switch {
		case !d.has(from):
			p.add("step %s: unknown state %q", s.Name, from)
		case d.final(from):
			p.add("step %s leaves the final state %s", s.Name, from)
		case slices.Contains(s.From[:i], from):
			p.add("step %s names the state %s twice", s.Name, from)
		}
	}
	if s.To != Stay && !d.has(s.To) {
		p.add("step %s: unknown state %q", s.Name, s.To)
	}
	if d.Policy != nil && !slices.Contains(d.Policy.Actions(), s.May) {
		p.add("step %s: the policy of %s has no action %q", s.Name, d.Policy.Object(), s.May)
	}
	if (s.Guard != nil || s.Check != nil) && s.Rule == "" {
		p.add("step %s has a guard or a check but does not say its rule", s.Name)
	}
	if s.Needs&^(Reason|Files) != 0 {
		p.add("step %s: unknown need", s.Name)
	}
	if s.Needs&Files != 0 && d.Store.Files == nil {
		p.add("step %s needs files, but the store cannot check them", s.Name)
	}
	if s.Extends != nil {
		d.checkExtension(s, p)
	}
}

func (d def) checkExtension(s step, p *problems) {
	i := slices.IndexFunc(d.Clocks, func(c timer) bool { return c.Name == s.Extends.Clock })
	if i < 0 {
		p.add("step %s extends an unknown clock %q", s.Name, s.Extends.Clock)
		return
	}
	c := d.Clocks[i]
	if err := s.Extends.By.check(); err != nil {
		p.add("step %s: %w", s.Name, err)
	}
	if s.Extends.By.Unit == Instant {
		p.add("step %s: a named deadline is moved by its object, not by an extension", s.Name)
	}
	if s.Extends.By.Unit != c.Limit.Unit {
		p.add("step %s extends %s in another unit", s.Name, c.Name)
	}
	for _, from := range s.From {
		if !slices.Contains(c.In, from) {
			p.add("step %s extends %s, which does not run in %s", s.Name, c.Name, from)
		}
	}
}

func (d def) checkClocks(p *problems) {
	seen := map[string]bool{}
	for _, c := range d.Clocks {
		if !namePattern.MatchString(c.Name) || c.Title == "" {
			p.add("clock %q lacks a proper name or a title", c.Name)
		}
		if seen[c.Name] {
			p.add("clock %s is there twice", c.Name)
		}
		seen[c.Name] = true
		if err := c.Limit.check(); err != nil {
			p.add("clock %s: %w", c.Name, err)
		}
		if c.Limit.Unit == Instant && c.Varies == nil {
			p.add("clock %s has a named deadline, but nothing names it", c.Name)
		}
		if c.Owner == nil || c.Escalate == nil || !c.LastResort.Named() {
			p.add("clock %s needs an owner, an escalation and a last resort", c.Name)
		}
		d.checkClockStates(c, p)
	}
}

func (d def) checkClockStates(c timer, p *problems) {
	if len(c.In) == 0 {
		p.add("clock %s never runs", c.Name)
	}
	both := slices.Concat(c.In, c.Paused)
	for i, s := range both {
		switch {
		case !d.has(s):
			p.add("clock %s: unknown state %q", c.Name, s)
		case d.final(s):
			p.add("clock %s would never end in the final state %s", c.Name, s)
		case slices.Contains(both[:i], s):
			p.add("clock %s names the state %s twice", c.Name, s)
		}
	}
	for _, paused := range c.Paused {
		enters := slices.ContainsFunc(d.Steps, func(s step) bool {
			return s.To == paused && slices.ContainsFunc(s.From, func(f string) bool {
				return f != paused && slices.Contains(both, f)
			})
		})
		if !enters {
			p.add("clock %s pauses in %s, but no step leads there while it runs", c.Name, paused)
		}
	}
}

// checkPaths follows the steps: every state can be reached, and from every state an end can.
func (d def) checkPaths(p *problems) {
	next, back := map[string][]string{}, map[string][]string{}
	for _, s := range d.Steps {
		for _, from := range s.From {
			if to := s.target(from); to != from {
				next[from] = append(next[from], to)
				back[to] = append(back[to], from)
			}
		}
	}
	var first, last []string
	for _, s := range d.States {
		if s.Initial {
			first = append(first, s.Name)
		}
		if s.Final {
			last = append(last, s.Name)
		}
	}
	reached, ends := closure(first, next), closure(last, back)
	for _, s := range d.States {
		switch {
		case !reached[s.Name]:
			p.add("state %s cannot be reached", s.Name)
		case !s.Final && len(next[s.Name]) == 0:
			p.add("state %s is a dead end and not marked final", s.Name)
		case !d.Endless && !ends[s.Name]:
			p.add("no final state can be reached from %s", s.Name)
		}
	}
}

// closure returns everything that can be reached from the first ones.
func closure(first []string, next map[string][]string) map[string]bool {
	seen := map[string]bool{}
	todo := slices.Clone(first)
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		todo = append(todo, next[s]...)
	}
	return seen
}
