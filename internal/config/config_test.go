package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPrecedence(t *testing.T) {
	file := write(t, `
[server]
addr = "file:1"
grace = "3s"
trusted_proxies = ["10.0.0.0/8"]
[limit]
burst = 7
`)
	got, err := Load(Source{
		File:    file,
		Environ: []string{"YUNTU_SERVER_ADDR=env:2", "YUNTU_LIMIT_BURST=8", "HOME=/x", "YUNTU_TEST_POSTGRES=x"},
		Flags:   map[string]string{"limit.burst": "9"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Server.Addr = "env:2"
	want.Server.Grace = 3 * time.Second
	want.Server.TrustedProxies = []string{"10.0.0.0/8"}
	want.Limit.Burst = 9
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		file  string
		env   string
		flag  [2]string
		error string
	}{
		"unknown key in file":      {file: "[server]\nadr = \"x\"", error: `unknown setting "server.adr", did you mean "server.addr"?`},
		"unknown table":            {file: "[sever]\naddr = \"x\"", error: `unknown setting "sever"`},
		"unknown variable":         {env: "YUNTU_SERVER_ADR=x", error: "YUNTU_SERVER_ADR is no setting"},
		"unknown flag":             {flag: [2]string{"audit.algos", "x"}, error: `did you mean "audit.algo"?`},
		"wrong type in file":       {file: "[limit]\nburst = \"many\"", error: "burst"},
		"broken file":              {file: "[limit", error: "line 1"},
		"wrong number":             {env: "YUNTU_LIMIT_BURST=many", error: `"many" is no whole number`},
		"wrong duration":           {env: "YUNTU_SESSION_IDLE=30", error: `"30" is no duration`},
		"value out of range":       {env: "YUNTU_LIMIT_BURST=0", error: "limit.burst: must be more than 0"},
		"idle beyond absolute":     {env: "YUNTU_SESSION_IDLE=13h", error: "session.idle"},
		"half of a key pair":       {env: "YUNTU_SERVER_TLS_CERT=a.pem", error: "server.tls_cert"},
		"hash nobody knows":        {env: "YUNTU_AUDIT_ALGO=md5", error: "audit.algo"},
		"proxy that is no network": {env: "YUNTU_SERVER_TRUSTED_PROXIES=10.0.0.1", error: "server.trusted_proxies"},
		"password days":            {env: "YUNTU_ACCOUNT_PASSWORD_DAYS=-1", error: "account.password_days"},
		"days for a claim":         {env: "YUNTU_CLAIM_DAYS=0", error: "claim.days: must be 1 to 3650"},
		"who answers for a claim":  {env: "YUNTU_CLAIM_CHIEF=expert", error: "claim.chief"},
		"clock time":               {env: "YUNTU_BACKUP_AT=25:00", error: "backup.at"},
	} {
		s := Source{Flags: map[string]string{}}
		if c.file != "" {
			s.File = write(t, c.file)
		}
		if c.env != "" {
			s.Environ = []string{c.env}
		}
		if c.flag[0] != "" {
			s.Flags[c.flag[0]] = c.flag[1]
		}
		_, err := Load(s)
		if err == nil || !strings.Contains(err.Error(), c.error) {
			t.Errorf("%s: error %v, want %q in it", name, err, c.error)
		}
	}
}

func TestEveryKeyCanBeSetByText(t *testing.T) {
	for _, key := range Keys() {
		var c Config
		f := fieldsOf(&c)[key]
		if set(f, "1") != nil && set(f, "1s") != nil {
			t.Errorf("%s of type %s cannot be set", key, f.Type())
		}
	}
}

func TestDatabaseURL(t *testing.T) {
	c := Default()
	c.Data.Dir = "d"
	if got, _ := c.DatabaseURL(); got != "sqlite:"+filepath.Join("d", "yuntu.db") {
		t.Errorf("default database %q", got)
	}
	c.Database.URLFile = write(t, "postgres://secret\n")
	if got, err := c.DatabaseURL(); got != "postgres://secret" || err != nil {
		t.Errorf("database from file %q %v", got, err)
	}
	if err := Default().Validate(); err != nil {
		t.Errorf("the default must be valid: %v", err)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "yuntu.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
