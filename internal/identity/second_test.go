package identity_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dbtest"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
)

func TestSecondFactor(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm", role(authz.Officer))
		by, token := h.as("wangxm")
		other := h.login("wangxm").Token
		secret, on := h.enrol(by, token)
		_, err := h.Resume(h.ctx, token)
		wantKind(t, "the token before", err, fault.NotFound)
		_, err = h.Resume(h.ctx, other)
		wantKind(t, "a session that never showed a code", err, fault.NotFound)
		if len(on.Codes) != 10 {
			t.Errorf("%d recovery codes", len(on.Codes))
		}
		st := h.login("wangxm")
		if st.Next != identity.PendingCode || st.Device != "" {
			t.Fatalf("the password alone gives %+v", st)
		}
		r := h.resume(st.Token)
		if r.Actor.Account != "" || r.Actor.Role != authz.Public || r.Pending != identity.PendingCode ||
			r.Name != "" {
			t.Errorf("the password alone is %+v", r)
		}
		_, err = h.verify(st.Token, "")
		wantField(t, "no code", err, "code")
		_, err = h.verify(st.Token, wrongCodeFor(h.code(secret)))
		wantField(t, "wrong code", err, "code")
		_, err = h.verify(st.Token, h.code(secret))
		wantField(t, "the code that enrolled", err, "code") // used once already
		h.clock.Advance(30 * time.Second)
		full, err := h.verify(st.Token, " "+h.code(secret)[:3]+" "+h.code(secret)[3:])
		if err != nil || full.Next != "" || full.Device == "" {
			t.Fatalf("the right code: %+v, %v", full, err)
		}
		if got := h.resume(full.Token).Actor; got.Role != authz.Officer {
			t.Errorf("logged in as %+v", got)
		}
		_, err = h.Resume(h.ctx, st.Token)
		wantKind(t, "the token of the password alone", err, fault.NotFound)
		_, err = h.verify(full.Token, h.code(secret))
		wantKind(t, "a code for an open session", err, fault.Conflict)

		got, err := h.GetSecondFactor(h.ctx, h.resume(full.Token).Actor)
		if err != nil || got.SinceUs == 0 || got.Recovery != 10 || got.Required {
			t.Errorf("second factor %+v, %v", got, err)
		}
		h.noSecrets(goodPassword, on.Codes[0], h.code(secret))
	})
}

// wrongCodeFor returns a code that is not the given one, nor near it.
func wrongCodeFor(code string) string {
	digit := (code[0]-'0'+5)%10 + '0'
	return string(digit) + code[1:]
}

// A code is good for its own half minute and the ones before and after, and only once.
func TestCodeWindow(t *testing.T) {
	for off, ok := range map[time.Duration]bool{
		-60 * time.Second: false, -30 * time.Second: true, 0: true,
		29 * time.Second: true, 30 * time.Second: true, 60 * time.Second: false,
	} {
		h := newHouse(t, dbtest.SQLite(t))
		h.account("wangxm")
		by, token := h.as("wangxm")
		secret, _ := h.enrol(by, token)
		h.clock.Set(dbtest.Start.Add(10 * minute)) // a half minute begins here
		half := h.login("wangxm").Token
		h.clock.Advance(off)
		code := h.code(secret)
		h.clock.Set(dbtest.Start.Add(10 * minute))
		if _, err := h.verify(half, code); (err == nil) != ok {
			t.Errorf("a code of %v later: %v", off, err)
		}
		if !ok {
			continue
		}
		again := h.login("wangxm").Token
		_, err := h.verify(again, code)
		wantField(t, "a code for the second time", err, "code")
	}
}

// A later code makes the earlier ones of the window useless.
func TestEarlierCodeAfterLater(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, token := h.as("wangxm")
	secret, _ := h.enrol(by, token)
	h.clock.Advance(5 * minute)
	earlier := h.code(secret)
	h.clock.Advance(30 * time.Second)
	if _, err := h.verify(h.login("wangxm").Token, h.code(secret)); err != nil {
		t.Fatal(err)
	}
	_, err := h.verify(h.login("wangxm").Token, earlier)
	wantField(t, "an earlier code", err, "code")
}

