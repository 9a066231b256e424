package pdftext

import (
	"bytes"
	"math"
)

// matrix is [a b c d e f] as in a PDF: x' = ax + cy + e, y' = bx + dy + f.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns the matrix that applies m first, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// state is the part of the graphics state that text needs.
type state struct {
	ctm                    matrix
	font                   *font
	size                   float64
	spacing, wordSpacing   float64
	scale, leading, raised float64
}

// renderer draws pages into lines of text.
type renderer struct {
	file  *file
	doc   *Document
	fonts map[*dict]*font
	lines lineMaker
	runes int
}

// canvas is the drawing of one content stream.
type canvas struct {
	*renderer
	resources *dict
	state     state
	saved     []state
	tm, tlm   matrix
	marked    []bool // marked content we are in: whether it is an artifact
	artifacts int
	depth     int // forms inside one another
}

// page draws one page.
func (r *renderer) page(p page) Page {
	r.lines = lineMaker{}
	c := &canvas{renderer: r, resources: r.file.dict(p.resources),
		state: state{ctm: identity, scale: 1}}
	c.run(r.contents(p.dict.keys["Contents"]))
	return Page{Lines: r.lines.finish()}
}

// contents joins the streams of a page; a token does not go across two.
func (r *renderer) contents(o object) []byte {
	var parts [][]byte
	size := 0
	for _, part := range r.file.listOf(o) {
		data := r.file.decode(r.file.dict(part))
		if size += len(data); size > maxStreamBytes {
			r.file.err = ErrTooMuch
			return nil
		}
		parts = append(parts, data)
	}
	return bytes.Join(parts, []byte("\n"))
}

func (c *canvas) run(data []byte) {
	c.file.spend(len(data) / bytesPerWork)
	l := &lexer{file: c.file, data: data, content: true}
	var args []object
	for c.file.err == nil {
		o := l.object(0)
		op, isOp := o.(keyword)
		if !isOp {
			if len(args) < maxOperands {
				args = append(args, o)
			}
			continue
		}
		if op == endOfData {
			return
		}
		if op == "BI" {
			c.doc.Images = true
			skipImage(l)
		} else {
			c.do(op, args)
		}
		args = args[:0]
	}
}

// skipImage goes behind a picture that stands in the content itself.
func skipImage(l *lexer) {
	for _, mark := range []string{"ID", "EI"} {
		for {
			i := bytes.Index(l.data[l.pos:], []byte(mark))
			if i < 0 {
				l.pos = len(l.data)
				return
			}
			at := l.pos + i
			l.pos = at + len(mark)
			ends := l.pos == len(l.data) || isSpace(l.data[l.pos])
			if at > 0 && isSpace(l.data[at-1]) && ends {
				break
			}
		}
	}
}

// numbers returns the operands as numbers, when there are that many.
func numbers(args []object, n int) ([]float64, bool) {
	if len(args) < n {
		return nil, false
	}
	out := make([]float64, n)
	for i, a := range args[len(args)-n:] {
		out[i], _ = a.(float64)
	}
	return out, true
}

// do executes an operator. Those of lines, colours and curves leave no text.
func (c *canvas) do(op keyword, args []object) {
	switch op {
	case "q":
		if len(c.saved) < maxSaved {
			c.saved = append(c.saved, c.state)
		}
	case "Q":
		if n := len(c.saved); n > 0 {
			c.state, c.saved = c.saved[n-1], c.saved[:n-1]
		}
	case "cm":
		if n, ok := numbers(args, 6); ok {
			c.state.ctm = matrix(n).times(c.state.ctm)
		}
	case "Do":
		if len(args) > 0 {
			n, _ := args[0].(name)
			c.draw(n)
		}
	case "BMC", "BDC":
		artifact := len(args) > 0 && args[0] == name("Artifact")
		c.mark(artifact)
	case "EMC":
		c.unmark()
	case "Tj", "'", "\"", "TJ":
		c.text(op, args)
	default:
		c.textState(op, args)
	}
}

func (c *canvas) mark(artifact bool) {
	if len(c.marked) >= maxSaved {
		return
	}
	c.marked = append(c.marked, artifact)
	if artifact {
		c.artifacts++
	}
}

func (c *canvas) unmark() {
	n := len(c.marked)
	if n == 0 {
		return
	}
	if c.marked[n-1] {
		c.artifacts--
	}
	c.marked = c.marked[:n-1]
}

