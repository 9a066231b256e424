package plan

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// TaskImport is the input of ImportTasks.
type TaskImport struct {
	Ledger string    // the tasks go into it
	Begun  bool      // the tasks are under way already: 办理中 instead of 拟立
	DryRun bool      // say what would happen and change nothing
	Name   string    // of the file
	File   io.Reader // XLSX or CSV with the columns of TaskSheet
	Key    string    // idempotency key
}

// ImportOutcome says what an import did or would do.
type ImportOutcome struct {
	Facts      sheet.Facts    `json:"-"`
	Rows       int            `json:"rows"`
	Adds       int            `json:"adds"`
	Skips      int            `json:"skips"`      // already in the ledger: same title and lead unit
	Indicators []string       `json:"indicators"` // that are defined anew
	Unknown    []string       `json:"unknown"`    // names of units that the registry does not know
	Problems   sheet.Problems `json:"-"`
	Done       bool           `json:"done"` // it was no dry run
}

// importRow is a row on its way in.
type importRow struct {
	row      sheet.Row
	serial   string
	task     Task
	goals    []goalOf
	progress string
	bp       int64
	text     string
	skip     bool
}

// goalOf is a target that a row sets.
type goalOf struct {
	name string
	goal
	indicator Indicator // without an id when it is to be defined
}

// importing is one import under way.
type importing struct {
	s       *Service
	by      authz.Actor
	in      TaskImport
	ledger  Ledger
	today   clock.Date
	out     ImportOutcome
	units   map[string]found
	defs    map[string]Indicator // by phraseKey
	rows    []*importRow
	serials map[string]*importRow
	// present are the tasks of the ledger by title and lead unit.
	present map[string]Task
	tell    func(done, total int) // how far it is; nil = nobody is told
}

// found is what a name of a unit stands for.
type found struct {
	owner Owner
	why   Note // why there is none
}

// ImportTasks takes tasks out of a table. With problems in it nothing is imported: a dry run
// returns them, an import is Invalid with a field for each. Tasks that are in the ledger already,
// by title and lead unit, are left alone, so that a table may be sent twice.
func (s *Service) ImportTasks(
	ctx context.Context, by authz.Actor, in TaskImport,
) (ImportOutcome, error) {
	if err := TaskPolicy.May(by, ActTaskImport, Task{}); err != nil {
		return ImportOutcome{}, err
	}
	g, err := ledgerFor(ctx, s.unit.DB(), in.Ledger)
	if err != nil {
		return ImportOutcome{}, err
	}
	table, err := sheet.Read(ctx, in.Name, in.File, TaskSheet())
	if err != nil {
		return ImportOutcome{}, err
	}
	x := s.importing(by, in, g, table)
	if err := x.plan(ctx, table); err != nil {
		return ImportOutcome{}, err
	}
	if in.DryRun {
		return x.out, nil
	}
	if err := x.out.Problems.Err(ctx); err != nil {
		return x.out, err
	}
	const useCase = "plan.ImportTasks"
	sum := []any{in.Ledger, in.Begun, x.fingerprint()}
	_, _, err = unit.Once(ctx, s.unit, by, useCase, in.Key, sum, func(tx *unit.Tx) (int, error) {
		return x.out.Adds, x.store(ctx, tx)
	})
	x.out.Done = err == nil
	return x.out, err
}

// fingerprint stands for the rows in an idempotency key.
func (x *importing) fingerprint() string {
	var b strings.Builder
	for _, r := range x.rows {
		fmt.Fprintf(&b, "%s|%s|%s|%d\n", r.serial, r.task.Title, r.task.Lead, r.task.DueUs)
	}
	return b.String()
}

var qPresent = db.Stmt(`SELECT t.id, t.level, t.title, o.org_now FROM plan_task AS t
	JOIN plan_task_org AS o ON o.task = t.id AND o.part = 'lead'
	WHERE t.ledger = $1 AND t.state <> 'terminated'`)

func scanPresent(r db.Row) (Task, error) {
	var t Task
	err := r.Scan(&t.ID, &t.Level, &t.Title, &t.Lead)
	return t, err
}

// sameTask is what tells tasks of a ledger apart.
func (t Task) sameTask() string { return t.Lead + "|" + t.Title }

