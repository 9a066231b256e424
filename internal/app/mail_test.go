package app

import (
	"bufio"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// mailServer answers as a mail server would, or with what refuse says to the command it begins with.
func mailServer(t *testing.T, refuse map[string]string) (port int, said func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	heard := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		heard <- converse(c, refuse)
	}()
	return l.Addr().(*net.TCPAddr).Port, func() string { return <-heard }
}

func converse(c net.Conn, refuse map[string]string) string {
	var all strings.Builder
	in := bufio.NewScanner(c)
	answer := func(s string) { _, _ = c.Write([]byte(s + "\r\n")) }
	answer("220 mail.example ready")
	for in.Scan() {
		line := in.Text()
		all.WriteString(line + "\n")
		verb, _, _ := strings.Cut(line, " ")
		switch {
		case refuse[verb] != "":
			answer(refuse[verb])
		case verb == "EHLO":
			answer("250-mail.example\r\n250 AUTH PLAIN")
		case verb == "AUTH":
			answer("235 welcome")
		case verb == "DATA":
			answer("354 go on")
			for in.Scan() && in.Text() != "." {
				all.WriteString(in.Text() + "\n")
			}
			answer("250 kept")
		case verb == "QUIT":
			answer("221 bye")
			return all.String()
		default:
			answer("250 ok")
		}
	}
	return all.String()
}

func TestMailIsHandedOver(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	letter := notify.Mail{ID: "m1", To: notify.Mailbox{Name: "王芳", Address: "wang@example.org"},
		Subject: "您有 2 条新消息\r\nBcc: all@example.org", Text: strings.Repeat("第一行\n", 40),
		Unsubscribe: "https://city.example/inbox/unsubscribe?token=t"}
	for name, tc := range map[string]struct {
		refuse map[string]string
		final  bool
	}{
		"taken":              {nil, false},
		"address refused":    {map[string]string{"RCPT": "550 no such user wang@example.org"}, true},
		"busy":               {map[string]string{"MAIL": "451 try later"}, false},
		"log-in refused":     {map[string]string{"AUTH": "535 wrong s3cret"}, false},
		"content is refused": {map[string]string{"DATA": "554 no"}, true},
	} {
		port, said := mailServer(t, tc.refuse)
		m := mailer{clock: clock.System(), set: config.Mail{Host: "127.0.0.1", Port: port, Security: "none",
			User: "yuntu", PasswordFile: secret, From: "云图 <yuntu@city.example>", Timeout: 5 * time.Second}}
		err := m.Send(t.Context(), letter)
		if (err == nil) != (tc.refuse == nil) || fault.Is(err, fault.Invalid) != tc.final {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (strings.Contains(err.Error(), "wang") || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%s: the error tells too much: %v", name, err)
		}
		if tc.refuse != nil {
			continue
		}
		text := said()
		for _, want := range []string{"MAIL FROM:<yuntu@city.example>", "RCPT TO:<wang@example.org>",
			"List-Unsubscribe: <https://city.example/inbox/unsubscribe?token=t>", "List-Unsubscribe-Post:",
			"Content-Transfer-Encoding: base64", "Auto-Submitted: auto-generated"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		if strings.Contains(text, "\nBcc:") {
			t.Error("a subject starts a line of its own")
		}
	}
}

func TestNoMailServer(t *testing.T) {
	t.Parallel()
	m := mailer{clock: clock.System(), set: config.Mail{Host: "127.0.0.1", Port: 1, Security: "none",
		From: "yuntu@city.example", Timeout: time.Second}}
	err := m.Send(t.Context(), notify.Mail{To: notify.Mailbox{Address: "wang@example.org"}})
	if err == nil || fault.Is(err, fault.Invalid) {
		t.Errorf("a server that is away: %v", err)
	}
	err = m.Send(t.Context(), notify.Mail{To: notify.Mailbox{Address: "no address"}})
	if !fault.Is(err, fault.Invalid) || errors.Is(err, os.ErrNotExist) {
		t.Errorf("no address: %v", err)
	}
}
