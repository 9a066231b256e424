package plan

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Light (灯) is the colour of a task with its reasons.
type Light struct {
	Colour  Colour `json:"colour"`
	Reasons []Note `json:"reasons,omitempty"`
	Planned string `json:"planned"` // percent that should be done, one decimal
	Gap     string `json:"gap"`     // percentage points it is behind, one decimal; negative = ahead
	Rule    string `json:"rule"`    // id of the LightRule
	AtUs    int64  `json:"atUs"`
	base    Colour // before yellow cycles turned it red
}

// LightOf computes the light of a task at a moment: from its plan, its progress, its state and how
// many cycles right before the present one were yellow. It is pure and exact: the bands are
// compared as fractions, only the shown figures are rounded.
func LightOf(rule LightRule, t Task, yellowBefore int, at time.Time) Light {
	day := clock.DateOf(at)
	planned := t.planned(day)
	gap := new(big.Rat).Sub(planned, percent(t.ProgressBp))
	out := Light{Colour: Green, Planned: rounded(planned, 1), Gap: rounded(gap, 1), Rule: rule.ID,
		AtUs: clock.Us(at)}
	if still, why := t.stands(planned); still != "" {
		out.Colour, out.base, out.Reasons = still, still, []Note{{Key: why}}
		return out
	}
	late, lateWhy := t.overdue(at)
	figures := map[string]*big.Rat{
		FigureGap: gap, FigureOverdue: big.NewRat(late, 1),
		FigureUnstarted:  big.NewRat(t.unstarted(day), 1),
		FigureUnreported: big.NewRat(t.unreported(day), 1),
	}
	words := map[string]Note{
		FigureGap: {Key: "应完成 %s%%，实际 %s%%，落后 %s 个百分点",
			Args: []any{out.Planned, PercentText(t.ProgressBp), out.Gap}},
		FigureOverdue:    lateWhy,
		FigureUnstarted:  {Key: "应开始未开始，已 %s 个月", Args: []any{figures[FigureUnstarted].RatString()}},
		FigureUnreported: {Key: "已 %s 个月未填报", Args: []any{figures[FigureUnreported].RatString()}},
	}
	for _, b := range rule.Bands {
		if !b.holds(figures[b.Of]) || b.Colour == Yellow && out.Colour == Red {
			continue
		}
		if b.Colour != out.Colour {
			out.Colour, out.Reasons = b.Colour, nil
		}
		out.Reasons = append(out.Reasons, words[b.Of])
		if b.Then != "" {
			out.Reasons = append(out.Reasons, Note{Key: "处置：%s", Args: []any{b.Then}})
		}
	}
	out.base = out.Colour
	if out.Colour == Yellow && rule.YellowCycles > 0 && int64(yellowBefore)+1 >= rule.YellowCycles {
		out.Colour = Red
		out.Reasons = append(out.Reasons,
			Note{Key: "连续 %s 个调度周期为黄灯", Args: []any{strconv.Itoa(yellowBefore + 1)}})
	}
	if out.Colour == Green {
		out.Reasons = []Note{{Key: "应完成 %s%%，实际 %s%%", Args: []any{out.Planned,
			PercentText(t.ProgressBp)}}}
	}
	return out
}

// stands returns the colour of a task that is not measured now, and why.
func (t Task) stands(planned *big.Rat) (Colour, string) {
	switch t.State {
	case TaskDone, TaskStruck:
		return Blue, "已办结"
	case TaskSuspended:
		return Grey, "已挂起，暂不亮灯"
	case TaskTerminated:
		return Grey, "已终止"
	case TaskDraft:
		return Grey, "尚未立项"
	}
	if !t.started() && planned.Sign() == 0 {
		return Grey, "未开始，也未到时间"
	}
	return "", ""
}

// started says whether work has begun.
func (t Task) started() bool {
	return t.ProgressBp > 0 || !slices.Contains([]string{TaskDraft, TaskEstablished, TaskSigned},
		t.State)
}

// begin is the day from which progress is planned.
func (t Task) begin() clock.Date {
	if t.Start != "" {
		return t.Start
	}
	return clock.DateOf(clock.Time(t.CreatedUs))
}

// node is a point of the plan: so many percent are to be done by the end of a day.
type node struct {
	day clock.Date
	sum *big.Rat // percent
}

