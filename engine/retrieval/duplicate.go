package retrieval

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/yuntu-city/yuntu/engine/hanzi"
)

// Alike is a post that says nearly the same as another one.
type Alike struct {
	ID       string
	Likeness float64 // 0 to 1: the share of what both say, by weight
}

// DuplicatePair are two posts that say nearly the same. A stands before B among the posts.
type DuplicatePair struct {
	A, B     string
	Likeness float64
}

// DefaultLikeness is from where on two posts are taken for the same. It was measured: see
// docs/evaluation.md.
const DefaultLikeness = 0.45

// Prints hold what is needed to find posts posted twice: the shingles of each text (three characters
// or five letters side by side) and their MinHashes, which name the few posts to compare exactly. What many
// posts have (a form, the wording of a contract) weighs little. It is not safe for concurrent use.
type Prints struct {
	posts []print
	at    map[string]int // by id
	bands map[uint64][]int32
	often []uint32 // by shingle, folded to a table: how many posts have it
	alive int
	text  shingler
}

type print struct {
	id       string
	shingles []uint32 // ascending, each once
	bands    [printBands]uint64
	gone     bool
}

// Limits of prints. With 24 bands of three hashes, posts that share half of their shingles are
// compared in 96 of 100 cases, those that share six tenths in 99.7.
const (
	shingleSize = 5 // three Chinese characters or five letters
	printBands  = 24
	printRows   = 3
	maxShingles = 1 << 14 // of one post: some thirty pages
	maxPrints   = 1 << 22
	oftenBits   = 22
)

// NewPrints returns prints of nothing.
func NewPrints() *Prints {
	return &Prints{at: map[string]int{}, bands: map[uint64][]int32{}, often: make([]uint32, 1<<oftenBits)}
}

// Put adds a post; one with the id of an earlier post replaces it. Hidden fields are left out.
func (p *Prints) Put(post *Post) error {
	p.Delete(post.ID)
	if len(p.posts) == maxPrints {
		return errors.New("retrieval: too many posts to compare")
	}
	x := p.print(post)
	for _, s := range x.shingles {
		p.often[s>>(32-oftenBits)]++
	}
	at := int32(len(p.posts))
	if len(x.shingles) > 0 {
		for _, band := range x.bands {
			p.bands[band] = append(p.bands[band], at)
		}
	}
	p.at[post.ID] = int(at)
	p.posts = append(p.posts, x)
	p.alive++
	return nil
}

// Delete takes a post away. An id that is not known is passed over.
func (p *Prints) Delete(id string) {
	at, ok := p.at[id]
	if !ok {
		return
	}
	x := &p.posts[at]
	for _, s := range x.shingles {
		p.often[s>>(32-oftenBits)]--
	}
	for _, band := range x.bands {
		list := slices.DeleteFunc(p.bands[band], func(i int32) bool { return int(i) == at })
		if p.bands[band] = list; len(list) == 0 {
			delete(p.bands, band)
		}
	}
	delete(p.at, id)
	p.posts[at] = print{gone: true}
	p.alive--
}

