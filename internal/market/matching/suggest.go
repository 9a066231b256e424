package matching

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// MaxSuggestions is how many titles are offered while somebody types.
const MaxSuggestions = 8

// Suggestion is a post that may be meant.
type Suggestion struct {
	ID    string      `json:"id"`
	Kind  market.Kind `json:"kind"`
	Title string      `json:"title"`
}

// Suggest returns titles of posts in the market that the actor may read, for what is typed so far.
// Nothing typed, and an index that is still made, suggest nothing.
func (s *Service) Suggest(ctx context.Context, by authz.Actor, text string) ([]Suggestion, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > MaxQuery || s.ready() != nil {
		return nil, nil
	}
	q := search{by: by, which: partAll, texts: []string{text}, fields: []float64{1},
		top: 4 * MaxSuggestions, weights: retrieval.SearchWeights,
		live: true}
	found, err := s.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var first, rest []Suggestion
	for _, h := range found {
		x := Suggestion{h.ID, h.facts.Kind, h.facts.Title}
		switch {
		case strings.Contains(h.facts.Title, text):
			first = append(first, x)
		case h.enough():
			rest = append(rest, x)
		}
	}
	first = append(first, rest...)
	return first[:min(len(first), MaxSuggestions)], nil
}
