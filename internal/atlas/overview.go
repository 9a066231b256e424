package atlas

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/region"
)

// Tally is how many nodes have a value.
type Tally struct {
	Value string `json:"value"`
	N     int64  `json:"n"`
}

// Cell is how many nodes have two values.
type Cell struct {
	Row string `json:"row"`
	Col string `json:"col"`
	N   int64  `json:"n"`
}

// District is one place of the map.
type District struct {
	Code    region.Code `json:"code"`
	N       int64       `json:"n"`
	Kinds   []Tally     `json:"kinds"`
	New     int64       `json:"new"`     // came up since Overview.Since
	Changed int64       `json:"changed"` // or changed
	// OldestUs is the age of the oldest datum, NewestUs that of the latest; 0 without any.
	OldestUs int64 `json:"oldestUs"`
	NewestUs int64 `json:"newestUs"`
	Stale    int64 `json:"stale"` // nobody said for a year that it is so
}

// Where records are that are in no district of the city.
const (
	BesideCity = "city" // in the city, no district known
	BesideAway = "away" // in other cities, or only a province is known
	BesideNone = "none" // no place known
)

// Beside are the records that are in no district of the city, by where they are. Its Code is empty.
type Beside struct {
	Where string `json:"where"`
	District
}

// Missing is how many records lack something.
type Missing struct {
	Region int64 `json:"region"` // a district
	Field  int64 `json:"field"`
	Six    int64 `json:"six"`
	Point  int64 `json:"point"` // organisations without a point
}

// Dots is a cell of a grid in which there are nodes with points.
type Dots struct {
	Box Box   `json:"box"`
	N   int64 `json:"n"`
	// LonE4 and LatE4 are the middle of what is in it.
	LonE4  int64       `json:"lonE4"`
	LatE4  int64       `json:"latE4"`
	Region region.Code `json:"region,omitempty"` // the district that most of them are in
}

// Overview is a query counted as the actor may see it: what map, landscape, panel and poster show.
type Overview struct {
	Query     string      `json:"query"`
	City      region.Code `json:"city"` // whose districts are counted
	AtUs      int64       `json:"atUs"` // counted at
	Total     int64       `json:"total"`
	Kinds     []Tally     `json:"kinds"`
	Districts []District  `json:"districts"`
	// Beside are those in none of the districts, so that the parts sum to the whole.
	Beside    []Beside `json:"beside"`
	CityOnly  int64    `json:"cityOnly"`  // in the city, no district known
	Elsewhere int64    `json:"elsewhere"` // in other cities, or only a province is known
	NoPlace   int64    `json:"noPlace"`
	// Landscape is by field and kind, SixNew by class and district, SixKinds by class and kind. A field
	// or class "" is a gap, Undisclosed one that its owner shows only on request.
	Landscape []Cell     `json:"landscape"`
	SixNew    []Cell     `json:"sixNew"`
	SixKinds  []Cell     `json:"sixKinds"`
	Missing   Missing    `json:"missing"`
	Since     clock.Date `json:"since"`
	New       int64      `json:"new"`
	Changed   int64      `json:"changed"`
	Ages      []Tally    `json:"ages"`   // month, quarter, year, older; Undisclosed is on request
	Points    int64      `json:"points"` // nodes with a point that is drawn
	Dots      []Dots     `json:"dots,omitempty"`
	// Extent holds nearly all points of the city, the zero Box without any.
	Extent Box `json:"extent,omitzero"`
}

// Ages of data.
const (
	AgeMonth   = "month"
	AgeQuarter = "quarter"
	AgeYear    = "year"
	AgeOlder   = "older"
)

// Ages are the classes of age, half-open.
func Ages() []Choice {
	return []Choice{{Value: AgeMonth, Title: "30 天以内"}, {Value: AgeQuarter, Title: "30—90 天"},
		{Value: AgeYear, Title: "90 天—1 年"}, {Value: AgeOlder, Title: "1 年以上"},
		{Value: Undisclosed, Title: "依申请公开"}}
}

