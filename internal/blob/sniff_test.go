package blob

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// part is one file of a test archive.
type part struct{ name, body string }

func zipOf(t testing.TB, parts ...part) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		how := zip.Deflate
		if p.body == "" {
			how = zip.Store // a compressor for each of ten thousand empty parts takes seconds
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: how})
		if err == nil {
			_, err = f.Write([]byte(p.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func contentTypes(overrides ...string) part {
	body := `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/` +
		`content-types"><Default Extension="xml" ContentType="application/xml"/>`
	for i := 0; i < len(overrides); i += 2 {
		body += fmt.Sprintf(`<Override PartName="%s" ContentType="%s"/>`, overrides[i], overrides[i+1])
	}
	return part{"[Content_Types].xml", body + "</Types>"}
}

const (
	macroMain = "application/vnd.ms-word.document.macroEnabled.main+xml"
	pptMain   = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)

func docx(t testing.TB, more ...part) string {
	return zipOf(t, append([]part{contentTypes("/word/document.xml", docxMain),
		{"word/document.xml", "<document/>"}}, more...)...)
}

func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hugePNG is a valid header that announces 100,000 × 100,000 pixels.
func hugePNG(t testing.TB) string {
	var b bytes.Buffer
	// A one-row picture of the right colour type gives the chunk; width and height are rewritten
	// with the checksum that belongs to them.
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	copy(raw[16:24], []byte{0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0})
	putCRC(raw[12:33])
	return string(raw)
}

func TestSniff(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("名称,地区\n太原重工,太原市\n")
	if err != nil {
		t.Fatal(err)
	}
	toPNG := picture(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	toJPEG := picture(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	tests := []struct {
		name, content string
		want          Type // "" means refused as Invalid
	}{
		{"pdf", "%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n", PDF},
		{"pdf cut off", "%PDF-1.7\n1 0 obj\n" + strings.Repeat("x", 9000), ""},
		{"pdf behind other bytes", "GIF89a%PDF-1.7\n%%EOF", Text}, // shown as text, which it is
		{"png", toPNG, PNG},
		{"png cut in the header", toPNG[:20], ""},
		{"png of 10^10 pixels", hugePNG(t), ""},
		{"jpeg", toJPEG, JPEG},
		{"jpeg header only", toJPEG[:4], ""},
		{"docx", docx(t), DOCX},
		{"xlsx", zipOf(t, contentTypes("/xl/workbook.xml", xlsxMain),
			part{"xl/workbook.xml", "<a/>"}), XLSX},
		{"main part missing", zipOf(t, contentTypes("/word/document.xml", docxMain)), ""},
		{"pptx", zipOf(t, contentTypes("/ppt/a.xml", pptMain), part{"ppt/a.xml", "<a/>"}), ""},
		{"docm", zipOf(t, contentTypes("/word/document.xml", macroMain),
			part{"word/document.xml", "<a/>"}), ""},
		{"macros called docx", docx(t, part{"word/vbaProject.bin", "x"}), ""},
		{"types not xml", zipOf(t, part{"[Content_Types].xml", "<<<"}), ""},
		{"types too long", zipOf(t, part{"[Content_Types].xml", "<a>" + strings.Repeat(" ", 2<<20)},
			part{"word/document.xml", ""}), ""},
		{"plain zip", zipOf(t, part{"a.exe", "MZ"}), ""},
		{"empty zip", zipOf(t), ""},
		{"zip cut off", docx(t)[:200], ""},
		{"part leads out", docx(t, part{"../../etc/cron.d/x", "x"}), ""},
		{"part absolute", docx(t, part{"/etc/passwd", "x"}), ""},
		{"part with backslash", docx(t, part{`..\x`, "x"}), ""},
		{"part twice", docx(t, part{"word/document.xml", "<other/>"}), ""},
		{"folders inside", docx(t, part{"word/", ""}), DOCX},
		{"zip bomb by its own word", declared(t, docx(t, part{"word/a.xml", "x"}), 2<<30), ""},
		{"encrypted part", encrypted(docx(t)), ""},
		{"ofd", zipOf(t, part{"OFD.xml",
			`<?xml version="1.0" encoding="UTF-8"?>` +
				`<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>`}), OFD},
		{"ofd without its root", zipOf(t, part{"OFD.xml", "<Other/>"}), ""},
		{"text", "第一行\r\n\tsecond\n", Text},
		{"text with a mark", "\ufeff名称\n", Text},
		{"gb 18030", gb, Text},
		{"utf-16", "\xff\xfea\x00b\x00\n\x00", Text},
		{"utf-16, big end first", "\xfe\xff\x59\x2a\x53\x9f", Text},
		{"utf-16 without a mark", "a\x00b\x00", ""},
		{"utf-16 with half a character", "\xff\xfe\x00\xd8a\x00", ""},
		{"utf-16 cut off", "\xff\xfea\x00b", ""},
		{"utf-16 with nul", "\xff\xfea\x00\x00\x00", ""},
		{"html in utf-16", "\xff\xfe<\x00p\x00>\x00", ""},
		{"nul inside", "abc\x00def", ""},
		{"escape codes", "\x1b[31mred", ""},
		{"html", "\n <!DOCTYPE html><p>", ""},
		{"svg", "\ufeff<svg onload=alert(1)>", ""},
		{"xml", "<?xml version='1.0'?>", ""},
		{"less than, but text", "< 5 kg\n", Text},
		{"old office", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and the rest", ""},
		{"program", "\x7fELF\x02\x01\x01\x00\x00", ""},
		{"windows program", "MZ\x90\x00\x03\x00", ""},
		{"gif", "GIF89a\x01\x00\x01\x00", ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Sniff(strings.NewReader(tt.content), int64(len(tt.content)))
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Fatalf("Sniff = %q, %v, want %q", got, err, tt.want)
			}
			if err != nil && fault.KindOf(err) != fault.Invalid {
				t.Errorf("%v is not a message for people", err)
			}
		})
	}
}

// A zip whose table of contents alone is larger than the limit must be refused without reading it
// all, and one with too many parts too.
func TestSniffBoundsTheTableOfContents(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][]part{
		"long names": manyParts(300, strings.Repeat("n", 60_000)),
		"many parts": manyParts(maxZipParts+1, "p"),
	} {
		content := zipOf(t, parts...)
		_, err := Sniff(strings.NewReader(content), int64(len(content)))
		if e, ok := fault.As(err); !ok || e.Key != "文件内部的部件太多" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func manyParts(n int, prefix string) []part {
	out := make([]part, n)
	for i := range out {
		out[i].name = fmt.Sprintf("%s%d", prefix, i)
	}
	return out
}

// Files that other projects collected because they break readers.
func TestSniffBadInput(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "shared", "data", "bad-input")
	want := map[string]Type{
		"xlsx/Book1.xlsx": XLSX, "xlsx/MergeCell.xlsx": XLSX, "xlsx/SharedStrings.xlsx": XLSX,
		"xlsx/CalcChain.xlsx": XLSX, "xlsx/OverflowNumericCell.xlsx": XLSX,
		"xlsx/encryptAES.xlsx": "", "xlsx/encryptSHA1.xlsx": "", "xlsx/encryptSHA512.xlsx": "",
		"csv/csvs/utf8.csv": Text, "csv/csvs/quotes_and_newlines.csv": Text,
		"blns/blns.json": Text,
	}
	for name, typ := range want {
		f, err := os.Open(filepath.Join(root, name))
		if errors.Is(err, os.ErrNotExist) {
			t.Skip("no shared data here")
		}
		if err != nil {
			t.Fatal(err)
		}
		info, _ := f.Stat()
		if got, err := Sniff(f, info.Size()); got != typ {
			t.Errorf("%s: %q, %v, want %q", name, got, err, typ)
		}
		f.Close()
	}
}

func FuzzSniff(f *testing.F) {
	for _, s := range []string{"%PDF-1.4 %%EOF", "a,b\n", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0",
		"PK\x03\x04", docx(f), zipOf(f, part{"OFD.xml", "<OFD/>"}), hugePNG(f), "\x81\x30\x81\x30"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Sniff(bytes.NewReader(content), int64(len(content)))
		if (got == "") == (err == nil) {
			t.Fatalf("Sniff = %q, %v", got, err)
		}
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("not a message for people: %v", err)
		}
		if err == nil && len(got.facts().exts) == 0 {
			t.Fatalf("type %q has no extension", got)
		}
	})
}
