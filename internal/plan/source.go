package plan

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Source is the words that a target or a task came from.
type Source struct {
	Kind      string `json:"kind"` // sourceTarget or sourceTask
	Object    string `json:"object"`
	Statement string `json:"statement"`
	Document  string `json:"document"`
	Title     string `json:"title"`            // of the document
	Number    string `json:"number,omitempty"` // its 文号
	Start     int64  `json:"start"`            // in characters of its text
	End       int64  `json:"end"`
	Quote     string `json:"quote"`
	Readable  bool   `json:"readable"` // the actor may open the document
}

// What has sources.
const (
	sourceTarget = "target"
	sourceTask   = "task"
)

// maxSources bounds the statements one target or task comes from.
const maxSources = 20

var (
	qSourceAdd = db.Stmt(`INSERT INTO plan_source (kind, object, statement, document, start_rune,
			end_rune, quote, at_us, account)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`)
	qSources = db.Stmt(`SELECT s.kind, s.object, s.statement, s.document, d.title, d.number,
			s.start_rune, s.end_rune, s.quote
		FROM plan_source AS s JOIN plan_document AS d ON d.id = s.document
		WHERE s.kind = $1 AND s.object = $2 ORDER BY s.at_us, s.statement`)
	qUses = db.Stmt(`SELECT s.kind, s.object, s.statement, s.document, d.title, d.number,
			s.start_rune, s.end_rune, s.quote
		FROM plan_source AS s JOIN plan_document AS d ON d.id = s.document
		WHERE s.document = $1 ORDER BY s.start_rune, s.object LIMIT 10000`)
)

func scanSource(r db.Row) (Source, error) {
	var s Source
	err := r.Scan(&s.Kind, &s.Object, &s.Statement, &s.Document, &s.Title, &s.Number, &s.Start,
		&s.End, &s.Quote)
	return s, err
}

// addSources says which statements an object came from. They must be confirmed, and in documents
// that the actor may read.
func (s *Service) addSources(
	ctx context.Context, tx *unit.Tx, kind, object string, statements []string,
) ([]Statement, error) {
	if len(statements) > maxSources {
		return nil, fault.Fields(fault.At("statements", "最多 %d 条依据", maxSources))
	}
	var out []Statement
	for _, statementID := range statements {
		st, err := statementByID(ctx, tx, statementID)
		if fault.Is(err, fault.NotFound) {
			return nil, fault.Fields(fault.At("statements", "没有这条条目"))
		}
		if err != nil {
			return nil, err
		}
		if _, err := s.readDocument(ctx, tx, tx.By(), st.Document); err != nil {
			return nil, fault.Fields(fault.At("statements", "没有这条条目"))
		}
		if !st.Confirmed() {
			return nil, fault.Fields(fault.At("statements", "条目须先采纳，才能作为依据"))
		}
		_, err = db.Exec(ctx, tx.Tx, qSourceAdd, kind, object, st.ID, st.Document, st.Start, st.End,
			st.Quote, tx.NowUs(), tx.By().Account)
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// sources returns what an object came from and says which documents the actor may open.
func (s *Service) sources(
	ctx context.Context, q db.Q, can func(documentID string) bool, kind, object string,
) ([]Source, error) {
	list, err := db.All(ctx, q, qSources, scanSource, kind, object)
	for i := range list {
		list[i].Readable = can(list[i].Document)
	}
	return list, err
}