// nodes are the points of the plan in order: the milestones with their weights added up, or the
// deadline alone.
func (t Task) nodes() []node {
	if len(t.Milestones) == 0 {
		return []node{{t.dueDay(), hundred}}
	}
	list := slices.Clone(t.Milestones)
	slices.SortStableFunc(list, func(a, b Milestone) int { return cmp.Compare(a.Day, b.Day) })
	var out []node
	var sum int64
	for _, m := range list {
		sum += m.WeightBp
		out = append(out, node{m.Day, percent(sum)})
	}
	return out
}

// planned returns the percent that should be done by a day: linear between the nodes, nothing
// before the start, and the last node for ever after.
func (t Task) planned(day clock.Date) *big.Rat {
	last := node{t.begin(), new(big.Rat)}
	if day <= last.day {
		return new(big.Rat)
	}
	for _, n := range t.nodes() {
		if n.day == "" {
			break
		}
		if n.day <= day {
			last = node{n.day, n.sum}
			continue
		}
		span := daysBetween(last.day, n.day)
		if span <= 0 { // a node before the start: it is due at the start
			last = node{n.day, n.sum}
			continue
		}
		rise := new(big.Rat).Sub(n.sum, last.sum)
		rise.Mul(rise, big.NewRat(daysBetween(last.day, day), span))
		return rise.Add(rise, last.sum)
	}
	return last.sum
}

// overdue returns how many days the latest unreached milestone or the deadline is late, and which.
// A milestone is reached when somebody said so or the progress covers it. While the bureau
// verifies, the deadline stands still.
func (t Task) overdue(at time.Time) (int64, Note) {
	day := clock.DateOf(at)
	var days, sum int64
	var why Note
	list := slices.Clone(t.Milestones)
	slices.SortStableFunc(list, func(a, b Milestone) int { return cmp.Compare(a.Day, b.Day) })
	for _, m := range list {
		sum += m.WeightBp
		n := daysBetween(m.Day, day)
		if m.Reached == "" && t.ProgressBp < sum && n > days {
			days = n
			why = Note{Key: "节点“%s”逾期 %s 天", Args: []any{m.Name, strconv.FormatInt(n, 10)}}
		}
	}
	answering := t.State == TaskApplied || t.State == TaskVerifying
	if t.DueUs != 0 && clock.Us(at) > t.DueUs && !answering {
		n := max(1, daysBetween(t.dueDay(), day))
		if n >= days {
			days = n
			why = Note{Key: "任务逾期 %s 天", Args: []any{strconv.FormatInt(n, 10)}}
		}
	}
	return days, why
}

// unstarted returns in how many months, the present one included, the task should have been started
// and was not.
func (t Task) unstarted(day clock.Date) int64 {
	if t.started() || day < t.begin() {
		return 0
	}
	return monthsBetween(t.begin(), day) + 1
}

// unreported returns how many whole months have passed since the start or the last report.
func (t Task) unreported(day clock.Date) int64 {
	since := t.begin()
	if t.ReportedUs != 0 {
		since = max(since, clock.DateOf(clock.Time(t.ReportedUs)))
	}
	if day <= since {
		return 0
	}
	n := monthsBetween(since, day)
	if dayOfMonth(day) < dayOfMonth(since) {
		n--
	}
	return max(n, 0)
}

func (t Task) dueDay() clock.Date {
	if t.DueUs == 0 {
		return ""
	}
	return clock.DateOf(clock.Time(t.DueUs))
}

// daysBetween counts days; it is exact because China's civil days all have 24 hours.
func daysBetween(from, to clock.Date) int64 {
	return int64(to.Start().Sub(from.Start()) / (24 * time.Hour))
}

func monthsBetween(from, to clock.Date) int64 {
	a, b := from.Start().In(clock.Shanghai), to.Start().In(clock.Shanghai)
	return int64(b.Year()-a.Year())*12 + int64(b.Month()-a.Month())
}

func dayOfMonth(d clock.Date) int { return d.Start().In(clock.Shanghai).Day() }

// cycleOf returns the first day of the cycle of reporting that a day is in.
func cycleOf(cadence string, day clock.Date) clock.Date {
	t := day.Start().In(clock.Shanghai)
	switch cadence {
	case "week":
		return day.AddDays(-(int(t.Weekday()) + 6) % 7)
	case "tenday":
		return day.AddDays(min((t.Day()-1)/10, 2)*10 + 1 - t.Day())
	case "quarter":
		return clock.DateOf(time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, clock.Shanghai))
	default:
		return day.AddDays(1 - t.Day())
	}
}
