package identity_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestLogin(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm", role(authz.Officer))
		st, err := h.try(" WangXM ", goodPassword, home, "")
		if err != nil {
			t.Fatal(err)
		}
		if st.Next != "" || st.Device == "" {
			t.Errorf("log-in gave %+v", st)
		}
		r := h.resume(st.Token)
		want := authz.Actor{Account: a.ID, Login: "wangxm", Role: authz.Officer, Via: authz.ViaSession}
		if got := r.Actor; got.Account != want.Account || got.Role != want.Role ||
			got.Login != want.Login || got.Via != want.Via || r.Name != "王小明" {
			t.Errorf("session is of %+v", r)
		}
		if err := h.Logout(h.ctx, r.Actor, st.Token); err != nil {
			t.Fatal(err)
		}
		_, err = h.Resume(h.ctx, st.Token)
		wantKind(t, "session after log-out", err, fault.NotFound)
		if err := h.Logout(h.ctx, r.Actor, st.Token); err != nil {
			t.Errorf("second log-out: %v", err)
		}
	})
}

// An unknown name and a wrong password are told in the same words, and both compute exactly one
// hash of the same cost and leave the same rows.
func TestUnknownLoginLooksLikeWrongPassword(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		type trace struct {
			zh, en     string
			hashes     int64
			throttles  int64
			kind       fault.Kind
			fieldCount int
		}
		traceOf := func(login, address string) trace {
			before, rows := h.Hashes(), h.count(qThrottles)
			_, err := h.try(login, "wrong password", address, "")
			e, ok := fault.As(err)
			if !ok {
				t.Fatalf("%s: %v", login, err)
			}
			return trace{i18n.Fault(i18n.ZH, e), i18n.Fault(i18n.EN, e), h.Hashes() - before,
				h.count(qThrottles) - rows, e.Kind, len(e.Fields)}
		}
		known, unknown := traceOf("wangxm", home), traceOf("nobody", elsewhere)
		odd := traceOf("' OR '1'='1", "192.0.2.1")
		if known != unknown || known != odd || known.hashes != 1 {
			t.Errorf("wrong password %+v\nunknown name %+v\nodd name %+v", known, unknown, odd)
		}
	})
}

var (
	qThrottles = db.Stmt(`SELECT COUNT(*) FROM login_throttle`)
	qSessions  = db.Stmt(`SELECT COUNT(*) FROM session WHERE ended_us = 0`)
	qTrail     = db.Stmt(`SELECT COUNT(*) FROM audit_entry WHERE kind = $1 AND what = $2`)
	qLastTrail = db.Stmt(`SELECT detail FROM audit_entry WHERE kind = $1 AND what = $2
		ORDER BY seq DESC LIMIT 1`)
	qAllText = db.Stmt(`SELECT detail FROM audit_entry`)
)

func (h *house) count(s *db.Statement, args ...any) int64 {
	h.Helper()
	n, err := db.Get(h.ctx, h.db, s, db.One[int64], args...)
	if err != nil {
		h.Fatal(err)
	}
	return n
}

// Guessing gets slower where it comes from, and only there.
func TestGuessingSlowsDownTheGuesser(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		known := h.login("wangxm").Device
		for range identity.FreeTries() {
			_, err := h.try("wangxm", "wrong", elsewhere, "")
			wantKind(t, "free try", err, fault.Invalid)
		}
		hashes := h.Hashes()
		_, err := h.try("wangxm", goodPassword, elsewhere, "")
		wantKind(t, "the right password too early", err, fault.Unavailable)
		_, err = h.try("wangxm", goodPassword, "198.51.100.77", "")
		wantKind(t, "a neighbour in the same network", err, fault.Unavailable)
		if h.Hashes() != hashes {
			t.Error("a try that came too early was looked at")
		}
		_, err = h.try("wangxm", goodPassword, elsewhere, "no such device")
		wantKind(t, "with a device made up", err, fault.Unavailable)

		// The owner gets in from elsewhere, and from the attacker's own network on a known device.
		if _, err := h.try("wangxm", goodPassword, home, ""); err != nil {
			t.Errorf("the owner from home: %v", err)
		}
		if _, err := h.try("wangxm", goodPassword, elsewhere, known); err != nil {
			t.Errorf("the owner's device in the attacker's network: %v", err)
		}
		// The attacker is as slow as before.
		_, err = h.try("wangxm", goodPassword, elsewhere, "")
		wantKind(t, "the attacker after the owner's log-in", err, fault.Unavailable)
	})
}

