package identity_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/authz/authztest"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

// A session ends at the first instant at which it has idled for, or lasted, its time.
func TestTimeOuts(t *testing.T) {
	const idle, absolute = 30 * minute, 12 * time.Hour
	for name, c := range map[string]struct {
		requests time.Duration // one every so often
		ends     time.Duration
	}{
		"nobody comes":      {0, idle},
		"somebody comes":    {29 * minute, absolute},
		"often":             {10 * minute, absolute},
		"just in time":      {idle - time.Microsecond, absolute},
		"a moment too late": {idle, idle},
	} {
		h := newHouse(t, dbtest.SQLite(t))
		h.account("wangxm")
		token := h.login("wangxm").Token
		alive := func() bool {
			_, err := h.Resume(h.ctx, token)
			if err != nil && !fault.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
			return err == nil
		}
		if c.requests > 0 && c.ends == absolute {
			for at := c.requests; at < absolute; at += c.requests {
				h.clock.Set(dbtest.Start.Add(at))
				if !alive() {
					t.Fatalf("%s: over after %v", name, at)
				}
			}
		}
		h.clock.Set(dbtest.Start.Add(c.ends - time.Microsecond))
		if !alive() {
			t.Errorf("%s: over a microsecond before %v", name, c.ends)
		}
		h.clock.Set(dbtest.Start.Add(c.ends))
		if c.ends == idle { // the request above was seen: idling begins anew
			h.clock.Set(dbtest.Start.Add(2*c.ends - time.Microsecond))
		}
		if alive() {
			t.Errorf("%s: alive at %v", name, c.ends)
		}
	}
}

// Last-seen is exact to a minute, and not written more often.
func TestLastSeen(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		for _, c := range []struct {
			after time.Duration
			want  time.Duration
		}{
			{59 * time.Second, 0},
			{minute - time.Microsecond, 0},
			{minute, minute},
			{minute + 59*time.Second, minute},
			{2 * minute, 2 * minute},
		} {
			h.clock.Set(dbtest.Start.Add(c.after))
			h.resume(token)
			all, err := h.ListSessions(h.ctx, by, token)
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			if want := clock.Us(dbtest.Start.Add(c.want)); all[0].SeenUs != want {
				t.Errorf("after %v last seen is off by %d µs", c.after, all[0].SeenUs-want)
			}
		}
	})
}

func TestListAndEndSessions(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		h.account("lisi")
		by, here := h.as("wangxm")
		h.clock.Advance(time.Second)
		other := h.login("wangxm").Token
		stranger, strange := h.as("lisi")
		all, err := h.ListSessions(h.ctx, by, here)
		if err != nil || len(all) != 2 || all[0].Current || !all[1].Current {
			t.Fatalf("sessions %+v, %v", all, err)
		}
		if all[1].Address != home || all[1].Agent != "Mozilla/5.0 (test)" ||
			all[1].Method != "password" {
			t.Errorf("session %+v", all[1])
		}
		authztest.HiddenLooksAbsent(t, func(id string) error {
			return h.EndSession(h.ctx, stranger, id)
		}, all[0].ID, "no-such-session")
		h.resume(other)
		if err := h.EndSession(h.ctx, by, all[0].ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.Resume(h.ctx, other)
		wantKind(t, "a session that was ended", err, fault.NotFound)
		third := h.login("wangxm").Token
		n, err := h.EndOtherSessions(h.ctx, by, here)
		if err != nil || n != 1 {
			t.Errorf("ended %d others, %v", n, err)
		}
		_, err = h.Resume(h.ctx, third)
		wantKind(t, "another session", err, fault.NotFound)
		h.resume(here)
		h.resume(strange)
	})
}

// Whoever presents somebody else's token as the own gets nothing for it.
func TestTokenOfSomebodyElse(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm", role(authz.Officer), role(authz.Leader))
	h.account("lisi")
	victim, token := h.as("wangxm")
	lisi, _ := h.as("lisi")
	choice := h.resume(token).Others[0].Value
	_, err := h.SwitchRole(h.ctx, lisi, token, choice)
	wantKind(t, "switch in another's session", err, fault.NotFound)
	_, err = h.ChangePassword(h.ctx, lisi, identity.PasswordInput{Old: goodPassword,
		New: otherPassword, Token: token})
	wantKind(t, "change through another's session", err, fault.NotFound)
	if n, err := h.EndOtherSessions(h.ctx, lisi, token); n != 1 || err != nil {
		t.Errorf("ended %d of the own sessions, %v", n, err) // the other's token saves none of them
	}
	h.resume(token)
	_ = victim
}

