package assess

import (
	"math/big"
	"regexp"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Where the figures of an item or a deduction come from.
const (
	Targets = "targets" // completion of the targets of the unit
	Tasks   = "tasks"   // progress of its tasks against their plan
	Red     = "red"     // its tasks with a red light
	Yellow  = "yellow"  // and with a yellow one
	Overdue = "overdue" // its tasks past their deadline
	Typed   = "typed"   // typed in, with a reason
)

// What happens to the weight of an item without figures.
const (
	Spread = "spread" // it is spread over the others
	Zero   = "zero"   // the item counts nothing
)

// Choice is a value of a closed list with its Chinese title.
type Choice struct {
	Value string `json:"value"`
	Title string `json:"title"`
}

// TitleOf returns the title of a value, "" for an unknown one.
func TitleOf(choices []Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Title
		}
	}
	return ""
}

// ItemFigures are the sources of items.
func ItemFigures() []Choice {
	return []Choice{{Targets, "目标完成率"}, {Tasks, "任务进度"}, {Typed, "人工评分"}}
}

// DeductionFigures are the sources of deductions.
func DeductionFigures() []Choice {
	return []Choice{{Red, "红灯任务"}, {Yellow, "黄灯任务"}, {Overdue, "逾期任务"}, {Typed, "人工认定"}}
}

// Missings are what may happen to an item without figures.
func Missings() []Choice {
	return []Choice{{Spread, "权重摊给其他项"}, {Zero, "按零分计"}}
}

// Marks say how sure a scheme is.
func Marks() []Choice {
	return []Choice{{"verified", "见公开文件"}, {"design", "本系统设计"}, {"local", "本市规定"}}
}

// Groups are the groups in which units are compared.
func Groups() []Choice {
	return []Choice{{"department", "市直部门"}, {"district", "区县"}, {"other", "其他单位"}}
}

// Item is a weighted part of the score.
type Item struct {
	Key      string    `json:"key"`
	Name     string    `json:"name"`
	WeightBp int64     `json:"weightBp"` // hundredths of a percent; all items together 100 %
	Figure   string    `json:"figure"`
	CapBp    int64     `json:"capBp"`           // the most that one completion counts: 10000 = 100 %
	Tiers    []Decimal `json:"tiers,omitempty"` // by rank in equal parts: the first third, the second …
}

// Deduction takes points away.
type Deduction struct {
	Key    string  `json:"key"`
	Name   string  `json:"name"`
	Figure string  `json:"figure"`
	Points Decimal `json:"points"`        // for each one
	Free   int64   `json:"free"`          // that many cost nothing
	Max    Decimal `json:"max,omitempty"` // at most, "" = no limit
}

// Bonus adds points that somebody typed in with a reason.
type Bonus struct {
	Key  string  `json:"key"`
	Name string  `json:"name"`
	Max  Decimal `json:"max"`
}

// Veto puts a unit into the last grade whatever its score (一票否决).
type Veto struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Grade is a grade (等次), the best first.
type Grade struct {
	Name    string  `json:"name"`
	Least   Decimal `json:"least"`
	ShareBp int64   `json:"shareBp"` // of the units of a group at most, 0 = no limit
}

// Params are the numbers of a scheme.
type Params struct {
	Items      []Item      `json:"items"`
	Deductions []Deduction `json:"deductions"`
	Bonuses    []Bonus     `json:"bonuses"`
	BonusCap   Decimal     `json:"bonusCap,omitempty"` // of all bonuses together, "" = no limit
	Vetoes     []Veto      `json:"vetoes"`
	Grades     []Grade     `json:"grades"`
	Missing    string      `json:"missing"`
	AppealDays int64       `json:"appealDays"` // working days in which appeals are taken
	AnswerDays int64       `json:"answerDays"` // working days to answer one
}

// SchemeData is what people write about a scheme.
type SchemeData struct {
	Name      string     `json:"name"`
	Source    string     `json:"source"`
	Mark      string     `json:"mark"`
	ValidFrom clock.Date `json:"validFrom"`
	Params
}

// Scheme (计分办法) is a version of the formula of scores. It is never changed: a new one replaces it.
type Scheme struct {
	ID string `json:"id"`
	SchemeData
	Edition   int64 `json:"edition"`
	CreatedUs int64 `json:"createdUs"`
	Version   int64 `json:"version"`
}

