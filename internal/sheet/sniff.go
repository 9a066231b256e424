package sheet

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Format is a file format that is read and written.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// MediaType is the type of a file in the format.
func (f Format) MediaType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// foreign lists the first bytes of files that people send by mistake, with what they are called.
var foreign = []struct{ magic, name string }{
	{"%PDF", "PDF"}, {"\x89PNG", "PNG"}, {"\xFF\xD8\xFF", "JPEG"}, {"GIF8", "GIF"}, {"Rar!", "RAR"},
	{"7z\xBC\xAF", "7-Zip"}, {"\x1F\x8B", "GZIP"}, {"{\\rtf", "RTF"}, {"SQLite format 3", "SQLite"},
}

// sniff decides by content what a file is. It refuses, by name, what is no table.
func sniff(data []byte) (Format, *fault.Error) {
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return "", refuse("这是 %s 文件，不是表格；请上传 .xlsx 或 .csv", f.name)
		}
	}
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return "", refuse("文件是空的")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return XLSX, nil
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "", refuseOLE(data)
	}
	return CSV, nil
}

// refuseOLE tells the old binary container apart: Office puts encrypted workbooks into it, and the
// .xls of Excel 97 and of WPS (.et) is one. Directory entries are named in UTF-16.
func refuseOLE(data []byte) *fault.Error {
	for _, entry := range []string{"EncryptedPackage", "EncryptionInfo"} {
		if bytes.Contains(data, utf16LE(entry)) {
			return refuse("文件已加密，请另存为不加密的 .xlsx")
		}
	}
	return refuse("这是旧版 .xls（或 .et）文件，请另存为 .xlsx")
}

func utf16LE(ascii string) []byte {
	b := make([]byte, 0, 2*len(ascii))
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}

var webTag = regexp.MustCompile(`<(?:html|!doctype html|table|head|body|meta)[\s>]`)

// refuseMarkup refuses web pages and XML that are only named like a table: many systems export
// HTML under the name .xls.
func refuseMarkup(text string) *fault.Error {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 4096)]))
	switch {
	case strings.HasPrefix(head, "mime-version:"),
		strings.HasPrefix(head, "<") && webTag.MatchString(head):
		return refuse("这是网页（HTML）文件，不是 Excel；请在 Excel 中打开后另存为 .xlsx")
	case strings.HasPrefix(head, "<?xml"):
		return refuse("这是 XML 文件，不是 .xlsx；请在 Excel 中打开后另存为 .xlsx")
	}
	return nil
}

// named returns what the extension of a file name promises, "" when it promises neither format.
func named(name string) Format {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xls", ".xlsm", ".et":
		return XLSX
	case ".csv", ".txt", ".tsv":
		return CSV
	}
	return ""
}