// ageDays is how many days ago a class of age begins; the next one ends it.
var ageDays = []struct {
	age  string
	days int
}{{AgeMonth, 0}, {AgeQuarter, 30}, {AgeYear, 90}, {AgeOlder, 365}}

// OfAge narrows a query to the records of a class of age, on the day of the overview.
func (o Overview) OfAge(q Query, age string) Query {
	today := clock.DateOf(clock.Time(o.AtUs))
	if age == Undisclosed {
		q.Gaps = append(q.Gaps[:len(q.Gaps):len(q.Gaps)], GapOpen)
		return q.normal()
	}
	for i, a := range ageDays {
		if a.age != age {
			continue
		}
		if to := today.AddDays(-a.days); a.days > 0 && (q.AsOfTo == "" || to < q.AsOfTo) {
			q.AsOfTo = to
		}
		if i+1 < len(ageDays) {
			if from := today.AddDays(1 - ageDays[i+1].days); from > q.AsOf {
				q.AsOf = from
			}
		}
	}
	return q
}

// usualDays: changes are those of so many days when nobody asks for others.
const usualDays = 30

// CityOf is the city whose districts a query is counted by: that of the place it asks for, or the site's.
func (s *Service) CityOf(q Query) region.Code {
	if len(q.Regions) > 0 {
		city := q.Regions[0].City()
		same := !slices.ContainsFunc(q.Regions, func(c region.Code) bool { return c.City() != city })
		if city != "" && same {
			return city
		}
	}
	return s.Home().City()
}

// Overview counts a query.
func (s *Service) Overview(ctx context.Context, by authz.Actor, q Query) (Overview, error) {
	city, since := s.CityOf(q), q.Since
	if since == "" {
		since = s.day().AddDays(-usualDays)
	}
	key, err := cubeKey(by, q, city, since)
	if err != nil {
		return Overview{}, err
	}
	end, err := s.state(ctx)
	if err != nil {
		return Overview{}, err
	}
	now := s.nowUs()
	return s.cubes.Get(ctx, key, end, now, func(ctx context.Context) (Overview, error) {
		c := s.counting(q, city, since, s.nowUs())
		if err := s.eachSpot(ctx, by, q, c.add); err != nil {
			return Overview{}, err
		}
		return c.done(), nil
	})
}

// counting begins an overview.
func (s *Service) counting(q Query, city region.Code, since clock.Date, nowUs int64) *counting {
	c := &counting{o: Overview{Query: q.Text(s.places), City: city, AtUs: nowUs, Since: since},
		sinceUs: clock.Us(since.Start()), kinds: map[string]int64{}, ages: map[string]int64{},
		fields: map[[2]string]int64{}, six: map[[2]string]int64{}, sixKinds: map[[2]string]int64{},
		places: map[region.Code]*placed{}, beside: map[string]*placed{},
		dots: dotted{cells: map[[2]int64]map[region.Code]int64{},
			lons: map[int64]int64{}, lats: map[int64]int64{}}}
	for _, a := range ageDays {
		c.ageFrom = append(c.ageFrom, clock.Us(clock.DateOf(clock.Time(nowUs)).AddDays(1-a.days).Start()))
	}
	if city != "" {
		for _, d := range s.Districts(city) {
			c.places[d] = &placed{District: District{Code: d}, kinds: map[string]int64{}}
		}
	}
	return c
}

// placed is a district in the making.
type placed struct {
	District
	kinds map[string]int64
}

// counting is an overview in the making.
type counting struct {
	o                     Overview
	sinceUs               int64
	ageFrom               []int64 // by ageDays: what is before is of that age or older
	kinds, ages           map[string]int64
	fields, six, sixKinds map[[2]string]int64
	places                map[region.Code]*placed
	beside                map[string]*placed
	dots                  dotted
}