func TestSwitchRole(t *testing.T) {
	each(t, func(h *house) {
		o := h.org(1, "enterprise")
		h.account("wangxm", identity.GrantInput{Role: authz.Enterprise, Org: o.ID},
			role(authz.Officer), identity.GrantInput{Role: authz.District, Region: "140105"})
		by, token := h.as("wangxm")
		if by.Role != authz.Enterprise || by.Org != o.ID {
			t.Fatalf("the first role in menu order is not taken: %+v", by)
		}
		r := h.resume(token)
		if len(r.Others) != 2 || r.OrgName != o.Name || r.Others[1].For != "140105" {
			t.Fatalf("others %+v, for %q", r.Others, r.OrgName)
		}
		st, err := h.SwitchRole(h.ctx, by, token, r.Others[1].Value)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.Resume(h.ctx, token)
		wantKind(t, "the token before the switch", err, fault.NotFound)
		now := h.resume(st.Token).Actor
		if now.Role != authz.District || now.Region != "140105" || now.Org != "" {
			t.Errorf("after the switch %+v", now)
		}
		_, err = h.SwitchRole(h.ctx, now, st.Token, "no-such-role")
		wantKind(t, "a role made up", err, fault.Forbidden)

		// The next log-in begins where this one was.
		h.clock.Advance(time.Second)
		again := h.resume(h.login("wangxm").Token)
		if again.Actor.Role != authz.District {
			t.Errorf("the next log-in acts as %s", again.Actor.Role)
		}
	})
}

// A role that was revoked, has run out or has not begun does not live on in any session.
func TestRoleEndsAtOnce(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm", role(authz.Officer))
		held := h.grant(a.ID, role(authz.Leader))
		_, token := h.as("wangxm")
		leader, err := h.SwitchRole(h.ctx, h.resume(token).Actor, token, held.ID)
		if err != nil {
			t.Fatal(err)
		}
		use := func() error {
			r, err := h.Resume(h.ctx, leader.Token)
			if err == nil && r.Actor.Role != authz.Leader {
				err = fault.New(fault.Forbidden, "now acts as %s", r.Actor.Role)
			}
			return err
		}
		authztest.EndsWith(t, "a role", use, func() error {
			return h.RevokeRole(h.ctx, secadmin,
				identity.RevokeInput{ID: held.ID, Reason: "调离", Version: held.Version})
		})
		r := h.resume(leader.Token)
		if r.Actor.Role != authz.Public || r.Actor.Account != a.ID || len(r.Others) != 1 {
			t.Errorf("after the revocation %+v", r)
		}
		_, err = h.SwitchRole(h.ctx, r.Actor, leader.Token, held.ID)
		wantKind(t, "switch to a revoked role", err, fault.Forbidden)
	})
}

// A role holds from its first day to the end of its last, in China.
func TestRoleTerm(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t), func(c *identity.Config) {
		c.Rule.Absolute = 30 * 24 * time.Hour
		c.Rule.Idle = 30 * 24 * time.Hour
	})
	a := h.account("wangxm")
	h.grant(a.ID, identity.GrantInput{Role: authz.Officer, From: "2026-11-22", Until: "2026-11-23"})
	_, token := h.as("wangxm")
	from, until := clock.Date("2026-11-22").Start(), clock.Date("2026-11-24").Start()
	for _, c := range []struct {
		at   time.Time
		want int
	}{
		{dbtest.Start, 0}, {from.Add(-time.Microsecond), 0}, {from, 1}, {from.Add(time.Hour), 1},
		{until.Add(-time.Microsecond), 1}, {until, 0}, {until.Add(time.Hour), 0},
	} {
		h.clock.Set(c.at)
		if got := len(h.resume(token).Others); got != c.want {
			t.Errorf("at %v there are %d roles, want %d", c.at, got, c.want)
		}
	}
}

// The oldest session makes room, and one that waits for a code pushes out none that is open.
func TestTooManySessions(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, first := h.as("wangxm")
	secret, on := h.enrol(by, first)
	full := func() string {
		h.clock.Advance(minute)
		st := h.login("wangxm")
		got, err := h.verify(st.Token, h.code(secret))
		if err != nil {
			t.Fatal(err)
		}
		return got.Token
	}
	for i := range 2 * identity.MaxSessions { // the password alone, from many networks
		h.clock.Advance(time.Second)
		_, err := h.try("wangxm", goodPassword, fmt.Sprintf("198.51.%d.1", i), "")
		if err != nil {
			t.Fatal(err)
		}
	}
	h.resume(on.Token)
	for range identity.MaxSessions - 1 {
		full()
		h.resume(on.Token)
	}
	last := full()
	_, err := h.Resume(h.ctx, on.Token)
	wantKind(t, "the oldest session", err, fault.NotFound)
	h.resume(last)
}

