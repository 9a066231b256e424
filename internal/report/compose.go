package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/engine/reading"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/i18n"
)

// MaxFigures bounds the numbers of a report.
const MaxFigures = 300

// phrase is a way to say figures.
type phrase struct {
	text    string
	figures []Figure
}

// composer puts a text together. Each phrase is tried: it stays when the whole text still reads back.
type composer struct {
	src    Source
	r      Report
	atUs   int64
	whole  string // 全市
	body   string
	glue   string // before the next phrase
	known  []Figure
	offers map[string]Figure // every figure there is to say, by key
	untold []Untold
	places []PlaceRow
}

// compose makes the text of a report as of a day.
func (s *Service) compose(ctx context.Context, r Report) (*composer, error) {
	c := &composer{src: s.src, r: r, atUs: s.nowUs(), offers: map[string]Figure{}, untold: []Untold{},
		places: []PlaceRow{}}
	c.whole = c.asWhole()
	n := 0
	for _, part := range Parts() {
		if !slices.Contains(r.Parts, part.Value) {
			continue
		}
		before, said := c.body, len(c.known)
		if c.body != "" {
			c.glue = "\n"
		}
		if r.Form == Bulletin {
			c.body += c.glue + string([]rune(numerals)[n]) + "、" + partHeads[part.Value]
			c.glue = "\n"
		}
		if err := c.part(ctx, part.Value); err != nil {
			return nil, err
		}
		if len(c.known) == said {
			c.body = before // nothing to say
		} else {
			n++
		}
	}
	for i := range c.places {
		p := &c.places[i]
		if at := slices.IndexFunc(c.known, func(f Figure) bool {
			return f.Part == PartPlaces && f.Place == p.Place
		}); at >= 0 {
			p.N = c.known[at].N
		}
	}
	beside(c.places)
	return c, nil
}

func (c *composer) part(ctx context.Context, part string) error {
	switch part {
	case PartIndicators:
		return c.indicators(ctx)
	case PartPlaces:
		return c.across(ctx)
	case PartLights:
		return c.lights(ctx)
	}
	return c.counted(ctx, part)
}

// asWhole is what the text calls its place: 全市 where that is read as the place, its name else.
func (c *composer) asWhole() string {
	name := []rune(c.r.PlaceName)
	if len(name) == 0 {
		return ""
	}
	short := whole + string(name[len(name)-1:])
	probe := c.r
	probe.Text = fmt.Sprintf(saysLevel, fmt.Sprintf(saysUntil, dayText(c.r.Day)), short, probeName, probeWritten) + period
	for _, st := range reading.Read(probe.Whole(), readOptions(probe)).Statements {
		if st.Subject == c.r.PlaceName && st.Indicator == probeName {
			return short
		}
	}
	return c.r.PlaceName
}

// say appends the first of several phrases with which the text still reads back.
func (c *composer) say(options ...phrase) bool {
	for _, p := range options {
		for _, f := range p.figures {
			c.offers[f.Key] = f
		}
	}
	for _, p := range options {
		if len(p.figures) == 0 || len(c.known)+len(p.figures) > MaxFigures {
			continue
		}
		try := c.r
		try.Text = c.body + c.glue + p.text
		figures := slices.Clone(c.known)
		for i, f := range p.figures {
			f.N = int64(len(c.known) + i + 1)
			figures = append(figures, f)
		}
		if got := checkText(try, figures); got.Clean() && got.others == 0 {
			c.body, c.known = try.Text, figures
			c.glue = ""
			return true
		}
	}
	return false
}

// skip names something that the text does not say.
func (c *composer) skip(f Figure) {
	c.untold = append(c.untold, Untold{What: f.Name + " " + f.Shown(), Why: whyUnread})
}

func dayText(d clock.Date) string { return i18n.DateLong(i18n.ZH, d) }

// fact is a figure about the place as a whole.
func (c *composer) fact(part, key, name string, o Origin) Figure {
	return Figure{Key: key, Part: part, Name: name, Kind: reading.Fact, Measure: reading.Level, Op: "=",
		Place: c.r.Region, PlaceName: c.r.PlaceName, AtUs: c.atUs, Source: o}
}

// Shown is the figure with the words of its qualifier: 约4000家, ≥ in the text is 以上.
func (f Figure) Shown() string {
	q := quantified[cmp.Or(f.Qualifier, f.Op)]
	return q.before + strings.TrimSuffix(f.Written, q.behind) + q.behind
}

// counted tells the counts of a part: all in one sentence, else each in its own.
func (c *composer) counted(ctx context.Context, part string) error {
	var all []Figure
	for _, x := range counts[part] {
		f, err := c.count(ctx, part, x)
		if err != nil {
			return err
		}
		all = append(all, f)
	}
	c.sayAll(all)
	return nil
}

// sayAll says figures of one time in one sentence, or each in its own.
func (c *composer) sayAll(all []Figure) {
	if len(all) == 0 || c.say(c.listed(all)) {
		return
	}
	for _, f := range all {
		if !c.say(c.listed([]Figure{f})) {
			c.skip(f)
		}
	}
}

// listed is a sentence that lists figures of one time.
func (c *composer) listed(all []Figure) phrase {
	var parts []string
	for i, f := range all {
		subject := ""
		switch {
		case f.Place != c.r.Region:
			subject = f.PlaceName
		case i == 0:
			subject = c.whole
		}
		parts = append(parts, subject+f.Name+f.Shown())
	}
	return phrase{all[0].When + comma + strings.Join(parts, comma) + period, all}
}

// counted is a measure as a part tells it.
type counted struct {
	name, measure string
	dims          map[string]string
	unit          string // 万元: of a sum in fen; "" = the measure's own
	year          bool   // of what happened since the first day of the year
}
