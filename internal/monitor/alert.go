package monitor

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Alert (督办) is a task that a red light opened. It is live while the light is red or the task is open;
// a target has one live alert at most.
type Alert struct {
	ID           string      `json:"id"`
	Target       string      `json:"target"`
	Task         string      `json:"task"`
	TaskCode     string      `json:"taskCode"`
	Indicator    string      `json:"indicator"`
	Evidence     string      `json:"evidence"` // one of Evidences
	Reasons      []plan.Note `json:"reasons"`  // why it was opened
	Rule         string      `json:"rule"`
	Asked        string      `json:"-"` // what the target asked for then, see plan.Target.Asks
	DueUs        int64       `json:"dueUs,omitempty"`
	OpenedUs     int64       `json:"openedUs"`
	RecoveredUs  int64       `json:"recoveredUs,omitempty"` // since when the light is not red
	EndedUs      int64       `json:"endedUs,omitempty"`     // the task was closed
	DecidedUs    int64       `json:"decidedUs,omitempty"`   // a leader lets it be closed although it is red
	DecidedBy    string      `json:"-"`
	DecidedLogin string      `json:"decidedLogin,omitempty"`
	Decision     string      `json:"decision,omitempty"`
	Live         bool        `json:"live"`
	Version      int64       `json:"version"`
}

const alertColumns = `a.id, a.target, a.task, a.task_code, a.indicator, a.evidence, a.reasons, a.rule,
	a.due_us, a.opened_us, a.recovered_us, a.ended_us, a.decided_us, a.decided_by, a.decided_login,
	a.decision, a.live, a.version, a.asked`

var (
	qAlertLive = db.Stmt(`SELECT ` + alertColumns + ` FROM monitor_alert AS a WHERE a.target = $1 AND a.live`)
	qAlertTask = db.Stmt(`SELECT ` + alertColumns + ` FROM monitor_alert AS a WHERE a.task = $1`)
	qAlertsOf  = db.Stmt(`SELECT ` + alertColumns + ` FROM monitor_alert AS a WHERE a.target = $1
		ORDER BY a.opened_us DESC, a.id LIMIT 100`)
	qAlertsBy = db.Stmt(`SELECT ` + alertColumns + ` FROM monitor_alert AS a WHERE a.indicator = $1
		ORDER BY a.opened_us DESC, a.id LIMIT 200`)
	qAlertAdd = db.Stmt(`INSERT INTO monitor_alert (id, target, task, task_code, indicator, evidence,
			reasons, rule, due_us, opened_us, recovered_us, ended_us, decided_us, decided_by,
			decided_login, decision, live, version, asked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 0, '', '', '', TRUE, 1, $11)`)
	qAlertRed = db.Stmt(`UPDATE monitor_alert SET recovered_us = 0, version = version + 1
		WHERE target = $1 AND live AND recovered_us <> 0`)
	qAlertsRecover = db.Stmt(`UPDATE monitor_alert SET recovered_us = $2, live = (ended_us = 0),
			version = version + 1
		WHERE target = $1 AND live AND recovered_us = 0`)
	qAlertEnd = db.Stmt(`UPDATE monitor_alert SET ended_us = $2, live = (recovered_us = 0),
			version = version + 1
		WHERE task = $1 AND ended_us = 0`)
	qAlertAgain = db.Stmt(`UPDATE monitor_alert SET ended_us = 0, version = version + 1
		WHERE task = $1 AND live AND ended_us <> 0`)
	qAlertDecide = db.Stmt(`UPDATE monitor_alert SET decided_us = $3, decided_by = $4, decided_login = $5,
			decision = $6, version = version + 1
		WHERE id = $1 AND version = $2`)
)

func scanAlert(r db.Row) (Alert, error) {
	var a Alert
	var reasons string
	err := r.Scan(&a.ID, &a.Target, &a.Task, &a.TaskCode, &a.Indicator, &a.Evidence, &reasons, &a.Rule,
		&a.DueUs, &a.OpenedUs, &a.RecoveredUs, &a.EndedUs, &a.DecidedUs, &a.DecidedBy, &a.DecidedLogin,
		&a.Decision, &a.Live, &a.Version, &a.Asked)
	if err != nil {
		return a, err
	}
	return a, decode(reasons, &a.Reasons)
}

// alertList are alerts in the order of their targets.
var alertList = db.Select(alertColumns, `monitor_alert AS a`,
	db.Order{Name: "target", Cols: []db.Col{db.TextCol("a.target"), db.TextCol("a.id")}})

