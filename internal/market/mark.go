package market

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// How far posts come, as market_mark names it.
const (
	markIntroduced = "introduced"
	markSigned     = "signed"
	markRegistered = "registered"
)

var (
	qMarkAdd = db.Stmt(`INSERT INTO market_mark (post, what, at_us) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`)
	qMarkDrop = db.Stmt(`DELETE FROM market_mark WHERE post = $1 AND what = $2`)
)

type doing = func(ctx context.Context, tx *unit.Tx, p Post, in process.Input) error

// marks notes that a post has come so far, if it was not noted before.
func marks(what ...string) doing {
	return func(ctx context.Context, tx *unit.Tx, p Post, _ process.Input) error {
		for _, w := range what {
			if _, err := db.Exec(ctx, tx.Tx, qMarkAdd, p.ID, w, tx.NowUs()); err != nil {
				return err
			}
		}
		return nil
	}
}

// backToMarket is what failed talks leave: a post that is as good as confirmed, and no contract.
func backToMarket(ctx context.Context, tx *unit.Tx, p Post, in process.Input) error {
	if _, err := db.Exec(ctx, tx.Tx, qMarkDrop, p.ID, markSigned); err != nil {
		return err
	}
	return goLive(ctx, tx, p, in)
}
