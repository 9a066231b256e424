package matching

import (
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Limits of what is offered while somebody types.
const (
	MaxSuggestions = 8
	maxWords       = 5 // of them, so that there is room for posts
	leastPosts     = 2 // that must have a word
	longestWord    = 16
)

// What a suggestion is.
const (
	SuggestWord    = "word"    // a word that posts have, begun as it is typed, in characters or in pinyin
	SuggestSynonym = "synonym" // another word for what is typed
	SuggestPost    = "post"    // a post
)

// Suggestion is what may be meant by what is typed.
type Suggestion struct {
	What  string      `json:"what"` // word, synonym or post
	Title string      `json:"title"`
	ID    string      `json:"id,omitempty"`   // of a post
	Kind  market.Kind `json:"kind,omitempty"` // of a post
}

// Suggest returns for what is typed so far the words of the market that begin so, in characters or in
// pinyin (石墨, shimo, sm), other words for it, and titles of posts that the actor may read. Each word
// finds something when it is looked for. Nothing typed, and an index that is still made, suggest
// nothing.
func (s *Service) Suggest(ctx context.Context, by authz.Actor, text string) ([]Suggestion, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > MaxQuery || s.ready(ctx) != nil {
		return nil, nil
	}
	x := s.index()
	var out []Suggestion
	if mayCommon(by) {
		out = s.suggestWords(x, text)
	}
	q := search{by: by, which: partAll, texts: []string{text}, fields: []float64{1},
		top: 4 * MaxSuggestions, weights: retrieval.SearchWeights, live: true}
	found, err := s.find(ctx, &q)
	if err != nil {
		return nil, err
	}
	var first, rest []Suggestion
	for _, h := range found {
		x := Suggestion{What: SuggestPost, ID: h.ID, Kind: h.facts.Kind, Title: h.facts.Title}
		switch {
		case strings.Contains(h.facts.Title, text):
			first = append(first, x)
		case h.enough():
			rest = append(rest, x)
		}
	}
	out = append(append(out, first...), rest...)
	return out[:min(len(out), MaxSuggestions)], nil
}

// suggestWords returns words that begin as the last of what is typed, after what stands before it, and
// words that mean the same as it.
func (s *Service) suggestWords(x *index, text string) []Suggestion {
	before, typed := "", text
	if i := strings.LastIndexAny(text, " \t　，,、"); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		before, typed = text[:i+size], text[i+size:]
	}
	var out []Suggestion
	add := func(what, word string) {
		if strings.EqualFold(word, typed) || len(out) == maxWords || !s.finds(x, word) {
			return
		}
		for _, o := range out {
			if o.Title == before+word {
				return
			}
		}
		out = append(out, Suggestion{What: what, Title: before + word})
	}
	if term, ok := x.a.Term(typed); ok {
		for _, alt := range s.language().synonyms.Expand(nil, term) {
			add(SuggestSynonym, alt.Term)
		}
	}
	for _, w := range x.words.get(x, s.unit.Clock().Now()).Suggest(typed, 4*maxWords) {
		add(SuggestWord, w.Text)
	}
	return out
}

// finds says whether a post that everybody may find has a word.
func (s *Service) finds(x *index, word string) bool {
	q := search{texts: []string{word}, fields: []float64{1}, which: partAll, top: 1, live: true, x: x,
		weights: retrieval.Weights{Version: "finds", Share: 1}}
	for _, h := range s.findOn(x.common, &q, nil, nil) {
		if h.enough() {
			return true
		}
	}
	return false
}

// vocabulary are the words of the common shelf, gathered anew now and then: what is offered is looked
// up again before it is.
type vocabulary struct {
	mu   sync.Mutex
	of   *view
	at   time.Time
	list *retrieval.Suggester
}

// keepWords is how long words are offered that were gathered before the last change.
const keepWords = time.Minute

func (v *vocabulary) get(x *index, at time.Time) *retrieval.Suggester {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := x.common.view()
	if v.list != nil && (v.of == now || at.Sub(v.at) < keepWords) {
		return v.list
	}
	var words []retrieval.Suggestion
	for _, w := range now.parts[partAll].ix.Words(leastPosts) {
		if n := utf8.RuneCountInString(w.Text); n > 1 && n <= longestWord {
			words = append(words, w)
		}
	}
	v.of, v.at, v.list = now, at, retrieval.NewSuggester(words)
	return v.list
}