// OpenTasks returns the tasks that lights opened and that are not closed, by target. The lights are ones
// that the actor was shown.
func (s *Service) OpenTasks(
	ctx context.Context, by authz.Actor, lights []LightRow,
) (map[string]string, error) {
	out := map[string]string{}
	var ids []any
	for _, l := range lights {
		if LightPolicy.May(by, ActLightRead, l) == nil {
			ids = append(ids, l.Target)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	w := db.Where{}.In("a.target", ids...).And("a.live AND a.ended_us = 0")
	return out, db.Stream(ctx, s.unit.DB(), alertList, w, alertList.Order(""), 0, scanAlert, func(a Alert) error {
		out[a.Target] = a.Task
		return nil
	})
}

// LightsBehind returns the lights of targets, and of those whose lights opened one of the tasks, as far as the
// actor may see them; and the tasks by target.
func (s *Service) LightsBehind(
	ctx context.Context, by authz.Actor, targets, tasks []string,
) ([]LightRow, map[string]string, error) {
	opened := map[string]string{}
	for part := range slices.Chunk(tasks, db.MaxLimit) {
		ids := make([]any, len(part))
		for i, one := range part {
			ids[i] = one
		}
		w := db.Where{}.In("a.task", ids...)
		err := db.Stream(ctx, s.unit.DB(), alertList, w, alertList.Order(""), 0, scanAlert, func(a Alert) error {
			opened[a.Target] = a.Task
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	all := slices.Concat(targets, slices.Collect(maps.Keys(opened)))
	slices.Sort(all)
	var out []LightRow
	for part := range slices.Chunk(slices.Compact(all), db.MaxLimit) {
		page, err := s.ListLights(ctx, by, LightFilter{Targets: part}, "", db.PageReq{Limit: db.MaxLimit})
		if err != nil {
			return nil, nil, err
		}
		out = append(out, page.Items...)
	}
	return out, opened, nil
}

// followLight sets going what follows from a light: a red one opens a task, once, unless the period of its
// target was over when the target was recorded; one that is not red any more lets it be closed.
func (s *Service) followLight(
	ctx context.Context, tx *unit.Tx, w *watch, t plan.Target, row LightRow, d indicator.Definition,
) (int, error) {
	if row.Light.Colour != plan.Red {
		_, err := db.Exec(ctx, tx.Tx, qAlertsRecover, t.ID, tx.NowUs())
		return 0, err
	}
	_, live, err := db.Find(ctx, tx, qAlertLive, scanAlert, t.ID)
	if err != nil || !live && (w.rule.TaskDays == 0 || cameLate(t)) {
		return 0, err
	}
	if live {
		_, err := db.Exec(ctx, tx.Tx, qAlertRed, t.ID)
		return 0, err
	}
	due := s.dueUs(w.rule, w.day)
	task, err := s.openTask(ctx, tx, w.rule, t, row, cmp.Or(t.UnitNow(), d.Org), due)
	if err != nil {
		return 0, err
	}
	a := Alert{ID: id.New(), Target: t.ID, Task: task.ID, TaskCode: task.Code, Indicator: t.Indicator,
		Evidence: w.rule.Evidence, Reasons: row.Light.Reasons, Rule: w.rule.ID,
		Asked: t.Asks(), DueUs: due}
	err = db.ExecOne(ctx, tx.Tx, qAlertAdd, a.ID, a.Target, a.Task, a.TaskCode, a.Indicator, a.Evidence,
		encode(a.Reasons), a.Rule, a.DueUs, tx.NowUs(), a.Asked)
	if err != nil {
		return 0, err
	}
	tx.Audit(audit.Entry{Kind: kindLight, Object: t.ID, What: "alert", Detail: a})
	tx.Emit(outbox.Event{Kind: EventAlert, Object: task.ID, Data: t.ID})
	return 1, nil
}

// dueUs is the deadline of a task that a light opens on a day.
func (s *Service) dueUs(r Rule, day clock.Date) int64 {
	minutes, _ := minuteOf(r.TaskClock)
	at := s.workingDays(day, int(r.TaskDays)).Start()
	return clock.Us(at.Add(time.Duration(minutes) * time.Minute))
}

// openTask opens the task of a red light in the ledger of the rule. A unit that the registry does not
// know leads nothing: the task is then a draft that an officer completes.
func (s *Service) openTask(
	ctx context.Context, tx *unit.Tx, r Rule, t plan.Target, row LightRow, lead string, due int64,
) (plan.Task, error) {
	g, err := s.opt.Plan.LedgerNamed(ctx, tx, cmp.Or(r.Ledger, usualLedger), cmp.Or(s.home(), t.Region))
	if err != nil {
		return plan.Task{}, err
	}
	in := plan.NewTask{Ledger: g.ID, TaskData: plan.TaskData{
		Title:   i18n.Text(i18n.ZH, taskTitle, t.Name, s.placeName(t)),
		Content: taskContent(r, row), Region: t.Region, Lead: lead, DueUs: due,
		Start: clock.DateOf(clock.Time(tx.NowUs())), Targets: []string{t.ID}}}
	task, err := s.opt.Plan.OpenTask(ctx, tx, in)
	if e, ok := fault.As(err); ok && e.Kind == fault.Invalid && lead != "" {
		in.Lead = ""
		task, err = s.opt.Plan.OpenTask(ctx, tx, in)
	}
	return task, err
}

// placeName is who a target is set for.
func (s *Service) placeName(t plan.Target) string {
	if t.OrgName != "" {
		return t.OrgName
	}
	if s.opt.Dict == nil {
		return string(t.Region)
	}
	return s.opt.Dict.PlaceName(s.home(), t.Region)
}

// taskContent says in words why the task was opened and what it asks for. A task is a record in Chinese.
func taskContent(r Rule, row LightRow) string {
	var out []string
	for _, n := range row.Light.Reasons {
		out = append(out, n.In(i18n.ZH))
	}
	text := i18n.Text(i18n.ZH, taskWhy, strings.Join(out, reasonMark))
	return text + "\n" + i18n.Text(i18n.ZH, taskAsks[r.Evidence])
}

// taskMoved notes that the task of an alert was closed or opened again.
func (s *Service) taskMoved(ctx context.Context, tx *db.Tx, e outbox.Stored) error {
	var moved plan.TaskEvent
	if json.Unmarshal(e.Data, &moved) != nil {
		return nil // an event nobody can read moves nothing
	}
	if (plan.Task{State: moved.State}).Closed() {
		_, err := db.Exec(ctx, tx, qAlertEnd, e.Object, e.AtUs)
		return err
	}
	_, err := db.Exec(ctx, tx, qAlertAgain, e.Object)
	return err
}

// HeldOpen implements plan.Holder: the task of a red light is not closed while the number is red, nor after
// its target was changed or dropped, unless a leader decided so. The light is computed there and then, so a
// value approved a moment ago counts. The task of a target that was dropped may be terminated.
func (s *Service) HeldOpen(ctx context.Context, q db.Q, taskID, step string) error {
	a, found, err := db.Find(ctx, q, qAlertTask, scanAlert, taskID)
	if err != nil || !found || a.DecidedUs != 0 {
		return err
	}
	t, err := s.opt.Plan.TargetIn(ctx, q, a.Target)
	if fault.Is(err, fault.NotFound) {
		return nil // what nobody asks for any more holds nothing
	}
	if err != nil {
		return err
	}
	if t.Dropped {
		if step == plan.StepTerminate {
			return nil
		}
		return fault.New(fault.Conflict, "目标“%s”已取消，这项任务不再以办结收尾：退回后写明理由终止", t.Name)
	}
	w, err := s.watchAt(ctx, q, s.today())
	if err != nil {
		return err
	}
	_, light, err := w.look(ctx, q, t)
	if err != nil {
		return err
	}
	if light.Colour == plan.Red {
		return fault.New(fault.Conflict, "指标“%s”仍为红灯，不能办结：数据转好后再办结，或由局领导写明理由作出决定", t.Name)
	}
	if now := t.Asks(); a.Asked != "" && a.Asked != now {
		before, _, _ := strings.Cut(a.Asked, "|")
		after, _, _ := strings.Cut(now, "|")
		return fault.New(fault.Conflict, "亮红灯后目标由“%s”改为“%s”，不能据此办结：恢复原目标，或由局领导写明理由作出决定",
			before, after)
	}
	return nil
}

// Decision is the input of Decide.
type Decision struct {
	Target  string `json:"-"`
	Reason  string `json:"reason"`
	Version int64  `json:"-"` // of the alert
	Key     string `json:"-"`
}

// Decide records that the task of a red light may be closed although the number is red, and why.
func (s *Service) Decide(ctx context.Context, by authz.Actor, in Decision) (Alert, error) {
	in.Reason = lines(in.Reason)
	l, err := s.readLight(ctx, s.unit.DB(), by, in.Target)
	if err != nil {
		return Alert{}, err
	}
	if err := LightPolicy.May(by, ActLightDecide, l); err != nil {
		return Alert{}, err
	}
	var f faults
	f.prose("reason", in.Reason, maxProse, true)
	if err := f.err(); err != nil {
		return Alert{}, err
	}
	const useCase = "monitor.Decide"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Alert, error) {
		a, live, err := db.Find(ctx, tx, qAlertLive, scanAlert, in.Target)
		switch {
		case err != nil:
			return Alert{}, err
		case !live || a.EndedUs != 0:
			return Alert{}, fault.New(fault.Conflict, "这个目标没有因红灯而开的任务")
		case a.DecidedUs != 0:
			return Alert{}, fault.New(fault.Conflict, "已经作出决定")
		case a.Version != in.Version:
			return Alert{}, fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
		}
		err = db.ExecOne(ctx, tx.Tx, qAlertDecide, a.ID, a.Version, tx.NowUs(), by.Account, by.Login,
			in.Reason)
		if err != nil {
			return Alert{}, err
		}
		tx.Audit(audit.Entry{Kind: kindLight, Object: in.Target, What: "decide", Reason: in.Reason,
			Detail: map[string]any{"alert": a.ID, "task": a.Task}})
		tx.Emit(outbox.Event{Kind: EventDecided, Object: a.Task, Data: in.Target})
		return db.Get(ctx, tx, qAlertTask, scanAlert, a.Task)
	})
	return out, err
}

// readLight reads a light that the actor may see; to all others it does not exist.
func (s *Service) readLight(
	ctx context.Context, q db.Q, by authz.Actor, targetID string,
) (LightRow, error) {
	l, err := db.Get(ctx, q, qLight, scanLight, targetID)
	if err != nil {
		return LightRow{}, err
	}
	return l, LightPolicy.May(by, ActLightRead, l)
}
