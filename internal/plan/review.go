package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindStatement is the kind of object of statements in the trail.
const kindStatement = "plan.statement"

var (
	qStatement    = db.Stmt(`SELECT ` + statementColumns + ` FROM plan_statement AS s WHERE s.id = $1`)
	qStatementSet = db.Stmt(`UPDATE plan_statement SET kind = $3, subject = $4, indicator = $5,
			measure = $6, verb = $7, owner = $8, op = $9, value = $10, unit = $11, from_day = $12,
			to_day = $13, of_whole = $14, as_read = $15, definition = $16, state = $17, note = $18,
			decided_us = $19, decided_by = $20, fact_key = $21, fact_amount = $22, version = version + 1
		WHERE id = $1 AND version = $2`)
	qStatementDrop  = db.Stmt(`DELETE FROM plan_statement WHERE id = $1 AND version = $2`)
	qStatementCount = db.Stmt(`SELECT COUNT(*) FROM plan_statement WHERE document = $1`)
	qStatementUses  = db.Stmt(`SELECT COUNT(*) FROM plan_source WHERE statement = $1`)
	qAcceptClear    = db.Stmt(`UPDATE plan_statement SET state = 'accepted', decided_us = $2,
			decided_by = $3, version = version + 1
		WHERE document = $1 AND state = 'pending' AND verdict <> 'doubt'`)
)

func statementByID(ctx context.Context, q db.Q, id string) (Statement, error) {
	return db.Get(ctx, q, qStatement, scanStatement, id)
}

var statementList = db.Select(statementColumns, `plan_statement AS s`,
	db.Order{Name: "place", Cols: []db.Col{db.IntCol("s.start_rune"), db.IntCol("s.end_rune"),
		db.TextCol("s.id")}},
)

// StatementFilter narrows the statements of a document. Zero fields do not narrow.
type StatementFilter struct {
	Kind  string `json:"kind,omitempty"`
	State string `json:"state,omitempty"`
	Doubt bool   `json:"doubt,omitempty"` // only those the arithmetic doubts
}

func (f StatementFilter) where(documentID string) db.Where {
	w := db.Where{}.And("s.document = $1", documentID)
	if f.Kind != "" {
		w = w.And("s.kind = $1", f.Kind)
	}
	if f.State != "" {
		w = w.And("s.state = $1", f.State)
	}
	if f.Doubt {
		w = w.And("s.verdict = $1", verdictDoubt)
	}
	return w
}

// ListStatements returns a page of the statements of a document, in the order of the text.
func (s *Service) ListStatements(
	ctx context.Context, by authz.Actor, documentID string, f StatementFilter, p db.PageReq,
) (db.Page[Statement], error) {
	if _, err := s.readDocument(ctx, s.unit.DB(), by, documentID); err != nil {
		return db.Page[Statement]{}, err
	}
	return db.List(ctx, s.unit.DB(), statementList, f.where(documentID), statementList.Order(""), p,
		scanStatement)
}

// Statements returns all statements of a document, in the order of the text: at most MaxStatements.
func (s *Service) Statements(
	ctx context.Context, by authz.Actor, documentID string,
) ([]Statement, error) {
	if _, err := s.readDocument(ctx, s.unit.DB(), by, documentID); err != nil {
		return nil, err
	}
	return db.All(ctx, s.unit.DB(), qStatementsOf, scanStatement, documentID)
}

// GetStatement returns one statement.
func (s *Service) GetStatement(
	ctx context.Context, by authz.Actor, statementID string,
) (Statement, error) {
	st, err := statementByID(ctx, s.unit.DB(), statementID)
	if err != nil {
		return Statement{}, err
	}
	_, err = s.readDocument(ctx, s.unit.DB(), by, st.Document)
	return st, err
}

func countStatements(ctx context.Context, q db.Q, documentID string) (map[string]int64, error) {
	return statementList.CountBy(ctx, q, "s.state", StatementFilter{}.where(documentID))
}

// reviewable loads a document for a decision about its statements.
func (s *Service) reviewable(
	ctx context.Context, tx *unit.Tx, documentID string,
) (Document, error) {
	d, err := s.readDocument(ctx, tx, tx.By(), documentID)
	if err != nil {
		return d, err
	}
	if err := DocumentPolicy.May(tx.By(), ActDocumentReview, d); err != nil {
		return d, err
	}
	switch {
	case d.State != DocumentPending:
		return d, fault.New(fault.Conflict, "文件已完成审读，需要修改请先重新审读")
	case d.Reading == ReadingWaiting:
		return d, fault.New(fault.Conflict, "文件还在解读中")
	}
	return d, nil
}

