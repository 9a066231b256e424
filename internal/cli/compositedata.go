package cli

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/engine/textenc"
)

// beside is a path that a file names, which is meant from its folder.
func beside(file, name string) string {
	if filepath.IsAbs(name) || file == "-" {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// csvRows reads a CSV file with a header, in UTF-8 or GB18030, and returns its SHA-256.
func (c *call) csvRows(name string) (head []string, rows [][]string, sum string, _ error) {
	raw, err := c.whole(name)
	if err != nil {
		return nil, nil, "", err
	}
	hash := sha256.Sum256(raw)
	text, _, err := textenc.Decode(raw)
	if err != nil {
		return nil, nil, "", c.badFile(name, 0, "不是 UTF-8 或 GB18030 文字")
	}
	r := csv.NewReader(strings.NewReader(text))
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, "", c.badFile(name, 0, "不是正确的 CSV：%s", err.Error())
		}
		if head == nil {
			head = row
		} else {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, nil, "", c.badFile(name, 0, "文件是空的")
	}
	return head, rows, hex.EncodeToString(hash[:]), nil
}

// compositeData reads the table of units. It completes the spec by the columns that were found.
func (c *call) compositeData(name string, spec *composite.Spec) (composite.Data, string, error) {
	var data composite.Data
	head, rows, sum, err := c.csvRows(name)
	if err != nil {
		return data, "", err
	}
	find := func(given string, usual []string) (int, bool) {
		if given != "" {
			i := slices.Index(head, given)
			return i, i >= 0
		}
		for _, u := range usual {
			if i := slices.Index(head, u); i >= 0 {
				return i, true
			}
		}
		return -1, true
	}
	unit, ok := find(spec.UnitColumn, unitColumns)
	if !ok || unit < 0 {
		return data, "", c.badFile(name, 0, "没有单位代码一列：请在说明中用 unit 指明")
	}
	named, ok := find(spec.NameColumn, nameColumns)
	if !ok {
		return data, "", c.badFile(name, 0, "没有“%s”一列", spec.NameColumn)
	}
	group, ok := find(spec.Group, nil)
	if !ok {
		return data, "", c.badFile(name, 0, "没有“%s”一列", spec.Group)
	}
	if spec.Panel != nil {
		err := c.panelData(name, spec, csvTable{head, rows, unit, named, group}, &data)
		return data, sum, err
	}
	spec.UnitColumn = head[unit]
	data.Groups, data.Names = map[string]string{}, map[string]string{}
	data.Values, err = c.compositeTable(name, spec, csvTable{head, rows, unit, named, group}, nil, &data)
	return data, sum, err
}

// csvTable is a table of units as it was read, with the columns that say which unit a row is of.
type csvTable struct {
	head               []string
	rows               [][]string
	unit, named, group int // -1 = there is none
}

// compositeTable reads the values of the nodes, of the rows that take is true for; nil takes all.
func (c *call) compositeTable(
	name string, spec *composite.Spec, in csvTable, take func(row []string) bool, data *composite.Data,
) (*composite.Table, error) {
	wanted := map[string]bool{}
	for _, n := range spec.Nodes {
		wanted[n.Code], wanted[n.Denominator] = true, true
	}
	t := &composite.Table{}
	var cols []int
	for i, h := range in.head {
		if wanted[h] && i != in.unit {
			cols, t.Codes, t.Values = append(cols, i), append(t.Codes, h), append(t.Values, nil)
		}
	}
	for n, row := range in.rows {
		if take != nil && !take(row) {
			continue
		}
		u := row[in.unit]
		t.Units = append(t.Units, u)
		if in.named >= 0 {
			data.Names[u] = row[in.named]
		}
		if in.group >= 0 {
			data.Groups[u] = row[in.group]
		}
		for k, i := range cols {
			v, ok := readNumber(row[i])
			if !ok {
				return nil, c.badFile(name, n+2, "“%s”的值“%s”不是数字", in.head[i], row[i])
			}
			t.Values[k] = append(t.Values[k], v)
		}
	}
	return t, nil
}

// panelData reads a table with a row for each unit and year. The units are those of the year that is built; one
// that another year lacks has no values there.
func (c *call) panelData(name string, spec *composite.Spec, in csvTable, data *composite.Data) error {
	column := spec.Panel.Column
	if column == "" {
		column = "year"
	}
	at := slices.Index(in.head, column)
	if at < 0 {
		return c.badFile(name, 0, "没有“%s”一列", column)
	}
	spec.Panel.Column, spec.UnitColumn = column, in.head[in.unit]
	data.Groups, data.Names = map[string]string{}, map[string]string{}
	var years []int
	for n, row := range in.rows {
		y, err := strconv.Atoi(strings.TrimSpace(row[at]))
		if err != nil {
			return c.badFile(name, n+2, "“%s”的值“%s”不是数字", column, row[at])
		}
		if !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	of := func(year int) (*composite.Table, error) {
		return c.compositeTable(name, spec, in, func(row []string) bool {
			return strings.TrimSpace(row[at]) == strconv.Itoa(year)
		}, data)
	}
	base, err := of(spec.Panel.Year)
	if err != nil {
		return err
	}
	if len(base.Units) == 0 {
		return c.badFile(name, 0, "没有 %d 年的数据", spec.Panel.Year)
	}
	data.Values, data.Panel = base, &composite.Panel{Years: years}
	for _, y := range years {
		t, err := of(y)
		if err != nil {
			return err
		}
		whole := composite.NewTable(base.Units, base.Codes)
		for i, u := range base.Units {
			if row := t.Unit(u); row >= 0 {
				for k := range base.Codes {
					whole.Values[k][i] = t.Values[k][row]
				}
			}
		}
		data.Panel.Tables = append(data.Panel.Tables, whole)
	}
	return nil
}

// readNumber reads a number; nothing, NA and a dash are missing.
func readNumber(s string) (float64, bool) {
	switch s = strings.TrimSpace(s); s {
	case "", "NA", "NaN", "N/A", "-", "–", "—", "..":
		return composite.Missing, true
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// compositeNodes reads the tree from a table of its own: with our names of columns, or with those of
// COINr, whose group and denominator columns it knows.
func (c *call) compositeNodes(name string, spec *composite.Spec) ([]composite.Node, error) {
	head, rows, _, err := c.csvRows(name)
	if err != nil {
		return nil, err
	}
	cell := func(row []string, names ...string) string {
		for _, n := range names {
			if i := slices.Index(head, n); i >= 0 && row[i] != "NA" {
				return strings.TrimSpace(row[i])
			}
		}
		return ""
	}
	var out []composite.Node
	for n, row := range rows {
		kind := cell(row, "type", "Type")
		if kind == "Group" && spec.Group == "" {
			spec.Group = cell(row, "code", "iCode")
		}
		if kind != "" && kind != "Indicator" && kind != "Aggregate" {
			continue
		}
		node := composite.Node{Code: cell(row, "code", "iCode"), Name: cell(row, "name", "iName"),
			Parent: cell(row, "parent", "Parent"), Unit: cell(row, "unit", "Unit"),
			Denominator: cell(row, "denominator", "Denominator"), Weight: 1}
		for _, x := range []struct {
			text string
			into func(float64)
		}{
			{cell(row, "level", "Level"), func(v float64) { node.Level = int(v) }},
			{cell(row, "direction", "Direction"), func(v float64) { node.Direction = int(v) }},
			{cell(row, "weight", "Weight"), func(v float64) { node.Weight = v }},
			{cell(row, "target", "Target"), func(v float64) { node.Target = &v }},
			{cell(row, "low", "Low"), func(v float64) { node.Low = &v }},
			{cell(row, "high", "High"), func(v float64) { node.High = &v }},
			{cell(row, "reference", "Reference"), func(v float64) { node.Reference = &v }},
		} {
			v, ok := readNumber(x.text)
			if !ok {
				return nil, c.badFile(name, n+2, "“%s”不是数字", x.text)
			}
			if !math.IsNaN(v) {
				x.into(v)
			}
		}
		out = append(out, node)
	}
	return out, nil
}
