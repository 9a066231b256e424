package process

import (
	"context"
	"fmt"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qHeadAdd = db.Stmt(`INSERT INTO process_head (process, object_id, state, version)
		VALUES ($1, $2, $3, 1)`)
	qHeadMove = db.Stmt(`UPDATE process_head SET state = $4, version = version + 1
		WHERE process = $1 AND object_id = $2 AND state = $3 RETURNING version`)
)

func (p *machine) startMany(ctx context.Context, tx *unit.Tx, list []any) error {
	return p.enterMany(ctx, tx, list, KindStart, "")
}

func (p *machine) adoptMany(ctx context.Context, tx *unit.Tx, list []any, reason string) error {
	in, err := Input{Reason: reason}.checked(Reason, false)
	if err != nil {
		return err
	}
	return p.enterMany(ctx, tx, list, KindAdopt, in.Reason)
}

func (p *machine) enterMany(
	ctx context.Context, tx *unit.Tx, list []any, kind Kind, reason string,
) error {
	var heads, entries, runs [][]any
	for _, x := range list {
		at := p.def.Store.At(x)
		if s, known := p.state(at.State); !known || kind == KindStart && !s.Initial {
			return p.cannotBegin(at)
		}
		e := p.entry(tx, kind, at, 1)
		e.To, e.Reason = at.State, reason
		args, err := e.args()
		if err != nil {
			return err
		}
		heads = append(heads, []any{p.def.Name, at.ID, at.State})
		entries = append(entries, args)
		for _, c := range p.def.Clocks {
			r, starts, err := p.newRun(tx, c, x, 1)
			if err != nil {
				return err
			}
			if starts {
				runs = append(runs, r.args())
			}
		}
	}
	for _, step := range []struct {
		stmt *db.Statement
		rows [][]any
	}{{qHeadAdd, heads}, {qHistoryAdd, entries}, {qRunAdd, runs}} {
		if _, err := db.InsertMany(ctx, tx.Tx, step.stmt, step.rows); err != nil {
			return fmt.Errorf("process %s: begin %d objects: %w", p.def.Name, len(list), err)
		}
	}
	return nil
}

func (p *machine) cannotBegin(at Position) error {
	return fmt.Errorf("process %s: %s cannot begin in state %q", p.def.Name, at.ID, at.State)
}

func (p *machine) adopt(ctx context.Context, tx *unit.Tx, id, reason string) error {
	in, err := Input{Reason: reason}.checked(Reason, false)
	if err != nil {
		return err
	}
	return p.enter(ctx, tx, id, KindAdopt, in.Reason)
}

func (p *machine) enter(
	ctx context.Context, tx *unit.Tx, id string, kind Kind, reason string,
) error {
	x, err := p.def.Store.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	at := p.def.Store.At(x)
	s, known := p.state(at.State)
	if !known || kind == KindStart && !s.Initial {
		return p.cannotBegin(at)
	}
	if err := db.ExecOne(ctx, tx.Tx, qHeadAdd, p.def.Name, id, at.State); err != nil {
		return fmt.Errorf("process %s: begin %s: %w", p.def.Name, id, err)
	}
	e := p.entry(tx, kind, at, 1)
	e.To, e.Reason = at.State, reason
	if err := e.save(ctx, tx); err != nil {
		return err
	}
	return p.tick(ctx, tx, x, 1, nil)
}

