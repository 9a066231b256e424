package dict

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// maxSearch bounds the characters of a search text.
const maxSearch = 50

// Query asks for items of a list.
type Query struct {
	List    ListID
	Edition string // "" for the one in force today
	Parent  string // with Tree: the children of this code, "" for the top
	Tree    bool   // one level of the tree instead of the whole list
	Under   string // only this code and what lies below it, "" for everything
	Text    string // code begins with it, or name contains it
}

// Items returns a page of items in the order of the list. Errors: NotFound for an unknown list,
// edition or code, Invalid for a search text or page position that is none, Forbidden.
func (s *Service) Items(by authz.Actor, q Query, p db.PageReq) (db.Page[Item], error) {
	if err := Policy.May(by, ActRead, q.List); err != nil {
		return db.Page[Item]{}, err
	}
	e, err := s.edition(q.List, q.Edition)
	if err != nil {
		return db.Page[Item]{}, err
	}
	q.Text = strings.TrimSpace(q.Text)
	if utf8.RuneCountInString(q.Text) > maxSearch {
		return db.Page[Item]{}, fault.Fields(fault.At("q", "搜索词最多 %d 个字", maxSearch))
	}
	for _, code := range []string{q.Parent, q.Under} {
		if _, known := e.item(code); code != "" && !known {
			return db.Page[Item]{}, fault.New(fault.NotFound, "字典中没有代码 %s", code)
		}
	}
	return e.page(e.filter(q), p)
}

// edition returns an edition by its name, or the one in force today.
func (s *Service) edition(list ListID, name string) (*edition, error) {
	now := s.now.Load()
	if name == "" {
		if e := now.inForce(list, clock.DateOf(s.unit.Clock().Now())); e != nil {
			return e, nil
		}
		return nil, noList()
	}
	for _, e := range now.lists[list] {
		if e.Edition.Edition == name {
			return e, nil
		}
	}
	return nil, noList()
}

// filter returns the positions of the items that are asked for, in order.
func (e *edition) filter(q Query) []int {
	if q.Tree && q.Under == "" && q.Text == "" {
		return e.children[q.Parent]
	}
	var out []int
	for i, it := range e.items {
		inTree := !q.Tree || it.Parent == q.Parent
		if inTree && (q.Under == "" || e.under(it.Code, q.Under)) && it.matches(q.Text) {
			out = append(out, i)
		}
	}
	return out
}

// page cuts a page out of positions. A cursor is the code of the item at its edge.
func (e *edition) page(at []int, p db.PageReq) (db.Page[Item], error) {
	limit := p.Limit
	if limit <= 0 {
		limit = db.DefaultLimit
	}
	limit = min(limit, db.MaxLimit)
	from, to := 0, min(limit, len(at))
	switch {
	case p.Last:
		from, to = max(0, len(at)-limit), len(at)
	case p.Before != "":
		edge, err := e.edge(p.Before)
		if err != nil {
			return db.Page[Item]{}, err
		}
		to = countBelow(at, edge)
		from = max(0, to-limit)
	case p.After != "":
		edge, err := e.edge(p.After)
		if err != nil {
			return db.Page[Item]{}, err
		}
		from = countBelow(at, edge+1)
		to = min(len(at), from+limit)
	}
	page := db.Page[Item]{}
	for _, i := range at[from:to] {
		page.Items = append(page.Items, e.items[i])
	}
	if from > 0 && from < to {
		page.Prev = e.items[at[from]].Code
	}
	if to < len(at) && from < to {
		page.Next = e.items[at[to-1]].Code
	}
	return page, nil
}

func (e *edition) edge(code string) (int, error) {
	i, ok := e.index[code]
	if !ok {
		return 0, fault.New(fault.Invalid, "分页位置无效，请回到第一页")
	}
	return i, nil
}

// countBelow returns how many of the sorted positions lie before edge.
func countBelow(at []int, edge int) int {
	n, _ := slices.BinarySearch(at, edge)
	return n
}
