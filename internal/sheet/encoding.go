package sheet

import (
	"errors"

	"github.com/yuntu-city/yuntu/engine/textenc"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// decodeText returns the text of a file and the name of the encoding it was read in. A text whose
// encoding is not known for sure is refused, since a wrong guess would store garbled names.
func decodeText(data []byte) (string, string, *fault.Error) {
	text, encoding, err := textenc.Decode(data)
	if err == nil {
		return text, encoding, nil
	}
	if broken, ok := errors.AsType[*textenc.BrokenError](err); ok {
		return "", "", refuse("文件是 UTF-8 编码，但第 %d 行有损坏的字符，请重新导出", broken.Line)
	}
	if errors.Is(err, textenc.ErrNUL) {
		return "", "", refuse("文件含有空字节，不是文本；若来自 Excel，请另存为“CSV UTF-8”")
	}
	return "", "", refuse("无法识别文件的文字编码，请另存为“CSV UTF-8”").Wrap(err)
}
