package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// workbook is an XLSX file as far as reading one sheet needs it. Only the parts that are needed
// are unpacked, and nothing is ever written to a disk: names inside the archive are only keys.
type workbook struct {
	parts    map[string]*zip.File // by lower-case name without leading slash
	mainPart string
	rels     map[string]string // relation id to part
	sheets   []sheetRef
	styles   []style
	shared   []string
	date1904 bool
	macros   bool
	text     int // bytes of cell text so far, bounded by MaxTextBytes
}

type sheetRef struct {
	name, part string
	hidden     bool
}

func openWorkbook(ctx context.Context, data []byte) (*workbook, error) {
	w := &workbook{rels: map[string]string{}}
	if err := w.openZip(data); err != nil {
		return nil, err
	}
	if err := w.findMain(ctx); err != nil {
		return nil, err
	}
	rels := path.Join(path.Dir(w.mainPart), "_rels", path.Base(w.mainPart)+".rels")
	shared, styles := "", ""
	err := w.eachStart(ctx, rels, func(e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		part := resolvePart(path.Dir(w.mainPart), attr(e, "Target"))
		w.rels[attr(e, "Id")] = part
		switch path.Base(attr(e, "Type")) {
		case "sharedStrings":
			shared = part
		case "styles":
			styles = part
		}
		return nil
	})
	if err == nil {
		err = w.eachStart(ctx, w.mainPart, w.readMain)
	}
	if err == nil && styles != "" {
		err = w.readStyles(ctx, styles)
	}
	if err == nil && shared != "" && w.parts[shared] != nil {
		err = w.readShared(ctx, shared)
	}
	if err != nil {
		return nil, refuseXML(err)
	}
	return w, nil
}

// openZip checks the limits that the directory of the archive can answer, before anything is
// unpacked. archive/zip refuses a part that is larger than the directory says.
func (w *workbook) openZip(data []byte) error {
	if bytes.Count(data, []byte("PK\x01\x02")) > MaxZipParts {
		return refuse("文件内部的部件超过 %d 个，不是正常的表格", MaxZipParts)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refuse("文件已损坏或没有传完，无法打开；请重新保存后上传").Wrap(err)
	}
	w.parts = make(map[string]*zip.File, len(archive.File))
	var total uint64
	for _, f := range archive.File {
		total += min(f.UncompressedSize64, MaxUnzippedBytes+1)
		if total > MaxUnzippedBytes {
			return refuse("文件解压后超过 %d MB，已拒绝", MaxUnzippedBytes>>20)
		}
		packed := max(f.CompressedSize64, 1)
		if f.UncompressedSize64 > zipRatioFrom && f.UncompressedSize64/packed > MaxZipRatio {
			return refuse("文件的压缩比超过 %d 倍，疑似压缩炸弹，已拒绝", MaxZipRatio)
		}
		w.parts[partName(f.Name)] = f
	}
	return nil
}

// spreadsheetType matches the content types of the main part: workbook and template, with and
// without macros.
var spreadsheetType = regexp.MustCompile(
	`(?:spreadsheetml|ms-excel)\.(?:sheet|template)(?:\.macroenabled)?\.main\+xml$`)

// findMain finds the workbook part and tells other zip files apart by their content types.
func (w *workbook) findMain(ctx context.Context) error {
	if w.parts["mimetype"] != nil && w.parts["content.xml"] != nil {
		return refuse("这是 OpenDocument 文件，请另存为 .xlsx")
	}
	if w.parts["[content_types].xml"] == nil {
		return refuse("这是压缩包，不是表格；请解压后上传其中的 .xlsx")
	}
	binary, other := false, false
	err := w.eachStart(ctx, "[content_types].xml", func(e xml.StartElement) error {
		kind := strings.ToLower(attr(e, "ContentType"))
		switch {
		case e.Name.Local != "Override":
		case strings.Contains(kind, "sheet.binary"):
			binary = true
		case spreadsheetType.MatchString(kind):
			w.mainPart = partName(attr(e, "PartName"))
			w.macros = strings.Contains(kind, "macroenabled")
		case strings.HasSuffix(kind, "document.main+xml"),
			strings.HasSuffix(kind, "presentation.main+xml"):
			other = true
		}
		return nil
	})
	switch {
	case err != nil:
		return refuseXML(err)
	case binary:
		return refuse("这是二进制工作簿（.xlsb），请另存为 .xlsx")
	case w.mainPart != "":
		return nil
	case other:
		return refuse("这是 Word 或 PowerPoint 文件，不是表格")
	}
	w.mainPart = "xl/workbook.xml"
	return nil
}

