package party

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qIndexHas = db.Stmt(`SELECT n FROM org_change WHERE name = 'index'`)
	qIndexIs  = db.Stmt(`INSERT INTO org_change (name, n) VALUES ('index', $1)
		ON CONFLICT (name) DO UPDATE SET n = excluded.n`)
	qTermDrop  = db.Stmt(`DELETE FROM org_term`)
	qTermsDrop = db.Stmt(`DELETE FROM org_terms`)
	// Those that are found by more names than their own.
	qManyNamed = db.Stmt(`SELECT org FROM org_alias
		UNION SELECT merged_into FROM org WHERE merged_into <> ''`)
	qOrgsAfter = db.Stmt(`SELECT ` + orgColumns + `, org.num FROM org WHERE org.id > $1
		ORDER BY org.id LIMIT $2`)
)

// Making the index anew, in one transaction.
const (
	makeTimeout = 30 * time.Minute
	makeAtOnce  = 5000 // organisations whose terms are held in memory
)

// Prepare makes the index anew when the database has none, or that of another version of the
// program. The program calls it once, before it serves.
func (s *Service) Prepare(ctx context.Context) error {
	n, found, err := db.Find(ctx, s.unit.DB(), qIndexHas, db.One[int64])
	if err != nil || found && n == indexVersion {
		return err
	}
	by := authz.Actor{Via: authz.ViaSystem}
	long := db.WithTimeout(ctx, makeTimeout)
	return s.unit.Write(long, by, "party.Prepare", func(tx *unit.Tx) error {
		// Whoever else wants to make it waits here and then finds it made.
		if _, err := changed(ctx, tx); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "party.org", What: "index"})
		n, found, err := db.Find(ctx, tx, qIndexHas, db.One[int64])
		if err != nil || found && n == indexVersion {
			return err
		}
		if err := makeIndex(ctx, tx); err != nil {
			return err
		}
		return db.ExecOne(ctx, tx.Tx, qIndexIs, int64(indexVersion))
	})
}

// numbered is an organisation with its number.
type numbered struct {
	Org
	num int64
}

func scanNumbered(r db.Row) (numbered, error) {
	var x numbered
	var err error
	x.Org, err = scanOrg(withLast{r, &x.num})
	return x, err
}

func makeIndex(ctx context.Context, tx *unit.Tx) error {
	for _, drop := range []*db.Statement{qTermDrop, qTermsDrop} {
		if _, err := db.Exec(ctx, tx.Tx, drop); err != nil {
			return err
		}
	}
	list, err := db.All(ctx, tx, qManyNamed, db.One[string])
	if err != nil {
		return err
	}
	many := map[string]bool{}
	for _, orgID := range list {
		many[orgID] = true
	}
	for last := ""; ; {
		list, err := db.All(ctx, tx, qOrgsAfter, scanNumbered, last, int64(makeAtOnce))
		if err != nil || len(list) == 0 {
			return err
		}
		x := newIndexing()
		for i := range list {
			o := &list[i]
			if last = o.ID; !many[o.ID] {
				x.set(o.ID, o.num, "", o.terms(nil))
			} else if err := x.renew(ctx, tx, o.ID); err != nil {
				return err
			}
		}
		if err := x.store(ctx, tx); err != nil {
			return err
		}
	}
}
