package retrieval

import "slices"

// maxSmall is how many segments of one size class may stand side by side before they are merged.
// A class holds segments up to eight times as large as those of the class below.
const maxSmall = 8

// maxForward bounds the forward lists of a segment, in bytes.
const maxForward = 1 << 31

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
	sizes, weight := map[int]int{}, map[int]int{}
	for i, s := range segs {
		gone := ones(dead[i])
		live, bytes := s.size()-gone, len(s.fwd)
		if gone > live {
			return []int{i}
		}
		class := sizeClass(live)
		if sizes[class]+live > maxSegment || weight[class]+bytes > maxForward {
			if len(classes[class]) >= maxSmall/2 {
				return classes[class]
			}
			continue
		}
		sizes[class] += live
		weight[class] += bytes
		classes[class] = append(classes[class], i)
		if len(classes[class]) == maxSmall {
			return classes[class]
		}
	}
	return nil
}

// mergeSegments puts the documents alive of several segments into one, with impacts anew.
func mergeSegments(parts []*segment, dead [][]uint64, set *Settings, ix *Index) *segment {
	one := &segment{codes: set.codes()}
	var ids []string
	embedded := !slices.ContainsFunc(parts, func(g *segment) bool { return g.vectors == nil })
	for p, g := range parts {
		dim := len(g.vectors) / max(1, g.size())
		for d := range g.size() {
			if has(dead[p], d) {
				continue
			}
			ids = append(ids, g.ids.at(d))
			one.length = append(one.length, g.length[d])
			one.fwd = append(one.fwd, g.list(d)...)
			one.end = append(one.end, uint32(len(one.fwd)))
			if embedded {
				one.vectors = append(one.vectors, g.vectors[d*dim:(d+1)*dim]...)
				one.signs = append(one.signs, g.signs[d*dim/8:(d+1)*dim/8]...)
			}
		}
	}
	one.ids = newIDs(ids)
	one.invert(set, ix.average(), ix.lex.alone())
	return one
}
