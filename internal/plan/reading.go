package plan

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const (
	jobRead     = "plan.read"
	readTimeout = 5 * time.Minute
)

var (
	qStatementAdd = db.Stmt(`INSERT INTO plan_statement (id, document, kind, subject, indicator,
			measure, verb, owner, op, value, unit, from_day, to_day, of_whole, verdict, found,
			start_rune, end_rune, quote, origin, as_read, definition, state, note, decided_us,
			decided_by, fact_key, fact_amount, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
			$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, 1)`)
	qStatementsOf = db.Stmt(`SELECT ` + statementColumns + ` FROM plan_statement AS s
		WHERE s.document = $1 ORDER BY s.start_rune, s.end_rune, s.id`)
	qPendingDrop = db.Stmt(`DELETE FROM plan_statement
		WHERE document = $1 AND state = 'pending' AND origin = 'read'`)
	qTextSet     = db.Stmt(`UPDATE plan_text SET text = $2 WHERE document = $1`)
	qReadingDone = db.Stmt(`UPDATE plan_document SET chars = $2, reading = $3, reading_note = $4,
		updated_us = $5, version = version + 1 WHERE id = $1 AND reading = 'waiting'`)
	qReadingWait = db.Stmt(`UPDATE plan_document SET reading = 'waiting', reading_note = '', job = $3,
		updated_us = $4, version = version + 1 WHERE id = $1 AND version = $2`)
)

// addStatements stores what was read in a document of a day.
func addStatements(
	ctx context.Context, tx *unit.Tx, documentID string, day clock.Date, found []Statement,
) error {
	rows := make([][]any, 0, len(found))
	for _, st := range found {
		st.Document, st.fact = documentID, factOf(st, day, st.Indicator)
		rows = append(rows, st.row())
	}
	_, err := db.InsertMany(ctx, tx.Tx, qStatementAdd, rows)
	return err
}

type readArgs struct {
	Document string `json:"document"`
}

func enqueueRead(ctx context.Context, tx *unit.Tx, documentID string) (string, error) {
	jobID, _, err := job.Enqueue(ctx, tx, job.Spec{Kind: jobRead, Args: readArgs{documentID},
		UniqueKey: jobRead + ":" + documentID, MaxAttempts: 3})
	return jobID, err
}

// reader is who reads when a job does.
var reader = authz.Actor{Login: "system", Via: authz.ViaJob}

// readJob opens and reads a document that was too long to be read while its owner waited.
func (s *Service) readJob(ctx context.Context, r *job.Run) error {
	var args readArgs
	if err := r.Args(&args); err != nil {
		return err
	}
	d, err := documentByID(ctx, s.unit.DB(), args.Document)
	if err != nil || d.Reading != ReadingWaiting {
		return err
	}
	r.Progress(1, 10, "正在打开文件")
	text, err := s.waitingText(ctx, d)
	if err != nil {
		return s.readEnds(ctx, r, d, "", nil, err)
	}
	r.Progress(3, 10, "正在解读 %d 个字", utf8.RuneCountInString(text))
	known := d.DocumentData
	found, err := s.read(text, &known)
	if err != nil {
		return s.readEnds(ctx, r, d, text, nil, err)
	}
	r.Progress(9, 10, "正在保存 %d 条条目", len(found))
	return s.readEnds(ctx, r, d, text, found, nil)
}

// waitingText returns the text of a document, out of its file when nobody opened that yet.
func (s *Service) waitingText(ctx context.Context, d Document) (string, error) {
	if d.Chars > 0 {
		return db.Get(ctx, s.unit.DB(), qText, db.One[string], d.ID)
	}
	if s.opt.Blobs == nil {
		return "", errNoFiles
	}
	ref, err := blob.Find(ctx, s.unit.DB(), d.File)
	if err != nil {
		return "", err
	}
	in, err := s.opt.Blobs.OpenHash(ref.Hash)
	if err != nil {
		return "", err
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, MaxDocumentBytes))
	if err != nil {
		return "", err
	}
	doc, err := extract(ctx, ref.Name, content)
	return doc.Text, err
}

