package deal

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qDeal     = db.Stmt(`SELECT ` + dealColumns + ` FROM ` + dealFrom + ` WHERE d.id = $1`)
	qDealMove = db.Stmt(`UPDATE deal SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qDealAdd = db.Stmt(`INSERT INTO deal (id, code, title, demand_post, demand_org, demand_now,
			demand_name, demand_role, demand_nda_us, demand_nda_by, demand_consent_us,
			demand_consent_by, supply_post, supply_org, supply_now, supply_name, supply_role,
			supply_nda_us, supply_nda_by, supply_consent_us, supply_consent_by, asked_by, source,
			message, nda, field, region, broker, mode, amount_fen, contract_fen, contract_no,
			signed_on, registered_on, class, next_step, due_us, chase_us, answer_us, end_us, state,
			created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
			$19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35,
			$36, $37, $38, $39, $40, $41, $42, $43, $44, $45)`)

	qCount = db.Stmt(`INSERT INTO deal_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = deal_counter.last + 1 RETURNING last`)

	// qOpenWith counts the introductions with a post that the two sides talk in, beside one.
	qOpenWith = db.Stmt(`SELECT COUNT(*) FROM deal WHERE id <> $2 AND end_us = 0
		AND (demand_post = $1 OR supply_post = $1)
		AND state IN ('talking', 'intention', 'drafting', 'signed', 'disputed')`)
	// qSignedWith counts the contracts about a post, beside one.
	qSignedWith = db.Stmt(`SELECT COUNT(*) FROM deal WHERE id <> $2 AND (demand_post = $1 OR supply_post = $1)
		AND state IN ('signed', 'disputed', 'registered', 'kept')`)
	// qTwin finds an introduction of the same two sides about the same post that goes on.
	qTwin = db.Stmt(`SELECT d.id FROM deal AS d WHERE d.end_us = 0
		AND d.demand_now = $1 AND d.supply_now = $2 AND d.demand_post = $3 AND d.supply_post = $4`)
)

// dealByID loads an introduction with all that its process and its policy look at.
func dealByID(ctx context.Context, q db.Q, dealID string) (Deal, error) {
	d, err := db.Get(ctx, q, qDeal, scanDeal, dealID)
	if err != nil {
		return d, err
	}
	one := []Deal{d}
	err = withPosts(ctx, q, one)
	return one[0], err
}

func (s Side) row() []any {
	return []any{s.Post, s.Org, s.Now, s.Name, string(s.Role), s.NDAUs, s.NDABy, s.ConsentUs,
		s.ConsentBy}
}

func (d Deal) row() []any {
	out := append([]any{d.ID, d.Code, d.Title}, d.Demand.row()...)
	out = append(out, d.Supply.row()...)
	return append(out, d.AskedBy, d.Source, d.Message, d.NDA, d.Field, string(d.Region), d.Broker,
		d.Mode, int64(d.AmountFen), int64(d.ContractFen), d.ContractNo, string(d.SignedOn),
		string(d.RegisteredOn), d.Class, d.NextStep, d.DueUs, d.ChaseUs, d.AnswerUs, d.EndUs,
		d.State, d.CreatedUs, d.CreatedBy, d.UpdatedUs, d.Version)
}

// names are what an introduction is found by.
func (d Deal) names() []string { return []string{d.Title, d.Demand.Name, d.Supply.Name} }

func insertDeal(ctx context.Context, tx *unit.Tx, d Deal) error {
	if err := db.ExecOne(ctx, tx.Tx, qDealAdd, d.row()...); err != nil {
		return err
	}
	return setGrams(ctx, tx, gramDeal, d.ID, d.names()...)
}

// nextCode numbers what is made in a year: DJ-2026-00012.
func nextCode(ctx context.Context, tx *unit.Tx, kind string) (string, error) {
	year := clock.Time(tx.NowUs()).In(clock.Shanghai).Year()
	n, err := db.Get(ctx, tx, qCount, db.One[int64], fmt.Sprintf("%s:%d", kind, year))
	return codeOf(kind, year, n), err
}

func codeOf(kind string, year int, n int64) string { return fmt.Sprintf("%s-%d-%05d", kind, year, n) }
