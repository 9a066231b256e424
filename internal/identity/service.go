package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Org is what this room knows of an organisation of the registry.
type Org struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Region string `json:"region"` // GB/T 2260
	USCC   string `json:"uscc"`   // 统一社会信用代码
}

// Orgs is the registry of organisations as this room needs it. The registry decides what a merged
// id or code leads to: both finders return the record that lives now. They ask for no permission.
type Orgs interface {
	FindByUSCC(ctx context.Context, uscc string) (Org, bool, error)
	FindByID(ctx context.Context, orgID string) (Org, bool, error)
	// CreatePending registers an organisation on behalf of who confirms a claim for it; it still
	// has to be verified. One that exists by now is returned as it is.
	CreatePending(ctx context.Context, by authz.Actor, o Org) (Org, error)
}

// Usual time-outs.
const (
	UsualIdle     = 30 * time.Minute // GB/T 22239 asks for a time-out and names none
	UsualAbsolute = 12 * time.Hour
	UsualLimit    = 3 // working days to decide a claim
)

// Config is what a Service is made of. Unit is required, the rest has sensible zero values.
type Config struct {
	Unit *unit.Unit
	Orgs Orgs         // nil: nobody can claim, and organisations of roles are taken as given
	Blob *blob.Store  // nil: claims take no files
	Key  []byte       // KeyBytes bytes for the secrets of second factors; nil: none can be set up
	Cost Cost         // of password hashes
	Site string       // name in the authenticator app; "Yuntu" when ""
	Rule SecurityRule // what the city decides

	Rights     func(authz.Role) []authz.Right // what the scopes of a token may be; nil: none
	RegionName func(code string) string       // nil: the code itself
	Times      process.Times                  // for time limits; zero: published calendar, office hours
}

// SecurityRule is what a city decides about its accounts.
type SecurityRule struct {
	Idle           time.Duration // a session ends when nothing came for so long
	Absolute       time.Duration // a session ends after so long
	PasswordAge    time.Duration // after so long a password has to be changed; 0 = never
	AdminsByCode   bool          // administrators must have a second factor
	NoRegistration bool          // people cannot make accounts by themselves
	OIDCCreates    bool          // a first log-in by the identity provider makes a 公众 account
	ClaimDays      int           // working days to decide a claim
	ClaimChief     process.Owner // account or role that answers for a late claim; 局领导 when nobody
}

// Service is the room. It is safe for concurrent use.
type Service struct {
	unit   *unit.Unit
	db     *db.DB
	clock  clock.Clock
	cfg    Config
	rule   SecurityRule
	hasher *hasher
	sealer sealer
	claims *process.Process[Claim]
}

// New puts the room together.
func New(c Config) (*Service, error) {
	if c.Unit == nil {
		return nil, errors.New("identity needs a unit")
	}
	if c.Site == "" {
		c.Site = "Yuntu"
	}
	if c.Times.Calendar == nil {
		c.Times = process.Times{Calendar: clock.Published(), Service: process.OfficeHours()}
	}
	r, err := c.Rule.filled()
	if err != nil {
		return nil, err
	}
	seal, err := newSealer(c.Key)
	if err != nil {
		return nil, err
	}
	claims, err := ClaimProcess.With(c.Times)
	if err != nil {
		return nil, err
	}
	s := &Service{unit: c.Unit, db: c.Unit.DB(), clock: c.Unit.Clock(), cfg: c, rule: r,
		hasher: newHasher(c.Cost), sealer: seal, claims: claims}
	if c.Blob != nil {
		c.Blob.Guard(claimKind, s.mayReadClaim)
	}
	return s, nil
}

// filled puts usual values where there are none.
func (r SecurityRule) filled() (SecurityRule, error) {
	if r.Idle == 0 {
		r.Idle = UsualIdle
	}
	if r.Absolute == 0 {
		r.Absolute = UsualAbsolute
	}
	if r.ClaimDays == 0 {
		r.ClaimDays = UsualLimit
	}
	if !r.ClaimChief.Named() {
		r.ClaimChief = process.Owner{Role: authz.Leader}
	}
	if r.Idle < time.Minute || r.Absolute < r.Idle || r.PasswordAge < 0 || r.ClaimDays < 1 {
		return r, fmt.Errorf("session time-outs %v and %v, password age %v or %d days for a claim "+
			"make no sense", r.Idle, r.Absolute, r.PasswordAge, r.ClaimDays)
	}
	return r, nil
}

// Rule returns what the city decided, for pages that say so.
func (s *Service) Rule() SecurityRule { return s.rule }

func (s *Service) nowUs() int64 { return clock.Us(s.clock.Now()) }

// digest is how tokens, codes and counters are stored: SHA-256 in hex. What is hashed is long and
// random, so no salt is needed and the hash can be looked up.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// inPerson refuses what a program must not do for a person: whoever holds a token must not be able
// to keep the account by changing its password.
func inPerson(by authz.Actor) error {
	if by.Via == authz.ViaToken {
		return fault.New(fault.Forbidden, "此操作须本人登录后进行，不能使用令牌")
	}
	if by.Account == "" {
		return fault.New(fault.Forbidden, "请先登录")
	}
	return nil
}

var errStale = fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")

func noSuch() error { return fault.New(fault.NotFound, "没有找到这条记录") }
