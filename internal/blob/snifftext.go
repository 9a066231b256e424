package blob

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// notText says in which line of a file the first character stands that no text has.
type notText struct{ line int }

func (n notText) Error() string { return "not text in line " + strconv.Itoa(n.line) }

// sniffText accepts whole files of UTF-8 (with or without a mark), of UTF-16 with one, or of GB 18030, without
// control characters. Markup is refused: a page that calls itself a text or an ".xls" is a disguise.
func sniffText(r *io.SectionReader) (Type, error) {
	if wide(r) {
		err := checkText(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r))
		if broken, is := errors.AsType[notText](err); is {
			return "", notReadable(broken.line)
		}
		if err != nil {
			return "", err
		}
		return Text, nil
	}
	err := checkText(r)
	first, is := errors.AsType[notText](err)
	if is {
		if _, seekErr := r.Seek(0, io.SeekStart); seekErr != nil {
			return "", seekErr
		}
		err = checkText(simplifiedchinese.GB18030.NewDecoder().Reader(r))
	}
	if second, is := errors.AsType[notText](err); is {
		return "", unreadable(r, max(first.line, second.line))
	}
	if err != nil {
		return "", err
	}
	return Text, nil
}

// wide says whether a file begins with the byte order mark of UTF-16.
func wide(r io.ReaderAt) bool {
	var mark [2]byte
	n, _ := r.ReadAt(mark[:], 0) // a file that cannot be read fails where its text is
	return n == len(mark) && (mark == [2]byte{0xff, 0xfe} || mark == [2]byte{0xfe, 0xff})
}

// textHead is how much of a file tells whether it was meant as text.
const textHead = 8 << 10

// unreadable is what is told about a file that is no text. Of one that is text but for some characters it
// names the first line of such: a table that was saved in another encoding, or has lost characters on its
// way, is not a file of an unknown kind.
func unreadable(r *io.SectionReader, line int) error {
	head := make([]byte, textHead)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return err
	}
	if bytes.ContainsFunc(head[:n], control) {
		return fault.New(fault.Invalid, "无法识别这种文件")
	}
	return notReadable(line)
}

func notReadable(line int) error {
	return fault.New(fault.Invalid, "第 %d 行有无法识别的字符，请以 UTF-8 或 GB18030 编码重新保存", line)
}

// control says whether a character is one that no text has.
func control(c rune) bool {
	return c == 0x7f || c < ' ' && !strings.ContainsRune("\t\n\r\f", c)
}

// checkText reads all runes. It returns notText at the first that text does not have; the GB 18030
// decoder reports broken bytes as U+FFFD.
func checkText(r io.Reader) error {
	in := bufio.NewReaderSize(r, copyBuffer)
	begun, last, line := false, rune(0), 1
	for {
		c, _, err := in.ReadRune()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case c == utf8.RuneError, control(c):
			return notText{line}
		case c == '\n':
			line++
		case last == '<' && (c == '!' || c == '?' || c|0x20 >= 'a' && c|0x20 <= 'z'):
			return fault.New(fault.Invalid, "这是网页或 XML 文件，不能作为文本上传")
		}
		last = 0
		if !begun && c > ' ' && c != '\ufeff' {
			begun, last = true, c
		}
	}
}
