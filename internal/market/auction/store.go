package auction

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const itemCols = `x.id, x.code, x.post, x.post_title, x.org, x.org_now, x.org_name, x.mode, x.text,
	x.start_fen, x.reserve_fen, x.increment_fen, x.deposit_fen, x.opens_us, x.ends_us, x.within_us,
	x.extend_us, x.notice_days, x.publicity_days, x.noticed_us, x.publicised_us, x.begun, x.closed,
	x.closes_us, x.price_fen, x.second_fen, x.leader, x.bids, x.winner, x.pay_fen, x.state, x.created_us,
	x.created_by, x.updated_us, x.version, x.listing,
	COALESCE((SELECT l.number FROM auction_applicant AS l WHERE l.id = x.leader), 0),
	COALESCE((SELECT w.number FROM auction_applicant AS w WHERE w.id = x.winner), 0)`

func scanItem(r db.Row) (Item, error) {
	var x Item
	err := r.Scan(&x.ID, &x.Code, &x.Post, &x.PostTitle, &x.Org, &x.OrgNow, &x.OrgName, &x.Mode, &x.Text,
		&x.StartFen, &x.ReserveFen, &x.IncrementFen, &x.DepositFen, &x.OpensUs, &x.EndsUs,
		&x.WithinSeconds, &x.ExtendSeconds, &x.NoticeDays, &x.PublicityDays, &x.NoticedUs,
		&x.PublicisedUs, &x.begun, &x.closed, &x.ClosesUs, &x.PriceFen, &x.second, &x.leader, &x.Bids,
		&x.winner, &x.PayFen, &x.State, &x.CreatedUs, &x.CreatedBy, &x.UpdatedUs, &x.Version, &x.Listing, &x.LeaderNo,
		&x.WinnerNo)
	x.WithinSeconds /= 1e6
	x.ExtendSeconds /= 1e6
	return x, err
}

var (
	qItem = db.Stmt(`SELECT ` + itemCols + ` FROM auction_item AS x WHERE x.id = $1`)
	qMove = db.Stmt(`UPDATE auction_item SET state = $1, version = version + 1, updated_us = $2
		WHERE id = $3 AND state = $4 AND version = $5`)
	qAdd = db.Stmt(`INSERT INTO auction_item (id, code, post, post_title, org, org_now, org_name, mode, text,
			start_fen, reserve_fen, increment_fen, deposit_fen, opens_us, ends_us, within_us, extend_us,
			notice_days, publicity_days, noticed_us, publicised_us, begun, closed, closes_us, price_fen,
			second_fen, leader, bids, winner, pay_fen, state, created_us, created_by, updated_us, version,
			listing)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, 0,
			FALSE, FALSE, $15, 0, 0, '', 0, '', 0, $20, $21, $22, $21, 1, $23)`)
	qSet = db.Stmt(`UPDATE auction_item SET mode = $3, text = $4, start_fen = $5, reserve_fen = $6,
			increment_fen = $7, deposit_fen = $8, opens_us = $9, ends_us = $10, within_us = $11,
			extend_us = $12, notice_days = $13, publicity_days = $14, closes_us = $10, updated_us = $15,
			version = version + 1
		WHERE id = $1 AND version = $2`)
	qNoticed    = db.Stmt(`UPDATE auction_item SET noticed_us = $3 WHERE id = $1 AND version = $2`)
	qPublicised = db.Stmt(`UPDATE auction_item SET publicised_us = $3 WHERE id = $1 AND version = $2`)
	// The version stays: a bid must not make what people do with the record stale.
	qState = db.Stmt(`UPDATE auction_item SET begun = $2, closed = $3, closes_us = $4, price_fen = $5,
			second_fen = $6, leader = $7, bids = $8, winner = $9, pay_fen = $10 WHERE id = $1`)
	qOpenOf = db.Stmt(`SELECT code FROM auction_item
		WHERE post = $1 AND state IN ('notice', 'bidding', 'closed', 'publicity', 'objected', 'confirmed')
		ORDER BY code LIMIT 1`)
	qDue = db.Stmt(`SELECT ` + itemCols + ` FROM auction_item AS x
		WHERE x.state = 'notice' AND x.opens_us <= $1 OR x.state = 'bidding' AND x.closes_us <= $1
		ORDER BY x.closes_us, x.id LIMIT 100`)

	qLogAdd = db.Stmt(`INSERT INTO auction_log (auction, seq, at_us, kind, who, fen, rules)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qLog = db.Stmt(`SELECT seq, at_us, kind, who, fen, rules FROM auction_log WHERE auction = $1
		ORDER BY seq LIMIT 100000`)
	qLogLast = db.Stmt(`SELECT COALESCE(MAX(seq), 0) FROM auction_log WHERE auction = $1`)

	qCount = db.Stmt(`INSERT INTO auction_counter (scope, last) VALUES ($1, 1)
		ON CONFLICT (scope) DO UPDATE SET last = auction_counter.last + 1 RETURNING last`)
)

var list = db.Select(itemCols, `auction_item AS x`,
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("x.created_us"), db.TextCol("x.id")}},
	db.Order{Name: "closes", Cols: []db.Col{db.IntCol("x.closes_us"), db.TextCol("x.id")}},
)

// Orders returns the names of the orders people may choose.
func Orders() []string { return list.OrderNames() }

func byID(ctx context.Context, q db.Q, itemID string) (Item, error) {
	return db.Get(ctx, q, qItem, scanItem, itemID)
}

func next(ctx context.Context, tx *unit.Tx, scope string) (int64, error) {
	return db.Get(ctx, tx, qCount, db.One[int64], scope)
}

// lock makes all that changes the course of an auction wait for each other. Whoever holds it reads
// the auction afterwards.
func lock(ctx context.Context, tx *unit.Tx, itemID string) error {
	_, err := next(ctx, tx, "course:"+itemID)
	return err
}

func scanEvent(r db.Row) (Event, error) {
	var e Event
	var rules string
	err := r.Scan(&e.Seq, &e.AtUs, &e.Kind, &e.Who, &e.Fen, &rules)
	if err == nil && rules != "" {
		err = occasion.Decode(rules, &e.Rules)
	}
	return e, err
}

// record adds an event to the log and stores what the log comes to. The lock is held.
func record(ctx context.Context, tx *unit.Tx, x Item, s State, e Event) (State, error) {
	s, err := s.Apply(e)
	if err != nil {
		return s, err
	}
	last, err := db.Get(ctx, tx, qLogLast, db.One[int64], x.ID)
	if err != nil {
		return s, err
	}
	rules := ""
	if e.Rules != nil {
		rules = occasion.Encode(e.Rules)
	}
	err = db.ExecOne(ctx, tx.Tx, qLogAdd, x.ID, last+1, e.AtUs, e.Kind, e.Who, int64(e.Fen), rules)
	if err != nil {
		return s, err
	}
	return s, db.ExecOne(ctx, tx.Tx, qState, x.ID, s.Begun, s.Closed, s.ClosesUs, int64(s.PriceFen),
		int64(s.SecondFen), s.Leader, s.Bids, s.Winner, int64(s.PayFen))
}
