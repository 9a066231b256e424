package pdftext

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// font decodes the strings of a font. Widths are in thousandths of its size.
type font struct {
	toUnicode *cmap
	split     func(string) (code, rest string)
	meaning   func(code string) (string, bool) // where toUnicode is silent
	glyph     func(code uint32) uint32         // the index into widths
	widths    map[uint32]float64
	usual     float64 // width of a glyph that widths lacks; 0: by the character
	wide      bool    // two-byte fonts, whose characters are mostly as wide as high
}

// character is one drawn character: its text, "" when nobody knows it, and its width.
type character struct {
	text    string
	width   float64
	isSpace bool // the single byte 32, to which word spacing is added
	unknown bool
}

// next cuts the first character off a string.
func (t *font) next(s string) (character, string) {
	c, rest := t.split(s)
	if c == "" {
		return character{}, ""
	}
	out := character{isSpace: c == " "}
	n := code(c)
	known := false
	if t.toUnicode != nil {
		out.text, known = t.toUnicode.text(n)
	}
	if !known && t.meaning != nil {
		out.text, known = t.meaning(c)
	}
	out.text = clean(out.text)
	out.unknown = !known
	out.width = t.width(n, out.text)
	return out, rest
}

func (t *font) width(c uint32, text string) float64 {
	if t.glyph != nil {
		if w, ok := t.widths[t.glyph(c)]; ok {
			return w
		}
	}
	if t.usual > 0 {
		return t.usual
	}
	if r, _ := utf8.DecodeRuneInString(text); r < 0x2000 {
		return 500
	}
	return 1000
}

// font reads a font of the resources.
func (f *file) font(d *dict) *font {
	t := &font{widths: map[uint32]float64{}}
	if m, ok := f.resolve(d.keys["ToUnicode"]).(*dict); ok && m.raw != nil {
		t.toUnicode = f.readCMap(m)
	}
	if d.keys["Subtype"] == name("Type0") {
		f.composite(d, t)
	} else {
		f.simple(d, t)
	}
	return t
}

// simple reads a font of one-byte codes.
func (f *file) simple(d *dict, t *font) {
	t.split = func(s string) (string, string) { return s[:min(1, len(s))], s[min(1, len(s)):] }
	t.glyph = func(c uint32) uint32 { return c }
	t.meaning = f.simpleEncoding(d)
	scale := 1.0
	if m := f.array(d.keys["FontMatrix"]); d.keys["Subtype"] == name("Type3") && len(m) == 6 {
		scale = f.number(m[0]) * 1000
	}
	first := f.number(d.keys["FirstChar"])
	for i, w := range f.array(d.keys["Widths"]) {
		if i < 256 && first >= 0 {
			t.widths[uint32(first)+uint32(i)] = f.number(w) * scale
		}
	}
}

// simpleEncoding returns what the codes of a simple font mean: a named encoding with differences.
func (f *file) simpleEncoding(d *dict) func(string) (string, bool) {
	var base *charmap.Charmap
	var differences map[byte]string
	switch e := f.resolve(d.keys["Encoding"]).(type) {
	case name:
		base = latin(e)
	case *dict:
		if n, ok := e.keys["BaseEncoding"].(name); ok {
			base = latin(n)
		}
		differences = f.differences(e.keys["Differences"])
	}
	symbolic := int(f.number(f.dict(d.keys["FontDescriptor"]).keys["Flags"]))&4 != 0
	if base == nil && (!symbolic || differences != nil) {
		base = charmap.Windows1252
	}
	return func(s string) (string, bool) {
		if s == "" {
			return "", false
		}
		if text, ok := differences[s[0]]; ok {
			return text, text != ""
		}
		if base == nil {
			return "", false
		}
		r := base.DecodeByte(s[0])
		return string(r), r != utf8.RuneError
	}
}

func latin(n name) *charmap.Charmap {
	if n == "MacRomanEncoding" {
		return charmap.Macintosh
	}
	return charmap.Windows1252
}

func (f *file) differences(o object) map[byte]string {
	out := map[byte]string{}
	n := 0
	for _, o := range f.array(o) {
		switch o := f.resolve(o).(type) {
		case float64:
			n = int(o)
		case name:
			if n >= 0 && n < 256 {
				out[byte(n)] = glyphText(string(o))
			}
			n++
		}
	}
	return out
}

// glyphText returns the character of a glyph's name: a letter, a name of the list below, or a
// number as in uni4E00 and u4E00; "" for others.
func glyphText(n string) string {
	n, _, _ = strings.Cut(n, ".")
	if len(n) == 1 {
		return n
	}
	if text, ok := glyphNames[n]; ok {
		return text
	}
	digits, ok := strings.CutPrefix(n, "uni")
	if !ok {
		digits, ok = strings.CutPrefix(n, "u")
	}
	if r, err := strconv.ParseUint(digits, 16, 32); ok && err == nil && utf8.ValidRune(rune(r)) {
		return string(rune(r))
	}
	return ""
}

