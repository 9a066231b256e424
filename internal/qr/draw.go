package qr

import (
	"strconv"
	"strings"
)

// canvas is a code while it is drawn: fixed modules take neither data nor mask.
type canvas struct {
	Code
	fixed []bool
}

func (c *canvas) set(x, y int, dark bool) {
	c.dark[y*c.Size+x], c.fixed[y*c.Size+x] = dark, true
}

// draw puts the codewords on a square and picks the mask that looks least like something else.
func draw(number int, words []byte) *Code {
	size := 17 + 4*number
	c := &canvas{Code{Size: size, Version: number, dark: make([]bool, size*size)},
		make([]bool, size*size)}
	c.patterns(versions[number].align)
	c.format(0)
	if number >= 7 {
		c.versionInfo()
	}
	c.data(words)
	best, least := 0, -1
	for mask := range 8 {
		c.format(mask)
		c.mask(mask)
		if p := c.penalty(); least < 0 || p < least {
			best, least = mask, p
		}
		c.mask(mask) // a second time undoes it
	}
	c.format(best)
	c.mask(best)
	c.Mask = best
	return &c.Code
}

// patterns draws finders, timing and alignment.
func (c *canvas) patterns(align []int) {
	for i := range c.Size {
		c.set(6, i, i%2 == 0)
		c.set(i, 6, i%2 == 0)
	}
	for _, at := range [][2]int{{3, 3}, {c.Size - 4, 3}, {3, c.Size - 4}} {
		for dy := -4; dy <= 4; dy++ {
			for dx := -4; dx <= 4; dx++ {
				x, y, ring := at[0]+dx, at[1]+dy, max(dx, -dx, dy, -dy)
				if x >= 0 && y >= 0 && x < c.Size && y < c.Size {
					c.set(x, y, ring != 2 && ring != 4)
				}
			}
		}
	}
	last := len(align) - 1
	for i, ay := range align {
		for j, ax := range align {
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a finder is there
			}
			for dy := -2; dy <= 2; dy++ {
				for dx := -2; dx <= 2; dx++ {
					c.set(ax+dx, ay+dy, max(dx, -dx, dy, -dy) != 1)
				}
			}
		}
	}
	c.set(8, c.Size-8, true)
}

// formatBits are level M and the mask with their check bits (BCH 15,5), masked.
func formatBits(mask int) int {
	data := mask // level M is 00
	rest := data
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	return (data<<10 | rest) ^ 0x5412
}

// versionBits are the version with its check bits (BCH 18,6).
func versionBits(number int) int {
	rest := number
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1f25
	}
	return number<<12 | rest
}

func (c *canvas) format(mask int) {
	word := formatBits(mask)
	bit := func(i int) bool { return word>>i&1 == 1 }
	for i := range 6 {
		c.set(8, i, bit(i))
	}
	c.set(8, 7, bit(6))
	c.set(8, 8, bit(7))
	c.set(7, 8, bit(8))
	for i := 9; i < 15; i++ {
		c.set(14-i, 8, bit(i))
	}
	for i := range 8 {
		c.set(c.Size-1-i, 8, bit(i))
	}
	for i := 8; i < 15; i++ {
		c.set(8, c.Size-15+i, bit(i))
	}
	c.set(8, c.Size-8, true)
}

func (c *canvas) versionInfo() {
	word := versionBits(c.Version)
	for i := range 18 {
		long, short, dark := c.Size-11+i%3, i/3, word>>i&1 == 1
		c.set(long, short, dark)
		c.set(short, long, dark)
	}
}

// data fills the free modules in pairs of columns, from the right, up and down in turn.
func (c *canvas) data(words []byte) {
	n, up := 0, true
	for right := c.Size - 1; right > 0; right -= 2 {
		if right == 6 {
			right--
		}
		for i := range c.Size {
			y := i
			if up {
				y = c.Size - 1 - i
			}
			for x := right; x > right-2; x-- {
				at := y*c.Size + x
				if c.fixed[at] {
					continue
				}
				if n < 8*len(words) { // what is left over stays light
					c.dark[at] = words[n/8]>>(7-n%8)&1 == 1
				}
				n++
			}
		}
		up = !up
	}
}

// masked says whether a mask turns the module over.
func masked(mask, x, y int) bool {
	switch mask {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (x/3+y/2)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	default:
		return ((x+y)%2+x*y%3)%2 == 0
	}
}

func (c *canvas) mask(mask int) {
	for y := range c.Size {
		for x := range c.Size {
			if at := y*c.Size + x; !c.fixed[at] && masked(mask, x, y) {
				c.dark[at] = !c.dark[at]
			}
		}
	}
}

// penalty counts what makes a code hard to read (ISO/IEC 18004, 7.8.3).
func (c *canvas) penalty() int {
	total, darks := 0, 0
	for i := range c.Size {
		row := func(j int) bool { return c.Dark(j, i) }
		col := func(j int) bool { return c.Dark(i, j) }
		total += linePenalty(row, c.Size) + linePenalty(col, c.Size)
		for j := range c.Size {
			d := c.Dark(j, i)
			if d {
				darks++
			}
			if j > 0 && i > 0 && d == c.Dark(j-1, i) && d == c.Dark(j, i-1) && d == c.Dark(j-1, i-1) {
				total += 3
			}
		}
	}
	percent := 100 * darks / (c.Size * c.Size)
	return total + max(percent-50, 50-percent)/5*10
}

// linePenalty counts long runs and what looks like a finder in one row or column.
func linePenalty(at func(int) bool, size int) int {
	const finder, after = 0b10111010000, 0b00001011101
	total, run, window := 0, 0, 0
	for j := range size {
		if j > 0 && at(j) == at(j-1) {
			run++
		} else {
			run = 1
		}
		switch {
		case run == 5:
			total += 3
		case run > 5:
			total++
		}
		window = window << 1 & 0x7ff
		if at(j) {
			window |= 1
		}
		if j >= 10 && (window == finder || window == after) {
			total += 40
		}
	}
	return total
}

// Path is the code as the data of an SVG path in units of modules, quiet zone included: the picture
// is Side units wide and high.
func (c *Code) Path() string {
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			if !c.Dark(x, y) {
				continue
			}
			n := 1
			for c.Dark(x+n, y) {
				n++
			}
			w := strconv.Itoa(n)
			b.WriteString("M" + strconv.Itoa(x+Quiet) + " " + strconv.Itoa(y+Quiet) +
				"h" + w + "v1h-" + w + "z")
			x += n
		}
	}
	return b.String()
}

// Side is the width of the picture that Path draws, in modules.
func (c *Code) Side() int { return c.Size + 2*Quiet }
