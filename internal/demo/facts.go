package demo

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
)

// facts files what is published of the two cities: a document for each source with its numbers as
// confirmed statements, and the organisations that it names.
func (c *city) facts(ctx context.Context) error {
	for _, s := range sources {
		if err := c.excerpt(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.title, err)
		}
	}
	var list []party.AdoptedOrg
	from := ""
	for i, n := range named {
		s := sourceOf(n.source)
		list = append(list, party.AdoptedOrg{OrgData: party.OrgData{Name: n.name, Kind: n.kind,
			Region: region.Code(n.region), Standing: "active",
			Summary: fmt.Sprintf(namedSummary, n.role, s.where)},
			CreatedUs: clock.Us(clock.Date(s.day).Start()), AsOf: clock.Date(s.day)})
		from = s.where
		if i+1 < len(named) && named[i+1].source == n.source {
			continue
		}
		if _, err := c.Party.AdoptOrganisations(ctx, c.officer(), list, from); err != nil {
			return err
		}
		list = nil
	}
	return nil
}

func sourceOf(key string) source {
	for _, s := range sources {
		if s.key == key {
			return s
		}
	}
	panic("no source " + key)
}

// sentence is the words of a fact with its number in them.
func (f seedFact) sentence() string { return strings.Replace(f.words, "{v}", f.said, 1) }

func (f seedFact) data() plan.StatementData {
	return plan.StatementData{Kind: plan.Fact, Subject: f.place, Indicator: f.indicator,
		Measure: f.measure, Op: f.op, Value: plan.Decimal(f.value), Unit: f.unit, From: clock.Date(f.from),
		To: clock.Date(f.to)}
}

// excerpt files a source. What the reading finds in a sentence is corrected to what the source says;
// what it does not find is added by hand.
func (c *city) excerpt(ctx context.Context, s source) error {
	var text strings.Builder
	fmt.Fprintf(&text, excerptHead, s.title, clock.Date(s.day), s.where)
	at := map[int]int64{} // where the sentence of a fact begins, in characters
	for i, f := range seedFacts {
		if f.source == s.key {
			at[i] = int64(utf8.RuneCountInString(text.String()))
			text.WriteString(f.sentence())
		}
	}
	by := c.officer()
	doc, err := c.Plan.CreateDocument(ctx, by, plan.NewDocument{Text: text.String(),
		DocumentData: plan.DocumentData{Title: s.title, Kind: "news", Issuer: s.issuer,
			Region: region.Code(s.place), Day: clock.Date(s.day), Source: s.where}})
	if err != nil {
		return err
	}
	found, err := c.Plan.Statements(ctx, by, doc.ID)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for i, f := range seedFacts {
		if f.source != s.key {
			continue
		}
		begin := at[i]
		if err := c.state(ctx, by, doc, f, begin, found, taken); err != nil {
			return fmt.Errorf("%s: %w", f.sentence(), err)
		}
	}
	for _, st := range found { // the rest of what the reading found says the same once more
		if taken[st.ID] {
			continue
		}
		_, err := c.Plan.DecideStatement(ctx, by, plan.Decision{ID: st.ID, Note: alreadyListed,
			Version: st.Version})
		if err != nil {
			return err
		}
	}
	return nil
}

// state confirms one fact, from what was found in its sentence or by hand.
func (c *city) state(
	ctx context.Context, by authz.Actor, doc plan.Document, f seedFact, begin int64,
	found []plan.Statement, taken map[string]bool,
) error {
	end := begin + int64(utf8.RuneCountInString(f.sentence()))
	for _, st := range found {
		if taken[st.ID] || st.Start < begin || st.End > end || string(st.Value) != f.value {
			continue
		}
		taken[st.ID] = true
		_, err := c.Plan.CorrectStatement(ctx, by, plan.Correction{ID: st.ID, StatementData: f.data(),
			Version: st.Version})
		return err
	}
	_, err := c.Plan.AddStatement(ctx, by, plan.NewStatement{Document: doc.ID, StatementData: f.data(),
		Start: begin, End: end})
	return err
}

// SeedFacts is how many published numbers the demonstration holds.
func SeedFacts() int { return len(seedFacts) }

// Published is a number that a source published of a city, as the indicator that counts it is called.
type Published struct {
	Indicator string
	Region    region.Code
	Value     string
	To        clock.Date
}

// PublishedNumbers are the levels that the sources tell of the two cities, with those that the indicators
// of the demonstration count by another name.
func PublishedNumbers() []Published {
	out := []Published{}
	for _, f := range seedFacts {
		place, city := factCities[f.place]
		if !city || f.measure != "level" {
			continue
		}
		name := f.indicator
		if counted, other := countedAs[name]; other {
			name = counted
		}
		out = append(out, Published{name, place, f.value, clock.Date(f.to)})
	}
	return out
}
