package sheet

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/money"
)

var _ = i18n.English(map[string]string{
	"统一社会信用代码": "Credit code", "单位名称": "Name", "注册资本（万元）": "Capital (10,000 yuan)",
	"成立日期": "Founded", "单位类型": "Kind of organisation", "高新技术企业": "High-tech", "职工人数": "Staff",
	"企业": "Company", "高校": "University", "备注": "Remarks", "主体测试": "Parties",
})

// partySpec is a table with a column of each kind.
var partySpec = Spec{Name: "party", Title: "主体测试", Columns: []Column{
	{Key: "uscc", Title: "统一社会信用代码", Aliases: []string{"信用代码", "USCC"}, Kind: Code, Required: true},
	{Key: "name", Title: "单位名称", Aliases: []string{"企业名称"}, Required: true},
	{Key: "capital", Title: "注册资本（万元）", Kind: Money, Unit: money.Wan},
	{Key: "founded", Title: "成立日期", Kind: Date},
	{Key: "kind", Title: "单位类型", Kind: Choice, Choices: []string{"企业", "高校"}},
	{Key: "hitech", Title: "高新技术企业", Kind: Bool},
	{Key: "staff", Title: "职工人数", Kind: Integer},
	{Key: "note", Title: "备注"},
}}

func TestTypedCells(t *testing.T) {
	file := "名称x,信用代码（必填）,*企业名称,注册资本(万元),Founded,KIND,hitech,职工人数,备注\n" +
		"?,９１３５０１００m000100y43,甲,\"1,234.5\",2026年1月2日,company,√,\"1,000\", 一 \n" +
		"?,'0012,乙,3亿元,20260102,高校,否,-3.0,\n" +
		"?,1,丙,,2026/1/2 08:30,,,,\n"
	table := mustRead(t, "a.csv", []byte(file), partySpec)
	if diff := cmp.Diff([]string{"名称x"}, table.Facts.Ignored); diff != "" {
		t.Error(diff)
	}
	type org struct {
		USCC, Name     string
		Fen            int64
		Founded, Kind  string
		HiTech         bool
		Staff          int64
		Note, Problems string
	}
	var got []org
	for r, err := range table.Rows(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		o := org{r.Text("uscc"), r.Text("name"), int64(r.Fen("capital")), string(r.Date("founded")),
			r.Choice("kind"), r.Bool("hitech"), r.Int("staff"), r.Text("note"), ""}
		for _, p := range r.Problems {
			o.Problems += p.Text(i18n.ZH)
		}
		got = append(got, o)
	}
	want := []org{
		{"91350100m000100y43", "甲", 1_234_500_000, "2026-01-02", "企业", true, 1000, "一", ""},
		{"0012", "乙", 30_000_000_000, "2026-01-02", "高校", false, -3, "", ""},
		{"1", "丙", 0, "2026-01-02", "", false, 0, "", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCellProblems(t *testing.T) {
	head := "统一社会信用代码,单位名称,注册资本（万元）,成立日期,单位类型,高新技术企业,职工人数,备注\n"
	for row, want := range map[string]string{
		"1,,,,,,,":                 "第 2 行“单位名称”：必填",
		" ,甲,,,,,,":                "第 2 行“统一社会信用代码”：必填",
		"1.4E+17,甲,,,,,,":          "第 2 行“统一社会信用代码”：“1.4E+17”是科学记数，原来的数字已丢失；请设为文本格式后重新填写",
		"1,甲,0.0000001,,,,,":       "第 2 行“注册资本（万元）”：金额最多精确到分",
		"1,甲,12美元,,,,,":            "第 2 行“注册资本（万元）”：金额应为数字，如 35.6",
		"1,甲,99999999999999亿,,,,,": "第 2 行“注册资本（万元）”：金额超出可记录的范围",
		"1,甲,,2026-02-30,,,,":      "第 2 行“成立日期”：“2026-02-30”不是日期，请写成 2026-11-22",
		"1,甲,,46348,,,,":           "第 2 行“成立日期”：“46348”不是日期，请写成 2026-11-22",
		"1,甲,,,公司,,,":              "第 2 行“单位类型”：“公司”不在可选值中，可填：企业、高校",
		"1,甲,,,,也许,,":              "第 2 行“高新技术企业”：“也许”应为“是”或“否”",
		"1,甲,,,,,1.5,":             "第 2 行“职工人数”：“1.5”不是整数",
		"1,甲,,,,,,#N/A":            "第 2 行“备注”：该单元格是错误值 #N/A",
		"1,甲,,,,,,一,二":             "第 2 行：这一行比表头多出 1 列，请检查引号和分隔符",
		"1,甲,,,,," + strings.Repeat("9", 50) + ",": "第 2 行“职工人数”：“" + strings.Repeat("9", 40) +
			"…”不是整数",
	} {
		table := mustRead(t, "a.csv", []byte(head+row+"\n"), partySpec)
		if diff := cmp.Diff([]string{want}, problemTexts(t, table)); diff != "" {
			t.Errorf("%s: %s", row, diff)
		}
	}
}

func TestHeaderProblems(t *testing.T) {
	for file, want := range map[string]string{
		"单位名称,备注\n":        "缺少必填的列“统一社会信用代码”",
		"信用代码,USCC,Name\n": "“统一社会信用代码”列出现了两次：A 列和 B 列",
		"备注,备注\n":          "“备注”列出现了两次：A 列和 B 列\n缺少必填的列“统一社会信用代码”\n缺少必填的列“单位名称”",
		"统一社会信用代码\t企业名称\t企业名称 *\n1\t2": "“单位名称”列出现了两次：B 列和 C 列",
	} {
		if got := mustRefuse(t, []byte(file), partySpec); got != want {
			t.Errorf("%q: got %q, want %q", file, got, want)
		}
	}
}

func TestColumnsWithoutHeaderAreSaid(t *testing.T) {
	data := xlsx(t, rowsXML([]string{"名称", ""}, []string{"甲", "乙", "丙"}))
	var got []string
	for _, n := range mustRead(t, "a.xlsx", data, textSpec("名称")).Facts.Notices {
		got = append(got, n.Text(i18n.EN))
	}
	want := []string{"Column B has content but no header and was not read",
		"Column C has content but no header and was not read"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicates(t *testing.T) {
	file := "统一社会信用代码,单位名称\n1A,甲\n２,甲\n １a ,甲\n,甲\n,甲\n"
	table := mustRead(t, "a.csv", []byte(file), partySpec)
	one, two := NewDuplicates("uscc"), NewDuplicates("uscc", "name")
	var got []string
	for r := range table.Rows(t.Context(), nil) {
		for _, d := range []*Duplicates{one, two} {
			if p, ok := d.Check(r); ok {
				got = append(got, p.Text(i18n.ZH))
			}
		}
	}
	want := []string{"第 4 行“统一社会信用代码”：与第 2 行重复", "第 4 行“统一社会信用代码”：与第 2 行重复"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProblemsAreCapped(t *testing.T) {
	var ps Problems
	if ps.Err(t.Context()) != nil {
		t.Error("no problems are an error")
	}
	for i := range MaxProblems + 100 {
		ps.Add(Problem{Row: i / 2, Key: "必填"})
	}
	if len(ps.Kept) != MaxProblems || ps.Total != MaxProblems+100 || ps.Rows() != MaxProblems/2+50 {
		t.Errorf("kept %d, total %d, rows %d", len(ps.Kept), ps.Total, ps.Rows())
	}
	e, ok := fault.As(ps.Err(i18n.With(t.Context(), i18n.EN)))
	if !ok || len(e.Fields) != MaxProblems || e.Fields[2].Name != "Row 1" {
		t.Errorf("fault %v", e)
	}
	want := "The table has 600 problems in 300 rows. Nothing was imported."
	if got := i18n.Fault(i18n.EN, e); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressAndCancel(t *testing.T) {
	file := "名称\n" + strings.Repeat("甲\n", 250)
	table := mustRead(t, "a.csv", []byte(file), textSpec("名称"))
	var steps []int
	for _, err := range table.Rows(t.Context(), func(done, total int) {
		steps = append(steps, done)
		if total != 250 {
			t.Errorf("total %d, want 250", total)
		}
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]int{0, 100, 200, 250}, steps); diff != "" {
		t.Error(diff)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	walked := 0
	var last error
	for _, err := range table.Rows(ctx, nil) {
		if last = err; err == nil {
			walked++
		}
		if walked == 7 {
			cancel()
		}
	}
	if walked != 7 || !errors.Is(last, context.Canceled) {
		t.Errorf("walked %d rows, error %v", walked, last)
	}
	for _, data := range [][]byte{[]byte(file), xlsx(t, rowsXML([]string{"名称"}))} {
		if _, err := Read(ctx, "a", strings.NewReader(string(data)),
			textSpec("名称")); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled Read returned %v", err)
		}
	}
}

func TestUnknownColumnPanics(t *testing.T) {
	table := mustRead(t, "a.csv", []byte("名称\n甲\n"), textSpec("名称"))
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	for r := range table.Rows(t.Context(), nil) {
		r.Text("nmae")
	}
}

func TestAmountsComeBack(t *testing.T) {
	for _, fen := range []money.Fen{0, 1, -1, 100, 123_456_789, -9_007_199_254_740_993} {
		for _, unit := range []money.Unit{money.Yuan, money.Wan, money.Yi} {
			text := fenText(fen, unit)
			if got, err := money.Parse(text, unit); err != nil || got != fen {
				t.Errorf("%d in units of %d is %s, read as %d, %v", fen, unit, text, got, err)
			}
		}
	}
}

func TestColumnNames(t *testing.T) {
	names := map[int]string{0: "A", 25: "Z", 26: "AA", 49: "AX", 701: "ZZ", 702: "AAA"}
	for i, want := range names {
		if got := columnName(i); got != want {
			t.Errorf("columnName(%d) = %s, want %s", i, got, want)
		}
		if got, _, err := parseRef(want + "7"); err != nil || got != i {
			t.Errorf("parseRef(%s7) = %d, %v, want %d", want, got, err, i)
		}
	}
}
