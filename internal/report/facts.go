package report

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/engine/series"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/measure"
)

// count is a figure of a measure for the place.
func (c *composer) count(ctx context.Context, part string, x counted) (Figure, error) {
	dims := map[string]string{"region": string(c.r.Region)}
	maps.Copy(dims, x.dims)
	if x.year {
		dims[measure.DimDays] = measure.Stretch(firstOfYear(c.r.Day), c.r.Day)
	}
	got, err := c.src.Count(ctx, x.measure, dims)
	if err != nil {
		return Figure{}, err
	}
	f := c.fact(part, "measure:"+x.measure+":"+x.name, x.name, Origin{Kind: OfMeasure, Measure: x.measure, Dims: dims})
	f.Value, f.Unit = big.NewRat(got.Value, 1).RatString(), got.Unit
	if x.unit == wanYuan {
		f.Value, f.Unit = trimmed(big.NewRat(got.Value, fenOfWan).FloatString(6)), wanYuan
	}
	f.AsOf, f.To, f.Written = c.r.Day, c.r.Day, f.Value+f.Unit
	f.When = fmt.Sprintf(saysUntil, dayText(c.r.Day))
	if x.year {
		f.From, f.When = firstOfYear(c.r.Day), sinceNewYear(c.r.Day)
	}
	return f, nil
}

const fenOfWan = 1_000_000

