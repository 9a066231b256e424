package studio

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Layouts of the table of values.
const (
	Wide = "wide" // a row for each unit
	Long = "long" // a row for each value
)

// MaxWide is how many columns of values a wide table may have.
const MaxWide = sheet.MaxColumns - 3

// Fields of the two files.
const (
	FieldTree = "tree"
	FieldData = "data"
)

// Columns of the tables.
const (
	colCode, colName, colParent, colWeight = "code", "name", "parent", "weight"
	colDirection, colUnit, colTarget       = "direction", "unit", "target"
	colLow, colHigh, colReference          = "low", "high", "reference"
	colDenominator, colGroup               = "denominator", "group"
	colIndicator, colValue                 = "indicator", "value"
	valuePrefix                            = "v."
)

// TreeSheet is the table of a tree of indicators.
func TreeSheet() sheet.Spec {
	return sheet.Spec{Name: "indicator-tree", Title: "指标树", MaxRows: MaxNodes, Columns: []sheet.Column{
		{Key: colCode, Title: "代码", Kind: sheet.Code, Required: true, Hint: "指标或分组的代码，不重复"},
		{Key: colName, Title: "名称", Required: true, Width: 36},
		{Key: colParent, Title: "上级代码", Kind: sheet.Code, Hint: "所属分组的代码；最上一层留空"},
		{Key: colWeight, Title: "权重", Hint: "同一上级之下的相对权重，留空为 1"},
		{Key: colDirection, Title: "方向", Kind: sheet.Choice, Choices: directionWords, Hint: "留空为正向"},
		{Key: colUnit, Title: "单位"},
		{Key: colTarget, Title: "目标值"},
		{Key: colLow, Title: "下限", Aliases: []string{"不允许值"}, Hint: "阈值法的下限，功效系数法的不允许值"},
		{Key: colHigh, Title: "上限", Aliases: []string{"满意值"}, Hint: "阈值法的上限，功效系数法的满意值"},
		{Key: colReference, Title: "标杆值"},
		{Key: colDenominator, Title: "分母代码", Kind: sheet.Code, Hint: "先除以哪一列，如常住人口"},
	}}
}

// unitColumns begin both tables of values.
func unitColumns() []sheet.Column {
	return []sheet.Column{
		{Key: colCode, Title: "单位代码", Kind: sheet.Code, Required: true, Aliases: []string{"代码"}},
		{Key: colName, Title: "单位名称", Aliases: []string{"名称"}, Width: 16},
		{Key: colGroup, Title: "分组", Hint: "按组补缺时用，可留空"},
	}
}

// DataSheet is the table of values for a content's tree.
func DataSheet(c Content, layout string) sheet.Spec {
	s := sheet.Spec{Name: "indicator-values", Title: "指标数据", MaxRows: MaxUnits, Columns: unitColumns()}
	if layout == Long {
		s.MaxRows = sheet.MaxRows
		s.Columns = append(s.Columns,
			sheet.Column{Key: colIndicator, Title: "指标代码", Kind: sheet.Code, Required: true},
			sheet.Column{Key: colValue, Title: "数值", Hint: "缺失时留空"})
		return s
	}
	names := map[string]int{}
	for _, code := range c.columns() {
		names[c.NameOf(code)]++
	}
	for _, code := range c.columns() {
		col := sheet.Column{Key: valuePrefix + code, Title: code, Required: false}
		if name := c.NameOf(code); name != code {
			col.Title, col.Aliases = code+" "+name, []string{code}
			if names[name] == 1 {
				col.Aliases = append(col.Aliases, name)
			}
		}
		s.Columns = append(s.Columns, col)
	}
	return s
}

// TreeRows are a tree as rows of TreeSheet.
func TreeRows(c Content) [][]any {
	var out [][]any
	for _, n := range c.Nodes {
		direction := ""
		if n.Level == 1 {
			direction = directionWords[0]
			if n.Direction < 0 {
				direction = directionWords[1]
			}
		}
		out = append(out, []any{n.Code, n.Name, n.Parent, Plain(n.Weight), direction, n.Unit, plainOf(n.Target),
			plainOf(n.Low), plainOf(n.High), plainOf(n.Reference), n.Denominator})
	}
	return out
}

