package pdftext

import (
	"bytes"
	"strconv"
)

// The kinds of objects. Beside these an object is nil, a bool, a float64 or a string; all numbers
// are float64, and the bytes of a string are not yet text.
type (
	object  any
	name    string
	keyword string
	array   []object
	ref     int // the number of an object; generations are of no use to a reader
)

// dict is a dictionary; with a stream behind it raw holds that, as in the file.
type dict struct {
	keys map[name]object
	raw  []byte
}

// endOfData is the token behind the last one.
const endOfData = keyword("")

// lexer reads tokens and objects from bytes.
type lexer struct {
	file    *file
	data    []byte
	pos     int
	content bool // a content stream: no references, no streams
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) skipSpace() {
	for l.pos < len(l.data) {
		switch c := l.data[l.pos]; {
		case isSpace(c):
			l.pos++
		case c == '%':
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		default:
			return
		}
	}
}

// token returns a number, a string, a name or a keyword; brackets are keywords.
func (l *lexer) token() object {
	l.skipSpace()
	cost := 1
	if !l.content {
		cost = objectCost
	}
	if l.pos >= len(l.data) || !l.file.spend(cost) {
		l.pos = len(l.data)
		return endOfData
	}
	c := l.data[l.pos]
	switch {
	case c == '/':
		l.pos++
		return l.name()
	case c == '(':
		l.pos++
		return l.literal()
	case c == '<' && l.next() != '<':
		l.pos++
		return l.hex()
	case c == '<', c == '>' && l.next() == '>':
		l.pos += 2
		return keyword([]byte{c, c})
	case isDelimiter(c):
		l.pos++
		return keyword([]byte{c})
	}
	start := l.pos
	for l.pos < len(l.data) && !isSpace(l.data[l.pos]) && !isDelimiter(l.data[l.pos]) {
		l.pos++
	}
	word := l.data[start:l.pos]
	if n, ok := number(word); ok {
		return n
	}
	return keyword(word)
}

func (l *lexer) next() byte {
	if l.pos+1 < len(l.data) {
		return l.data[l.pos+1]
	}
	return 0
}

// number reads the plain notation of a PDF: no exponents, no underscores.
func number(word []byte) (float64, bool) {
	if len(word) > 32 {
		return 0, false
	}
	for _, c := range word {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(string(word), 64)
	return n, err == nil
}

func (l *lexer) name() name {
	var out []byte
	for ; l.pos < len(l.data); l.pos++ {
		c := l.data[l.pos]
		if isSpace(c) || isDelimiter(c) {
			break
		}
		if c == '#' && l.pos+2 < len(l.data) {
			if n, err := strconv.ParseUint(string(l.data[l.pos+1:l.pos+3]), 16, 8); err == nil {
				c = byte(n)
				l.pos += 2
			}
		}
		out = append(out, c)
	}
	return name(out)
}

// literal reads a string in brackets; the opening one is behind us.
func (l *lexer) literal() string {
	var out []byte
	for open := 1; l.pos < len(l.data); {
		c := l.data[l.pos]
		l.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return string(out)
			}
		case '\\':
			out = l.escape(out)
			continue
		}
		out = append(out, c)
	}
	return string(out)
}

// escape reads what follows a backslash.
func (l *lexer) escape(out []byte) []byte {
	if l.pos >= len(l.data) {
		return out
	}
	c := l.data[l.pos]
	l.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.pos < len(l.data) && l.data[l.pos] == '\n' {
			l.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	n := int(c - '0')
	for i := 0; i < 2 && l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '7'; i++ {
		n = n*8 + int(l.data[l.pos]-'0')
		l.pos++
	}
	return append(out, byte(n))
}

// hex reads a string of hexadecimal digits; the opening bracket is behind us.
func (l *lexer) hex() string {
	var out []byte
	half, n := 0, 0
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		l.pos++
		if c == '>' {
			break
		}
		digit, ok := hexDigit(c)
		if !ok {
			continue
		}
		if n, half = n<<4|digit, half+1; half == 2 {
			out = append(out, byte(n))
			n, half = 0, 0
		}
	}
	if half == 1 {
		out = append(out, byte(n<<4))
	}
	return string(out)
}

func hexDigit(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0'), true
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// object reads one object. A keyword that begins none is returned as such.
func (l *lexer) object(depth int) object {
	t := l.token()
	if (t == keyword("[") || t == keyword("<<")) && depth >= maxDepth {
		return nil // what is inside is read as if it stood outside
	}
	switch t {
	case keyword("["):
		return l.array(depth + 1)
	case keyword("<<"):
		return l.dict(depth + 1)
	case keyword("true"):
		return true
	case keyword("false"):
		return false
	case keyword("null"):
		return nil
	}
	if n, ok := t.(float64); ok && !l.content {
		return l.reference(n)
	}
	return t
}

// reference reads "12 0 R", of which the first number was read.
func (l *lexer) reference(n float64) object {
	if n != float64(int(n)) || n < 0 || l.pos >= len(l.data) || !isSpace(l.data[l.pos]) {
		return n
	}
	start := l.pos
	if _, ok := l.token().(float64); ok && l.token() == keyword("R") {
		return ref(n)
	}
	l.pos = start
	return n
}

func (l *lexer) array(depth int) object {
	var out array
	for {
		o := l.object(depth)
		if o == keyword("]") || o == endOfData {
			return out
		}
		if _, stray := o.(keyword); !stray && len(out) < maxArray {
			out = append(out, o)
		}
	}
}

// dict reads a dictionary, and outside of content streams the stream behind it.
func (l *lexer) dict(depth int) object {
	d := &dict{keys: map[name]object{}}
	for {
		key := l.token()
		if key == keyword(">>") || key == endOfData {
			break
		}
		k, ok := key.(name)
		if !ok {
			continue
		}
		value := l.object(depth)
		if value == keyword(">>") || value == endOfData {
			break
		}
		if _, stray := value.(keyword); !stray {
			d.keys[k] = value
		}
	}
	if depth == 1 && !l.content {
		l.stream(d)
	}
	return d
}

// stream attaches the bytes of a stream to its dictionary. The length that the dictionary states
// is believed when the end mark stands behind it; otherwise the end mark is searched.
func (l *lexer) stream(d *dict) {
	start := l.pos
	if l.token() != keyword("stream") {
		l.pos = start
		return
	}
	if l.pos < len(l.data) && l.data[l.pos] == '\r' {
		l.pos++
	}
	if l.pos < len(l.data) && l.data[l.pos] == '\n' {
		l.pos++
	}
	body := l.data[l.pos:]
	if n, ok := d.keys["Length"].(float64); ok && n >= 0 && n <= float64(len(body)) {
		rest := bytes.TrimLeft(body[int(n):min(len(body), int(n)+16)], "\r\n ")
		if bytes.HasPrefix(rest, []byte("endstream")) {
			d.raw = body[:int(n):int(n)]
			l.pos += int(n)
			return
		}
	}
	n := bytes.Index(body, []byte("endstream"))
	if n < 0 {
		n = len(body)
	}
	d.raw = body[:n:n]
	l.pos += n
}
