package blob

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a zip container. A document of a thousand pages has a few hundred parts.
const (
	maxZipDirectory = 4 << 20 // bytes of the table of contents
	maxZipParts     = 10_000
	maxZipUnpacked  = 1 << 30
	maxZipXML       = 1 << 20 // of the one part that is read here
)

// The content types of the main part, from ECMA-376 part 1, annex "Media types".
const (
	docxMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	xlsxMain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)

// sniffZip looks for the parts that make a zip a Word, Excel or OFD document. Any other zip, also
// one with macros, is refused.
func sniffZip(r io.ReaderAt, size int64) (Type, error) {
	parts, err := zipParts(r, size)
	if err != nil {
		return "", err
	}
	if f, ok := parts["OFD.xml"]; ok {
		return sniffOFD(f)
	}
	if f, ok := parts["[Content_Types].xml"]; ok {
		return sniffOffice(f, parts)
	}
	return "", fault.New(fault.Invalid, "不接受压缩包，请上传其中的文件")
}

// zipParts reads the table of contents and refuses what no honest writer makes: names that lead
// out of the archive, one name twice (two readers would see two documents), huge contents.
func zipParts(r io.ReaderAt, size int64) (map[string]*zip.File, error) {
	budget := &budgetReader{r: r, left: maxZipDirectory}
	z, err := zip.NewReader(budget, size)
	if errors.Is(err, errBudget) || err == nil && len(z.File) > maxZipParts {
		return nil, fault.New(fault.Invalid, "文件内部的部件太多")
	}
	if err != nil {
		return nil, damaged(err)
	}
	budget.left = -1
	parts := make(map[string]*zip.File, len(z.File))
	var unpacked uint64
	for _, f := range z.File {
		name := f.Name
		inside := path.Clean("/" + name)[1:]
		if inside != strings.TrimSuffix(name, "/") || strings.ContainsAny(name, "\\\x00") {
			return nil, damaged(errors.New("name leads out of the archive"))
		}
		if _, twice := parts[name]; twice {
			return nil, damaged(errors.New("two parts of one name"))
		}
		if f.Flags&1 != 0 {
			return nil, fault.New(fault.Invalid, "文件加了密码，请取消密码后再上传")
		}
		parts[name] = f
		unpacked += f.UncompressedSize64
		if f.UncompressedSize64 > maxZipUnpacked || unpacked > maxZipUnpacked {
			return nil, fault.New(fault.Invalid, "文件展开后太大，已拒绝")
		}
	}
	return parts, nil
}

func damaged(err error) error {
	return fault.New(fault.Invalid, "文件已损坏，无法打开").Wrap(err)
}

func sniffOFD(f *zip.File) (Type, error) {
	found := false
	err := eachElement(f, func(e xml.StartElement) bool {
		found = e.Name.Local == "OFD"
		return false // the root is enough
	})
	if err == nil && !found {
		err = errors.New("root of OFD.xml is not OFD")
	}
	if err != nil {
		return "", damaged(err)
	}
	return OFD, nil
}

// sniffOffice finds the main part in [Content_Types].xml and checks that it is there.
func sniffOffice(f *zip.File, parts map[string]*zip.File) (Type, error) {
	var found Type
	macros := false
	err := eachElement(f, func(e xml.StartElement) bool {
		kind, part := attr(e, "ContentType"), strings.TrimPrefix(attr(e, "PartName"), "/")
		lower := strings.ToLower(kind)
		if strings.Contains(lower, "macroenabled") || strings.Contains(lower, "vbaproject") {
			macros = true
		}
		if _, ok := parts[part]; ok && found == "" {
			switch kind {
			case docxMain:
				found = DOCX
			case xlsxMain:
				found = XLSX
			}
		}
		return true
	})
	switch {
	case err != nil:
		return "", damaged(err)
	case macros || hasMacroPart(parts):
		return "", fault.New(fault.Invalid, "文件含有宏，请另存为不含宏的文件后再上传")
	case found == "":
		return "", fault.New(fault.Invalid, "只接受 Word (.docx) 和 Excel (.xlsx) 的文档")
	}
	return found, nil
}

func hasMacroPart(parts map[string]*zip.File) bool {
	for name := range parts {
		if strings.EqualFold(path.Base(name), "vbaProject.bin") {
			return true
		}
	}
	return false
}

// eachElement calls fn for each start element of a small part until fn returns false.
func eachElement(f *zip.File, fn func(xml.StartElement) bool) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, maxZipXML))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && !fn(e) {
			return nil
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// errBudget means that a table of contents is longer than maxZipDirectory.
var errBudget = errors.New("too much to read")

// budgetReader fails after left bytes, so that a forged table of contents cannot fill the memory.
// A negative left means no limit.
type budgetReader struct {
	r    io.ReaderAt
	left int64
}

func (b *budgetReader) ReadAt(p []byte, off int64) (int, error) {
	if b.left >= 0 {
		if int64(len(p)) > b.left {
			return 0, errBudget
		}
		b.left -= int64(len(p))
	}
	return b.r.ReadAt(p, off)
}
