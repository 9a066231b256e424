package show

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/unit"
)

var (
	qCheck = db.Stmt(`UPDATE show_signup SET checked_us = $3, checked_by = $4, version = version + 1
		WHERE id = $1 AND serial = $2 AND state = 'confirmed' AND checked_us = 0`)
	qSerial = db.Stmt(`UPDATE show_signup SET serial = serial + 1, version = version + 1
		WHERE id = $1 AND version = $2`)
)

// signBytes is how much of the signature stands in a code: 80 bits.
const signBytes = 10

// code is the signed one-time code of a sign-up. It ends with the check-in or when another is made.
func (s *Service) code(g Signup) string {
	m := hmac.New(sha256.New, s.opt.Key)
	fmt.Fprintf(m, "%s|%s|%d", g.Show, g.ID, g.serial)
	return g.ID + "." + hex.EncodeToString(m.Sum(nil)[:signBytes])
}

// MyPass returns the code that the actor shows at the door, "" once it is used or without a seat.
func (s *Service) MyPass(
	ctx context.Context, by authz.Actor, signupID string,
) (Signup, string, error) {
	g, err := s.signup(ctx, s.unit.DB(), by, signupID, ActSignupRead)
	if err != nil {
		return g, "", err
	}
	if g.account != by.Account { // staff check in, but carry no pass
		return g, "", occasion.Absent()
	}
	if g.State != Confirmed || g.CheckedUs != 0 {
		return g, "", nil
	}
	return g, s.code(g), nil
}

// RenewPass makes the code that was handed out worthless and a new one valid.
func (s *Service) RenewPass(
	ctx context.Context, by authz.Actor, signupID string, version int64,
) (Signup, error) {
	var out Signup
	err := s.unit.Write(ctx, by, "show.RenewPass", func(tx *unit.Tx) error {
		g, err := s.signup(ctx, tx, by, signupID, ActSignupMeet)
		if err != nil {
			return err
		}
		if err := db.ExecOne(ctx, tx.Tx, qSerial, g.ID, version); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSignup, Object: g.ID, What: "renew_pass"})
		out, err = db.Get(ctx, tx, qSignup, scanSignup, g.ID)
		return err
	})
	return out, err
}

// errCode is the same for every code that is not good, so that nobody learns which part is wrong.
func errCode() error {
	return fault.New(fault.Invalid, "签到码无效或已更换，请参会者出示最新的签到码")
}

// PeekPass returns whose code it is, for staff who are about to check somebody in.
func (s *Service) PeekPass(ctx context.Context, by authz.Actor, code string) (Signup, error) {
	return s.pass(ctx, s.unit.DB(), by, code)
}

func (s *Service) pass(ctx context.Context, q db.Q, by authz.Actor, code string) (Signup, error) {
	signupID, _, ok := strings.Cut(strings.TrimSpace(code), ".")
	if !ok || !id.Valid(signupID) {
		return Signup{}, errCode()
	}
	g, err := db.Get(ctx, q, qSignup, scanSignup, signupID)
	if fault.Is(err, fault.NotFound) {
		return Signup{}, errCode()
	}
	if err != nil {
		return Signup{}, err
	}
	if !hmac.Equal([]byte(s.code(g)), []byte(strings.TrimSpace(code))) {
		return Signup{}, errCode()
	}
	return g, SignupPolicy.May(by, ActSignupCheck, g)
}

// checkInTime says from when to when people check in to an event: from so many hours before it begins as
// the rule of its first day says, to the end of its last day.
func checkInTime(ctx context.Context, q db.Q, x Show) (from, until, hours int64, err error) {
	first, last := x.Days()
	r, err := market.RuleOn(ctx, q, first)
	hours = int64(r.CheckInHours)
	return x.StartsUs - hours*time.Hour.Microseconds(), clock.Us(last.AddDays(1).Start()), hours, err
}

// CheckIn takes a code at the door. It works once, on the days of the event, while it takes names or runs.
func (s *Service) CheckIn(ctx context.Context, by authz.Actor, code string) (Signup, error) {
	var out Signup
	err := s.unit.Write(ctx, by, "show.CheckIn", func(tx *unit.Tx) error {
		g, err := s.pass(ctx, tx, by, code)
		if err != nil {
			return err
		}
		return s.check(ctx, tx, g, &out)
	})
	return out, err
}

// CheckInByHand checks somebody in from the list, without a code.
func (s *Service) CheckInByHand(
	ctx context.Context, by authz.Actor, signupID string,
) (Signup, error) {
	var out Signup
	err := s.unit.Write(ctx, by, "show.CheckInByHand", func(tx *unit.Tx) error {
		g, err := s.signup(ctx, tx, by, signupID, ActSignupCheck)
		if err != nil {
			return err
		}
		return s.check(ctx, tx, g, &out)
	})
	return out, err
}

func (s *Service) check(ctx context.Context, tx *unit.Tx, g Signup, out *Signup) error {
	x, err := byID(ctx, tx, g.Show)
	if err != nil {
		return err
	}
	from, until, hours, err := checkInTime(ctx, tx, x)
	if err != nil {
		return err
	}
	switch {
	case x.State != Open && x.State != Closed && x.State != Running:
		return fault.New(fault.Conflict, "活动现在不能签到")
	case tx.NowUs() < from:
		return fault.New(fault.Conflict, "活动开始前 %d 小时起签到，最早 %s", hours, occasion.MomentText(from))
	case tx.NowUs() >= until:
		return fault.New(fault.Conflict, "活动已于 %s 结束，不能再签到", occasion.MomentText(x.EndsUs))
	case g.State != Confirmed:
		return fault.New(fault.Conflict, "这项报名没有席位，不能签到")
	case g.CheckedUs != 0:
		return fault.New(fault.Conflict, "已于 %s 签到", occasion.MomentText(g.CheckedUs))
	}
	n, err := db.Exec(ctx, tx.Tx, qCheck, g.ID, g.serial, tx.NowUs(), tx.By().Account)
	if err != nil {
		return err
	}
	if n == 0 { // somebody was faster
		return fault.New(fault.Conflict, "这个签到码刚刚用过")
	}
	tx.Audit(audit.Entry{Kind: kindSignup, Object: g.ID, What: "check_in"})
	*out, err = db.Get(ctx, tx, qSignup, scanSignup, g.ID)
	return err
}
