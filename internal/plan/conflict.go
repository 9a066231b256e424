package plan

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindConflict is the kind of object of conflicts in the trail.
const kindConflict = "plan.conflict"

// States of a conflict.
const (
	ConflictOpen      = "open"      // 待核对
	ConflictExplained = "explained" // 口径不同: each holds for what it counts
	ConflictSettled   = "settled"   // 以一处为准
)

// ConflictStates are the states with their titles.
func ConflictStates() []Choice {
	return []Choice{{ConflictOpen, "待核对"}, {ConflictExplained, "已说明"},
		{ConflictSettled, "以一处为准"}}
}

// Conflict (说法不一) is one fact that documents in force state differently: one indicator of one
// subject and period with several amounts.
type Conflict struct {
	ID        string  `json:"id"`
	State     string  `json:"state"`
	Holds     string  `json:"holds,omitempty"`  // id of the statement that holds
	Reason    string  `json:"reason,omitempty"` // of the decision
	FoundUs   int64   `json:"foundUs"`
	DecidedUs int64   `json:"decidedUs,omitempty"`
	DecidedBy string  `json:"decidedBy,omitempty"` // login
	Version   int64   `json:"version"`
	Places    []Place `json:"places"` // those that the actor may read, the earliest document first

	key     string
	amounts []string // that the decision was about
}

// Place is where a document states a fact.
type Place struct {
	Statement
	Title  string     `json:"title"`            // of the document
	Number string     `json:"number,omitempty"` // its 文号
	Day    clock.Date `json:"day"`              // its date

	document Document
}

const (
	conflictColumns = `c.id, c.fact_key, c.state, c.holds, c.reason, c.amounts, c.found_us,
		c.decided_us, c.decided_by, c.version`
	maxPlaces = 100 // of one fact that are compared
)

var (
	qConflict = db.Stmt(`SELECT ` + conflictColumns + ` FROM plan_conflict AS c
		WHERE c.id = $1 AND c.live`)
	qConflictOf  = db.Stmt(`SELECT ` + conflictColumns + ` FROM plan_conflict AS c WHERE c.fact_key = $1`)
	qConflictAdd = db.Stmt(`INSERT INTO plan_conflict (id, fact_key, live, state, holds, reason,
			amounts, found_us, decided_us, decided_by, version)
		VALUES ($1, $2, TRUE, 'open', '', '', '', $3, 0, '', 1)`)
	qConflictLive = db.Stmt(`UPDATE plan_conflict SET live = $2 WHERE id = $1 AND live <> $2`)
	qConflictSet  = db.Stmt(`UPDATE plan_conflict SET state = $3, holds = $4, reason = $5,
			amounts = $6, decided_us = $7, decided_by = $8, version = version + 1
		WHERE id = $1 AND version = $2`)
	qPlaces = db.Stmt(`SELECT ` + statementColumns + ` FROM plan_statement AS s
		JOIN plan_document AS d ON d.id = s.document
		WHERE s.fact_key = $1 AND d.superseded_by = ''
		ORDER BY d.day, d.id, s.start_rune, s.id LIMIT $2`)
)

func scanConflict(r db.Row) (Conflict, error) {
	var c Conflict
	var amounts string
	err := r.Scan(&c.ID, &c.key, &c.State, &c.Holds, &c.Reason, &amounts, &c.FoundUs, &c.DecidedUs,
		&c.DecidedBy, &c.Version)
	if err != nil {
		return c, err
	}
	return c, decode(amounts, &c.amounts)
}

// placesOf returns where documents in force state a fact, those that the actor may read; all of
// them without an actor.
func placesOf(
	ctx context.Context, q db.Q, by *authz.Actor, key string,
) ([]Place, error) {
	list, err := db.All(ctx, q, qPlaces, scanStatement, key, int64(maxPlaces))
	if err != nil {
		return nil, err
	}
	return readable(ctx, q, by, list)
}

