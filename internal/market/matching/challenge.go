package matching

import (
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/outbox"
)

// A need that became a challenge (揭榜) goes on being matched: what it asks everybody for may be there
// already. Its owner, its broker and the desk are told so at once, and of what comes later with the
// weekly run.

// KindChallenge is the kind of notices of achievements for a challenge.
const KindChallenge = "matching.challenge"

const jobChallenge = "matching.challenge"

type challengeArgs struct {
	Need string `json:"need"`
}

// Challenges returns the consumer that has a need matched when it becomes a challenge.
func (s *Service) Challenges() outbox.Consumer {
	return outbox.Consumer{
		Name:  "matching.challenges",
		Kinds: []string{deal.EventNeedChallenged},
		Handle: func(ctx context.Context, tx *db.Tx, events []outbox.Stored) error {
			for _, e := range events {
				_, _, err := job.Add(ctx, tx, e.AtUs, job.Spec{Kind: jobChallenge,
					Args: challengeArgs{e.Object}, UniqueKey: jobChallenge + ":" + e.Object})
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// matchChallenge finds what is there already for a challenge, keeps it as its owner's matches and tells
// those who look after it and the desk.
func (s *Service) matchChallenge(ctx context.Context, run *job.Run) error {
	var args challengeArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	if err := s.CatchUp(ctx); err != nil {
		return err
	}
	m := newMemo(s.index())
	n, err := s.note(ctx, m, args.Need)
	if fault.Is(err, fault.NotFound) || err == nil && n.post.State != market.Challenged {
		return nil // it ended before
	}
	if err != nil {
		return err
	}
	own := n.all(m.x)
	var found []Row
	var told []notify.Notice
	for _, r := range readersOf(own.post) {
		list, err := s.matchFor(ctx, m, r, own)
		if err != nil {
			return err
		}
		mine := rowsOf(r, own.post.ID, list)
		found = append(found, mine...)
		letters, err := s.challengeLetters(ctx, m, r, own.post, mine)
		if err != nil {
			return err
		}
		told = append(told, letters...)
	}
	list, err := s.matches(ctx, m, houseActor, own, topRun)
	if err != nil {
		return err
	}
	forDesk, err := s.deskLetter(ctx, m, own.post, rowsOf(reader{by: houseActor}, own.post.ID, list), "")
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := run.Hold(ctx, tx); err != nil {
			return err
		}
		for _, x := range found {
			_, err := db.Exec(ctx, tx, qRowAdd, id.New(), x.Org, x.Person, x.Post, x.Other, x.Need, x.Offer,
				x.Score, jobChallenge, s.nowUs())
			if err != nil {
				return err
			}
		}
		return s.tell(ctx, tx, append(told, forDesk...))
	})
}

func rowsOf(r reader, post string, list []scored) []Row {
	var out []Row
	for _, x := range list {
		out = append(out, r.row(post, x.Match))
	}
	return out
}

// tell tells notices, if anybody is told at all.
func (s *Service) tell(ctx context.Context, tx *db.Tx, list []notify.Notice) error {
	for _, n := range list {
		if err := s.opt.Notify.TellAt(ctx, tx, s.nowUs(), n); err != nil {
			return err
		}
	}
	return nil
}

var qRejected = db.Stmt(`SELECT r.other FROM matching_reject AS r WHERE r.account = $1 AND r.post = $2`)

// challengeLetters are what the accounts of a reader are told of its challenge: each what is above its
// line and was not rejected by it.
func (s *Service) challengeLetters(
	ctx context.Context, m *memo, r reader, need *market.Post, list []Row,
) ([]notify.Notice, error) {
	if s.opt.Notify == nil || len(list) == 0 {
		return nil, nil
	}
	accounts, err := s.opt.Notify.Accounts(ctx, s.db, r.to())
	if err != nil {
		return nil, err
	}
	var out []notify.Notice
	for _, account := range accounts {
		line, err := s.lineOf(ctx, s.db, account)
		if err != nil {
			return nil, err
		}
		not, err := db.All(ctx, s.db, qRejected, db.One[string], account, need.ID)
		if err != nil {
			return nil, err
		}
		rows := slices.DeleteFunc(slices.Clone(list), func(x Row) bool {
			return x.Score < int64(line.Line)*10_000 || slices.Contains(not, x.Other)
		})
		n, err := s.challengeLetter(ctx, m, r.by, need, rows)
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			n.To, n.Once = []notify.To{notify.ToAccount(account)}, KindChallenge+":"+need.ID
			out = append(out, n)
		}
	}
	return out, nil
}

// deskLetter is what the desk is told of a challenge: what is above the usual line. Once tells letters
// of one challenge apart.
func (s *Service) deskLetter(
	ctx context.Context, m *memo, need *market.Post, list []Row, once string,
) ([]notify.Notice, error) {
	if s.opt.Notify == nil {
		return nil, nil
	}
	rule, err := market.RuleOn(ctx, s.db, s.day())
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(x Row) bool { return x.Score < int64(rule.MatchLine)*10_000 })
	if len(list) == 0 {
		return nil, nil
	}
	n, err := s.challengeLetter(ctx, m, houseActor, need, list)
	n.To, n.Once = []notify.To{notify.ToRole(authz.Officer)}, KindChallenge+":desk:"+need.ID+once
	return []notify.Notice{n}, err
}

