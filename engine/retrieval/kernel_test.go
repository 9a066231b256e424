package retrieval

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// someBytes are the same for a seed.
func someBytes(seed uint64, n int) []byte {
	out := make([]byte, n)
	x := seed*0x9e3779b97f4a7c15 + 1
	for i := range out {
		x = x*6364136223846793005 + 1442695040888963407
		out[i] = byte(x >> 56)
	}
	return out
}

// Each kernel of this processor gives what its plain twin gives, to the last bit.
func TestKernelsAreTheirTwins(t *testing.T) {
	t.Parallel()
	for round := range uint64(50) {
		dim, n := 32*int(1+round%5), 1+int(round*7%40)
		query, rows := make([]int16, dim), someBytes(round+1, n*dim)
		for i, x := range someBytes(round, dim) {
			query[i] = max(-maxInt8, int16(int8(x)))
			if round%3 == 0 { // the extremes
				query[i] = maxInt8
				for r := range n {
					rows[r*dim+i] = 0x80
				}
			}
		}
		got, want := make([]int32, n), make([]int32, n)
		dotRows(got, query, rows)
		plainDotRows(want, query, rows)
		if !slices.Equal(got, want) {
			t.Fatalf("dotRows %v, plain %v", got, want)
		}
		for _, words := range []int{1, 2, 3} {
			signs, asked := someBytes(round+5, 8*words*n), make([]uint64, words)
			for i := range asked {
				asked[i] = binary.LittleEndian.Uint64(someBytes(round+6+uint64(i), 8))
			}
			got, want := make([]byte, n), make([]byte, n)
			apartRows(got, asked, signs)
			plainApartRows(want, asked, signs)
			if !slices.Equal(got, want) {
				t.Fatalf("apartRows %v, plain %v", got, want)
			}
		}
		sums := make([]uint16, 64*n)
		for i := range sums {
			sums[i] = uint16(rows[i%len(rows)])<<8 | uint16(i)
		}
		other := slices.Clone(sums)
		column := someBytes(round+2, len(sums))
		addColumn(sums[:len(sums)-int(round%7)], column, uint16(round*31))
		plainAddColumn(other[:len(other)-int(round%7)], column, uint16(round*31))
		if !slices.Equal(sums, other) {
			t.Fatal("addColumn differs")
		}
		columns := [4][]byte{column, someBytes(round+3, len(sums)), someBytes(round+4, len(sums)), column}
		steps := [4]uint16{uint16(round), 7, 1000, 1}
		addColumns(sums[:len(sums)-int(round%7)], &columns, &steps)
		for i, c := range columns {
			plainAddColumn(other[:len(other)-int(round%7)], c, steps[i])
		}
		if !slices.Equal(sums, other) {
			t.Fatal("addColumns differs")
		}
		marks, plain := make([]uint64, n), make([]uint64, n)
		for _, least := range []uint16{0, 1, 0x7fff, 0x8000, 0x8001, uint16(round * 1311), math.MaxUint16} {
			scan(marks, sums, least)
			plainScan(plain, sums, least)
			if !slices.Equal(marks, plain) {
				t.Fatalf("scan for %d: %x, plain %x", least, marks, plain)
			}
		}
		noise := noise(round)
		x, y := make([]float32, dim+n), make([]float32, dim+n)
		for i := range x {
			x[i], y[i] = noise.next(), noise.next()*1e-3
		}
		z := slices.Clone(y)
		addScaled(y, x, 0.1)
		plainAddScaled(z, x, 0.1)
		if !slices.Equal(y, z) {
			t.Fatal("addScaled differs")
		}
	}
}

// A tile gives the products of its queries and documents, and who is above the line.
func TestTile(t *testing.T) {
	t.Parallel()
	for _, docs := range []int{1, 31, 32} {
		const dim = 64
		fast, plain := &tile{dim: dim}, &tile{dim: dim}
		rows := someBytes(uint64(docs), docs*dim)
		queries := make([]byte, tileQueries*dim)
		query := make([]int16, tileQueries*dim)
		for i, x := range someBytes(99, len(query)) {
			query[i] = max(-maxInt8, int16(int8(x)))
		}
		unsigned(queries, query)
		lines := [tileQueries]int32{0, 5, -5, 100, 1000, -1000, math.MaxInt32, math.MinInt32}
		fast.load(rows)
		fast.multiply(queries, &lines)
		plain.load(rows)
		plain.plainMultiply(queries, &lines)
		if fast.out != plain.out || fast.above != plain.above {
			t.Fatal("a tile differs from its plain twin")
		}
		for q := range tileQueries {
			for d := range docs {
				want := plainDot(query[q*dim:(q+1)*dim], rows[d*dim:])
				if got := fast.out[q*tileDocs+d]; got != want || (fast.above[q]>>d&1 == 1) != (want > lines[q]) {
					t.Fatalf("query %d, document %d: %d, want %d", q, d, got, want)
				}
			}
		}
	}
}

// Eight bytes are compared with a line at once as one by one.
func TestUpTo(t *testing.T) {
	t.Parallel()
	for round := range uint64(2000) {
		eight, line := someBytes(round, 8), int(round%127)
		if round%5 == 0 {
			eight[round%8] = byte(line) // at the line itself …
			eight[(round+3)%8] = byte(line + 1)
		}
		want := uint64(0)
		for i, b := range eight {
			if int(b) <= line {
				want |= 0x80 << (8 * i)
			}
		}
		if got := upTo(binary.LittleEndian.Uint64(eight), line); got != want {
			t.Fatalf("%v up to %d: %x, want %x", eight, line, got, want)
		}
	}
}

// BenchmarkApart compares the signs of 4,096 vectors with those of a query.
func BenchmarkApart(b *testing.B) {
	signs, out := someBytes(1, 16*signBlock), make([]byte, signBlock)
	query := []uint64{0x0123456789abcdef, 0xfedcba9876543210}
	for name, run := range map[string]func([]byte, []uint64, []byte){"kernel": apartRows, "plain": plainApartRows} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				run(out, query, signs)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/signBlock, "ns/vector")
		})
	}
}