func TestHostileTokens(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	h.login("wangxm")
	for _, token := range append(authztest.Hostile(), "", identity.TokenPrefix) {
		_, err := h.Resume(h.ctx, token)
		wantKind(t, "session "+token, err, fault.NotFound)
		_, err = h.Bearer(h.ctx, token)
		wantKind(t, "token "+token, err, fault.NotFound)
	}
}

func TestPending(t *testing.T) {
	each(t, func(h *house) {
		h = newHouse(t, h.db, func(c *identity.Config) {
			c.Rule.AdminsByCode = true
			c.Rule.PasswordAge = 90 * 24 * time.Hour
		})
		made, err := h.CreateAccount(h.ctx, sysadmin, identity.NewAccount{Login: "sys2", Name: "甲"})
		if err != nil {
			t.Fatal(err)
		}
		held := h.grant(made.ID, role(authz.SysAdmin))
		st, err := h.try("sys2", made.Made, home, "")
		if err != nil || st.Next != identity.PendingPassword {
			t.Fatalf("first log-in: %+v, %v", st, err)
		}
		h.pending(st.Token, identity.PendingPassword)
		_, err = h.SwitchRole(h.ctx, h.resume(st.Token).Actor, st.Token, held.ID)
		wantKind(t, "switch before the password is changed", err, fault.Forbidden)

		st, err = h.ChangePassword(h.ctx, h.resume(st.Token).Actor,
			identity.PasswordInput{Old: made.Made, New: goodPassword, Token: st.Token})
		if err != nil || st.Next != identity.PendingTOTP {
			t.Fatalf("change: %+v, %v", st, err)
		}
		h.pending(st.Token, identity.PendingTOTP)
		secret, on := h.enrol(h.resume(st.Token).Actor, st.Token)
		if on.Next != "" {
			t.Errorf("after enrolment %q is pending", on.Next)
		}
		if r := h.resume(on.Token); r.Actor.Role != authz.SysAdmin || r.Pending != "" {
			t.Errorf("after enrolment %+v", r)
		}

		// Half open: the password is too old at the first instant it has its age.
		h.clock.Set(dbtest.Start.Add(90*24*time.Hour - time.Microsecond))
		half := h.login("sys2")
		if half.Next != identity.PendingCode {
			t.Fatalf("log-in with a second factor: %+v", half)
		}
		full, err := h.verify(half.Token, h.code(secret))
		if err != nil || full.Next != "" {
			t.Fatalf("%+v, %v", full, err)
		}
		h.clock.Advance(time.Microsecond)
		h.pending(full.Token, identity.PendingPassword)
	})
}

// pending fails unless a session can do nothing but the one thing.
func (h *house) pending(token, what string) {
	h.Helper()
	r := h.resume(token)
	if r.Pending != what || r.Actor.Role != authz.Public || r.Actor.Org != "" || r.Others != nil {
		h.Errorf("pending %q: %+v", what, r)
	}
}

// BenchmarkResume shows what every request costs. The baseline is one indexed read of one row.
func BenchmarkResume(b *testing.B) {
	d := dbtest.SQLite(b)
	s, err := identity.New(identity.Config{Unit: dbtest.Unit(b, d), Cost: quick})
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	a, err := s.CreateAccount(ctx, machine, identity.NewAccount{Login: "wangxm", Name: "甲",
		Password: goodPassword})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range []authz.Role{authz.Officer, authz.Leader} {
		_, err := s.GrantRole(ctx, secMach, identity.GrantInput{Account: a.ID, Role: r, Basis: "x"})
		if err != nil {
			b.Fatal(err)
		}
	}
	st, err := s.Login(ctx, visitor, identity.LoginInput{Login: "wangxm", Password: goodPassword})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("resume", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Resume(ctx, st.Token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.Get(ctx, d, qOneLogin, db.One[string], a.ID); err != nil {
				b.Fatal(err)
			}
		}
	})
}

var qOneLogin = db.Stmt(`SELECT login FROM account WHERE id = $1`)

// A locked account is out even where a session of it was left open.
func TestOpenSessionOfLockedAccount(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	a := h.account("wangxm")
	_, token := h.as("wangxm")
	err := h.db.Write(h.ctx, func(tx *db.Tx) error {
		return db.ExecOne(h.ctx, tx, qLockQuietly, a.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.Resume(h.ctx, token)
	wantKind(t, "an open session of a locked account", err, fault.NotFound)
}

var qLockQuietly = db.Stmt(`UPDATE account SET status = 'locked' WHERE id = $1`)