// DataRows are the values of a content as rows of DataSheet.
func DataRows(c Content, layout string) [][]any {
	var out [][]any
	for i, u := range c.Units {
		row := []any{u.Code, u.Name, u.Group}
		for _, code := range c.columns() {
			v := c.Values[i][slices.Index(c.Codes, code)]
			if layout == Long {
				out = append(out, append(slices.Clone(row), code, v))
			} else {
				row = append(row, v)
			}
		}
		if layout != Long {
			out = append(out, row)
		}
	}
	return out
}

func plainOf(v *float64) string {
	if v == nil {
		return ""
	}
	return Plain(*v)
}

// File is a table that somebody sends.
type File struct {
	Name    string
	Content io.Reader
}

// Upload is what a content is read from.
type Upload struct {
	Title  string
	Tree   *File    // nil: the tree of Base
	Data   *File    // nil: only the tree is checked
	Layout string   // of Data
	Base   *Content // the edition before
}

// Reading is what was found in the files. With problems in one of them there is no content.
type Reading struct {
	Content      Content
	TreeProblems sheet.Problems
	DataProblems sheet.Problems
	Ignored      []string // columns that mean nothing here
}

// Fine reports whether there is a content.
func (r Reading) Fine() bool { return r.TreeProblems.Total+r.DataProblems.Total == 0 }

// ReadFiles reads a content out of tables and says at which cells it is wrong. What is wrong with a file
// as a whole is a fault at its field.
func ReadFiles(ctx context.Context, in Upload) (Reading, error) {
	var r Reading
	switch {
	case in.Tree != nil:
		if err := r.tree(ctx, in); err != nil || r.TreeProblems.Total > 0 {
			return r, err
		}
	case in.Base != nil:
		r.Content.Nodes = slices.Clone(in.Base.Nodes)
	default:
		return r, fault.Fields(fault.At(FieldTree, "请选择指标树文件"))
	}
	if in.Data == nil {
		return r, fault.Fields(fault.At(FieldData, "请选择数据文件"))
	}
	if in.Layout != Long && len(r.Content.columns()) > MaxWide {
		return r, fault.Fields(fault.At("layout", "指标超过 %d 项，请用“每行一个数值”的格式", MaxWide))
	}
	return r, r.data(ctx, in)
}

// read reads one table; a fault of the file is one at its field.
func read(ctx context.Context, field string, f *File, s sheet.Spec) (*sheet.Table, error) {
	t, err := sheet.Read(ctx, f.Name, f.Content, s)
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid {
		if len(e.Fields) > 0 {
			return nil, fault.Fields(fault.At(field, e.Fields[0].Key, e.Fields[0].Args...))
		}
		return nil, fault.Fields(fault.At(field, e.Key, e.Args...))
	}
	return t, err
}

func (r *Reading) tree(ctx context.Context, in Upload) error {
	t, err := read(ctx, FieldTree, in.Tree, TreeSheet())
	if err != nil {
		return err
	}
	r.Ignored = append(r.Ignored, t.Facts.Ignored...)
	var rows []sheet.Row
	for row, err := range t.Rows(ctx, nil) {
		if err != nil {
			return err
		}
		r.TreeProblems.Add(row.Problems...)
		rows = append(rows, row)
		r.Content.Nodes = append(r.Content.Nodes, r.node(row))
	}
	var f faults
	r.Content.level(in.Title, &f)
	for _, e := range f {
		at, column, ok := place(e.Name, "nodes.")
		if !ok || at >= len(rows) {
			return fault.Fields(fault.At(FieldTree, e.Key, e.Args...))
		}
		if !r.TreeProblems.InRow(rows[at].Number) {
			r.TreeProblems.Add(rows[at].Problem(column, e.Key, e.Args...))
		}
	}
	return nil
}

// place reads nodes.3.code.
func place(name, prefix string) (int, string, bool) {
	rest, ok := strings.CutPrefix(name, prefix)
	var at int
	var column string
	if !ok {
		return 0, "", false
	}
	n, err := fmt.Sscanf(strings.Replace(rest, ".", " ", 1), "%d %s", &at, &column)
	return at, column, err == nil && n == 2
}