// plan reads all rows and says what is to become of them.
func (x *importing) plan(ctx context.Context, table *sheet.Table) error {
	present, err := db.All(ctx, x.s.unit.DB(), qPresent, scanPresent, x.ledger.ID)
	if err != nil {
		return err
	}
	for _, t := range present {
		x.present[t.sameTask()] = t
	}
	twice := sheet.NewDuplicates(colTask, colLead)
	for row, err := range table.Rows(ctx, x.tell) {
		if err != nil {
			return err
		}
		x.out.Rows++
		x.out.Problems.Add(row.Problems...)
		if p, is := twice.Check(row); is {
			x.out.Problems.Add(p)
			continue
		}
		if err := x.planRow(ctx, row); err != nil {
			return err
		}
	}
	if x.out.Rows == 0 {
		return fault.Fields(fault.At(sheet.FieldFile, "没有可导入的数据行"))
	}
	for _, d := range x.defs {
		if d.ID == "" {
			x.out.Indicators = append(x.out.Indicators, d.Name)
		}
	}
	slices.Sort(x.out.Indicators)
	slices.Sort(x.out.Unknown)
	return nil
}

func (x *importing) planRow(ctx context.Context, row sheet.Row) error {
	r := &importRow{row: row, serial: row.Text(colSerial)}
	due := row.Date(colDue)
	r.task = Task{ID: id.New(), Ledger: x.ledger.ID, Level: 1, State: TaskDraft,
		CreatedBy: x.by.Account, TaskData: TaskData{Title: tidy(row.Text(colTask)),
			Region: x.ledger.Region, Person: tidy(row.Text(colPerson)), Start: min(x.today, due),
			Cadence: "month", Supervisor: x.by.Account}}
	if due != "" {
		r.task.DueUs = EndOfDay(due)
	}
	if err := x.owners(ctx, r); err != nil {
		return err
	}
	if err := x.goals(ctx, r); err != nil {
		return err
	}
	x.progress(r)
	x.place(r)
	if len(row.Problems) == 0 {
		x.check(r)
	}
	if old, is := x.present[r.task.sameTask()]; is {
		r.task.ID, r.task.Level, r.skip = old.ID, old.Level, true
		x.out.Skips++
	} else {
		x.out.Adds++
	}
	x.rows = append(x.rows, r)
	return nil
}

// problem notes what is wrong with a cell.
func (x *importing) problem(r *importRow, column, key string, args ...any) {
	x.out.Problems.Add(r.row.Problem(column, key, args...))
}

// columnOf says at which column a fault of a task is shown.
var columnOf = map[string]string{"title": colTask, "person": colPerson, "dueUs": colDue,
	"lead": colLead, "duty": colDuty, "assist": colAssist}

// check puts what the room itself says about the task at its cells.
func (x *importing) check(r *importRow) {
	var f faults
	r.task.check(&f)
	for _, e := range f {
		column := columnOf[e.Name]
		if column == "" {
			column = colTask
		}
		x.problem(r, column, e.Key, e.Args...)
	}
}

// owners links the units of a row by their names.
func (x *importing) owners(ctx context.Context, r *importRow) error {
	for _, c := range []struct{ column, part string }{
		{colLead, Lead}, {colDuty, Duty}, {colAssist, Assist},
	} {
		list := names(r.row.Text(c.column))
		if c.part == Lead && len(list) > 1 {
			x.problem(r, c.column, "牵头单位只能有一个，其余请填到责任单位")
			continue
		}
		for _, name := range list {
			u, err := x.unit(ctx, name)
			if err != nil {
				return err
			}
			if u.why.Key != "" {
				x.problem(r, c.column, u.why.Key, u.why.Args...)
				continue
			}
			if slices.ContainsFunc(r.task.Owners, func(o Owner) bool { return o.Now == u.owner.Now }) {
				x.problem(r, c.column, "“%s”重复", u.owner.Name)
				continue
			}
			u.owner.Part = c.part
			r.task.Owners = append(r.task.Owners, u.owner)
		}
	}
	r.task.own(r.task.Owners)
	return nil
}

// unit looks a name up in the registry, once for each name.
func (x *importing) unit(ctx context.Context, name string) (found, error) {
	if u, known := x.units[name]; known {
		return u, nil
	}
	if x.s.opt.Party == nil {
		return found{}, errNoParty
	}
	list, err := x.s.opt.Party.SimilarOrganisations(ctx, x.by, party.SimilarInput{Name: name})
	if err != nil {
		return found{}, err
	}
	u := found{}
	switch same := sameName(list, name); {
	case len(same) == 1:
		u.owner = ownerOf(same[0])
	case len(same) > 1:
		u.why = Note{"主体库中有 %d 个单位叫“%s”，请写全称", []any{len(same), name}}
	case len(list) > 0:
		u.why = Note{"主体库中没有“%s”，是否为“%s”", []any{name, list[0].Org.Name}}
	default:
		u.why = Note{"主体库中没有“%s”", []any{name}}
	}
	if u.why.Key != "" {
		x.out.Unknown = append(x.out.Unknown, name)
	}
	x.units[name] = u
	return u, nil
}

