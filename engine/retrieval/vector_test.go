package retrieval

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"testing"
)

// sealed puts the checksum behind the bytes of a snapshot.
func sealed(data []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clone(data), crc32.Checksum(data, castagnoli))
}

// The eigenvectors are orthonormal and the matrix is made of them again.
func TestEigen(t *testing.T) {
	t.Parallel()
	const n = 24
	g := squareMatrix(n)
	noise := noise(7)
	for i := range g {
		for j := range i + 1 {
			g[i][j] = float64(noise.next())
			g[j][i] = g[i][j]
		}
	}
	copyOf := squareMatrix(n)
	for i := range g {
		copy(copyOf[i], g[i])
	}
	values, v := eigen(copyOf)
	if !slices.IsSortedFunc(values, func(a, b float64) int { return int(math.Copysign(1, b-a)) }) {
		t.Errorf("values %v", values)
	}
	for i := range n {
		for j := range n {
			dot, sum := 0.0, 0.0
			for k := range n {
				dot += v[k][i] * v[k][j]
				sum += v[i][k] * values[k] * v[j][k]
			}
			if want := map[bool]float64{true: 1}[i == j]; math.Abs(dot-want) > 1e-9 {
				t.Fatalf("vectors %d and %d: %g", i, j, dot)
			}
			if math.Abs(sum-g[i][j]) > 1e-9 {
				t.Fatalf("element %d %d: %g, want %g", i, j, sum, g[i][j])
			}
		}
	}
}

// topics writes documents of two words each from one of several topics.
func topics(n int) []Document {
	docs := make([]Document, n)
	for i := range docs {
		topic := i % 200
		noise := i * 7919
		docs[i] = Document{fmt.Sprint(i), []string{fmt.Sprintf("t%da%d t%da%d t%da%d", topic, noise%11,
			topic, noise/11%11, topic, noise/121%11), ""}}
	}
	return docs
}

// Documents that share no word, but words that go together elsewhere, lie near each other; the
// first pass by signs loses few of the nearest.
func TestVectorsFindMeaning(t *testing.T) {
	t.Parallel()
	w := NewWriter(testAnalyzer(), testSettings())
	if err := w.Add(context.Background(), topics(4000), nil); err != nil {
		t.Fatal(err)
	}
	if !w.Learn() {
		t.Fatal("nothing learned")
	}
	ix := w.Index()
	right, kept, wanted := 0, 0, 0
	var s denseSearch
	for topic := range 100 {
		q := ix.Query(testAnalyzer(), []string{fmt.Sprintf("t%da3", topic)}, QueryOptions{Fields: []float64{1}})
		got := s.collect(nil, ix, q, 10, nil)
		for _, doc := range got {
			if doc%200 == topic {
				right++
			}
		}
		var all []nearDoc
		vectors := ix.segs[0].vectors
		for doc := range ix.Max() {
			all = append(all, nearDoc{doc, dot(q.small, vectors[doc*spaceWidth:(doc+1)*spaceWidth])})
		}
		s.near.begin(10)
		s.bySigns(ix, q, 10*firstPass, nil)
		s.near.cut()
		got = got[:0]
		for _, n := range s.near.list {
			got = append(got, n.doc)
		}
		slices.SortFunc(all, func(a, b nearDoc) int { return int(b.product - a.product) })
		for _, n := range all[:10] {
			wanted++
			for _, doc := range got {
				if dot(q.small, vectors[doc*spaceWidth:(doc+1)*spaceWidth]) == n.product {
					kept++
					break
				}
			}
		}
	}
	if right < 700 {
		t.Errorf("%d of 1000 of the topic", right)
	}
	if kept*100 < wanted*95 {
		t.Errorf("%d of %d nearest kept", kept, wanted)
	}
}

func TestLearnNeedsDocuments(t *testing.T) {
	t.Parallel()
	w := someIndex(t, 20)
	if w.Learn() {
		t.Error("learned from twenty documents")
	}
}
