package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

var testMeta = Meta{
	Title: "主体库", By: "张三 & 李四（zhang）", Filter: "区县：小店区",
	At: time.Date(2026, 11, 22, 0, 30, 0, 0, time.UTC),
}

func each(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// mustWrite writes rows and returns the file.
func mustWrite(t testing.TB, f Format, spec Spec, rows ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := Write(context.Background(), &b, f, spec, each(rows...), testMeta)
	if err != nil || n != len(rows) {
		t.Fatalf("Write(%s) = %d, %v, want %d rows", f, n, err, len(rows))
	}
	return b.Bytes()
}

var bothFormats = []Format{CSV, XLSX}

// Naughty strings survive a round trip through both formats.
func TestNaughtyStrings(t *testing.T) {
	var all []string
	data := mustFile(t, filepath.Join(badInput(t), "blns", "blns.json"))
	if err := json.Unmarshal(data, &all); err != nil || len(all) != 485 {
		t.Fatalf("%d strings, %v", len(all), err)
	}
	all = append(all, "_x0041_x0042_", "_x005F_x0041_", "'=1", "''=1", "' '=1", "＝1",
		" \u200b@x", "\r\n=", "\t")
	checkRoundTrip(t, all)
}

func TestRoundTripProperty(t *testing.T) {
	pieces := []string{"=", "'", "+", "-", "＝", "@", " ", "\t", "\r", "\n", "\"", ",", ";",
		"_x0041_", "_x",
		"甲", "𠮷", "\u00a0", "\u200b", "\ufeff", "\x00", "\x1b", "\uffff", "\xff", "&amp;", "<",
		"]]>", "※ ", "#REF"}
	err := quick.Check(func(picks [][]uint8) bool {
		texts := make([]string, len(picks))
		for i, p := range picks {
			for _, n := range p[:min(len(p), 12)] {
				texts[i] += pieces[int(n)%len(pieces)]
			}
		}
		checkRoundTrip(t, texts)
		return !t.Failed()
	}, &quick.Config{MaxCount: 100})
	if err != nil {
		t.Error(err)
	}
}

// checkRoundTrip writes the texts and reads them back: what comes is Clean of what went.
func checkRoundTrip(t *testing.T, texts []string) {
	t.Helper()
	spec := textSpec("序号", "文字")
	var rows [][]any
	var want [][]string
	for i, s := range texts {
		id := string(rune('a' + i%26))
		rows = append(rows, []any{id, s})
		want = append(want, []string{id, Clean(s)})
		if got := unguard(Guard(s)); got != s {
			t.Errorf("unguard(Guard(%q)) = %q", s, got)
		}
	}
	for _, f := range bothFormats {
		table := mustRead(t, "a."+string(f), mustWrite(t, f, spec, rows...), spec)
		if diff := cmp.Diff(want, rawRows(t, table, spec)); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}

func FuzzGuard(f *testing.F) {
	f.Add("'=1+1")
	f.Add("\t'@")
	f.Fuzz(func(t *testing.T, s string) {
		g := Guard(s)
		if unguard(g) != s {
			t.Errorf("unguard(Guard(%q)) = %q", s, unguard(g))
		}
		if g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) {
			t.Errorf("Guard(%q) = %q is still live", s, g)
		}
	})
}

// Typed values come back as they went, and formulas are nowhere.
func TestTypedRoundTrip(t *testing.T) {
	rows := [][]any{
		{"91350100M000100Y43", "=HYPERLINK(\"http://x\")", int64(123_456_789),
			clock.Date("2026-11-22"), "高校", true, 12, nil},
		{"001", "-5", int64(-1), "1899-01-02", "企业", false, int64(-1_234_567_890_123_456),
			"@SUM(A1)"},
		{"+86351", "丙", int64(9_007_199_254_740_993), nil, nil, nil, nil, "a\nb"},
	}
	for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
		for _, f := range bothFormats {
			var b bytes.Buffer
			ctx := i18n.With(t.Context(), lang)
			if _, err := Write(ctx, &b, f, partySpec, each(rows...), testMeta); err != nil {
				t.Fatal(err)
			}
			table := mustRead(t, "a."+string(f), b.Bytes(), partySpec)
			var got [][]any
			for r, err := range table.Rows(ctx, nil) {
				if err != nil || len(r.Problems) > 0 {
					t.Fatalf("%s: %v, problems %v", f, err, r.Problems)
				}
				got = append(got, []any{r.Text("uscc"), r.Text("name"), int64(r.Fen("capital")),
					string(r.Date("founded")),
					r.Choice("kind"), r.Bool("hitech"), r.Int("staff"), r.Text("note")})
			}
			want := [][]any{
				{"91350100M000100Y43", "=HYPERLINK(\"http://x\")", int64(123_456_789),
					"2026-11-22", "高校", true, int64(12), ""},
				{"001", "-5", int64(-1), "1899-01-02", "企业", false,
					int64(-1_234_567_890_123_456), "@SUM(A1)"},
				{"+86351", "丙", int64(9_007_199_254_740_993), "", "", false, int64(0), "a\nb"},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s: %s", lang, f, diff)
			}
		}
	}
}

