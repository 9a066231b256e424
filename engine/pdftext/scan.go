package pdftext

import (
	"bytes"
	"context"
	"strings"
	"unicode/utf16"
)

// file is a PDF whose objects were found.
type file struct {
	ctx        context.Context
	data       []byte
	objects    map[int]entry
	packed     []entry // streams of objects
	root, info object
	encryption object // nil when the file is not encrypted
	id         object
	work       int // what may still be spent
	bytes      int // what streams may still unpack to
	err        error
}

// entry is the last object of a number and where it stood.
type entry struct {
	object     object
	off        int
	generation int
}

// spend takes n from the work that is left and reports whether to go on.
func (f *file) spend(n int) bool {
	if f.err != nil {
		return false
	}
	before := f.work
	if f.work -= n; f.work < 0 {
		f.err = ErrTooMuch
	} else if before>>12 != f.work>>12 {
		f.err = f.ctx.Err()
	}
	return f.err == nil
}

// headerBytes is where the header of a PDF must begin; mail and web servers put lines before it.
const headerBytes = 1024

// scan finds all objects of the file.
func (f *file) scan() error {
	if !bytes.Contains(f.data[:min(len(f.data), headerBytes)], []byte("%PDF-")) {
		return ErrNotPDF
	}
	l := &lexer{file: f, data: f.data}
	for l.pos < len(f.data) && f.err == nil {
		i := bytes.Index(f.data[l.pos:], []byte("obj"))
		t := bytes.Index(f.data[l.pos:min(len(f.data), l.pos+max(i, 0)+len("trailer"))],
			[]byte("trailer"))
		if t >= 0 {
			l.pos += t + len("trailer")
			f.trailer(l.object(0))
			continue
		}
		if i < 0 {
			f.lastTrailer(l)
			break
		}
		at := l.pos + i
		l.pos = at + len("obj")
		if number, generation, ok := f.numberBefore(at); ok {
			f.add(number, entry{l.object(0), at, generation})
		}
	}
	if f.err == nil && f.encryption != nil {
		f.err = f.decrypt()
	}
	for _, e := range f.packed {
		f.unpack(e)
	}
	return f.err
}

// lastTrailer reads the trailers behind the last object.
func (f *file) lastTrailer(l *lexer) {
	for f.err == nil {
		t := bytes.Index(f.data[l.pos:], []byte("trailer"))
		if t < 0 {
			return
		}
		l.pos += t + len("trailer")
		f.trailer(l.object(0))
	}
}

// numberBefore returns the number and the generation of an object from the "12 0 " before its
// "obj".
func (f *file) numberBefore(at int) (object, generation int, ok bool) {
	const longest = 24
	words := strings.Fields(string(f.data[max(0, at-longest):at]))
	if at == 0 || len(words) < 2 || !isSpace(f.data[at-1]) {
		return 0, 0, false
	}
	word := words[len(words)-2]
	word = word[strings.LastIndexFunc(word, func(r rune) bool { return r < '0' || r > '9' })+1:]
	n, ok1 := number([]byte(word))
	g, ok2 := number([]byte(words[len(words)-1]))
	return int(n), int(g), ok1 && ok2 && n < 1<<31 && g >= 0 && g < 1<<16
}

// add keeps an object and what it says of the file.
func (f *file) add(number int, e entry) {
	if have, ok := f.objects[number]; !ok || have.off <= e.off {
		f.objects[number] = e
	}
	d, ok := e.object.(*dict)
	if !ok || d.raw == nil {
		return
	}
	switch d.keys["Type"] {
	case name("XRef"):
		f.trailer(d)
	case name("ObjStm"):
		f.packed = append(f.packed, e)
	}
}

