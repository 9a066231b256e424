package demo

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/composite"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// indices makes the studio of indices: a dataset of invented cities with one correction, a finished scheme
// and one that is tried out.
func (c *city) indices(ctx context.Context) error {
	by := c.officer()
	content := c.cityIndicators()
	d, err := c.Studio.CreateDataset(ctx, by, studio.NewDataset{DatasetData: studio.DatasetData{
		Title: indexDataTitle, Standing: "reference", Kind: "city", Source: indexSource, DataYear: 2024,
		ReportYear: 2026, Note: indexNote}, Content: content, Origin: "file"})
	if err != nil {
		return err
	}
	x, err := c.Studio.CreateScheme(ctx, by, studio.NewScheme{SchemeData: studio.SchemeData{Title: indexTitle,
		Purpose: indexPurpose, Dataset: d.ID}})
	if err != nil {
		return err
	}
	chosen, _, err := c.Studio.Chosen(ctx, by, x.ID, studio.Ask{})
	if err != nil {
		return err
	}
	x, err = c.Studio.SaveEdition(ctx, by, studio.NewEdition{ID: x.ID, Choices: chosen, Note: indexFirst,
		Version: x.Version})
	if err != nil {
		return err
	}
	corrected := c.corrected(content)
	d, err = c.Studio.ReviseDataset(ctx, by, studio.Revision{ID: d.ID, Content: corrected,
		Reason: indexCorrection, Origin: "file", Version: d.Version})
	if err != nil {
		return err
	}
	x, err = c.Studio.SaveEdition(ctx, by, studio.NewEdition{ID: x.ID, DataN: d.Edition, Choices: chosen,
		Note: indexSecond, Version: x.Version})
	if err != nil {
		return err
	}
	if _, err = c.Studio.FireScheme(ctx, by, studio.Step{ID: x.ID, Step: "finish", Version: x.Version}); err != nil {
		return err
	}
	return c.trialIndex(ctx, d.ID, chosen)
}

// trialIndex is a scheme with judgements in pairs that nobody has finished.
func (c *city) trialIndex(ctx context.Context, dataset string, chosen studio.Choices) error {
	by := c.officer()
	x, err := c.Studio.CreateScheme(ctx, by, studio.NewScheme{SchemeData: studio.SchemeData{Title: indexTrial,
		Dataset: dataset}})
	if err != nil {
		return err
	}
	chosen.Weigh = slices.Clone(chosen.Weigh)
	chosen.Weigh[1] = "ahp"
	chosen.Pairs = map[string]string{"INDEX": "1/2,1/2,1,1,1,2,2,2,2,1"}
	x, err = c.Studio.SaveEdition(ctx, by, studio.NewEdition{ID: x.ID, Choices: chosen, Note: indexTrialNote,
		Version: x.Version})
	if err != nil {
		return err
	}
	chosen.Weigh[1], chosen.Pairs = "panel", nil
	if chosen.Panel, err = c.panel(ctx, x.ID); err != nil {
		return err
	}
	_, err = c.Studio.SaveEdition(ctx, by, studio.NewEdition{ID: x.ID, Choices: chosen, Note: panelEdition,
		Version: x.Version})
	return err
}