func TestCSVBytes(t *testing.T) {
	got := string(mustWrite(t, CSV, partySpec, []any{"001", "=1+1", int64(15_000),
		clock.Date("2026-11-22"), "企业", true, -5, "a\"b"}))
	want := "\uFEFF统一社会信用代码,单位名称,注册资本（万元）,成立日期,单位类型,高新技术企业,职工人数,备注\r\n" +
		"001,'=1+1,0.015,2026-11-22,企业,是,-5,\"a\"\"b\"\r\n" +
		"※ 导出说明 · 导出内容 主体库 · 导出人 张三 & 李四（zhang） · 导出时间 2026-11-22 08:30:00 · " +
		"筛选条件 区县：小店区 · 导出行数 1,,,,,,,\r\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumbers(t *testing.T) {
	spec := textSpec("序号", "数")
	when := time.Date(2026, 11, 22, 0, 30, 0, 0, time.UTC)
	rows := [][]any{{"1", 0.1 + 0.2}, {"2", math.NaN()}, {"3", math.Inf(-1)}, {"4", when}}
	want := [][]string{{"1", "0.3"}, {"2", ""}, {"3", ""}, {"4", "2026-11-22 08:30:00"}}
	for _, f := range bothFormats {
		table := mustRead(t, "a."+string(f), mustWrite(t, f, spec, rows...), spec)
		if diff := cmp.Diff(want, rawRows(t, table, spec)); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}

// What a spreadsheet program finds in an exported workbook.
func TestXLSXContent(t *testing.T) {
	data := mustWrite(t, XLSX, partySpec,
		[]any{"001", "=1+1", int64(15_000), clock.Date("2026-11-22"), "企业", true, 5,
			strings.Repeat("长", MaxCellChars+1)})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"主体测试", "导出说明"}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	rows, err := f.GetRows("主体测试")
	if err != nil {
		t.Fatal(err)
	}
	cut := strings.Repeat("长", MaxCellChars-1) + "…"
	if diff := cmp.Diff([]string{"001", "=1+1", "0.02", "2026-11-22", "企业", "是", "5", cut},
		rows[1]); diff != "" {
		t.Error(diff)
	}
	if formula, _ := f.GetCellFormula("主体测试", "B2"); formula != "" {
		t.Errorf("B2 is the formula %q", formula)
	}
	notes, _ := f.GetRows("导出说明")
	want := [][]string{{"导出内容", "主体库"}, {"导出人", "张三 & 李四（zhang）"}, {"导出时间", "2026-11-22 08:30:00"},
		{"筛选条件", "区县：小店区"}, {"导出行数", "1"}, {"截断说明", "1 个单元格超过 32767 字，已在末尾截断"}}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
	props, _ := f.GetDocProps()
	if props.Creator != "张三 & 李四（zhang）" || props.Created != "2026-11-22T00:30:00Z" {
		t.Errorf("properties %+v", props)
	}
	sheet := partText(t, data, "xl/worksheets/sheet1.xml")
	for _, want := range []string{"&amp;L导出人 张三 &amp;&amp; 李四", `state="frozen"`,
		`topLeftCell="A2"`, `<cols><col min="1" `} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
	if !strings.Contains(partText(t, data, "xl/styles.xml"), `quotePrefix="true"`) {
		t.Error("no style has the quote prefix")
	}
}

