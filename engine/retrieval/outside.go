package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Embedder makes vectors of texts outside: a model behind an interface of its own. Nothing here
// needs one. It must be safe for concurrent use.
type Embedder interface {
	// Embed returns a vector for each text, all of the same width.
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Limits of vectors from outside.
const (
	embedBatch    = 64   // texts asked for at once
	embedRunes    = 4000 // characters of a text that are sent
	maxOutsideDim = 8192
)

// EmbedPosts gives posts their vectors. What is hidden of a post is not sent. When it fails, posts
// may have vectors or not; matching works with either.
func EmbedPosts(ctx context.Context, e Embedder, posts []Post) error {
	width := 0
	texts := make([]string, 0, embedBatch)
	for part := range slices.Chunk(posts, embedBatch) {
		texts = texts[:0]
		for i := range part {
			p := part[i].visible()
			texts = append(texts, clip(p.Title+"\n"+p.Keywords+"\n"+p.Text, embedRunes*3))
		}
		vectors, err := e.Embed(ctx, texts)
		if err != nil {
			return err
		}
		if len(vectors) != len(part) {
			return fmt.Errorf("retrieval: %d vectors for %d texts", len(vectors), len(part))
		}
		for i, v := range vectors {
			if width == 0 {
				width = len(v)
			}
			if err := checkVector(v, width); err != nil {
				return err
			}
			part[i].Vector = v
		}
	}
	return nil
}

func checkVector(v []float32, width int) error {
	if len(v) != width || len(v) == 0 || len(v) > maxOutsideDim {
		return fmt.Errorf("retrieval: a vector of %d numbers, expected %d", len(v), width)
	}
	for _, x := range v {
		if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
			return errors.New("retrieval: a vector has what is no number")
		}
	}
	return nil
}

// outside is a vector from outside as it is kept: numbers of a byte.
type outside struct {
	small []int8
	unit  float64 // what one step is worth, such that the vector has length 1
}

func packOutside(v []float32) outside {
	most, sum := 0.0, 0.0
	for _, x := range v {
		most = max(most, math.Abs(float64(x)))
		sum += float64(x) * float64(x)
	}
	if most == 0 || math.IsInf(sum, 0) || math.IsNaN(sum) {
		return outside{}
	}
	o := outside{small: make([]int8, len(v)), unit: most / maxInt8 / math.Sqrt(sum)}
	for i, x := range v {
		o.small[i] = int8(math.Round(float64(x) / most * maxInt8))
	}
	return o
}

// near is the cosine of two vectors, 0 for such that cannot be compared.
func (o *outside) near(p *outside) float64 {
	if len(o.small) == 0 || len(o.small) != len(p.small) {
		return 0
	}
	b, sum := p.small[:len(o.small)], int64(0)
	for i, x := range o.small {
		sum += int64(x) * int64(b[i])
	}
	return max(0, float64(sum)*o.unit*p.unit)
}

// outsideHits adds the offers whose vectors from outside lie nearest to the hits of a need.
func (m *Matcher) outsideHits(q *Query, need *outside, within *Set, hits []Hit) []Hit {
	if len(need.small) == 0 || m.options.Weights.Outside <= 0 {
		return hits
	}
	known := make(map[int]bool, len(hits))
	for _, h := range hits {
		known[h.Doc] = true
	}
	type nearOffer struct {
		doc  int
		near float64
	}
	var list []nearOffer
	scope := within.scope(m.ix, nil)
	for doc, r := range m.offers {
		if r == nil || known[doc] || scope != nil && !scope(doc) {
			continue
		}
		if near := need.near(&r.vector); near > 0 {
			list = append(list, nearOffer{doc, near})
		}
	}
	slices.SortFunc(list, func(a, b nearOffer) int {
		return cmp.Or(cmp.Compare(b.near, a.near), cmp.Compare(a.doc, b.doc))
	})
	var docs []int
	for _, x := range list[:min(len(list), 2*m.options.Top)] {
		docs = append(docs, x.doc)
	}
	slices.Sort(docs)
	return append(hits, m.ix.Score(q, docs, m.options.Weights)...)
}
