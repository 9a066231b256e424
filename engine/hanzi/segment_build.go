package hanzi

import (
	"math"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// trieBuilder lays a sorted list of words out as a double array. Nodes with many children
// are placed first, while there is room; nodes with one child fill the gaps.
type trieBuilder struct {
	entries  []entry
	words    []uint32
	code     []uint16
	branches []branch

	nodes []trie
	used  []uint64 // a bit for each slot
}

// branch is a node of the trie: the words [lo, hi), which share their first depth bytes.
// Its children are branches in a row.
type branch struct {
	lo, hi      int32
	depth       int32
	child       int32 // its first child
	children    int32
	code        uint16
	base, place int32
}

// branch finds all nodes, level by level.
func (b *trieBuilder) branch() {
	b.branches = append(make([]branch, 0, len(b.entries)*3/2),
		branch{hi: int32(len(b.entries))})
	for i := 0; i < len(b.branches); i++ {
		p := b.branches[i]
		b.branches[i].child = int32(len(b.branches))
		lo := p.lo
		if int(p.depth) == len(b.entries[lo].word) {
			lo++
		}
		for lo < p.hi {
			c, size := utf8.DecodeRuneInString(b.entries[lo].word[p.depth:])
			hi := lo + 1
			for hi < p.hi {
				d, _ := utf8.DecodeRuneInString(b.entries[hi].word[p.depth:])
				if d != c {
					break
				}
				hi++
			}
			b.branches = append(b.branches, branch{lo: lo, hi: hi,
				depth: p.depth + int32(size), code: b.code[c]})
			lo = hi
		}
		b.branches[i].children = int32(len(b.branches)) - b.branches[i].child
	}
}

// lay gives every node its slot.
func (b *trieBuilder) lay() []trie {
	order := make([]int32, 0, len(b.branches))
	for i, p := range b.branches {
		if p.children > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(x, y int32) int {
		return int(b.branches[y].children - b.branches[x].children)
	})
	b.used = []uint64{1, 0} // slot 0 is the root
	from, size := 0, int32(0)
	for _, i := range order {
		p := &b.branches[i]
		if p.children != size {
			from, size = 0, p.children
		}
		from = b.put(p, from)
	}
	b.nodes = make([]trie, b.end())
	for i := range b.nodes {
		b.nodes[i].parent = -1
	}
	for i := range b.branches {
		p := &b.branches[i]
		at := p.place
		b.nodes[at].base = p.base
		if e := b.entries[p.lo]; int(p.depth) == len(e.word) {
			b.nodes[at].word = b.words[p.lo]
		}
		for k := p.child; k < p.child+p.children; k++ {
			b.nodes[b.branches[k].place].parent = at
		}
	}
	return b.nodes
}

// put finds slots for the children of a node, trying 64 bases at a time. It begins where
// the last node of the same size came to lie, so that it never starts anew on what is
// full, and returns where it ended.
func (b *trieBuilder) put(p *branch, from int) int {
	kids := b.branches[p.child : p.child+p.children]
	for base := from; ; base += 64 {
		var taken uint64
		for i := range kids {
			if taken |= b.window(base + int(kids[i].code)); taken == math.MaxUint64 {
				break
			}
		}
		if taken == math.MaxUint64 {
			continue
		}
		base += bits.TrailingZeros64(^taken)
		p.base = int32(base)
		for i := range kids {
			at := base + int(kids[i].code)
			b.used[at>>6] |= 1 << (at & 63)
			kids[i].place = int32(at)
		}
		return base
	}
}

// window has the bits of the 64 slots from at on.
func (b *trieBuilder) window(at int) uint64 {
	w, s := at>>6, at&63
	for w+1 >= len(b.used) {
		b.used = append(b.used, 0)
	}
	return b.used[w]>>s | b.used[w+1]<<(64-s)
}

// end is the slot behind the last one in use.
func (b *trieBuilder) end() int {
	w := len(b.used) - 1
	for b.used[w] == 0 {
		w--
	}
	return w<<6 + bits.Len64(b.used[w])
}
