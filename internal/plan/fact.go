package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/engine/hanzi"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// fact is what a statement says about the world, so that documents can be compared: which fact it
// is about, and how much.
type fact struct {
	key    string // "" when the statement is not compared
	amount string // in the base unit of its dimension
}

// unkeyed is the key of a statement that no fact was computed of yet.
const unkeyed = "?"

// factOf returns the fact of a statement in a document of a day; phrase is its indicator as it is
// defined, or as the text has it. Only exact amounts of a period are facts, and a stock on the day
// of the document itself is none: every document has another day.
func factOf(s Statement, day clock.Date, phrase string) fact {
	v, ok := hanzi.ParseDecimal(string(s.Value))
	stock := s.From == "" && (s.To == "" || s.To == day)
	if !ok || s.Kind == TaskKind || s.Measure == "date" || s.Op != string(hanzi.Exactly) ||
		stock || s.State == StatementRejected {
		return fact{}
	}
	dim := s.Unit
	if u, known := hanzi.ParseUnit(s.Unit); known {
		dim, v = u.Dim, v.Mul(u.Size)
	}
	h := sha256.Sum256([]byte(strings.Join([]string{s.Kind, narrow(s.Subject), phraseKey(phrase),
		s.Measure, narrow(s.Of), string(s.From), string(s.To), dim}, "|")))
	return fact{hex.EncodeToString(h[:16]), v.String()}
}

// setFact computes the fact of a statement. What it is linked to decides which indicator is meant.
func (s *Statement) setFact(ctx context.Context, q db.Q, day clock.Date) error {
	phrase := s.Indicator
	if s.Definition != "" {
		x, err := indicatorByID(ctx, q, s.Definition)
		if err != nil {
			return err
		}
		phrase = x.Name
	}
	s.fact = factOf(*s, day, phrase)
	return nil
}

var (
	qShared = db.Stmt(`SELECT DISTINCT s.fact_key FROM plan_statement AS s
		WHERE s.document = $1 AND s.fact_key NOT IN ('', '?')
			AND EXISTS (SELECT 1 FROM plan_statement AS o
				WHERE o.fact_key = s.fact_key AND o.document <> s.document)`)
	qFactSet = db.Stmt(`UPDATE plan_statement SET fact_key = $2, fact_amount = $3 WHERE id = $1`)
	qUnkeyed = db.Stmt(`SELECT ` + statementColumns + ` FROM plan_statement AS s
		WHERE s.fact_key = '?' ORDER BY s.id LIMIT $1`)
	qLinked = db.Stmt(`UPDATE plan_statement SET fact_key = '?', fact_amount = ''
		WHERE definition = $1`)
)

// sharedFacts are the facts of a document that other documents state, too.
func sharedFacts(ctx context.Context, q db.Q, documentID string) ([]string, error) {
	return db.All(ctx, q, qShared, db.One[string], documentID)
}

// rekey computes the facts of all statements of a document anew: its day was changed.
func (s *Service) rekey(ctx context.Context, tx *unit.Tx, d Document) error {
	before, err := sharedFacts(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	all, err := db.All(ctx, tx, qStatementsOf, scanStatement, d.ID)
	if err != nil {
		return err
	}
	for _, st := range all {
		if err := st.setFact(ctx, tx, d.Day); err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qFactSet, st.ID, st.fact.key, st.fact.amount); err != nil {
			return err
		}
	}
	after, err := sharedFacts(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	return s.compare(ctx, tx, append(before, after...)...)
}

const (
	jobFacts     = "plan.facts"
	factsTimeout = 10 * time.Minute
	factsAtOnce  = 500 // statements in one transaction
)

// factsJob computes the facts of statements that have none yet: those from before documents were
// compared, and those whose indicator was renamed.
func (s *Service) factsJob(ctx context.Context, r *job.Run) error {
	for done := 0; ; {
		n, err := s.keySome(ctx, r)
		if err != nil || n == 0 {
			return err
		}
		done += n
		r.Progress(done, done, "已比对 %d 条条目", done)
	}
}

// keySome computes the facts of the next statements without one, and returns how many there were.
func (s *Service) keySome(ctx context.Context, r *job.Run) (int, error) {
	some, err := db.All(ctx, s.unit.DB(), qUnkeyed, scanStatement, int64(factsAtOnce))
	if err != nil || len(some) == 0 {
		return 0, err
	}
	return len(some), s.unit.Write(ctx, reader, "plan.facts", func(tx *unit.Tx) error {
		if err := r.Hold(ctx, tx.Tx); err != nil {
			return err
		}
		var keys []string
		days := map[string]clock.Date{}
		for _, st := range some {
			if _, known := days[st.Document]; !known {
				d, err := documentByID(ctx, tx, st.Document)
				if err != nil {
					return err
				}
				days[st.Document] = d.Day
			}
			if err := st.setFact(ctx, tx, days[st.Document]); err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx.Tx, qFactSet, st.ID, st.fact.key, st.fact.amount); err != nil {
				return err
			}
			keys = append(keys, st.fact.key)
		}
		tx.Audit(audit.Entry{Kind: kindStatement, What: "facts",
			Detail: map[string]any{"statements": len(some)}})
		slices.Sort(keys)
		return s.compare(ctx, tx, slices.Compact(keys)...)
	})
}