// textState executes the operators that place text and set how it is drawn.
func (c *canvas) textState(op keyword, args []object) {
	s := &c.state
	switch op {
	case "BT":
		c.tm, c.tlm = identity, identity
		return
	case "T*":
		c.newLine(0, -s.leading)
		return
	case "Tf":
		if len(args) >= 2 {
			n, _ := args[0].(name)
			s.font = c.fontNamed(n)
			s.size, _ = args[1].(float64)
		}
		return
	case "Td", "TD":
		if n, ok := numbers(args, 2); ok {
			if op == "TD" {
				s.leading = -n[1]
			}
			c.newLine(n[0], n[1])
		}
		return
	case "Tm":
		if n, ok := numbers(args, 6); ok {
			c.tm = matrix(n)
			c.tlm = c.tm
		}
		return
	}
	n, ok := numbers(args, 1)
	if !ok {
		return
	}
	switch op {
	case "Tc":
		s.spacing = n[0]
	case "Tw":
		s.wordSpacing = n[0]
	case "Tz":
		s.scale = n[0] / 100
	case "TL":
		s.leading = n[0]
	case "Ts":
		s.raised = n[0]
	}
}

func (c *canvas) newLine(x, y float64) {
	c.tlm = matrix{1, 0, 0, 1, x, y}.times(c.tlm)
	c.tm = c.tlm
}

func (c *canvas) fontNamed(n name) *font {
	fonts := c.file.dict(c.resources.keys["Font"])
	d, ok := c.file.resolve(fonts.keys[n]).(*dict)
	if !ok {
		return nil
	}
	if t, ok := c.fonts[d]; ok {
		return t
	}
	t := c.file.font(d)
	c.fonts[d] = t
	return t
}

// text executes the operators that show text.
func (c *canvas) text(op keyword, args []object) {
	if op == "\"" {
		if n, ok := numbers(args[:max(0, len(args)-1)], 2); ok {
			c.state.wordSpacing, c.state.spacing = n[0], n[1]
		}
	}
	if op == "'" || op == "\"" {
		c.newLine(0, -c.state.leading)
	}
	if len(args) == 0 {
		return
	}
	switch a := args[len(args)-1].(type) {
	case string:
		c.show(a)
	case array:
		for _, o := range a {
			switch o := o.(type) {
			case string:
				c.show(o)
			case float64:
				c.advance(-o / 1000 * c.state.size * c.state.scale)
			}
		}
	}
}

func (c *canvas) advance(x float64) {
	c.tm = matrix{1, 0, 0, 1, x, 0}.times(c.tm)
}

// show draws a string.
func (c *canvas) show(s string) {
	t := c.state.font
	if t == nil {
		return
	}
	for s != "" && c.file.spend(1) {
		var ch character
		ch, s = t.next(s)
		step := ch.width/1000*c.state.size + c.state.spacing
		if ch.isSpace {
			step += c.state.wordSpacing
		}
		step *= c.state.scale
		if ch.unknown {
			c.doc.Unmapped++
		} else if ch.text != "" {
			c.place(ch.text, step)
		}
		c.advance(step)
	}
}

// place puts a character where it is drawn.
func (c *canvas) place(text string, step float64) {
	s := &c.state
	m := matrix{s.size * s.scale, 0, 0, s.size, 0, s.raised}.times(c.tm).times(s.ctm)
	along := c.tm.times(s.ctm)
	width := step * math.Hypot(along[0], along[1])
	x, y := turned(m)
	for _, r := range text {
		if c.runes++; c.runes > MaxRunes {
			c.file.err = ErrTooMuch
			return
		}
		c.doc.Mapped++
		c.lines.add(glyph{x: x, y: y, width: width, size: math.Hypot(m[2], m[3]),
			r: unradical(r), artifact: c.artifacts > 0})
		x, width = x+width, 0
	}
}

// turned returns the place of a character as if its line went from left to right.
func turned(m matrix) (x, y float64) {
	switch {
	case math.Abs(m[0]) >= math.Abs(m[1]) && m[0] >= 0:
		return m[4], m[5]
	case math.Abs(m[0]) >= math.Abs(m[1]):
		return -m[4], -m[5]
	case m[1] > 0:
		return m[5], -m[4]
	default:
		return -m[5], m[4]
	}
}

// draw draws a form; of a picture it only notes that there is one.
func (c *canvas) draw(n name) {
	d, ok := c.file.resolve(c.file.dict(c.resources.keys["XObject"]).keys[n]).(*dict)
	if !ok {
		return
	}
	if d.keys["Subtype"] == name("Image") {
		c.doc.Images = true
		return
	}
	if d.keys["Subtype"] != name("Form") || c.depth >= maxForms || !c.file.spend(100) {
		return
	}
	inner := &canvas{renderer: c.renderer, resources: c.resources, state: c.state,
		depth: c.depth + 1, artifacts: c.artifacts}
	if own, ok := d.keys["Resources"]; ok {
		inner.resources = c.file.dict(own)
	}
	if m := c.file.array(d.keys["Matrix"]); len(m) == 6 {
		n, _ := numbers(m, 6)
		inner.state.ctm = matrix(n).times(inner.state.ctm)
	}
	inner.run(c.file.decode(d))
}