// unpack adds the objects of an object stream.
func (f *file) unpack(e entry) {
	d := e.object.(*dict)
	data := f.decode(d)
	count, _ := d.keys["N"].(float64)
	first, _ := d.keys["First"].(float64)
	head := &lexer{file: f, data: data}
	for i := 0; i < int(count) && f.err == nil; i++ {
		number, ok1 := head.token().(float64)
		at, ok2 := head.token().(float64)
		pos := int(first) + int(at)
		if !ok1 || !ok2 || pos < 0 || pos >= len(data) {
			return
		}
		body := &lexer{file: f, data: data, pos: pos}
		if have, ok := f.objects[int(number)]; !ok || have.off <= e.off {
			f.objects[int(number)] = entry{object: body.object(0), off: e.off}
		}
	}
}

func (f *file) trailer(o object) {
	d, ok := o.(*dict)
	if !ok {
		return
	}
	if root, ok := d.keys["Root"]; ok {
		f.root = root
	}
	if info, ok := d.keys["Info"]; ok {
		f.info = info
	}
	if e := d.keys["Encrypt"]; e != nil {
		f.encryption = e
	}
	if id, ok := d.keys["ID"]; ok {
		f.id = id
	}
}

// resolve follows references.
func (f *file) resolve(o object) object {
	for range maxDepth {
		r, ok := o.(ref)
		if !ok || !f.spend(1) {
			return o
		}
		o = f.objects[int(r)].object
	}
	return nil
}

func (f *file) dict(o object) *dict {
	if d, ok := f.resolve(o).(*dict); ok {
		return d
	}
	return &dict{}
}

func (f *file) array(o object) array {
	a, _ := f.resolve(o).(array)
	return a
}

func (f *file) number(o object) float64 {
	n, _ := f.resolve(o).(float64)
	return n
}

// page is a leaf of the tree of pages with what it inherits.
type page struct {
	dict      *dict
	resources object
}

// pages walks the tree of pages from the root. A damaged file whose tree is lost still gives the
// pages that were found, in the order of their numbers in the file.
func (f *file) pages() []page {
	var out []page
	seen := map[*dict]bool{}
	f.walkPages(f.dict(f.dict(f.root).keys["Pages"]), nil, 0, seen, &out)
	if len(out) > 0 {
		return out
	}
	for n := range maxNumber(f.objects) + 1 {
		if d, ok := f.objects[n].object.(*dict); ok && d.keys["Type"] == name("Page") {
			f.walkPages(d, nil, 0, seen, &out)
		}
	}
	return out
}

func maxNumber(objects map[int]entry) int {
	most := 0
	for n := range objects {
		most = max(most, n)
	}
	return min(most, maxMapped)
}

func (f *file) walkPages(d *dict, resources object, depth int, seen map[*dict]bool, out *[]page) {
	if seen[d] || depth > maxDepth || !f.spend(1) {
		return
	}
	seen[d] = true
	if own, ok := d.keys["Resources"]; ok {
		resources = own
	}
	kids, isTree := d.keys["Kids"]
	if !isTree {
		if len(*out) >= MaxPages {
			f.err = ErrTooMuch
		} else if d.keys["Contents"] != nil || d.keys["Type"] == name("Page") {
			*out = append(*out, page{d, resources})
		}
		return
	}
	for _, kid := range f.array(kids) {
		f.walkPages(f.dict(kid), resources, depth+1, seen, out)
	}
}

// title returns the title of the file's information.
func (f *file) title() string {
	s, _ := f.resolve(f.dict(f.info).keys["Title"]).(string)
	return strings.TrimSpace(textString(s))
}

// textString decodes a string that people read: UTF-16 with a byte order mark, UTF-8 with one, or
// Latin.
func textString(s string) string {
	if rest, ok := strings.CutPrefix(s, "\xEF\xBB\xBF"); ok {
		return strings.ToValidUTF8(rest, "")
	}
	if rest, ok := strings.CutPrefix(s, "\xFE\xFF"); ok {
		return utf16Text(rest)
	}
	var out strings.Builder
	for i := range len(s) {
		if s[i] >= ' ' && s[i] < 0x7F || s[i] >= 0xA1 {
			out.WriteRune(rune(s[i]))
		}
	}
	return out.String()
}

// utf16Text decodes UTF-16 with the high byte first.
func utf16Text(s string) string {
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}