// sameName returns the organisations that go by a name: those of exactly that name, or else those
// whose name or other name differs only in its spelling.
func sameName(list []party.Similar, name string) []party.Org {
	var exact, spelt []party.Org
	for _, s := range list {
		if s.Org.Name == name {
			exact = append(exact, s.Org)
		}
		if s.Score >= spelling {
			spelt = append(spelt, s.Org)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return spelt
}

// spelling is the score from which party.Similar means the same name but for its spelling.
const spelling = 92

// goals reads the indicators of a row with their values.
func (x *importing) goals(ctx context.Context, r *importRow) error {
	indicators, values := cellLines(r.row.Text(colIndicator)), cellLines(r.row.Text(colGoal))
	if len(indicators) != len(values) {
		x.problem(r, colGoal, "有 %d 个指标、%d 个目标值，应逐行对应", len(indicators), len(values))
		return nil
	}
	for i, name := range indicators {
		g, ok := parseGoal(values[i])
		if !ok {
			x.problem(r, colGoal, "“%s”不是目标值，请写作 ≥228亿元", firstRunes(values[i], 40))
			continue
		}
		if len([]rune(name)) > maxPhrase {
			x.problem(r, colIndicator, "最多 %d 个字，现有 %d 个", maxPhrase, len([]rune(name)))
			continue
		}
		d, err := x.definition(ctx, name, g.Unit)
		if err != nil {
			return err
		}
		if inUnit(hundred, g.Unit, d.Unit) == nil && adds(measureOf(name, g.Unit)) {
			x.problem(r, colGoal, "指标“%s”的单位是“%s”，这里的单位不能换算", d.Name, d.Unit)
			continue
		}
		r.goals = append(r.goals, goalOf{name, g, d})
	}
	return nil
}

// definition returns the indicator of a name, or the one that is to be defined.
func (x *importing) definition(ctx context.Context, name, unit string) (Indicator, error) {
	key := phraseKey(name)
	if d, known := x.defs[key]; known {
		return d, nil
	}
	list, err := db.All(ctx, x.s.unit.DB(), qIndicatorKey, scanIndicator, key)
	if err != nil {
		return Indicator{}, err
	}
	d := Indicator{IndicatorData: IndicatorData{Name: name, Unit: unit, Direction: "up",
		Additive: adds(measureOf(name, unit))}}
	if len(list) > 0 {
		d = list[0]
	}
	x.defs[key] = d
	return d, nil
}

// measureOf says what a number with a unit measures.
func measureOf(name, unit string) string {
	switch {
	case !strings.Contains(unit, "%"):
		return "level"
	case slices.ContainsFunc(growthWords, func(w string) bool { return strings.Contains(name, w) }):
		return "growth"
	default:
		return "share"
	}
}

func (x *importing) progress(r *importRow) {
	cell := r.row.Text(colProgress)
	if strings.TrimSpace(cell) == "" {
		return
	}
	bp, text, ok := parseProgress(cell)
	switch {
	case !ok:
		x.problem(r, colProgress, "进度应在 0 与 100 之间")
	case len([]rune(text)) > MaxProse:
		x.problem(r, colProgress, "最多 %d 个字，现有 %d 个", MaxProse, len([]rune(text)))
	case !x.in.Begun:
		x.problem(r, colProgress, "有进展的任务，请选择按“办理中”导入")
	}
	r.bp, r.text, r.progress = bp, text, cell
}

// place finds the task that a row is a part of, by its serial number.
func (x *importing) place(r *importRow) {
	if r.serial == "" {
		return
	}
	if x.serials[r.serial] != nil {
		x.problem(r, colSerial, "与第 %d 行重复", x.serials[r.serial].row.Number)
		return
	}
	x.serials[r.serial] = r
	i := strings.LastIndex(r.serial, ".")
	if i < 0 {
		return
	}
	parent := x.serials[r.serial[:i]]
	switch {
	case parent == nil:
		x.problem(r, colSerial, "前面没有序号为 %s 的任务", r.serial[:i])
	case parent.task.Level >= maxLevels:
		x.problem(r, colSerial, "任务最多分 %d 级", maxLevels)
	default:
		r.task.Parent, r.task.Level = parent.task.ID, parent.task.Level+1
	}
}

// store writes all rows.
func (x *importing) store(ctx context.Context, tx *unit.Tx) error {
	now := clock.Time(tx.NowUs())
	rule, err := ruleAt(ctx, tx, clock.DateOf(now))
	if err != nil {
		return err
	}
	defs := map[string]Indicator{}
	for _, key := range slices.Sorted(maps.Keys(x.defs)) {
		d := x.defs[key]
		if d.ID == "" {
			d, err = x.s.createIndicator(ctx, tx, NewIndicator{IndicatorData: d.IndicatorData})
			if err != nil {
				return err
			}
		}
		defs[key] = d
	}
	stored := map[string]Task{}
	var grams [][]any
	for _, r := range x.rows {
		if r.skip {
			continue
		}
		t, err := x.storeRow(ctx, tx, r, rule, now, stored, defs)
		if err != nil {
			return err
		}
		stored[t.ID] = t
		if x.tell != nil {
			x.tell(len(stored), x.out.Adds)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		grams = append(grams, gramRows(gramTask, t.ID, t.Title, phraseKey(t.Title))...)
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qGramAdd, grams); err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindLedger, Object: x.ledger.ID, What: "import",
		Detail: map[string]any{"file": x.in.Name, "adds": x.out.Adds, "skips": x.out.Skips,
			"begun": x.in.Begun}})
	return nil
}

func (x *importing) storeRow(
	ctx context.Context, tx *unit.Tx, r *importRow, rule LightRule, now time.Time,
	stored map[string]Task, defs map[string]Indicator,
) (Task, error) {
	t := r.task
	t.SignDays, t.AnswerDays, t.CreatedUs = rule.SignDays, rule.AnswerDays, tx.NowUs()
	for _, g := range r.goals {
		goal := x.target(t, g, defs[phraseKey(g.name)])
		if err := x.s.addTarget(ctx, tx, goal); err != nil {
			return t, err
		}
		t.Targets = append(t.Targets, goal.ID)
	}
	parent, here := stored[t.Parent]
	if t.Parent != "" && !here { // it was in the ledger already
		var err error
		if parent, err = x.s.parentOf(ctx, tx, t.Parent); err != nil {
			return t, err
		}
	}
	err := t.number(ctx, tx, now.In(clock.Shanghai).Year(), parent)
	if err != nil {
		return t, err
	}
	if x.in.Begun {
		t.State, t.ProgressBp = TaskActive, r.bp
		if r.progress != "" {
			t.ReportedUs = tx.NowUs()
		}
	}
	if err := insertTask(ctx, tx, t); err != nil {
		return t, err
	}
	if err := addLight(ctx, tx, t.ID, LightOf(rule, t, 0, now)); err != nil {
		return t, err
	}
	if x.in.Begun {
		err = x.s.tasks.Adopt(ctx, tx, t.ID, importedFrom)
	} else {
		err = x.s.tasks.Start(ctx, tx, t.ID)
	}
	if err != nil {
		return t, err
	}
	if r.progress != "" {
		err := db.ExecOne(ctx, tx.Tx, qReportAdd, id.New(), t.ID, int64(1), r.bp,
			cmp.Or(r.text, r.progress), "", "", "", "", tx.NowUs(), x.by.Account, x.by.Login)
		if err != nil {
			return t, err
		}
	}
	tx.Audit(audit.Entry{Kind: kindTask, Object: t.ID, What: "create", Detail: map[string]any{
		"code": t.Code, "ledger": t.Ledger, "parent": t.Parent, "row": r.row.Number}})
	tx.Emit(outbox.Event{Kind: EventTaskCreated, Object: t.ID})
	return t, nil
}

// target is what a row sets for its lead unit: to be reached in the year up to the deadline.
func (x *importing) target(t Task, g goalOf, d Indicator) Target {
	due := clock.DateOf(clock.Time(t.DueUs))
	o, _ := t.lead()
	return Target{ID: id.New(), Level: 1, OrgName: o.Name, orgNow: o.Now, CreatedBy: x.by.Account,
		TargetData: TargetData{Indicator: d.ID, Region: t.Region, Org: o.Org,
			Measure: measureOf(g.name, g.Unit), Op: g.Op, Value: g.Value, Unit: g.Unit,
			From: due[:4] + "-01-01", To: due}}
}
