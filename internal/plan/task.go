package plan

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// kindTask is the kind of object of tasks, for policies, files and the trail.
const kindTask = "plan.task"

// EvidenceFile is what proves a task (佐证材料).
var EvidenceFile = blob.Kind{Name: "plan.evidence", MaxBytes: 20 << 20, Types: []blob.Type{
	blob.PDF, blob.OFD, blob.DOCX, blob.XLSX, blob.JPEG, blob.PNG, blob.Text}}

// Limits of a task.
const (
	maxOwners     = 30 // units that answer for a part or help
	maxMilestones = 30
	maxMilestone  = 60  // characters of its name
	maxProof      = 100 // and of what it delivers
	maxTargets    = 20
	allBp         = 10_000 // 100 %
)

// TaskData is what people write about a task.
type TaskData struct {
	Title      string      `json:"title"`
	Content    string      `json:"content,omitempty"`
	Region     region.Code `json:"region"`
	Leader     string      `json:"leader,omitempty"`  // 牵头市领导
	Person     string      `json:"person,omitempty"`  // 责任人
	Contact    string      `json:"contact,omitempty"` // 联系人
	Phone      string      `json:"phone,omitempty"`
	Start      clock.Date  `json:"start,omitempty"`
	DueUs      int64       `json:"dueUs,omitempty"`      // deadline with its clock time; 0 = none yet
	Cadence    string      `json:"cadence"`              // 调度周期, one of Cadences
	Supervisor string      `json:"supervisor,omitempty"` // account that answers once it is late (督办人)
	Lead       string      `json:"lead"`                 // id of the 牵头单位; "" only in a draft
	Duty       []string    `json:"duty,omitempty"`       // ids of 责任单位
	Assist     []string    `json:"assist,omitempty"`     // ids of 配合单位
	Milestones []Milestone `json:"milestones,omitempty"` // their weights are 100 % together
	Targets    []string    `json:"targets,omitempty"`    // ids of the Targets it serves
}

// Milestone (节点) is a date by which a part of a task is to be done.
type Milestone struct {
	Name        string     `json:"name"`
	Day         clock.Date `json:"day"`
	Deliverable string     `json:"deliverable,omitempty"`
	WeightBp    int64      `json:"weightBp"`          // hundredths of a percent
	Reached     clock.Date `json:"reached,omitempty"` // "" while it is not
}

// Owner is a unit of a task.
type Owner struct {
	Org  string     `json:"org"` // as it was chosen
	Now  string     `json:"-"`   // the record it lives on as
	Name string     `json:"name"`
	Part string     `json:"part"` // Lead, Duty or Assist
	Role authz.Role `json:"-"`    // in which its people act

	region region.Code // where it is
}

// Task (任务) is something a unit is obliged to do.
type Task struct {
	ID string `json:"id"`
	TaskData
	Ledger      string  `json:"ledger"`
	Code        string  `json:"code"` // 编号: 2026-012, 2026-012.1
	Parent      string  `json:"parent,omitempty"`
	Level       int64   `json:"level"` // 1 to 3
	Owners      []Owner `json:"owners"`
	ProgressBp  int64   `json:"progressBp"` // hundredths of a percent
	ReportedUs  int64   `json:"reportedUs,omitempty"`
	AskedDueUs  int64   `json:"askedDueUs,omitempty"` // the deadline asked for (申请延期)
	SignDays    int64   `json:"signDays"`             // working days to sign for it
	AnswerDays  int64   `json:"answerDays"`           // working days to answer an application
	Light       Light   `json:"light"`
	DoneUs      int64   `json:"doneUs,omitempty"`
	State       string  `json:"state"`
	CreatedUs   int64   `json:"createdUs"`
	CreatedBy   string  `json:"-"`
	UpdatedUs   int64   `json:"updatedUs"`
	Version     int64   `json:"version"`
	codeSort    string
	appliedBy   string // account that applied last
	stateBefore string // of a suspended task
	openParts   int64  // subtasks that are not finished
}

// lead returns the lead unit, and false while there is none.
func (t Task) lead() (Owner, bool) {
	i := slices.IndexFunc(t.Owners, func(o Owner) bool { return o.Part == Lead })
	if i < 0 {
		return Owner{}, false
	}
	return t.Owners[i], true
}

// Of returns the units with a part in the task.
func (t Task) Of(part string) []Owner {
	var out []Owner
	for _, o := range t.Owners {
		if o.Part == part {
			out = append(out, o)
		}
	}
	return out
}

