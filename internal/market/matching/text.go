package matching

import (
	"strings"

	"github.com/yuntu-city/yuntu/engine/retrieval"
	"github.com/yuntu-city/yuntu/internal/market"
)

// Limits of what is read of a post.
const (
	maxIndexed = 20_000 // bytes of a description that are indexed
	maxAsked   = 6_000  // bytes of a description that are looked for
)

// texts are title, description and keywords of a post, as far as they are given.
func texts(p *market.Post) []string {
	more := []string{p.Chain, p.OrgName, market.TitleOf(market.Fields(), p.Field)}
	more = append(more, p.Keywords...)
	for _, x := range p.Parameters {
		more = append(more, spoken(x))
	}
	for _, r := range p.Rights {
		more = append(more, r.Title)
	}
	body := p.Text
	for _, part := range []string{p.Current, p.Service, p.Values.Science, p.Values.Technology,
		p.Values.Economy, p.Values.Society} {
		if part != "" {
			body += "\n" + part
		}
	}
	return []string{p.Title, clip(body, maxIndexed), strings.Join(more, "\n")}
}

// asked are the texts that are looked for: without what a post shares with many for other reasons
// than its subject, such as its owner and the name of its field. What a need tells of who asks and of
// how things stand, and not of what is wanted, comes last and counts least: see retrieval.SplitNeed.
func asked(p *market.Post) []string {
	more := append([]string{p.Chain}, p.Keywords...)
	for _, x := range p.Parameters {
		more = append(more, spoken(x))
	}
	wanted, background := clip(p.Text, maxAsked), ""
	if p.Kind == market.Need {
		wanted, background = retrieval.SplitNeed(wanted)
	}
	return []string{p.Title, wanted, strings.Join(more, "\n"), background}
}

// spoken is a parameter as it would be written in a text: 堆积密度≥1.80克/立方厘米.
func spoken(x market.Parameter) string {
	switch x.Op {
	case "range":
		return x.Name + x.Value + "～" + x.Top + x.Unit
	case ">=":
		return x.Name + "≥" + x.Value + x.Unit
	case "<=":
		return x.Name + "≤" + x.Value + x.Unit
	case "=":
		return x.Name + x.Value + x.Unit
	case "~":
		return x.Name + "约" + x.Value + x.Unit
	}
	return x.Name + x.Op + x.Value + x.Unit
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// public is what everybody may know of a post that is shown: all of it but the contact when it is
// open, kind, title, field and place when it is by request.
func public(p market.Post) market.Post {
	if p.Visibility == market.Open {
		return p
	}
	return market.Post{ID: p.ID, Code: p.Code, State: p.State, PublishedUs: p.PublishedUs, Limited: true,
		PostData: market.PostData{Kind: p.Kind, Title: p.Title, Field: p.Field, Region: p.Region,
			Visibility: p.Visibility}}
}

// parameters are the amounts that a post wants or states: those of its table, and those of its text. What
// a need tells of how things stand is not wanted.
func parameters(p *market.Post) []retrieval.Parameter {
	var lines strings.Builder
	for _, x := range p.Parameters {
		lines.WriteString(spoken(x) + "；\n")
	}
	text := clip(p.Text, maxAsked)
	if p.Kind == market.Need {
		text, _ = retrieval.SplitNeed(text)
		return retrieval.Wanted(lines.String() + p.Title + "\n" + text)
	}
	return retrieval.Parameters(lines.String() + p.Title + "\n" + text)
}
