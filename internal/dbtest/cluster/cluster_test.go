//go:build unix

package cluster

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func start(t *testing.T) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), Options{})
	if errors.Is(err, ErrNotInstalled) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop() })
	return c
}

// The server sorts by bytes, as SQLite does, and Stop leaves neither a server nor a folder.
func TestStartStop(t *testing.T) {
	c := start(t)
	conn, err := pgx.Connect(t.Context(), c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var encoding, collation string
	var sorted bool
	err = conn.QueryRow(t.Context(), `SELECT pg_encoding_to_char(encoding), datcollate, 'Z' < 'a'
		FROM pg_database WHERE datname = current_database()`).Scan(&encoding, &collation, &sorted)
	if err != nil {
		t.Fatal(err)
	}
	if encoding != "UTF8" || collation != "C" || !sorted {
		t.Errorf("encoding %s, collation %s, bytewise %v", encoding, collation, sorted)
	}
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.dir); !os.IsNotExist(err) {
		t.Errorf("folder %s is still there (%v)", c.dir, err)
	}
	if conn, err := pgx.Connect(t.Context(), c.URL("postgres")); err == nil {
		conn.Close(t.Context())
		t.Error("server still answers after Stop")
	}
}

// A killed owner leaves no server behind: the test runs itself as the owner and kills it.
func TestOwnerKilled(t *testing.T) {
	const role = "YUNTU_CLUSTER_OWNER"
	if os.Getenv(role) != "" {
		c := start(t)
		os.Stdout.WriteString("dir " + c.dir + "\n")
		select {}
	}
	if !Installed() {
		t.Skip(ErrNotInstalled)
	}
	owner := exec.Command(os.Args[0], "-test.run=^TestOwnerKilled$")
	owner.Env = append(os.Environ(), role+"=1")
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("owner said %q, %v", line, err)
	}
	owner.Process.Kill()
	owner.Wait()
	dir := strings.TrimSpace(strings.TrimPrefix(line, "dir "))
	for deadline := time.Now().Add(stopLimit); time.Now().Before(deadline); {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s is still there %s after its owner was killed", dir, stopLimit)
}
