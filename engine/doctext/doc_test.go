package doctext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// zipOf writes an archive of names and contents in turn.
func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdfOf writes a PDF of one page with the given content; its font F has UTF-16 codes.
func pdfOf(content string) []byte {
	return fmt.Appendf(nil, "%%PDF-1.7\n1 0 obj <</Type/Page/Contents 2 0 R/Resources<<"+
		"/Font<</F<</Subtype/Type0/Encoding/UniGB-UTF16-H>>/G<</Subtype/Type0/Encoding/Identity-H>>>>"+
		"/XObject<</I<</Subtype/Image>>>>>>>> endobj\n2 0 obj <</Length %d>> stream\n%s\n"+
		"endstream endobj\n3 0 obj <</Pages 1 0 R>> endobj\ntrailer <</Root 3 0 R>>\n%%%%EOF\n",
		len(content), content)
}

const report = "全市技术合同成交额64.8亿元，增长31.7%。\r\n\r\n　　新增高新技术企业126家。\n"

func TestText(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(report)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(report)
	if err != nil {
		t.Fatal(err)
	}
	for encoding, data := range map[string]string{
		"UTF-8": report, "UTF-8 BOM": "\uFEFF" + report, "UTF-16": wide, "GB18030": gb,
	} {
		got, err := Extract(t.Context(), "报告.txt", []byte(data))
		want := Document{Text: report, Format: TXT, Encoding: encoding}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", encoding, err, diff)
		}
	}
}