// readable are the statements in documents that the actor may read, with their documents; all of
// them without an actor.
func readable(
	ctx context.Context, q db.Q, by *authz.Actor, list []Statement,
) ([]Place, error) {
	var err error
	documents := map[string]Document{}
	var out []Place
	for _, st := range list {
		d, known := documents[st.Document]
		if !known {
			if d, err = db.Get(ctx, q, qDocument, scanDocument, st.Document); err != nil {
				return nil, err
			}
			documents[st.Document] = d
		}
		if by != nil && DocumentPolicy.May(*by, ActDocumentRead, d) != nil {
			continue
		}
		out = append(out, Place{st, d.Title, d.Number, d.Day, d})
	}
	return out, nil
}

// amountsOf are the different amounts of some places.
func amountsOf(places []Place) []string {
	var out []string
	for _, p := range places {
		if !slices.Contains(out, p.fact.amount) {
			out = append(out, p.fact.amount)
		}
	}
	slices.Sort(out)
	return out
}

// differ says that several documents state different amounts. What one document says of itself is
// the check of its own arithmetic.
func differ(places []Place) bool {
	series := map[string]bool{}
	for _, p := range places {
		series[p.document.Series] = true
	}
	return len(series) > 1 && len(amountsOf(places)) > 1
}

// compare looks at facts again after their statements changed: it notes those that documents now
// state differently, and takes up again those that were decided before another amount came.
func (s *Service) compare(ctx context.Context, tx *unit.Tx, keys ...string) error {
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if key == "" || key == unkeyed {
			continue
		}
		places, err := placesOf(ctx, tx, nil, key)
		if err != nil {
			return err
		}
		known, err := db.All(ctx, tx, qConflictOf, scanConflict, key)
		if err != nil {
			return err
		}
		if err := s.noteConflict(ctx, tx, key, places, known); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) noteConflict(
	ctx context.Context, tx *unit.Tx, key string, places []Place, known []Conflict,
) error {
	live := differ(places)
	if len(known) == 0 {
		if !live {
			return nil
		}
		c := Conflict{ID: id.New()}
		if err := db.ExecOne(ctx, tx.Tx, qConflictAdd, c.ID, key, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindConflict, Object: c.ID, What: "found",
			Detail: map[string]any{"amounts": amountsOf(places)}})
		tx.Emit(outbox.Event{Kind: EventConflictFound, Object: c.ID})
		return nil
	}
	c := known[0]
	if _, err := db.Exec(ctx, tx.Tx, qConflictLive, c.ID, live); err != nil {
		return err
	}
	held := c.Holds == "" || slices.ContainsFunc(places, func(p Place) bool { return p.ID == c.Holds })
	fresh := slices.ContainsFunc(amountsOf(places), func(a string) bool {
		return !slices.Contains(c.amounts, a)
	})
	if !live || c.State == ConflictOpen || held && !fresh {
		return nil
	}
	tx.Audit(audit.Entry{Kind: kindConflict, Object: c.ID, What: "reopen",
		Detail: map[string]any{"amounts": amountsOf(places), "decided": c.amounts}})
	tx.Emit(outbox.Event{Kind: EventConflictFound, Object: c.ID})
	return db.ExecOne(ctx, tx.Tx, qConflictSet, c.ID, c.Version, ConflictOpen, "", "", "", int64(0), "")
}

// ConflictFilter narrows a list of conflicts. Zero fields do not narrow.
type ConflictFilter struct {
	Document string `json:"document,omitempty"` // one that states the fact
	State    string `json:"state,omitempty"`
}

var conflictList = db.Select(conflictColumns, `plan_conflict AS c`,
	db.Order{Name: "found", Desc: true,
		Cols: []db.Col{db.IntCol("c.found_us"), db.TextCol("c.id")}},
)

func (f ConflictFilter) where() db.Where {
	w := db.Where{}.And("c.live")
	if f.State != "" {
		w = w.And("c.state = $1", f.State)
	}
	if f.Document != "" {
		w = w.And(`c.fact_key IN (SELECT s.fact_key FROM plan_statement AS s
			WHERE s.document = $1)`, f.Document)
	}
	return w
}

