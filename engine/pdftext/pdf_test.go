package pdftext

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// builder writes a PDF object by object.
type builder struct {
	bytes.Buffer
	next int
}

func newPDF() *builder {
	b := &builder{next: 1}
	b.WriteString("%PDF-1.7\n%\xE4\xBA\x91\n")
	return b
}

// add writes an object and returns its number.
func (b *builder) add(body string, args ...any) int {
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", b.next, fmt.Sprintf(body, args...))
	b.next++
	return b.next - 1
}

func (b *builder) stream(dict, data string) int {
	return b.add("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// pages writes pages with their contents and one font F, and ends the file.
func (b *builder) pages(font int, contents ...string) []byte {
	tree := b.next + 2*len(contents)
	var kids []string
	for _, c := range contents {
		stream := b.stream("", c)
		kids = append(kids, fmt.Sprintf("%d 0 R", b.add(
			"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>", tree, stream)))
	}
	b.add("<</Type/Pages/Kids[%s]/Count %d/Resources<</Font<</F %d 0 R>>>>>>",
		strings.Join(kids, " "), len(kids), font)
	root := b.add("<</Type/Catalog/Pages %d 0 R>>", tree)
	title := b.add("<</Title<FEFF%s>>>", hexUTF16("督查通报"))
	fmt.Fprintf(b, "trailer\n<</Root %d 0 R/Info %d 0 R>>\nstartxref\n0\n%%%%EOF\n", root, title)
	return b.Bytes()
}

func hexUTF16(s string) string {
	var out strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&out, "%04X", u)
	}
	return out.String()
}

