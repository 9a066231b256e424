package studio

import (
	"context"
	"fmt"
	"io"
	"maps"
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
const MaxWide = sheet.MaxColumns - 4

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
	colIndicator, colValue, colYear        = "indicator", "value", "year"
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

// UploadSheet is DataSheet with a column for the year, as tables are read that people send: with it a unit has a row
// for each year.
func UploadSheet(c Content, layout string) sheet.Spec {
	s := DataSheet(c, layout)
	s.MaxRows = min(s.MaxRows*(2*MaxFillYears+1), sheet.MaxRows)
	year := sheet.Column{Key: colYear, Title: "年份", Kind: sheet.Integer, Aliases: []string{"年度"},
		Hint: "一张表里有几年的数据时填写，每年一行"}
	// Before the columns of values: an indicator with this name is the indicator.
	s.Columns = slices.Insert(s.Columns, len(unitColumns()), year)
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
	Year   int64    // of the data: with a column of years its rows are the content, and Taking is from the others
	Taking
}

// Reading is what was found in the files. With problems in one of them there is no content.
type Reading struct {
	Content      Content
	Years        int // other years in the table
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
	t, err := read(ctx, FieldData, in.Data, UploadSheet(r.Content, in.Layout))
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
	years, err := r.rows(ctx, in, t)
	if err != nil || r.DataProblems.Total > 0 {
		return err
	}
	own, there := years[in.Year]
	if !there {
		return fault.Fields(fault.At(FieldData, "表中没有 %d 年的数据", in.Year))
	}
	r.Content.Units, r.Content.Values, r.Years = own.units, own.values, len(years)-1
	var f faults
	in.checkTaking(&f)
	if err := f.err(); err != nil {
		return err
	}
	r.Content.complete(in.Title, &f, func(f *faults) {
		r.Content.take(in.Year, r.others(years, in), in.Taking, f)
	})
	if len(f) > 0 {
		return fault.Fields(fault.At(FieldData, f[0].Key, f[0].Args...))
	}
	return nil
}

// others are the years that values may be taken from.
func (r *Reading) others(years map[int64]*yearRows, in Upload) []OtherYear {
	var out []OtherYear
	for _, y := range slices.Sorted(maps.Keys(years)) {
		if y == in.Year || y < in.Year-in.far() || y > in.Year+in.far() {
			continue
		}
		x := OtherYear{Year: y, Codes: r.Content.Codes, Values: years[y].values}
		for _, u := range years[y].units {
			x.Units = append(x.Units, u.Code)
		}
		out = append(out, x)
	}
	return out
}

// yearRows is what a table has of one year.
type yearRows struct {
	units  []Unit
	values [][]string
	at     map[string]int // units by code
}

// row is the row of a unit, made when there is none.
func (y *yearRows) row(u Unit, columns int) []string {
	i, known := y.at[u.Code]
	if !known {
		i = len(y.units)
		y.at[u.Code] = i
		y.units, y.values = append(y.units, u), append(y.values, make([]string, columns))
	}
	return y.values[i]
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

// rows reads the rows by their years. Without a column of years all are of the year of the data.
func (r *Reading) rows(ctx context.Context, in Upload, t *sheet.Table) (map[int64]*yearRows, error) {
	once := []string{colCode}
	if in.Layout == Long {
		once = append(once, colIndicator)
	}
	dated := t.Has(colYear)
	if dated {
		once = append(once, colYear)
	}
	years, twice := map[int64]*yearRows{}, sheet.NewDuplicates(once...)
	for row, err := range t.Rows(ctx, nil) {
		if err != nil {
			return nil, err
		}
		r.DataProblems.Add(row.Problems...)
		p, again := twice.Check(row)
		if again {
			r.DataProblems.Add(p)
		}
		year := in.Year
		if dated {
			if year = row.Int(colYear); row.Text(colYear) == "" {
				r.DataProblems.Add(row.Problem(colYear, "必填"))
			}
		}
		if years[year] == nil {
			years[year] = &yearRows{at: map[string]int{}}
		}
		values := years[year].row(r.unitOf(row), len(r.Content.Codes))
		if again {
			values = make([]string, len(values)) // what else is wrong with it is said, too
		}
		if in.Layout == Long {
			r.one(row, values)
			continue
		}
		for k, code := range r.Content.Codes {
			values[k] = r.cell(row, valuePrefix+code)
		}
	}
	return years, nil
}

// one reads the value of a row of a long table.
func (r *Reading) one(row sheet.Row, values []string) {
	k := slices.Index(r.Content.Codes, row.Text(colIndicator))
	switch {
	case k >= 0:
		values[k] = r.cell(row, colValue)
	case row.Text(colIndicator) != "":
		r.DataProblems.Add(row.Problem(colIndicator, "指标树中没有代码“%s”", cut(row.Text(colIndicator))))
	}
}