// decide changes one statement: change sees it as it is and says what it becomes.
func (s *Service) decide(
	ctx context.Context, by authz.Actor, useCase, what, statementID string, version int64, key string,
	input any, change func(tx *unit.Tx, st *Statement) error,
) (Statement, error) {
	out, _, err := unit.Once(ctx, s.unit, by, useCase, key, input,
		func(tx *unit.Tx) (Statement, error) {
			return s.decideIn(ctx, tx, what, statementID, version, change)
		})
	return out, err
}

// decideIn is decide inside a write.
func (s *Service) decideIn(
	ctx context.Context, tx *unit.Tx, what, statementID string, version int64,
	change func(tx *unit.Tx, st *Statement) error,
) (Statement, error) {
	st, err := statementByID(ctx, tx, statementID)
	if err != nil {
		return Statement{}, err
	}
	d, err := s.reviewable(ctx, tx, st.Document)
	if err != nil {
		return Statement{}, err
	}
	if st.Version != version {
		return Statement{}, errStale()
	}
	old := st
	if err := change(tx, &st); err != nil {
		return Statement{}, err
	}
	if err := st.setFact(ctx, tx, d.Day); err != nil {
		return Statement{}, err
	}
	if err := st.save(ctx, tx); err != nil {
		return Statement{}, err
	}
	if err := s.compare(ctx, tx, old.fact.key, st.fact.key); err != nil {
		return Statement{}, err
	}
	tx.Audit(audit.Entry{Kind: kindStatement, Object: st.ID, What: what, Reason: st.Note,
		Detail: map[string]any{"document": st.Document, "from": old.State, "to": st.State,
			"definition": st.Definition, "data": st.StatementData}})
	tx.Emit(outbox.Event{Kind: EventStatementDecided, Object: st.ID, Data: st.State})
	return statementByID(ctx, tx, st.ID)
}

// save stores what a person may change of a statement.
func (st Statement) save(ctx context.Context, tx *unit.Tx) error {
	return db.ExecOne(ctx, tx.Tx, qStatementSet, st.ID, st.Version, st.Kind, st.Subject,
		st.Indicator, st.Measure, st.Verb, st.Owner, st.Op, string(st.Value), st.Unit,
		string(st.From), string(st.To), st.Of, encode(st.AsRead), st.Definition, st.State, st.Note,
		st.DecidedUs, st.DecidedBy, st.fact.key, st.fact.amount)
}