const toUnicode = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfchar <0001> <4E2D6587> endbfchar
2 beginbfrange <0020> <FFFD> <0020>
<0002> <0003> [<7532> <4E59>] endbfrange
endcmap end end`

// identityFont is a composite font whose codes are UTF-16, as its table says.
func (b *builder) identityFont() int {
	table := b.stream("", toUnicode)
	below := b.add("<</Type/Font/Subtype/CIDFontType2/DW 1000/W[32[500] 48 57 500]>>")
	return b.add("<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[%d 0 R]"+
		"/ToUnicode %d 0 R>>", below, table)
}

// linesAt draws lines of 16 points from x=72 downwards, every 28 points.
func linesAt(lines ...string) string {
	var out strings.Builder
	out.WriteString("BT /F 16 Tf 28 TL 1 0 0 1 72 700 Tm\n")
	for _, l := range lines {
		fmt.Fprintf(&out, "<%s> Tj T*\n", hexUTF16(l))
	}
	out.WriteString("ET\n")
	return out.String()
}

func mustRead(t *testing.T, data []byte) *Document {
	t.Helper()
	doc, err := Read(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestRead(t *testing.T) {
	t.Parallel()
	b := newPDF()
	doc := mustRead(t, b.pages(b.identityFont(), linesAt("一、总体情况",
		"　　全市技术合同成交额64.8亿元，增长", "31.7%，其中三分之二在本地转化，比上", "年多。",
		"　　新增高新技术企业126家。"), linesAt("⻓治⼯业")))
	if doc.Title != "督查通报" || len(doc.Pages) != 2 || doc.Unmapped != 0 {
		t.Errorf("title %q, %d pages, %d unmapped", doc.Title, len(doc.Pages), doc.Unmapped)
	}
	want := "一、总体情况\n全市技术合同成交额64.8亿元，增长31.7%，其中三分之二在本地转化，比上年多。\n" +
		"新增高新技术企业126家。\n长治工业\n"
	if diff := cmp.Diff(want, doc.Text()); diff != "" {
		t.Error(diff)
	}
}

// The same text in the ways in which files say what their codes mean.
func TestFonts(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("产值3千亿元")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		font, shown, want string
	}{
		"UniGB-UTF16-H": {"/Subtype/Type0/Encoding/UniGB-UTF16-H", "<" + hexUTF16("产值3千亿元") + ">",
			"产值3千亿元"},
		"UniGB-UCS2-H": {"/Subtype/Type0/Encoding/UniGB-UCS2-H", "<" + hexUTF16("产值3千亿元") + ">",
			"产值3千亿元"},
		"GBK-EUC-H": {"/Subtype/Type0/Encoding/GBK-EUC-H", fmt.Sprintf("<%X>", gbk), "产值3千亿元"},
		"WinAnsi":   {"/Subtype/TrueType/Encoding/WinAnsiEncoding", `(R&D 2.8% \(a\) \225)`, "R&D 2.8% (a) •"},
		"differences": {"/Subtype/Type1/Encoding<</Differences[1/R/ampersand/uni4E91]>>", `(\001\002\003)`,
			"R&云"},
		"symbolic":                 {"/Subtype/TrueType/FontDescriptor<</Flags 4>>", "(abc)", ""},
		"identity without a table": {"/Subtype/Type0/Encoding/Identity-H", "<00410042>", ""},
	} {
		b := newPDF()
		doc := mustRead(t, b.pages(b.add("<</Type/Font%s>>", c.font),
			"BT /F 16 Tf 72 700 Td "+c.shown+" Tj ET"))
		if got := strings.TrimSuffix(doc.Text(), "\n"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.want == "" && doc.Unmapped == 0 {
			t.Errorf("%s: nothing is said of characters that have no meaning", name)
		}
	}
}

func TestMapping(t *testing.T) {
	t.Parallel()
	b := newPDF()
	doc := mustRead(t, b.pages(b.identityFont(), "BT /F 16 Tf 72 700 Td <0001000200030004> Tj ET"))
	if doc.Text() != "中文甲乙\n" || doc.Unmapped != 1 {
		t.Errorf("%q, %d unmapped", doc.Text(), doc.Unmapped)
	}
}

// Cells of a table are separated by tabs, running heads and page numbers are dropped, raised
// characters stay in their line.
func TestLayout(t *testing.T) {
	t.Parallel()
	cell := func(x, y int, s string) string {
		return fmt.Sprintf("BT /F 12 Tf 1 0 0 1 %d %d Tm <%s> Tj ET\n", x, y, hexUTF16(s))
	}
	page := func(n int) string {
		return cell(200, 780, "某市公报") +
			cell(72, 700, "序号") + cell(150, 700, "任务") + cell(300, 700, "目标值") +
			cell(72, 680, fmt.Sprint(n)) + cell(150, 680, "工业投资") + cell(300, 680, "330亿元") +
			cell(72, 600, "面积12.5km") + "BT /F 7 Tf 1 0 0 1 150 604 Tm <0032> Tj ET\n" +
			cell(72, 560, strings.Repeat("甲", n)) +
			cell(280, 40, fmt.Sprintf("— %d —", n)) +
			"/Artifact BMC " + cell(72, 20, "打印于今日") + " EMC"
	}
	b := newPDF()
	doc := mustRead(t, b.pages(b.identityFont(), page(1), page(2), page(3)))
	want := ""
	for n := 1; n <= 3; n++ {
		want += fmt.Sprintf("序号\t任务\t目标值\n%d\t工业投资\t330亿元\n面积12.5km2\n%s\n", n, strings.Repeat("甲", n))
	}
	if diff := cmp.Diff(want, doc.Text()); diff != "" {
		t.Error(diff)
	}
}

func deflate(s string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

// Objects may be packed, forms may be drawn, lengths may be wrong, and later objects count.
func TestStructure(t *testing.T) {
	t.Parallel()
	b := newPDF()
	font := b.identityFont()
	form := b.stream("/Subtype/Form/Filter[/AHx/FlateDecode]",
		fmt.Sprintf("%x>", deflate("BT /F 16 Tf 72 600 Td <"+hexUTF16("表单")+"> Tj ET")))
	b.WriteString("20 0 obj\n<</Length 99999>>\nstream\nBT /F 16 Tf 72 700 Td <" + hexUTF16("正文") +
		"> Tj ET /X Do /Y Do\nBI /W 1 ID \x00\x01 EI\nendstream\nendobj\n")
	packed := fmt.Sprintf("<</Type/Page/Contents 20 0 R/Resources<</Font<</F %d 0 R>>"+
		"/XObject<</X %d 0 R/Y 99 0 R>>>>>>", font, form)
	b.WriteString("30 0 obj\n<</Type/Page/Contents 98 0 R>>\nendobj\n")
	b.WriteString(fmt.Sprintf("31 0 obj\n<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>\nstream\n%s"+
		"\nendstream\nendobj\n", deflate("30 0 "+packed)))
	b.WriteString("32 0 obj <</Kids[30 0 R 32 0 R 33 0 R]/Type/Pages>> endobj\n" +
		"33 0 obj 33 0 R endobj\n34 0 obj <</Pages 32 0 R>> endobj\n" +
		"35 0 obj <</Type/XRef/Root 34 0 R>> stream\n\nendstream endobj\n")
	doc := mustRead(t, b.Bytes())
	if diff := cmp.Diff("正文\n表单\n", doc.Text()); diff != "" {
		t.Error(diff)
	}
	if !doc.Images {
		t.Error("the picture was not seen")
	}
}

func TestLZW(t *testing.T) {
	t.Parallel()
	f := &file{ctx: t.Context(), work: maxWork, bytes: maxAllBytes}
	got := f.lzw([]byte{0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01}, true)
	if want := []byte("-----A---B"); !bytes.Equal(got, want) { // the example of ISO 32000, 7.4.4.2
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPrediction(t *testing.T) {
	t.Parallel()
	f := &file{ctx: t.Context(), work: maxWork, bytes: maxAllBytes}
	params := &dict{keys: map[name]object{"Predictor": 15.0, "Columns": 3.0}}
	got := f.unpredict(params, []byte{0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1})
	want := []byte{1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5}
	if !bytes.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Files that are encrypted without a password are read; the samples were encrypted by another
// program.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]error{
		"rc4-40.pdf": nil, "rc4-128.pdf": nil, "aes-128.pdf": nil, "aes-256-r5.pdf": nil,
		"aes-256-r6.pdf": nil, "password.pdf": ErrEncrypted,
	} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Read(t.Context(), data)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", file, err, want)
		}
		if err == nil && (doc.Text() != "全市技术合同成交额64.8亿元\n" || doc.Title != "公报") {
			t.Errorf("%s: %q, %q", file, doc.Title, doc.Text())
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	encrypted := newPDF()
	data := encrypted.pages(encrypted.identityFont(), linesAt("密"))
	data = bytes.Replace(data, []byte("trailer\n<<"), []byte("trailer\n<</Encrypt<</V 4>>"), 1)
	bomb, flood := newPDF(), newPDF()
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":        {nil, ErrNotPDF},
		"text":         {[]byte("一份报告"), ErrNotPDF},
		"header only":  {[]byte("%PDF-1.7\n"), ErrDamaged},
		"encrypted":    {data, ErrEncrypted},
		"saved states": {bomb.pages(bomb.identityFont(), "", manySaves()), nil},
		"endless text": {flood.pages(flood.identityFont(), "BT /F 9 Tf "+
			strings.Repeat("("+strings.Repeat("\x00a", 1000)+") Tj ", MaxRunes/1000+1)), ErrTooMuch},
	} {
		if _, err := Read(t.Context(), c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func manySaves() string { return strings.Repeat("q ", 100_000) }

// A stream that unpacks to more than the limit is refused.
func TestBomb(t *testing.T) {
	t.Parallel()
	b := newPDF()
	stream := b.stream("/Filter/FlateDecode", deflate(strings.Repeat(" ", maxStreamBytes+1)))
	root := b.add("<</Pages<</Kids[<</Type/Page/Contents %d 0 R>>]>>>>", stream)
	fmt.Fprintf(b, "trailer <</Root %d 0 R>>", root)
	if _, err := Read(t.Context(), b.Bytes()); !errors.Is(err, ErrTooMuch) {
		t.Errorf("%v", err)
	}
}

// Files that lead back to themselves end.
func TestLoops(t *testing.T) {
	t.Parallel()
	for name, objects := range map[string]string{
		"reference": "1 0 obj 1 0 R endobj 2 0 obj <</Pages 1 0 R>> endobj trailer <</Root 2 0 R>>",
		"pages": "1 0 obj <</Type/Pages/Kids[1 0 R 1 0 R]>> endobj " +
			"2 0 obj <</Pages 1 0 R>> endobj trailer <</Root 2 0 R>>",
		"form": "1 0 obj <</Type/Page/Contents 3 0 R/Resources 4 0 R>> endobj\n" +
			"2 0 obj <</Pages 1 0 R>> endobj\n" +
			"3 0 obj <</Subtype/Form/Resources 4 0 R>> stream\n" + strings.Repeat(" ", 1<<20) +
			"/X Do /X Do /X Do /X Do\nendstream endobj\n" +
			"4 0 obj <</XObject<</X 3 0 R>>>> endobj trailer <</Root 2 0 R>>",
		"length":       "1 0 obj <</Type/Page/Contents 1 0 R/Length 1 0 R>> stream\nBT\nendstream endobj",
		"arrays":       "1 0 obj " + strings.Repeat("[", 10<<20),
		"dictionaries": "1 0 obj " + strings.Repeat("<</A", 2<<20),
		"objects":      strings.Repeat("1 0 obj ", 100_000),
	} {
		start := time.Now()
		_, err := Read(t.Context(), []byte("%PDF-1.7\n"+objects))
		t.Logf("%s: %v, %v", name, time.Since(start), err)
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := newPDF()
	data := b.pages(b.identityFont(), manySaves())
	if _, err := Read(ctx, data); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever the bytes are, reading ends soon, with text or an error, and the text is clean.
func FuzzRead(f *testing.F) {
	b := newPDF()
	f.Add(b.pages(b.identityFont(), linesAt("一、总体情况", "全市64.8亿元")))
	for _, file := range []string{"rc4-40.pdf", "aes-256-r6.pdf"} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Page/Contents 2 0 R>>endobj 2 0 obj<</Filter/A85>>stream\n" +
		"9jqo^BlbD-BleB1DJ+*+F(f,q~>\nendstream endobj"))
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/ObjStm/N 9/First 4>>stream\n1 0 <</Kids[1 0 R]>>endstream"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		doc, err := Read(ctx, data)
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatal("reading does not end")
		}
		if err != nil {
			return
		}
		text := doc.Text()
		if strings.ContainsAny(text, "\x00\r\uFFFD") || strings.Count(text, "\n") > doc.Mapped {
			t.Fatalf("%q", text)
		}
	})
}