func (d *TaskData) normalise() {
	for _, s := range []*string{&d.Title, &d.Leader, &d.Person, &d.Contact, &d.Phone} {
		*s = tidy(*s)
	}
	d.Content = lines(d.Content)
	for i := range d.Milestones {
		m := &d.Milestones[i]
		m.Name, m.Deliverable = tidy(m.Name), tidy(m.Deliverable)
	}
	slices.SortStableFunc(d.Milestones, func(a, b Milestone) int { return cmp.Compare(a.Day, b.Day) })
	d.Cadence = cmp.Or(d.Cadence, "month")
}

func (d TaskData) check(f *faults) {
	f.line("title", d.Title, MaxTitle, true)
	f.prose("content", d.Content, MaxProse, false)
	f.place("region", d.Region)
	f.line("leader", d.Leader, MaxLine, false)
	f.line("person", d.Person, MaxLine, false)
	f.line("contact", d.Contact, MaxLine, false)
	f.line("phone", d.Phone, 40, false)
	f.day("start", d.Start, false)
	f.choice("cadence", d.Cadence, Cadences())
	due := clock.DateOf(clock.Time(d.DueUs))
	switch {
	case d.DueUs < 0 || d.DueUs != 0 && !due.Valid():
		f.add("dueUs", "日期应为真实的日期，如 2026-11-22")
	case d.DueUs != 0 && d.Start.Valid() && due < d.Start:
		f.add("dueUs", "时限不能早于开始日期")
	}
	if len(d.Duty)+len(d.Assist) > maxOwners {
		f.add("assist", "责任单位和配合单位最多 %d 个", maxOwners)
	}
	if len(d.Targets) > maxTargets {
		f.add("targets", "最多关联 %d 个目标", maxTargets)
	}
	d.checkMilestones(f, due)
}

func (d TaskData) checkMilestones(f *faults, due clock.Date) {
	if len(d.Milestones) > maxMilestones {
		f.add("milestones", "最多 %d 个节点", maxMilestones)
		return
	}
	var sum int64
	for i, m := range d.Milestones {
		at := "milestones." + strconv.Itoa(i) + "."
		f.line(at+"name", m.Name, maxMilestone, true)
		f.line(at+"deliverable", m.Deliverable, maxProof, false)
		f.day(at+"day", m.Day, true)
		f.day(at+"reached", m.Reached, false)
		switch {
		case d.DueUs != 0 && m.Day > due:
			f.add(at+"day", "节点不能晚于任务时限")
		case d.Start.Valid() && m.Day != "" && m.Day < d.Start:
			f.add(at+"day", "节点不能早于开始日期")
		}
		if m.WeightBp <= 0 || m.WeightBp > allBp {
			f.add(at+"weightBp", "权重应大于 0，不超过 100")
		}
		sum += m.WeightBp
	}
	if len(d.Milestones) > 0 && sum != allBp {
		f.add("milestones", "各节点权重之和应为 100，现为 %s", PercentText(sum))
	}
}

const taskColumns = `t.id, t.title, t.content, t.region, t.leader, t.person, t.contact, t.phone,
	t.start_day, t.due_us, t.cadence, t.supervisor, t.ledger, t.code, t.parent, t.level,
	t.progress_bp, t.reported_us, t.asked_due_us, t.sign_days, t.answer_days, t.done_us, t.state,
	t.created_us, t.created_by, t.updated_us, t.version, t.code_sort, t.applied_by, t.state_before,
	l.colour, l.base, l.reasons, l.planned, l.gap, l.rule, l.at_us`

const taskFrom = `plan_task AS t JOIN plan_light AS l ON l.task = t.id`

func scanTask(r db.Row) (Task, error) {
	var t Task
	var reasons string
	err := r.Scan(&t.ID, &t.Title, &t.Content, &t.Region, &t.Leader, &t.Person, &t.Contact, &t.Phone,
		&t.Start, &t.DueUs, &t.Cadence, &t.Supervisor, &t.Ledger, &t.Code, &t.Parent, &t.Level,
		&t.ProgressBp, &t.ReportedUs, &t.AskedDueUs, &t.SignDays, &t.AnswerDays, &t.DoneUs, &t.State,
		&t.CreatedUs, &t.CreatedBy, &t.UpdatedUs, &t.Version, &t.codeSort, &t.appliedBy,
		&t.stateBefore, &t.Light.Colour, &t.Light.base, &reasons, &t.Light.Planned, &t.Light.Gap,
		&t.Light.Rule, &t.Light.AtUs)
	if err != nil {
		return t, err
	}
	return t, decode(reasons, &t.Light.Reasons)
}
