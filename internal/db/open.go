package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/yuntu-city/yuntu/internal/db/filemap"
)

// Dialect names a database product.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota
	Postgres
)

// String returns "sqlite" or "postgres".
func (d Dialect) String() string {
	if d == SQLite {
		return "sqlite"
	}
	return "postgres"
}

// MinSQLite is the oldest SQLite that may be used: earlier ones can corrupt a database when the
// write-ahead log is reset.
const MinSQLite = "3.53.0"

// Options say which database to open. The zero value of a size means its default.
type Options struct {
	URL     string // sqlite:PATH, or postgres://…
	Readers int    // connections for reading; default sqliteReaders or postgresReaders
	Writers int    // connections for writing on PostgreSQL; default 16 (SQLite has always one)
}

// DB is an open database: a pool for reading and one for writing.
type DB struct {
	dialect Dialect
	url     string
	path    string // SQLite only
	read    *sql.DB
	write   *sql.DB
	readers *prepared     // SQLite only
	turns   chan struct{} // SQLite only: holds one for each connection that reads
	lite    *writer       // SQLite only
	settle  *sql.DB       // PostgreSQL only: for Settle; nil when that does not work
}

// busyWait is how long a connection waits for another process that keeps the file.
const busyWait = 10 * time.Second

// How many connections read. SQLite reads in this process, so that more connections than processors answer no
// faster; but a long count or export keeps one, and those behind it should not have to wait.
const (
	sqliteReadersMax = 8
	postgresReaders  = 4
)

func sqliteReaders() int { return min(2*runtime.GOMAXPROCS(0), sqliteReadersMax) }

// Open opens the database and checks that it answers. It creates the file of a new SQLite database
// but changes nothing else; call Migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Writers == 0 {
		o.Writers = 16
	}
	switch {
	case strings.HasPrefix(o.URL, "sqlite:"):
		return openSQLite(ctx, o)
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		return openPostgres(ctx, o)
	default:
		return nil, fmt.Errorf("database URL must start with sqlite: or postgres://")
	}
}

func openSQLite(ctx context.Context, o Options) (*DB, error) {
	path := strings.TrimPrefix(o.URL, "sqlite:")
	if path == "" || path[0] == ':' {
		return nil, fmt.Errorf("database URL sqlite: needs the path of a file")
	}
	d := &DB{dialect: SQLite, url: o.URL, path: path}
	if err := touch(path); err != nil {
		return nil, err
	}
	var err error
	if d.write, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", sqliteDSN(path, true)); err != nil {
		return nil, fmt.Errorf("open sqlite for reading: %w", err)
	}
	readers := cmp.Or(o.Readers, sqliteReaders())
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.readers, d.turns = newPrepared(d.read), make(chan struct{}, readers)
	if err := d.checkSQLite(ctx); err != nil {
		d.Close()
		return nil, err
	}
	d.lite = newWriter(d.write)
	return d, nil
}

// touch makes the file of a new database, readable by its owner only: it will hold personal data.
// The files SQLite puts beside it get the same permissions. An existing file is not opened, because
// closing it again would drop the locks that this process may hold on it.
func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make folder of the database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make file of the database: %w", err)
	}
	return f.Close()
}

// sqliteDSN puts the pragmas into the address, so that each new connection gets them: the busy
// timeout first, then the write-ahead log, then full synchronisation, because an acknowledged write
// must survive a cut power cord.
//
// A connection forgets all the pages it has read as soon as another one has committed. Readers therefore
// look at the file itself, up to filemap.Limit of it; only what still stands in the log is kept as a
// copy. The writer, who forgets nothing, keeps copies.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{}
	pragmas := []string{fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()), "journal_mode(WAL)",
		"synchronous(FULL)", "foreign_keys(ON)", "temp_store(MEMORY)", "journal_size_limit(67108864)"}
	if readOnly {
		pragmas = append(pragmas, "cache_size(-1000)", fmt.Sprintf("mmap_size(%d)", filemap.Limit), "query_only(ON)")
		if name := filemap.Name(); name != "" {
			q.Set("vfs", name)
		}
	} else {
		pragmas = append(pragmas, writerPages)
	}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// checkSQLite opens the writing connection first, so that a new file is in WAL mode before a
