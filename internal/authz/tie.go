package authz

import (
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// The relations most policies use. A policy may name further ones.
const (
	Any         Relation = "any"          // every object of the kind
	Self        Relation = "self"         // the actor's own account or person
	Owner       Relation = "owner"        // the actor made it or answers for it
	SameOrg     Relation = "same-org"     // it belongs to the actor's organisation
	RegionStaff Relation = "region-staff" // it lies in the region the actor is responsible for
	PanelMember Relation = "panel-member" // the actor sits on its review panel
)

// Tie says what a relation means for objects of type T: in Go for one object and in SQL for
// lists. Both must tell the same truth; authztest.ScopeEqualsMay proves it.
//
// Where is put under NOT when the relation removes a grant, so it must be true or false for every
// row and never NULL: compare NOT NULL columns only, and use EXISTS rather than NOT IN.
type Tie[T any] struct {
	Name  Relation
	Title string // Chinese, read after a role: "本辖区"; a key of package i18n
	Holds func(by Actor, x T) bool
	Where func(by Actor) db.Where
}

// TieAny is the relation Any.
func TieAny[T any]() Tie[T] {
	return Tie[T]{
		Name:  Any,
		Title: "全部",
		Holds: func(Actor, T) bool { return true },
		Where: func(Actor) db.Where { return db.Where{} },
	}
}

// TieSame holds when a key of the actor (account, person, organisation) equals a key of the
// object. An empty key equals nothing: rows without an owner do not belong to everybody without
// an account. where builds the condition "column = $1" for a key.
func TieSame[T any](
	name Relation, title string,
	mine func(Actor) string, its func(T) string, where func(key string) db.Where,
) Tie[T] {
	return Tie[T]{
		Name:  name,
		Title: title,
		Holds: func(by Actor, x T) bool {
			key := mine(by)
			return key != "" && key == its(x)
		},
		Where: func(by Actor) db.Where {
			if mine(by) == "" {
				return db.Nothing()
			}
			return where(mine(by))
		},
	}
}

// TieRegion is the relation RegionStaff: the region of the object lies inside the actor's. where
// builds the condition "column >= $1 AND column < $2", which an index on the column serves.
func TieRegion[T any](its func(T) string, where func(from, before string) db.Where) Tie[T] {
	return Tie[T]{
		Name:  RegionStaff,
		Title: "本辖区",
		Holds: func(by Actor, x T) bool {
			from, before, ok := RegionRange(by.Region)
			return ok && from <= its(x) && its(x) < before
		},
		Where: func(by Actor) db.Where {
			from, before, ok := RegionRange(by.Region)
			if !ok {
				return db.Nothing()
			}
			return where(from, before)
		},
	}
}

// RegionRange returns the half-open range of texts that holds every GB/T 2260 code inside code:
// 140100 gives "1401" and "1402". Bytes are compared, as both databases do for text keys. A code
// that is empty or not written as stored holds nothing: ok is false.
func RegionRange(code string) (from, before string, ok bool) {
	c, err := region.Parse(code)
	if err != nil || string(c) != code {
		return "", "", false
	}
	from = c.Prefix()
	last := from[len(from)-1] + 1 // after '9' comes ':', still one byte
	return from, from[:len(from)-1] + string(rune(last)), true
}