// Decision is the input of DecideStatement.
type Decision struct {
	ID      string `json:"-"`
	Accept  bool   `json:"accept"` // else reject
	Note    string `json:"note,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// DecideStatement accepts or rejects a statement as it stands.
func (s *Service) DecideStatement(
	ctx context.Context, by authz.Actor, in Decision,
) (Statement, error) {
	in.Note = lines(in.Note)
	return s.decide(ctx, by, "plan.DecideStatement", "decide", in.ID, in.Version, in.Key, in,
		func(tx *unit.Tx, st *Statement) error {
			var f faults
			f.prose("note", in.Note, MaxProse, false)
			if err := f.err(); err != nil {
				return err
			}
			if !in.Accept {
				if err := unused(ctx, tx, *st); err != nil {
					return err
				}
			}
			st.State, st.Note = StatementRejected, in.Note
			if in.Accept {
				st.State = StatementAccepted
				if st.AsRead != nil {
					st.State = StatementCorrected
				}
			}
			st.DecidedUs, st.DecidedBy = tx.NowUs(), by.Account
			return nil
		})
}

// unused refuses to take back a statement that targets or tasks stand on.
func unused(ctx context.Context, q db.Q, st Statement) error {
	n, err := db.Get(ctx, q, qStatementUses, db.One[int64], st.ID)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "已有 %d 项目标或任务以这条条目为依据，不能撤回", n)
	}
	return err
}

// Correction is the input of CorrectStatement.
type Correction struct {
	ID string `json:"-"`
	StatementData
	Note    string `json:"note,omitempty"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// CorrectStatement replaces what a statement says and thereby accepts it. What was read is kept
// beside it.
func (s *Service) CorrectStatement(
	ctx context.Context, by authz.Actor, in Correction,
) (Statement, error) {
	in.Normalise()
	in.Note = lines(in.Note)
	return s.decide(ctx, by, "plan.CorrectStatement", "correct", in.ID, in.Version, in.Key, in,
		func(tx *unit.Tx, st *Statement) error {
			var f faults
			in.check(&f)
			f.prose("note", in.Note, MaxProse, false)
			if err := f.err(); err != nil {
				return err
			}
			if st.AsRead == nil && st.Origin == OriginRead {
				read := st.StatementData
				st.AsRead = &read
			}
			st.StatementData, st.Note, st.State = in.StatementData, in.Note, StatementCorrected
			if st.AsRead != nil && *st.AsRead == st.StatementData {
				st.AsRead, st.State = nil, StatementAccepted
			}
			if st.Origin == OriginHand {
				st.State = StatementAccepted
			}
			st.DecidedUs, st.DecidedBy = tx.NowUs(), by.Account
			return nil
		})
}

// Undo is the input of UndoStatement.
type Undo struct {
	ID      string `json:"-"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// UndoStatement takes a decision back: the statement is pending again and says what was read. It is
// a Conflict once a target or a task stands on it.
func (s *Service) UndoStatement(ctx context.Context, by authz.Actor, in Undo) (Statement, error) {
	return s.decide(ctx, by, "plan.UndoStatement", "undo", in.ID, in.Version, in.Key, in,
		func(tx *unit.Tx, st *Statement) error {
			if st.State == StatementPending {
				return fault.New(fault.Conflict, "这条条目还没有决定")
			}
			if err := unused(ctx, tx, *st); err != nil {
				return err
			}
			if st.AsRead != nil {
				st.StatementData, st.AsRead = *st.AsRead, nil
			}
			st.State, st.Note, st.DecidedUs, st.DecidedBy = StatementPending, "", 0, ""
			return nil
		})
}

// NewStatement is the input of AddStatement: what the marked words say.
type NewStatement struct {
	Document string `json:"-"`
	StatementData
	Start int64  `json:"start"` // in characters of the document's text
	End   int64  `json:"end"`
	Key   string `json:"-"`
}

// AddStatement adds a statement by hand, by marking words of the text. It is accepted at once.
func (s *Service) AddStatement(
	ctx context.Context, by authz.Actor, in NewStatement,
) (Statement, error) {
	in.Normalise()
	const useCase = "plan.AddStatement"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Statement, error) { return s.addByHand(ctx, tx, in) })
	return out, err
}

func (s *Service) addByHand(
	ctx context.Context, tx *unit.Tx, in NewStatement,
) (Statement, error) {
	d, err := s.reviewable(ctx, tx, in.Document)
	if err != nil {
		return Statement{}, err
	}
	text, err := db.Get(ctx, tx, qText, db.One[string], d.ID)
	if err != nil {
		return Statement{}, err
	}
	var f faults
	in.check(&f)
	runes := []rune(text)
	if in.Start < 0 || in.End <= in.Start || in.End > int64(len(runes)) {
		f.add("start", "请在正文中选中文字")
	} else if in.End-in.Start > maxQuote {
		f.add("start", "选中的文字最多 %d 个字", maxQuote)
	}
	if err := f.err(); err != nil {
		return Statement{}, err
	}
	n, err := db.Get(ctx, tx, qStatementCount, db.One[int64], d.ID)
	if err != nil {
		return Statement{}, err
	}
	if n >= MaxStatements {
		return Statement{}, fault.New(fault.Conflict, "一份文件最多 %d 条条目", MaxStatements)
	}
	st := Statement{ID: id.New(), Document: d.ID, StatementData: in.StatementData, Start: in.Start,
		End: in.End, Quote: string(runes[in.Start:in.End]), Origin: OriginHand,
		State: StatementAccepted, DecidedUs: tx.NowUs(), DecidedBy: tx.By().Account}
	st.fact = factOf(st, d.Day, st.Indicator)
	if err := db.ExecOne(ctx, tx.Tx, qStatementAdd, st.row()...); err != nil {
		return Statement{}, err
	}
	if err := s.compare(ctx, tx, st.fact.key); err != nil {
		return Statement{}, err
	}
	tx.Audit(audit.Entry{Kind: kindStatement, Object: st.ID, What: "add", Detail: map[string]any{
		"document": d.ID, "start": st.Start, "end": st.End, "data": st.StatementData}})
	tx.Emit(outbox.Event{Kind: EventStatementDecided, Object: st.ID, Data: st.State})
	return statementByID(ctx, tx, st.ID)
}

// RemoveStatement takes away a statement that was added by hand; what was read is rejected instead,
// so that reading again does not bring it back.
func (s *Service) RemoveStatement(
	ctx context.Context, by authz.Actor, statementID string, version int64,
) error {
	return s.unit.Write(ctx, by, "plan.RemoveStatement", func(tx *unit.Tx) error {
		st, err := statementByID(ctx, tx, statementID)
		if err != nil {
			return err
		}
		if _, err := s.reviewable(ctx, tx, st.Document); err != nil {
			return err
		}
		if st.Origin != OriginHand {
			return fault.New(fault.Conflict, "系统读出的条目不能删除，可以不采纳")
		}
		if err := unused(ctx, tx, st); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qStatementDrop, st.ID, version); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindStatement, Object: st.ID, What: "remove", Detail: st})
		return s.compare(ctx, tx, st.fact.key)
	})
}

// AcceptClear accepts every pending statement of a document that has no doubt, and returns how many
// there were.
func (s *Service) AcceptClear(
	ctx context.Context, by authz.Actor, documentID string,
) (int64, error) {
	var n int64
	err := s.unit.Write(ctx, by, "plan.AcceptClear", func(tx *unit.Tx) error {
		d, err := s.reviewable(ctx, tx, documentID)
		if err != nil {
			return err
		}
		n, err = db.Exec(ctx, tx.Tx, qAcceptClear, d.ID, tx.NowUs(), by.Account)
		if err != nil || n == 0 {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDocument, Object: d.ID, What: "accept-clear",
			Detail: map[string]any{"statements": n}})
		tx.Emit(outbox.Event{Kind: EventStatementsAccepted, Object: d.ID, Data: n})
		return nil
	})
	return n, err
}

// Linking is the input of LinkIndicator.
type Linking struct {
	Statement string        `json:"-"`
	Indicator string        `json:"indicator,omitempty"` // id; "" with New for a new one
	New       *NewIndicator `json:"new,omitempty"`
	Alias     bool          `json:"alias,omitempty"` // remember the phrase as another name of it
	Version   int64         `json:"version"`
	Key       string        `json:"-"`
}

// LinkIndicator says which indicator the phrase of a statement means: one that is defined, or a new
// one. Both empty takes the link away.
func (s *Service) LinkIndicator(
	ctx context.Context, by authz.Actor, in Linking,
) (Statement, error) {
	return s.decide(ctx, by, "plan.LinkIndicator", "link", in.Statement, in.Version, in.Key, in,
		func(tx *unit.Tx, st *Statement) error {
			return s.link(ctx, tx, st, in)
		})
}

// link makes a statement mean an indicator.
func (s *Service) link(ctx context.Context, tx *unit.Tx, st *Statement, in Linking) error {
	if st.Definition != in.Indicator {
		if err := unused(ctx, tx, *st); err != nil {
			return err
		}
	}
	if in.New != nil {
		x, err := s.createIndicator(ctx, tx, *in.New)
		if err != nil {
			return under("new", err)
		}
		in.Indicator = x.ID
	}
	if in.Indicator == "" {
		st.Definition = ""
		return nil
	}
	x, err := indicatorByID(ctx, tx, in.Indicator)
	if fault.Is(err, fault.NotFound) {
		return fault.Fields(fault.At("indicator", "没有这个指标"))
	}
	if err != nil {
		return err
	}
	st.Definition = x.ID
	if in.Alias && phraseKey(st.Indicator) != phraseKey(x.Name) {
		return addAlias(ctx, tx, x, st.Indicator)
	}
	return nil
}

// under puts the fields of a fault below a field.
func under(field string, err error) error {
	e, ok := fault.As(err)
	if !ok {
		return err
	}
	c := *e
	c.Fields = nil
	for _, f := range e.Fields {
		f.Name = field + "." + f.Name
		c.Fields = append(c.Fields, f)
	}
	return &c
}
