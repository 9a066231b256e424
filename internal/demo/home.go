package demo

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/region"
)

// The cities of the demonstration.
const (
	Taiyuan  = "taiyuan"
	Changzhi = "changzhi"
)

// home is the city that the site is for. Records of the other city are fewer.
type home struct {
	code     string // the digits that all its districts begin with
	region   region.Code
	title    string // of the site, in English
	district string // log-in of the district's officer
}

// login is how somebody of the roster logs in here.
func (h home) login(name string) string {
	if name == "xiaodian" {
		return h.district
	}
	return name
}

// otherCity is how many times fewer organisations the other city has here than it would at home.
const otherCity = 3

// settle makes a city the home: its districts come first and weigh more.
func (c *city) settle(name string) {
	c.home = cities[name]
	var rest []place
	for _, p := range places {
		if strings.HasPrefix(p.code, c.home.code) {
			if name != Taiyuan {
				p.weight *= otherCity
			}
			c.places = append(c.places, p)
		} else {
			rest = append(rest, p)
		}
	}
	c.second = rest[0]
	if name == Taiyuan {
		c.places, c.second = places, places[8]
		return
	}
	for _, p := range rest {
		p.weight = max(1, p.weight/otherCity)
		c.places = append(c.places, p)
	}
}

// at is the code of a district, the capital of the home first.
func (c *city) at(i int) region.Code { return region.Code(c.places[i].code) }

// own says a text that is written for Taiyuan as the home says it.
func (c *city) own(text string) string {
	if c.home.code == cities[Taiyuan].code {
		return text
	}
	return ownWords.Replace(ownNumbers.Replace(text))
}