// Similar returns the posts that are at least so alike to a post, itself left out, the most alike
// first, at most top.
func (p *Prints) Similar(post *Post, least float64, top int) []Alike {
	x := p.print(post)
	self, known := p.at[post.ID]
	var out []Alike
	for _, i := range p.candidates(&x) {
		if known && i == self {
			continue
		}
		if y := &p.posts[i]; !y.gone {
			if l := p.likeness(x.shingles, y.shingles); l >= least {
				out = append(out, Alike{y.id, l})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Alike) int { return cmp.Compare(b.Likeness, a.Likeness) })
	return out[:min(len(out), max(0, top))]
}

// candidates are the posts that share a band, in their order.
func (p *Prints) candidates(x *print) []int {
	if len(x.shingles) == 0 {
		return nil
	}
	var out []int
	for _, band := range x.bands {
		for _, i := range p.bands[band] {
			out = append(out, int(i))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// likeness is the share of the weight of two sets that they have in common.
func (p *Prints) likeness(a, b []uint32) float64 {
	both, all := 0.0, 0.0
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			all += p.weight(a[0])
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			all += p.weight(b[0])
			b = b[1:]
		default:
			w := p.weight(a[0])
			both, all = both+w, all+w
			a, b = a[1:], b[1:]
		}
	}
	if all == 0 {
		return 0
	}
	return both / all
}

// weight is how much a shingle tells: the less the more posts have it, and little when all do.
func (p *Prints) weight(s uint32) float64 {
	return math.Log(0.5 + float64(p.alive+1)/float64(p.often[s>>(32-oftenBits)]+1))
}

// NearDuplicates returns the pairs of posts that are at least so alike, in the order of the posts;
// of posts with the same id only the last is looked at.
func NearDuplicates(ctx context.Context, posts []Post, least float64) ([]DuplicatePair, error) {
	p := NewPrints()
	for i := range posts {
		if err := p.Put(&posts[i]); err != nil {
			return nil, err
		}
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	var out []DuplicatePair
	for i := range p.posts {
		x := &p.posts[i]
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, k := range p.candidates(x) {
			if y := &p.posts[k]; k > i {
				if l := p.likeness(x.shingles, y.shingles); l >= least {
					out = append(out, DuplicatePair{x.id, y.id, l})
				}
			}
		}
	}
	return out, nil
}

// shingler cuts texts into shingles; its buffers are used again.
type shingler struct{ units []uint32 }

// print makes the print of a post.
func (p *Prints) print(post *Post) print {
	x := print{id: post.ID}
	for _, text := range post.texts() {
		x.shingles = p.text.shingles(x.shingles, text)
	}
	slices.Sort(x.shingles)
	x.shingles = slices.Clip(slices.Compact(x.shingles))
	for band := range printBands {
		h := uint64(band)
		for row := range printRows {
			least := uint32(math.MaxUint32)
			mul, add := permutation(band*printRows + row)
			for _, s := range x.shingles {
				least = min(least, uint32((uint64(s)*mul+add)>>32))
			}
			h = mix(h ^ uint64(least))
		}
		x.bands[band] = h
	}
	return x
}

// permutation is the n-th of the ways to order shingles.
func permutation(n int) (mul, add uint64) {
	x := mix(uint64(n) + 1)
	return x | 1, mix(x)
}

// mix spreads the bits of a number.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// shingles appends the shingles of a text: of every sentence, so that their order does not matter.
// Width, case, traditional characters, blanks and marks do not count.
func (s *shingler) shingles(dst []uint32, text string) []uint32 {
	f := hanzi.Fold(clip(text, MaxText))
	foldRunes(f.Runes)
	s.units = s.units[:0]
	for _, c := range f.Runes {
		switch {
		case unicode.IsLetter(c) || unicode.IsNumber(c):
			s.units = append(s.units, uint32(unicode.ToLower(c)))
		case strings.ContainsRune("。！？；!?;\n", c):
			dst = s.flush(dst)
		}
	}
	dst = s.flush(dst)
	return dst[:min(len(dst), maxShingles)]
}

// flush appends the shingles of a sentence; a short one is a shingle as a whole.
func (s *shingler) flush(dst []uint32) []uint32 {
	u := s.units
	s.units = s.units[:0]
	size, to := 0, 0
	for from := range u {
		for to < len(u) && size < shingleSize {
			size += unitSize(u[to])
			to++
		}
		if size < shingleSize {
			if from == 0 && len(u) > 0 {
				dst = append(dst, hashUnits(u))
			}
			break
		}
		dst = append(dst, hashUnits(u[from:to]))
		size -= unitSize(u[from])
	}
	return dst
}

// unitSize is how much of a shingle a character fills: a Chinese one says as much as some letters.
func unitSize(c uint32) int {
	if isHan(rune(c)) {
		return 2
	}
	return 1
}

func hashUnits(units []uint32) uint32 {
	h := uint64(len(units))
	for _, u := range units {
		h = mix(h ^ uint64(u))
	}
	return uint32(h)
}
