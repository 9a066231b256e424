package studio

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
)

// Limits of a dataset.
const (
	MaxUnits      = 500
	MaxIndicators = 120 // with the columns they are divided by
	MaxCells      = 30_000
	MaxNodes      = 200
	MaxLevels     = 4
	maxCode       = 40
	maxName       = 60
)

// rootCode is the node of the whole when the tree names none.
const rootCode = "INDEX"

// Unit is what is ranked: a city, a district, a park.
type Unit struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Group string `json:"group,omitempty"` // for filling by groups
}

// Content is what an edition of a dataset holds.
type Content struct {
	Nodes []composite.Node `json:"nodes"`
	Units []Unit           `json:"units"`
	Codes []string         `json:"codes"` // of the columns: the indicators, and what they are divided by
	// Values are decimals as they were typed, by unit and column; "" is missing.
	Values [][]string `json:"values"`
	// Taken are the values that are of other years.
	Taken []TakenValue `json:"taken,omitempty"`
	// Left are the names of indicators of which there is no value, so that they are not among the columns.
	Left []string `json:"left,omitempty"`
}

// hash names a content.
func (c *Content) hash() string {
	sum := sha256.Sum256([]byte(encode(c)))
	return hex.EncodeToString(sum[:])
}

// plainNumber is a decimal as it is kept.
var plainNumber = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,12})?$`)

// missingWords are what people write where a value is missing.
var missingWords = []string{"NA", "N/A", "NaN", "-", "–", "—", "..", "null"}

// Decimal reads a value as people type it. A missing one is "".
func Decimal(s string) (string, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), ",", "")
	if s == "" || slices.Contains(missingWords, s) || s == missingWord {
		return "", true
	}
	if strings.ContainsAny(s, "eE") { // as a spreadsheet writes what is very small
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(v) >= 1e15 {
			return "", false
		}
		s = strconv.FormatFloat(v, 'f', -1, 64)
		if _, after, ok := strings.Cut(s, "."); ok && len(after) > 12 {
			s = strings.TrimRight(strconv.FormatFloat(v, 'f', 12, 64), "0")
		}
		s = strings.TrimSuffix(s, ".")
	}
	return s, plainNumber.MatchString(s)
}

// number is the value of a kept decimal.
func number(s string) float64 {
	if s == "" {
		return composite.Missing
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return composite.Missing
	}
	return v
}

var codeForm = regexp.MustCompile(`^[\p{L}\p{N}_.&+/-]+$`)

// level gives each node its level, puts a root above several tops, and says what is wrong with the tree.
// The fields of its faults are nodes.N.…
func (c *Content) level(title string, f *faults) {
	at, tops := c.index(f)
	if len(*f) > 0 {
		return
	}
	if len(tops) != 1 || !slices.ContainsFunc(c.Nodes, func(n composite.Node) bool {
		return n.Parent == c.Nodes[tops[0]].Code
	}) {
		if _, taken := at[rootCode]; taken {
			f.add("nodes", "代码 %s 保留给总指数", rootCode)
			return
		}
		for _, i := range tops {
			c.Nodes[i].Parent = rootCode
		}
		at[rootCode] = len(c.Nodes)
		c.Nodes = append(c.Nodes, composite.Node{Code: rootCode, Name: title, Weight: 1})
	}
	c.depths(at, f)
}

// index finds the nodes by their codes, and those without a parent.
func (c *Content) index(f *faults) (at map[string]int, tops []int) {
	at = map[string]int{}
	if len(c.Nodes) == 0 || len(c.Nodes) > MaxNodes {
		f.add("nodes", "应有 1 到 %d 个指标和分组，现有 %d 个", MaxNodes, len(c.Nodes))
		return at, nil
	}
	for i, n := range c.Nodes {
		name := fmt.Sprintf("nodes.%d.", i)
		f.line(name+"code", n.Code, maxCode, true)
		f.line(name+"name", n.Name, maxName, true)
		if n.Code != "" && !codeForm.MatchString(n.Code) {
			f.add(name+"code", "代码只能由文字、数字和 _ . - 组成")
		}
		if _, twice := at[n.Code]; twice {
			f.add(name+"code", "“%s”重复", n.Code)
		}
		at[n.Code] = i
		if n.Parent == "" {
			tops = append(tops, i)
		}
		if math.IsNaN(n.Weight) || n.Weight < 0 || n.Weight > 1e6 {
			f.add(name+"weight", "权重应是不小于 0 的数")
		}
		if n.Direction < -1 || n.Direction > 1 {
			f.add(name+"direction", "方向应为正向或逆向")
		}
	}
	return at, tops
}

// depths checks the parents and gives levels: 1 for indicators, which all stand equally deep.
func (c *Content) depths(at map[string]int, f *faults) {
	depth, deepest := make([]int, len(c.Nodes)), 0
	kids := map[string]bool{}
	for _, n := range c.Nodes {
		kids[n.Parent] = true
	}
	for i, n := range c.Nodes {
		d := 1
		for p := n.Parent; p != ""; d++ {
			k, ok := at[p]
			if !ok {
				f.add(fmt.Sprintf("nodes.%d.parent", i), "没有代码为“%s”的上级", p)
				return
			}
			if d > MaxLevels {
				f.add(fmt.Sprintf("nodes.%d.parent", i), "最多 %d 层，或上级互相包含", MaxLevels)
				return
			}
			p = c.Nodes[k].Parent
		}
		depth[i], deepest = d, max(deepest, d)
	}
	for i := range c.Nodes {
		c.Nodes[i].Level = deepest - depth[i] + 1
		if c.Nodes[i].Direction == 0 || c.Nodes[i].Level > 1 {
			c.Nodes[i].Direction = 1
		}
		if c.Nodes[i].Level > 1 && !kids[c.Nodes[i].Code] {
			f.add(fmt.Sprintf("nodes.%d.parent", i), "各项指标应在同一层：“%s”下面没有指标", c.Nodes[i].Code)
		}
	}
	if _, err := composite.NewTree(c.Nodes); err != nil && len(*f) == 0 {
		f.add("nodes", "指标树不成立：%s", err.Error())
	}
}

// columns are the codes that values are wanted of: the indicators in their order, then what they are
// divided by.
func (c *Content) columns() []string {
	var out, rest []string
	for _, n := range c.Nodes {
		if n.Level == 1 {
			out = append(out, n.Code)
			if n.Denominator != "" && !slices.Contains(rest, n.Denominator) {
				rest = append(rest, n.Denominator)
			}
		}
	}
	for _, code := range rest {
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// check completes a content and says what is wrong with it.
func (c *Content) check(title string, f *faults) { c.complete(title, f, nil) }

// complete is check, with values filled in once all that is there was read.
func (c *Content) complete(title string, f *faults, fill func(*faults)) {
	c.level(title, f)
	if len(*f) > 0 {
		return
	}
	wanted := c.columns()
	switch {
	case len(wanted) > MaxIndicators:
		f.add("nodes", "最多 %d 项指标，现有 %d 项", MaxIndicators, len(wanted))
	case len(c.Units) < 2 || len(c.Units) > MaxUnits:
		f.add("units", "应有 2 到 %d 个单位，现有 %d 个", MaxUnits, len(c.Units))
	case len(c.Units)*len(wanted) > MaxCells:
		f.add("values", "最多 %d 个数据，现有 %d 个", MaxCells, len(c.Units)*len(wanted))
	case len(c.Values) != len(c.Units):
		f.add("values", "有 %d 个单位、%d 行数据", len(c.Units), len(c.Values))
	}
	for _, code := range wanted {
		if !slices.Contains(c.Codes, code) {
			f.add("codes", "缺少“%s”一列", code)
		}
	}
	if len(*f) > 0 {
		return
	}
	c.units(f)
	c.cells(f)
	if len(*f) == 0 && fill != nil {
		fill(f)
	}
	c.silent(f)
	if len(*f) == 0 {
		c.taken(f)
	}
}

func (c *Content) units(f *faults) {
	seen := map[string]bool{}
	for i, u := range c.Units {
		name := fmt.Sprintf("units.%d.", i)
		f.line(name+"code", u.Code, maxCode, true)
		f.line(name+"name", u.Name, maxName, false)
		f.line(name+"group", u.Group, maxName, false)
		if seen[u.Code] {
			f.add(name+"code", "“%s”重复", u.Code)
		}
		seen[u.Code] = true
		if u.Name == "" {
			c.Units[i].Name = u.Code
		}
	}
}

func (c *Content) cells(f *faults) {
	for i, row := range c.Values {
		if len(row) != len(c.Codes) {
			f.add(fmt.Sprintf("values.%d", i), "有 %d 列，应为 %d 列", len(row), len(c.Codes))
			continue
		}
		for k, v := range row {
			text, ok := Decimal(v)
			if !ok {
				f.add(fmt.Sprintf("values.%d.%d", i, k), "“%s”不是数字", cut(v))
			}
			row[k] = text
		}
	}
}

// silent says which columns have no value at all.
func (c *Content) silent(f *faults) {
	for k, code := range c.Codes {
		there := slices.ContainsFunc(c.Values, func(row []string) bool { return k < len(row) && row[k] != "" })
		if !there {
			f.add("codes", "“%s”一列全部缺失", code)
		}
	}
}

// cut shortens what people typed for a message.
func cut(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

// missing counts the cells without a value.
func (c *Content) missing() int64 {
	var n int64
	for _, row := range c.Values {
		for _, v := range row {
			if v == "" {
				n++
			}
		}
	}
	return n
}

// data is the content as the engine takes it.
func (c *Content) data() composite.Data {
	d := composite.Data{Groups: map[string]string{}, Names: map[string]string{},
		Values: &composite.Table{Codes: slices.Clone(c.Codes)}}
	for _, u := range c.Units {
		d.Values.Units = append(d.Values.Units, u.Code)
		d.Groups[u.Code], d.Names[u.Code] = u.Group, u.Name
	}
	for k := range c.Codes {
		col := make([]float64, len(c.Units))
		for i := range c.Units {
			col[i] = number(c.Values[i][k])
		}
		d.Values.Values = append(d.Values.Values, col)
	}
	return d
}

// unit finds a unit by its code, -1 when there is none.
func (c *Content) unit(code string) int {
	return slices.IndexFunc(c.Units, func(u Unit) bool { return u.Code == code })
}

// NameOf is the name of a node, its code when it has none.
func (c *Content) NameOf(code string) string {
	for _, n := range c.Nodes {
		if n.Code == code && n.Name != "" {
			return n.Name
		}
	}
	return code
}

// Levels is how many levels the tree has, the indicators being the first.
func (c *Content) Levels() int {
	most := 0
	for _, n := range c.Nodes {
		most = max(most, n.Level)
	}
	return most
}

// Children are the nodes below one.
func (c *Content) Children(code string) []composite.Node {
	var out []composite.Node
	for _, n := range c.Nodes {
		if n.Parent == code {
			out = append(out, n)
		}
	}
	return out
}

// WriteCSV writes the values as the command `yuntu composite` reads them.
func (c *Content) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{append([]string{"code", "name", "group"}, c.Codes...)}
	for i, u := range c.Units {
		rows = append(rows, append([]string{u.Code, u.Name, u.Group}, c.Values[i]...))
	}
	return out.WriteAll(rows)
}
