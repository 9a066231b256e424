package notify

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/job"
)

// Item is a notice in the inbox of an account.
type Item struct {
	ID        string
	Account   string
	Kind      string
	Title     Text
	Detail    Text // zero for none
	Href      string
	Lines     []Line
	CreatedUs int64
	ReadUs    int64 // 0: not read yet
}

// Unread reports whether it was not read yet.
func (n Item) Unread() bool { return n.ReadUs == 0 }

const itemCols = `n.id, n.account, n.kind, n.title, n.detail, n.href, n.lines, n.created_us,
	n.read_us`

func scanItem(r db.Row) (Item, error) {
	var n Item
	var title, detail, lines string
	err := r.Scan(&n.ID, &n.Account, &n.Kind, &title, &detail, &n.Href, &lines, &n.CreatedUs, &n.ReadUs)
	if err != nil {
		return n, err
	}
	if n.Title, err = job.DecodeText(title); err != nil {
		return n, err
	}
	if n.Detail, err = job.DecodeText(detail); err != nil {
		return n, err
	}
	n.Lines, err = decodeLines(lines)
	return n, err
}

var inbox = db.Select(itemCols, `notify_notice AS n`, db.Order{Name: "newest", Desc: true,
	Cols: []db.Col{db.IntCol("n.created_us"), db.TextCol("n.id")}})

var (
	qItem   = db.Stmt(`SELECT ` + itemCols + ` FROM notify_notice AS n WHERE n.id = $1`)
	qUnread = db.Stmt(`SELECT COUNT(*) FROM (SELECT n.id FROM notify_notice AS n
		WHERE n.account = $1 AND n.read_us = 0 LIMIT $2) AS counted`)
	qKinds = db.Stmt(`SELECT DISTINCT n.kind FROM notify_notice AS n WHERE n.account = $1`)
	qRead  = db.Stmt(`UPDATE notify_notice SET read_us = $3, version = version + 1
		WHERE account = $1 AND id = $2 AND read_us = 0`)
	qReadAll = db.Stmt(`UPDATE notify_notice SET read_us = $3, version = version + 1
		WHERE account = $1 AND created_us <= $2 AND read_us = 0`)
	qOld  = db.Stmt(`DELETE FROM notify_notice WHERE created_us < $1`)
	qFull = db.Stmt(`SELECT n.account FROM notify_notice AS n GROUP BY n.account
		HAVING COUNT(*) > $1 ORDER BY n.account LIMIT $2`)
	qTrim = db.Stmt(`DELETE FROM notify_notice WHERE account = $1 AND id NOT IN
		(SELECT n.id FROM notify_notice AS n WHERE n.account = $1
			ORDER BY n.created_us DESC, n.id DESC LIMIT $2)`)
	qOldMail = db.Stmt(`DELETE FROM notify_mail WHERE created_us < $1`)
)

// KindsIn returns the kinds of notices that are in the inbox of the actor, in the order of Kinds.
func (s *Service) KindsIn(ctx context.Context, by authz.Actor) ([]Kind, error) {
	have, err := db.All(ctx, s.unit.DB(), qKinds, db.One[string], by.Account)
	var out []Kind
	for _, k := range s.kinds {
		if slices.Contains(have, k.Name) {
			out = append(out, k)
		}
	}
	return out, err
}

// MaxUnread is where the count of unread notices stops.
const MaxUnread = 1000

// MaxMarked is how many notices are marked by one request.
const MaxMarked = 200

// Filter narrows the inbox. Zero fields do not narrow.
type Filter struct {
	Unread bool
	Kind   string
}

// List returns a page of the actor's notices, the newest first.
func (s *Service) List(
	ctx context.Context, by authz.Actor, f Filter, p db.PageReq,
) (db.Page[Item], error) {
	w := NoticePolicy.Scope(by, ActNoticeRead)
	if f.Unread {
		w = w.And("n.read_us = 0")
	}
	if f.Kind != "" {
		w = w.And("n.kind = $1", f.Kind)
	}
	return db.List(ctx, s.db, inbox, w, inbox.Order(""), p, scanItem)
}

// Unread counts the actor's unread notices, up to MaxUnread.
func (s *Service) Unread(ctx context.Context, by authz.Actor) (int, error) {
	if by.Account == "" {
		return 0, nil
	}
	n, err := db.Get(ctx, s.db, qUnread, db.One[int64], by.Account, int64(MaxUnread))
	return int(n), err
}

// Open marks a notice as read and returns it: people come to its page through it. That of another
// account is NotFound. What is read is nobody's business but the reader's and has no entry in the
// audit trail.
func (s *Service) Open(ctx context.Context, by authz.Actor, noticeID string) (Item, error) {
	n, err := db.Get(ctx, s.db, qItem, scanItem, noticeID)
	if err == nil {
		err = NoticePolicy.May(by, ActNoticeRead, n)
	}
	if err != nil || !n.Unread() {
		return n, err
	}
	return n, s.Mark(ctx, by, []string{noticeID})
}

// Mark marks notices of the actor as read; those of others are passed over. Errors: Invalid for more
// than MaxMarked.
func (s *Service) Mark(ctx context.Context, by authz.Actor, ids []string) error {
	if err := NoticePolicy.May(by, ActNoticeMark, Item{Account: by.Account}); err != nil {
		return err
	}
	if len(ids) > MaxMarked {
		return fault.Fields(fault.At("ids", "一次最多标记 %d 条消息", MaxMarked))
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	now := clock.Us(s.clock.Now())
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			if _, err := db.Exec(ctx, tx, qRead, by.Account, id, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// MarkAll marks all notices of the actor as read that came up to a moment, so that one that came
// since the page was made stays unread; 0 is now.
func (s *Service) MarkAll(ctx context.Context, by authz.Actor, untilUs int64) error {
	if err := NoticePolicy.May(by, ActNoticeMark, Item{Account: by.Account}); err != nil {
		return err
	}
	now := clock.Us(s.clock.Now())
	if untilUs <= 0 {
		untilUs = now
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, qReadAll, by.Account, untilUs, now)
		return err
	})
}

// trimAtOnce is how many accounts are trimmed in one transaction.
const trimAtOnce = 100

// Prune removes notices and mails older than Keep, and the oldest notices of accounts with more than
// MaxNotices. A nightly job calls it.
func (s *Service) Prune(ctx context.Context) error {
	before := clock.Us(s.clock.Now().Add(-Keep))
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, qOld, before); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, qOldMail, before)
		return err
	})
	for err == nil && ctx.Err() == nil {
		var full []string
		full, err = db.All(ctx, s.db, qFull, db.One[string], int64(MaxNotices), int64(trimAtOnce))
		if err != nil || len(full) == 0 {
			return err
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error {
			for _, account := range full {
				if _, err := db.Exec(ctx, tx, qTrim, account, int64(MaxNotices)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return err
}
