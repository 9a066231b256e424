package retrieval

import (
	"hash/maphash"
	"math/bits"
	"strings"
)

// idList holds the ids of a segment's documents in one text, with a table to find them by.
type idList struct {
	text  string
	end   []uint32 // by document: where its id ends
	slots []uint32 // a document and 1 more with some bits of its hash above, or 0
}

// The lower bits of a slot hold the document, the upper ones a part of its hash.
const (
	slotBits = 17
	slotMask = 1<<slotBits - 1
)

// idSeed keeps ids that somebody has chosen from falling into one slot. No result depends on it.
var idSeed = maphash.MakeSeed()

func hashID(id string) uint64 { return maphash.String(idSeed, id) }

// newIDs makes a list of ids, of which there may be maxSegment at most.
func newIDs(ids []string) idList {
	var text strings.Builder
	end := make([]uint32, 0, len(ids))
	for _, id := range ids {
		text.WriteString(id)
		end = append(end, uint32(text.Len()))
	}
	l := idList{text: text.String(), end: end}
	l.index() // a writer gives no id twice
	return l
}

// index makes the table. It reports whether no id is there twice.
func (l *idList) index() bool {
	if len(l.end) == 0 {
		return true
	}
	l.slots = make([]uint32, 2<<bits.Len(uint(len(l.end))))
	for i := range l.end {
		h := hashID(l.at(i))
		at := h & uint64(len(l.slots)-1)
		tag := uint32(h>>32) << slotBits
		for ; l.slots[at] != 0; at = (at + 1) & uint64(len(l.slots)-1) {
			s := l.slots[at]
			if s&^slotMask == tag && l.at(int(s&slotMask)-1) == l.at(i) {
				return false
			}
		}
		l.slots[at] = tag | uint32(i+1)
	}
	return true
}

// at returns an id.
func (l *idList) at(i int) string {
	from := uint32(0)
	if i > 0 {
		from = l.end[i-1]
	}
	return l.text[from:l.end[i]]
}

// find returns the document with an id, h being its hash, or -1.
func (l *idList) find(id string, h uint64) int {
	if len(l.slots) == 0 {
		return -1
	}
	tag := uint32(h>>32) << slotBits
	for at := h & uint64(len(l.slots)-1); l.slots[at] != 0; at = (at + 1) & uint64(len(l.slots)-1) {
		if s := l.slots[at]; s&^slotMask == tag {
			if i := int(s&slotMask) - 1; l.at(i) == id {
				return i
			}
		}
	}
	return -1
}

// Find returns the number of the document with an id, and false when there is none.
func (ix *Index) Find(id string) (doc int, ok bool) {
	h := hashID(id)
	for seg, g := range ix.segs {
		if local := g.ids.find(id, h); local >= 0 && ix.alive(seg, local) {
			return ix.base[seg] + local, true
		}
	}
	return 0, false
}
