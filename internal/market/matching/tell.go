package matching

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/market"
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
		{Name: KindChallenge, Title: "揭榜需求已有成果", Mail: true},
	}
}

// namedAtMost is how many matches a notice names with their reasons; of the rest it says how many.
const namedAtMost = 3

// runRows are the matches of a run that an account is told of: those of its organisation or person from
// its line on that it did not reject, as long as both posts are open.
const runRows = ` FROM matching_match AS m
		JOIN market_post AS p ON p.id = m.other JOIN market_post AS own ON own.id = m.post
	WHERE m.run = $1 AND m.org = $2 AND m.person = $3 AND m.score >= $4
		AND p.state IN ` + openStates + ` AND own.state IN ` + openStates + `
		AND NOT EXISTS (SELECT 1 FROM matching_reject AS r WHERE r.account = $5
			AND r.post = m.post AND r.other = m.other)`

var (
	qRunReaders = db.Stmt(`SELECT DISTINCT m.org, m.person FROM matching_match AS m WHERE m.run = $1
		ORDER BY m.org, m.person`)
	qRunCount = db.Stmt(`SELECT COUNT(*)` + runRows)
	qRunBest  = db.Stmt(`SELECT ` + rowCols + runRows + ` ORDER BY m.score DESC, m.id LIMIT $6`)
)

// letter is what an account is told of a run: how many matches there are, and the best of them.
type letter struct {
	count int64
	best  []picked
}

// picked is a match with the reader for whom it was found.
type picked struct {
	Row
	reader reader
}

// letters finds what each account is to be told of a run, and puts it into one notice.
func (s *Service) letters(ctx context.Context, r Run) ([]notify.Notice, error) {
	if s.opt.Notify == nil {
		return nil, nil
	}
	readers, err := db.All(ctx, s.db, qRunReaders, func(row db.Row) (reader, error) {
		var org, person string
		err := row.Scan(&org, &person)
		return readerFor(org, person), err
	}, r.ID)
	if err != nil {
		return nil, err
	}
	found := map[string]*letter{}
	for _, x := range readers {
		if err := s.lettersFor(ctx, r, x, found); err != nil {
			return nil, err
		}
	}
	var out []notify.Notice
	m := newMemo(s.index())
	lines := map[string]*notify.Line{} // the accounts of an organisation are told the same
	for _, account := range slices.Sorted(maps.Keys(found)) {
		n, err := s.letter(ctx, m, found[account], lines)
		if err != nil {
			return nil, err
		}
		n.To, n.Kind = []notify.To{notify.ToAccount(account)}, KindMatches
		n.Href, n.Once = "/matches?new=1", KindMatches+":"+r.ID
		out = append(out, n)
	}
	forDesk, err := s.challengesOf(ctx, m, r)
	return append(out, forDesk...), err
}

// to are the accounts of a reader.
func (r reader) to() notify.To {
	if r.person != "" {
		return notify.To{Person: r.person, Role: authz.Broker}
	}
	return notify.To{Org: r.org}
}

// lettersFor adds up what a reader's accounts get of a run.
func (s *Service) lettersFor(ctx context.Context, r Run, x reader, found map[string]*letter) error {
	accounts, err := s.opt.Notify.Accounts(ctx, s.db, x.to())
	if err != nil {
		return err
	}
	for _, account := range accounts {
		line, err := s.lineOf(ctx, s.db, account)
		if err != nil {
			return err
		}
		least := int64(line.Line) * 10_000
		n, err := db.Get(ctx, s.db, qRunCount, db.One[int64], r.ID, x.org, x.person, least, account)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		best, err := db.All(ctx, s.db, qRunBest, scanRow, r.ID, x.org, x.person, least, account,
			int64(namedAtMost))
		if err != nil {
			return err
		}
		if found[account] == nil {
			found[account] = &letter{}
		}
		found[account].add(n, best, x)
	}
	return nil
}

func (l *letter) add(n int64, best []Row, x reader) {
	l.count += n
	for _, row := range best {
		l.best = append(l.best, picked{row, x})
	}
	slices.SortStableFunc(l.best, func(a, b picked) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.ID, b.ID))
	})
	l.best = l.best[:min(len(l.best), namedAtMost)]
}

// letter writes the notice of a letter, but for whom it is.
func (s *Service) letter(
	ctx context.Context, m *memo, l *letter, lines map[string]*notify.Line,
) (notify.Notice, error) {
	n := notify.Notice{Title: notify.Text{Key: "有 %d 条新的供需匹配", Args: []any{l.count}}}
	for _, x := range l.best {
		line, known := lines[x.ID]
		if !known {
			var err error
			if line, err = s.lineFor(ctx, m, x.reader.by, x.Row); err != nil {
				return n, err
			}
			lines[x.ID] = line
		}
		if line != nil {
			n.Lines = append(n.Lines, *line)
		}
	}
	n.Detail = moreThan(int(l.count), len(n.Lines))
	return n, nil
}

// moreThan says how many things a notice does not name.
func moreThan(all, named int) notify.Text {
	if named == 0 || all <= named {
		return notify.Text{}
	}
	return notify.Text{Key: "另有 %d 条", Args: []any{all - named}}
}

// lineFor names a match with the reader's own post and with why it is one; nil when the reader may not
// know of one of the two any more.
func (s *Service) lineFor(ctx context.Context, m *memo, by authz.Actor, row Row) (*notify.Line, error) {
	p, err := s.pairFor(ctx, m, by, row)
	if err != nil || p == nil {
		return nil, err
	}
	line := &notify.Line{Title: notify.Text{Key: "%s", Args: []any{p.other.Title}},
		Detail: notify.Text{Key: "对应您的“%s”", Args: []any{p.own.Title}}, Href: "/market/posts/" + row.Other}
	if p.why != nil {
		line.Detail = notify.Text{Key: "对应您的“%s”。%s", Args: []any{p.own.Title, *p.why}}
	}
	return line, nil
}

// told is a match as a notice tells it: both posts as the reader may see them, and why they fit, nil
// when nothing is known of that any more.
type told struct {
	own, other *market.Post
	why        *i18n.Both
}

// pairFor reads a match as an actor may see it; nil when the actor may not know of one of the two.
func (s *Service) pairFor(ctx context.Context, m *memo, by authz.Actor, row Row) (*told, error) {
	own, err := s.sight(ctx, m, by, row.Post)
	if err != nil {
		return nil, unlessGone(err)
	}
	other, err := s.sight(ctx, m, by, row.Other)
	if err != nil {
		return nil, unlessGone(err)
	}
	out := &told{own: own.post, other: other.post}
	need, offer := own, other
	if row.Need == row.Other {
		need, offer = offer, need
	}
	on, err := s.shelfFor(ctx, m.x, by, row.Offer)
	if err != nil || on == nil {
		return out, err
	}
	if x, ok := s.scoreOn(on, need, offer); ok {
		why := both(brief(s.explained(&x).Reasons))
		out.why = &why
	}
	return out, nil
}

func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Limits of a sentence in a notice: the page of the match says the rest.
const (
	briefFor     = 3
	briefAgainst = 1
)

// brief are the first reasons for a match and the first against it.
func brief(list []Reason) []Reason {
	var out []Reason
	left := map[bool]int{true: briefFor, false: briefAgainst}
	for _, r := range list {
		if left[r.For] > 0 {
			left[r.For]--
			out = append(out, r)
		}
	}
	return out
}

// both puts reasons into one sentence in each language.
func both(list []Reason) i18n.Both {
	return i18n.Both{Zh: Sentence(i18n.ZH, list), En: Sentence(i18n.EN, list)}
}
