package retrieval

import "slices"

// maxSmall is how many segments of one size class may stand side by side before they are merged.
// A class holds segments up to eight times as large as those of the class below.
const maxSmall = 8

// sizeClass returns the class of a segment with n documents alive.
func sizeClass(n int) int {
	class := 0
	for n >= maxSmall {
		n /= maxSmall
		class++
	}
	return class
}

// merged returns segments of which none is too small beside others, none holds only the dead, and
// none is half dead.
func (w *Writer) merged(segs []*segment, dead [][]uint64, old *Index) ([]*segment, [][]uint64) {
	for {
		pick := choose(segs, dead)
		if pick == nil {
			return segs, dead
		}
		var parts []*segment
		var gone [][]uint64
		for _, i := range pick {
			parts, gone = append(parts, segs[i]), append(gone, dead[i])
		}
		for _, i := range slices.Backward(pick) {
			segs, dead = slices.Delete(segs, i, i+1), slices.Delete(dead, i, i+1)
		}
		if one := mergeSegments(parts, gone, w.set, old); one.size() > 0 {
			segs, dead = append(segs, one), append(dead, nil)
		}
	}
}

// choose returns the places of segments to merge into one, ascending, or nil.
func choose(segs []*segment, dead [][]uint64) []int {
	classes := map[int][]int{}
	sizes := map[int]int{}
	for i, s := range segs {
		gone := ones(dead[i])
		live := s.size() - gone
		if gone > live {
			return []int{i}
		}
		class := sizeClass(live)
		if sizes[class]+live > maxSegment {
			if len(classes[class]) >= maxSmall/2 {
				return classes[class]
			}
			continue
		}
		sizes[class] += live
		classes[class] = append(classes[class], i)
		if len(classes[class]) == maxSmall {
			return classes[class]
		}
	}
	return nil
}

// mergeSegments puts the documents alive of several segments into one, with impacts anew.
func mergeSegments(parts []*segment, dead [][]uint64, set *Settings, ix *Index) *segment {
	s := &segment{start: []uint32{0}}
	var ids []string
	embedded := !slices.ContainsFunc(parts, func(g *segment) bool { return g.vectors == nil })
	for p, g := range parts {
		width := 0
		if embedded {
			width = len(g.vectors) / g.size()
		}
		for d := range g.size() {
			if dead[p] != nil && dead[p][d>>6]>>(d&63)&1 == 1 {
				continue
			}
			from, to := g.start[d], g.start[d+1]
			ids = append(ids, g.ids.at(d))
			s.length = append(s.length, g.length[d])
			s.term = append(s.term, g.term[from:to]...)
			s.tf = append(s.tf, g.tf[from:to]...)
			s.start = append(s.start, uint32(len(s.term)))
			if embedded {
				s.vectors = append(s.vectors, g.vectors[d*width:(d+1)*width]...)
				s.signs = append(s.signs, g.signs[d*width/64:(d+1)*width/64]...)
			}
		}
	}
	s.ids = newIDs(ids)
	s.invert(set, ix.average())
	return s
}
