package dict

import (
	"cmp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// ListID names a code list.
type ListID string

// The lists that the program ships.
const (
	Regions    ListID = "gbt2260" // 行政区划代码
	Industries ListID = "gbt4754" // 国民经济行业分类
)

// Kind says what sort of entry an item is. Ordinary entries have none.
type Kind string

// The kinds of entries that are no ordinary ones.
const (
	// Statistical marks codes that the statistics office added to a standard and that are no
	// division of the state: 140171 山西转型综合改革示范区.
	Statistical Kind = "statistical"
	// Group marks entries that only hold others together, and that a full name leaves out:
	// 110100 市辖区.
	Group Kind = "group"
)

// Edition describes an edition of a list.
type Edition struct {
	List     ListID     `json:"list"`
	Edition  string     `json:"edition"`
	Title    string     `json:"title"`
	Source   string     `json:"source"`
	From     clock.Date `json:"from"`  // the first day it is in force
	Until    clock.Date `json:"until"` // the last one, "" when no later edition is known
	Items    int64      `json:"items"`
	LoadedUs int64      `json:"loadedUs"`
}

// Item is an entry of an edition.
type Item struct {
	Code     string `json:"code"`
	Parent   string `json:"parent"` // "" at the top
	Name     string `json:"name"`
	Kind     Kind   `json:"kind"`
	Children int    `json:"children"` // how many items have it as parent
}

// edition is an edition in memory.
type edition struct {
	Edition
	items    []Item // in their order
	index    map[string]int
	children map[string][]int // parent to positions, in order
}

func newEdition(e Edition, items []Item) *edition {
	ed := &edition{Edition: e, items: items, index: make(map[string]int, len(items)),
		children: map[string][]int{}}
	for i, it := range items {
		ed.index[it.Code] = i
		ed.children[it.Parent] = append(ed.children[it.Parent], i)
	}
	for i := range items {
		items[i].Children = len(ed.children[items[i].Code])
	}
	return ed
}

func (e *edition) item(code string) (Item, bool) {
	i, ok := e.index[code]
	if !ok {
		return Item{}, false
	}
	return e.items[i], true
}

// under reports whether code is top or lies below it.
func (e *edition) under(code, top string) bool {
	for range maxDepth {
		if code == top {
			return true
		}
		it, ok := e.item(code)
		if !ok || it.Parent == "" {
			return false
		}
		code = it.Parent
	}
	return false
}

// snapshot is everything that is answered from memory. It never changes.
type snapshot struct {
	lists        map[ListID][]*edition // by first day, the latest last
	calendar     *clock.Calendar
	yearVersions map[int]int64
}

func emptySnapshot() *snapshot {
	return &snapshot{calendar: &clock.Calendar{}}
}

// arrange sorts the editions of each list and tells each when the next one takes over.
func (s *snapshot) arrange() {
	for _, editions := range s.lists {
		slices.SortFunc(editions, func(a, b *edition) int { return cmp.Compare(a.From, b.From) })
		for i := range editions[:len(editions)-1] {
			editions[i].Until = editions[i+1].From.AddDays(-1)
		}
	}
}

// inForce returns the edition in force on a day: the latest that took effect by then, or the first
// for a day before all of them. No day means the latest of all. It is nil for an unknown list.
func (s *snapshot) inForce(list ListID, at clock.Date) *edition {
	editions := s.lists[list]
	if len(editions) == 0 {
		return nil
	}
	for _, e := range slices.Backward(editions) {
		if at == "" || e.From <= at {
			return e
		}
	}
	return editions[0]
}

// find returns the edition that a code is read in: the one in force, or the latest other that has
// it.
func (s *snapshot) find(list ListID, code string, at clock.Date) (*edition, Item, bool) {
	if e := s.inForce(list, at); e != nil {
		if it, ok := e.item(code); ok {
			return e, it, true
		}
	}
	for _, e := range slices.Backward(s.lists[list]) {
		if it, ok := e.item(code); ok {
			return e, it, true
		}
	}
	return nil, Item{}, false
}

// path returns the items from the top down to code.
func (s *snapshot) path(list ListID, code string, at clock.Date) []Item {
	e, it, ok := s.find(list, code, at)
	var out []Item
	for range maxDepth {
		if !ok {
			break
		}
		out = append(out, it)
		it, ok = e.item(it.Parent)
	}
	slices.Reverse(out)
	return out
}

// matches reports whether an item fits a search text: its code begins with it or its name contains
// it.
func (it Item) matches(text string) bool {
	return text == "" || strings.HasPrefix(it.Code, strings.ToUpper(text)) ||
		strings.Contains(it.Name, text)
}
