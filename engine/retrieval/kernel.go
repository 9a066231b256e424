package retrieval

import (
	"encoding/binary"
	"math/bits"
)

// The plain twins of the kernels, for other processors and to be held against them.

func plainDotRows(out []int32, query []int16, rows []byte) {
	for i := range out {
		out[i] = plainDot(query, rows[i*len(query):])
	}
}

func plainDot(query []int16, row []byte) int32 {
	row = row[:len(query)]
	var s0, s1, s2, s3 int32
	i := 0
	for ; i+4 <= len(query); i += 4 {
		s0 += int32(query[i]) * int32(int8(row[i]))
		s1 += int32(query[i+1]) * int32(int8(row[i+1]))
		s2 += int32(query[i+2]) * int32(int8(row[i+2]))
		s3 += int32(query[i+3]) * int32(int8(row[i+3]))
	}
	for ; i < len(query); i++ {
		s0 += int32(query[i]) * int32(int8(row[i]))
	}
	return s0 + s1 + s2 + s3
}

func plainApartRows(out []byte, query []uint64, signs []byte) {
	for i := range out {
		n := 0
		for _, x := range query {
			n += bits.OnesCount64(x ^ binary.LittleEndian.Uint64(signs))
			signs = signs[8:]
		}
		out[i] = byte(n)
	}
}

func plainScan(marks []uint64, sums []uint16, least uint16) {
	for w := range marks {
		m := uint64(0)
		for i, sum := range sums[64*w : 64*w+64] {
			if sum >= least {
				m |= 1 << i
			}
		}
		marks[w] = m
	}
}

func plainAddColumn(sums []uint16, column []byte, step uint16) {
	column = column[:len(sums)]
	for i, x := range column {
		sums[i] += uint16(x) * step
	}
}

// plainAddScaled rounds each product before it is added: some processors would not.
func plainAddScaled(y, x []float32, f float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += float32(f * x[i])
	}
}

// Sizes of a tile.
const (
	tileQueries = 12
	tileDocs    = 32
)

// tile multiplies the vectors of queries with those of documents, twelve by thirty-two. Processors
// multiply unsigned bytes by signed ones, so queries are moved up by bias, which is taken away for
// each document as a whole.
type tile struct {
	dim   int
	panel []byte          // of the documents: four bytes of each in turn
	bias  [tileDocs]int32 // what moving the queries up adds to a product, taken away
	out   [tileQueries * tileDocs]int32
	above [tileQueries]uint32 // by query: bits of documents whose product is above its line
}

// moved is how far the numbers of queries are moved up.
const moved = 128

// unsigned writes a vector as the unsigned bytes of a query.
func unsigned(dst []byte, query []int16) {
	for i, x := range query {
		dst[i] = byte(x + moved)
	}
}

// load takes the vectors of at most tileDocs documents; the others are zero.
func (t *tile) load(rows []byte) {
	n := len(rows) / t.dim
	if t.panel == nil {
		t.panel = make([]byte, tileDocs*t.dim)
	}
	if n < tileDocs {
		clear(t.panel)
	}
	t.bias = [tileDocs]int32{}
	for d := range n {
		row, sum := rows[d*t.dim:(d+1)*t.dim], int32(0)
		for i := 0; i+4 <= len(row); i += 4 {
			x := binary.LittleEndian.Uint32(row[i:])
			binary.LittleEndian.PutUint32(t.panel[i*tileDocs+4*d:], x)
			sum += int32(int8(x)) + int32(int8(x>>8)) + int32(int8(x>>16)) + int32(int8(x>>24))
		}
		t.bias[d] = -moved * sum
	}
}

func (t *tile) plainMultiply(queries []byte, lines *[tileQueries]int32) {
	for q := range tileQueries {
		query := queries[q*t.dim : (q+1)*t.dim]
		t.above[q] = 0
		for d := range tileDocs {
			sum := t.bias[d]
			for i := 0; i < t.dim; i++ {
				sum += int32(query[i]) * int32(int8(t.panel[i&^3*tileDocs+4*d+i&3]))
			}
			t.out[q*tileDocs+d] = sum
			if sum > lines[q] {
				t.above[q] |= 1 << d
			}
		}
	}
}
