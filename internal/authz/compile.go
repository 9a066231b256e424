package authz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// compile turns rules into rulings and refuses rules that cannot be meant.
func (p *Untyped) compile(list []tie, grants []Grant, removals []Removal) error {
	if p.object == "" || p.name == "" {
		return errors.New("an object needs a name and a title")
	}
	ties, err := tiesByName(list)
	if err != nil {
		return err
	}
	p.acts = make(map[Action]*ruling)
	for _, v := range p.verbs {
		if err := v.check(p.object); err != nil {
			return err
		}
		if p.acts[v.Action] != nil {
			return fmt.Errorf("action %s is declared twice", v.Action)
		}
		p.acts[v.Action] = &ruling{verb: v, granted: make(map[Role][]tie)}
	}
	used := make(map[Relation]bool)
	if err := addGrants(p.acts, ties, grants, used); err != nil {
		return err
	}
	if err := addRemovals(p.acts, ties, removals, used); err != nil {
		return err
	}
	for _, t := range list {
		if !used[t.Name] {
			return fmt.Errorf("relation %s is used by no rule", t.Name)
		}
	}
	for _, v := range p.verbs {
		if len(p.acts[v.Action].granted) == 0 {
			return fmt.Errorf("action %s is granted to nobody", v.Action)
		}
	}
	if p.blind && p.acts[p.readAction()] == nil {
		return fmt.Errorf("a blind policy needs the action %s", p.readAction())
	}
	return nil
}

func tiesByName(ties []tie) (map[Relation]tie, error) {
	byName := make(map[Relation]tie)
	for _, t := range ties {
		if t.Name == "" || t.Title == "" || t.Holds == nil || t.Where == nil {
			return nil, fmt.Errorf("relation %q lacks a part", t.Name)
		}
		if _, twice := byName[t.Name]; twice {
			return nil, fmt.Errorf("relation %s is declared twice", t.Name)
		}
		byName[t.Name] = t
	}
	return byName, nil
}

func addGrants(
	acts map[Action]*ruling, ties map[Relation]tie, grants []Grant, used map[Relation]bool,
) error {
	seen := make(map[Grant]bool)
	for _, g := range grants {
		a, t := acts[g.Action], ties[g.Relation]
		switch {
		case a == nil:
			return fmt.Errorf("%w: %s is granted", ErrUnknownAction, g.Action)
		case t.Name == "":
			return fmt.Errorf("grant of %s: unknown relation %q", g.Action, g.Relation)
		case !g.Role.Valid():
			return fmt.Errorf("grant of %s: unknown role %q", g.Action, g.Role)
		case seen[g]:
			return fmt.Errorf("%s is granted twice to %s as %s", g.Action, g.Role, g.Relation)
		case !a.verb.fits(g):
			return fmt.Errorf("%s is not the work of %s", g.Action, g.Role)
		}
		seen[g], used[g.Relation] = true, true
		a.granted[g.Role] = append(a.granted[g.Role], t)
	}
	return nil
}

func addRemovals(
	acts map[Action]*ruling, ties map[Relation]tie, rs []Removal, used map[Relation]bool,
) error {
	for _, r := range rs {
		t, known := ties[r.Relation]
		if !known || len(r.Actions) == 0 {
			return fmt.Errorf("removal by %q: unknown relation or no action", r.Relation)
		}
		used[r.Relation] = true
		for _, act := range r.Actions {
			a := acts[act]
			if a == nil {
				return fmt.Errorf("%w: %s is removed", ErrUnknownAction, act)
			}
			if slices.ContainsFunc(a.removed, func(o tie) bool { return o.Name == t.Name }) {
				return fmt.Errorf("%s is removed twice by %s", act, t.Name)
			}
			a.removed = append(a.removed, t)
		}
	}
	return nil
}

// check refuses an action that is not of the object, and work shared by administrators unless it
// only reads.
func (v Verb) check(object string) error {
	word, ok := strings.CutPrefix(string(v.Action), object+".")
	if !ok || word == "" || strings.Contains(word, ".") {
		return fmt.Errorf("action %q is not %s and one word", v.Action, object)
	}
	if v.Title == "" {
		return fmt.Errorf("action %s lacks a title", v.Action)
	}
	if v.Work&^(adminWork|OwnWork) != 0 {
		return fmt.Errorf("action %s: unknown work", v.Action)
	}
	shared := v.Work & adminWork
	if shared&(shared-1) != 0 && (word != "read" || shared&AuditWork != 0) {
		return fmt.Errorf("action %s: administrators share only reading, never the trail", v.Action)
	}
	return nil
}

// fits says whether a grant keeps work apart. An administrator gets the own work and what people
// do with their own. The work of an administrator goes to nobody else, except that system work
// may be read by others (dictionaries) and that people deal with their own.
func (v Verb) fits(g Grant) bool {
	if v.Work&OwnWork != 0 && g.Relation == Self {
		return true
	}
	if w := g.Role.work(); w != CityWork {
		return v.Work&w != 0
	}
	switch v.Work & adminWork {
	case CityWork:
		return true
	case SysWork:
		return strings.HasSuffix(string(v.Action), ".read")
	default:
		return false
	}
}
