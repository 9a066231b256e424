package draft

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of drafts.
const (
	MaxBytes = 20 << 10 // of the fields of one draft, as JSON
	MaxForms = 50       // drafts of one account; the oldest goes first
	maxForm  = 100      // bytes of a form's name
	Keep     = 60 * 24 * time.Hour
)

// Draft is what was typed.
type Draft struct {
	Fields    url.Values
	UpdatedUs int64
}

// Line is a draft in the list of its author.
type Line struct {
	Form      string `json:"form"`
	UpdatedUs int64  `json:"updatedUs"`
	// UntilUs is when it goes away unless it is touched before.
	UntilUs int64 `json:"untilUs"`
}

var (
	qGet = db.Stmt(`SELECT fields, updated_us FROM draft WHERE account = $1 AND form = $2`)
	qPut = db.Stmt(`INSERT INTO draft (account, form, fields, updated_us) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, form) DO UPDATE SET fields = excluded.fields,
			updated_us = excluded.updated_us`)
	qList = db.Stmt(`SELECT form, updated_us FROM draft WHERE account = $1
		ORDER BY updated_us DESC, form LIMIT $2`)
	qDrop = db.Stmt(`DELETE FROM draft WHERE account = $1 AND form = $2`)
	qTrim = db.Stmt(`DELETE FROM draft WHERE account = $1 AND form NOT IN
		(SELECT d.form FROM draft AS d WHERE d.account = $1
			ORDER BY d.updated_us DESC, d.form LIMIT $2)`)
	qPrune = db.Stmt(`DELETE FROM draft WHERE updated_us < $1`)
)

// Service keeps drafts. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a service over the database.
func New(d *db.DB, c clock.Clock) *Service { return &Service{db: d, clock: c} }

// Save stores the fields of a form for the actor and returns when. It replaces the draft before.
// Errors: Forbidden for visitors, Invalid for more than MaxBytes.
func (s *Service) Save(
	ctx context.Context, by authz.Actor, form string, fields url.Values,
) (time.Time, error) {
	if by.Account == "" {
		return time.Time{}, fault.New(fault.Forbidden, "请先登录，才能保存草稿")
	}
	b, err := json.Marshal(fields)
	if err != nil {
		return time.Time{}, fmt.Errorf("encode draft: %w", err)
	}
	if len(b) > MaxBytes || len(form) > maxForm {
		return time.Time{}, fault.New(fault.Invalid, "内容超过 %d KB，草稿没有保存", MaxBytes>>10)
	}
	now := s.clock.Now()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, qPut, by.Account, form, string(b), clock.Us(now)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, qTrim, by.Account, int64(MaxForms))
		return err
	})
	return now, err
}

// Get returns the actor's draft of a form; false when there is none.
func (s *Service) Get(
	ctx context.Context, by authz.Actor, form string,
) (Draft, bool, error) {
	if by.Account == "" {
		return Draft{}, false, nil
	}
	return db.Find(ctx, s.db, qGet, scan, by.Account, form)
}

func scan(r db.Row) (Draft, error) {
	var d Draft
	var text string
	if err := r.Scan(&text, &d.UpdatedUs); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(text), &d.Fields); err != nil {
		return d, fmt.Errorf("decode draft: %w", err)
	}
	return d, nil
}

// List returns the actor's drafts, the newest first, without what was typed into them. There are
// at most MaxForms.
func (s *Service) List(ctx context.Context, by authz.Actor) ([]Line, error) {
	if by.Account == "" {
		return nil, nil
	}
	return db.All(ctx, s.db, qList, func(r db.Row) (Line, error) {
		var l Line
		err := r.Scan(&l.Form, &l.UpdatedUs)
		l.UntilUs = l.UpdatedUs + Keep.Microseconds()
		return l, err
	}, by.Account, int64(MaxForms))
}

// Drop removes the actor's draft of a form, if there is one.
func (s *Service) Drop(ctx context.Context, by authz.Actor, form string) error {
	if by.Account == "" {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qDrop, by.Account, form)
		return err
	})
}

// Prune removes drafts nobody has touched for Keep. A daily job calls it.
func (s *Service) Prune(ctx context.Context) (int64, error) {
	before := clock.Us(s.clock.Now().Add(-Keep))
	var n int64
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		n, err = db.Exec(ctx, tx, qPrune, before)
		return err
	})
	return n, err
}