// challengeLetter names the best of what there is for a challenge, as the actor may see it.
func (s *Service) challengeLetter(
	ctx context.Context, m *memo, by authz.Actor, need *market.Post, list []Row,
) (notify.Notice, error) {
	n := notify.Notice{Kind: KindChallenge, Href: "/market/posts/" + need.ID + "/matches",
		Title: notify.Text{Key: "揭榜需求“%s”已有 %d 项成果可能适用", Args: []any{need.Title, len(list)}}}
	for _, x := range list[:min(len(list), namedAtMost)] {
		p, err := s.pairFor(ctx, m, by, x)
		if err != nil {
			return n, err
		}
		if p == nil {
			continue
		}
		line := notify.Line{Title: notify.Text{Key: "%s", Args: []any{p.other.Title}}, Href: "/market/posts/" + x.Other}
		if p.why != nil {
			line.Detail = notify.Text{Key: "%s", Args: []any{*p.why}}
		}
		n.Lines = append(n.Lines, line)
	}
	n.Detail = moreThan(len(list), len(n.Lines))
	return n, nil
}

var (
	qRunChallenges = db.Stmt(`SELECT DISTINCT m.need FROM matching_match AS m
			JOIN market_post AS p ON p.id = m.need
		WHERE m.run = $1 AND m.post = m.need AND p.state = 'challenged' ORDER BY m.need`)
	qRunOffers = db.Stmt(`SELECT m.offer, MAX(m.score) FROM matching_match AS m
			JOIN market_post AS p ON p.id = m.offer
		WHERE m.run = $1 AND m.post = $2 AND p.state IN ` + openStates + `
		GROUP BY m.offer ORDER BY MAX(m.score) DESC, m.offer LIMIT $3`)
)

// challengesOf are what the desk is told of a run: achievements that it found for challenges.
func (s *Service) challengesOf(ctx context.Context, m *memo, r Run) ([]notify.Notice, error) {
	needs, err := db.All(ctx, s.db, qRunChallenges, db.One[string], r.ID)
	if err != nil {
		return nil, err
	}
	var out []notify.Notice
	for _, needID := range needs {
		n, err := s.note(ctx, m, needID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list, err := db.All(ctx, s.db, qRunOffers, func(row db.Row) (Row, error) {
			x := Row{Post: needID, Need: needID}
			err := row.Scan(&x.Offer, &x.Score)
			x.Other = x.Offer
			return x, err
		}, r.ID, needID, int64(MaxMatches))
		if err != nil {
			return nil, err
		}
		letters, err := s.deskLetter(ctx, m, &n.post, list, ":"+r.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, letters...)
	}
	return out, nil
}
