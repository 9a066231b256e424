package indicator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// MaxSetFile bounds a set file, in bytes.
const MaxSetFile = 1 << 20

// SetFile is a set as it is written in a file: YAML, or the JSON it stands for.
type SetFile struct {
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	Year   int64      `json:"year"`
	Label  string     `json:"label,omitempty"`
	Source string     `json:"source,omitempty"`
	Note   string     `json:"note,omitempty"`
	From   clock.Date `json:"from,omitempty"` // first day of definitions that are made anew
	// Weighting says what the weights of indicators are: one of Weightings, "" = Relative.
	Weighting string      `json:"weighting,omitempty"`
	Groups    []FileGroup `json:"groups"`
	Tasks     []FileTask  `json:"tasks,omitempty"` // that move its indicators
}

// FileTask is a task that comes with a set. It names the kind of unit that should lead it, never a unit: a person
// of the city decides that before the task is established.
type FileTask struct {
	Title      string   `json:"title"`
	Content    string   `json:"content,omitempty"`
	Indicators []string `json:"indicators,omitempty"` // of the set, by name
	Owner      string   `json:"owner"`                // kind of unit that leads: 科技部门
	Assist     string   `json:"assist,omitempty"`     // kinds of units that help
}

// FileGroup is a head of a set in a file.
type FileGroup struct {
	Name   string       `json:"name"`
	Weight plan.Decimal `json:"weight,omitempty"`
	Mark   string       `json:"mark,omitempty"`
	Source string       `json:"source,omitempty"`
	Items  []FileItem   `json:"items"`
}

// FileItem is an indicator of a set in a file. Additive and Aliases are used only for an indicator
// that is defined anew; what stands behind Mark says how it is counted.
type FileItem struct {
	Name       string            `json:"name"`
	Title      string            `json:"title,omitempty"`
	Unit       string            `json:"unit"`
	Direction  string            `json:"direction,omitempty"` // "" = up
	Additive   bool              `json:"additive,omitempty"`
	Aliases    []string          `json:"aliases,omitempty"`
	Weight     plan.Decimal      `json:"weight,omitempty"`
	Note       string            `json:"note,omitempty"`
	Mark       string            `json:"mark,omitempty"`
	Kind       string            `json:"kind,omitempty"`      // "" = Observed
	Frequency  string            `json:"frequency,omitempty"` // "" = year
	Cumulative bool              `json:"cumulative,omitempty"`
	Places     *int64            `json:"places,omitempty"` // "" = 2
	Text       string            `json:"text,omitempty"`
	Formula    string            `json:"formula,omitempty"`
	Measure    string            `json:"measure,omitempty"`
	Dims       map[string]string `json:"dims,omitempty"`
	Factor     Ratio             `json:"factor,omitempty"`
	Owner      string            `json:"owner,omitempty"` // full name of the unit that answers for it
	DueDays    int64             `json:"dueDays,omitempty"`
	DueTime    string            `json:"dueTime,omitempty"`
	Floor      plan.Decimal      `json:"floor,omitempty"`
	Ceiling    plan.Decimal      `json:"ceiling,omitempty"`
	Jump       plan.Decimal      `json:"jump,omitempty"`
	// Continues says that values go on although the definition changed (可比): no break is drawn.
	Continues bool `json:"continues,omitempty"`
}

// ReadSetFile reads a set file. A name that is not known is refused.
func ReadSetFile(r io.Reader) (SetFile, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSetFile+1))
	if err != nil {
		return SetFile{}, err
	}
	if len(text) > MaxSetFile {
		return SetFile{}, fault.Fields(fault.At(sheet.FieldFile, "文件超过 %d MB", MaxSetFile>>20))
	}
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return SetFile{}, badSetFile(err)
	}
	if tree == nil {
		return SetFile{}, fault.Fields(fault.At(sheet.FieldFile, "文件是空的"))
	}
	asJSON, err := json.Marshal(asTexts(tree))
	if err != nil {
		return SetFile{}, badSetFile(err)
	}
	var out SetFile
	d := json.NewDecoder(bytes.NewReader(asJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return SetFile{}, badSetFile(err)
	}
	return out, nil
}

