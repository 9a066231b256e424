package textenc

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const sample = "全市技术合同成交额64.8亿元，增长31.7%。\r\n喆堃䶮，“九大”产业链。\n"

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		said     string
	}{
		"UTF-8":        {encoding.Nop, UTF8},
		"UTF-8 BOM":    {unicode.UTF8BOM, UTF8BOM},
		"UTF-16LE BOM": {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), UTF16},
		"UTF-16BE BOM": {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), UTF16},
		"UTF-16LE":     {unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), UTF16},
		"UTF-16BE":     {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), UTF16},
		"GB18030":      {simplifiedchinese.GB18030, GB18030},
	} {
		data, err := c.encoding.NewEncoder().Bytes([]byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		text, said, err := Decode(data)
		if err != nil || said != c.said || text != sample {
			t.Errorf("%s: read as %s: %q, %v", name, said, text, err)
		}
	}
}

// A text in an encoding we do not read must be refused, not stored garbled.
func TestForeign(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		text     string
	}{
		"Big5":         {traditionalchinese.Big5, "名稱,備註\n臺北市政府資訊局,這是測試的內容\n"},
		"Shift-JIS":    {japanese.ShiftJIS, "名前,備考\n株式会社テスト,これはテストです\n"},
		"Windows-1252": {charmap.Windows1252, "name,note\nMünchner Gerät,Größe übergänge\n"},
	} {
		data, err := c.encoding.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if text, said, err := Decode(data); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s was read as %s: %q, %v", name, said, text, err)
		}
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		line int // 0: ErrNUL
	}{
		"third line":         {"名称,备注\n甲,乙\n\xE4\xB8,丙\n", 3},
		"behind a mark":      {"\xEF\xBB\xBF名称\n\xFF\n", 2},
		"NUL":                {"名称\x00备注", 0},
		"UTF-32":             {"\xFF\xFE\x00\x00\x0D\x54\x00\x00", 0},
		"a program":          {"\x7FELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00", 0},
		"ASCII with NULs":    {strings.Repeat("a\x00\x00\x00", 20), 0},
		"every other is NUL": {strings.Repeat("a\x00", 20), 0},
	} {
		_, _, err := Decode([]byte(c.data))
		broken, ok := errors.AsType[*BrokenError](err)
		if c.line == 0 && !errors.Is(err, ErrNUL) || c.line > 0 && (!ok || broken.Line != c.line) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the bytes are, decoded text is UTF-8 without NUL, and decoding it again gives it back.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{sample, "\xFF\xFE", "\xB9\xAB\xCB\xBE", "\xEF\xBB\xBF甲"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, said, err := Decode(data)
		if err != nil {
			if text != "" || said != "" {
				t.Fatalf("an error with text: %q as %s, %v", text, said, err)
			}
			return
		}
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			t.Fatalf("%q is no text", text)
		}
		if bytes.HasPrefix([]byte(text), []byte("\xEF\xBB\xBF")) {
			return // a mark behind the mark is a character, which a second reading would drop
		}
		if again, _, err := Decode([]byte(text)); err != nil || again != text {
			t.Fatalf("%q gives %q, %v", text, again, err)
		}
	})
}
