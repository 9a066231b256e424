package qr

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The bytes of error correction of the two worked examples that are published everywhere: "01234567"
// of annex I of ISO/IEC 18004 and "HELLO WORLD" at level M of version 1.
func TestCorrection(t *testing.T) {
	for _, tc := range []struct{ data, want []byte }{
		{[]byte{0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11},
			[]byte{0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55}},
		{[]byte{32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17},
			[]byte{196, 35, 39, 119, 235, 215, 231, 226, 93, 23}},
	} {
		if got := correction(tc.data, len(tc.want)); !bytes.Equal(got, tc.want) {
			t.Errorf("correction of %x is %x, want %x", tc.data, got, tc.want)
		}
	}
}

// The format and version words of tables C.1 and D.1 of the standard.
func TestWords(t *testing.T) {
	for mask, want := range []string{"101010000010010", "101000100100101", "101111001111100",
		"101101101001011", "100010111111001", "100000011001110", "100111110010111", "100101010100000"} {
		if got := fmt.Sprintf("%015b", formatBits(mask)); got != want {
			t.Errorf("format of mask %d is %s, want %s", mask, got, want)
		}
	}
	for number, want := range map[int]string{7: "000111110010010100", 8: "001000010110111100",
		9: "001001101010011001", 10: "001010010011010011"} {
		if got := fmt.Sprintf("%018b", versionBits(number)); got != want {
			t.Errorf("word of version %d is %s, want %s", number, got, want)
		}
	}
}

// The capacities of table 7, byte mode, level M, and the number of modules of table 1.
func TestCapacities(t *testing.T) {
	for number, most := range []int{1: 14, 2: 26, 3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180,
		10: 213} {
		if number == 0 {
			continue
		}
		c, err := Encode(strings.Repeat("a", most))
		if err != nil || c.Version != number || c.Size != 17+4*number {
			t.Errorf("%d bytes: %v, want version %d", most, c, number)
		}
	}
	if _, err := Encode(strings.Repeat("a", MaxBytes+1)); !errors.Is(err, ErrLong) {
		t.Errorf("214 bytes: %v", err)
	}
}

// What is drawn can be read again, by a reader that knows nothing of the writer but the standard's
// order of modules: format, mask, blocks without errors, length, text.
func TestReadsBack(t *testing.T) {
	for n := 0; n <= MaxBytes; n += 7 {
		text := strings.Repeat("https://云图.example/c?x=1&y=", 8)[:n]
		c, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, c); got != text {
			t.Fatalf("%d bytes read as %q", n, got)
		}
	}
}

func read(t *testing.T, c *Code) string {
	t.Helper()
	format := 0
	for i := range 6 {
		format |= bit(c, 8, i) << i
	}
	format |= bit(c, 8, 7)<<6 | bit(c, 8, 8)<<7 | bit(c, 7, 8)<<8
	for i := 9; i < 15; i++ {
		format |= bit(c, 14-i, 8) << i
	}
	mask := -1
	for m := range 8 {
		if formatBits(m) == format {
			mask = m
		}
	}
	if mask != c.Mask {
		t.Fatalf("mask %d reads as %d", c.Mask, mask)
	}
	frame := &canvas{Code{Size: c.Size, Version: c.Version, dark: make([]bool, c.Size*c.Size)},
		make([]bool, c.Size*c.Size)}
	frame.patterns(versions[c.Version].align)
	frame.format(0)
	if c.Version >= 7 {
		frame.versionInfo()
	}
	var b bits
	for right, up := c.Size-1, true; right > 0; right, up = right-2, !up {
		if right == 6 {
			right = 5
		}
		for i := range c.Size {
			y := i
			if up {
				y = c.Size - 1 - i
			}
			for _, x := range []int{right, right - 1} {
				if !frame.fixed[y*c.Size+x] {
					v := bit(c, x, y)
					if masked(mask, x, y) {
						v = 1 - v
					}
					b.put(v, 1)
				}
			}
		}
	}
	data := deal(t, versions[c.Version], b.bytes)
	if data[0]>>4 != 4 {
		t.Fatalf("mode %d", data[0]>>4)
	}
	nibbles := func(i int) int { return int(data[i])<<4&0xff | int(data[i+1])>>4 }
	length, at := nibbles(0), 1
	if c.Version >= 10 {
		length, at = length<<8|nibbles(1), 2
	}
	var out []byte
	for i := range length {
		out = append(out, byte(nibbles(at+i)))
	}
	return string(out)
}

func bit(c *Code, x, y int) int {
	if c.Dark(x, y) {
		return 1
	}
	return 0
}

// deal takes interleaved bytes apart and checks that each block is a word of the code: it vanishes at
// every root of the generator.
func deal(t *testing.T, v version, words []byte) []byte {
	t.Helper()
	blocks := make([][]byte, v.blocks+v.longBlocks)
	n := 0
	for i := range v.data + 1 {
		for j := range blocks {
			if i < v.data || j >= v.blocks {
				blocks[j] = append(blocks[j], words[n])
				n++
			}
		}
	}
	var data []byte
	for _, b := range blocks {
		data = append(data, b...)
	}
	for range v.ecc {
		for j := range blocks {
			blocks[j] = append(blocks[j], words[n])
			n++
		}
	}
	for j, b := range blocks {
		root := byte(1)
		for i := range v.ecc {
			sum := byte(0)
			for _, x := range b {
				sum = times(sum, root) ^ x
			}
			if sum != 0 {
				t.Fatalf("block %d does not vanish at root %d", j, i)
			}
			root = times(root, 2)
		}
	}
	return data
}

// The path has as many dark modules as the code.
func TestPath(t *testing.T) {
	c, err := Encode("hello")
	if err != nil {
		t.Fatal(err)
	}
	want, got := 0, 0
	for y := range c.Size {
		for x := range c.Size {
			want += bit(c, x, y)
		}
	}
	for part := range strings.SplitSeq(c.Path(), "M") {
		var x, y, n, back int
		if part == "" {
			continue
		}
		if _, err := fmt.Sscanf(part, "%d %dh%dv1h-%dz", &x, &y, &n, &back); err != nil || n != back {
			t.Fatalf("%q: %v", part, err)
		}
		got += n
	}
	if got != want || c.Side() != 29 {
		t.Errorf("the path has %d modules, the code %d; side %d", got, want, c.Side())
	}
}
