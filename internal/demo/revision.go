package demo

import (
	"cmp"
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/indicator"
)

// takeSet puts the set of 22 indicators in force where it is not there yet: each with the unit that answers
// for it, and with the one that the city chose itself in the place that the set leaves open.
func (c *city) takeSet(ctx context.Context, by authz.Actor) (set string, err error) {
	list, err := c.Indicator.ShippedSets(ctx, by)
	if err != nil {
		return "", err
	}
	for _, s := range list {
		if s.Code == setCode && s.Installed != "" {
			return s.Installed, nil
		}
	}
	got, err := c.Indicator.ImportSet(ctx, by, indicator.SetImport{Shipped: setCode})
	if err != nil {
		return "", err
	}
	d, err := c.Indicator.GetEdition(ctx, by, indicator.EditionRef{Set: got.Set.ID, N: got.Edition.N})
	if err != nil {
		return "", err
	}
	for i := range d.Content.Groups {
		g := &d.Content.Groups[i]
		for j := range g.Items {
			x := &g.Items[j]
			if strings.HasPrefix(x.Name, undecided) {
				own := ownIndicators[c.home.code]
				x.Title, x.Aliases = "", nil
				x.Name, x.Unit, x.Text, x.Frequency, x.Mark, x.Note = own.Name, own.Unit, own.Text, "quarter",
					indicator.Design, ""
				g.Mark = indicator.Design
			}
			x.Owner = c.office(responsibleFor(x.Name)).Name
		}
	}
	d.Content.Tasks = []indicator.FileTask{} // the ledger of the city has its own
	made, err := c.Indicator.UpdateDraft(ctx, by, indicator.DraftUpdate{ID: d.ID, Content: d.Content,
		Note: setNote, Version: d.Version})
	if err != nil {
		return "", err
	}
	_, err = c.Indicator.PublishEdition(ctx, by, indicator.Publication{ID: made.ID, From: setInForce,
		Version: made.Version})
	return got.Set.ID, err
}

// responsibleFor is the unit that answers for an indicator of the set.
func responsibleFor(name string) string { return cmp.Or(responsible[name], bureauName) }

// revise throws one draft of the set away and leaves another one that is being edited.
func (g *growth) revise(ctx context.Context, by authz.Actor, set string) error {
	first, err := g.Indicator.DraftEdition(ctx, by, indicator.NewDraft{Set: set, Note: revisions[0]})
	if err != nil {
		return err
	}
	_, err = g.Indicator.DiscardEdition(ctx, by, indicator.Step{ID: first.ID, Version: first.Version,
		Reason: discardReason})
	if err != nil {
		return err
	}
	open, err := g.Indicator.DraftEdition(ctx, by, indicator.NewDraft{Set: set, Note: revisions[1]})
	if err != nil {
		return err
	}
	d, err := g.Indicator.GetEdition(ctx, by, indicator.EditionRef{Set: set, N: open.N})
	if err != nil {
		return err
	}
	for i := range d.Content.Groups {
		for j := range d.Content.Groups[i].Items {
			x := &d.Content.Groups[i].Items[j]
			if text, told := newCounting[x.Name]; told {
				x.Text = text
			}
		}
	}
	last := &d.Content.Groups[len(d.Content.Groups)-1]
	last.Items = append(last.Items, newItem())
	_, err = g.Indicator.UpdateDraft(ctx, by, indicator.DraftUpdate{ID: d.ID, Content: d.Content, Note: d.Note,
		Version: d.Version})
	return err
}
