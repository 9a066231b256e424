package matching

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/notify"
)

// Kinds of notices of the market.
const (
	KindMatches = "matching.matches"
	KindSaved   = "matching.saved"
)

// NoticeKinds are the kinds of notices that this room tells.
func NoticeKinds() []notify.Kind {
	return []notify.Kind{
		{Name: KindMatches, Title: "新的供需匹配", Mail: true},
		{Name: KindSaved, Title: "保存的检索有新结果", Mail: true},
	}
}

var (
	qRunReaders = db.Stmt(`SELECT DISTINCT m.org, m.person FROM matching_match AS m WHERE m.run = $1
		ORDER BY m.org, m.person`)
	qRunCount = db.Stmt(`SELECT COUNT(*) FROM matching_match AS m
		WHERE m.run = $1 AND m.org = $2 AND m.person = $3 AND m.score >= $4
			AND NOT EXISTS (SELECT 1 FROM matching_reject AS r WHERE r.account = $5
				AND r.post = m.post AND r.other = m.other)`)
	qRunBest = db.Stmt(`SELECT p.title FROM matching_match AS m
			JOIN market_post AS p ON p.id = m.other
		WHERE m.run = $1 AND m.org = $2 AND m.person = $3 ORDER BY m.score DESC, m.id LIMIT 1`)
)

// tellRun tells each account how many matches of a run are above its line, in one notice, and
// returns how many accounts were told.
func (s *Service) tellRun(ctx context.Context, tx *db.Tx, r Run) (int, error) {
	if s.opt.Notify == nil {
		return 0, nil
	}
	readers, err := db.All(ctx, tx, qRunReaders, func(row db.Row) (reader, error) {
		var x reader
		return x, row.Scan(&x.org, &x.person)
	}, r.ID)
	if err != nil {
		return 0, err
	}
	counts := map[string]int64{}
	best := map[string]string{}
	for _, x := range readers {
		if err := s.countRun(ctx, tx, r, x, counts, best); err != nil {
			return 0, err
		}
	}
	accounts := make([]string, 0, len(counts))
	for account := range counts {
		accounts = append(accounts, account)
	}
	slices.Sort(accounts)
	for _, account := range accounts {
		err := s.opt.Notify.TellAt(ctx, tx, s.nowUs(), notify.Notice{
			To: []notify.To{notify.ToAccount(account)}, Kind: KindMatches,
			Title:  notify.Text{Key: "有 %d 条新的供需匹配", Args: []any{counts[account]}},
			Detail: notify.Text{Key: "例如：%s", Args: []any{best[account]}},
			Href:   "/matches?new=1", Once: KindMatches + ":" + r.ID,
		})
		if err != nil {
			return 0, err
		}
	}
	return len(accounts), nil
}

// countRun adds up what a reader's accounts get of a run.
func (s *Service) countRun(
	ctx context.Context, tx *db.Tx, r Run, x reader, counts map[string]int64, best map[string]string,
) error {
	to := notify.To{Org: x.org}
	if x.person != "" {
		to = notify.To{Person: x.person, Role: authz.Broker}
	}
	accounts, err := s.opt.Notify.Accounts(ctx, tx, to)
	if err != nil || len(accounts) == 0 {
		return err
	}
	title, err := db.Get(ctx, tx, qRunBest, db.One[string], r.ID, x.org, x.person)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		line, err := s.lineOf(ctx, tx, account)
		if err != nil {
			return err
		}
		n, err := db.Get(ctx, tx, qRunCount, db.One[int64], r.ID, x.org, x.person,
			int64(line.Line)*10_000, account)
		if err != nil {
			return err
		}
		if n > 0 {
			counts[account] += n
			best[account] = title
		}
	}
	return nil
}