// A pause ends at its last instant: half open, as all times here.
func TestPauseEnds(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	for n := 1; n <= identity.FreeTries()+3; n++ {
		_, err := h.try("wangxm", "wrong", home, "")
		wantKind(t, "try", err, fault.Invalid)
		pause := identity.PauseOf(int64(n))
		if pause == 0 {
			continue
		}
		h.clock.Advance(pause - time.Microsecond)
		_, err = h.try("wangxm", "wrong", home, "")
		wantKind(t, "a microsecond early", err, fault.Unavailable)
		h.clock.Advance(time.Microsecond)
	}
	if _, err := h.try("wangxm", goodPassword, home, ""); err != nil {
		t.Fatalf("the right password after the pause: %v", err)
	}
	_, err := h.try("wangxm", "wrong", home, "")
	wantKind(t, "after a log-in counting starts anew", err, fault.Invalid)
	_, err = h.try("wangxm", goodPassword, home, "")
	if err != nil {
		t.Error(err)
	}
}

func TestPausesGrowToABound(t *testing.T) {
	last := time.Duration(0)
	for n := range int64(100) {
		p := identity.PauseOf(n)
		if p < last || p > identity.LongestPause() {
			t.Errorf("pause after %d failures is %v, before it was %v", n, p, last)
		}
		last = p
	}
	if last != identity.LongestPause() || identity.PauseOf(1<<40) != last {
		t.Errorf("the pause ends at %v", last)
	}
}

// A network that tries many names is slowed down as a whole, a known device in it is not.
func TestNetworkIsSlowedDown(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	known := h.login("wangxm").Device
	slow := false
	for i := range 150 {
		_, err := h.try("user"+string(rune('a'+i%26))+string(rune('a'+i/26)), "wrong", elsewhere, "")
		if slow = fault.Is(err, fault.Unavailable); slow {
			break
		}
	}
	if !slow {
		t.Fatal("150 names from one network and no pause")
	}
	if _, err := h.try("wangxm", goodPassword, elsewhere, known); err != nil {
		t.Errorf("a known device in the network: %v", err)
	}
	if _, err := h.try("wangxm", goodPassword, home, ""); err != nil {
		t.Errorf("another network: %v", err)
	}
}

// Many tries at once are as many as one after the other.
func TestTriesAtOnceAreCounted(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		const tries = 24
		var mu sync.Mutex
		looked := 0
		var wg sync.WaitGroup
		for range tries {
			wg.Go(func() {
				_, err := h.try("wangxm", "wrong", elsewhere, "")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case fault.Is(err, fault.Invalid):
					looked++
				case !fault.Is(err, fault.Unavailable):
					t.Errorf("try: %v", err)
				}
			})
		}
		wg.Wait()
		if looked != identity.FreeTries() {
			t.Errorf("%d of %d tries were looked at, want %d", looked, tries, identity.FreeTries())
		}
	})
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7":             "203.0.113.0/24",
		"203.0.113.255":           "203.0.113.0/24",
		"203.0.114.7":             "203.0.114.0/24",
		"::ffff:203.0.113.7":      "203.0.113.0/24",
		"2001:db8:1:2::7":         "2001:db8:1::/48",
		"2001:db8:1:ffff::8":      "2001:db8:1::/48",
		"fe80::1%eth0":            "fe80::/48",
		"":                        "unknown",
		"not an address":          "unknown",
		"203.0.113.7, 198.51.1.1": "unknown",
	} {
		if got := identity.Network(address); got != want {
			t.Errorf("%q lies in %q, want %q", address, got, want)
		}
	}
}

// A device token that somebody made up is not taken over, one of ours is kept for every account.
func TestDevices(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	h.account("lisi")
	made, err := h.try("wangxm", goodPassword, home, "made-up-by-somebody-else")
	if err != nil || made.Device == "" {
		t.Fatalf("log-in with a made-up device: %+v, %v", made, err)
	}
	same, err := h.try("wangxm", goodPassword, home, made.Device)
	if err != nil || same.Device != "" {
		t.Errorf("log-in from a known device: %+v, %v", same, err)
	}
	shared, err := h.try("lisi", goodPassword, home, made.Device)
	if err != nil || shared.Device != "" {
		t.Errorf("a second account on the device: %+v, %v", shared, err)
	}
}

