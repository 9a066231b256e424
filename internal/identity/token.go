package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Bounds of API tokens.
const (
	TokenPrefix  = "yt_" // lets scanners of leaked secrets know them
	MaxTokens    = 20    // valid ones of an account
	MaxTokenDays = 365
	hintLength   = 8 // characters of a token that stay visible
	maxScopes    = 100
)

// Token is an API token as its owner sees it, never the token itself.
type Token struct {
	ID        string         `json:"id"`
	Account   string         `json:"-"`
	RoleID    string         `json:"roleId,omitempty"` // of the role it acts in, "" = 公众
	Name      string         `json:"name"`
	Hint      string         `json:"hint"` // its first characters
	Scopes    []authz.Action `json:"scopes"`
	CreatedUs int64          `json:"createdUs"`
	ExpiresUs int64          `json:"expiresUs"`        // first instant at which it no longer counts
	UsedUs    int64          `json:"usedUs,omitempty"` // exact to a minute, 0 = never
	RevokedUs int64          `json:"revokedUs,omitempty"`
	Version   int64          `json:"version"`
}

const tokenCols = `api_token.id, api_token.account, api_token.role_id, api_token.name,
	api_token.hint, api_token.scopes, api_token.created_us, api_token.expires_us,
	api_token.used_us, api_token.revoked_us, api_token.version`

func (t *Token) fields(scopes *string) []any {
	return []any{&t.ID, &t.Account, &t.RoleID, &t.Name, &t.Hint, scopes, &t.CreatedUs, &t.ExpiresUs,
		&t.UsedUs, &t.RevokedUs, &t.Version}
}

func scanToken(r db.Row) (Token, error) {
	var t Token
	var scopes string
	err := r.Scan(t.fields(&scopes)...)
	t.Scopes = actions(scopes)
	return t, err
}

// bearer is a token with its account.
type bearer struct {
	Token
	account Account
}

func scanBearer(r db.Row) (bearer, error) {
	var b bearer
	var scopes string
	err := r.Scan(append(b.Token.fields(&scopes), b.account.fields()...)...)
	b.Scopes = actions(scopes)
	return b, err
}

// actions reads stored scopes. A token without any may do nothing: the slice is never nil.
func actions(scopes string) []authz.Action {
	out := []authz.Action{}
	for f := range strings.FieldsSeq(scopes) {
		out = append(out, authz.Action(f))
	}
	return out
}

var (
	qBearer = db.Stmt(`SELECT ` + tokenCols + `, ` + accountCols + ` FROM api_token
		JOIN account ON account.id = api_token.account
		WHERE api_token.token_hash = $1 AND api_token.revoked_us = 0`)
	qTokenUsed = db.Stmt(`UPDATE api_token SET used_us = $2 WHERE id = $1 AND used_us < $2`)
	qTokenAdd  = db.Stmt(`INSERT INTO api_token (id, token_hash, account, role_id, name, hint, scopes,
		created_us, expires_us, used_us, revoked_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 1)`)
	qTokenCount = db.Stmt(`SELECT COUNT(*) FROM api_token
		WHERE account = $1 AND revoked_us = 0 AND expires_us > $2`)
	qTokens = db.Stmt(`SELECT ` + tokenCols + ` FROM api_token WHERE account = $1
		ORDER BY created_us DESC, id DESC LIMIT $2`)
	qToken       = db.Stmt(`SELECT ` + tokenCols + ` FROM api_token WHERE id = $1`)
	qTokenRevoke = db.Stmt(`UPDATE api_token SET revoked_us = $2, version = version + 1
		WHERE id = $1 AND revoked_us = 0`)
)

// Bearer finds whom an API token stands for, as things are now: two indexed reads. A token that is
// unknown, revoked or expired, or whose role the account no longer holds, is NotFound.
func (s *Service) Bearer(ctx context.Context, token string) (Resumed, error) {
	if !strings.HasPrefix(token, TokenPrefix) || len(token) > 3*tokenBytes {
		return Resumed{}, noSuch()
	}
	b, err := db.Get(ctx, s.db, qBearer, scanBearer, digest(token))
	if err != nil {
		return Resumed{}, err
	}
	now := s.nowUs()
	unready := b.account.MustChange ||
		s.rule.AdminsByCode && b.account.Admin && b.account.SecondUs == 0
	if now >= b.ExpiresUs || b.account.Status != Active || unready {
		return Resumed{}, noSuch()
	}
	var mine Held
	if b.RoleID != "" {
		held, err := rolesNow(ctx, s.db, b.Account, now)
		if err != nil {
			return Resumed{}, err
		}
		i := slices.IndexFunc(held, func(h Held) bool { return h.ID == b.RoleID })
		if i < 0 {
			return Resumed{}, noSuch()
		}
		mine = held[i]
	}
	if now-b.UsedUs >= seenEvery.Microseconds() {
		if err := s.used(ctx, b.ID, now); err != nil {
			return Resumed{}, err
		}
	}
	by := actor(b.account, mine, authz.ViaToken)
	by.Scopes = b.Scopes
	return Resumed{Actor: by, Name: b.account.Name, OrgName: mine.OrgName}, nil
}

// used stores the time of the last use, as saw does for sessions.
func (s *Service) used(ctx context.Context, tokenID string, nowUs int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qTokenUsed, tokenID, nowUs)
		return err
	})
	if fault.Is(err, fault.Unavailable) {
		return nil
	}
	return err
}

// ownWork are the objects that programs have no business with: a token that could make tokens, or
// see where its owner is logged in, would outlive its revocation.
var ownWork = []string{"identity.session", "identity.token", "identity.account", "identity.role"}