func (c *counting) add(p spot) {
	c.o.Total++
	c.kinds[p.kind]++
	fresh, changed := p.sinceUs >= c.sinceUs, p.changUs >= c.sinceUs
	if fresh {
		c.o.New++
	}
	if changed {
		c.o.Changed++
	}
	age := c.age(p)
	c.ages[age]++
	c.fields[[2]string{p.field, p.kind}]++
	c.sixKinds[[2]string{p.six, p.kind}]++
	c.gaps(p)
	place := c.place(p.region)
	if place.Code != "" {
		c.six[[2]string{p.six, string(place.Code)}]++
	}
	place.N++
	place.kinds[p.kind]++
	if fresh {
		place.New++
	}
	if changed {
		place.Changed++
	}
	if place.OldestUs == 0 || p.asOfUs < place.OldestUs {
		place.OldestUs = p.asOfUs
	}
	place.NewestUs = max(place.NewestUs, p.asOfUs)
	if age == AgeOlder {
		place.Stale++
	}
}

// place returns the district of a code, or what is beside them.
func (c *counting) place(code region.Code) *placed {
	if code.Level() != region.LevelCounty {
		switch {
		case code == "":
			return c.besides(BesideNone, &c.o.NoPlace)
		case c.o.City != "" && code == c.o.City:
			return c.besides(BesideCity, &c.o.CityOnly)
		}
		return c.besides(BesideAway, &c.o.Elsewhere)
	}
	if p := c.places[code]; p != nil {
		return p
	}
	if c.o.City == "" || !c.o.City.Contains(code) {
		return c.besides(BesideAway, &c.o.Elsewhere)
	}
	// A place of the city that is no district, such as a development zone with a code of its own.
	p := &placed{District: District{Code: code}, kinds: map[string]int64{}}
	c.places[code] = p
	return p
}

func (c *counting) besides(where string, n *int64) *placed {
	*n++
	p := c.beside[where]
	if p == nil {
		p = &placed{kinds: map[string]int64{}}
		c.beside[where] = p
	}
	return p
}

func (c *counting) gaps(p spot) {
	if p.region.Level() != region.LevelCounty {
		c.o.Missing.Region++
	}
	if p.field == "" {
		c.o.Missing.Field++
	}
	if p.six == "" {
		c.o.Missing.Six++
	}
	switch {
	case p.lonE7 != 0 || p.latE7 != 0:
		if ground.holds(p.lonE7, p.latE7) {
			c.o.Points++
			c.dots.add(p, c.o.City)
		}
	case classOf(p.kind) == Org:
		c.o.Missing.Point++
	}
}

// age counts in days of the calendar, so that a day says which records are meant.
func (c *counting) age(p spot) string {
	if p.six == Undisclosed {
		return Undisclosed
	}
	for i := len(ageDays) - 1; i > 0; i-- {
		if p.asOfUs < c.ageFrom[i] {
			return ageDays[i].age
		}
	}
	return ageDays[0].age
}

func (c *counting) done() Overview {
	o := c.o
	o.Kinds = tallies(c.kinds, Kinds())
	o.Ages = tallies(c.ages, Ages())
	o.Landscape, o.SixNew, o.SixKinds = cells(c.fields), cells(c.six), cells(c.sixKinds)
	o.Districts = []District{}
	for _, p := range c.places {
		p.District.Kinds = tallies(p.kinds, Kinds())
		o.Districts = append(o.Districts, p.District)
	}
	o.Beside = []Beside{}
	for _, where := range []string{BesideCity, BesideAway, BesideNone} {
		if p := c.beside[where]; p != nil {
			p.District.Kinds = tallies(p.kinds, Kinds())
			o.Beside = append(o.Beside, Beside{where, p.District})
		}
	}
	slices.SortFunc(o.Districts, func(a, b District) int { return cmp.Compare(a.Code, b.Code) })
	o.Dots, o.Extent = c.dots.list(maxDots), c.dots.extent()
	return o
}

// tallies are counts in the order of a list, without zeros.
func tallies(counts map[string]int64, list []Choice) []Tally {
	out := []Tally{}
	for _, c := range list {
		if n := counts[c.Value]; n > 0 {
			out = append(out, Tally{c.Value, n})
		}
	}
	return out
}

func cells(counts map[[2]string]int64) []Cell {
	out := make([]Cell, 0, len(counts))
	for at, n := range counts {
		out = append(out, Cell{at[0], at[1], n})
	}
	slices.SortFunc(out, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
	})
	return out
}