// Limits of a scheme.
const (
	MaxItems  = 30
	MaxTiers  = 5
	maxCapBp  = 20_000
	maxFree   = 100
	maxDays   = 60
	MaxGrades = 8
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,30}$`)

func (d *SchemeData) check() error {
	var f faults
	d.Name, d.Source = tidy(d.Name), tidy(d.Source)
	f.line("name", d.Name, maxTitle, true)
	f.line("source", d.Source, maxLine, true)
	f.choice("mark", d.Mark, Marks())
	if !d.ValidFrom.Valid() {
		f.add("validFrom", "日期应为真实的日期，如 2026-11-22")
	}
	f.choice("missing", d.Missing, Missings())
	f.number("appealDays", d.AppealDays, 1, maxDays)
	f.number("answerDays", d.AnswerDays, 1, maxDays)
	seen := map[string]bool{}
	d.checkItems(&f, seen)
	d.checkMore(&f, seen)
	d.checkGrades(&f)
	return f.err()
}

// key checks the name by which a part of the scheme is known.
func (f *faults) key(field, key string, seen map[string]bool) {
	if !keyForm.MatchString(key) {
		f.add(field, "代号应为小写字母开头的字母、数字和下划线")
	} else if seen[key] {
		f.add(field, "代号“%s”重复", key)
	}
	seen[key] = true
}

func (d *SchemeData) checkItems(f *faults, seen map[string]bool) {
	if len(d.Items) == 0 || len(d.Items) > MaxItems {
		f.add("items", "应有 1 至 %d 项", MaxItems)
	}
	var sum int64
	for i := range d.Items {
		x := &d.Items[i]
		x.Name = tidy(x.Name)
		f.key(row("items", i, "key"), x.Key, seen)
		f.line(row("items", i, "name"), x.Name, maxLine, true)
		f.choice(row("items", i, "figure"), x.Figure, ItemFigures())
		f.number(row("items", i, "weightBp"), x.WeightBp, 1, 10_000)
		f.number(row("items", i, "capBp"), x.CapBp, 1, maxCapBp)
		if len(x.Tiers) == 1 || len(x.Tiers) > MaxTiers {
			f.add(row("items", i, "tiers"), "分档应为 2 至 %d 个分数", MaxTiers)
		}
		for _, t := range x.Tiers {
			f.points(row("items", i, "tiers"), t)
		}
		sum += x.WeightBp
	}
	if len(d.Items) > 0 && sum != 10_000 {
		f.add("items", "权重合计应为 100%%，现为 %s%%", plain(big.NewRat(sum, 100), 2))
	}
}

func (d *SchemeData) checkMore(f *faults, seen map[string]bool) {
	if len(d.Deductions)+len(d.Bonuses)+len(d.Vetoes) > 3*MaxItems {
		f.add("deductions", "最多 %d 项", 3*MaxItems)
	}
	for i, x := range d.Deductions {
		f.key(row("deductions", i, "key"), x.Key, seen)
		f.line(row("deductions", i, "name"), x.Name, maxLine, true)
		f.choice(row("deductions", i, "figure"), x.Figure, DeductionFigures())
		f.points(row("deductions", i, "points"), x.Points)
		f.number(row("deductions", i, "free"), x.Free, 0, maxFree)
		if x.Max != "" {
			f.points(row("deductions", i, "max"), x.Max)
		}
	}
	for i, x := range d.Bonuses {
		f.key(row("bonuses", i, "key"), x.Key, seen)
		f.line(row("bonuses", i, "name"), x.Name, maxLine, true)
		f.points(row("bonuses", i, "max"), x.Max)
	}
	if d.BonusCap != "" {
		f.points("bonusCap", d.BonusCap)
	}
	for i, x := range d.Vetoes {
		f.key(row("vetoes", i, "key"), x.Key, seen)
		f.line(row("vetoes", i, "name"), x.Name, maxLine, true)
	}
}

func (d *SchemeData) checkGrades(f *faults) {
	n := len(d.Grades)
	if n < 2 || n > MaxGrades {
		f.add("grades", "应有 2 至 %d 个等次", MaxGrades)
		return
	}
	for i, g := range d.Grades {
		f.line(row("grades", i, "name"), g.Name, maxLine, true)
		f.points(row("grades", i, "least"), g.Least)
		f.number(row("grades", i, "shareBp"), g.ShareBp, 0, 10_000)
		if i > 0 && g.Least.Rat().Cmp(d.Grades[i-1].Least.Rat()) >= 0 {
			f.add(row("grades", i, "least"), "应低于上一等次的分数线")
		}
	}
	if last := d.Grades[n-1]; last.Least.Rat().Sign() != 0 || last.ShareBp != 0 {
		f.add(row("grades", n-1, "least"), "最后一个等次的分数线应为 0，且没有比例限制")
	}
}

// typed reports whether the value of a key may be typed in, and the most that it may be.
func (p Params) typed(key string) (most *big.Rat, ok bool) {
	for _, x := range p.Items {
		if x.Key == key {
			return new(big.Rat).Mul(percentOf(x.CapBp), hundred), true
		}
	}
	for _, x := range p.Deductions {
		if x.Key == key {
			if x.Max != "" {
				return x.Max.Rat(), true
			}
			return hundred, true
		}
	}
	for _, x := range p.Bonuses {
		if x.Key == key {
			return x.Max.Rat(), true
		}
	}
	for _, x := range p.Vetoes {
		if x.Key == key {
			return one, true
		}
	}
	return nil, false
}

// Keys are the parts of the scheme that may be typed in, with their names.
func (p Params) Keys() []Choice {
	var out []Choice
	for _, x := range p.Items {
		out = append(out, Choice{x.Key, x.Name})
	}
	for _, x := range p.Deductions {
		out = append(out, Choice{x.Key, x.Name})
	}
	for _, x := range p.Bonuses {
		out = append(out, Choice{x.Key, x.Name})
	}
	for _, x := range p.Vetoes {
		out = append(out, Choice{x.Key, x.Name})
	}
	return out
}
