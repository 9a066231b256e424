package blob

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// maxPixels bounds a picture (about 10,000 × 10,000): a small file can unpack to gigabytes.
const maxPixels = 100_000_000

// headBytes is the beginning that decides which check is made.
const headBytes = 16

// pdfTailBytes is where the end mark of a PDF must be. Readers look in the last 1,024 bytes; some
// writers add a little after it.
const pdfTailBytes = 4096

// Sniff returns the type of the content, decided by the content alone. It fails with fault.Invalid
// for anything it cannot vouch for: unknown, damaged, encrypted, with macros, or a disguise.
func Sniff(r io.ReaderAt, size int64) (Type, error) {
	if size == 0 {
		return "", fault.New(fault.Invalid, "文件是空的")
	}
	head := make([]byte, min(size, headBytes))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	whole := io.NewSectionReader(r, 0, size)
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return sniffPDF(r, size)
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return sniffImage(PNG, whole, png.DecodeConfig)
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return sniffImage(JPEG, whole, jpeg.DecodeConfig)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(r, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", fault.New(fault.Invalid,
			"这是旧版 Office 文件或加了密码的文件，请另存为不加密的 .docx 或 .xlsx")
	default:
		return sniffText(whole)
	}
}

func sniffPDF(r io.ReaderAt, size int64) (Type, error) {
	tail := make([]byte, min(size, pdfTailBytes))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return "", fault.New(fault.Invalid, "PDF 文件不完整，请重新导出后再上传")
	}
	return PDF, nil
}

func sniffImage(t Type, r io.Reader, config func(io.Reader) (image.Config, error)) (Type, error) {
	c, err := config(r)
	if err != nil {
		return "", fault.New(fault.Invalid, "图片已损坏或格式不受支持").Wrap(err)
	}
	if int64(c.Width)*int64(c.Height) > maxPixels {
		return "", fault.New(fault.Invalid, "图片太大：%d × %d 像素", c.Width, c.Height)
	}
	return t, nil
}
