package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/fault"
)

// Scanner looks for viruses. Scan returns nil for a clean content, ErrInfected (wrapped) for one
// that must not be stored, and any other error when it could not tell; then nothing is stored
// either.
type Scanner interface {
	Scan(ctx context.Context, r io.Reader) error
}

// ErrInfected means that the scanner found something.
var ErrInfected = errors.New("infected")

// scanTimeout is the default limit of one scan.
const scanTimeout = 2 * time.Minute

// maxVerdict bounds what is read of a scanner's answer.
const maxVerdict = 1024

// scanFault turns a scanner's answer into the words a person sees. What was found stays in the log.
func scanFault(err error) error {
	if errors.Is(err, ErrInfected) {
		return fault.New(fault.Invalid, "文件未通过病毒检查，不能上传").Wrap(err)
	}
	return fault.New(fault.Unavailable, "病毒检查暂时不可用，文件未保存，请稍后再试").Wrap(err)
}

// Command scans with a program that reads the content from its standard input and exits with 0 for
// clean and 1 for infected, as clamscan and clamdscan do ("clamdscan --fdpass --no-summary -").
type Command struct {
	Path    string
	Args    []string
	Timeout time.Duration // 0 means two minutes
}

// Scan runs the program once.
func (c Command) Scan(ctx context.Context, r io.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, orTimeout(c.Timeout))
	defer cancel()
	var out tail
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r, &out, &out
	cmd.WaitDelay = time.Second // a grandchild that keeps the pipe open does not hold us
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 {
		return fmt.Errorf("%w: %s", ErrInfected, out.String())
	}
	if err != nil {
		return fmt.Errorf("run virus scanner: %w: %s", err, out.String())
	}
	return nil
}

func orTimeout(d time.Duration) time.Duration {
	if d <= 0 {
		return scanTimeout
	}
	return d
}

// tail keeps the first maxVerdict bytes written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p[:min(len(p), maxVerdict-len(t.b))]...)
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.b)) }

// Clamd scans with a ClamAV daemon over its INSTREAM command (clamd(8)): the content goes out in
// pieces, each behind its length, and the daemon answers with one line.
type Clamd struct {
	Network string // "unix" or "tcp"
	Address string
	Timeout time.Duration // 0 means two minutes
}

// clamdPiece is the size of one piece. The daemon's StreamMaxLength bounds the sum; it must be at
// least blob.MaxBytes, or large files are refused as "could not tell".
const clamdPiece = 64 << 10

// Scan sends the content to the daemon.
func (c Clamd) Scan(ctx context.Context, r io.Reader) error {
	verdict, err := c.ask(ctx, "INSTREAM", func(w io.Writer) error { return sendPieces(w, r) })
	switch {
	case strings.HasSuffix(verdict, " FOUND"):
		return fmt.Errorf("%w: %s", ErrInfected, verdict)
	case err != nil:
		return fmt.Errorf("ask clamd: %w", err)
	case verdict == "stream: OK":
		return nil
	default:
		return fmt.Errorf("clamd answered %q", verdict)
	}
}

// Ping reports whether the daemon answers.
func (c Clamd) Ping(ctx context.Context) error {
	answer, err := c.ask(ctx, "PING", func(io.Writer) error { return nil })
	if err == nil && answer != "PONG" {
		err = fmt.Errorf("answered %q", answer)
	}
	if err != nil {
		return fmt.Errorf("ping clamd: %w", err)
	}
	return nil
}

// ask sends one command and what send writes, and returns the answer. The answer counts even when
// sending failed: the daemon answers and hangs up early when it has seen enough.
func (c Clamd) ask(
	ctx context.Context, command string, send func(io.Writer) error,
) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, orTimeout(c.Timeout))
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, c.Network, c.Address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_, sendErr := conn.Write([]byte("z" + command + "\x00"))
	if sendErr == nil {
		sendErr = send(conn)
	}
	if _, cut := errors.AsType[*net.OpError](sendErr); sendErr != nil && !cut {
		return "", sendErr // our side failed: the daemon still waits and would not answer
	}
	answer, readErr := io.ReadAll(io.LimitReader(conn, maxVerdict))
	text, whole := bytes.CutSuffix(answer, []byte{0})
	if whole {
		return string(text), sendErr
	}
	if readErr == nil {
		readErr = io.ErrUnexpectedEOF
	}
	return "", errors.Join(sendErr, readErr, ctx.Err())
}

// sendPieces writes the content as length-prefixed pieces and the empty piece that ends it.
func sendPieces(w io.Writer, r io.Reader) error {
	buf := make([]byte, 4+clamdPiece)
	for {
		n, err := io.ReadFull(r, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := w.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			_, err = w.Write(make([]byte, 4))
			return err
		}
		if err != nil {
			return err
		}
	}
}
