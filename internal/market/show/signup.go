package show

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/market/occasion"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// States of a sign-up.
const (
	Confirmed = "confirmed" // 已确认
	Waiting   = "waiting"   // 候补
	Dropped   = "cancelled" // 已取消
)

// Person is what people write about who comes.
type Person struct {
	Name  string `json:"name"`
	Duty  string `json:"duty,omitempty"`
	Phone string `json:"phone,omitempty"` // seen by the organiser only
	Note  string `json:"note,omitempty"`
}

// Signup is one person who comes to an event, or waits for a seat.
type Signup struct {
	ID     string `json:"id"`
	Show   string `json:"show"`
	Number int64  `json:"number"` // in the order of signing up
	Person
	Org       string `json:"org,omitempty"`
	OrgName   string `json:"orgName,omitempty"`
	State     string `json:"state"`
	CheckedUs int64  `json:"checkedUs,omitempty"`
	CreatedUs int64  `json:"createdUs"`
	Version   int64  `json:"version"`

	account, orgNow, showOrg string
	serial                   int64
}

const signupCols = `g.id, g.show, g.number, g.account, g.name, g.duty, g.phone, g.note, g.org, g.org_now,
	g.org_name, g.state, g.serial, g.checked_us, g.created_us, g.version, s.org_now`

func scanSignup(r db.Row) (Signup, error) {
	var g Signup
	err := r.Scan(&g.ID, &g.Show, &g.Number, &g.account, &g.Name, &g.Duty, &g.Phone, &g.Note, &g.Org,
		&g.orgNow, &g.OrgName, &g.State, &g.serial, &g.CheckedUs, &g.CreatedUs, &g.Version, &g.showOrg)
	return g, err
}

const signupFrom = `show_signup AS g JOIN show_event AS s ON s.id = g.show`