// reader sees it, and refuses a library that is too old.
func (d *DB) checkSQLite(ctx context.Context) error {
	if err := d.firstSQLite(ctx); err != nil {
		return fmt.Errorf("open database file %s: %w", d.path, err)
	}
	var version, mode string
	if err := d.write.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return fmt.Errorf("read sqlite version: %w", err)
	}
	if olderThan(version, MinSQLite) {
		return fmt.Errorf("sqlite %s is too old, need %s", version, MinSQLite)
	}
	if err := d.write.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("read journal mode of %s: %w", d.path, err)
	}
	if mode != "wal" {
		return fmt.Errorf("database %s is in journal mode %s, not wal", d.path, mode)
	}
	return nil
}

// firstSQLite makes the first connection. While another process turns the file to the write-ahead log, SQLite
// answers busy without waiting as long as it was told to; so this waits instead.
func (d *DB) firstSQLite(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := d.write.PingContext(ctx)
		if err == nil || !retryable(err) || !pause(wait, min(attempt, maxAttempts)) {
			return err
		}
	}
}

func olderThan(have, want string) bool {
	var a, b [3]int
	fmt.Sscanf(have, "%d.%d.%d", &a[0], &a[1], &a[2])
	fmt.Sscanf(want, "%d.%d.%d", &b[0], &b[1], &b[2])
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func openPostgres(ctx context.Context, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read postgres URL: %w", err)
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "yuntu"
	}
	// Text keys must compare by bytes, as in SQLite; Migrate checks the collation.
	d := &DB{dialect: Postgres, url: o.URL}
	d.read = postgresPool(cfg, cmp.Or(o.Readers, postgresReaders))
	d.write = postgresPool(cfg, o.Writers, stdlib.OptionAfterConnect(boundIdle))
	if err := d.write.PingContext(ctx); err != nil {
		d.Close()
		return nil, fmt.Errorf("connect to postgres: %w", err)
	}
	// Databases that derive from PostgreSQL may lack the function; then commits are never early.
	if _, err = d.write.ExecContext(ctx, "SELECT "+string(Settling)); err == nil {
		d.settle = postgresPool(cfg, 1) // its own, so that it does not queue behind those who wait for it
	}
	return d, nil
}

func postgresPool(cfg *pgx.ConnConfig, size int, options ...stdlib.OptionOpenDB) *sql.DB {
	p := sql.OpenDB(pgConnector{stdlib.GetConnector(*cfg, options...)})
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	p.SetConnMaxIdleTime(5 * time.Minute)
	return p
}

// pgConnector makes connections that package sql can ask whether they live. A request that ends while it reads
// takes its connection with it; the driver does not say so, and package sql hands the dead one to the next in
// line, who gives up after the third.
type pgConnector struct{ driver.Connector }

func (c pgConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return pgConn{conn.(*stdlib.Conn)}, nil
}

type pgConn struct{ *stdlib.Conn }

// IsValid implements driver.Validator.
func (c pgConn) IsValid() bool { return !c.Conn.Conn().IsClosed() }

// boundIdle lets the server give up on a transaction whose program has fallen silent, because the
// machine is gone or it hangs: its locks would stop everybody else's writes. A server that does not
// know the setting goes without.
func boundIdle(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SET idle_in_transaction_session_timeout = '5min'")
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

// Dialect returns the product behind the database.
func (d *DB) Dialect() Dialect { return d.dialect }

// Path returns the file of a SQLite database, "" on PostgreSQL.
func (d *DB) Path() string { return d.path }

// URL returns the address the database was opened with. It may hold a password: never log it.
func (d *DB) URL() string { return d.url }

// Ping checks that the database answers a reader. It does not wait for a writer's turn.
func (d *DB) Ping(ctx context.Context) error {
	return translate(d.read.PingContext(ctx), "ping")
}

// Close waits for a running write and closes all connections.
func (d *DB) Close() error {
	var first error
	if d.lite != nil {
		d.lite.close()
	}
	if d.readers != nil {
		d.readers.close()
	}
	for _, p := range []*sql.DB{d.read, d.write, d.settle} {
		if p == nil {
			continue
		}
		if err := p.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