// Of many requests at once with one code, one gets in.
func TestCodesAtOnce(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		secret, on := h.enrol(by, token)
		h.clock.Advance(minute)
		for name, code := range map[string]string{
			"totp": h.code(secret), "recovery": on.Codes[3],
		} {
			const browsers = 4
			halves := make([]string, browsers)
			for i := range halves {
				st, err := h.try("wangxm", goodPassword, fmt.Sprintf("203.0.%d.1", i), "")
				if err != nil {
					t.Fatal(err)
				}
				halves[i] = st.Token
			}
			var mu sync.Mutex
			won := 0
			var wg sync.WaitGroup
			for i, half := range halves {
				wg.Go(func() {
					in := identity.CodeInput{Token: half, Code: code}
					in.Address = fmt.Sprintf("203.0.%d.1", i)
					_, err := h.VerifyCode(h.ctx, visitor, in)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					} else if !fault.Is(err, fault.Invalid) {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			wg.Wait()
			if won != 1 {
				t.Errorf("%s: %d of %d got in with one code", name, won, browsers)
			}
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		_, on := h.enrol(by, token)
		typed := strings.ToUpper(strings.ReplaceAll(on.Codes[0], "-", " "))
		st, err := h.verify(h.login("wangxm").Token, typed)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.verify(h.login("wangxm").Token, on.Codes[0])
		wantField(t, "a recovery code for the second time", err, "code")
		by = h.resume(st.Token).Actor
		if got, err := h.GetSecondFactor(h.ctx, by); err != nil || got.Recovery != 9 {
			t.Errorf("after one %+v, %v", got, err)
		}
		_, err = h.RenewRecoveryCodes(h.ctx, by, "wrong")
		wantField(t, "renew with a wrong password", err, "password")
		fresh, err := h.RenewRecoveryCodes(h.ctx, by, goodPassword)
		if err != nil || len(fresh) != 10 {
			t.Fatal(fresh, err)
		}
		_, err = h.verify(h.login("wangxm").Token, on.Codes[1])
		wantField(t, "a code from before", err, "code")
		h.clock.Advance(minute) // the pause after so many wrong ones
		if _, err := h.verify(h.login("wangxm").Token, fresh[1]); err != nil {
			t.Errorf("a fresh code: %v", err)
		}

		// Another account's code opens nothing.
		h.account("lisi")
		lisi, its := h.as("lisi")
		h.enrol(lisi, its)
		_, err = h.verify(h.login("lisi").Token, fresh[2])
		wantField(t, "another account's code", err, "code")
	})
}

// After a few wrong codes the password is asked for again; the codes spoil nobody's log-in but the
// guesser's, and the owner is warned.
func TestGuessingCodes(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		secret, _ := h.enrol(by, token)
		h.clock.Advance(minute)
		wrong := wrongCodeFor(h.code(secret))
		half, err := h.try("wangxm", goodPassword, elsewhere, "")
		if err != nil {
			t.Fatal(err)
		}
		guess := func(i int) error {
			in := identity.CodeInput{Token: half.Token, Code: wrong}
			in.Address = fmt.Sprintf("198.51.%d.1", i)
			_, err := h.VerifyCode(h.ctx, visitor, in)
			return err
		}
		for i := range identity.MaxCodeTries {
			wantKind(t, "wrong code", guess(i), fault.Invalid)
		}
		wantKind(t, "one more", guess(99), fault.Forbidden)
		_, err = h.Resume(h.ctx, half.Token)
		wantKind(t, "the session", err, fault.NotFound)

		for i := identity.MaxCodeTries; i < identity.AlarmCodes; i++ {
			if i%identity.MaxCodeTries == 0 {
				half, err = h.try("wangxm", goodPassword, fmt.Sprintf("198.52.%d.1", i), "")
				if err != nil {
					t.Fatal(err)
				}
			}
			wantKind(t, "wrong code", guess(i), fault.Invalid)
		}
		if n := h.count(qEvents, identity.EventCodesGuessed); n != 1 {
			t.Errorf("%d warnings", n)
		}
		if n := h.count(qTrail, "identity.account", "codes guessed"); n != 1 {
			t.Errorf("%d entries in the trail", n)
		}
		if _, err := h.verify(h.login("wangxm").Token, h.code(secret)); err != nil {
			t.Errorf("the owner from home: %v", err)
		}
	})
}

var qEvents = db.Stmt(`SELECT COUNT(*) FROM outbox WHERE kind = $1`)

// A guessed password does not buy free guesses of codes: the counters of the log-in go on.
func TestPasswordDoesNotForgiveCodes(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, token := h.as("wangxm")
	secret, _ := h.enrol(by, token)
	h.clock.Advance(minute)
	slow := false
	for range 2 * identity.FreeTries() {
		half, err := h.try("wangxm", goodPassword, elsewhere, "")
		if slow = fault.Is(err, fault.Unavailable); slow {
			break
		}
		in := identity.CodeInput{Token: half.Token, Code: wrongCodeFor(h.code(secret))}
		in.Address = elsewhere
		_, err = h.VerifyCode(h.ctx, visitor, in)
		if slow = fault.Is(err, fault.Unavailable); slow {
			break
		}
	}
	if !slow {
		t.Error("password and code in turn are never slowed down")
	}
}

