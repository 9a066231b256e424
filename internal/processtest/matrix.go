package processtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/process"
)

// matrix tries everything and writes it down: for each case and state the steps that lead on, for
// each step every outcome with the actors it meets. Of the cases after the first it writes what
// differs from the first.
func (r *runner[T]) matrix() string {
	r.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n", r.p.Name(), r.p.Title())
	actors := r.actors()
	usual := map[string]string{}
	for i, c := range r.setup.Cases {
		for _, s := range r.p.Def().States {
			outcomes := r.outcomes(c, s.Name, actors)
			text := ""
			for _, step := range r.p.Def().Steps {
				key := s.Name + " " + step.Name
				if i == 0 {
					usual[key] = outcomes[step.Name]
				} else if usual[key] == outcomes[step.Name] {
					continue
				}
				if slices.Contains(step.From, s.Name) {
					text += step.Name + " " + step.Title + "\n" + outcomes[step.Name]
				}
			}
			if s.Final && i == 0 {
				text += "the end\n"
			}
			if text != "" {
				fmt.Fprintf(&b, "\n## %s · %s %s\n%s", c.Name, s.Name, s.Title, text)
			}
		}
	}
	return b.String()
}

// outcomes tries every step in a state as every actor. The lines of a step group the actors by
// outcome, in the order in which the outcomes first appear.
func (r *runner[T]) outcomes(c Case, state string, actors []Actor) map[string]string {
	r.Helper()
	groups := map[string]*grouped{}
	for _, s := range r.p.Def().Steps {
		groups[s.Name] = &grouped{who: map[string][]string{}}
	}
	for _, a := range actors {
		fired := r.fireAll(a.By, c, state)
		for _, s := range r.p.Def().Steps {
			f := fired[s.Name]
			groups[s.Name].add(outcome(f), a.Name)
			if !slices.Contains(s.From, state) {
				r.refused(c, state, s, a, f.err)
				continue
			}
			if f.err == nil {
				if !r.taken[s.Name] {
					r.guarded(a, c, state, s)
				}
				r.taken[s.Name] = true
			}
		}
		r.agrees(a, c, state, fired)
	}
	out := map[string]string{}
	for step, g := range groups {
		out[step] = g.String()
	}
	return out
}

// refused asserts that a step which does not start here was refused, and how.
func (r *runner[T]) refused(
	c Case, state string, s process.Step[T], a Actor, err error,
) {
	r.Helper()
	switch fault.KindOf(err) {
	case fault.Forbidden, fault.NotFound, fault.Conflict:
	default:
		r.Errorf("%s in %s: %s by %s: %v", c.Name, state, s.Name, a.Name, err)
	}
}

// outcome says in one line what came of a step.
func outcome(f result) string {
	e, isFault := fault.As(f.err)
	switch {
	case f.err == nil:
		return "→ " + f.to
	case !isFault:
		return "broken: " + f.err.Error()
	case e.Kind == fault.Forbidden || e.Kind == fault.NotFound:
		return e.Kind.String()
	}
	text := e.Kind.String() + " " + i18n.Fault(i18n.ZH, e)
	for _, f := range e.Fields {
		text += "; " + f.Name + ": " + i18n.FieldText(i18n.ZH, f)
	}
	return text
}

// grouped collects who met which outcome.
type grouped struct {
	order []string
	who   map[string][]string
}

func (g *grouped) add(outcome, actor string) {
	if g.who[outcome] == nil {
		g.order = append(g.order, outcome)
	}
	g.who[outcome] = append(g.who[outcome], actor)
}

// String lists moves first, and last, without names, whom permission refuses.
func (g *grouped) String() string {
	var moves, others, denied string
	for _, o := range g.order {
		line := fmt.Sprintf("    %s: %s\n", o, strings.Join(g.who[o], " "))
		switch {
		case strings.HasPrefix(o, "→"):
			moves += line
		case o == fault.Forbidden.String():
			denied = "    " + o + ": everybody else\n"
		default:
			others += line
		}
	}
	return moves + others + denied
}
