package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// texts say what each setting is for, in the sample file and the help.
var texts = map[string]string{
	"account.password_days":     "days after which a password has to be changed; 0 for never",
	"account.registration":      "people may make accounts by themselves",
	"audit.algo":                "hash of the audit chain: sha256 or sm3 (GB/T 32905); may change later",
	"backup.at":                 "time of day in China of the daily backup; \"\" for none",
	"backup.dir":                "folder of backups; \"\" for backups in data.dir; better on another disk",
	"backup.keep":               "how many good backups to keep",
	"claim.chief":               "role that answers for a late claim: leader or officer",
	"claim.days":                "working days to decide a claim of an organisation",
	"data.dir":                  "folder of the database, files and master.key",
	"database.readers":          "connections for reading; 0 for one a processor (2 to 8) with SQLite, 4 with PostgreSQL",
	"database.url":              "sqlite:PATH or postgres://USER@HOST/DB; \"\" for SQLite in data.dir",
	"database.url_file":         "file with the URL, for one with a password",
	"database.writers":          "connections for writing (PostgreSQL; SQLite always has one)",
	"limit.body_bytes":          "largest form or JSON body",
	"limit.burst":               "requests at once before the limit counts",
	"limit.requests_per_second": "of one account, or of one address without log-in",
	"limit.upload_bytes":        "largest request with files",
	"log.format":                "text or json",
	"log.level":                 "debug, info, warn or error",
	"mail.from":                 "address of the sender",
	"mail.host":                 "mail server; \"\" for no mails",
	"mail.password_file":        "file with the password of mail.user",
	"mail.port":                 "port of the mail server",
	"mail.security":             "starttls, tls or none",
	"mail.timeout":              "to hand over one mail",
	"mail.user":                 "log-in at the mail server; \"\" for none",
	"metrics.addr":              "own address for /metrics, such as 127.0.0.1:9470; \"\" for none",
	"oidc.client_id":            "as registered with the issuer",
	"oidc.client_secret_file":   "file with the client secret",
	"oidc.creates_accounts":     "a first log-in makes an account in the role of the public",
	"oidc.issuer":               "address of the identity provider; \"\" for none",
	"open.licence":              "line beside each data set of open data: how it may be used",
	"oidc.name":                 "what the log-in button says",
	"scan.clamd":                "virus scanner: tcp:HOST:PORT or unix:PATH; \"\" for none",
	"search.dictionary":         "Chinese-English dictionary (CC-CEDICT) to search and match across languages",
	"server.addr":               "address to listen on",
	"server.grace":              "time for requests and jobs to end when stopping",
	"server.public_url":         "as people type it; needed behind a proxy",
	"server.read_timeout":       "to read a whole request",
	"server.tls_cert":           "certificate file (PEM); \"\" for plain HTTP behind a proxy",
	"server.tls_key":            "key file (PEM)",
	"server.trusted_proxies":    "networks whose X-Forwarded headers count",
	"server.write_timeout":      "to write a whole answer",
	"session.absolute":          "a session ends after",
	"session.admins_by_code":    "the three administrators must have a second factor (GB/T 22239)",
	"session.idle":              "a session ends when unused for",
}

// inTOML writes a value as a TOML file has it.
func inTOML(v any) string {
	switch x := v.(type) {
	case string:
		return strconv.Quote(x)
	case time.Duration:
		return strconv.Quote(x.String())
	case []string:
		quoted := make([]string, len(x))
		for i, s := range x {
			quoted[i] = strconv.Quote(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	default:
		return fmt.Sprint(x)
	}
}