// maxTasks bounds the tasks of a set.
const maxTasks = 200

// checkTasks checks the tasks of a file; faults stand at tasks.N.field.
func (s SetFile) checkTasks(f *faults) {
	if len(s.Tasks) > maxTasks {
		f.add("tasks", "最多 %d 项", maxTasks)
	}
	_, by := s.spread()
	seen := map[string]bool{}
	for i, x := range s.Tasks {
		at := fmt.Sprintf("tasks.%d.", i)
		f.line(at+"title", x.Title, maxText, true)
		f.prose(at+"content", x.Content, false)
		f.line(at+"owner", x.Owner, maxText, true)
		f.line(at+"assist", x.Assist, maxText, false)
		if seen[x.Title] && x.Title != "" {
			f.add(at+"title", "“%s”重复", x.Title)
		}
		seen[x.Title] = true
		for _, name := range x.Indicators {
			if _, known := by[name]; !known {
				f.add(at+"indicators", "没有名为“%s”的指标", name)
			}
		}
	}
}

// numberNames are the names of numbers, which are kept exact as texts and written as numbers.
var numberNames = []string{"weight", "floor", "ceiling", "jump"}

// asTexts turns days, which YAML reads as moments when they are not quoted, and exact numbers back into
// texts.
func asTexts(tree any) any {
	switch v := tree.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for k, x := range v {
			if slices.Contains(numberNames, k) {
				x = numberText(x)
			}
			v[k] = asTexts(x)
		}
	case []any:
		for i, x := range v {
			v[i] = asTexts(x)
		}
	}
	return tree
}