func (w *workbook) readMain(e xml.StartElement) error {
	switch e.Name.Local {
	case "workbookPr":
		v := attr(e, "date1904")
		w.date1904 = v == "1" || v == "true"
	case "sheet":
		if len(w.sheets) == MaxSheets {
			return errTooMuch
		}
		state := attr(e, "state")
		w.sheets = append(w.sheets, sheetRef{
			name:   attr(e, "name"),
			part:   w.rels[attr(e, "id")],
			hidden: state != "" && state != "visible",
		})
	}
	return nil
}

// readStyles reads the cell formats (cellXfs), which point to number formats that stand before.
func (w *workbook) readStyles(ctx context.Context, part string) error {
	custom := map[string]style{}
	inCells := false
	return w.eachToken(ctx, part, func(t xml.Token) error {
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inCells = false
			}
		case xml.StartElement:
			switch {
			case e.Name.Local == "cellXfs":
				inCells = true
			case e.Name.Local == "numFmt" && !inCells && len(custom) < MaxStyles:
				custom[attr(e, "numFmtId")] = formatStyle(attr(e, "formatCode"))
			case e.Name.Local == "xf" && inCells:
				if len(w.styles) == MaxStyles {
					return errTooMuch
				}
				w.styles = append(w.styles, cellStyle(e, custom))
			}
		}
		return nil
	})
}

func cellStyle(e xml.StartElement, custom map[string]style) style {
	id := attr(e, "numFmtId")
	st, ok := custom[id]
	if n, err := strconv.Atoi(id); err == nil && !ok {
		st.isDate = builtinDate(n)
	}
	prefix := attr(e, "quotePrefix")
	st.quotePrefix = prefix == "1" || prefix == "true"
	return st
}

// readShared reads the shared strings.
func (w *workbook) readShared(ctx context.Context, part string) error {
	var item richText
	return w.eachToken(ctx, part, func(t xml.Token) error {
		item.token(t)
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == "si" {
			if len(w.shared) == MaxSharedStrings {
				return errTooMuch
			}
			w.shared = append(w.shared, Clean(item.take()))
			return w.count(len(w.shared[len(w.shared)-1]))
		}
		return nil
	})
}

// richText joins the runs of a text and leaves out phonetic hints (rPh). It stops where the text is
// certainly too long for a cell.
type richText struct {
	text, run         []byte
	capture, phonetic bool
}

func (r *richText) token(t xml.Token) {
	switch e := t.(type) {
	case xml.CharData:
		if r.capture && len(r.text)+len(r.run) <= maxCellBytes {
			r.run = append(r.run, e...)
		}
	case xml.StartElement:
		r.phonetic = r.phonetic || e.Name.Local == "rPh"
		r.capture = e.Name.Local == "t" && !r.phonetic
	case xml.EndElement:
		r.phonetic = r.phonetic && e.Name.Local != "rPh"
		if r.capture {
			r.text = append(r.text, decodeControls(string(r.run))...)
		}
		r.run, r.capture = r.run[:0], false
	}
}

// take returns the text and starts a new one.
func (r *richText) take() string {
	s := string(r.text)
	r.text, r.phonetic = r.text[:0], false
	return s
}

// count adds n bytes of cell text and stops at the limit.
func (w *workbook) count(n int) error {
	w.text += n
	if w.text > MaxTextBytes {
		return errTooMuch
	}
	return nil
}

// refuseXML turns an error from inside the archive into words. A fault and a cancelled context
// pass through.
func refuseXML(err error) error {
	switch {
	case errors.Is(err, errToken):
		return refuse("有单元格超过 %d 字", MaxCellChars).Wrap(err)
	case errors.Is(err, errTooMuch):
		return refuse("文件内容过多，超过读取上限，请分批导入").Wrap(err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), isFault(err):
		return err
	}
	return refuse("文件已损坏或没有传完，无法打开；请重新保存后上传").Wrap(err)
}

// partName folds the name of a part as the package standard does: case and the leading slash do
// not matter. Some programs write backslashes.
func partName(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+name), "/"))
}

func resolvePart(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return partName(target)
	}
	return partName(path.Join("/", dir, target))
}

// decodeControls resolves the _xHHHH_ notation in which XLSX writes characters that XML cannot.
func decodeControls(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		n := strings.Index(s, "_x")
		if n < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:n])
		s = s[n:]
		if r, ok := controlAt(s); ok {
			b.WriteRune(r)
			s = s[len("_x0000_"):]
			continue
		}
		b.WriteString("_x")
		s = s[len("_x"):]
	}
}

// controlAt reads _xHHHH_ at the start of s. Halves of surrogate pairs are no characters.
func controlAt(s string) (rune, bool) {
	if len(s) < len("_x0000_") || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil || n >= 0xD800 && n <= 0xDFFF {
		return 0, false
	}
	return rune(n), true
}