// trimmed is a decimal without zeros at its end.
func trimmed(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func firstOfYear(d clock.Date) clock.Date { return d[:4] + "-01-01" }

func sinceNewYear(d clock.Date) string {
	y, m, day := d.Start().In(clock.Shanghai).Date()
	return fmt.Sprintf(saysFromStart, y, m, day)
}

// lights tells how many targets have which colour.
func (c *composer) lights(ctx context.Context) error {
	got, err := c.src.Lights(ctx, c.r.Region, c.r.Day)
	if err != nil {
		return err
	}
	var all []Figure
	var sum int64
	for _, x := range lit {
		sum += got[x.colour]
		f := c.fact(PartLights, "lights:"+x.colour, x.name, Origin{Kind: OfLights, Colour: x.colour,
			Href: "/monitor/lights?colour=" + x.colour + "&region=" + string(c.r.Region) + "&on=" + string(c.r.Day)})
		f.Value, f.Unit = big.NewRat(got[x.colour], 1).RatString(), lightUnit
		f.AsOf, f.To, f.Written = c.r.Day, c.r.Day, f.Value+f.Unit
		f.When = fmt.Sprintf(saysUntil, dayText(c.r.Day))
		all = append(all, f)
	}
	if sum > 0 {
		c.sayAll(all)
	}
	return nil
}

// timeOf says of which time a standing is: in words, and as the days that are read.
func timeOf(st Standing) (when string, from, to clock.Date) {
	p := series.Period(st.Period)
	first, last := clock.Date(p.FirstDay()), clock.Date(p.LastDay())
	early := st.AsOf.Valid() && st.AsOf < last && st.AsOf >= first
	switch {
	case st.Cumulative && early:
		return sinceNewYear(st.AsOf), firstOfYear(st.AsOf), st.AsOf
	case st.Cumulative:
		return p.TextTo(), firstOfYear(last), last
	case early:
		return fmt.Sprintf(saysUntil, dayText(st.AsOf)), "", st.AsOf
	case stocks[st.Unit]:
		y, m, _ := last.Start().In(clock.Shanghai).Date()
		return fmt.Sprintf(saysMonthEnd, y, m), "", last
	}
	return p.Text(), first, last
}

// standing is the figure of a standing.
func (c *composer) standing(part string, st Standing, name string) Figure {
	f := c.fact(part, "point:"+st.Indicator+":"+string(st.Place), st.Name, Origin{Kind: OfPoint,
		Indicator: st.Indicator, Period: st.Period,
		Href: "/monitor/points/" + st.Indicator + "/" + string(st.Place) + "/" + st.Period})
	f.Place, f.PlaceName = st.Place, name
	f.When, f.From, f.To = timeOf(st)
	f.Qualifier, f.Op = st.Qualifier, quantified[st.Qualifier].op
	f.Value, f.Unit, f.AsOf, f.Written = st.Value, st.Unit, st.AsOf, st.Value+st.Unit
	if st.Qualifier == "+" {
		f.Written = st.Value + odd + st.Unit
	}
	return f
}

// change is how a standing changed within a year, false where it did not.
func change(f Figure, st Standing) (string, Figure, bool) {
	v, ok := new(big.Rat).SetString(st.Change)
	if !ok || v.Sign() == 0 {
		return "", f, false
	}
	f.Key, f.Measure, f.Op, f.Qualifier = "change:"+f.Key, reading.Growth, "=", ""
	f.Value, f.Unit = trimmed(st.Change), percentUnit
	size := strings.TrimPrefix(f.Value, "-")
	words := saysGrows
	if v.Sign() < 0 {
		words = saysFalls
	}
	if st.Points {
		f.Measure, f.Unit = reading.Increase, pointsUnit
		if v.Sign() > 0 {
			words = saysRises
		}
	}
	f.Written = size + f.Unit
	return fmt.Sprintf(words, f.Written), f, true
}

// done is how far a target is, false where that is not known.
func done(f Figure, g *Goal) (string, Figure, bool) {
	if g == nil || g.Completion == "" || g.Completion[0] == '-' {
		return "", f, false
	}
	f.Key, f.Name, f.Op, f.Qualifier = "done:"+g.Target, f.Name+completed, "=", ""
	f.Value, f.Unit = trimmed(g.Completion), percentUnit
	f.Written = f.Value + f.Unit
	f.Source = Origin{Kind: OfLight, Target: g.Target, Href: "/monitor/lights/" + g.Target}
	return fmt.Sprintf(saysDone, f.Written), f, true
}

// indicators tells each indicator of the place: its value, how it changed, how far its target is, and
// the target.
func (c *composer) indicators(ctx context.Context) error {
	list, err := c.src.Standings(ctx, c.r.Region, c.r.Set, c.r.Period, c.r.Beside)
	if err != nil {
		return err
	}
	for _, st := range list {
		if st.Value == "" {
			c.untold = append(c.untold, Untold{What: st.Name, Why: whyUnreported})
			continue
		}
		f := c.standing(PartIndicators, st, c.r.PlaceName)
		glue := c.glue
		if !c.say(c.told(f, st)...) {
			c.skip(f)
			c.glue = glue
			continue
		}
		if st.Goal != nil {
			g, ok := c.goal(f, st.Goal)
			if ok && !c.say(g) {
				c.skip(g.figures[0])
			}
		}
		if c.r.Form == Bulletin {
			c.glue = "\n"
		}
	}
	return nil
}

// told are the ways to tell a standing, the fullest first.
func (c *composer) told(f Figure, st Standing) []phrase {
	var more []phrase
	if text, x, ok := change(f, st); ok {
		more = append(more, phrase{text, []Figure{x}})
	}
	if text, x, ok := done(f, st.Goal); ok {
		more = append(more, phrase{text, []Figure{x}})
	}
	say := func(link string, tail ...phrase) phrase {
		p := phrase{fmt.Sprintf(saysLevel, f.When, c.whole, f.Name+link, f.Shown()), []Figure{f}}
		for _, t := range tail {
			p.text, p.figures = p.text+t.text, append(p.figures, t.figures...)
		}
		p.text += period
		return p
	}
	out := []phrase{say("", more...), say(ofIt, more...)}
	for _, m := range more {
		out = append(out, say("", m))
	}
	return append(out, say(""), say(ofIt))
}

// goal is a sentence that says what a target asks for.
func (c *composer) goal(f Figure, g *Goal) (phrase, bool) {
	if g.Measure != reading.Level || !g.To.Valid() {
		return phrase{}, false
	}
	y, m, _ := g.To.Start().In(clock.Shanghai).Date()
	when := fmt.Sprintf(saysYearEnd, y)
	if g.To[5:] != "12-31" {
		when = fmt.Sprintf(saysMonthGoal, y, m)
	}
	f.Key, f.Kind, f.Op, f.Qualifier = "goal:"+g.Target, reading.Target, g.Op, ""
	f.Value, f.Unit, f.Written = g.Value, g.Unit, g.Value+g.Unit
	f.When, f.From, f.To, f.AsOf = when, "", g.To, c.r.Day
	f.Source = Origin{Kind: OfTarget, Target: g.Target, Href: "/targets/" + g.Target}
	words := saysGoal
	switch g.Op {
	case ">":
		f.Op = ">="
	case "<", "<=":
		words, f.Op = saysGoalTop, "<="
	case "=", "~":
		words, f.Op = saysGoalIs, "="
	}
	return phrase{fmt.Sprintf(words, when, c.whole, f.Name, f.Written), []Figure{f}}, true
}

// across tells an indicator by district, and makes the table of districts.
func (c *composer) across(ctx context.Context) error {
	list, err := c.src.Across(ctx, c.r.Region, c.r.Set, c.r.Ask.Across, c.r.Period)
	if err != nil {
		return err
	}
	groups := map[string][]Figure{}
	var order []string
	for _, st := range list {
		name := c.src.PlaceName(st.Place)
		row := PlaceRow{Place: st.Place, Name: name}
		if st.Value != "" {
			f := c.standing(PartPlaces, st, name)
			row.Shown, row.Figure = f.Shown(), &f
			if groups[f.When] == nil {
				order = append(order, f.When)
			}
			groups[f.When] = append(groups[f.When], f)
		}
		c.places = append(c.places, row)
	}
	if len(order) == 0 {
		c.places = []PlaceRow{}
	}
	slices.Sort(order)
	for _, when := range order {
		c.sayAll(groups[when])
	}
	return nil
}