var (
	qSignup    = db.Stmt(`SELECT ` + signupCols + ` FROM ` + signupFrom + ` WHERE g.id = $1`)
	qSignupAdd = db.Stmt(`INSERT INTO show_signup (id, show, number, account, name, duty, phone, note,
			org, org_now, org_name, state, serial, checked_us, checked_by, created_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, 1, 0, '', $12, 1)`)
	qOwnSignups = db.Stmt(`SELECT ` + signupCols + ` FROM ` + signupFrom + `
		WHERE g.show = $1 AND g.account = $2 AND g.state <> 'cancelled' ORDER BY g.number`)
	qSignupState = db.Stmt(`UPDATE show_signup SET state = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
	qWaiting = db.Stmt(`SELECT ` + signupCols + ` FROM ` + signupFrom + `
		WHERE g.show = $1 AND g.state = 'waiting' ORDER BY g.number LIMIT $2`)
	qTaken = db.Stmt(`SELECT COUNT(*) FROM show_signup WHERE show = $1 AND state = 'confirmed'`)
	qMine  = db.Stmt(`SELECT ` + signupCols + ` FROM ` + signupFrom + `
		WHERE g.account = $1 AND g.state <> 'cancelled' ORDER BY s.starts_us DESC, g.number LIMIT 200`)
	qPeople = db.Stmt(`SELECT ` + signupCols + ` FROM ` + signupFrom + `
		WHERE g.show = $1 AND g.state = 'confirmed' ORDER BY g.org_name, g.number LIMIT 5000`)
)

var signups = db.Select(signupCols, signupFrom,
	db.Order{Name: "number", Cols: []db.Col{db.IntCol("g.number"), db.TextCol("g.id")}},
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("g.name"), db.TextCol("g.id")}},
)

// NewSignup is the input of SignUp.
type NewSignup struct {
	Show string `json:"-"`
	Person
	Key string `json:"-"`
}

func (p *Person) check() error {
	p.Name, p.Duty = occasion.Tidy(p.Name), occasion.Tidy(p.Duty)
	p.Phone, p.Note = occasion.Tidy(p.Phone), occasion.Lines(p.Note)
	var f occasion.Faults
	f.Line("name", p.Name, maxName, true)
	f.Line("duty", p.Duty, maxName, false)
	f.Line("phone", p.Phone, maxName, false)
	f.Prose("note", p.Note, maxNote, false)
	return f.Err()
}

// Limits of a sign-up, in characters.
const (
	maxName = 40
	maxNote = 300
)

// SignUp puts a person down for an event: with a seat while there are any, else on the waiting list.
func (s *Service) SignUp(ctx context.Context, by authz.Actor, in NewSignup) (Signup, error) {
	wrong := in.Person.check()
	out, _, err := unit.Once(ctx, s.unit, by, "show.SignUp", in.Key, in,
		func(tx *unit.Tx) (Signup, error) {
			n, err := next(ctx, tx, "signup:"+in.Show) // from here on one at a time
			if err != nil {
				return Signup{}, err
			}
			x, err := s.read(ctx, tx, by, in.Show)
			if err != nil {
				return Signup{}, err
			}
			if x.State != Open {
				return Signup{}, fault.New(fault.Conflict, "活动现在不接受报名")
			}
			if err := Policy.May(by, ActJoin, x); err != nil {
				return Signup{}, err
			}
			if err := signupOver(x, s.unit.Clock().Now()); err != nil {
				return Signup{}, err
			}
			if wrong != nil {
				return Signup{}, wrong
			}
			return s.seat(ctx, tx, x, n, in.Person)
		})
	if db.Violates(err, "show_signup", "show", "account", "name") {
		return Signup{}, fault.Fields(fault.At("name", "“%s”已经报名", in.Name))
	}
	return out, err
}

// seat stores a sign-up with the number it got.
func (s *Service) seat(
	ctx context.Context, tx *unit.Tx, x Show, n int64, p Person,
) (Signup, error) {
	by := tx.By()
	mine, err := db.All(ctx, tx, qOwnSignups, scanSignup, x.ID, by.Account)
	if err != nil {
		return Signup{}, err
	}
	if len(mine) >= MaxPeople {
		return Signup{}, fault.New(fault.Conflict, "一个账号最多为 %d 人报名", MaxPeople)
	}
	orgName := ""
	if by.Org != "" {
		o, err := s.opt.Party.GetOrganisation(ctx, by, by.Org)
		if err != nil {
			return Signup{}, err
		}
		orgName = o.Name
	}
	state := Waiting
	if x.Taken < x.Capacity && x.Waiting == 0 {
		state = Confirmed
	}
	signupID := id.New()
	err = db.ExecOne(ctx, tx.Tx, qSignupAdd, signupID, x.ID, n, by.Account, p.Name, p.Duty, p.Phone,
		p.Note, by.Org, orgName, state, tx.NowUs())
	if err != nil {
		return Signup{}, err
	}
	tx.Audit(audit.Entry{Kind: kindSignup, Object: signupID, What: "create",
		Detail: map[string]any{"show": x.ID, "state": state}})
	tx.Emit(outbox.Event{Kind: EventSignup, Object: signupID, Data: state})
	return db.Get(ctx, tx, qSignup, scanSignup, signupID)
}

// promote gives free seats to those who wait, in their order.
func promote(ctx context.Context, tx *unit.Tx, showID string, capacity int64) error {
	taken, err := db.Get(ctx, tx, qTaken, db.One[int64], showID)
	if err != nil || taken >= capacity {
		return err
	}
	list, err := db.All(ctx, tx, qWaiting, scanSignup, showID, capacity-taken)
	if err != nil {
		return err
	}
	for _, g := range list {
		if err := db.ExecOne(ctx, tx.Tx, qSignupState, g.ID, g.Version, Confirmed); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSignup, Object: g.ID, What: "promote"})
		tx.Emit(outbox.Event{Kind: EventSignup, Object: g.ID, Data: Confirmed})
	}
	return nil
}

// signup loads a sign-up for an action.
func (s *Service) signup(
	ctx context.Context, q db.Q, by authz.Actor, signupID string, act authz.Action,
) (Signup, error) {
	g, err := db.Get(ctx, q, qSignup, scanSignup, signupID)
	if err != nil {
		return g, err
	}
	return g, SignupPolicy.May(by, act, g)
}

// CancelSignup takes a person off an event. Their talks end, and who waits first moves up.
func (s *Service) CancelSignup(
	ctx context.Context, by authz.Actor, signupID string, version int64,
) (Signup, error) {
	var out Signup
	err := s.unit.Write(ctx, by, "show.CancelSignup", func(tx *unit.Tx) error {
		g, err := s.signup(ctx, tx, by, signupID, ActSignupCancel)
		if err != nil {
			return err
		}
		if _, err := next(ctx, tx, "signup:"+g.Show); err != nil {
			return err
		}
		x, err := byID(ctx, tx, g.Show)
		if err != nil {
			return err
		}
		switch {
		case g.State == Dropped:
			return fault.New(fault.Conflict, "这项报名已经取消")
		case g.CheckedUs != 0 || x.State == Ended || x.State == Reported:
			return fault.New(fault.Conflict, "已经签到或活动已结束，不能取消报名")
		}
		if err := db.ExecOne(ctx, tx.Tx, qSignupState, g.ID, version, Dropped); err != nil {
			return err
		}
		if err := dropTalks(ctx, tx, g.ID); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx.Tx, qInterestsDrop, g.ID); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSignup, Object: g.ID, What: "cancel"})
		tx.Emit(outbox.Event{Kind: EventSignup, Object: g.ID, Data: Dropped})
		if err := promote(ctx, tx, g.Show, x.Capacity); err != nil {
			return err
		}
		out, err = db.Get(ctx, tx, qSignup, scanSignup, g.ID)
		return err
	})
	return out, err
}

// SignupFilter narrows a list of sign-ups.
type SignupFilter struct {
	Show    string `json:"show"`
	State   string `json:"state,omitempty"`
	Checked string `json:"checked,omitempty"` // yes or no
}

func (f SignupFilter) where(by authz.Actor) db.Where {
	w := SignupPolicy.Scope(by, ActSignupRead)
	if f.Show != "" {
		w = w.And("g.show = $1", f.Show)
	}
	if f.State != "" {
		w = w.And("g.state = $1", f.State)
	}
	switch f.Checked {
	case "yes":
		w = w.And("g.checked_us <> 0")
	case "no":
		w = w.And("g.checked_us = 0")
	}
	return w
}

// ListSignups returns a page of the sign-ups that the actor may read.
func (s *Service) ListSignups(
	ctx context.Context, by authz.Actor, f SignupFilter, order string, p db.PageReq,
) (db.Page[Signup], error) {
	return db.List(ctx, s.unit.DB(), signups, f.where(by), signups.Order(order), p, scanSignup)
}

// Booking is what somebody has booked: a sign-up with its event and its talks.
type Booking struct {
	Signup
	Event Show   `json:"event"`
	Talks []Talk `json:"talks"`
}

// MyBookings returns what the actor has booked, the latest event first.
func (s *Service) MyBookings(ctx context.Context, by authz.Actor) ([]Booking, error) {
	if by.Account == "" {
		return nil, nil
	}
	q := s.unit.DB()
	mine, err := db.All(ctx, q, qMine, scanSignup, by.Account)
	if err != nil {
		return nil, err
	}
	var out []Booking
	for _, g := range mine {
		if SignupPolicy.May(by, ActSignupRead, g) != nil {
			continue
		}
		b := Booking{Signup: g}
		if b.Event, err = byID(ctx, q, g.Show); err != nil {
			return nil, err
		}
		if b.Talks, err = s.talksOf(ctx, q, g.ID); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// Other is a participant as other participants see them.
type Other struct {
	ID      string `json:"id"` // of the sign-up
	Name    string `json:"name"`
	Duty    string `json:"duty,omitempty"`
	OrgName string `json:"orgName,omitempty"`
	Me      bool   `json:"me,omitempty"`
}

// Participants returns who comes to an event, for those who come themselves and for its staff.
func (s *Service) Participants(
	ctx context.Context, by authz.Actor, showID string,
) ([]Other, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, showID)
	if err != nil {
		return nil, err
	}
	if err := s.meets(ctx, q, by, x); err != nil {
		return nil, err
	}
	all, err := db.All(ctx, q, qPeople, scanSignup, showID)
	if err != nil {
		return nil, err
	}
	out := make([]Other, 0, len(all))
	for _, g := range all {
		out = append(out, Other{g.ID, g.Name, g.Duty, g.OrgName, g.account == by.Account})
	}
	return out, nil
}

// meets refuses those who neither come to an event nor run it.
func (s *Service) meets(ctx context.Context, q db.Q, by authz.Actor, x Show) error {
	if Policy.MaySee(by, ActRun, x) {
		return nil
	}
	mine, err := db.All(ctx, q, qOwnSignups, scanSignup, x.ID, by.Account)
	if err != nil {
		return err
	}
	for _, g := range mine {
		if SignupPolicy.May(by, ActSignupMeet, g) == nil {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "只有已确认席位的参会者可以查看")
}
