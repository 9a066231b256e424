package blob

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// virus stands for what the fake scanners look for.
const virus = "EVIL-BYTES"

// clamdServer speaks the daemon's side of the protocol as clamd(8) describes it. limit is its
// StreamMaxLength; silent makes it hang up without an answer.
type clamdServer struct {
	limit  int
	silent bool
}

// serve answers one connection at a time until the listener closes.
func (s clamdServer) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		s.answer(c)
		c.Close()
	}
}

func (s clamdServer) answer(c net.Conn) {
	in := bufio.NewReader(c)
	command, err := in.ReadString(0)
	if err != nil || s.silent {
		return
	}
	switch command {
	case "zPING\x00":
		io.WriteString(c, "PONG\x00")
	case "zINSTREAM\x00":
		io.WriteString(c, s.scan(in)+"\x00")
	default:
		io.WriteString(c, "UNKNOWN COMMAND\x00")
	}
}

func (s clamdServer) scan(in io.Reader) string {
	var content bytes.Buffer
	for {
		var n uint32
		if err := binary.Read(in, binary.BigEndian, &n); err != nil {
			return "INSTREAM: " + err.Error() + " ERROR"
		}
		if n == 0 {
			break
		}
		if content.Len()+int(n) > s.limit {
			return "INSTREAM size limit exceeded. ERROR"
		}
		if _, err := io.CopyN(&content, in, int64(n)); err != nil {
			return "INSTREAM: " + err.Error() + " ERROR"
		}
	}
	if strings.Contains(content.String(), virus) {
		return "stream: Test.Evil FOUND"
	}
	return "stream: OK"
}

func startClamd(t *testing.T, network string, s clamdServer) Clamd {
	t.Helper()
	at := "127.0.0.1:0"
	if network == "unix" {
		folder, err := os.MkdirTemp("", "clamd") // a socket path must be short
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(folder) })
		at = filepath.Join(folder, "s")
	}
	l, err := net.Listen(network, at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go s.serve(l)
	return Clamd{Network: network, Address: l.Addr().String(), Timeout: 20 * time.Second}
}

func TestClamd(t *testing.T) {
	t.Parallel()
	clean := strings.Repeat("clean ", 50_000) // several pieces
	split := strings.Repeat("x", clamdPiece-3) + virus
	for _, network := range []string{"tcp", "unix"} {
		t.Run(network, func(t *testing.T) {
			c := startClamd(t, network, clamdServer{limit: 1 << 20})
			if err := c.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			for _, content := range []string{"", "small", clean} {
				if err := c.Scan(t.Context(), strings.NewReader(content)); err != nil {
					t.Errorf("%d clean bytes: %v", len(content), err)
				}
			}
			err := c.Scan(t.Context(), strings.NewReader(split))
			if !errors.Is(err, ErrInfected) || !strings.Contains(err.Error(), "Test.Evil") {
				t.Errorf("virus across two pieces: %v", err)
			}
		})
	}
}

// A daemon that cannot tell must never count as a clean answer.
func TestClamdCannotTell(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 300_000)
	tests := []struct {
		name    string
		c       Clamd
		content io.Reader
	}{
		{"too large for it", startClamd(t, "tcp", clamdServer{limit: 1000}), strings.NewReader(big)},
		{"hangs up", startClamd(t, "tcp", clamdServer{silent: true}), strings.NewReader("a")},
		{"nobody there", Clamd{Network: "unix", Address: t.TempDir() + "/none"},
			strings.NewReader("a")},
		{"our file breaks", startClamd(t, "tcp", clamdServer{limit: 1 << 20}),
			io.MultiReader(strings.NewReader("a"), brokenReader{})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.c.Scan(t.Context(), tt.content)
			if err == nil || errors.Is(err, ErrInfected) {
				t.Fatalf("Scan = %v, want an error that is no verdict", err)
			}
			if k := fault.KindOf(scanFault(err)); k != fault.Unavailable {
				t.Errorf("people see %v, want unavailable", k)
			}
		})
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("disk error") }

func TestClamdStopsWithItsContext(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	c := Clamd{Network: "tcp", Address: l.Addr().String(), Timeout: time.Hour}
	if err := c.Scan(ctx, strings.NewReader("a")); !errors.Is(err, context.Canceled) {
		t.Errorf("Scan = %v, want canceled", err)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	script := func(body string) Command {
		return Command{Path: "/bin/sh", Args: []string{"-c", body}, Timeout: 20 * time.Second}
	}
	grep := `if grep -q ` + virus + ` -; then echo "stdin: Test.Evil FOUND"; exit 1; fi`
	tests := []struct {
		name     string
		c        Command
		content  string
		infected bool
		ok       bool
	}{
		{"clean", script(grep), "harmless", false, true},
		{"infected", script(grep), "a " + virus + " b", true, false},
		{"fails", script("echo no database >&2; exit 2"), "harmless", false, false},
		{"killed", script("kill -9 $$"), "harmless", false, false},
		{"missing", Command{Path: "/nonexistent/scanner"}, "harmless", false, false},
		{"too slow", Command{Path: "/bin/sleep", Args: []string{"30"}, Timeout: time.Millisecond},
			"harmless", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.c.Scan(t.Context(), strings.NewReader(tt.content))
			if (err == nil) != tt.ok || errors.Is(err, ErrInfected) != tt.infected {
				t.Errorf("Scan = %v", err)
			}
		})
	}
}
