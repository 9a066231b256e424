package matching

import (
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/market"
)

// facts are what an index keeps of a post beside its words, to filter by and to compare. Its fields
// are exported for the snapshot.
type facts struct {
	ID, State        string
	Kind             market.Kind
	Title            string
	Org              string
	Field, Chain     string
	SixNew, Sort     string
	Region           string
	Modes            []string
	Lo, Hi           int64 // price or budget in fen
	TRL              int
	Deadline         string
	Visibility       market.Visibility
	Broker           string
	Fresh, Published int64
	Granted, Applied int // rights
	Lapsed           int
	Ready            bool
	Limited          bool      // kind, title, field and place are all there is
	Words            [2]uint64 // hash of the texts that are indexed
}

// factsOf returns the facts of a post whose texts are given.
func factsOf(p *market.Post) *facts {
	f := &facts{ID: p.ID, State: p.State, Kind: p.Kind, Title: p.Title, Org: p.OrgNow, Field: p.Field,
		Chain: p.Chain, SixNew: p.SixNew, Sort: sortOf(p), Region: string(p.Region), Modes: p.Modes,
		Lo: int64(p.PriceLoFen), Hi: int64(p.PriceHiFen), TRL: p.TRL, Deadline: string(p.Deadline),
		Visibility: p.Visibility, Broker: p.Broker, Fresh: p.FreshUntil, Published: p.PublishedUs,
		Ready: p.Ready, Limited: p.Limited}
	for _, r := range p.Rights {
		switch r.State {
		case "granted":
			f.Granted++
		case "applied":
			f.Applied++
		case "lapsed":
			f.Lapsed++
		}
	}
	return f
}

// hashOf tells texts apart.
func hashOf(texts []string) [2]uint64 {
	h := fnv.New128a()
	for _, t := range texts {
		_, _ = h.Write([]byte(t)) // never fails
		_, _ = h.Write([]byte{0})
	}
	sum := h.Sum(nil)
	return [2]uint64{binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])}
}

func sortOf(p *market.Post) string {
	if p.Kind == market.Need {
		return p.NeedKind
	}
	return p.ResultKind
}

func (f *facts) live() bool { return f.State == market.Published || f.State == market.Talking }

// keeps says whether a post passes a filter, by what the reader may see of it: a filter by anything
// that a limited post does not show leaves it out, as the lists do.
func keeps(f *market.PostFilter, x *facts, nowUs int64) bool {
	switch {
	case f.Kind != "" && x.Kind != f.Kind,
		f.Field != "" && x.Field != f.Field,
		f.State != "" && x.State != f.State,
		f.Live && !x.live(),
		f.Region != "" && !within(x.Region, string(f.Region)):
		return false
	}
	return keepsWhole(f, x, nowUs)
}

func keepsWhole(f *market.PostFilter, x *facts, nowUs int64) bool {
	rest := *f
	rest.Query, rest.Kind, rest.Field, rest.Region, rest.State, rest.Live = "", "", "", "", "", false
	if rest == (market.PostFilter{}) {
		return true
	}
	switch {
	case x.Limited,
		f.Visibility != "" && x.Visibility != f.Visibility,
		f.Org != "" && x.Org != f.Org,
		f.Broker != "" && x.Broker != f.Broker,
		f.Chain != "" && x.Chain != f.Chain,
		f.SixNew != "" && x.SixNew != f.SixNew,
		f.Sort != "" && x.Sort != f.Sort,
		f.Mode != "" && !slices.Contains(x.Modes, f.Mode),
		f.PriceLoFen != 0 && x.Hi < int64(f.PriceLoFen),
		f.PriceHiFen != 0 && (x.Hi <= 0 || x.Lo > int64(f.PriceHiFen)),
		f.TRLFrom != 0 && x.TRL < f.TRLFrom,
		f.TRLTo != 0 && (x.TRL <= 0 || x.TRL > f.TRLTo),
		f.Fresh && x.Fresh <= nowUs,
		f.Due && (!x.live() || x.Fresh > nowUs):
		return false
	}
	return true
}

// within says whether a place lies inside another.
func within(code, place string) bool {
	from, before, ok := authz.RegionRange(place)
	return ok && code >= from && code < before
}