// errNoFiles is an error of the program's parts: a document has a file although nobody keeps any.
var errNoFiles = errors.New("plan: a file waits to be read, but there are no files")

// readEnds stores what a job read, or why it could not: a fault is told to the person, anything
// else is tried again.
func (s *Service) readEnds(
	ctx context.Context, r *job.Run, d Document, text string, found []Statement, cause error,
) error {
	outcome, note := ReadingDone, Note{}
	if e, ok := fault.As(cause); ok && e.Kind == fault.Invalid {
		outcome, note = ReadingFailed, Note{e.Key, e.Args}
		if len(e.Fields) > 0 {
			note = Note{e.Fields[0].Key, e.Fields[0].Args}
		}
	} else if cause != nil {
		return cause
	}
	return s.unit.Write(ctx, reader, "plan.read", func(tx *unit.Tx) error {
		if err := r.Hold(ctx, tx.Tx); err != nil {
			return err
		}
		err := db.ExecOne(ctx, tx.Tx, qReadingDone, d.ID, int64(utf8.RuneCountInString(text)), outcome,
			encode(note), tx.NowUs())
		if err != nil {
			return err
		}
		if d.Chars == 0 {
			if err := db.ExecOne(ctx, tx.Tx, qTextSet, d.ID, text); err != nil {
				return err
			}
		}
		added, err := s.renew(ctx, tx, d, found)
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDocument, Object: d.ID, What: "read",
			Detail: map[string]any{"reading": outcome, "statements": added}})
		tx.Emit(outbox.Event{Kind: EventDocumentRead, Object: d.ID, Data: outcome})
		return r.Result(map[string]any{"document": d.ID, "statements": added})
	})
}

// renew replaces the statements nobody has decided about by what was read now, and leaves out what
// somebody decided about already.
func (s *Service) renew(
	ctx context.Context, tx *unit.Tx, d Document, found []Statement,
) (int, error) {
	before, err := sharedFacts(ctx, tx, d.ID)
	if err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, tx.Tx, qPendingDrop, d.ID); err != nil {
		return 0, err
	}
	kept, err := db.All(ctx, tx, qStatementsOf, scanStatement, d.ID)
	if err != nil {
		return 0, err
	}
	known := map[placed]bool{}
	for _, st := range kept {
		known[placed{st.Start, st.End, st.asRead()}] = true
	}
	fresh := slices.DeleteFunc(slices.Clone(found), func(st Statement) bool {
		return known[placed{st.Start, st.End, st.StatementData}]
	})
	if err := addStatements(ctx, tx, d.ID, d.Day, fresh); err != nil {
		return 0, err
	}
	after, err := sharedFacts(ctx, tx, d.ID)
	if err != nil {
		return 0, err
	}
	return len(fresh), s.compare(ctx, tx, append(before, after...)...)
}

// placed is what was read of which words: two readings of the same are one statement.
type placed struct {
	start, end int64
	data       StatementData
}

// ReadAgain reads a document once more: after the date or the place was corrected, or with newer
// rules. What was decided stays; what is pending is read anew. It is done by a job.
func (s *Service) ReadAgain(
	ctx context.Context, by authz.Actor, documentID string, version int64,
) (Document, error) {
	var out Document
	err := s.unit.Write(ctx, by, "plan.ReadAgain", func(tx *unit.Tx) error {
		d, err := s.reviewable(ctx, tx, documentID)
		if err != nil {
			return err
		}
		jobID, err := enqueueRead(ctx, tx, documentID)
		if err != nil {
			return err
		}
		err = db.ExecOne(ctx, tx.Tx, qReadingWait, documentID, version, jobID, tx.NowUs())
		if err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindDocument, Object: d.ID, What: "read-again"})
		out, err = documentByID(ctx, tx, documentID)
		return err
	})
	if err == nil {
		s.poke()
	}
	return out, err
}
