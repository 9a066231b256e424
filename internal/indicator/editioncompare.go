package indicator

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuntu-city/yuntu/internal/plan"
)

// What a Change is about, and what became of it.
const (
	OfSet   = "set"
	OfGroup = "group"
	OfItem  = "item"

	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// ChangeKinds are what becomes of a part of a set.
func ChangeKinds() []plan.Choice {
	return []plan.Choice{{Value: Added, Title: "增加"}, {Value: Removed, Title: "去掉"}, {Value: Changed, Title: "修改"}}
}

// ChangeParts are what a change may be about.
func ChangeParts() []plan.Choice {
	return []plan.Choice{{Value: OfSet, Title: "整个体系"}, {Value: OfGroup, Title: "一级指标"}, {Value: OfItem, Title: "指标"}}
}

// FieldChange is a field with what it says in two editions.
type FieldChange struct {
	Field string `json:"field"`
	Title string `json:"title"` // in Chinese
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Change is a line of a comparison of two editions.
type Change struct {
	Of     string        `json:"of"`   // OfSet, OfGroup or OfItem
	Kind   string        `json:"kind"` // Added, Removed or Changed
	Name   string        `json:"name"`
	Group  string        `json:"group,omitempty"` // of an indicator
	Fields []FieldChange `json:"fields"`
	// Defines says that the indicator gets another definition by it, and Breaks that its series gets a break.
	Defines bool `json:"defines,omitempty"`
	Breaks  bool `json:"breaks,omitempty"`
}

// field is how one field of a part is written for a comparison.
type fieldOf[T any] struct {
	name, title string
	text        func(T) string
}

// diff lists the fields that two parts differ in.
func diff[T any](fields []fieldOf[T], a, b T) []FieldChange {
	var out []FieldChange
	for _, f := range fields {
		if x, y := f.text(a), f.text(b); x != y {
			out = append(out, FieldChange{f.name, f.title, x, y})
		}
	}
	return out
}

var setFields = []fieldOf[SetFile]{
	{"name", "名称", func(s SetFile) string { return s.Name }},
	{"year", "年度", func(s SetFile) string { return strconv.FormatInt(s.Year, 10) }},
	{"label", "标注", func(s SetFile) string { return s.Label }},
	{"source", "出处", func(s SetFile) string { return s.Source }},
	{"note", "核实情况", func(s SetFile) string { return s.Note }},
	{"weighting", "权重的写法", func(s SetFile) string { return plan.TitleOf(Weightings(), s.WeightingOf()) }},
}

var groupFields = []fieldOf[FileGroup]{
	{"weight", "权重", func(g FileGroup) string { return string(g.Weight) }},
	{"mark", "核实情况", func(g FileGroup) string { return plan.TitleOf(Marks(), g.Mark) }},
	{"source", "出处", func(g FileGroup) string { return g.Source }},
}

// placed is an indicator with the group it is in.
type placed struct {
	FileItem
	group string
}

// placedFields are what a set says of an indicator.
var placedFields = []fieldOf[placed]{
	{"group", "一级指标", func(x placed) string { return x.group }},
	{"title", "体系中的叫法", func(x placed) string { return x.Title }},
	{"direction", "方向", func(x placed) string { return plan.TitleOf(plan.Directions(), x.Direction) }},
	{"weight", "权重", func(x placed) string { return string(x.Weight) }},
	{"mark", "核实情况", func(x placed) string { return plan.TitleOf(Marks(), x.Mark) }},
	{"note", "说明", func(x placed) string { return x.Note }},
}

// countedFields are what a definition says, and breakFields those of them by which what is counted becomes
// another thing: values before and after cannot be compared.
var (
	countedFields = []fieldOf[FileItem]{
		{"kind", "数据方式", func(x FileItem) string { return plan.TitleOf(Kinds(), x.Kind) }},
		{"text", "口径", func(x FileItem) string { return x.Text }},
		{"formula", "公式", func(x FileItem) string { return x.Formula }},
		{"measure", "系统度量", func(x FileItem) string { return x.Measure }},
		{"dims", "度量的固定条件", func(x FileItem) string { return dimsText(x.Dims) }},
		{"factor", "换算系数", func(x FileItem) string { return string(x.Factor) }},
		{"cumulative", "自年初累计", func(x FileItem) string { return yesNo(x.Cumulative) }},
		{"unit", "计量单位", func(x FileItem) string { return x.Unit }},
		{"places", "小数位", func(x FileItem) string { return strconv.FormatInt(x.places(), 10) }},
		{"frequency", "频率", func(x FileItem) string { return plan.TitleOf(Frequencies(), x.Frequency) }},
		{"owner", "责任单位", func(x FileItem) string { return x.Owner }},
		{"dueDays", "报送工作日", func(x FileItem) string { return strconv.FormatInt(x.DueDays, 10) }},
		{"dueTime", "报送时刻", func(x FileItem) string { return x.DueTime }},
		{"floor", "下限", func(x FileItem) string { return string(x.Floor) }},
		{"ceiling", "上限", func(x FileItem) string { return string(x.Ceiling) }},
		{"jump", "变动提示", func(x FileItem) string { return string(x.Jump) }},
	}
	breakFields = []string{"kind", "text", "formula", "measure", "dims", "factor", "cumulative"}
)

// WeightingOf says what the weights of indicators are.
func (s SetFile) WeightingOf() string {
	if s.Weighting == "" {
		return Relative
	}
	return s.Weighting
}

func (x FileItem) places() int64 {
	if x.Places == nil {
		return usualPlaces
	}
	return *x.Places
}

func dimsText(dims map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(dims)) {
		out = append(out, k+"="+dims[k])
	}
	return strings.Join(out, "；")
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return ""
}

// recount says what differs in how an indicator is counted, and whether its series breaks by it.
func recount(a, b FileItem) (fields []FieldChange, breaks bool) {
	fields = diff(countedFields, a, b)
	breaks = !b.Continues && slices.ContainsFunc(fields, func(f FieldChange) bool {
		return slices.Contains(breakFields, f.Field)
	})
	return fields, breaks
}

// spread are the indicators of a file by name, in their order.
func (s SetFile) spread() (names []string, by map[string]placed) {
	by = map[string]placed{}
	for _, g := range s.Groups {
		for _, x := range g.Items {
			names = append(names, x.Name)
			by[x.Name] = placed{x, g.Name}
		}
	}
	return names, by
}

// Compare says line by line what an edition has that another has not. known tells how an indicator that
// the first one lacks is counted already; nil knows none.
func Compare(a, b SetFile, known func(name string) (FileItem, bool)) []Change {
	var out []Change
	if fields := diff(setFields, a, b); len(fields) > 0 {
		out = append(out, Change{Of: OfSet, Kind: Changed, Name: b.Name, Fields: fields})
	}
	out = append(out, compareGroups(a, b)...)
	_, before := a.spread()
	names, after := b.spread()
	for _, name := range names {
		x, y := before[name], after[name]
		c := Change{Of: OfItem, Kind: Changed, Name: name, Group: y.group}
		was, counted := x.FileItem, true
		if x.Name == "" {
			c.Kind = Added
			if counted = known != nil; counted {
				was, counted = known(name)
			}
		} else {
			c.Fields = diff(placedFields, x, y)
		}
		if counted {
			fields, breaks := recount(was, y.FileItem)
			c.Fields, c.Defines, c.Breaks = append(c.Fields, fields...), len(fields) > 0, breaks
		}
		if c.Kind == Added || len(c.Fields) > 0 {
			out = append(out, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if _, there := after[name]; !there {
			out = append(out, Change{Of: OfItem, Kind: Removed, Name: name, Group: before[name].group})
		}
	}
	return out
}

func compareGroups(a, b SetFile) []Change {
	var out []Change
	find := func(s SetFile, name string) int {
		return slices.IndexFunc(s.Groups, func(g FileGroup) bool { return g.Name == name })
	}
	for _, g := range b.Groups {
		c := Change{Of: OfGroup, Kind: Added, Name: g.Name}
		if i := find(a, g.Name); i >= 0 {
			c.Kind, c.Fields = Changed, diff(groupFields, a.Groups[i], g)
		}
		if c.Kind == Added || len(c.Fields) > 0 {
			out = append(out, c)
		}
	}
	for _, g := range a.Groups {
		if find(b, g.Name) < 0 {
			out = append(out, Change{Of: OfGroup, Kind: Removed, Name: g.Name})
		}
	}
	return out
}
