package party

import (
	"cmp"
	"context"
	"math"
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
	likeEnough    = 0.75            // Dice of character pairs
	maxSimilarKey = 60              // characters of a key that are compared
	maxNear       = 2 * termsAtOnce // organisations whose keys are compared
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

	keyList = db.Select(`org.id, org.name_key`, `org`,
		db.Order{Name: "num", Cols: []db.Col{db.IntCol("org.num")}})
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

// closeNames adds organisations whose keys are like key.
func closeNames(ctx context.Context, q db.Q, h hits, key string) error {
	mine := Grams(key)
	near, err := nearNames(ctx, q, mine)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(near, termsAtOnce) {
		args := make([]any, len(part))
		for i, n := range part {
			args[i] = n.num
		}
		err := db.Stream(ctx, q, keyList, db.Where{}.In("org.num", args...), keyList.Order("num"),
			len(args), scanNamed, func(n named) error {
				if like := Dice(mine, Grams(n.key)); like >= likeEnough && n.key != key {
					h.add(n.org, int(like*scoreClose), "名称相近")
				}
				return nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// nearName is the number of an organisation with the most that the Dice of its key can be.
type nearName struct {
	num  int64
	like float64
}

// nearNames returns the organisations whose keys may be like enough to one of these pairs, the
// nearest first. Two texts of m and n pairs whose Dice is at least t share t·(m+n)/2 of them, so n
// lies between t·m/(2−t) and (2−t)·m/t. What the index says of an organisation is about its other
// names too, so keys are compared again.
func nearNames(ctx context.Context, q db.Q, mine []string) ([]nearName, error) {
	m := float64(len(mine))
	least := int(math.Ceil(likeEnough * m / (2 - likeEnough)))
	most := int((2 - likeEnough) * m / likeEnough)
	terms := append([]string{termLiving}, mine...)
	for n := least; n <= most; n++ {
		terms = append(terms, lengthTerm(n))
	}
	sets, err := termSets(ctx, q, terms)
	if err != nil {
		return nil, err
	}
	some := haveSome(sets, mine, least).and(sets[termLiving])
	var out []nearName
	for n := least; n <= most; n++ {
		of := some.clone().and(sets[lengthTerm(n)])
		of.each(func(num int64) {
			shared := 0
			for _, g := range mine {
				if sets[g].has(num) {
					shared++
				}
			}
			if like := 2 * float64(shared) / (m + float64(n)); like >= likeEnough {
				out = append(out, nearName{num, like})
			}
		})
	}
	slices.SortFunc(out, func(a, b nearName) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.num, b.num))
	})
	return out[:min(len(out), maxNear)], nil
}

// haveSome returns who may share at least so many of the pairs: whoever does has one of the rarest
// of them, all but least−1.
func haveSome(sets map[string]numbers, pairs []string, least int) numbers {
	byCount := slices.Clone(pairs)
	count := map[string]int64{}
	for _, g := range pairs {
		count[g] = sets[g].count()
	}
	slices.SortFunc(byCount, func(a, b string) int { return cmp.Compare(count[a], count[b]) })
	var out numbers
	for _, g := range byCount[:len(byCount)-least+1] {
		out = out.or(sets[g])
	}
	return out
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
