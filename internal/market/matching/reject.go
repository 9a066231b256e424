package matching

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// MaxRejectText bounds what people add to why a match is not relevant, in characters.
const MaxRejectText = 200

// Class is one of the reasons for which a match is not relevant.
type Class struct {
	Value string
	Title string // Chinese, a key of package i18n
	// judges says that it tells something about the pair: what is known already, or not needed any
	// more, may fit all the same.
	judges bool
}

// Classes are the reasons that people choose from.
func Classes() []Class {
	return []Class{
		{"subject", "说的不是一回事", true},
		{"parameters", "指标达不到", true},
		{"readiness", "成熟度不合适", true},
		{"price", "价格不合适", false},
		{"place", "地域或合作方式不合适", false},
		{"known", "已经接触过", false},
		{"settled", "已经解决，不再需要", false},
		{"other", "其他原因", false},
	}
}

func classOf(value string) (Class, bool) {
	for _, c := range Classes() {
		if c.Value == value {
			return c, true
		}
	}
	return Class{}, false
}

var (
	qReject = db.Stmt(`INSERT INTO matching_reject (account, post, other, class, text, at_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (account, post, other) DO UPDATE
		SET class = excluded.class, text = excluded.text, at_us = excluded.at_us,
			version = matching_reject.version + 1`)
	qUnreject = db.Stmt(`DELETE FROM matching_reject WHERE account = $1 AND post = $2 AND other = $3`)
	qJudge    = db.Stmt(`INSERT INTO matching_judgement (need, offer, source, account, grade, at_us,
			version) VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (need, offer, source, account) DO UPDATE SET grade = excluded.grade,
			at_us = excluded.at_us, version = matching_judgement.version + 1`)
	qUnjudge = db.Stmt(`DELETE FROM matching_judgement WHERE need = $1 AND offer = $2 AND source = $3
		AND account = $4`)
)

// RejectInput is the input of Reject.
type RejectInput struct {
	Class string `json:"class"`
	Text  string `json:"text"`
}

func (in *RejectInput) check() error {
	in.Text = strings.TrimSpace(in.Text)
	var f []fault.Field
	if _, ok := classOf(in.Class); !ok {
		f = append(f, fault.At("class", "请选择不相关的原因"))
	}
	if utf8.RuneCountInString(in.Text) > MaxRejectText {
		f = append(f, fault.At("text", "补充说明请不超过 %d 字", MaxRejectText))
	}
	return fault.Fields(f...)
}

// Reject says that a match is not relevant to the actor, and why. It is not shown to the actor again,
// and what it says about the pair is kept for the training of weights.
func (s *Service) Reject(ctx context.Context, by authz.Actor, matchID string, in RejectInput) error {
	m, err := s.row(ctx, by, matchID)
	if err != nil {
		return err
	}
	return s.reject(ctx, by, "matching.Reject", m, in)
}

// RejectPair is Reject for a match that the record of the actor's post shows, whether a run has found it or not.
func (s *Service) RejectPair(ctx context.Context, by authz.Actor, postID, other string, in RejectInput) error {
	m, err := s.pairRow(ctx, by, postID, other)
	if err != nil {
		return err
	}
	return s.reject(ctx, by, "matching.RejectPair", m, in)
}

func (s *Service) reject(ctx context.Context, by authz.Actor, useCase string, m Row, in RejectInput) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.match", Object: m.ID, What: "reject", Reason: in.Text,
			Detail: map[string]string{"class": in.Class, "post": m.Post, "other": m.Other}})
		err := db.ExecOne(ctx, tx.Tx, qReject, by.Account, m.Post, m.Other, in.Class, in.Text, tx.NowUs())
		if err != nil {
			return err
		}
		if c, _ := classOf(in.Class); c.judges {
			return judge(ctx, tx.Tx, m.Need, m.Offer, fromReject, by.Account, 0, tx.NowUs())
		}
		_, err = db.Exec(ctx, tx.Tx, qUnjudge, m.Need, m.Offer, fromReject, by.Account)
		return err
	})
}

// Restore takes a rejection of the actor back.
func (s *Service) Restore(ctx context.Context, by authz.Actor, matchID string) error {
	m, err := s.row(ctx, by, matchID)
	if err != nil {
		return err
	}
	return s.takeBack(ctx, by, "matching.Restore", m)
}

// RestorePair takes back what RejectPair said.
func (s *Service) RestorePair(ctx context.Context, by authz.Actor, postID, other string) error {
	m, err := s.pairRow(ctx, by, postID, other)
	if err != nil {
		return err
	}
	return s.takeBack(ctx, by, "matching.RestorePair", m)
}

func (s *Service) takeBack(ctx context.Context, by authz.Actor, useCase string, m Row) error {
	return s.unit.Write(ctx, by, useCase, func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.match", Object: m.ID, What: "restore",
			Detail: map[string]string{"post": m.Post, "other": m.Other}})
		if _, err := db.Exec(ctx, tx.Tx, qUnreject, by.Account, m.Post, m.Other); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx.Tx, qUnjudge, m.Need, m.Offer, fromReject, by.Account)
		return err
	})
}

// Rejects says whether an actor may say of what fits a post that it does not: those who are told of it may.
func Rejects(by authz.Actor, p *market.Post) bool {
	return MatchPolicy.MaySee(by, ActMatchReject, Row{Org: p.OrgNow, Person: p.Broker}) && !p.Limited
}

// pairRow is the match of two posts that the actor may say something about: one is the actor's, both can be read.
func (s *Service) pairRow(ctx context.Context, by authz.Actor, postID, other string) (Row, error) {
	own, err := s.opt.Market.GetPost(ctx, by, postID)
	if err != nil {
		return Row{}, err
	}
	if err := MatchPolicy.May(by, ActMatchReject, Row{Org: own.OrgNow, Person: own.Broker}); err != nil || own.Limited {
		return Row{}, errNotOwn
	}
	p, err := s.opt.Market.GetPost(ctx, by, other)
	if err != nil {
		return Row{}, err
	}
	m := Row{Org: own.OrgNow, Person: own.Broker, Post: own.ID, Other: p.ID, Need: own.ID, Offer: p.ID}
	switch {
	case own.Kind == p.Kind:
		return Row{}, fault.New(fault.Invalid, "须为一条需求与一条成果")
	case own.Kind == market.Achievement:
		m.Need, m.Offer = m.Offer, m.Need
	}
	return m, nil
}

var errNotOwn = fault.New(fault.Forbidden, "只能对本单位或本人经办的供需标明不相关")

// row returns a match that the actor may say something about: both posts can still be read.
func (s *Service) row(ctx context.Context, by authz.Actor, matchID string) (Row, error) {
	m, err := db.Get(ctx, s.db, qRow, scanRow, matchID)
	if err == nil {
		err = MatchPolicy.May(by, ActMatchReject, m)
	}
	if err != nil {
		return m, err
	}
	other, err := market.PostByID(ctx, s.db, m.Other)
	if err == nil {
		err = market.PostPolicy.May(by, market.ActPostRead, other)
	}
	return m, err
}

// Sources of judgements.
const (
	fromReject  = "reject"
	fromOutcome = "outcome"
)

// Grades of a pair, as the gain of a judged list reads them.
const (
	gradeNot    = 0
	gradeTalked = 2
	gradeSigned = 3
)

func judge(
	ctx context.Context, tx *db.Tx, need, offer, source, account string, grade, nowUs int64,
) error {
	return db.ExecOne(ctx, tx, qJudge, need, offer, source, account, grade, nowUs)
}