func (r *Reading) node(row sheet.Row) composite.Node {
	n := composite.Node{Code: row.Text(colCode), Name: tidy(row.Text(colName)), Parent: row.Text(colParent),
		Unit: tidy(row.Text(colUnit)), Denominator: row.Text(colDenominator), Weight: 1, Direction: 1}
	if row.Choice(colDirection) == directionWords[1] {
		n.Direction = -1
	}
	get := func(column string) *float64 {
		text, ok := Decimal(row.Text(column))
		if !ok {
			r.TreeProblems.Add(row.Problem(column, "“%s”不是数字", cut(row.Text(column))))
		}
		if !ok || text == "" {
			return nil
		}
		v := number(text)
		return &v
	}
	if w := get(colWeight); w != nil {
		n.Weight = *w
	}
	n.Target, n.Low, n.High, n.Reference = get(colTarget), get(colLow), get(colHigh), get(colReference)
	return n
}

func (r *Reading) data(ctx context.Context, in Upload) error {
	t, err := read(ctx, FieldData, in.Data, DataSheet(r.Content, in.Layout))
	if err != nil {
		return err
	}
	if in.Layout != Long {
		for _, code := range r.Content.columns() {
			if !t.Has(valuePrefix + code) {
				return fault.Fields(fault.At(FieldData, "缺少“%s”一列", code+" "+r.Content.NameOf(code)))
			}
		}
	}
	r.Ignored = append(r.Ignored, t.Facts.Ignored...)
	r.Content.Codes = r.Content.columns()
	if in.Layout == Long {
		err = r.long(ctx, t)
	} else {
		err = r.wide(ctx, t)
	}
	if err != nil || r.DataProblems.Total > 0 {
		return err
	}
	var f faults
	r.Content.check(in.Title, &f)
	if len(f) > 0 {
		return fault.Fields(fault.At(FieldData, f[0].Key, f[0].Args...))
	}
	return nil
}

// cell reads a value.
func (r *Reading) cell(row sheet.Row, column string) string {
	text, ok := Decimal(row.Text(column))
	if !ok {
		r.DataProblems.Add(row.Problem(column, "“%s”不是数字", cut(row.Text(column))))
		return ""
	}
	return text
}

func (r *Reading) unitOf(row sheet.Row) Unit {
	return Unit{Code: row.Text(colCode), Name: tidy(row.Text(colName)), Group: tidy(row.Text(colGroup))}
}

func (r *Reading) wide(ctx context.Context, t *sheet.Table) error {
	twice := sheet.NewDuplicates(colCode)
	for row, err := range t.Rows(ctx, nil) {
		if err != nil {
			return err
		}
		r.DataProblems.Add(row.Problems...)
		if p, is := twice.Check(row); is {
			r.DataProblems.Add(p)
		}
		r.Content.Units = append(r.Content.Units, r.unitOf(row))
		values := make([]string, len(r.Content.Codes))
		for k, code := range r.Content.Codes {
			values[k] = r.cell(row, valuePrefix+code)
		}
		r.Content.Values = append(r.Content.Values, values)
	}
	return nil
}

func (r *Reading) long(ctx context.Context, t *sheet.Table) error {
	twice := sheet.NewDuplicates(colCode, colIndicator)
	at := map[string]int{}
	for row, err := range t.Rows(ctx, nil) {
		if err != nil {
			return err
		}
		r.DataProblems.Add(row.Problems...)
		if p, is := twice.Check(row); is {
			r.DataProblems.Add(p)
		}
		u := r.unitOf(row)
		i, known := at[u.Code]
		if !known {
			i = len(r.Content.Units)
			at[u.Code] = i
			r.Content.Units = append(r.Content.Units, u)
			r.Content.Values = append(r.Content.Values, make([]string, len(r.Content.Codes)))
		}
		k := slices.Index(r.Content.Codes, row.Text(colIndicator))
		if k < 0 {
			if row.Text(colIndicator) != "" {
				r.DataProblems.Add(row.Problem(colIndicator, "指标树中没有代码“%s”", cut(row.Text(colIndicator))))
			}
			continue
		}
		r.Content.Values[i][k] = r.cell(row, colValue)
	}
	return nil
}