func partText(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWriteErrors(t *testing.T) {
	spec := textSpec("名称")
	broken := errors.New("broken")
	failing := func(yield func([]any, error) bool) {
		_ = yield([]any{"甲"}, nil) && yield(nil, broken)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, f := range bothFormats {
		write := func(ctx context.Context, w io.Writer, rows iter.Seq2[[]any, error]) (int, error) {
			return Write(ctx, w, f, spec, rows, testMeta)
		}
		if n, err := write(t.Context(), io.Discard, failing); n != 1 || !errors.Is(err, broken) {
			t.Errorf("%s: %d, %v", f, n, err)
		}
		if _, err := write(t.Context(), io.Discard, each([]any{"甲", "乙"})); err == nil {
			t.Errorf("%s: a row of the wrong width was written", f)
		}
		if _, err := write(t.Context(), io.Discard, each([]any{struct{}{}})); err == nil {
			t.Errorf("%s: a struct was written", f)
		}
		if _, err := write(gone, io.Discard, each([]any{"甲"})); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: cancelled, got %v", f, err)
		}
		if _, err := write(t.Context(), failingWriter{}, each([]any{"甲"})); err == nil {
			t.Errorf("%s: an error of the writer was lost", f)
		}
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// A template can be filled in and read, and helps as far as the format allows.
func TestTemplate(t *testing.T) {
	spec := partySpec
	spec.MaxRows = 500
	spec.Columns = append([]Column{}, spec.Columns...)
	spec.Columns[0].Hint = "单位类型"
	for _, lang := range []i18n.Lang{i18n.ZH, i18n.EN} {
		ctx := i18n.With(t.Context(), lang)
		for _, f := range bothFormats {
			var b bytes.Buffer
			if err := Template(ctx, &b, f, spec); err != nil {
				t.Fatal(err)
			}
			table := mustRead(t, "a."+string(f), b.Bytes(), spec)
			if table.Len() != 0 || len(table.Facts.Ignored) != 0 || !table.Has("note") {
				t.Errorf("%s %s: facts %+v", lang, f, table.Facts)
			}
		}
	}
	var b bytes.Buffer
	if err := Template(t.Context(), &b, XLSX, spec); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rules, err := f.GetDataValidations("主体测试")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range rules {
		got[r.Sqref] = r.Formula1 + "|" + *r.Prompt
	}
	want := map[string]string{
		"A2:A501": "|单位类型\n按原样填写，保留前面的 0", "C2:C501": "|金额，单位：万元",
		"D2:D501": "|日期，如 2026-11-22", "E2:E501": "'可选值'!$E$1:$E$2|从列表中选择",
		"F2:F501": "|“是”或“否”", "G2:G501": "|整数",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if visible, _ := f.GetSheetVisible("可选值"); visible {
		t.Error("the sheet of allowed values is visible")
	}
	rows, _ := f.GetRows("填写说明")
	if len(rows) != 10 || !slices.Equal(rows[1][:2], []string{"统一社会信用代码", "是"}) {
		t.Errorf("instructions %q", rows)
	}
	id, _ := f.GetColStyle("主体测试", "A")
	if style, _ := f.GetStyle(id); style == nil || style.NumFmt != formatText {
		t.Errorf("the column of codes has style %+v", style)
	}
}

// The report shows each row with its problems, and can be corrected and sent again.
func TestReport(t *testing.T) {
	file := "企业名单\n单位名称,无关,统一社会信用代码,注册资本\n甲,=1,,\n乙,x,1,\n丙,y,\n"
	table := mustRead(t, "a.csv", []byte(file), partySpec)
	var ps Problems
	for r := range table.Rows(t.Context(), nil) {
		ps.Add(r.Problems...)
	}
	var b bytes.Buffer
	if err := table.Report(t.Context(), &b, &ps, testMeta); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, _ := f.GetRows("主体测试")
	want := [][]string{
		{"问题（重新导入时忽略本列）", "单位名称", "无关", "统一社会信用代码", "注册资本"},
		{"“统一社会信用代码”：必填", "甲", "=1"}, {"", "乙", "x", "1"}, {"“统一社会信用代码”：必填", "丙", "y"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	again := mustRead(t, "b.xlsx", b.Bytes(), partySpec)
	ignored := []string{"无关", "注册资本"}
	if again.Len() != 3 || !slices.Equal(again.Facts.Ignored, ignored) {
		t.Errorf("%d rows, facts %+v", again.Len(), again.Facts)
	}
}

func TestSheetNames(t *testing.T) {
	for title, want := range map[string]string{
		"主体库": "主体库", "a/b:c*[d]?\\e": "abcde", "'x'": "x", "": "Sheet1", "//": "Sheet1",
		strings.Repeat("名", 40): strings.Repeat("名", 31),
	} {
		if got := sheetName(title); got != want {
			t.Errorf("sheetName(%q) = %q, want %q", title, got, want)
		}
	}
}
