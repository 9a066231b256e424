//go:build unix

// Package cluster starts a throw-away PostgreSQL server for tests and benchmarks: its own data
// folder, a Unix socket and no TCP port, trust authentication, C collation, UTF-8.
//
// The server never outlives its owner, however that ends. A small shell stands between the two: it
// starts the server and then reads from a pipe of which this process holds the only writing end.
// When Stop closes the pipe, or the process dies, the shell stops the server by its process id and
// removes the folder.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/yuntu-city/yuntu/internal/dbtest/scratch"
)

// startLimit bounds how long a server may take from its start to its first answer.
const startLimit = 60 * time.Second

// stopLimit bounds how long Stop waits for the server to be gone.
const stopLimit = 30 * time.Second

// ErrNotInstalled says that this machine has no PostgreSQL server programs.
var ErrNotInstalled = errors.New("PostgreSQL server programs not found: install PostgreSQL " +
	"(Debian: apt-get install postgresql) or set YUNTU_TEST_POSTGRES to a postgres:// address")

// Options say what kind of server to start.
type Options struct {
	// Durable keeps fsync and synchronous_commit on and the files on a disk, as in real use.
	// Benchmarks need that; tests do not and are faster without.
	Durable bool
}

// Cluster is a running server.
type Cluster struct {
	dir  string
	life io.WriteCloser // closing it ends the server
	done chan error     // receives the exit of the shell
}

// keeper is the shell that stands between: $0 is the server program, $1 the folder, the rest are
// settings of the server. The server is a child with its input closed, so that only the shell
// waits on the pipe.
const keeper = `
pg=$0 dir=$1; shift
"$pg" -D "$dir/data" -k "$dir" "$@" </dev/null &
pid=$!
read -r _
kill -INT "$pid" 2>/dev/null
wait "$pid"
cd / && rm -rf "$dir"
`

// Start makes a new server and waits until it answers. It takes about a second. When the programs
// are missing the error is ErrNotInstalled.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	bin, err := binDir()
	if err != nil {
		return nil, err
	}
	as, err := owner()
	if err != nil {
		return nil, err
	}
	root := scratch.Root()
	if o.Durable {
		root = "" // on a disk
	}
	dir, err := os.MkdirTemp(root, "yuntu-pg-")
	if err != nil {
		return nil, fmt.Errorf("make folder for postgres: %w", err)
	}
	c := &Cluster{dir: dir, done: make(chan error, 1)}
	if err := c.start(ctx, bin, as, o); err != nil {
		log := c.log()
		c.Stop()
		return nil, fmt.Errorf("start postgres: %w\n%s", err, log)
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, bin string, as *syscall.Credential, o Options) error {
	if as != nil {
		if err := os.Chown(c.dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", c.dir+"/data",
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Dir = c.dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	log, err := os.Create(c.dir + "/log")
	if err != nil {
		return err
	}
	defer log.Close()
	args := append([]string{"-c", keeper, filepath.Join(bin, "postgres"), c.dir}, settings(o)...)
	// Not CommandContext: the context bounds the start, not the life of the server.
	sh := exec.Command("/bin/sh", args...)
	sh.Dir, sh.Stdout, sh.Stderr = c.dir, log, log
	// An own process group, so that Ctrl-C in a terminal reaches the tests and not the server:
	// tests may still be talking to it.
	sh.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	if c.life, err = sh.StdinPipe(); err != nil {
		return err
	}
	if err := sh.Start(); err != nil {
		return err
	}
	go func() { c.done <- sh.Wait() }()
	return c.waitReady(ctx)
}

// settings returns the server's command line. Tests open a pool per database and run in parallel,
// hence the many connections.
func settings(o Options) []string {
	s := []string{
		"-c", "listen_addresses=", "-c", "max_connections=400", "-c", "shared_buffers=128MB",
		"-c", "unix_socket_permissions=0777", "-c", "timezone=UTC",
		"-c", "logging_collector=off", "-c", "log_min_messages=warning",
	}
	if o.Durable {
		return append(s, "-c", "max_wal_size=4GB")
	}
	return append(s, "-c", "max_wal_size=256MB", "-c", "fsync=off", "-c", "synchronous_commit=off",
		"-c", "full_page_writes=off", "-c", "autovacuum=off")
}

// waitReady asks until the server answers, the shell ends or the limit is reached.
func (c *Cluster) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", err)
		case exit := <-c.done:
			c.done <- exit
			return fmt.Errorf("server ended: %v", exit)
		case <-tick.C:
		}
	}
}

// URL returns the address of a database of the server; "postgres" always exists.
func (c *Cluster) URL(database string) string {
	return "postgres://postgres@/" + database + "?host=" + url.QueryEscape(c.dir)
}

// Stop ends the server, waits for it and removes its folder. The server closes its connections
// itself; whoever still uses them gets errors.
func (c *Cluster) Stop() error {
	defer os.RemoveAll(c.dir)
	if c.life == nil {
		return nil
	}
	c.life.Close()
	select {
	case err := <-c.done:
		c.done <- err
		return err
	case <-time.After(stopLimit):
		return fmt.Errorf("postgres in %s did not stop within %s", c.dir, stopLimit)
	}
}

// log returns the last lines the server wrote.
func (c *Cluster) log() string {
	const keep = 4000
	b, err := os.ReadFile(c.dir + "/log")
	if err != nil {
		return ""
	}
	return string(b[max(0, len(b)-keep):])
}
