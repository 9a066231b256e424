package authz

import "slices"

// Right is an action that a role has on at least some objects, with titles that are keys of
// package i18n.
type Right struct {
	Object      string // "party.org"
	ObjectTitle string // 组织
	Action      Action
	Title       string // 查看
}

// Rights returns what a role may do, in the order of the tables and of their actions: the most that
// the scopes of a token can hold.
func Rights(tables []Table, role Role) []Right {
	var out []Right
	for _, t := range tables {
		for _, r := range t.rows() {
			if r.role == role {
				out = append(out, Right{t.Object(), t.title(), r.verb.Action, r.verb.Title})
			}
		}
	}
	return slices.Clip(out)
}
