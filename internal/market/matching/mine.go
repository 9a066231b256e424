package matching

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Row is a match that the weekly run found for an organisation or a broker.
type Row struct {
	ID     string
	Org    string // for whom: an organisation …
	Person string // … or a person
	Post   string // the reader's own
	Other  string
	Need   string
	Offer  string
	Score  int64 // in millionths
	MadeUs int64
}

const rowCols = `m.id, m.org, m.person, m.post, m.other, m.need, m.offer, m.score, m.made_us`

func scanRow(r db.Row) (Row, error) {
	var m Row
	err := r.Scan(&m.ID, &m.Org, &m.Person, &m.Post, &m.Other, &m.Need, &m.Offer, &m.Score, &m.MadeUs)
	return m, err
}

// rows joins the other post under the name that the policy of posts gives it, so that a list holds
// only what its reader may still read.
var rows = db.Select(rowCols, `matching_match AS m JOIN market_post AS p ON p.id = m.other
		JOIN market_post AS own ON own.id = m.post`,
	// A run finds all of its matches at one moment: among them the best come first.
	db.Order{Name: "newest", Desc: true, Cols: []db.Col{db.IntCol("m.made_us"), db.IntCol("m.score"),
		db.TextCol("m.id")}},
	db.Order{Name: "score", Desc: true, Cols: []db.Col{db.IntCol("m.score"), db.TextCol("m.id")}},
)

var (
	qRow     = db.Stmt(`SELECT ` + rowCols + ` FROM matching_match AS m WHERE m.id = $1`)
	qLine    = db.Stmt(`SELECT l.line, l.seen_us FROM matching_line AS l WHERE l.account = $1`)
	qLineSet = db.Stmt(`INSERT INTO matching_line (account, line, seen_us, version) VALUES ($1, $2, 0, 1)
		ON CONFLICT (account) DO UPDATE SET line = excluded.line, version = matching_line.version + 1`)
	qSeenSet = db.Stmt(`INSERT INTO matching_line (account, line, seen_us, version)
		VALUES ($1, 0, $2, 1) ON CONFLICT (account) DO UPDATE SET seen_us = excluded.seen_us,
			version = matching_line.version + 1`)
)

// Line is from which score on somebody wants to be told of matches.
type Line struct {
	Line   int   `json:"line"`  // in hundredths
	Usual  bool  `json:"usual"` // nothing was said: it is that of the city
	SeenUs int64 `json:"seenUs"`
}

// Lines returns the lines that people may choose, in hundredths.
func Lines() []int { return lineChoices }

// Line returns the actor's line.
func (s *Service) Line(ctx context.Context, by authz.Actor) (Line, error) {
	return s.lineOf(ctx, s.db, by.Account)
}

func (s *Service) lineOf(ctx context.Context, q db.Q, account string) (Line, error) {
	l, _, err := db.Find(ctx, q, qLine, func(r db.Row) (Line, error) {
		var l Line
		return l, r.Scan(&l.Line, &l.SeenUs)
	}, account)
	if err != nil || l.Line != 0 {
		return l, err
	}
	rule, err := market.RuleOn(ctx, q, s.day())
	l.Line, l.Usual = rule.MatchLine, true
	return l, err
}

// SetLine says from which score on the actor wants to be told, in hundredths; 0 is the usual one.
func (s *Service) SetLine(ctx context.Context, by authz.Actor, line int) error {
	if err := mayMatches(by); err != nil {
		return err
	}
	if line < 0 || line > market.MaxMatchLine {
		return fault.Fields(fault.At("line", "分数线应在 0 与 %d 之间", market.MaxMatchLine))
	}
	return s.unit.Write(ctx, by, "matching.SetLine", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "matching.line", Object: by.Account, What: "set", Detail: line})
		return db.ExecOne(ctx, tx.Tx, qLineSet, by.Account, int64(line))
	})
}

// mayMatches says whether there may be matches for an actor at all.
func mayMatches(by authz.Actor) error {
	if by.Account == "" {
		return fault.New(fault.Forbidden, "请先登录")
	}
	if !MatchPolicy.Could(by, ActMatchRead) {
		return fault.New(fault.Forbidden, "您的角色没有供需匹配")
	}
	return nil
}

// Seen notes that the actor has seen all that was found up to a moment.
func (s *Service) Seen(ctx context.Context, by authz.Actor, untilUs int64) error {
	if err := mayMatches(by); err != nil {
		return err
	}
	untilUs = min(untilUs, s.nowUs())
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return db.ExecOne(ctx, tx, qSeenSet, by.Account, untilUs)
	})
}

