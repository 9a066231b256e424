package market

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/party"
)

// Bounds of looking for posts that are alike.
const (
	likeTitle     = 0.5 // least likeness of titles to look at a post at all
	likeSame      = 0.6 // least likeness of title or text to warn of it
	maxLikeGrams  = 40
	maxPerGram    = 400 // posts looked at for one pair
	maxCandidates = 300
	maxSimilar    = 10
	maxLikeText   = 2000 // characters of a text that are compared
)

var (
	qGramSize = db.Stmt(`SELECT COUNT(*) FROM (SELECT 1 AS one FROM market_gram WHERE gram = $1
		LIMIT $2) AS counted`)
	qGramOf = db.Stmt(`SELECT post FROM market_gram WHERE gram = $1 ORDER BY post DESC LIMIT $2`)
)

// Similar is a post that may be the one about to be written.
type Similar struct {
	Post    Post `json:"post"`    // as the actor may see it
	Percent int  `json:"percent"` // likeness of title or text, whichever is more
	Own     bool `json:"own"`     // it belongs to the same organisation
}

// SimilarTo is the input of SimilarPosts.
type SimilarTo struct {
	Kind   Kind   `json:"kind"`
	Title  string `json:"title"`
	Text   string `json:"text,omitempty"`
	Except string `json:"except,omitempty"` // id of the post that is being changed
}

// SimilarPosts returns posts of the kind that the actor may know of and that are much like one about
// to be written, the likeliest first: posted twice, or by somebody else too. Of a post that is shown
// by request only the title is compared.
func (s *Service) SimilarPosts(
	ctx context.Context, by authz.Actor, in SimilarTo,
) ([]Similar, error) {
	q := s.unit.DB()
	mine := party.Grams(firstRunes(in.Title, MaxTitle))
	ids, err := candidates(ctx, q, mine)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	w := PostPolicy.Scope(by, ActPostRead).In("p.id", ids...).And("p.kind = $1", string(in.Kind)).
		And("p.id <> $1", in.Except).And("p.state NOT IN ('withdrawn', 'closed')")
	var list []Post
	err = db.Stream(ctx, q, postList, w, postList.Order(""), maxCandidates, scanPost,
		func(p Post) error {
			list = append(list, p)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if err := fillReaders(ctx, q, list, by.Org); err != nil {
		return nil, err
	}
	text := party.Grams(firstRunes(in.Text, maxLikeText))
	var out []Similar
	for _, p := range list {
		p = p.seenBy(by)
		like := dice(mine, party.Grams(p.Title))
		if len(text) > 0 && p.Text != "" {
			like = max(like, dice(text, party.Grams(firstRunes(p.Text, maxLikeText))))
		}
		if like >= likeSame {
			out = append(out, Similar{p, int(like * percent), by.Org != "" && p.OrgNow == by.Org})
		}
	}
	slices.SortStableFunc(out, func(a, b Similar) int { return cmp.Compare(b.Percent, a.Percent) })
	return out[:min(len(out), maxSimilar)], nil
}

const percent = 100

// candidates returns the posts that share one of the rarest pairs of a title. Two titles whose
// likeness is at least t share t·m/(2−t) of the m pairs of one of them, so one that is like enough has
// at least one of the rarest m − t·m/(2−t) + 1 pairs: those alone are looked up.
func candidates(ctx context.Context, q db.Q, mine []string) ([]any, error) {
	type counted struct {
		gram string
		n    int64
	}
	var known []counted
	for _, g := range mine[:min(len(mine), maxLikeGrams)] {
		n, err := db.Get(ctx, q, qGramSize, db.One[int64], g, int64(maxPerGram))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			known = append(known, counted{g, n})
		}
	}
	slices.SortStableFunc(known, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	shared := int(likeTitle * float64(len(mine)) / (2 - likeTitle))
	look := min(len(known), max(1, len(mine)-shared+1-(len(mine)-len(known))))
	seen := map[string]bool{}
	var out []any
	for _, c := range known[:look] {
		list, err := db.All(ctx, q, qGramOf, db.One[string], c.gram, int64(maxPerGram))
		if err != nil {
			return nil, err
		}
		for _, postID := range list {
			if !seen[postID] && len(out) < maxCandidates {
				seen[postID] = true
				out = append(out, postID)
			}
		}
	}
	return out, nil
}

// dice is the likeness of two sets of pairs: twice what they share over what both have.
func dice(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	in := make(map[string]bool, len(a))
	for _, g := range a {
		in[g] = true
	}
	n := 0
	for _, g := range b {
		if in[g] {
			n++
		}
	}
	return float64(2*n) / float64(len(a)+len(b))
}
