package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/yuntu-city/yuntu/internal/db"
)

// The laboratory: one small table with ties, empty texts and Chinese ones.
var (
	qLab = db.Stmt(`CREATE TABLE lab (id TEXT PRIMARY KEY, name TEXT NOT NULL, n BIGINT NOT NULL,
		flag BOOLEAN NOT NULL, version BIGINT NOT NULL)`)
	qLabAdd = db.Stmt(`INSERT INTO lab (id, name, n, flag, version) VALUES ($1, $2, $3, $4, 1)`)
	qLabAll = db.Stmt(`SELECT id, name, n, flag FROM lab ORDER BY id`)
	qLabGet = db.Stmt(`SELECT id, name, n, flag FROM lab WHERE id = $1`)
	qLabSet = db.Stmt(`UPDATE lab SET n = $2, version = version + 1 WHERE id = $1`)
	qLabDel = db.Stmt(`DELETE FROM lab WHERE id = $1`)

	labs = db.Select("id, name, n, flag", "lab",
		db.Order{Name: "id", Cols: []db.Col{db.TextCol("id")}},
		db.Order{Name: "name", Cols: []db.Col{db.TextCol("name"), db.TextCol("id")}},
		db.Order{Name: "-name", Desc: true, Cols: []db.Col{db.TextCol("name"), db.TextCol("id")}},
		db.Order{Name: "-n", Desc: true,
			Cols: []db.Col{db.IntCol("n"), db.TextCol("name"), db.TextCol("id")}},
	)
)

type lab struct {
	ID, Name string
	N        int64
	Flag     bool
}

func scanLab(r db.Row) (lab, error) {
	var x lab
	err := r.Scan(&x.ID, &x.Name, &x.N, &x.Flag)
	return x, err
}

var labNames = []string{"", "a", "A", "ab", "b", "太原", "太原市", "Z", "-", "é", "🙂", "\ue000", "'; --"}

func randomLab(rng *rand.Rand, i int) lab {
	return lab{
		ID: fmt.Sprintf("%04d", i), Name: labNames[rng.IntN(len(labNames))],
		N: rng.Int64N(7) - 3, Flag: rng.IntN(2) == 0,
	}
}

// makeLab creates the table with rows made by rng.
func makeLab(t *testing.T, d *db.DB, rng *rand.Rand, rows int) []lab {
	t.Helper()
	var all []lab
	for i := range rows {
		all = append(all, randomLab(rng, i))
	}
	mustWrite(t, d, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, qLab); err != nil {
			return err
		}
		for _, x := range all {
			if err := db.ExecOne(ctx, tx, qLabAdd, x.ID, x.Name, x.N, x.Flag); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}

func mustWrite(t *testing.T, d *db.DB, fn func(context.Context, *db.Tx) error) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) })
	if err != nil {
		t.Fatal(err)
	}
}

func allLabs(t *testing.T, q db.Q) []lab {
	t.Helper()
	all, err := db.All(t.Context(), q, qLabAll, scanLab)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