// A log-in that waits for its code is over after some minutes: half open.
func TestCodeTakesTooLong(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, token := h.as("wangxm")
	secret, _ := h.enrol(by, token)
	start := h.clock.Now().Add(minute)
	for _, c := range []struct {
		after time.Duration
		ok    bool
	}{{identity.CodeTime - time.Microsecond, true}, {identity.CodeTime, false}} {
		h.clock.Set(start)
		half := h.login("wangxm").Token
		h.clock.Set(start.Add(c.after))
		_, err := h.verify(half, h.code(secret))
		if (err == nil) != c.ok {
			t.Errorf("after %v: %v", c.after, err)
		}
		start = start.Add(time.Hour)
	}
}

func TestLoginWithCodeAtOnce(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		secret, _ := h.enrol(by, token)
		h.clock.Advance(minute)
		in := identity.LoginInput{Login: "wangxm", Password: goodPassword, Code: h.code(secret)}
		st, err := h.Login(h.ctx, visitor, in)
		if err != nil || st.Next != "" {
			t.Fatalf("password and code: %+v, %v", st, err)
		}
		open := h.count(qSessions)
		_, err = h.Login(h.ctx, visitor, in)
		wantField(t, "the same code again", err, "code")
		if n := h.count(qSessions); n != open {
			t.Errorf("a wrong code left %d sessions", n-open)
		}
	})
}

func TestEnrolment(t *testing.T) {
	each(t, func(h *house) {
		h.account("wangxm")
		by, token := h.as("wangxm")
		_, err := h.StartTOTP(h.ctx, by, "wrong")
		wantField(t, "wrong password", err, "password")
		_, err = h.PendingTOTP(h.ctx, by)
		wantKind(t, "nothing started", err, fault.NotFound)
		first, err := h.StartTOTP(h.ctx, by, goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(first.URL, "otpauth://totp/") || len(first.Secret) != 32 {
			t.Errorf("enrolment %+v", first)
		}
		shown, err := h.PendingTOTP(h.ctx, by)
		if err != nil || shown != first {
			t.Errorf("shown again as %+v, %v", shown, err)
		}
		_, err = h.ConfirmTOTP(h.ctx, by, token, "000000")
		wantField(t, "wrong code", err, "code")
		h.enrol(by, token) // starting again makes another secret
		_, err = h.PendingTOTP(h.ctx, by)
		wantKind(t, "what is in use is shown again", err, fault.NotFound)
		_, err = h.StartTOTP(h.ctx, by, goodPassword)
		wantKind(t, "start over one in use", err, fault.Conflict)
		if err := h.DisableTOTP(h.ctx, by, goodPassword); err != nil {
			t.Fatal(err)
		}
		if st := h.login("wangxm"); st.Next != "" {
			t.Errorf("after disabling %q is asked for", st.Next)
		}
		wantKind(t, "disable twice", h.DisableTOTP(h.ctx, by, goodPassword), fault.Conflict)
	})
}

func TestEnrolmentWithoutKey(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t), func(c *identity.Config) { c.Key = nil })
	h.account("wangxm")
	by, _ := h.as("wangxm")
	_, err := h.StartTOTP(h.ctx, by, goodPassword)
	wantKind(t, "without a key", err, fault.Unavailable)
}

// Administrators cannot do without, once the city asks for it.
func TestAdministratorsKeepTheirs(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t), func(c *identity.Config) { c.Rule.AdminsByCode = true })
	a := h.account("sys", role(authz.SysAdmin))
	st := h.login("sys")
	_, on := h.enrol(authz.Actor{Account: a.ID, Via: authz.ViaSession}, st.Token)
	by := h.resume(on.Token).Actor
	wantKind(t, "an administrator disables", h.DisableTOTP(h.ctx, by, goodPassword), fault.Conflict)
	if got, err := h.GetSecondFactor(h.ctx, by); err != nil || !got.Required {
		t.Errorf("%+v, %v", got, err)
	}
}

// The secret stands encrypted in its row, for its account alone.
func TestSecretIsEncrypted(t *testing.T) {
	h := newHouse(t, dbtest.SQLite(t))
	h.account("wangxm")
	by, _ := h.as("wangxm")
	e, err := h.StartTOTP(h.ctx, by, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	row, err := db.Get(h.ctx, h.db, qSecretRow, db.One[string], by.Account)
	if err != nil || strings.Contains(row, e.Secret) || !strings.HasPrefix(row, "a256gcm:") {
		t.Errorf("stored as %q, %v", row, err)
	}
}

var qSecretRow = db.Stmt(`SELECT secret FROM totp WHERE account = $1`)