func TestLockedAndClosedAccounts(t *testing.T) {
	each(t, func(h *house) {
		a := h.account("wangxm")
		st := h.login("wangxm")
		for _, status := range []identity.Status{identity.Locked, identity.Closed} {
			now, err := h.GetAccount(h.ctx, machine, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.SetAccountStatus(h.ctx, sysadmin,
				identity.StatusInput{ID: a.ID, Status: status, Reason: "离职", Version: now.Version})
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.Resume(h.ctx, st.Token)
			wantKind(t, "session of an account "+string(status), err, fault.NotFound)
			_, err = h.try("wangxm", goodPassword, home, "")
			wantKind(t, "right password, "+string(status), err, fault.Forbidden)
			_, err = h.try("wangxm", "wrong", home, "")
			if !fault.Is(err, fault.Invalid) || i18n.Error(i18n.ZH, err) != "登录名或密码不正确" {
				t.Errorf("wrong password, %s: %v", status, err)
			}
		}
		now, err := h.GetAccount(h.ctx, machine, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.SetAccountStatus(h.ctx, sysadmin,
			identity.StatusInput{ID: a.ID, Status: identity.Active, Version: now.Version})
		wantKind(t, "a closed account opened again", err, fault.Conflict)
	})
}

// A hash with another cost is made anew at the next log-in, and the password still opens.
func TestRehash(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		dearer := newHouse(t, h.db, func(c *identity.Config) {
			c.Cost = identity.Cost{MemoryKiB: 64, Passes: 2, Lanes: 1}
		})
		before := dearer.Hashes()
		dearer.login("wangxm")
		dearer.login("wangxm")
		if n := dearer.Hashes() - before; n != 3 { // check, make, check
			t.Errorf("two log-ins computed %d hashes", n)
		}
		if n := h.count(qTrail, "identity.account", "rehash"); n != 1 {
			t.Errorf("%d entries about a new hash", n)
		}
	})
}

// Failed log-ins are recorded by hour and class, without names, passwords or addresses.
func TestFailuresAreRecorded(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		for range 3 {
			_, _ = h.try("wangxm", "secret-typed-wrong", home, "")
		}
		_, _ = h.try("nobody-here", "secret-typed-wrong", home, "")
		if err := h.Sweep(h.ctx, machine); err != nil {
			t.Fatal(err)
		}
		if n := h.count(qTrail, "identity.login", "failures"); n != 0 {
			t.Errorf("the hour is not over and has %d entries", n)
		}
		h.clock.Advance(time.Hour)
		for range 2 {
			if err := h.Sweep(h.ctx, machine); err != nil {
				t.Fatal(err)
			}
		}
		if n := h.count(qTrail, "identity.login", "failures"); n != 1 {
			t.Fatalf("%d entries about failures", n)
		}
		got, err := db.Get(h.ctx, h.db, qLastTrail, db.One[string], "identity.login", "failures")
		if err != nil {
			t.Fatal(err)
		}
		hour := clock.Us(dbtest.Start.Truncate(time.Hour))
		want := `{"hourUs":` + digits(hour) + `,"counts":{"password":3,"unknown":1}}`
		if got != want {
			t.Errorf("recorded %s, want %s", got, want)
		}
		h.login("wangxm")
		h.noSecrets("secret-typed-wrong", goodPassword, "nobody-here")
	})
}

// noSecrets fails when a text stands anywhere in the details of the trail.
func (h *house) noSecrets(texts ...string) {
	h.Helper()
	all, err := db.All(h.ctx, h.db, qAllText, db.One[string])
	if err != nil {
		h.Fatal(err)
	}
	for _, detail := range all {
		for _, text := range texts {
			if strings.Contains(detail, text) {
				h.Errorf("the trail holds %q: %s", text, detail)
			}
		}
	}
}

func TestLoginAsksForInput(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	_, err := h.try("", goodPassword, home, "")
	wantField(t, "no name", err, "login")
	_, err = h.try("wangxm", "", home, "")
	wantField(t, "no password", err, "password")
	if n := h.count(qThrottles); n != 0 {
		t.Errorf("an empty form was counted %d times", n)
	}
}

// A request that goes away while it waits for a hash leaves no session.
func TestLoginOfACallerWhoLeft(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	ctx, cancel := context.WithCancel(h.ctx)
	cancel()
	in := identity.LoginInput{Login: "wangxm", Password: goodPassword}
	if _, err := h.Login(ctx, visitor, in); err == nil {
		t.Error("logged in for nobody")
	}
	if n := h.count(qSessions); n != 0 {
		t.Errorf("%d sessions", n)
	}
}
