package blob

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yuntu-city/yuntu/internal/fault"
)

var errNotText = errors.New("not text")

// sniffText accepts whole files of UTF-8 (with or without a mark) or GB 18030 without control
// characters. Markup is refused: a page that calls itself a text or an ".xls" is a disguise.
func sniffText(r *io.SectionReader) (Type, error) {
	err := checkText(r)
	if errors.Is(err, errNotText) {
		if _, seekErr := r.Seek(0, io.SeekStart); seekErr != nil {
			return "", seekErr
		}
		err = checkText(simplifiedchinese.GB18030.NewDecoder().Reader(r))
	}
	if errors.Is(err, errNotText) {
		return "", fault.New(fault.Invalid, "无法识别这种文件")
	}
	if err != nil {
		return "", err
	}
	return Text, nil
}

// checkText reads all runes. It returns errNotText at the first that text does not have; the GB
// 18030 decoder reports broken bytes as U+FFFD.
func checkText(r io.Reader) error {
	in := bufio.NewReaderSize(r, copyBuffer)
	begun, last := false, rune(0)
	for {
		c, _, err := in.ReadRune()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case c == utf8.RuneError, c == 0x7f, c < ' ' && !strings.ContainsRune("\t\n\r\f", c):
			return errNotText
		case last == '<' && (c == '!' || c == '?' || c|0x20 >= 'a' && c|0x20 <= 'z'):
			return fault.New(fault.Invalid, "这是网页或 XML 文件，不能作为文本上传")
		}
		last = 0
		if !begun && c > ' ' && c != '\ufeff' {
			begun, last = true, c
		}
	}
}