// TokenRights returns what the scopes of a token can be for a role.
func (s *Service) TokenRights(role authz.Role) []authz.Right {
	if s.cfg.Rights == nil {
		return nil
	}
	return slices.DeleteFunc(s.cfg.Rights(role), func(r authz.Right) bool {
		return slices.Contains(ownWork, r.Object)
	})
}

// NewToken is the input of CreateToken. The token acts in the role the actor acts in now.
type NewToken struct {
	Name   string         `json:"name"`
	Scopes []authz.Action `json:"scopes"`
	Days   int            `json:"days"` // how long it counts
	Token  string         `json:"-"`    // of the present session
}

// MadeToken is a new token. Secret is shown once.
type MadeToken struct {
	Token
	Secret string `json:"secret"`
}

func (s *Service) checkToken(in NewToken, role authz.Role) error {
	var w wrong
	w.text("name", in.Name, MaxName, true)
	if in.Days < 1 || in.Days > MaxTokenDays {
		w.add("days", "有效期为 1 至 %d 天", MaxTokenDays)
	}
	if len(in.Scopes) == 0 || len(in.Scopes) > maxScopes {
		w.add("scopes", "请选择 1 至 %d 项权限", maxScopes)
	}
	rights := s.TokenRights(role)
	for i, act := range in.Scopes {
		if !slices.ContainsFunc(rights, func(r authz.Right) bool { return r.Action == act }) ||
			slices.Contains(in.Scopes[:i], act) {
			w.add("scopes", "您现在的身份没有权限「%s」，或它重复出现", string(act))
			break
		}
	}
	return w.err()
}

// CreateToken makes an API token for the role the actor acts in. Its scopes are some of what that
// role may do; it never may more than the role, whatever becomes of it.
func (s *Service) CreateToken(
	ctx context.Context, by authz.Actor, in NewToken,
) (MadeToken, error) {
	if err := inPerson(by); err != nil {
		return MadeToken{}, err
	}
	if err := TokenPolicy.May(by, ActTokenCreate, Token{Account: by.Account}); err != nil {
		return MadeToken{}, err
	}
	in.Name = tidy(in.Name)
	if err := s.checkToken(in, by.EffectiveRole()); err != nil {
		return MadeToken{}, err
	}
	secret := TokenPrefix + id.Token(tokenBytes)
	out := MadeToken{Secret: secret}
	err := s.unit.Write(ctx, by, "identity.CreateToken", func(tx *unit.Tx) error {
		l, err := s.own(ctx, tx, by, in.Token)
		if err != nil {
			return err
		}
		if err := takeAccount(ctx, tx, by.Account); err != nil {
			return err
		}
		n, err := db.Get(ctx, tx, qTokenCount, db.One[int64], by.Account, tx.NowUs())
		if err != nil {
			return err
		}
		if n >= MaxTokens {
			return fault.New(fault.Conflict, "最多 %d 个有效令牌，请先撤销不用的", MaxTokens)
		}
		t := Token{ID: id.New(), Account: by.Account, RoleID: roleOf(l, by), Name: in.Name,
			Hint: secret[:hintLength], Scopes: in.Scopes, CreatedUs: tx.NowUs(), Version: 1,
			ExpiresUs: clock.Us(clock.Time(tx.NowUs()).Add(time.Duration(in.Days) * 24 * time.Hour))}
		out.Token = t
		tx.Audit(audit.Entry{Kind: "identity.account", Object: t.Account, What: "create token",
			Detail: map[string]any{"id": t.ID, "name": t.Name, "scopes": t.Scopes,
				"role": by.EffectiveRole(), "expiresUs": t.ExpiresUs}})
		return t.store(ctx, tx, digest(secret))
	})
	return out, err
}

// roleOf is the role of the session, unless the actor acts in none.
func roleOf(l live, by authz.Actor) string {
	if by.EffectiveRole() == authz.Public {
		return ""
	}
	return l.RoleID
}

// takeAccount makes writes to what belongs to one account come one after the other.
func takeAccount(ctx context.Context, tx *unit.Tx, account string) error {
	return db.ExecOne(ctx, tx.Tx, qAccountTake, account, tx.NowUs())
}

func (t Token) store(ctx context.Context, tx *unit.Tx, hash string) error {
	scopes := make([]string, len(t.Scopes))
	for i, a := range t.Scopes {
		scopes[i] = string(a)
	}
	return db.ExecOne(ctx, tx.Tx, qTokenAdd, t.ID, hash, t.Account, t.RoleID, t.Name, t.Hint,
		strings.Join(scopes, " "), t.CreatedUs, t.ExpiresUs)
}

// ListTokens returns the actor's tokens, the newest first, those that no longer count included.
func (s *Service) ListTokens(ctx context.Context, by authz.Actor) ([]Token, error) {
	if err := TokenPolicy.May(by, ActTokenRead, Token{Account: by.Account}); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, qTokens, scanToken, by.Account, int64(5*MaxTokens))
}

// RevokeToken ends one of the actor's tokens at once.
func (s *Service) RevokeToken(ctx context.Context, by authz.Actor, tokenID string) error {
	return s.unit.Write(ctx, by, "identity.RevokeToken", func(tx *unit.Tx) error {
		t, err := db.Get(ctx, tx, qToken, scanToken, tokenID)
		if err != nil {
			return err
		}
		if err := TokenPolicy.May(by, ActTokenRevoke, t); err != nil {
			return err
		}
		if t.RevokedUs != 0 {
			return fault.New(fault.Conflict, "令牌已撤销")
		}
		if err := db.ExecOne(ctx, tx.Tx, qTokenRevoke, t.ID, tx.NowUs()); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "identity.account", Object: t.Account, What: "revoke token",
			Detail: map[string]any{"id": t.ID, "name": t.Name}})
		return nil
	})
}
