package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuntu-city/yuntu/engine/doctext"
	"github.com/yuntu-city/yuntu/internal/docx"
	"github.com/yuntu-city/yuntu/internal/fault"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func sample() docx.Document {
	d := docx.Document{Number: "并督函〔2026〕3号", Title: "关于督办“技术交易平台”的函", To: "小店区科技局：",
		Issuer: "太原市科学技术局", Date: "2026年11月29日", Subject: "督办函"}
	d.Blocks = append(d.Blocks, docx.Heading(1, "一、基本情况"))
	d.Blocks = append(d.Blocks, docx.Plain("任务 <A&B> 进度 35%，\n\n应完成 62.1%。")...)
	d.Blocks = append(d.Blocks, docx.Heading(2, "（一）节点"), docx.Block{Table: &docx.Table{
		Caption: "节点完成情况", Head: []string{"节点", "时限", "进度"}, Widths: []int{3, 2, 1},
		Rows: [][]docx.Run{{{Text: "方案设计"}, {Text: "2026-08-01"}, {Text: "100%", Href: "/tasks/1"}},
			{{Text: "建成\n投用"}, {Text: "2026-12-31"}}}}},
		docx.Text(docx.Run{Text: "请于 "}, docx.Run{Text: "12月8日 18:00", Bold: true}, docx.Run{Text: " 前回复。"}))
	return d
}

func written(t testing.TB, d docx.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts unpacks a file and checks that each part is XML.
func parts(t testing.TB, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		out[f.Name] = string(text)
	}
	return out
}

func TestGolden(t *testing.T) {
	b := written(t, sample())
	if !bytes.Equal(b, written(t, sample())) {
		t.Error("the same document gives other bytes")
	}
	all := parts(t, b)
	var got strings.Builder
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "docProps/core.xml",
		"word/document.xml", "word/styles.xml", "word/footer1.xml", "word/_rels/document.xml.rels"} {
		fmt.Fprintf(&got, "-- %s --\n%s\n", name, strings.ReplaceAll(all[name], "><", ">\n<"))
	}
	path := filepath.Join("testdata", "sample.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Error("the file is not as the golden one; look at it and run with -update")
	}
}

// TestReadBack reads the text out of the file as it would come in again.
func TestReadBack(t *testing.T) {
	d, err := doctext.Extract(t.Context(), "x.docx", written(t, sample()))
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{"并督函〔2026〕3号", "关于督办“技术交易平台”的函", "小店区科技局：", "一、基本情况",
		"任务 <A&B> 进度 35%，", "应完成 62.1%。", "（一）节点", "节点完成情况", "方案设计", "2026-08-01", "100%",
		"请于 12月8日 18:00 前回复。", "太原市科学技术局", "2026年11月29日"} {
		i := strings.Index(d.Text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not in its place in\n%s", want, d.Text)
		}
		at += i
	}
}

// TestHostileText writes what XML cannot hold.
func TestHostileText(t *testing.T) {
	d := sample()
	d.Title = "a\x00b\x0b]]>\uFFFE\xff<w:t>"
	all := parts(t, written(t, d))
	if strings.Contains(all["word/document.xml"], "\x00") {
		t.Error("a control character got through")
	}
}

func TestLimits(t *testing.T) {
	d := docx.Document{Title: "x", Blocks: make([]docx.Block, docx.MaxBlocks+1)}
	if err := docx.Write(io.Discard, d); !fault.Is(err, fault.Invalid) {
		t.Errorf("too many blocks: %v", err)
	}
	row := make([]docx.Run, 10)
	d.Blocks = []docx.Block{{Table: &docx.Table{Head: make([]string, 10),
		Rows: make([][]docx.Run, docx.MaxCells/10+1)}}}
	for i := range d.Blocks[0].Table.Rows {
		d.Blocks[0].Table.Rows[i] = row
	}
	if err := docx.Write(io.Discard, d); !fault.Is(err, fault.Invalid) {
		t.Errorf("too many cells: %v", err)
	}
}

// TestOffice opens the file with LibreOffice where there is one.
func TestOffice(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no LibreOffice here")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "x.docx")
	if err := os.WriteFile(in, written(t, sample()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless",
		"--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir, in)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "x.txt"))
	if err != nil || !strings.Contains(string(text), "节点完成情况") {
		t.Errorf("%v: %s", err, text)
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("标题", "正文\n第二行", "格")
	f.Fuzz(func(t *testing.T, title, text, cell string) {
		d := docx.Document{Title: title, Blocks: docx.Plain(text)}
		d.Blocks = append(d.Blocks, docx.Block{Table: &docx.Table{Head: []string{cell},
			Rows: [][]docx.Run{{{Text: cell}}}}})
		parts(t, written(t, d))
	})
}