// MineFilter narrows the list of the actor's matches.
type MineFilter struct {
	New  bool   `json:"new"`  // found since the actor last said that all is seen
	Post string `json:"post"` // of this post of the actor's
}

// Mine is a match with both posts as the actor sees them.
type Mine struct {
	ID     string      `json:"id"`
	Own    market.Post `json:"own"`
	Other  market.Post `json:"other"`
	Match  Match       `json:"match"`
	MadeUs int64       `json:"madeUs"`
	New    bool        `json:"new"`
}

// ListMine returns a page of what was found for the actor, above the actor's line and not rejected
// by the actor, as far as both posts are open and the actor may read them. Scores and
// reasons are made anew: they say what the actor may see now.
func (s *Service) ListMine(
	ctx context.Context, by authz.Actor, f MineFilter, order string, p db.PageReq,
) (db.Page[Mine], error) {
	if err := mayMatches(by); err != nil {
		return db.Page[Mine]{}, err
	}
	w, line, err := s.mineScope(ctx, by, f)
	if err != nil {
		return db.Page[Mine]{}, err
	}
	page, err := db.List(ctx, s.db, rows, w, rows.Order(order), p, scanRow)
	out := db.Page[Mine]{Next: page.Next, Prev: page.Prev}
	if err != nil {
		return out, err
	}
	built := s.ready(ctx) == nil // before the posts are looked at with the index that is there then
	posts, err := s.postsOf(ctx, by, page.Items)
	if err != nil {
		return out, err
	}
	for _, m := range page.Items {
		own, other := posts[m.Post], posts[m.Other]
		if own == nil || other == nil {
			continue // hidden from the actor a moment ago
		}
		x := Mine{ID: m.ID, Own: *own.post, Other: *other.post, MadeUs: m.MadeUs, New: m.MadeUs > line.SeenUs}
		if x.Match = m.stored(); built {
			if x.Match, err = s.matchNow(ctx, by, m, own, other); err != nil {
				return out, err
			}
		}
		out.Items = append(out.Items, x)
	}
	return out, nil
}

// postsOf returns the posts of some matches by their ids, as the actor may see them.
func (s *Service) postsOf(ctx context.Context, by authz.Actor, page []Row) (map[string]*sight, error) {
	var ids []string
	for _, m := range page {
		ids = append(ids, m.Post, m.Other)
	}
	slices.Sort(ids)
	out, x := map[string]*sight{}, s.index()
	for some := range slices.Chunk(slices.Compact(ids), db.MaxLimit) {
		posts, err := s.opt.Market.SomePosts(ctx, by, some)
		if err != nil {
			return nil, err
		}
		for i := range posts {
			out[posts[i].ID] = newSight(x, &posts[i])
		}
	}
	return out, nil
}

// CountMine counts what ListMine lists.
func (s *Service) CountMine(ctx context.Context, by authz.Actor, f MineFilter) (int64, error) {
	if mayMatches(by) != nil {
		return 0, nil
	}
	w, _, err := s.mineScope(ctx, by, f)
	if err != nil {
		return 0, err
	}
	return rows.Count(ctx, s.db, w, 0)
}

func (s *Service) mineScope(
	ctx context.Context, by authz.Actor, f MineFilter,
) (db.Where, Line, error) {
	line, err := s.Line(ctx, by)
	w := MatchPolicy.Scope(by, ActMatchRead).AndAll(market.PostPolicy.Scope(by, market.ActPostRead)).
		And("p.state IN "+openStates+" AND own.state IN "+openStates).
		And("m.score >= $1", int64(line.Line)*10_000).
		And(`NOT EXISTS (SELECT 1 FROM matching_reject AS r WHERE r.account = $1 AND r.post = m.post
			AND r.other = m.other)`, by.Account)
	if f.New {
		w = w.And("m.made_us > $1", line.SeenUs)
	}
	if f.Post != "" {
		w = w.And("m.post = $1", f.Post)
	}
	return w, line, err
}

// stored is a match as it was found, without reasons.
func (m Row) stored() Match {
	return Match{Need: m.Need, Offer: m.Offer, Other: m.Other, Score: float64(m.Score) / 1e6}
}

// matchNow makes score and reasons of a match anew; what was stored where nothing joins the two any more.
func (s *Service) matchNow(ctx context.Context, by authz.Actor, m Row, own, other *sight) (Match, error) {
	need, offer := own, other
	if m.Need == m.Other {
		need, offer = offer, need
	}
	found, ok, err := s.pairSights(ctx, by, need, offer)
	if !ok || err != nil {
		return m.stored(), err
	}
	found.Other = m.Other
	return found, nil
}

func (s *Service) nowUs() int64 { return s.unit.Clock().Now().UnixMicro() }
