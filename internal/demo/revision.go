package demo

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/indicator"
)

// takeSet puts the set of 22 indicators in force where it is not there yet.
func (g *growth) takeSet(ctx context.Context, by authz.Actor) (set string, err error) {
	list, err := g.Indicator.ShippedSets(ctx, by)
	if err != nil {
		return "", err
	}
	for _, s := range list {
		if s.Code == setCode && s.Installed != "" {
			return s.Installed, nil
		}
	}
	got, err := g.Indicator.ImportSet(ctx, by, indicator.SetImport{Shipped: setCode, InForce: setInForce})
	return got.Set.ID, err
}

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
