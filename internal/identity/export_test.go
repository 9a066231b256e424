package identity

import (
	"context"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Hashes returns how many password hashes were computed.
func (s *Service) Hashes() int64 { return s.hasher.done.Load() }

// Bounds that tests go up to.
const (
	MaxSessions  = maxSessions
	MaxCodeTries = maxCodeTries
	AlarmCodes   = alarmCodes
	CodeTime     = codeTime
	KeepHashes   = keepHashes
	FlowTime     = flowTime
)

// WrongPassword returns the keys of what is wrong with a password.
func WrongPassword(password, login string) string {
	if fs := wrongPassword("password", password, login); len(fs) > 0 {
		return fs[0].Key
	}
	return ""
}

// PauseOf returns the pause after so many failures of a log-in.
func PauseOf(failures int64) time.Duration { return paceLogin.pause(failures) }

// LongestPause is the longest pause of a log-in.
func LongestPause() time.Duration { return paceLogin.longest }

// FreeTries is how many failures of a log-in cost nothing.
func FreeTries() int { return int(paceLogin.free) }

// Network returns the prefix that an address belongs to.
func Network(address string) string { return network(address) }

// The lists that pages use.
var (
	AccountList = accountList
	HeldList    = heldList
	ClaimList   = claimList
)

// DecisionFor is what confirming a claim hands to the process.
func DecisionFor(o Org) any { return decision{o} }

var (
	qPutAccount = db.Stmt(`INSERT INTO account (id, login, name, phone, email, person, status,
		password, password_us, must_change, second_us, notice_us, origin, created_us, created_by,
		updated_us, version)
		VALUES ($1, $1, $1, '', '', '', $2, '', 0, $3, 0, 0, 'admin', 0, '', 0, 1)`)
	qPutHeld = db.Stmt(`INSERT INTO account_role (id, account, role, org, org_now, org_name, region,
		from_us, until_us, basis, granted_us, granted_by, revoked_us, revoked_by, version)
		VALUES ('held', 'acc-2', 'enterprise', 'org-1', 'org-1', '', '', 0, 0, '', 0, '', 0, '', 1)`)
)

// PutClaimants stores accounts for the matrix of claims: acc-1 is a person, acc-2 acts for org-1,
// acc-3 is locked.
func PutClaimants(ctx context.Context, tx *unit.Tx) error {
	tx.Audit(audit.Entry{Kind: "test", What: "prepare"})
	for id, status := range map[string]Status{"acc-1": Active, "acc-2": Active, "acc-3": Locked} {
		if err := db.ExecOne(ctx, tx.Tx, qPutAccount, id, string(status), false); err != nil {
			return err
		}
	}
	return db.ExecOne(ctx, tx.Tx, qPutHeld)
}