// ListConflicts returns a page of the conflicts between documents that the actor may read: of each
// only the places in such documents, and none with fewer than two amounts in them.
func (s *Service) ListConflicts(
	ctx context.Context, by authz.Actor, f ConflictFilter, p db.PageReq,
) (db.Page[Conflict], error) {
	q := s.unit.DB()
	if !DocumentPolicy.Could(by, ActDocumentRead) {
		return db.Page[Conflict]{}, DocumentPolicy.May(by, ActDocumentRead, Document{})
	}
	var failed error
	places := map[string][]Place{}
	keep := func(c Conflict) bool {
		list, err := placesOf(ctx, q, &by, c.key)
		if err != nil {
			failed = err
			return false
		}
		places[c.ID] = list
		return differ(list)
	}
	page, err := db.ListKept(ctx, q, conflictList, f.where(), conflictList.Order(""), p, scanConflict,
		keep, 1)
	if err == nil {
		err = failed
	}
	for i := range page.Items {
		page.Items[i].Places = places[page.Items[i].ID]
	}
	return page, err
}

// GetConflict returns one conflict with the places that the actor may read.
func (s *Service) GetConflict(
	ctx context.Context, by authz.Actor, conflictID string,
) (Conflict, error) {
	return conflictByID(ctx, s.unit.DB(), by, conflictID)
}

func conflictByID(
	ctx context.Context, q db.Q, by authz.Actor, conflictID string,
) (Conflict, error) {
	c, err := db.Get(ctx, q, qConflict, scanConflict, conflictID)
	if err != nil {
		return c, err
	}
	if c.Places, err = placesOf(ctx, q, &by, c.key); err != nil {
		return c, err
	}
	if !differ(c.Places) {
		return Conflict{}, errAbsent()
	}
	return c, nil
}

// ConflictDecision is the input of DecideConflict.
type ConflictDecision struct {
	ID      string `json:"-"`
	State   string `json:"state"`           // one of ConflictStates; open takes a decision back
	Holds   string `json:"holds,omitempty"` // when settled: id of the statement that holds
	Reason  string `json:"reason"`
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

// DecideConflict says what is behind different amounts of one fact: that each counts something
// else, or which of them holds. Whoever decides may review every document concerned. Another amount
// that comes later opens the conflict again.
func (s *Service) DecideConflict(
	ctx context.Context, by authz.Actor, in ConflictDecision,
) (Conflict, error) {
	in.Reason = lines(in.Reason)
	const useCase = "plan.DecideConflict"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in,
		func(tx *unit.Tx) (Conflict, error) {
			c, err := conflictByID(ctx, tx, by, in.ID)
			if err != nil {
				return c, err
			}
			for _, p := range c.Places {
				if err := DocumentPolicy.May(by, ActDocumentReview, p.document); err != nil {
					return c, err
				}
			}
			if err := in.check(c); err != nil {
				return c, err
			}
			at, login := tx.NowUs(), by.Login
			amounts := amountsOf(c.Places)
			if in.State == ConflictOpen {
				at, login, amounts = 0, "", nil
			}
			err = db.ExecOne(ctx, tx.Tx, qConflictSet, c.ID, in.Version, in.State, in.Holds, in.Reason,
				encode(amounts), at, login)
			if err != nil {
				return c, err
			}
			tx.Audit(audit.Entry{Kind: kindConflict, Object: c.ID, What: "decide", Reason: in.Reason,
				Detail: map[string]any{"from": c.State, "to": in.State, "holds": in.Holds,
					"amounts": amounts}})
			tx.Emit(outbox.Event{Kind: EventConflictDecided, Object: c.ID, Data: in.State})
			return conflictByID(ctx, tx, by, c.ID)
		})
	return out, err
}

func (in ConflictDecision) check(c Conflict) error {
	var f faults
	f.choice("state", in.State, ConflictStates())
	f.prose("reason", in.Reason, MaxProse, true)
	here := slices.ContainsFunc(c.Places, func(p Place) bool { return p.ID == in.Holds })
	switch {
	case in.State == ConflictSettled && !here:
		f.add("holds", "请选择以哪一处为准")
	case in.State != ConflictSettled && in.Holds != "":
		f.add("holds", "只有“以一处为准”才选择条目")
	case in.State == ConflictOpen && c.State == ConflictOpen:
		f.add("state", "请选择一项")
	}
	return f.err()
}
