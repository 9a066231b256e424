package dispatch

import (
	"cmp"
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// maxDecisions bounds the decisions of a meeting.
const maxDecisions = 200

// DecisionData is what people write about a decision (决议).
type DecisionData struct {
	Item  string `json:"item"` // id of the item it is about
	Kind  string `json:"kind"` // one of DecisionKinds
	Text  string `json:"text"`
	Org   string `json:"org,omitempty"` // id of the unit that answers for it
	DueUs int64  `json:"dueUs,omitempty"`
}

// Decision is what a meeting decided about an item.
type Decision struct {
	ID string `json:"id"`
	DecisionData
	Meeting      string `json:"meeting"`
	MeetingTitle string `json:"meetingTitle"`
	N            int64  `json:"n"`
	OrgName      string `json:"orgName,omitempty"`
	TaskID       string `json:"task,omitempty"`      // that it made or changed
	SettledUs    int64  `json:"settledUs,omitempty"` // when it was carried out
	SettledNote  string `json:"settledNote,omitempty"`
	CreatedUs    int64  `json:"createdUs"`
	Version      int64  `json:"version"`
	orgNow       string
}

const decisionColumns = `d.id, d.meeting, m.title, d.item, d.n, d.kind, d.text, d.org, d.org_now,
	d.org_name, d.due_us, d.task, d.settled_us, d.settled_note, d.created_us, d.version`

const decisionFrom = `dispatch_decision AS d JOIN dispatch_meeting AS m ON m.id = d.meeting`

func scanDecision(r db.Row) (Decision, error) {
	var x Decision
	err := r.Scan(&x.ID, &x.Meeting, &x.MeetingTitle, &x.Item, &x.N, &x.Kind, &x.Text, &x.Org, &x.orgNow,
		&x.OrgName, &x.DueUs, &x.TaskID, &x.SettledUs, &x.SettledNote, &x.CreatedUs, &x.Version)
	return x, err
}

var (
	qDecision    = db.Stmt(`SELECT ` + decisionColumns + ` FROM ` + decisionFrom + ` WHERE d.id = $1`)
	qDecisionsOf = db.Stmt(`SELECT ` + decisionColumns + ` FROM ` + decisionFrom + `
		WHERE d.meeting = $1 ORDER BY d.n`)
	qDecisionCount = db.Stmt(`SELECT COALESCE(MAX(n), 0) FROM dispatch_decision WHERE meeting = $1`)
	qDecisionAdd   = db.Stmt(`INSERT INTO dispatch_decision (id, meeting, item, n, kind, text, org, org_now,
			org_name, due_us, task, settled_us, settled_note, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', $12, $13, 1)`)
	qDecisionDrop   = db.Stmt(`DELETE FROM dispatch_decision WHERE id = $1 AND version = $2`)
	qDecisionSettle = db.Stmt(`UPDATE dispatch_decision SET settled_us = $3, settled_note = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qDecisionTask = db.Stmt(`UPDATE dispatch_decision SET settled_us = $2, version = version + 1
		WHERE task = $1 AND task <> '' AND (settled_us = 0) <> (CAST($2 AS BIGINT) = 0)`)
)

var decisionList = db.Select(decisionColumns, decisionFrom,
	db.Order{Name: "newest", Desc: true,
		Cols: []db.Col{db.IntCol("d.created_us"), db.TextCol("d.id")}})

// NewDecision is the input of AddDecision.
type NewDecision struct {
	Meeting string `json:"-"`
	DecisionData
	Title   string `json:"title,omitempty"`  // of a new task; "" takes the words of the decision
	Ledger  string `json:"ledger,omitempty"` // of a new task, when the meeting looks at all ledgers
	Task    string `json:"task,omitempty"`   // whose deadline changes; "" takes that of the item
	Version int64  `json:"version"`          // of the meeting
	Key     string `json:"-"`
}

func (in *NewDecision) check(m Meeting, x Item) error {
	var f faults
	f.prose("text", in.Text, MaxProse, true)
	f.choice("kind", in.Kind, DecisionKinds())
	f.moment("dueUs", in.DueUs, in.Kind == KindTask || in.Kind == KindDeadline)
	f.line("title", in.Title, MaxTitle, false)
	if in.Org == "" && (in.Kind == KindTask || in.Kind == KindInstruction) {
		f.add("org", "请选择一项")
	}
	if in.Ledger = cmp.Or(m.Ledger, in.Ledger); in.Kind == KindTask && in.Ledger == "" {
		f.add("ledger", "请选择一项")
	}
	if in.Task = cmp.Or(in.Task, x.task()); in.Kind == KindDeadline && in.Task == "" {
		f.add("kind", "这个议题没有对应的任务，不能调整时限")
	}
	return f.err()
}

// task is the id of the task that an item is about, "" for none.
func (x Item) task() string {
	const prefix = "plan.task:"
	if len(x.sourceKey) > len(prefix) && x.sourceKey[:len(prefix)] == prefix {
		return x.sourceKey[len(prefix):]
	}
	return ""
}

// AboutTask is the id of the task that an item is about, "" for none.
func (x Item) AboutTask() string { return x.task() }

// AddDecision records what a meeting that was held decided about an item. A new task is made and
// established, a deadline is moved, in the same write.
func (s *Service) AddDecision(
	ctx context.Context, by authz.Actor, in NewDecision,
) (Decision, error) {
	in.Text, in.Title = lines(in.Text), tidy(in.Title)
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.AddDecision", in.Key, in,
		func(tx *unit.Tx) (Decision, error) {
			m, err := s.write(ctx, tx, in.Meeting, in.Version, Held)
			if err != nil {
				return Decision{}, err
			}
			x, found, err := db.Find(ctx, tx, qItem, scanItem, in.Item)
			if err != nil {
				return Decision{}, err
			}
			if !found || x.Meeting != m.ID || x.Dropped {
				return Decision{}, fault.Fields(fault.At("item", "议程中没有这个议题"))
			}
			return s.decide(ctx, tx, in, m, x)
		})
	return out, err
}

func (s *Service) decide(
	ctx context.Context, tx *unit.Tx, in NewDecision, m Meeting, about Item,
) (Decision, error) {
	if err := in.check(m, about); err != nil {
		return Decision{}, err
	}
	var f faults
	u, err := s.unitOf(ctx, tx.By(), "org", in.Org, &f)
	if err != nil {
		return Decision{}, err
	}
	if err := f.err(); err != nil {
		return Decision{}, err
	}
	n, err := db.Get(ctx, tx, qDecisionCount, db.One[int64], m.ID)
	if err != nil {
		return Decision{}, err
	}
	if n >= maxDecisions {
		return Decision{}, fault.New(fault.Conflict, "一次会议最多 %d 条决议", maxDecisions)
	}
	task, err := s.actOn(ctx, tx, in, m)
	if err != nil {
		return Decision{}, err
	}
	if in.Kind == KindDeadline && u.Org == "" { // whose task it is answers for it
		for _, o := range task.Of(plan.Lead) {
			u = Unit{Org: o.Org, Now: o.Now, Name: o.Name}
		}
	}
	decisionID := id.New()
	err = db.ExecOne(ctx, tx.Tx, qDecisionAdd, decisionID, m.ID, about.ID, n+1, in.Kind, in.Text, u.Org,
		u.Now, u.Name, in.DueUs, task.ID, tx.NowUs(), tx.By().Account)
	if err != nil {
		return Decision{}, err
	}
	if err := touch(ctx, tx, m); err != nil {
		return Decision{}, err
	}
	tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: "decide", Detail: map[string]any{
		"decision": decisionID, "item": about.ID, "kind": in.Kind, "text": in.Text, "task": task.ID}})
	tx.Emit(outbox.Event{Kind: EventMeetingDecision, Object: m.ID, Data: decisionID})
	return db.Get(ctx, tx, qDecision, scanDecision, decisionID)
}

// actOn does what a decision says to the ledger.
func (s *Service) actOn(
	ctx context.Context, tx *unit.Tx, in NewDecision, m Meeting,
) (plan.Task, error) {
	switch in.Kind {
	case KindTask:
		t, err := s.opt.Plan.OpenTask(ctx, tx, plan.NewTask{Ledger: in.Ledger, TaskData: plan.TaskData{
			Title: cmp.Or(in.Title, firstRunes(tidy(in.Text), MaxTitle)), Content: in.Text, Region: m.Region,
			Leader: m.Chair, Start: clock.DateOf(clock.Time(tx.NowUs())), DueUs: in.DueUs, Cadence: m.Cadence,
			Lead: in.Org, Supervisor: tx.By().Account}})
		return t, rename(err, "text", map[string]string{"title": "title", "lead": "org", "dueUs": "dueUs",
			"start": "dueUs", "ledger": "ledger"})
	case KindDeadline:
		t, err := s.opt.Plan.MoveDeadline(ctx, tx, plan.DeadlineMove{Task: in.Task, DueUs: in.DueUs,
			Reason: m.Title + "：" + firstRunes(in.Text, MaxLine)})
		if fault.Is(err, fault.NotFound) {
			err = fault.Fields(fault.At("kind", "这个议题没有对应的任务，不能调整时限"))
		}
		return t, rename(err, "dueUs", nil)
	}
	return plan.Task{}, nil
}

// DecisionRef names a decision that was seen at a version.
type DecisionRef struct {
	ID      string `json:"-"`
	Version int64  `json:"version"` // of the decision
}

// decision loads a decision with its meeting, for somebody who keeps its record.
func (s *Service) decision(
	ctx context.Context, tx *unit.Tx, at DecisionRef,
) (Decision, Meeting, error) {
	x, err := db.Get(ctx, tx, qDecision, scanDecision, at.ID)
	if err != nil {
		return x, Meeting{}, err
	}
	m, err := s.readMeeting(ctx, tx, tx.By(), x.Meeting)
	if err != nil {
		return x, m, err
	}
	if err := MeetingPolicy.May(tx.By(), ActMeetingUpdate, m); err != nil {
		return x, m, err
	}
	if x.Version != at.Version {
		return x, m, errStale()
	}
	return x, m, nil
}

// RemoveDecision takes back a decision that changed nothing else, before the minutes are sent to be
// signed.
func (s *Service) RemoveDecision(ctx context.Context, by authz.Actor, in DecisionRef) error {
	return s.unit.Write(ctx, by, "dispatch.RemoveDecision", func(tx *unit.Tx) error {
		x, m, err := s.decision(ctx, tx, in)
		if err != nil {
			return err
		}
		switch {
		case m.State != Held:
			return fault.New(fault.Conflict, "会议现在的状态不能修改这些内容")
		case x.TaskID != "":
			return fault.New(fault.Conflict, "这条决议已立任务或改了时限，请在任务台账中办理")
		}
		if err := db.ExecOne(ctx, tx.Tx, qDecisionDrop, x.ID, x.Version); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: "undecide",
			Detail: map[string]any{"decision": x.ID, "text": x.Text}})
		tx.Emit(outbox.Event{Kind: EventMeetingDecision, Object: m.ID, Data: x.ID})
		return touch(ctx, tx, m)
	})
}

// Settlement is the input of SettleDecision. Back opens it again.
type Settlement struct {
	DecisionRef
	Note string `json:"note"`
	Back bool   `json:"back,omitempty"`
}

// SettleDecision records that an instruction was carried out. What a task stands for is settled by its
// task and in no other way.
func (s *Service) SettleDecision(
	ctx context.Context, by authz.Actor, in Settlement,
) (Decision, error) {
	in.Note = lines(in.Note)
	var out Decision
	err := s.unit.Write(ctx, by, "dispatch.SettleDecision", func(tx *unit.Tx) error {
		x, m, err := s.decision(ctx, tx, in.DecisionRef)
		if err != nil {
			return err
		}
		if x.Kind != KindInstruction {
			return fault.New(fault.Conflict, "这条决议由任务的进展决定是否办结")
		}
		var f faults
		f.prose("note", in.Note, MaxProse, true)
		if err := f.err(); err != nil {
			return err
		}
		at := tx.NowUs()
		if in.Back {
			at = 0
		}
		if err := db.ExecOne(ctx, tx.Tx, qDecisionSettle, x.ID, x.Version, at, in.Note); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindMeeting, Object: m.ID, What: "settle", Reason: in.Note,
			Detail: map[string]any{"decision": x.ID, "settledUs": at}})
		tx.Emit(outbox.Event{Kind: EventMeetingDecision, Object: m.ID, Data: x.ID})
		out, err = db.Get(ctx, tx, qDecision, scanDecision, x.ID)
		return err
	})
	return out, err
}
