package party

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
)

// SimilarInput asks which organisations a name or credit code may already stand for.
type SimilarInput struct {
	Name   string `json:"name"`
	USCC   string `json:"uscc"`
	Except string `json:"except"` // id of the record that is being edited
}

// Similar is an organisation that may be the one asked for.
type Similar struct {
	Org     Org      `json:"org"`     // without addresses and contacts
	Score   int      `json:"score"`   // 100 = same credit code
	Reasons []string `json:"reasons"` // keys of package i18n
}

// Scores of the reasons. A close name scores its likeness in percent, below the surer ones.
const (
	scoreCode  = 100
	scoreKey   = 95
	scoreAlias = 92
	scoreClose = 90 // the most a close name gets
)

// Bounds of the search: it runs while people type.
const (
	MaxSimilar    = 10
	likeEnough    = 0.75 // Dice of character pairs
	maxSimilarKey = 60   // characters of a key that are compared
	perGram       = 400  // organisations that are looked at for one pair of characters
	maxCandidates = 1200
)

// found is what speaks for one organisation.
type found struct {
	score   int
	reasons []string
}

type hits map[string]*found

func (h hits) add(orgID string, score int, reason string) {
	x := h[orgID]
	if x == nil {
		x = &found{}
		h[orgID] = x
	}
	if slices.Contains(x.reasons, reason) {
		return
	}
	x.score = max(x.score, score)
	x.reasons = append(x.reasons, reason)
}

// named is an organisation and one of its keys.
type named struct{ org, key string }

func scanNamed(r db.Row) (named, error) {
	var n named
	err := r.Scan(&n.org, &n.key)
	return n, err
}

var (
	qSimilarCode = db.Stmt(`SELECT id, name_key FROM org WHERE uscc = $1 AND uscc <> ''
			AND merged_into = ''
		UNION ALL
		SELECT id, name_key FROM org WHERE uscc = $1 AND uscc <> '' AND merged_into <> ''`)
	qSimilarKey = db.Stmt(`SELECT id, name_key FROM org WHERE name_key = $1 LIMIT 50`)
	qSimilarAka = db.Stmt(`SELECT org, name_key FROM org_alias WHERE name_key = $1 LIMIT 50`)
	qGramOrgs   = db.Stmt(`SELECT o.id, o.name_key FROM org_gram AS g JOIN org AS o ON o.id = g.org
		WHERE g.gram = $1 AND o.merged_into = '' LIMIT $2`)
)

// SimilarOrganisations returns the organisations that the actor may read and that may be the one
// with this name or credit code, the likeliest first, at most MaxSimilar: those with the same code,
// with the same name but for its spelling (see NameKey), under another name or as a record that was
// merged, and those whose names share three quarters of their pairs of characters.
func (s *Service) SimilarOrganisations(
	ctx context.Context, by authz.Actor, in SimilarInput,
) ([]Similar, error) {
	q, h := s.unit.DB(), hits{}
	if code, err := id.ParseUSCC(in.USCC); err == nil {
		err := s.collect(ctx, q, h, qSimilarCode, string(code), scoreCode, "统一社会信用代码相同")
		if err != nil {
			return nil, err
		}
	}
	if key := firstRunes(NameKey(in.Name), maxSimilarKey); key != "" {
		err := s.collect(ctx, q, h, qSimilarKey, key, scoreKey, "名称仅写法不同")
		if err != nil {
			return nil, err
		}
		if err := s.collect(ctx, q, h, qSimilarAka, key, scoreAlias, "与其他名称相同"); err != nil {
			return nil, err
		}
		if err := closeNames(ctx, q, h, key); err != nil {
			return nil, err
		}
	}
	return s.present(ctx, by, h, in.Except)
}

// collect adds the living records of what a query finds.
func (s *Service) collect(
	ctx context.Context, q db.Q, h hits, stmt *db.Statement, arg string, score int, reason string,
) error {
	list, err := db.All(ctx, q, stmt, scanNamed, arg)
	if err != nil {
		return err
	}
	for _, n := range list {
		living, ok, err := db.Find(ctx, q, qOrgLiving, db.One[string], n.org)
		if err != nil {
			return err
		}
		if ok {
			h.add(living, score, reason)
		}
	}
	return nil
}

// closeNames adds organisations whose keys are like key. Two texts of m and n pairs whose Dice is
// at least t share t·m/(2−t) of the m pairs or more, so an organisation that is like enough has at
// least one of the rarest m − t·m/(2−t) + 1 pairs: those alone are looked up.
func closeNames(ctx context.Context, q db.Q, h hits, key string) error {
	mine := Grams(key)
	shared := int(likeEnough * float64(len(mine)) / (2 - likeEnough))
	type counted struct {
		gram string
		n    int64
	}
	var rare []counted
	for _, g := range mine {
		n, err := db.Get(ctx, q, qGramCount, db.One[int64], g, perGram)
		if err != nil {
			return err
		}
		if n > 0 {
			rare = append(rare, counted{g, n})
		}
	}
	slices.SortFunc(rare, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	missing := len(mine) - len(rare) // pairs that nobody has are among the rarest
	look := min(len(rare), max(1, len(mine)-shared+1-missing))
	seen := map[string]bool{}
	for _, c := range rare[:look] {
		list, err := db.All(ctx, q, qGramOrgs, scanNamed, c.gram, perGram)
		if err != nil {
			return err
		}
		for _, n := range list {
			if seen[n.org] {
				continue
			}
			seen[n.org] = true
			if like := Dice(mine, Grams(n.key)); like >= likeEnough && n.key != key {
				h.add(n.org, int(like*scoreClose), "名称相近")
			}
		}
		if len(seen) >= maxCandidates {
			break
		}
	}
	return nil
}

// Dice is twice the number of shared pairs over the number of all, between 0 and 1
// (Sørensen–Dice).
func Dice(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	has := make(map[string]bool, len(a))
	for _, g := range a {
		has[g] = true
	}
	shared := 0
	for _, g := range b {
		if has[g] {
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(a)+len(b))
}

// present loads what was found, best first, as far as the actor may read it.
func (s *Service) present(
	ctx context.Context, by authz.Actor, h hits, except string,
) ([]Similar, error) {
	ids := make([]string, 0, len(h))
	for orgID := range h {
		if orgID != except {
			ids = append(ids, orgID)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(h[b].score, h[a].score), cmp.Compare(a, b))
	})
	var out []Similar
	for _, orgID := range ids {
		o, err := orgByID(ctx, s.unit.DB(), orgID)
		if err != nil {
			return nil, err
		}
		if OrgPolicy.May(by, ActOrgRead, o) != nil {
			continue
		}
		out = append(out, Similar{Org: o, Score: h[orgID].score, Reasons: h[orgID].reasons})
		if len(out) == MaxSimilar {
			break
		}
	}
	return out, nil
}