// numberText is a number as it was written; anything else stays.
func numberText(x any) any {
	switch v := x.(type) {
	case int, int64, uint64:
		return fmt.Sprint(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return x
}

// badSetFile says what the reader found; its words name lines and fields of the file.
func badSetFile(err error) error {
	return fault.Fields(fault.At(sheet.FieldFile, "文件不是指标体系文件：%s", err.Error()))
}

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Years a set may be of.
const (
	firstYear = 1990
	lastYear  = 2100
)

func (d *SetData) normalise() {
	d.Code, d.Name, d.Label = tidy(d.Code), tidy(d.Name), tidy(d.Label)
	d.Source, d.Note = tidy(d.Source), lines(d.Note)
}

func (d SetData) check(f *faults) {
	if !codeForm.MatchString(d.Code) {
		f.add("code", "代码由小写字母、数字和连字符组成，最多 40 个字符")
	}
	f.line("name", d.Name, maxText, true)
	f.between("year", d.Year, firstYear, lastYear)
	f.line("label", d.Label, maxText, false)
	f.line("source", d.Source, 3*maxText, false)
	f.prose("note", d.Note, false)
}

// normalise fills in what a file may leave out.
func (s *SetFile) normalise() {
	d := SetData{Code: s.Code, Name: s.Name, Label: s.Label, Source: s.Source, Note: s.Note}
	d.normalise()
	s.Code, s.Name, s.Label, s.Source, s.Note = d.Code, d.Name, d.Label, d.Source, d.Note
	if s.From == "" {
		s.From = clock.Date(fmt.Sprintf("%04d-01-01", s.Year))
	}
	for i := range s.Tasks {
		x := &s.Tasks[i]
		x.Title, x.Content, x.Owner, x.Assist = tidy(x.Title), lines(x.Content), tidy(x.Owner), tidy(x.Assist)
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		g.Name, g.Source, g.Weight = tidy(g.Name), tidy(g.Source), plainDecimal(g.Weight)
		for j := range g.Items {
			x := &g.Items[j]
			x.Name, x.Title, x.Unit, x.Note = tidy(x.Name), tidy(x.Title), tidy(x.Unit), tidy(x.Note)
			x.Owner = tidy(x.Owner)
			x.Weight, x.Floor = plainDecimal(x.Weight), plainDecimal(x.Floor)
			x.Ceiling, x.Jump = plainDecimal(x.Ceiling), plainDecimal(x.Jump)
			if x.Direction == "" {
				x.Direction = "up"
			}
			if x.Title == "" {
				x.Title = x.Name
			}
			if x.Kind == "" {
				x.Kind = Observed
			}
			if x.Frequency == "" {
				x.Frequency = "year"
			}
			if x.Places == nil {
				x.Places = new(int64)
				*x.Places = usualPlaces
			}
			d := x.definition(s.From, "")
			x.Text, x.Formula, x.Measure, x.Dims, x.Factor = d.Text, d.Formula, d.Measure, d.Dims, d.Factor
			x.DueTime = d.DueTime
		}
	}
}

// usualPlaces is how many digits a value has behind the point where a file says nothing.
const usualPlaces = 2

// definition is how an indicator of the file is counted. Who answers for it is not looked up.
func (x FileItem) definition(from clock.Date, source string) DefinitionData {
	d := DefinitionData{Kind: x.Kind, Text: x.Text, Unit: x.Unit, Places: *x.Places, Frequency: x.Frequency,
		Cumulative: x.Cumulative, Formula: x.Formula, Measure: x.Measure, Dims: maps.Clone(x.Dims),
		Factor: x.Factor, DueDays: x.DueDays, DueTime: x.DueTime, Floor: x.Floor,
		Ceiling: x.Ceiling, Jump: x.Jump, From: from, Source: source}
	d.normalise()
	return d
}

// Data is what the file says about the set as a whole.
func (s SetFile) Data() SetData {
	return SetData{Code: s.Code, Name: s.Name, Year: s.Year, Label: s.Label, Source: s.Source, Note: s.Note}
}

// check checks field by field what a file or a draft says, so that it can be stored; faults stand at
// groups.N.items.M.field. What a set lacks as a whole is found by wholeFaults.
func (s SetFile) check(room *Service, f *faults) {
	s.Data().check(f)
	f.day("from", s.From, true)
	if s.Weighting != "" {
		f.choice("weighting", s.Weighting, Weightings())
	}
	if len(s.Groups) > maxGroups {
		f.add("groups", "最多 %d 个一级指标", maxGroups)
	}
	n := 0
	seen, groups := map[string]bool{}, map[string]bool{}
	for i, g := range s.Groups {
		at := fmt.Sprintf("groups.%d.", i)
		f.line(at+"name", g.Name, maxText, true)
		if groups[g.Name] && g.Name != "" {
			f.add(at+"name", "“%s”重复", g.Name)
		}
		groups[g.Name] = true
		f.weight(at+"weight", g.Weight)
		f.mark(at+"mark", g.Mark)
		f.line(at+"source", g.Source, 3*maxText, false)
		for j, x := range g.Items {
			n++
			at := fmt.Sprintf("groups.%d.items.%d.", i, j)
			if seen[x.Name] && x.Name != "" {
				f.add(at+"name", "“%s”重复", x.Name)
			}
			seen[x.Name] = true
			x.check(room, at, s.From, f)
		}
	}
	if n > maxItems {
		f.add("groups", "最多 %d 项指标", maxItems)
	}
	s.checkTasks(f)
}

func (x FileItem) check(room *Service, at string, from clock.Date, f *faults) {
	f.line(at+"name", x.Name, maxText, true)
	f.line(at+"title", x.Title, maxText, true)
	f.choice(at+"direction", x.Direction, plan.Directions())
	f.weight(at+"weight", x.Weight)
	f.mark(at+"mark", x.Mark)
	f.line(at+"note", x.Note, 3*maxText, false)
	f.line(at+"owner", x.Owner, maxText, false)
	var own faults
	room.checkDefinition(x.definition(from, ""), &own)
	for _, e := range own {
		f.add(at+e.Name, e.Key, e.Args...)
	}
}

func (f *faults) weight(field string, n plan.Decimal) {
	f.number(field, n, false)
	if n.Valid() && n.Rat().Sign() < 0 {
		f.add(field, "权重不能是负数")
	}
}

func (f *faults) mark(field, v string) {
	if v != "" {
		f.choice(field, v, Marks())
	}
}
