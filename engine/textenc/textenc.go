// Package textenc finds out in which encoding the bytes of a Chinese text stand, and decodes them.
//
// Four encodings are told apart: UTF-8 with and without a byte order mark, UTF-16 with one or
// clearly without, and GB18030, the national standard that contains GBK and GB 2312. A text that
// is none of these for sure is refused: a wrong guess would store garbled names. So Big5,
// Shift-JIS and the Western encodings are errors, not surprises.
package textenc

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// Names of encodings, as people read them.
const (
	UTF8    = "UTF-8"
	UTF8BOM = "UTF-8 BOM"
	UTF16   = "UTF-16"
	GB18030 = "GB18030"
)

// Errors of Decode, beside *BrokenError.
var (
	ErrUnknown = errors.New("textenc: the encoding is not known for sure")
	ErrNUL     = errors.New("textenc: the data has NUL bytes and is no text")
)

// BrokenError says where a text that is clearly UTF-8 has its first broken byte.
type BrokenError struct {
	Line int // from 1
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("textenc: the text is UTF-8, but line %d has a broken character", e.Line)
}

// Decode returns the text and the name of the encoding it stood in. The byte order mark is no part
// of the text; nothing else is changed, line ends included. The text is valid UTF-8 without NUL.
func Decode(data []byte) (text, encoding string, err error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xEF\xBB\xBF")); ok {
		return checked(rest, UTF8BOM)
	}
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		return fromUTF16(data, unicode.LittleEndian)
	}
	if order, ok := bareUTF16(data); ok {
		return fromUTF16(data, order)
	}
	if bytes.IndexByte(data, 0) >= 0 || utf8.Valid(data) {
		return checked(data, UTF8)
	}
	if offset, ok := brokenUTF8(data); ok {
		return "", "", broken(data, offset)
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) || !plausibleGB(data) {
		return "", "", ErrUnknown
	}
	return checked(decoded, GB18030)
}

func fromUTF16(data []byte, order unicode.Endianness) (text, encoding string, err error) {
	// The decoder puts U+FFFD for broken pairs and has no other error.
	decoded, _ := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
	return checked(decoded, UTF16)
}

func checked(data []byte, encoding string) (string, string, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return "", "", ErrNUL
	}
	if !utf8.Valid(data) {
		offset, _ := brokenUTF8(data)
		return "", "", broken(data, offset)
	}
	return string(data), encoding, nil
}

func broken(data []byte, offset int) *BrokenError {
	return &BrokenError{Line: 1 + bytes.Count(data[:offset], []byte("\n"))}
}

// minBareUTF16 is how many bytes it takes to recognise UTF-16 without a byte order mark.
const minBareUTF16 = 16

// bareUTF16 recognises UTF-16 without a byte order mark. In its Chinese every other byte is the
// high half of a character: 0x4E–0x9F for Han, 0x30 for 。、「」, 0xFF for wide forms, 0x20 for
// quotes and dashes, 0 for ASCII. Nineteen in twenty must be of these kinds and half of them Han.
// There must be a NUL, which no text in UTF-8 or GB18030 has, and more of them high than low: the
// low half of 一 is one too.
func bareUTF16(data []byte) (unicode.Endianness, bool) {
	if len(data) < minBareUTF16 || len(data)%2 != 0 || bytes.IndexByte(data, 0) < 0 {
		return unicode.LittleEndian, false
	}
	var high, han, nul [2]int // by the parity of the position
	for i, c := range data {
		switch {
		case c >= 0x4E && c <= 0x9F:
			high[i%2]++
			han[i%2]++
		case c == 0:
			high[i%2]++
			nul[i%2]++
		case c == 0x30, c == 0xFF, c == 0x20:
			high[i%2]++
		}
	}
	units := len(data) / 2
	for parity, order := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		if high[parity]*20 >= units*19 && han[parity]*2 > units && nul[parity] > nul[1-parity] {
			return order, true
		}
	}
	return unicode.LittleEndian, false
}

// brokenUTF8 returns the offset of the first byte of data that is not UTF-8, and whether data is
// clearly UTF-8 with little damage: whole characters of three bytes, as Han characters are,
// outnumber the broken bytes three to one. In GB18030 such sequences are rare accidents.
func brokenUTF8(data []byte) (int, bool) {
	first, good, bad := -1, 0, 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if first < 0 {
				first = i
			}
			bad++
		case n > 2:
			good++
		}
		i += n
	}
	return max(first, 0), good > 0 && good >= 3*bad
}

// plausibleGB reports whether data that decodes as GB18030 reads as Chinese: at least seven in ten
// of its characters stand in the block of everyday characters and punctuation (GB/T 2312) or are
// four-byte characters. Big5, Shift-JIS and Western encodings fall far below.
func plausibleGB(data []byte) bool {
	everyday, all := 0, 0
	for i := 0; i+1 < len(data); i++ {
		lead, trail := data[i], data[i+1]
		if lead < 0x80 {
			continue
		}
		all++
		if trail >= '0' && trail <= '9' {
			everyday++
			i += 3
			continue
		}
		punctuation := lead >= 0xA1 && lead <= 0xA3
		character := lead >= 0xB0 && lead <= 0xF7
		if trail >= 0xA1 && (punctuation || character) {
			everyday++
		}
		i++
	}
	return everyday*10 >= all*7
}