// panel lets three invented experts judge by a table, one of whom contradicts himself, keeps what they come
// to, and asks one more in the site who has not answered yet. It returns the name of the result.
func (c *city) panel(ctx context.Context, scheme string) (string, error) {
	by := c.officer()
	in := studio.NewPanel{Scheme: scheme, PanelData: studio.PanelData{Title: panelTitle, Note: panelNote}}
	if login := c.home.login("zhuanjia"); c.accounts[login] != "" {
		in.Logins = []string{login}
	}
	p, err := c.Studio.CreatePanel(ctx, by, in)
	if err != nil {
		return "", err
	}
	var table strings.Builder
	table.WriteString(panelHead)
	for n, name := range panelExperts {
		for _, q := range p.Questions {
			for i := range q.Parts {
				for k := i + 1; k < len(q.Parts); k++ {
					fmt.Fprintf(&table, "%s,%s,%s,%s,%s\n", name, q.Code, q.Parts[i].Code, q.Parts[k].Code, judged(n, i, k))
				}
			}
		}
	}
	p, err = c.Studio.ImportJudgements(ctx, by, studio.JudgementImport{Panel: p.ID, Name: "panel.csv",
		File: strings.NewReader(table.String()), Version: p.Version})
	if err != nil {
		return "", err
	}
	d, err := c.Studio.GetPanel(ctx, by, p.ID, "")
	if err != nil {
		return "", err
	}
	for _, x := range d.List {
		if x.Name == panelExperts[0] {
			p, err = c.Studio.WeighVoice(ctx, by, studio.Weighing{Panel: p.ID, Expert: x.ID, Weight: "2",
				From: panelWeighed, Reason: panelReason, Version: p.Version})
			if err != nil {
				return "", err
			}
		}
	}
	p, err = c.Studio.SavePanelResult(ctx, by, studio.NewPanelResult{Panel: p.ID, Pool: composite.PoolJudgements,
		Note: indexFirst, Version: p.Version})
	return fmt.Sprintf("%s.%d", p.ID, p.Edition), err
}

// judged is what an invented expert says of two things: the earlier one counts more, to each in another
// measure; the last expert turns one judgement round.
func judged(expert, i, k int) string {
	most := 1 + (k-i)/(2-expert%2)
	if expert == len(panelExperts)-1 && i == 0 && k == 2 {
		return "1/5"
	}
	return fmt.Sprint(min(most, 9))
}

// cityIndicators makes values that hang together: each city has a strength, which the indicators follow more
// or less. A few are missing, and one city is far ahead in what is counted.
func (c *city) cityIndicators() studio.Content {
	d := dice{Seed ^ 0x5a}
	normal := func() float64 { // near enough: the sum of six even numbers
		var sum float64
		for range 6 {
			sum += float64(d.below(10_001))/10_000 - 0.5
		}
		return sum * math.Sqrt2
	}
	var out studio.Content
	for g, group := range indexGroups {
		code := fmt.Sprint("C", g+1)
		out.Nodes = append(out.Nodes, composite.Node{Code: code, Name: group.name, Weight: 1})
		for i, x := range group.items {
			n := composite.Node{Code: fmt.Sprintf("%s%02d", code, i+1), Name: x.name, Unit: x.unit, Parent: code,
				Weight: 1, Direction: 1}
			if x.down {
				n.Direction = -1
			}
			out.Nodes, out.Codes = append(out.Nodes, n), append(out.Codes, n.Code)
		}
	}
	for i, name := range cityNames {
		out.Units = append(out.Units, studio.Unit{Code: fmt.Sprintf("SF%02d", i+1),
			Name: cityPrefix + name + citySuffix, Group: cityBelts[i%len(cityBelts)]})
		strength := normal()
		if i == 0 {
			strength = 2.4
		}
		var row []string
		for _, group := range indexGroups {
			tilt := 0.5 * normal()
			for _, x := range group.items {
				follow := strength + tilt + 0.5*normal()
				if x.down {
					follow = -follow
				}
				text := fmt.Sprintf("%.*f", x.places, x.base*math.Exp(x.spread*follow*0.6))
				if d.one(30) && i > 0 {
					text = ""
				}
				row = append(row, text)
			}
		}
		out.Values = append(out.Values, row)
	}
	return out
}

// corrected is the content with the value of one city corrected.
func (c *city) corrected(content studio.Content) studio.Content {
	content.Nodes = slices.Clone(content.Nodes)
	content.Values = slices.Clone(content.Values)
	const unit, column = 2, 1
	content.Values[unit] = slices.Clone(content.Values[unit])
	content.Values[unit][column] = "3.18"
	return content
}
