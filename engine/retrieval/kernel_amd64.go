package retrieval

import "golang.org/x/sys/cpu"

// What the processor can do. Each kernel has a plain twin that gives the same to the last bit.
var (
	hasAVX2   = cpu.X86.HasAVX2
	hasPOPCNT = cpu.X86.HasPOPCNT
	hasVNNI   = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL &&
		cpu.X86.HasAVX512VNNI
)

// tilesPay says whether many queries at once are multiplied by tiles.
var tilesPay = hasVNNI

//go:noescape
func dotRowsAVX2(out *int32, query *int16, rows *byte, n, dim int)

//go:noescape
func scanAVX2(marks *uint64, sums *uint16, words int, least uint16)

//go:noescape
func addColumnAVX2(sums *uint16, column *byte, n int, step uint16)

//go:noescape
func addColumnsAVX2(sums *uint16, c0, c1, c2, c3 *byte, n int, steps *uint16)

//go:noescape
func addScaledAVX2(y, x *float32, n int, f float32)

//go:noescape
func tileVNNI(out *int32, queries, panel *byte, bias *int32, dim int)

//go:noescape
func apartRowsPOPCNT(out *byte, first, second uint64, signs *byte, n int)

//go:noescape
func aboveAVX512(masks *uint32, out, lines *int32)

// dotRows writes the products of a vector with each row of signed bytes.
func dotRows(out []int32, query []int16, rows []byte) {
	n, dim := len(out), len(query)
	rows = rows[:n*dim]
	if !hasAVX2 || n == 0 || dim == 0 || dim%32 != 0 {
		plainDotRows(out, query, rows)
		return
	}
	dotRowsAVX2(&out[0], &query[0], &rows[0], n, dim)
}

// scan sets the bits of sums that are at least least, 64 in each of marks.
func scan(marks []uint64, sums []uint16, least uint16) {
	sums = sums[:64*len(marks)]
	if !hasAVX2 || len(marks) == 0 {
		plainScan(marks, sums, least)
		return
	}
	scanAVX2(&marks[0], &sums[0], len(marks), least)
}

// addColumn adds step times a column to sums of the same length.
func addColumn(sums []uint16, column []byte, step uint16) {
	column = column[:len(sums)]
	n := 0
	if hasAVX2 {
		if n = len(sums) &^ 31; n > 0 {
			addColumnAVX2(&sums[0], &column[0], n, step)
		}
	}
	plainAddColumn(sums[n:], column[n:], step)
}

// addColumns adds four columns, each times its step, to sums of the same length.
func addColumns(sums []uint16, columns *[4][]byte, steps *[4]uint16) {
	n := 0
	if hasAVX2 {
		if n = len(sums) &^ 15; n > 0 {
			c0, c1, c2, c3 := columns[0][:n], columns[1][:n], columns[2][:n], columns[3][:n]
			addColumnsAVX2(&sums[0], &c0[0], &c1[0], &c2[0], &c3[0], n, &steps[0])
		}
	}
	for i, c := range columns {
		plainAddColumn(sums[n:], c[n:len(sums)], steps[i])
	}
}

// addScaled adds f times x to y.
func addScaled(y, x []float32, f float32) {
	x = x[:len(y)]
	n := 0
	if hasAVX2 {
		if n = len(y) &^ 15; n > 0 {
			addScaledAVX2(&y[0], &x[0], n, f)
		}
	}
	plainAddScaled(y[n:], x[n:], f)
}

// apartRows counts for each row of signs those in which it differs from a query.
func apartRows(out []byte, query []uint64, signs []byte) {
	signs = signs[:8*len(query)*len(out)]
	if !hasPOPCNT || len(query) != 2 || len(out) == 0 { // two words are the usual width
		plainApartRows(out, query, signs)
		return
	}
	apartRowsPOPCNT(&out[0], query[0], query[1], &signs[0], len(out))
}

// multiply fills a tile; see tile.
func (t *tile) multiply(queries []byte, lines *[tileQueries]int32) {
	queries = queries[:tileQueries*t.dim]
	panel := t.panel[:tileDocs*t.dim]
	if !hasVNNI || t.dim == 0 || t.dim%4 != 0 {
		t.plainMultiply(queries, lines)
		return
	}
	tileVNNI(&t.out[0], &queries[0], &panel[0], &t.bias[0], t.dim)
	aboveAVX512(&t.above[0], &t.out[0], &lines[0])
}
