package authz

import (
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

func TestRolesHaveTitles(t *testing.T) {
	if len(Roles()) != 13 {
		t.Errorf("%d roles", len(Roles()))
	}
	seen := map[string]bool{}
	for _, r := range Roles() {
		if !r.Valid() || seen[r.Title()] || !i18n.Has(r.Title()) {
			t.Errorf("role %s: title %q missing, repeated or without English", r, r.Title())
		}
		seen[r.Title()] = true
	}
	if Role("").Valid() || Role("root").Valid() {
		t.Error("an unknown role is valid")
	}
}

func TestTogether(t *testing.T) {
	for _, c := range []struct {
		roles []Role
		ok    bool
	}{
		{nil, true},
		{[]Role{Enterprise, Expert, Officer}, true},
		{[]Role{SysAdmin}, true},
		{[]Role{SysAdmin, Leader}, true},
		{[]Role{Auditor}, true},
		{[]Role{Auditor, Leader}, false},
		{[]Role{Officer, Expert, Auditor}, false},
		{[]Role{SysAdmin, SecAdmin}, false},
		{[]Role{SecAdmin, Officer, Auditor}, false},
		{[]Role{SysAdmin, Auditor}, false},
		{[]Role{SysAdmin, SecAdmin, Auditor}, false},
		{[]Role{Officer, Officer}, false},
		{[]Role{Public}, false},
		{[]Role{"root"}, false},
		{[]Role{""}, false},
	} {
		err := Together(c.roles)
		if (err == nil) != c.ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("Together(%v) = %v", c.roles, err)
		}
	}
}

// TestAdministratorsStayApart tries every kind of work, for a reading and a writing action, with
// every pair of grants there can be, and holds what the rules let through against the law: an
// administrator does the own work and no other; nobody else does an administrator's, except that
// dictionaries and the like are read by others; people deal with their own.
func TestAdministratorsStayApart(t *testing.T) {
	self := tieOwner()
	self.Name = Self
	accepted, refused := 0, 0
	for work := range OwnWork << 1 {
		for _, act := range []Action{"lab.note.read", "lab.note.edit"} {
			for _, one := range grantsOf(act) {
				for _, two := range grantsOf(act) {
					r := Rules[note]{
						Title: "便条", Verbs: []Verb{{Action: act, Title: "查看", Work: work}},
						Ties:   []Tie[note]{TieAny[note](), self},
						Grants: []Grant{one, two},
					}
					r.Ties = usedTies(r)
					if _, err := compile("lab.note", r); err != nil {
						refused++
						continue
					}
					accepted++
					lawful(t, work, act, one)
					lawful(t, work, act, two)
					if one.Relation == Any && two.Relation == Any &&
						one.Role.work() != 0 && two.Role.work() != 0 && act != "lab.note.read" {
						t.Fatalf("%s and %s both %s", one.Role, two.Role, act)
					}
				}
			}
		}
	}
	if accepted < 1000 || refused < 1000 {
		t.Errorf("%d accepted, %d refused: the test looks at too little", accepted, refused)
	}
}

func grantsOf(act Action) []Grant {
	return append(Allow(Any, Roles(), act), Allow(Self, Roles(), act)...)
}

func usedTies(r Rules[note]) []Tie[note] {
	var used []Tie[note]
	for _, t := range r.Ties {
		if r.Grants[0].Relation == t.Name || r.Grants[1].Relation == t.Name {
			used = append(used, t)
		}
	}
	return used
}

// lawful states the separation anew, without the words of the code under test.
func lawful(t *testing.T, work Work, act Action, g Grant) {
	t.Helper()
	has := func(w Work) bool { return work&w != 0 }
	reads := act == "lab.note.read"
	var ok bool
	switch {
	case g.Relation == Self && has(OwnWork):
		ok = true
	case g.Role == SysAdmin:
		ok = has(SysWork) && (reads || !has(SecWork)) && !has(AuditWork)
	case g.Role == SecAdmin:
		ok = has(SecWork) && (reads || !has(SysWork)) && !has(AuditWork)
	case g.Role == Auditor:
		ok = has(AuditWork) && !has(SysWork) && !has(SecWork)
	default: // roles of the city
		ok = !has(SecWork) && !has(AuditWork) && (!has(SysWork) || reads)
	}
	if !ok {
		t.Fatalf("work %b: %s is granted %s as %s", work, g.Role, act, g.Relation)
	}
}
