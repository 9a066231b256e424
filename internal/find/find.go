// Package find is the one search box over everything (全站检索): it asks the rooms that can be
// searched for what the actor may see and puts the answers side by side.
//
// It stores nothing and knows no room: package app lists the sources. A source answers with the
// scope of its own lists, so nobody finds here what a list would not show; a room that the actor may
// not list is left out and does not say that it exists.
package find

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
)

// Limits of a search.
const (
	MaxQuery = 100 // characters
	Few      = 5   // hits of each kind while all kinds are shown
	Many     = 20  // hits of one kind
)

// Hit is something that was found.
type Hit struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Href  string `json:"href"`            // its page
	About string `json:"about,omitempty"` // one line: its kind, place, state
}

// Source is what can be searched in one room. Texts are Chinese keys of package i18n.
type Source struct {
	Kind  string // "org"
	Title string // 组织
	// May says whether the actor has such a list at all. Others are not told that there is one.
	May func(by authz.Actor) bool
	// List is the address of the room's own list for these words.
	List func(query string) string
	// Search returns at most n hits, the best first, and whether there are more. Forbidden means
	// that the actor has no such list.
	Search func(ctx context.Context, by authz.Actor, query string, n int) ([]Hit, bool, error)
}

// Group is what was found in one room.
type Group struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Hits  []Hit  `json:"hits"`
	More  bool   `json:"more"` // there are others
	List  string `json:"list"` // the room's list for these words
}

// Answer is what a search found. Groups come in the order of the sources, empty ones are left out.
type Answer struct {
	Query  string  `json:"query"`
	Groups []Group `json:"groups"`
	// Waiting names the kinds that could not answer yet, such as an index that is being made.
	Waiting []string `json:"waiting,omitempty"`
}

// Service searches the rooms. It is safe for concurrent use.
type Service struct{ sources []Source }

// New returns a search over the sources.
func New(sources ...Source) *Service { return &Service{sources} }

// Kinds returns the kinds that the actor can ask for.
func (s *Service) Kinds(by authz.Actor) []Source {
	return slices.DeleteFunc(slices.Clone(s.sources), func(x Source) bool { return !x.May(by) })
}

// Search finds what the actor may see. kind "" asks all rooms. No words find nothing. Faults:
// Invalid at "q" and "kind".
func (s *Service) Search(ctx context.Context, by authz.Actor, query, kind string) (Answer, error) {
	out := Answer{Query: strings.Join(strings.Fields(query), " "), Groups: []Group{}}
	if !utf8.ValidString(out.Query) || strings.ContainsRune(out.Query, 0) {
		out.Query = ""
		return out, fault.Fields(fault.At("q", "检索词里有不能识别的字符，请重新输入"))
	}
	if utf8.RuneCountInString(out.Query) > MaxQuery {
		return out, fault.Fields(fault.At("q", "检索词请不超过 %d 字", MaxQuery))
	}
	mine := s.Kinds(by)
	if kind != "" && !slices.ContainsFunc(mine, func(x Source) bool { return x.Kind == kind }) {
		return out, fault.Fields(fault.At("kind", "没有这个类别"))
	}
	if out.Query == "" {
		return out, nil
	}
	for _, x := range mine {
		if kind != "" && x.Kind != kind {
			continue
		}
		n := Few
		if kind != "" {
			n = Many
		}
		hits, more, err := x.Search(ctx, by, out.Query, n)
		switch {
		case fault.Is(err, fault.Forbidden), fault.Is(err, fault.NotFound):
		case fault.Is(err, fault.Unavailable):
			out.Waiting = append(out.Waiting, x.Title)
		case err != nil:
			return out, err
		case len(hits) > 0:
			out.Groups = append(out.Groups, Group{x.Kind, x.Title, hits, more, x.List(out.Query)})
		}
	}
	return out, nil
}
