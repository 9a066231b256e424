// Package config holds the settings that an operator gives when starting the program.
//
// A setting is found in four places, later ones win: the default, the TOML file, the environment
// (YUNTU_SERVER_ADDR for server.addr), and the command line. A key that is not known stops the
// start, wherever it stands, because a misspelt security setting must not be silently ignored.
package config

import (
	"errors"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Config is everything an operator can set. Its zero value is not usable; start from Default.
type Config struct {
	Server   Server   `toml:"server"`
	Database Database `toml:"database"`
	Data     Data     `toml:"data"`
	Log      Log      `toml:"log"`
	Session  Session  `toml:"session"`
	Account  Account  `toml:"account"`
	Claim    Claim    `toml:"claim"`
	Audit    Audit    `toml:"audit"`
	OIDC     OIDC     `toml:"oidc"`
	Scan     Scan     `toml:"scan"`
	Limit    Limit    `toml:"limit"`
	Metrics  Metrics  `toml:"metrics"`
	Backup   Backup   `toml:"backup"`
	Mail     Mail     `toml:"mail"`
	Open     Open     `toml:"open"`
	Search   Search   `toml:"search"`
}

// Server says where the program listens.
type Server struct {
	Addr           string        `toml:"addr"`            // host:port
	PublicURL      string        `toml:"public_url"`      // as people type it; needed behind a proxy
	TLSCert        string        `toml:"tls_cert"`        // PEM file; empty: plain HTTP
	TLSKey         string        `toml:"tls_key"`         // PEM file
	TrustedProxies []string      `toml:"trusted_proxies"` // CIDRs whose X-Forwarded-* headers count
	ReadTimeout    time.Duration `toml:"read_timeout"`
	WriteTimeout   time.Duration `toml:"write_timeout"`
	Grace          time.Duration `toml:"grace"` // to finish requests and jobs when stopping
}

// Database says where rows are kept.
type Database struct {
	URL     string `toml:"url"`      // sqlite:PATH or postgres://…; empty: sqlite in Data.Dir
	URLFile string `toml:"url_file"` // file that holds the URL, for one with a password
	Readers int    `toml:"readers"`  // 0: one a processor (2 to 8) with SQLite, 4 with PostgreSQL
	Writers int    `toml:"writers"`
}

// Data says where files are kept.
type Data struct {
	Dir string `toml:"dir"`
}

// Log says how to log.
type Log struct {
	Level  string `toml:"level"`  // debug, info, warn, error
	Format string `toml:"format"` // text, json
}

// Session bounds how long a log-in lasts.
type Session struct {
	Idle     time.Duration `toml:"idle"`
	Absolute time.Duration `toml:"absolute"`
	// AdminsByCode asks the three administrators for a second factor (GB/T 22239 level 3).
	AdminsByCode bool `toml:"admins_by_code"`
}

// Account says how people get accounts and keep them.
type Account struct {
	PasswordDays int  `toml:"password_days"` // after so many a password has to be changed; 0 = never
	Registration bool `toml:"registration"`  // people may make accounts by themselves
}

// Claim says how claims of organisations are decided.
type Claim struct {
	Days  int    `toml:"days"`  // working days to decide
	Chief string `toml:"chief"` // role that answers for a late one: leader or officer
}

// Open says how open data may be used.
type Open struct {
	Licence string `toml:"licence"` // the line beside each data set
}

// Search says what searching in the market knows beside the program's own words.
type Search struct {
	// Dictionary is a Chinese-English dictionary, by which a query in one language finds posts in the
	// other; empty: none. It is read into memory.
	Dictionary string `toml:"dictionary"`
}

// Audit chooses the hash of the audit chain.
type Audit struct {
	Algo string `toml:"algo"` // sha256 or sm3
}

// OIDC is the log-in of a province or city, when there is one.
type OIDC struct {
	Name             string `toml:"name"` // what the button says
	Issuer           string `toml:"issuer"`
	ClientID         string `toml:"client_id"`
	ClientSecretFile string `toml:"client_secret_file"`
	CreatesAccounts  bool   `toml:"creates_accounts"` // at a first log-in, in the role 公众
}

// Scan is the virus scan of uploaded files.
type Scan struct {
	Clamd string `toml:"clamd"` // tcp:HOST:PORT or unix:PATH; empty: no scan
}

// Limit bounds what one caller may do.
type Limit struct {
	RequestsPerSecond int   `toml:"requests_per_second"` // per account, or per address for nobody
	Burst             int   `toml:"burst"`
	BodyBytes         int64 `toml:"body_bytes"`   // of a form or JSON body
	UploadBytes       int64 `toml:"upload_bytes"` // of a request with files
}

// Metrics opens /metrics on its own address, away from the public one.
type Metrics struct {
	Addr string `toml:"addr"` // empty: off
}

// Backup says where scheduled backups go.
type Backup struct {
	Dir  string `toml:"dir"`  // empty: DIR/backups
	Keep int    `toml:"keep"` // how many to keep
	At   string `toml:"at"`   // clock time of the daily one, "02:30"; empty: none
}

// Mail is the server that mails are handed to. Without a host there are no mails.
type Mail struct {
	Host         string        `toml:"host"`
	Port         int           `toml:"port"`
	Security     string        `toml:"security"` // starttls, tls or none
	User         string        `toml:"user"`     // empty: no log-in
	PasswordFile string        `toml:"password_file"`
	From         string        `toml:"from"` // address of the sender
	Timeout      time.Duration `toml:"timeout"`
}

// Default returns the settings of a fresh installation on one machine.
func Default() Config {
	return Config{
		Server: Server{
			Addr: "127.0.0.1:8470", ReadTimeout: 30 * time.Second,
			WriteTimeout: 2 * time.Minute, Grace: 20 * time.Second,
		},
		Database: Database{Writers: 16},
		Data:     Data{Dir: "yuntu-data"},
		Log:      Log{Level: "info", Format: "text"},
		Session: Session{
			Idle: 30 * time.Minute, Absolute: 12 * time.Hour, AdminsByCode: true,
		},
		Account: Account{Registration: true},
		Claim:   Claim{Days: 3, Chief: "leader"},
		Open:    Open{Licence: usualLicence},
		Audit:   Audit{Algo: "sha256"},
		Limit: Limit{
			RequestsPerSecond: 20, Burst: 80, BodyBytes: 1 << 20, UploadBytes: 32 << 20,
		},
		Backup: Backup{Keep: 14, At: "02:30"},
		Mail:   Mail{Port: 587, Security: "starttls", Timeout: 30 * time.Second},
	}
}

// DatabaseURL returns the address of the database: the given one, the content of the given file,
// or a SQLite file in the data folder.
func (c Config) DatabaseURL() (string, error) {
	if c.Database.URLFile != "" {
		b, err := os.ReadFile(c.Database.URLFile)
		if err != nil {
			return "", fmt.Errorf("read database.url_file: %w", err)
		}
		return strings.TrimSpace(string(b)), nil
	}
	if c.Database.URL != "" {
		return c.Database.URL, nil
	}
	return "sqlite:" + filepath.Join(c.Data.Dir, "yuntu.db"), nil
}

// BackupDir returns the folder of backups.
func (c Config) BackupDir() string {
	if c.Backup.Dir != "" {
		return c.Backup.Dir
	}
	return filepath.Join(c.Data.Dir, "backups")
}

// BlobDir returns the folder of uploaded files.
func (c Config) BlobDir() string { return filepath.Join(c.Data.Dir, "blobs") }

// maxDays bounds settings that count days: ten years.
const maxDays = 3650

// maxPool bounds settings that count connections.
const maxPool = 1000

// Validate returns every fault at once, each naming its key.
func (c Config) Validate() error {
	var errs []error
	bad := func(ok bool, key, why string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %s", key, why))
		}
	}
	bad(c.Server.Addr != "", "server.addr", "is empty")
	bad((c.Server.TLSCert == "") == (c.Server.TLSKey == ""), "server.tls_cert",
		"and server.tls_key go together")
	if c.Server.PublicURL != "" {
		u, err := url.Parse(c.Server.PublicURL)
		bad(err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "",
			"server.public_url", "must be an http or https address")
	}
	for _, p := range c.Server.TrustedProxies {
		_, err := netip.ParsePrefix(p)
		bad(err == nil, "server.trusted_proxies", fmt.Sprintf("%q is no CIDR such as 10.0.0.0/8", p))
	}
	bad(c.Database.URL == "" || c.Database.URLFile == "", "database.url",
		"and database.url_file exclude each other")
	bad(c.Data.Dir != "", "data.dir", "is empty")
	bad(oneOf(c.Log.Level, "debug", "info", "warn", "error"), "log.level",
		"must be debug, info, warn or error")
	bad(oneOf(c.Log.Format, "text", "json"), "log.format", "must be text or json")
	bad(oneOf(c.Audit.Algo, "sha256", "sm3"), "audit.algo", "must be sha256 or sm3")
	bad(c.Session.Idle > 0 && c.Session.Idle <= c.Session.Absolute, "session.idle",
		"must be more than 0 and at most session.absolute")
	bad(c.Account.PasswordDays >= 0 && c.Account.PasswordDays <= maxDays, "account.password_days",
		fmt.Sprintf("must be 0 to %d", maxDays))
	bad(c.Claim.Days > 0 && c.Claim.Days <= maxDays, "claim.days", fmt.Sprintf("must be 1 to %d", maxDays))
	bad(len(c.Open.Licence) > 0 && len(c.Open.Licence) <= 600, "open.licence", "must be 1 to 600 bytes")
	bad(oneOf(c.Claim.Chief, "leader", "officer"), "claim.chief", "must be leader or officer")
	bad(c.OIDC.Issuer == "" || c.OIDC.ClientID != "", "oidc.client_id", "is empty")
	bad(c.OIDC.Issuer == "" || c.Server.PublicURL != "", "oidc.issuer",
		"needs server.public_url, to which the provider sends people back")
	bad(c.Database.Readers >= 0 && c.Database.Readers <= maxPool, "database.readers",
		fmt.Sprintf("must be 0 to %d", maxPool))
	bad(c.Database.Writers >= 0 && c.Database.Writers <= maxPool, "database.writers",
		fmt.Sprintf("must be 0 to %d", maxPool))
	bad(c.Limit.RequestsPerSecond > 0, "limit.requests_per_second", "must be more than 0")
	bad(c.Limit.Burst > 0, "limit.burst", "must be more than 0")
	bad(c.Limit.BodyBytes > 0, "limit.body_bytes", "must be more than 0")
	bad(c.Limit.UploadBytes > 0, "limit.upload_bytes", "must be more than 0")
	bad(c.Backup.Keep > 0, "backup.keep", "must be more than 0")
	bad(c.Search.Dictionary == "" || isFile(c.Search.Dictionary), "search.dictionary",
		"is no file that can be read")
	c.Mail.validate(bad, c.Server.PublicURL)
	if c.Backup.At != "" {
		_, err := time.Parse("15:04", c.Backup.At)
		bad(err == nil, "backup.at", "must be a clock time such as 02:30")
	}
	return errors.Join(errs...)
}

func isFile(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular() && f.Close() == nil
}

// validate checks what there is to a mail server, if there is one.
func (m Mail) validate(bad func(ok bool, key, why string), publicURL string) {
	bad(oneOf(m.Security, "starttls", "tls", "none"), "mail.security", "must be starttls, tls or none")
	bad(m.Port > 0 && m.Port < 1<<16, "mail.port", "must be 1 to 65535")
	bad(m.Timeout > 0, "mail.timeout", "must be more than 0")
	bad((m.User == "") == (m.PasswordFile == ""), "mail.user", "and mail.password_file go together")
	if m.Host == "" {
		return
	}
	_, err := mail.ParseAddress(m.From)
	bad(err == nil, "mail.from", "must be a mail address")
	bad(publicURL != "", "mail.host", "needs server.public_url, to which mails lead")
	bad(m.User == "" || m.Security != "none", "mail.security",
		"must not be none where a password is sent")
}

func oneOf(s string, choices ...string) bool {
	for _, c := range choices {
		if s == c {
			return true
		}
	}
	return false
}
