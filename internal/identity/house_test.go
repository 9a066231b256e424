package identity_test

import (
	"context"
	"encoding/base32"
	"fmt"
	"strconv"

	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// quick is a cost for tests: what is tested is not how long a hash takes.
var quick = identity.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}

const (
	goodPassword  = "Lan-Tian 37 bai yun"
	otherPassword = "Shan-Gao 52 shui chang"
	home          = "203.0.113.7"
	elsewhere     = "198.51.100.9"
)

// Who acts in tests.
var (
	machine  = authz.Actor{Role: authz.SysAdmin, Via: authz.ViaSystem}
	secMach  = authz.Actor{Role: authz.SecAdmin, Via: authz.ViaSystem}
	visitor  = authz.Actor{Role: authz.Public, Via: authz.ViaSession}
	officer  = authz.Actor{Account: "acc-officer", Role: authz.Officer, Via: authz.ViaSession}
	sysadmin = authz.Actor{Account: "acc-sys", Role: authz.SysAdmin, Via: authz.ViaSession}
	secadmin = authz.Actor{Account: "acc-sec", Role: authz.SecAdmin, Via: authz.ViaSession}
)

// registry is a register of organisations in memory: what the city's is to this room.
type registry struct {
	mu   sync.Mutex
	orgs map[string]identity.Org // by id
	now  map[string]string       // ids that were merged
	made int
}

func (r *registry) add(o identity.Org) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.orgs[o.ID] = o
}

func (r *registry) FindByUSCC(_ context.Context, uscc string) (identity.Org, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.orgs {
		if o.USCC == uscc && r.now[o.ID] == "" {
			return o, true, nil
		}
	}
	return identity.Org{}, false, nil
}

func (r *registry) FindByID(_ context.Context, orgID string) (identity.Org, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.now[orgID] != "" {
		orgID = r.now[orgID]
	}
	o, ok := r.orgs[orgID]
	return o, ok, nil
}

func (r *registry) CreatePending(
	_ context.Context, _ authz.Actor, o identity.Org,
) (identity.Org, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made++
	o.ID = id.New()
	r.orgs[o.ID] = o
	return o, nil
}

// house is the room with all it needs.
type house struct {
	*testing.T
	*identity.Service
	clock *clock.Fake
	db    *db.DB
	orgs  *registry
	ctx   context.Context
}

// newHouse puts the room together. change may set what a city decides.
func newHouse(t *testing.T, d *db.DB, change ...func(*identity.Config)) *house {
	t.Helper()
	c := clock.NewFake(dbtest.Start)
	r := &registry{orgs: map[string]identity.Org{}, now: map[string]string{}}
	cfg := identity.Config{Unit: dbtest.UnitAt(t, d, c), Orgs: r, Cost: quick,
		Key: make([]byte, identity.KeyBytes), Site: "云图",
		Rights: func(role authz.Role) []authz.Right {
			return authz.Rights([]authz.Table{identity.ClaimPolicy, identity.ViewPolicy,
				identity.SessionPolicy, identity.RolePolicy}, role)
		}}
	for _, f := range change {
		f(&cfg)
	}
	s, err := identity.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &house{T: t, Service: s, clock: c, db: d, orgs: r, ctx: context.Background()}
}

// account makes an account with a known password and the given roles.
func (h *house) account(login string, roles ...identity.GrantInput) identity.Account {
	h.Helper()
	a, err := h.CreateAccount(h.ctx, machine, identity.NewAccount{Login: login, Name: "王小明",
		Phone: "13800001234", Email: "wang@example.cn", Password: goodPassword})
	if err != nil {
		h.Fatal(err)
	}
	for _, in := range roles {
		h.grant(a.ID, in)
	}
	got, err := h.GetAccount(h.ctx, machine, a.ID)
	if err != nil {
		h.Fatal(err)
	}
	return got
}

func (h *house) grant(account string, in identity.GrantInput) identity.Held {
	h.Helper()
	in.Account = account
	if in.Basis == "" {
		in.Basis = "测试"
	}
	held, err := h.GrantRole(h.ctx, secMach, in)
	if err != nil {
		h.Fatal(err)
	}
	return held
}

func role(r authz.Role) identity.GrantInput { return identity.GrantInput{Role: r} }

// org adds an organisation to the registry.
func (h *house) org(n int, kind string) identity.Org {
	h.Helper()
	o := identity.Org{ID: fmt.Sprintf("org-%d", n), Name: fmt.Sprintf("太原第%d机械厂", n), Kind: kind,
		Region: "140105", USCC: h.uscc(n)}
	h.orgs.add(o)
	return o
}

func (h *house) uscc(n int) string {
	h.Helper()
	code, err := id.MakeUSCC(fmt.Sprintf("91140105MA0%06d", n))
	if err != nil {
		h.Fatal(err)
	}
	return string(code)
}

// try logs in from an address and a device.
func (h *house) try(login, password, address, device string) (identity.Started, error) {
	in := identity.LoginInput{Login: login, Password: password}
	in.Address, in.Device, in.Agent = address, device, "Mozilla/5.0 (test)"
	return h.Login(h.ctx, visitor, in)
}

// login logs in with the good password.
func (h *house) login(login string) identity.Started {
	h.Helper()
	st, err := h.try(login, goodPassword, home, "")
	if err != nil {
		h.Fatal(err)
	}
	return st
}

func (h *house) resume(token string) identity.Resumed {
	h.Helper()
	r, err := h.Resume(h.ctx, token)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// as is the actor of a session that just began.
func (h *house) as(login string) (authz.Actor, string) {
	h.Helper()
	st := h.login(login)
	return h.resume(st.Token).Actor, st.Token
}

// enrol gives an account a second factor and returns its secret, the recovery codes and the
// session's new token.
func (h *house) enrol(by authz.Actor, token string) ([]byte, identity.Enabled) {
	h.Helper()
	e, err := h.StartTOTP(h.ctx, by, goodPassword)
	if err != nil {
		h.Fatal(err)
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	if err != nil {
		h.Fatal(err)
	}
	on, err := h.ConfirmTOTP(h.ctx, by, token, h.code(secret))
	if err != nil {
		h.Fatal(err)
	}
	return secret, on
}

// code is what the authenticator app shows now.
func (h *house) code(secret []byte) string {
	h.Helper()
	text := base32.StdEncoding.EncodeToString(secret)
	code, err := totp.GenerateCode(text, h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	return code
}

// verify sends a code for a session that waits for one.
func (h *house) verify(token, code string) (identity.Started, error) {
	in := identity.CodeInput{Token: token, Code: code}
	in.Address = home
	return h.VerifyCode(h.ctx, visitor, in)
}

func wantKind(t *testing.T, what string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// wantField fails unless err is one fault at the field.
func wantField(t *testing.T, what string, err error, field string) {
	t.Helper()
	e, ok := fault.As(err)
	if !ok || e.Kind != fault.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != field {
		t.Errorf("%s: %v, want one fault at %s", what, err, field)
	}
}

// each runs a test on both databases.
func each(t *testing.T, fn func(h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newHouse(t, d)) })
}

const minute = time.Minute

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// Kinds, short.
const (
	invalid   = fault.Invalid
	notFound  = fault.NotFound
	forbidden = fault.Forbidden
	conflict  = fault.Conflict
)