// fire is Fire.
func (p *machine) fire(
	ctx context.Context, tx *unit.Tx, id string, version int64, step string, in Input,
) (any, error) {
	s, known := p.step(step)
	if !known {
		return nil, fault.New(fault.NotFound, "没有这个步骤")
	}
	x, err := p.def.Store.Load(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if in, err = p.allow(ctx, tx, x, s, version, in); err != nil {
		return nil, err
	}
	from := p.def.Store.At(x)
	seq, err := p.move(ctx, tx, s, from, in)
	if err != nil {
		return nil, err
	}
	if x, err = p.reload(ctx, tx, from); err != nil {
		return nil, err
	}
	if s.Do != nil {
		if err := s.Do(ctx, tx, x, in); err != nil {
			return nil, err
		}
		if x, err = p.reload(ctx, tx, from); err != nil {
			return nil, err
		}
	}
	if err := p.tick(ctx, tx, x, seq, s.Extends); err != nil {
		return nil, err
	}
	tx.Audit(audit.Entry{Kind: p.def.Policy.Object(), Object: id, What: s.Name, Reason: in.Reason,
		Detail: trail{Process: p.def.Name, From: from.State, To: s.target(from.State), Seq: seq}})
	return x, nil
}

// trail is what the audit entry of a step says besides its name and reason: where in the history
// the rest stands.
type trail struct {
	Process string `json:"process"`
	From    string `json:"from"`
	To      string `json:"to"`
	Seq     int64  `json:"seq"`
}

// allow runs everything that may refuse a step and returns the input as it will be recorded.
func (p *machine) allow(
	ctx context.Context, tx *unit.Tx, x any, s step, version int64, in Input,
) (Input, error) {
	if err := p.def.Policy.May(tx.By(), s.May, x); err != nil {
		return in, err
	}
	at := p.def.Store.At(x)
	if !slices.Contains(s.From, at.State) {
		return in, p.notFrom(s, at.State)
	}
	if at.Version != version {
		return in, fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
	}
	if s.Guard != nil {
		if err := s.Guard(x); err != nil {
			return in, err
		}
	}
	in, err := in.checked(s.Needs, p.def.Store.Files != nil)
	if err != nil {
		return in, err
	}
	if s.Check != nil {
		if err := s.Check(x, in); err != nil {
			return in, err
		}
	}
	if len(in.Files) > 0 {
		return in, p.def.Store.Files(ctx, tx, x, in.Files)
	}
	return in, nil
}

func (p *machine) notFrom(s step, state string) error {
	title := state
	if st, known := p.state(state); known {
		title = st.Title
	}
	return fault.New(fault.Conflict, "当前状态是「%s」，不能进行「%s」",
		i18n.Key(title), i18n.Key(s.Title))
}

// move changes the row and the head and writes the history. The row comes first: it is what other
// writers wait for.
func (p *machine) move(
	ctx context.Context, tx *unit.Tx, s step, from Position, in Input,
) (int64, error) {
	to := s.target(from.State)
	err := db.ExecOne(ctx, tx.Tx, p.def.Store.Move, to, tx.NowUs(), from.ID, from.State,
		from.Version)
	if err != nil {
		return 0, err
	}
	seq, found, err := db.Find(ctx, tx, qHeadMove, db.One[int64], p.def.Name, from.ID, from.State,
		to)
	if err != nil {
		return 0, err
	}
	if !found {
		return 0, fmt.Errorf("process %s: %s was never started, or its state %q was set by hand",
			p.def.Name, from.ID, from.State)
	}
	e := p.entry(tx, KindStep, from, seq)
	e.Name, e.From, e.To = s.Name, from.State, to
	e.Reason, e.Files = in.Reason, in.Files
	e.ObjectVersion = from.Version + 1
	if e.InputHash, err = in.hash(); err != nil {
		return 0, err
	}
	return seq, e.save(ctx, tx)
}

// reload reads the object after a change and asserts that the change was one.
func (p *machine) reload(ctx context.Context, tx *unit.Tx, from Position) (any, error) {
	x, err := p.def.Store.Load(ctx, tx, from.ID)
	if err != nil {
		return x, err
	}
	if at := p.def.Store.At(x); at.ID != from.ID || at.Version <= from.Version {
		return x, fmt.Errorf("process %s: moving %s left version %d", p.def.Name, from.ID, at.Version)
	}
	return x, nil
}
