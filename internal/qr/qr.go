package qr

import "errors"

// MaxBytes is the longest text: byte mode of version 10 at level M.
const MaxBytes = 213

// ErrLong says that a text does not fit.
var ErrLong = errors.New("qr: text is longer than 213 bytes")

// Quiet is the width of the quiet zone around a code, in modules.
const Quiet = 4

// Code is a square of dark and light modules, without the quiet zone.
type Code struct {
	Size    int // modules on a side
	Version int
	Mask    int
	dark    []bool
}

// Dark reports whether the module in column x and row y is dark. Outside of the code it is light.
func (c *Code) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.Size && y < c.Size && c.dark[y*c.Size+x]
}

// version says how many bytes a version holds at level M and in which blocks.
type version struct {
	ecc        int // bytes of error correction in a block
	blocks     int // blocks of the shorter length
	data       int // data bytes in each of them
	longBlocks int // blocks with one byte more
	align      []int
}

// versions are those of ISO/IEC 18004, table 9 and annex E, level M.
var versions = []version{
	1:  {10, 1, 16, 0, nil},
	2:  {16, 1, 28, 0, []int{6, 18}},
	3:  {26, 1, 44, 0, []int{6, 22}},
	4:  {18, 2, 32, 0, []int{6, 26}},
	5:  {24, 2, 43, 0, []int{6, 30}},
	6:  {16, 4, 27, 0, []int{6, 34}},
	7:  {18, 4, 31, 0, []int{6, 22, 38}},
	8:  {22, 2, 38, 2, []int{6, 24, 42}},
	9:  {22, 3, 36, 2, []int{6, 26, 46}},
	10: {26, 4, 43, 1, []int{6, 28, 50}},
}

func (v version) capacity() int { return v.blocks*v.data + v.longBlocks*(v.data+1) }

// countBits is the length of the field that says how many bytes follow.
func countBits(number int) int {
	if number < 10 {
		return 8
	}
	return 16
}

// Encode returns the code of a text, in the smallest version that holds it.
func Encode(text string) (*Code, error) {
	for number := 1; number < len(versions); number++ {
		v := versions[number]
		if 4+countBits(number)+8*len(text) <= 8*v.capacity() {
			return draw(number, interleave(v, dataBytes(v, number, text))), nil
		}
	}
	return nil, ErrLong
}

// bits is a run of bits under construction, the highest first.
type bits struct {
	bytes []byte
	n     int
}

func (b *bits) put(value, width int) {
	for i := width - 1; i >= 0; i-- {
		if b.n%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		if value>>i&1 == 1 {
			b.bytes[b.n/8] |= 0x80 >> (b.n % 8)
		}
		b.n++
	}
}

// dataBytes returns mode, length, text and padding.
func dataBytes(v version, number int, text string) []byte {
	var b bits
	b.put(0b0100, 4) // byte mode
	b.put(len(text), countBits(number))
	for i := range len(text) {
		b.put(int(text[i]), 8)
	}
	room := 8 * v.capacity()
	b.put(0, min(4, room-b.n))
	b.put(0, (8-b.n%8)%8)
	for pad := 0xec; b.n < room; pad ^= 0xec ^ 0x11 {
		b.put(pad, 8)
	}
	return b.bytes
}

// interleave splits data into blocks, adds error correction and deals the bytes out in turn.
func interleave(v version, data []byte) []byte {
	var blocks, checks [][]byte
	for i := range v.blocks + v.longBlocks {
		n := v.data
		if i >= v.blocks {
			n++
		}
		blocks = append(blocks, data[:n])
		checks = append(checks, correction(data[:n], v.ecc))
		data = data[n:]
	}
	var out []byte
	for i := range v.data + 1 {
		for _, b := range blocks {
			if i < len(b) {
				out = append(out, b[i])
			}
		}
	}
	for i := range v.ecc {
		for _, c := range checks {
			out = append(out, c[i])
		}
	}
	return out
}

// times multiplies in the field of 256 elements with the polynomial x⁸+x⁴+x³+x²+1.
func times(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		high := a & 0x80
		a <<= 1
		if high != 0 {
			a ^= 0x1d
		}
	}
	return p
}

// correction returns the n bytes of Reed–Solomon code of a block.
func correction(block []byte, n int) []byte {
	generator := make([]byte, n) // without its leading 1, the highest power first
	generator[n-1] = 1
	root := byte(1)
	for range n {
		for j := range n {
			generator[j] = times(generator[j], root)
			if j+1 < n {
				generator[j] ^= generator[j+1]
			}
		}
		root = times(root, 2)
	}
	rest := make([]byte, n)
	for _, b := range block {
		factor := b ^ rest[0]
		copy(rest, rest[1:])
		rest[n-1] = 0
		for j, g := range generator {
			rest[j] ^= times(g, factor)
		}
	}
	return rest
}
