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
	spec.UnitColumn = head[unit]
	data.Groups, data.Names = map[string]string{}, map[string]string{}
	wanted := map[string]bool{}
	for _, n := range spec.Nodes {
		wanted[n.Code], wanted[n.Denominator] = true, true
	}
	t := &composite.Table{}
	var cols []int
	for i, h := range head {
		if wanted[h] && i != unit {
			cols, t.Codes, t.Values = append(cols, i), append(t.Codes, h), append(t.Values, nil)
		}
	}
	for n, row := range rows {
		u := row[unit]
		t.Units = append(t.Units, u)
		if named >= 0 {
			data.Names[u] = row[named]
		}
		if group >= 0 {
			data.Groups[u] = row[group]
		}
		for k, i := range cols {
			v, ok := readNumber(row[i])
			if !ok {
				return data, "", c.badFile(name, n+2, "“%s”的值“%s”不是数字", head[i], row[i])
			}
			t.Values[k] = append(t.Values[k], v)
		}
	}
	data.Values = t
	return data, sum, nil
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
