package app

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// mailer hands mails to the server of the settings (RFC 5321). Its errors say what the server
// answered by its code alone: texts of servers repeat addresses, and errors are stored and logged.
type mailer struct {
	set   config.Mail
	clock clock.Clock
	trust *tls.Config // nil: the system's authorities
}

// Send hands over one mail.
func (m mailer) Send(ctx context.Context, letter notify.Mail) error {
	to, err := mail.ParseAddress(letter.To.Address)
	if err != nil || strings.ContainsAny(letter.To.Address, "\r\n") {
		return fault.New(fault.Invalid, "收件地址不正确")
	}
	from, err := mail.ParseAddress(m.set.From)
	if err != nil {
		return fmt.Errorf("mail.from is no address")
	}
	c, err := m.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // after Quit it is closed already
	to.Name = letter.To.Name
	for _, step := range []func() error{
		func() error { return m.login(c) },
		func() error { return c.Mail(from.Address) },
		func() error { return c.Rcpt(to.Address) },
		func() error { return send(c, m.message(from, to, letter)) },
		c.Quit,
	} {
		if err := step(); err != nil {
			return refused(err)
		}
	}
	return nil
}

// dial connects, with encryption unless the settings do without.
func (m mailer) dial(ctx context.Context) (*smtp.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, m.set.Timeout)
	defer cancel()
	address := net.JoinHostPort(m.set.Host, strconv.Itoa(m.set.Port))
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("mail server cannot be reached: %w", err)
	}
	if err := conn.SetDeadline(m.clock.Now().Add(m.set.Timeout)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if m.trust != nil {
		secure = m.trust.Clone()
	}
	secure.ServerName = m.set.Host
	if m.set.Security == "tls" {
		conn = tls.Client(conn, secure)
	}
	c, err := smtp.NewClient(conn, m.set.Host)
	if err != nil {
		return nil, errors.Join(refused(err), conn.Close())
	}
	if m.set.Security == "starttls" {
		if err := c.StartTLS(secure); err != nil {
			return nil, errors.Join(refused(err), c.Close())
		}
	}
	return c, nil
}

func (m mailer) login(c *smtp.Client) error {
	if m.set.User == "" {
		return nil
	}
	password, err := os.ReadFile(m.set.PasswordFile)
	if err != nil {
		return fmt.Errorf("read mail.password_file: %w", err)
	}
	return c.Auth(smtp.PlainAuth("", m.set.User, strings.TrimSpace(string(password)), m.set.Host))
}

func send(c *smtp.Client, message []byte) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(message)
	return errors.Join(err, w.Close())
}

// refused keeps of an answer its code: 5xx is for good, but for a log-in that an operator can mend.
func refused(err error) error {
	answer, ok := errors.AsType[*textproto.Error](err)
	if !ok {
		return fmt.Errorf("mail server: %w", err)
	}
	switch {
	case answer.Code >= 500 && answer.Code != 530 && answer.Code != 535:
		return fault.New(fault.Invalid, "邮件服务器拒收（%d）", answer.Code)
	default:
		return fmt.Errorf("mail server answered %d", answer.Code)
	}
}

// base64Line is how many bytes make a line of 76 characters.
const base64Line = 57

// message writes a mail as it travels (RFC 5322), with what lets a reader end them (RFC 8058).
func (m mailer) message(from, to *mail.Address, letter notify.Mail) []byte {
	var b bytes.Buffer
	head := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	head("From", from.String())
	head("To", to.String())
	head("Subject", mime.BEncoding.Encode("utf-8", strings.Join(strings.Fields(letter.Subject), " ")))
	head("Date", m.clock.Now().In(clock.Shanghai).Format(time.RFC1123Z))
	_, domain, _ := strings.Cut(from.Address, "@")
	head("Message-ID", "<"+letter.ID+"@"+domain+">")
	head("Auto-Submitted", "auto-generated")
	head("List-Unsubscribe", "<"+letter.Unsubscribe+">")
	head("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	head("MIME-Version", "1.0")
	head("Content-Type", "text/plain; charset=utf-8")
	head("Content-Transfer-Encoding", "base64")
	b.WriteString("\r\n")
	for text := []byte(letter.Text); len(text) > 0; {
		n := min(len(text), base64Line)
		b.WriteString(base64.StdEncoding.EncodeToString(text[:n]) + "\r\n")
		text = text[n:]
	}
	return b.Bytes()
}
