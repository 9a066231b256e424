package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"database/sql"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// The table is shaped like the city's register of organisations: a row of about 400 bytes with
// the keys that its lists need.
const (
	makeTable = `CREATE TABLE bench_org (
		id TEXT PRIMARY KEY, uscc TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
		kind TEXT NOT NULL, region TEXT NOT NULL, industry TEXT NOT NULL, status TEXT NOT NULL,
		address TEXT NOT NULL, lon_e7 BIGINT NOT NULL, lat_e7 BIGINT NOT NULL,
		capital_fen BIGINT NOT NULL, founded TEXT NOT NULL, source TEXT NOT NULL,
		verified BOOLEAN NOT NULL, created_us BIGINT NOT NULL, updated_us BIGINT NOT NULL,
		version BIGINT NOT NULL)`
	makeKeyUSCC = `CREATE UNIQUE INDEX bench_org_uscc ON bench_org (uscc)`
	makeKeyName = `CREATE INDEX bench_org_name ON bench_org (name_key, id)`

	insertOrg = `INSERT INTO bench_org (id, uscc, name, name_key, kind, region, industry, status,
		address, lon_e7, lat_e7, capital_fen, founded, source, verified, created_us, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`
)

var (
	qTable   = db.Stmt(makeTable)
	qKeyUSCC = db.Stmt(makeKeyUSCC)
	qKeyName = db.Stmt(makeKeyName)
	qInsert  = db.Stmt(insertOrg)
)

type org struct {
	ID         string `json:"id"`
	USCC       string `json:"uscc"`
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Region     string `json:"region"`
	Industry   string `json:"industry"`
	Address    string `json:"address"`
	CapitalFen int64  `json:"capitalFen"`
}

var serial atomic.Int64

func newOrg() org {
	n := serial.Add(1)
	return org{
		ID: id.New(), USCC: fmt.Sprintf("9114%014d", n), Kind: "enterprise", Region: "140105",
		Name: fmt.Sprintf("太原第%d新材料科技有限公司", n), Industry: "C3985",
		Address:    fmt.Sprintf("山西省太原市小店区学府街道创业路%d号", n%900),
		CapitalFen: 500_000_000,
	}
}

func (o org) args(us int64) []any {
	return []any{o.ID, o.USCC, o.Name, o.Name, o.Kind, o.Region, o.Industry, "active", o.Address,
		int64(1125660000), int64(378100000), o.CapitalFen, "2019-05-04", "register", true, us, us, int64(1)}
}

var officer = authz.Actor{Account: "01jd0000000000000000000000", Login: "zhang.wei",
	Role: authz.Officer, Via: authz.ViaSession, Request: "01jd0000000000000000000001"}

// record is the product's way to store an organisation.
func record(ctx context.Context, u *unit.Unit) error {
	o := newOrg()
	return u.Write(ctx, officer, "bench.org.create", func(t *unit.Tx) error {
		if err := db.ExecOne(ctx, t.Tx, qInsert, o.args(t.NowUs())...); err != nil {
			return err
		}
		t.Audit(audit.Entry{Kind: "bench.org", Object: o.ID, What: "create", Detail: o})
		t.Emit(outbox.Event{Kind: "bench.org.created.v1", Object: o.ID, Data: o})
		return nil
	})
}

// compare lets both sides do b.N operations, in turns of a few hundred, and reports their rates.
func compare(b *testing.B, clients int, bare, ours func(client int) error) {
	const turn = 400
	var took [2]time.Duration
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		took[0] += run(b, clients, n, bare)
		took[1] += run(b, clients, n, ours)
	}
	bareRate := float64(b.N) / took[0].Seconds()
	oursRate := float64(b.N) / took[1].Seconds()
	b.ReportMetric(bareRate, "bare/s")
	b.ReportMetric(oursRate, "ours/s")
	b.ReportMetric(100*oursRate/bareRate, "%of-bare")
}

func run(b *testing.B, clients, n int, op func(client int) error) time.Duration {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	start := time.Now()
	for c := range clients {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := op(c); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

func product(b *testing.B, url string) *unit.Unit {
	b.Helper()
	ctx := b.Context()
	d, err := db.Open(ctx, db.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if _, err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		for _, s := range []*db.Statement{qTable, qKeyUSCC, qKeyName} {
			if _, err := db.Exec(ctx, tx, s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return unit.New(d, clock.System(), unit.Options{})
}

// BenchmarkWriteSQLite: 8 clients, durable commits. The baseline is the bare driver inserting the
// same row, one transaction each, through one connection with a prepared statement (several
// connections are slower: they wait for each other by polling).
func BenchmarkWriteSQLite(b *testing.B) {
	dir := b.TempDir()
	u := product(b, "sqlite:"+filepath.Join(dir, "ours.db"))
	pool, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	for _, text := range []string{makeTable, makeKeyUSCC, makeKeyName} {
		if _, err := pool.Exec(text); err != nil {
			b.Fatal(err)
		}
	}
	insert, err := pool.Prepare(insertOrg)
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	b.ResetTimer()
	compare(b, 8, func(int) error {
		_, err := insert.Exec(newOrg().args(1_760_000_000_000_000)...)
		return err
	}, func(int) error { return record(ctx, u) })
}

// BenchmarkWritePostgres: 16 clients on a server of its own with fsync on. The baseline is bare
// pgx: one connection a client, the same row, one transaction each.
func BenchmarkWritePostgres(b *testing.B) {
	ctx := b.Context()
	const clients = 16
	server, err := cluster.Start(ctx, cluster.Options{Durable: true})
	if err != nil {
		b.Skip(err)
	}
	defer server.Stop()
	for _, name := range []string{"bare", "ours"} {
		conn, err := pgx.Connect(ctx, server.URL("postgres"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
			b.Fatal(err)
		}
		conn.Close(ctx)
	}
	u := product(b, server.URL("ours"))
	conns := make([]*pgx.Conn, clients)
	for i := range conns {
		if conns[i], err = pgx.Connect(ctx, server.URL("bare")); err != nil {
			b.Fatal(err)
		}
		defer conns[i].Close(ctx)
	}
	for _, text := range []string{makeTable, makeKeyUSCC, makeKeyName} {
		if _, err := conns[0].Exec(ctx, text); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	compare(b, clients, func(c int) error {
		_, err := conns[c].Exec(ctx, insertOrg, newOrg().args(1_760_000_000_000_000)...)
		return err
	}, func(int) error { return record(ctx, u) })
}