// glyphNames are the names that fonts of reports use beside letters.
var glyphNames = map[string]string{
	"space": " ", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
	"six": "6", "seven": "7", "eight": "8", "nine": "9", "period": ".", "comma": ",",
	"colon": ":", "semicolon": ";", "hyphen": "-", "minus": "−", "plus": "+", "equal": "=",
	"percent": "%", "perthousand": "‰", "slash": "/", "parenleft": "(", "parenright": ")",
	"bracketleft": "[", "bracketright": "]", "quotesingle": "'", "quotedbl": "\"",
	"quoteleft": "‘", "quoteright": "’", "quotedblleft": "“", "quotedblright": "”",
	"endash": "–", "emdash": "—", "ellipsis": "…", "bullet": "•", "periodcentered": "·",
	"less": "<", "greater": ">", "lessequal": "≤", "greaterequal": "≥", "multiply": "×",
	"divide": "÷", "plusminus": "±", "degree": "°", "ampersand": "&", "numbersign": "#",
	"asterisk": "*", "at": "@", "exclam": "!", "question": "?", "underscore": "_",
	"section": "§", "fi": "fi", "fl": "fl", "mu": "μ", "yen": "¥", "dollar": "$",
}

// composite reads a font of longer codes, as all Chinese ones are.
func (f *file) composite(d *dict, t *font) {
	t.wide = true
	switch e := f.resolve(d.keys["Encoding"]).(type) {
	case *dict:
		m := f.readCMap(e)
		t.split, t.glyph = m.split, m.glyph
	case name:
		f.predefined(string(e), t)
	}
	if t.split == nil {
		t.split, t.glyph = twoBytes, func(c uint32) uint32 { return c }
	}
	descendants := f.array(d.keys["DescendantFonts"])
	if len(descendants) == 0 {
		return
	}
	below := f.dict(descendants[0])
	t.usual = f.number(below.keys["DW"])
	f.cidWidths(f.array(below.keys["W"]), t)
}

// predefined sets up an encoding by its name. The codes of the Chinese ones are characters.
func (f *file) predefined(n string, t *font) {
	n = strings.TrimSuffix(strings.TrimSuffix(n, "-H"), "-V")
	if _, tail, ok := strings.Cut(n, "-"); ok && strings.HasPrefix(n, "Uni") {
		switch tail {
		case "UCS2", "UCS2-HW", "UTF16", "UTF16-HW":
			t.split, t.meaning = utf16Code, func(c string) (string, bool) { return utf16Text(c), true }
		}
		return
	}
	switch n {
	case "GBK-EUC", "GBKp-EUC", "GBK2K", "GB-EUC", "GBpc-EUC":
		t.split = gbCode
		t.meaning = func(c string) (string, bool) {
			return decoded(simplifiedchinese.GB18030, c)
		}
	}
}

func decoded(e encoding.Encoding, s string) (string, bool) {
	text, err := e.NewDecoder().String(s)
	return text, err == nil && !strings.ContainsRune(text, utf8.RuneError)
}

func twoBytes(s string) (string, string) { return s[:min(2, len(s))], s[min(2, len(s)):] }

// utf16Code cuts off one character of UTF-16.
func utf16Code(s string) (string, string) {
	n := 2
	if len(s) >= 4 && s[0]&0xFC == 0xD8 {
		n = 4
	}
	n = min(n, len(s))
	return s[:n], s[n:]
}

// gbCode cuts off one character of GB18030.
func gbCode(s string) (string, string) {
	n := 1
	if len(s) >= 2 && s[0] >= 0x81 && s[0] <= 0xFE {
		n = 2
		if len(s) >= 4 && s[1] >= '0' && s[1] <= '9' {
			n = 4
		}
	}
	n = min(n, len(s))
	return s[:n], s[n:]
}

// cidWidths reads "first [w w w]" and "first last w".
func (f *file) cidWidths(w array, t *font) {
	for i := 0; i+1 < len(w) && len(t.widths) < maxMapped && f.spend(1); {
		first := uint32(max(0, f.number(w[i])))
		if list, ok := f.resolve(w[i+1]).(array); ok {
			for j, width := range list {
				t.widths[first+uint32(j)] = f.number(width)
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		last := uint32(max(0, f.number(w[i+1])))
		width := f.number(w[i+2])
		for c := first; c <= last && c-first < 1<<16 && f.spend(1); c++ {
			t.widths[c] = width
		}
		i += 3
	}
}
