package unit_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/dbtest/cluster"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/test/score"
)

// writerEnv makes this test binary a writer: see TestWriterProcess.
const (
	writerEnv = "YUNTU_TEST_WRITER"
	writers   = 6
)

// TestWriterProcess is the program that TestKill kills. It adds things to the database named by the
// environment, and says so on its output once each is stored.
func TestWriterProcess(t *testing.T) {
	url, name, ok := strings.Cut(os.Getenv(writerEnv), " ")
	if !ok {
		t.Skip("only when started by TestKill")
	}
	d, err := db.Open(context.Background(), db.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	u := newUnit(d)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%s-%d-%d", name, w, i)
				err := u.Write(context.Background(), clerk, "lab.add", func(tx *unit.Tx) error {
					return addThing(context.Background(), tx, id)
				})
				mu.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println("stored", id)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// A writer that is killed at any moment, again and again, loses nothing that it had acknowledged and
// leaves nothing half done, and the next one goes on.
func TestKill(t *testing.T) {
	const rounds = 12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		t.Parallel()
		makeLab(t, d)
		var acknowledged []string
		for round := range rounds {
			ids := killedWriter(t, dbtest.URL(d), fmt.Sprintf("%02d", round))
			acknowledged = append(acknowledged, ids...)
		}
		next := newUnit(second(t, d))
		err := next.Write(t.Context(), clerk, "lab.add", func(tx *unit.Tx) error {
			return addThing(t.Context(), tx, "after")
		})
		if err != nil {
			t.Fatal(err)
		}
		stored := wantWhole(t, d, nil)
		lost := 0
		for _, id := range append(acknowledged, "after") {
			if _, found := slices.BinarySearch(stored, id); !found {
				t.Errorf("%s was acknowledged and is gone", id)
				lost++
			}
		}
		score.Record(t, score.Result{Name: "history-" + d.Dialect().String(), Subject: "Histories", AtMost: true,
			What:  fmt.Sprintf("acknowledged writes lost, %d kills of the writer, %s", rounds, d.Dialect()),
			Value: float64(lost), Wanted: 0, Command: "go test ./internal/unit -run TestKill"})
		if len(acknowledged) < rounds*10 {
			t.Errorf("only %d writes were acknowledged", len(acknowledged))
		}
		t.Logf("%d acknowledged, %d stored", len(acknowledged), len(stored))
	})
}

// killedWriter starts a writer, kills it at a random moment after it has begun to store, and returns
// what it said it had stored.
func killedWriter(t *testing.T, url, name string) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriterProcess$")
	cmd.Env = append(os.Environ(), writerEnv+"="+url+" "+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	var ids []string
	alive := 10 + rand.IntN(80) // lines, and then some microseconds
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // what it had said before it died has been read; half a line was not said
			return ids
		}
		id, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "stored ")
		if !ok {
			rest, _ := io.ReadAll(lines)
			t.Fatalf("writer: %s%s", line, rest)
		}
		if ids = append(ids, id); len(ids) == alive {
			go func() {
				time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
				cmd.Process.Kill()
			}()
		}
	}
}

// A crash of the PostgreSQL server loses what was not yet on the disk, and nothing that had been
// acknowledged: writes are committed early, but nobody is told before they are safe.
func TestServerCrash(t *testing.T) {
	t.Parallel()
	server := durableServer(t)
	d, err := db.Open(t.Context(), db.Options{URL: server.URL("postgres")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	makeLab(t, d)
	u := newUnit(d)
	var mu sync.Mutex
	var acknowledged []string
	unsure := 0
	for round := range 2 {
		var n atomic.Int64
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := 0; ; i++ {
					id := fmt.Sprintf("%d-%d-%05d", round, w, i)
					err := u.Write(t.Context(), clerk, "lab.add", func(tx *unit.Tx) error {
						return addThing(t.Context(), tx, id)
					})
					mu.Lock()
					if err != nil {
						unsure++
						mu.Unlock()
						if !fault.Is(err, fault.Unavailable) {
							t.Errorf("a write during the crash: %v", err)
						}
						return
					}
					acknowledged = append(acknowledged, id)
					mu.Unlock()
					n.Add(1)
				}
			})
		}
		for n.Load() < 100+rand.Int64N(100) {
			time.Sleep(time.Millisecond)
		}
		crash(t, d)
		wg.Wait()
		awaitServer(t, d)
		if _, err := audit.VerifyDB(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	stored := wantWhole(t, d, nil)
	for _, id := range acknowledged {
		if _, found := slices.BinarySearch(stored, id); !found {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	t.Logf("%d acknowledged, %d failed, %d stored", len(acknowledged), unsure, len(stored))
}

func durableServer(t *testing.T) *cluster.Cluster {
	t.Helper()
	server, err := cluster.Start(t.Context(), cluster.Options{Durable: true})
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() { server.Stop() })
	return server
}

var qBackend = db.StmtFor(db.SQL{Postgres: `SELECT pg_backend_pid()`})

// crash kills one server process with signal 9. The server then throws away its shared memory,
// with all of the log that was not written yet, ends all its processes and recovers.
func crash(t *testing.T, d *db.DB) {
	t.Helper()
	pid, err := db.Get(t.Context(), d, qBackend, db.One[int])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func awaitServer(t *testing.T, d *db.DB) {
	t.Helper()
	for range 3000 {
		if d.Ping(t.Context()) == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the server does not come back")
}