func TestPDF(t *testing.T) {
	t.Parallel()
	got, err := Extract(t.Context(), "a.pdf", pdfOf("BT /F 16 Tf 72 700 Td <516C62A5> Tj ET"))
	want := Document{Text: "公报\n", Format: PDF, Pages: 1}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// Every reason is given for what it is about, in words that fit.
func TestReasons(t *testing.T) {
	t.Parallel()
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	encryptedZip := zipOf(t, "word/document.xml", wordPart("<w:p/>"))
	for i := bytes.Index(encryptedZip, []byte("PK")); i >= 0; {
		// The flag stands behind the version: at 6 in a part, at 8 in the directory.
		switch string(encryptedZip[i : i+4]) {
		case "PK\x03\x04":
			encryptedZip[i+6] |= 1
		case "PK\x01\x02":
			encryptedZip[i+8] |= 1
		}
		next := bytes.Index(encryptedZip[i+2:], []byte("PK"))
		if next < 0 {
			break
		}
		i += 2 + next
	}
	encryptedPDF := bytes.Replace(pdfOf("BT ET"), []byte("/Root"), []byte("/Encrypt<<>>/Root"), 1)
	for _, c := range []struct {
		name string
		data string
		code Code
		want string // in the Chinese words
	}{
		{"nothing", "", Empty, "没有文字"},
		{"blanks", " \n\t", Empty, ""},
		{"blank page", "<html><body> </body></html>", Empty, ""},
		{"blank PDF", string(pdfOf("BT ET")), Empty, ""},
		{"large", strings.Repeat("大", MaxFileBytes/3+1), TooLarge, "20 MB"},
		{"much text", strings.Repeat("多", MaxTextBytes/3+1), TooMuchText, "5 MB"},
		{"much in a Word file", string(zipOf(t, "word/document.xml", wordPart(
			strings.Repeat("<w:p><w:r><w:t>"+strings.Repeat("多", 1000)+"</w:t></w:r></w:p>",
				MaxTextBytes/3000+1)))), TooMuchText, ""},
		{"scan", string(pdfOf("q /I Do Q")), Scanned, "1 页"},
		{"shapes without meaning", string(pdfOf("BT /G 9 Tf <00010002> Tj ET")), NoCharacters, ""},
		{"encrypted PDF", string(encryptedPDF), Encrypted, "密码"},
		{"encrypted zip", string(encryptedZip), Encrypted, ""},
		{"encrypted Office", ole + string(wide("EncryptedPackage")), Encrypted, ""},
		{"old Word", ole, OldOffice, ".docx"},
		{"PDF cut off", "%PDF-1.7\n1 0 obj <<", Damaged, ""},
		{"zip cut off", string(zipOf(t, "word/document.xml", "x"))[:40], Damaged, ""},
		{"Word file without a body", string(zipOf(t, "word/document.xml", "<a/>")), Damaged, ""},
		{"Word file with broken XML", string(zipOf(t, "word/document.xml",
			wordPart("<w:p><w:r><w:t>甲</w:p>"))), Damaged, ""},
		{"Word file with a document type", string(zipOf(t, "word/document.xml",
			`<!DOCTYPE a [<!ENTITY b "c">]>`+wordPart("<w:p/>"))), Damaged, ""},
		{"Word file of depth", string(zipOf(t, "word/document.xml",
			wordPart(strings.Repeat("<w:x>", maxXMLDepth)+strings.Repeat("</w:x>", maxXMLDepth)))),
			TooComplex, ""},
		{"PNG", "\x89PNG\r\n\x1a\n\x00", Picture, "图片"},
		{"JPEG", "\xFF\xD8\xFF\xE0", Picture, ""},
		{"WebP", "RIFF\x10\x00\x00\x00WEBPVP8 ", Picture, ""},
		{"bitmap", "BM\x3A\x00\x00\x00\x00\x00\x00\x00\x36" + strings.Repeat("\x00", 20), Picture, ""},
		{"spreadsheet", string(zipOf(t, "xl/workbook.xml", "x")), Unsupported, "xlsx"},
		{"OFD", string(zipOf(t, "OFD.xml", "x")), Damaged, ""},
		{"RTF", `{\rtf1 a}`, Unsupported, "RTF"},
		{"mail", "MIME-Version: 1.0\nContent-Type: multipart/related; x", Unsupported, "MHTML"},
		{"archive", string(zipOf(t, "a.txt", "甲")), NotDOCX, "压缩文件"},
		{"empty archive", string(zipOf(t)), NotDOCX, ""},
		{"foreign", "\xA6W\xBA\xD9,\xB3\xC6\xB5\xF9\n\xBBO\xA5_\xA5\xAB\xAC\xF7\xA9\xB2", UnknownEncoding, ""},
		{"broken", "第一行\n第二行\n\xE4\xB8，丙\n", BrokenText, "第 3 行"},
		{"program", "\x7FELF\x02\x01\x01\x00\x00\x00", Binary, ""},
		{"deep page", "<html>" + strings.Repeat("<div>", 600), TooComplex, ""},
	} {
		doc, err := Extract(t.Context(), "", []byte(c.data))
		reason, ok := errors.AsType[*Error](err)
		if !ok || reason.Code != c.code {
			t.Errorf("%s: %v, want code %s; text %.40q", c.name, err, c.code, doc.Text)
			continue
		}
		zh, en := reason.Chinese(), reason.English()
		if !strings.Contains(zh, c.want) || strings.Contains(zh+en, "%!") {
			t.Errorf("%s: %s / %s, want %q", c.name, zh, en, c.want)
		}
	}
}

// Every code has words in both languages, with the same arguments.
func TestWords(t *testing.T) {
	t.Parallel()
	for code, w := range words {
		if w[0] == "" || w[1] == "" || strings.Count(w[0], "%") != strings.Count(w[1], "%") {
			t.Errorf("%s: %q", code, w)
		}
		if code.Key() != w[0] || English()[w[0]] != w[1] {
			t.Errorf("%s has other words elsewhere", code)
		}
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	page := "<html><body><div><p>" + strings.TrimSpace(report) + "</p></div></body></html>"
	for name, c := range map[string]struct {
		data []byte
		want Note
	}{
		"计划.doc":   {[]byte(page), Note{Code: WebPageAsWord}},
		"part.pdf": {pdfOf("BT /F 9 Tf <4E004E8C4E09> Tj /G 9 Tf <0001> Tj ET"), Note{LostCharacters, []any{1}}},
	} {
		doc, err := Extract(t.Context(), name, c.data)
		if diff := cmp.Diff([]Note{c.want}, doc.Notes); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		} else if s := doc.Notes[0].Chinese() + doc.Notes[0].English(); strings.Contains(s, "%!") {
			t.Errorf("%s: %s", name, s)
		}
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Extract(ctx, "a.txt", []byte(report)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever the bytes are, reading ends soon, with a text or with a reason that has words.
func FuzzExtract(f *testing.F) {
	f.Add("a.txt", []byte(report))
	f.Add("a.html", []byte("<p>"+report))
	f.Add("a.html", []byte("<table><tr><td>甲<td>乙</table><a href=x>链接</a><script>x</script>"))
	f.Add("a.pdf", pdfOf("BT /F 16 Tf 72 700 Td <516C62A5> Tj ET"))
	f.Add("a.docx", zipOf(f, "word/document.xml", wordPart("<w:p><w:r><w:t>甲</w:t></w:r></w:p>")))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		doc, err := Extract(ctx, name, data)
		reason, ok := errors.AsType[*Error](err)
		switch {
		case ok && (reason.Chinese() == "" || strings.Contains(reason.English(), "%!")):
			t.Fatalf("no words for %v", err)
		case err != nil && !ok:
			t.Fatalf("no reason: %v", err)
		case err == nil && !utf8.ValidString(doc.Text+doc.Title+doc.Source):
			t.Fatalf("%q is no text", doc.Text)
		}
	})
}
