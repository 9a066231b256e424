//go:build !amd64

package retrieval

const tilesPay = false

// What these do is said where they are written for amd64.

func dotRows(out []int32, query []int16, rows []byte) {
	plainDotRows(out, query, rows[:len(out)*len(query)])
}

func scan(marks []uint64, sums []uint16, least uint16) {
	plainScan(marks, sums[:64*len(marks)], least)
}

func addColumn(sums []uint16, column []byte, step uint16) { plainAddColumn(sums, column, step) }

func addColumns(sums []uint16, columns *[4][]byte, steps *[4]uint16) {
	for i, c := range columns {
		plainAddColumn(sums, c[:len(sums)], steps[i])
	}
}

func addScaled(y, x []float32, f float32) { plainAddScaled(y, x, f) }

func (t *tile) multiply(queries []byte, lines *[tileQueries]int32) { t.plainMultiply(queries, lines) }

func apartRows(out []byte, query []uint64, signs []byte) {
	plainApartRows(out, query, signs[:8*len(query)*len(out)])
}
