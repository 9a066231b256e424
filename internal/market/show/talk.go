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

// States of a talk.
const (
	TalkAsked     = "asked"     // 待答复
	TalkAccepted  = "accepted"  // 已约定
	TalkDeclined  = "declined"  // 已婉拒
	TalkCancelled = "cancelled" // 已取消
)

// Talk is a talk of two participants in one round.
type Talk struct {
	ID        string `json:"id"`
	Show      string `json:"show"`
	Round     int64  `json:"round"` // from 1
	StartsUs  int64  `json:"startsUs"`
	EndsUs    int64  `json:"endsUs"`
	Asker     Other  `json:"asker"`
	Asked     Other  `json:"asked"`
	Topic     string `json:"topic,omitempty"`
	Seat      int64  `json:"seat,omitempty"` // number of the table, once accepted
	State     string `json:"state"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`

	asker, asked string // accounts
}

const talkSQL = `SELECT k.id, k.show, k.round, k.topic, k.seat, k.state, k.updated_us, k.version,
		a.id, a.name, a.duty, a.org_name, a.account, b.id, b.name, b.duty, b.org_name, b.account,
		s.talk_from_us + (k.round - 1) * s.talk_minutes * 60000000,
		s.talk_from_us + k.round * s.talk_minutes * 60000000
	FROM show_talk AS k JOIN show_signup AS a ON a.id = k.asker JOIN show_signup AS b ON b.id = k.asked
	JOIN show_event AS s ON s.id = k.show`

func scanTalk(r db.Row) (Talk, error) {
	var k Talk
	err := r.Scan(&k.ID, &k.Show, &k.Round, &k.Topic, &k.Seat, &k.State, &k.UpdatedUs, &k.Version,
		&k.Asker.ID, &k.Asker.Name, &k.Asker.Duty, &k.Asker.OrgName, &k.asker,
		&k.Asked.ID, &k.Asked.Name, &k.Asked.Duty, &k.Asked.OrgName, &k.asked, &k.StartsUs, &k.EndsUs)
	return k, err
}

