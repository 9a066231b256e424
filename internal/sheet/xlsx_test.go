package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every workbook of the hostile collection, with what must come of it.
func TestBadWorkbooks(t *testing.T) {
	dir := filepath.Join(badInput(t), "xlsx")
	for name, c := range map[string]struct {
		titles []string
		want   [][]string
		refuse string
	}{
		"BadWorkbook.xlsx":   {titles: []string{"A"}, refuse: "文件里没有工作表"},
		"encryptAES.xlsx":    {refuse: "文件已加密，请另存为不加密的 .xlsx"},
		"encryptSHA1.xlsx":   {refuse: "文件已加密，请另存为不加密的 .xlsx"},
		"encryptSHA512.xlsx": {refuse: "文件已加密，请另存为不加密的 .xlsx"},
		"MergeCell.xlsx":     {titles: []string{"A1", "C1"}, refuse: "表头单元格 B1 是合并单元格"},
		"SharedStrings.xlsx": {titles: []string{"A"}, want: nil},
		"Book1.xlsx": {titles: []string{"Column1", "Column2"},
			want: [][]string{{"", ""}}},
		"CalcChain.xlsx":           {titles: []string{"0", "1"}, want: nil},
		"OverflowNumericCell.xlsx": {titles: []string{"8595602512225"}, want: nil},
	} {
		t.Run(name, func(t *testing.T) {
			data := mustFile(t, filepath.Join(dir, name))
			if c.refuse != "" {
				got := mustRefuse(t, data, textSpec(c.titles...))
				if !strings.Contains(got, c.refuse) {
					t.Errorf("got %q, want %q", got, c.refuse)
				}
				return
			}
			spec := textSpec(c.titles...)
			got := rawRows(t, mustRead(t, name, data, spec), spec)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForeignFiles(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	content := func(kind string) []byte {
		return archive(t, part{"[Content_Types].xml",
			`<Types><Override PartName="/x" ContentType="` + kind + `"/></Types>`})
	}
	good := xlsx(t, rowsXML([]string{"名称"}, []string{"甲"}))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"old xls":   {append([]byte(ole), utf16LE("Workbook")...), "旧版 .xls"},
		"encrypted": {append([]byte(ole), utf16LE("EncryptedPackage")...), "文件已加密"},
		"html.xls": {[]byte("\uFEFF \n<HTML xmlns:x=\"urn\"><body><table><tr><td>名称"),
			"网页（HTML）"},
		"table only": {[]byte("<table><tr><td>名称</td></tr></table>"), "网页（HTML）"},
		"mht": {[]byte("MIME-Version: 1.0\r\nContent-Type: multipart/related"),
			"网页（HTML）"},
		"XML 2003": {[]byte(`<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>`),
			"XML 文件"},
		"PDF":  {[]byte("%PDF-1.7\n"), "这是 PDF 文件"},
		"PNG":  {[]byte("\x89PNG\r\n"), "这是 PNG 文件"},
		"Word": {content(openXML + "wordprocessingml.document.main+xml"), "Word"},
		"xlsb": {content("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
			".xlsb"},
		"OpenDocument": {archive(t, part{"mimetype", "x"}, part{"content.xml", "<x/>"}),
			"OpenDocument"},
		"plain zip": {archive(t, part{"名单.xlsx", "x"}), "这是压缩包"},
		"empty zip": {archive(t), "这是压缩包"},
		"truncated": {good[:len(good)-30], "已损坏"},
		"half":      {good[:len(good)/2], "已损坏"},
		"flipped":   {flipped(good), "已损坏"},
		"too large": {bytes.Repeat([]byte("甲"), MaxFileBytes/3+1), "文件超过 20 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustRefuse(t, c.data, textSpec("名称")); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
}

// flipped changes a byte in the middle of the last part, which its checksum must give away.
func flipped(data []byte) []byte {
	bad := bytes.Clone(data)
	directory := bytes.Index(bad, []byte("PK\x01\x02"))
	bad[directory-40] ^= 0xFF
	return bad
}

// Content decides what a file is, and the sender is told when the name says something else.
func TestContentDecides(t *testing.T) {
	spec := textSpec("名称")
	table := mustRead(t, "名单.xls", []byte("名称\n甲\n"), spec)
	if table.Facts.Format != CSV {
		t.Errorf("format %s, want csv", table.Facts.Format)
	}
	want := "文件名是 .xls，内容其实是 CSV，已按内容读取"
	if got := table.Facts.Notices[0].Text("zh-CN"); got != want {
		t.Errorf("notice %q, want %q", got, want)
	}
	table = mustRead(t, "名单.csv", xlsx(t, rowsXML([]string{"名称"})), spec)
	if table.Facts.Format != XLSX || len(table.Facts.Notices) != 1 {
		t.Errorf("facts %+v", table.Facts)
	}
}

func TestZipLimits(t *testing.T) {
	head := []string{"名称"}
	spec := textSpec("名称")
	zeros := strings.Repeat("\x00", 8<<20)
	traversal := xlsx(t, rowsXML(head, []string{"甲"}), part{"../../etc/passwd", "x"},
		part{`..\..\windows\win.ini`, "x"})
	if n := mustRead(t, "a.xlsx", traversal, spec).Len(); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
	many := make([]part, MaxZipParts)
	for i := range many {
		many[i] = part{fmt.Sprintf("xl/media/%d.png", i), ""}
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"bomb":       {xlsx(t, rowsXML(head), part{"xl/media/image1.png", zeros}), "压缩比超过 200 倍"},
		"bomb sheet": {xlsx(t, rowsXML(head)+strings.Repeat(" ", 8<<20)), "压缩比超过 200 倍"},
		"many parts": {xlsx(t, rowsXML(head), many...), "部件超过 2000 个"},
		"declared":   {declared(t, xlsx(t, rowsXML(head)), 201<<20), "解压后超过 200 MB"},
		"lying":      {declared(t, xlsx(t, rowsXML(head, []string{"甲"})), 10), "已损坏"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustRefuse(t, c.data, spec); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
}

// declared changes the unpacked size that the directory states for the last part, the sheet.
func declared(t *testing.T, data []byte, size uint32) []byte {
	bad := bytes.Clone(data)
	at := bytes.LastIndex(bad, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(bad[at+24:], size)
	if _, err := zip.NewReader(bytes.NewReader(bad), int64(len(bad))); err != nil {
		t.Fatal(err)
	}
	return bad
}

func TestHostileXML(t *testing.T) {
	spec := textSpec("名称")
	const broken = "已损坏"
	laughs := `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + rowsXML([]string{"名称"})
	wide := sheetXML(`<row><c t="s"><v>0</v></c></row><row r="2"><c r="AY2"><v>1</v></c></row>`)
	var spans strings.Builder
	for range 50 {
		fmt.Fprintf(&spans, `<mergeCell ref="A2:AX%d"/>`, maxSheetRow)
	}
	rows := strings.Repeat(`<row><c><v>1</v></c></row>`, 1000)
	for name, c := range map[string]struct{ sheet, want string }{
		"entities":       {laughs, broken},
		"unknown entity": {strings.Replace(rowsXML([]string{"名称"}), "名称", "&a;", 1), broken},
		"external entity": {`<!DOCTYPE x SYSTEM "file:///etc/passwd">` +
			rowsXML([]string{"名称"}), broken},
		"not XML":        {"hello", "没有找到表头"},
		"cut off":        {`<worksheet><sheetData><row><c`, broken},
		"bad index":      {sheetXML(`<row><c t="s"><v>99</v></c></row>`), broken},
		"negative index": {sheetXML(`<row><c t="s"><v>-1</v></c></row>`), broken},
		"row too far": {sheetXML(`<row r="1048577"/>`),
			broken},
		"rows backwards":  {sheetXML(`<row r="2"/><row r="2"/>`), broken},
		"cells backwards": {sheetXML(`<row><c r="B1"/><c r="A1"/></row>`), broken},
		"bad cell name":   {sheetXML(`<row><c r="1A"/></row>`), broken},
		"cell, no row":    {sheetXML(`<c r="A1"/>`), broken},
		"too wide":        {wide, "第 2 行超过 50 列"},
		"huge text": {rowsXML([]string{strings.Repeat("x", maxTokenBytes)}),
			"有单元格超过 32767 字"},
		"huge comment": {"<x><!--" + strings.Repeat("<->", maxTokenBytes/3+1) + "--></x>",
			"超过 32767 字"},
		"huge CDATA": {"<x><![CDATA[" + strings.Repeat("<]>", maxTokenBytes/3+1) +
			"]]></x>", "超过 32767 字"},
		"long text": {rowsXML([]string{strings.Repeat("x", MaxCellChars+1)}),
			"第 1 行有单元格超过 32767 字"},
		"merged to death": {sheetXML(rows) + spans.String(), "文件内容过多"},
		"bad merge":       {`<mergeCell ref="A0:B1"/>`, broken},
	} {
		t.Run(name, func(t *testing.T) {
			if got := mustRefuse(t, xlsx(t, c.sheet), spec); !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
}

// A million rows that are declared, or there but empty, are no rows.
func TestEmptyMillion(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<worksheet><dimension ref="A1:XFD1048576"/><sheetData>` +
		`<row r="1"><c t="s"><v>0</v></c></row>`)
	for i := range 50_000 {
		fmt.Fprintf(&b, `<row r="%d" ht="%d"/>`, i+2, i*7919)
	}
	b.WriteString(`<row r="1048576"><c t="s"><v>1</v></c></row></sheetData></worksheet>`)
	spec := textSpec("名称")
	table := mustRead(t, "a.xlsx", xlsx(t, b.String()), spec)
	if diff := cmp.Diff([][]string{{"甲 乙"}}, rawRows(t, table, spec)); diff != "" {
		t.Error(diff)
	}
	for row := range table.Rows(t.Context(), nil) {
		if row.Number != maxSheetRow {
			t.Errorf("row %d, want %d", row.Number, maxSheetRow)
		}
	}
}

func TestSharedStringLimits(t *testing.T) {
	noise := make([]byte, 512<<10)
	source := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte('0' + source.IntN(64))
	}
	large := xlsx(t, rowsXML([]string{"名称"})+string(noise))
	got := mustRefuse(t, declared(t, large, MaxPartBytes+1), textSpec("名称"))
	if !strings.Contains(got, "文件内容过多") {
		t.Errorf("a part above its limit: %q", got)
	}
	one := xlsx(t, rowsXML(), part{"xl/sharedStrings.xml", "<sst><si><t>甲</t></si></sst>"})
	for _, room := range []int{0, 1} {
		book := &workbook{shared: make([]string, MaxSharedStrings-room)}
		if err := book.openZip(one); err != nil {
			t.Fatal(err)
		}
		err := book.readShared(t.Context(), "xl/sharedstrings.xml")
		if errors.Is(err, errTooMuch) != (room == 0) {
			t.Errorf("with room for %d: %v", room, err)
		}
	}
	full := &workbook{text: MaxTextBytes - 1}
	if full.count(1) != nil || full.count(1) == nil {
		t.Error("the text of all cells is not bounded")
	}
}

// What each type of cell reads as.
func TestCellTypes(t *testing.T) {
	spec := Spec{Title: "测试", Columns: []Column{{Key: "n", Title: "名称"}}}
	for name, c := range map[string]struct{ cell, want, problem string }{
		"shared": {`<c t="s"><v>1</v></c>`, "甲 乙", ""},
		"inline": {`<c t="inlineStr"><is><r><t>甲</t></r><r><t> 乙</t></r></is></c>`,
			"甲 乙", ""},
		"phonetic": {`<c t="inlineStr"><is><t>甲</t><rPh><t>jia</t></rPh></is></c>`, "甲", ""},
		"control codes": {`<c t="inlineStr"><is><t>a_x000D_b_x005F_x0041_ _xZZZZ_</t></is></c>`,
			"a\rb_x0041_ _xZZZZ_", ""},
		"line break":    {"<c t=\"inlineStr\"><is><t>a\r\nb</t></is></c>", "a\nb", ""},
		"prefixed tags": {`<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>`, "甲", ""},
		"comment":       {`<c t="inlineStr"><!-- <c> --><is><t>甲<!--乙--></t></is></c>`, "甲", ""},
		"CDATA":         {`<c t="inlineStr"><is><t><![CDATA[<甲>]]></t></is></c>`, "<甲>", ""},
		"number":        {`<c><v>42</v></c>`, "42", ""},
		"float":         {`<c><v>0.30000000000000004</v></c>`, "0.3", ""},
		"small":         {`<c><v>1.2E-5</v></c>`, "0.000012", ""},
		"negative zero": {`<c><v>-0</v></c>`, "0", ""},
		"15 digits":     {`<c><v>999999999999999</v></c>`, "999999999999999", ""},
		"16 digits":     {`<c><v>1000000000000000</v></c>`, "1.00000000000000E+15", "超过 15 位已丢失精度"},
		"USCC digits": {`<c><v>1.4010019900101E+17</v></c>`, "1.40100199001010E+17",
			"超过 15 位已丢失精度"},
		"overflow":      {`<c><v>1E+999</v></c>`, "1E+999", "错误值"},
		"not a number":  {`<c><v>abc</v></c>`, "abc", "错误值"},
		"zeros":         {`<c s="2"><v>30051</v></c>`, "030051", ""},
		"date":          {`<c s="1"><v>46348</v></c>`, "2026-11-22", ""},
		"built-in date": {`<c s="4"><v>46348.354166666664</v></c>`, "2026-11-22 08:30:00", ""},
		"time":          {`<c s="4"><v>0.5</v></c>`, "12:00:00", ""},
		"day 59":        {`<c s="4"><v>59</v></c>`, "1900-02-28", ""},
		"false leap":    {`<c s="4"><v>60</v></c>`, "60", ""},
		"day 61":        {`<c s="4"><v>61</v></c>`, "1900-03-01", ""},
		"beyond 9999":   {`<c s="4"><v>2958466</v></c>`, "2958466", ""},
		"ISO date":      {`<c t="d"><v>2026-11-22T00:00:00</v></c>`, "2026-11-22", ""},
		"yes":           {`<c t="b"><v>1</v></c>`, "TRUE", ""},
		"formula":       {`<c t="str"><f>A1&amp;"x"</f><v>甲x</v></c>`, "甲x", ""},
		"empty result":  {`<c t="str"><f>""</f><v></v></c>`, "", ""},
		"no result":     {`<c><f>SUM(B1)</f></c>`, "", "公式且没有计算结果"},
		"error":         {`<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`, "#DIV/0!", "错误值 #DIV/0!"},
		"error as text": {`<c t="inlineStr"><is><t> #REF! </t></is></c>`, " #REF! ", "错误值"},
		"apostrophe":    {`<c t="inlineStr"><is><t>'=1+1</t></is></c>`, "=1+1", ""},
		"quote prefix":  {`<c s="3" t="inlineStr"><is><t>'=1+1</t></is></c>`, "'=1+1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sheet := `<worksheet><sheetData><row><c t="s"><v>0</v></c></row><row>` + c.cell +
				`</row><row><c t="s"><v>1</v></c></row></sheetData></worksheet>`
			table := mustRead(t, "a.xlsx", xlsx(t, sheet), spec)
			got := ""
			if table.Len() == 2 {
				got = rawRows(t, table, spec)[0][0]
			}
			if got != c.want {
				t.Errorf("reads %q, want %q", got, c.want)
			}
			problems := strings.Join(problemTexts(t, table), "\n")
			if !strings.Contains(problems, c.problem) || c.problem == "" && problems != "" {
				t.Errorf("problems %q, want %q", problems, c.problem)
			}
		})
	}
}

func TestDate1904(t *testing.T) {
	book := strings.Replace(testBook, "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)
	sheet := `<worksheet><sheetData><row><c t="s"><v>0</v></c></row><row><c s="1"><v>44886` +
		`</v></c></row>` +
		`<row><c s="1"><v>60</v></c></row></sheetData></worksheet>`
	spec := textSpec("名称")
	table := mustRead(t, "a.xlsx", xlsx(t, sheet, part{"xl/workbook.xml", book}), spec)
	want := [][]string{{"2026-11-22"}, {"1904-03-01"}}
	if diff := cmp.Diff(want, rawRows(t, table, spec)); diff != "" {
		t.Error(diff)
	}
}

func TestMergedData(t *testing.T) {
	sheet := rowsXML([]string{"区县", "名称"}, []string{"小店区", "甲"}, []string{"", "乙"})
	sheet = strings.Replace(sheet, "</worksheet>", `<mergeCell ref="A2:A3"/></worksheet>`, 1)
	table := mustRead(t, "a.xlsx", xlsx(t, sheet), textSpec("区县", "名称"))
	want := []string{"第 3 行“区县”：该单元格属于合并单元格，请取消合并并逐行填写"}
	if diff := cmp.Diff(want, problemTexts(t, table)); diff != "" {
		t.Error(diff)
	}
}

// The sheet named like the table is read, else the first visible one; what is not read is said.
func TestChooseSheet(t *testing.T) {
	rels := strings.Replace(testRels, "</Relationships>",
		`<Relationship Id="rId9" Target="WORKSHEETS/Sheet2.xml"/></Relationships>`, 1)
	book := func(second string) string {
		second = `<sheet name="` + second + `" r:id="rId9"/></sheets>`
		return strings.Replace(testBook, "</sheets>", second, 1)
	}
	two := func(book, first string) []byte {
		return xlsx(t, rowsXML([]string{first}), part{"xl/workbook.xml", book},
			part{"xl/_rels/workbook.xml.rels", rels},
			part{"xl/worksheets/sheet2.xml", rowsXML([]string{"名称"})})
	}
	spec := textSpec("名称")
	for name, c := range map[string]struct{ second, sheet, notice string }{
		"first":   {"其他&amp;说明", "Sheet1", "只读取了工作表“Sheet1”，未读取：其他&说明"},
		"by name": {"测试", "测试", "只读取了工作表“测试”，未读取：Sheet1"},
		"own":     {"导出说明", "Sheet1", ""},
	} {
		facts := mustRead(t, "a.xlsx", two(book(c.second), "名称"), spec).Facts
		notice := ""
		for _, n := range facts.Notices {
			notice += n.Text("zh-CN")
		}
		if facts.Sheet != c.sheet || notice != c.notice {
			t.Errorf("%s: sheet %q, notice %q", name, facts.Sheet, notice)
		}
	}
	hidden := strings.Replace(book("乙"), `name="Sheet1"`, `name="Sheet1" state="hidden"`, 1)
	if got := mustRead(t, "a.xlsx", two(hidden, "x"), spec).Facts.Sheet; got != "乙" {
		t.Errorf("read %q, want the visible sheet", got)
	}
}

func TestMacrosAreData(t *testing.T) {
	types := strings.Replace(testTypes, openXML+"spreadsheetml.sheet.main+xml",
		"application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
	data := xlsx(t, rowsXML([]string{"名称"}, []string{"甲"}), part{"[Content_Types].xml", types},
		part{"xl/vbaProject.bin", "x"})
	table := mustRead(t, "a.xlsm", data, textSpec("名称"))
	if table.Len() != 1 || !strings.Contains(table.Facts.Notices[0].Text("zh-CN"), "宏不会运行") {
		t.Errorf("%d rows, facts %+v", table.Len(), table.Facts)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(rowsXML([]string{"名称", "备注"}, []string{"甲", "'=1"}), testShared, testStyles)
	f.Add(sheetXML(`<row r="3"><c r="B3" s="1"><f>x</f><v>4e4</v></c></row>`)+
		`<mergeCell ref="A1:B9"/>`, "<sst><si><t>_x000D_</t></si></sst>", "<x/>")
	f.Add(`<!DOCTYPE a>`, "", "")
	spec := textSpec("名称", "备注")
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		data := xlsx(t, sheet, part{"xl/sharedStrings.xml", shared}, part{"xl/styles.xml", styles})
		checkFuzzed(t, data, spec)
	})
}

// FuzzArchive breaks the zip around a good sheet.
func FuzzArchive(f *testing.F) {
	f.Add(xlsx(f, rowsXML([]string{"名称"}, []string{"甲"})))
	f.Add([]byte("PK\x03\x04"))
	spec := textSpec("名称")
	f.Fuzz(func(t *testing.T, data []byte) { checkFuzzed(t, data, spec) })
}

// checkFuzzed reads hostile bytes: they are refused in words, or all rows can be walked.
func checkFuzzed(t *testing.T, data []byte, spec Spec) {
	table, err := Read(t.Context(), "a.xlsx", bytes.NewReader(data), spec)
	if err != nil {
		words(t, err)
		return
	}
	for row, err := range table.Rows(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range row.Problems {
			if strings.Contains(p.Text("zh-CN")+p.Text("en"), "%!") {
				t.Errorf("badly formatted problem %+v", p)
			}
		}
	}
}
