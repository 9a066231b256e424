package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// part is one file of an archive made for a test.
type part struct{ name, text string }

const (
	openXML   = "application/vnd.openxmlformats-officedocument."
	testTypes = `<?xml version="1.0" encoding="UTF-8"?><Types>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + openXML +
		`spreadsheetml.sheet.main+xml"/></Types>`
	testRels = `<Relationships>` +
		`<Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://x/styles" Target="/xl/styles.xml"/>` +
		`<Relationship Id="rId3" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>` +
		`</Relationships>`
	testBook = `<workbook><sheets>` +
		`<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	// Styles 0 to 4: general, date, 000000, text with quote prefix, built-in date.
	testStyles = `<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="000000"/>` +
		`<numFmt numFmtId="165" ` +
		`formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>` +
		`</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>` +
		`<xf numFmtId="165"/><xf numFmtId="164"/><xf numFmtId="49" quotePrefix="1"/>` +
		`<xf numFmtId="14"/></cellXfs></styleSheet>`
	testShared = `<sst><si><t>名称</t></si><si><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r>` +
		`<rPh><t>jia yi</t></rPh></si></sst>`
)

// archive packs parts into a zip file.
func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// xlsx makes a workbook whose only sheet has the given content. More parts may be added; one of
// the same name replaces the usual one.
func xlsx(t testing.TB, sheet string, more ...part) []byte {
	t.Helper()
	parts := []part{
		{"[Content_Types].xml", testTypes}, {"xl/workbook.xml", testBook},
		{"xl/_rels/workbook.xml.rels", testRels}, {"xl/styles.xml", testStyles},
		{"xl/sharedStrings.xml", testShared}, {"xl/worksheets/sheet1.xml", sheet},
	}
	for _, m := range more {
		replaced := false
		for i := range parts {
			if parts[i].name == m.name {
				parts[i], replaced = m, true
			}
		}
		if !replaced {
			parts = append(parts, m)
		}
	}
	return archive(t, parts...)
}

// sheetXML makes a sheet of rows in XML.
func sheetXML(rows string) string {
	return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"
}

// rowsXML makes a sheet of text cells.
func rowsXML(rows ...[]string) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("<row>")
		for _, text := range row {
			b.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
			b.WriteString(xmlEscape(text))
			b.WriteString(`</t></is></c>`)
		}
		b.WriteString("</row>")
	}
	return sheetXML(b.String())
}

func xmlEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", "\r", "&#13;").Replace(s)
}

// mustRead reads a table that must be readable.
func mustRead(t testing.TB, name string, data []byte, spec Spec) *Table {
	t.Helper()
	table, err := Read(context.Background(), name, bytes.NewReader(data), spec)
	if err != nil {
		t.Fatalf("Read(%s): %v", name, err)
	}
	return table
}

// mustRefuse reads a file that must be refused and returns the words.
func mustRefuse(t testing.TB, data []byte, spec Spec) string {
	t.Helper()
	_, err := Read(context.Background(), "a.xlsx", bytes.NewReader(data), spec)
	if err == nil {
		t.Fatal("the file was read, want a refusal")
	}
	return words(t, err)
}

// words returns the messages of an Invalid fault, one a field.
func words(t testing.TB, err error) string {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid || len(e.Fields) == 0 {
		t.Fatalf("got %v, want an Invalid fault with fields", err)
	}
	var messages []string
	for _, f := range e.Fields {
		if f.Name != FieldFile {
			t.Errorf("field is %q, want %q", f.Name, FieldFile)
		}
		messages = append(messages, fault.Sprint(f.Key, f.Args))
	}
	return strings.Join(messages, "\n")
}

// rawRows returns the texts of all rows, in the order of the spec's columns.
func rawRows(t testing.TB, table *Table, spec Spec) [][]string {
	t.Helper()
	var all [][]string
	for row, err := range table.Rows(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, c := range spec.Columns {
			texts = append(texts, row.Raw(c.Key))
		}
		all = append(all, texts)
	}
	return all
}

// problemTexts returns the problems of all rows in words.
func problemTexts(t testing.TB, table *Table) []string {
	t.Helper()
	var texts []string
	for row, err := range table.Rows(context.Background(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range row.Problems {
			texts = append(texts, p.Text("zh-CN"))
		}
	}
	return texts
}

// badInput returns the folder of hostile files; the test is skipped where it is not checked out.
func badInput(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "bad-input")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the bad-input data is not here")
	}
	return dir
}

func mustFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// textSpec is a table of optional text columns with the given titles.
func textSpec(titles ...string) Spec {
	spec := Spec{Name: "test", Title: "测试"}
	for _, title := range titles {
		spec.Columns = append(spec.Columns, Column{Key: "key-" + title, Title: title})
	}
	return spec
}