var (
	qTalk    = db.Stmt(talkSQL + ` WHERE k.id = $1`)
	qTalksOf = db.Stmt(talkSQL + ` WHERE (k.asker = $1 OR k.asked = $1)
		AND k.state IN ('asked', 'accepted') ORDER BY k.round, k.id LIMIT 1000`)
	qTalksAll = db.Stmt(talkSQL + ` WHERE k.show = $1 AND k.state = 'accepted'
		ORDER BY k.round, k.seat LIMIT 20000`)
	qTalksRivals = db.Stmt(talkSQL + ` WHERE k.show = $1 AND k.round = $2 AND k.state = 'asked'
		AND k.id <> $3 AND (k.asked = $4 OR k.asked = $5) ORDER BY k.id`)
	qTalksLive = db.Stmt(`SELECT COUNT(*) FROM show_talk
		WHERE show = $1 AND state IN ('asked', 'accepted')`)
	qTalkAdd = db.Stmt(`INSERT INTO show_talk (id, show, round, asker, asked, topic, seat, state,
			created_us, updated_us, version) VALUES ($1, $2, $3, $4, $5, $6, 0, 'asked', $7, $7, 1)`)
	qTalkState = db.Stmt(`UPDATE show_talk SET state = $3, seat = $4, updated_us = $5,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qBusyAdd  = db.Stmt(`INSERT INTO show_busy (show, round, signup, talk) VALUES ($1, $2, $3, $4)`)
	qBusyDrop = db.Stmt(`DELETE FROM show_busy WHERE talk = $1`)
	qBusy     = db.Stmt(`SELECT round FROM show_busy WHERE show = $1 AND signup = $2 ORDER BY round`)
	qTables   = db.Stmt(`SELECT seat FROM show_table WHERE show = $1 AND round = $2 ORDER BY seat`)
	qTableAdd = db.Stmt(`INSERT INTO show_table (show, round, seat, talk) VALUES ($1, $2, $3, $4)`)
	qTableDel = db.Stmt(`DELETE FROM show_table WHERE talk = $1`)
)

// NewTalk is the input of AskTalk.
type NewTalk struct {
	From  string `json:"from"` // the actor's own sign-up
	To    string `json:"to"`
	Round int64  `json:"round"`
	Topic string `json:"topic,omitempty"`
}

// AskTalk asks another participant for a talk. The asker keeps the round free until it is answered.
func (s *Service) AskTalk(ctx context.Context, by authz.Actor, in NewTalk) (Talk, error) {
	in.Topic = occasion.Lines(in.Topic)
	var out Talk
	err := s.unit.Write(ctx, by, "show.AskTalk", func(tx *unit.Tx) error {
		me, err := s.signup(ctx, tx, by, in.From, ActSignupMeet)
		if err != nil {
			return err
		}
		x, err := byID(ctx, tx, me.Show)
		if err != nil {
			return err
		}
		if err := talking(x); err != nil {
			return err
		}
		var f occasion.Faults
		f.Number("round", in.Round, 1, x.TalkRounds)
		f.Prose("topic", in.Topic, maxNote, false)
		you, err := db.Get(ctx, tx, qSignup, scanSignup, in.To)
		switch {
		case err != nil && !fault.Is(err, fault.NotFound):
			return err
		case err != nil || you.Show != me.Show || you.State != Confirmed:
			f.Add("to", "请选择一位已确认席位的参会者")
		case you.account == me.account:
			f.Add("to", "不能约自己人洽谈")
		}
		if err := f.Err(); err != nil {
			return err
		}
		busy, err := db.All(ctx, tx, qBusy, db.One[int64], me.Show, you.ID)
		if err != nil {
			return err
		}
		for _, n := range busy {
			if n == in.Round {
				return fault.Fields(fault.At("round", "对方这一轮已有安排，请换一轮"))
			}
		}
		talkID := id.New()
		err = db.ExecOne(ctx, tx.Tx, qTalkAdd, talkID, me.Show, in.Round, me.ID, you.ID, in.Topic,
			tx.NowUs())
		if err != nil {
			return err
		}
		if err := occupy(ctx, tx, me.Show, in.Round, me.ID, talkID); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: kindSignup, Object: me.ID, What: "ask_talk", Detail: in})
		tx.Emit(outbox.Event{Kind: EventTalk, Object: talkID, Data: TalkAsked})
		out, err = db.Get(ctx, tx, qTalk, scanTalk, talkID)
		return err
	})
	if db.Violates(err, "show_busy", "show", "round", "signup") {
		return Talk{}, fault.Fields(fault.At("round", "您这一轮已有安排，请换一轮"))
	}
	return out, err
}

// talking says why no talks can be booked now.
func talking(x Show) error {
	switch {
	case x.TalkRounds == 0:
		return fault.New(fault.Conflict, "这场活动不安排一对一洽谈")
	case x.State != Open && x.State != Closed && x.State != Running:
		return fault.New(fault.Conflict, "现在不能约谈")
	}
	return nil
}

func occupy(ctx context.Context, tx *unit.Tx, showID string, round int64, signup, talk string) error {
	return db.ExecOne(ctx, tx.Tx, qBusyAdd, showID, round, signup, talk)
}

// TalkAnswer is the input of AnswerTalk.
type TalkAnswer struct {
	ID      string `json:"-"`
	Accept  bool   `json:"accept"`
	Version int64  `json:"version"`
}

// AnswerTalk accepts or declines a talk one was asked for. Accepting takes a table, and ends what
// others asked either of the two for in the same round.
func (s *Service) AnswerTalk(ctx context.Context, by authz.Actor, in TalkAnswer) (Talk, error) {
	var out Talk
	err := s.unit.Write(ctx, by, "show.AnswerTalk", func(tx *unit.Tx) error {
		k, x, err := s.talkOf(ctx, tx, by, in.ID, in.Version)
		if err != nil {
			return err
		}
		if k.asked != by.Account {
			return fault.New(fault.Forbidden, "由被邀请的一方答复")
		}
		if k.State != TalkAsked {
			return fault.New(fault.Conflict, "这项约谈已经答复或取消")
		}
		if !in.Accept {
			if err := endTalk(ctx, tx, k, TalkDeclined); err != nil {
				return err
			}
		} else if err := s.accept(ctx, tx, x, k); err != nil {
			return err
		}
		out, err = db.Get(ctx, tx, qTalk, scanTalk, k.ID)
		return err
	})
	if db.Violates(err, "show_busy", "show", "round", "signup") {
		return Talk{}, fault.New(fault.Conflict, "您这一轮已有其他安排，请先取消或婉拒")
	}
	if db.Violates(err, "show_table", "show", "round", "seat") {
		return Talk{}, occasion.Stale()
	}
	return out, err
}

func (s *Service) accept(ctx context.Context, tx *unit.Tx, x Show, k Talk) error {
	if err := talking(x); err != nil {
		return err
	}
	if _, err := next(ctx, tx, "talks:"+x.ID); err != nil { // one at a time
		return err
	}
	if err := occupy(ctx, tx, k.Show, k.Round, k.Asked.ID, k.ID); err != nil {
		return err
	}
	taken, err := db.All(ctx, tx, qTables, db.One[int64], k.Show, k.Round)
	if err != nil {
		return err
	}
	seat := int64(1)
	for _, n := range taken {
		if n == seat {
			seat++
		}
	}
	if seat > x.TalkTables {
		return fault.New(fault.Conflict, "这一轮的 %d 张洽谈桌已约满", x.TalkTables)
	}
	if err := db.ExecOne(ctx, tx.Tx, qTableAdd, k.Show, k.Round, seat, k.ID); err != nil {
		return err
	}
	if err := setTalk(ctx, tx, k, TalkAccepted, seat); err != nil {
		return err
	}
	rivals, err := db.All(ctx, tx, qTalksRivals, scanTalk, k.Show, k.Round, k.ID, k.Asked.ID,
		k.Asker.ID)
	if err != nil {
		return err
	}
	for _, r := range rivals {
		if err := endTalk(ctx, tx, r, TalkDeclined); err != nil {
			return err
		}
	}
	return nil
}

// CancelTalk ends a talk from either side.
func (s *Service) CancelTalk(
	ctx context.Context, by authz.Actor, talkID string, version int64,
) (Talk, error) {
	var out Talk
	err := s.unit.Write(ctx, by, "show.CancelTalk", func(tx *unit.Tx) error {
		k, _, err := s.talkOf(ctx, tx, by, talkID, version)
		if err != nil {
			return err
		}
		if k.State != TalkAsked && k.State != TalkAccepted {
			return fault.New(fault.Conflict, "这项约谈已经答复或取消")
		}
		if err := endTalk(ctx, tx, k, TalkCancelled); err != nil {
			return err
		}
		out, err = db.Get(ctx, tx, qTalk, scanTalk, k.ID)
		return err
	})
	return out, err
}

// talkOf loads a talk of the actor's own.
func (s *Service) talkOf(
	ctx context.Context, q db.Q, by authz.Actor, talkID string, version int64,
) (Talk, Show, error) {
	k, err := db.Get(ctx, q, qTalk, scanTalk, talkID)
	if err != nil {
		return k, Show{}, err
	}
	mine := k.Asker.ID
	if k.asked == by.Account {
		mine = k.Asked.ID
	}
	if _, err := s.signup(ctx, q, by, mine, ActSignupMeet); err != nil {
		return Talk{}, Show{}, occasion.Absent()
	}
	if k.Version != version {
		return k, Show{}, occasion.Stale()
	}
	x, err := byID(ctx, q, k.Show)
	return k, x, err
}

func setTalk(ctx context.Context, tx *unit.Tx, k Talk, state string, seat int64) error {
	err := db.ExecOne(ctx, tx.Tx, qTalkState, k.ID, k.Version, state, seat, tx.NowUs())
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: kindSignup, Object: k.Asked.ID, What: "talk",
		Detail: map[string]any{"talk": k.ID, "state": state}})
	tx.Emit(outbox.Event{Kind: EventTalk, Object: k.ID, Data: state})
	return nil
}

// endTalk ends a talk and frees both sides and the table.
func endTalk(ctx context.Context, tx *unit.Tx, k Talk, state string) error {
	for _, q := range []*db.Statement{qBusyDrop, qTableDel} {
		if _, err := db.Exec(ctx, tx.Tx, q, k.ID); err != nil {
			return err
		}
	}
	return setTalk(ctx, tx, k, state, 0)
}

// dropTalks ends all talks of somebody who does not come.
func dropTalks(ctx context.Context, tx *unit.Tx, signupID string) error {
	talks, err := db.All(ctx, tx, qTalksOf, scanTalk, signupID)
	if err != nil {
		return err
	}
	for _, k := range talks {
		if err := endTalk(ctx, tx, k, TalkCancelled); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) talksOf(ctx context.Context, q db.Q, signupID string) ([]Talk, error) {
	return db.All(ctx, q, qTalksOf, scanTalk, signupID)
}

// Talks returns the talks of an event: all that are agreed for its staff, their own for participants.
func (s *Service) Talks(ctx context.Context, by authz.Actor, showID string) ([]Talk, error) {
	q := s.unit.DB()
	x, err := s.read(ctx, q, by, showID)
	if err != nil {
		return nil, err
	}
	if Policy.MaySee(by, ActRun, x) {
		return db.All(ctx, q, qTalksAll, scanTalk, showID)
	}
	if err := s.meets(ctx, q, by, x); err != nil {
		return nil, err
	}
	mine, err := db.All(ctx, q, qOwnSignups, scanSignup, showID, by.Account)
	if err != nil {
		return nil, err
	}
	var out []Talk
	for _, g := range mine {
		more, err := s.talksOf(ctx, q, g.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}
