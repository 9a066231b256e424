package sheet

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// decodeText returns the text of a file and the name of the encoding it was read in: UTF-8 with or
// without a byte order mark, UTF-16 with one, or GB18030. A text that is none of these for sure is
// refused, since a wrong guess would store garbled names.
func decodeText(data []byte) (string, string, *fault.Error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xEF\xBB\xBF")); ok {
		return checkText(rest, "UTF-8 BOM")
	}
	if bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")) {
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		// The decoder puts U+FFFD for broken pairs and has no other error.
		text, _ := utf16.NewDecoder().Bytes(data)
		return checkText(text, "UTF-16")
	}
	if bytes.IndexByte(data, 0) >= 0 || utf8.Valid(data) {
		return checkText(data, "UTF-8")
	}
	if offset, ok := brokenUTF8(data); ok {
		return "", "", refuseBroken(data[:offset])
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) || !plausibleGB(data) {
		return "", "", refuse("无法识别文件的文字编码，请另存为“CSV UTF-8”").Wrap(err)
	}
	return string(text), "GB18030", nil
}

func checkText(data []byte, encoding string) (string, string, *fault.Error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return "", "", refuse("文件含有空字节，不是文本；若来自 Excel，请另存为“CSV UTF-8”")
	}
	if !utf8.Valid(data) {
		offset, _ := brokenUTF8(data)
		return "", "", refuseBroken(data[:offset])
	}
	return string(data), encoding, nil
}

func refuseBroken(before []byte) *fault.Error {
	row := 1 + bytes.Count(before, []byte("\n"))
	return refuse("文件是 UTF-8 编码，但第 %d 行有损坏的字符，请重新导出", row)
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
