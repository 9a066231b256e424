package plan

import (
	"context"
	"math/big"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// This file is what other rooms build on. They act for the house and not for a person, so nothing here
// asks what somebody may read: the room that shows it does.

var (
	qTargetsAfter = db.Stmt(`SELECT ` + targetColumns + ` FROM ` + targetFrom + `
		WHERE t.id > $1 AND NOT t.dropped ORDER BY t.id LIMIT $2`)
	qTargetsOf = db.Stmt(`SELECT ` + targetColumns + ` FROM ` + targetFrom + `
		WHERE t.indicator = $1 AND NOT t.dropped ORDER BY t.to_day, t.id LIMIT 5000`)
	qTitlesIn    = db.Stmt(`SELECT t.title FROM plan_task AS t WHERE t.ledger = $1`)
	qLedgerNamed = db.Stmt(`SELECT ` + ledgerColumns + ` FROM plan_ledger AS g
		WHERE g.region = $1 AND g.name = $2`)
)

// TargetsAfter returns targets in force behind an id, in the order of their ids.
func (s *Service) TargetsAfter(ctx context.Context, q db.Q, after string, limit int) ([]Target, error) {
	return db.All(ctx, q, qTargetsAfter, scanTarget, after, int64(limit))
}

// TargetsOf returns the targets in force of an indicator, those that end first before the others.
func (s *Service) TargetsOf(ctx context.Context, q db.Q, indicatorID string) ([]Target, error) {
	return db.All(ctx, q, qTargetsOf, scanTarget, indicatorID)
}

// TargetIn reads one target.
func (s *Service) TargetIn(ctx context.Context, q db.Q, targetID string) (Target, error) {
	return targetByID(ctx, q, targetID)
}

// TaskIn reads one task.
func (s *Service) TaskIn(ctx context.Context, q db.Q, taskID string) (Task, error) {
	return taskByID(ctx, q, taskID)
}

// UnitNow is the record that the unit of a target lives on as, "" for a target of the place.
func (t Target) UnitNow() string { return t.orgNow }

// LedgerNamed returns the ledger of a place with a name, and opens it when there is none: the tasks
// that another room opens stand in a ledger of their own.
func (s *Service) LedgerNamed(
	ctx context.Context, tx *unit.Tx, name string, place region.Code,
) (Ledger, error) {
	g, found, err := db.Find(ctx, tx, qLedgerNamed, scanLedger, string(place), name)
	if err != nil || found {
		return g, err
	}
	g = Ledger{ID: id.New()}
	if err := LedgerPolicy.May(tx.By(), ActLedgerWrite, g); err != nil {
		return Ledger{}, err
	}
	return openLedger(ctx, tx, g.ID, LedgerData{Name: name, Region: place})
}

// TitlesIn are the titles of the tasks of a ledger.
func (s *Service) TitlesIn(ctx context.Context, q db.Q, ledgerID string) ([]string, error) {
	return db.All(ctx, q, qTitlesIn, db.One[string], ledgerID)
}

// OpenTask makes a task in the write of another room, and establishes it (立项) when it has a lead unit
// and a deadline; else it stays a draft that an officer completes.
func (s *Service) OpenTask(ctx context.Context, tx *unit.Tx, in NewTask) (Task, error) {
	in.normalise()
	t := Task{ID: id.New(), TaskData: in.TaskData, Ledger: in.Ledger, Level: 1, State: TaskDraft,
		CreatedBy: tx.By().Account}
	if err := TaskPolicy.May(tx.By(), ActTaskCreate, t); err != nil {
		return Task{}, err
	}
	var err error
	if t.Owners, err = s.completeTask(ctx, tx.By(), t.TaskData); err != nil {
		return Task{}, err
	}
	if t, err = s.addTask(ctx, tx, t, in.Statements); err != nil || complete(t) != nil {
		return t, err
	}
	t, err = s.tasks.Fire(ctx, tx, t.ID, t.Version, stepEstablish, process.Input{})
	if err != nil {
		return Task{}, err
	}
	tx.Emit(outbox.Event{Kind: EventTaskMoved, Object: t.ID,
		Data: TaskEvent{Step: stepEstablish, State: t.State, Lead: t.Lead}})
	return s.changed(ctx, tx, t.ID)
}

// Closed reports whether the work on a task has ended.
func (t Task) Closed() bool {
	return t.State == TaskDone || t.State == TaskStruck || t.State == TaskTerminated
}

// Keeper is who the house acts as when no person does: an officer of the city.
func Keeper() authz.Actor { return house }

// Convert returns a number of one unit in another: 3 亿元 are 30000 万元. It reports false when they
// measure different things.
func Convert(r *big.Rat, from, to string) (*big.Rat, bool) {
	out := inUnit(r, from, to)
	return out, out != nil
}
