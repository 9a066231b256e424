package atlas

import (
	"sync"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/region"
)

// places names places from the dictionary as people at home do: a district of the own city by its
// name alone, others by their full name, or by their name where it is the only one.
type places struct {
	dict *dict.Service
	home func() region.Code

	mu    sync.Mutex
	at    region.Code
	codes map[string]region.Code
}

func (p *places) here() region.Code {
	if p.home == nil {
		return ""
	}
	return p.home()
}

// Name implements Names.
func (p *places) Name(c region.Code) string {
	if p.dict == nil {
		return string(c)
	}
	return p.dict.PlaceName(p.here(), c)
}

// Find implements Names.
func (p *places) Find(name string) (region.Code, bool) {
	if p.dict == nil {
		return "", false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if home := p.here(); p.codes == nil || p.at != home {
		p.at, p.codes = home, p.index(home)
	}
	c, ok := p.codes[name]
	return c, ok && c != ""
}

// index maps names to codes; one that several places have is "".
func (p *places) index(home region.Code) map[string]region.Code {
	out, own := map[string]region.Code{}, map[string]region.Code{}
	add := func(name string, c region.Code) {
		if was, there := out[name]; there && was != c {
			c = ""
		}
		out[name] = c
	}
	for _, it := range p.items() {
		if it.Kind == dict.Group {
			continue
		}
		c := region.Code(it.Code)
		add(it.Name, c)
		add(p.dict.RegionName(c, ""), c)
		if home != "" && (home == c || home.City().Contains(c) || home.Contains(c)) {
			own[it.Name] = c
		}
	}
	for name, c := range own {
		out[name] = c
	}
	return out
}

// items are all places. The names of places are not guarded; the program reads them, whoever asks.
func (p *places) items() []dict.Item {
	by := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}
	var out []dict.Item
	req := db.PageReq{Limit: db.MaxLimit}
	for {
		page, err := p.dict.Items(by, dict.Query{List: dict.Regions}, req)
		if err != nil {
			return out
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		req.After = page.Next
	}
}

// Districts are the counties of a city, in the order of their codes, without those that only exist
// for statistics.
func (s *Service) Districts(city region.Code) []region.Code {
	if s.places.dict == nil {
		return nil
	}
	by := authz.Actor{Role: authz.Officer, Via: authz.ViaSystem}
	page, err := s.places.dict.Items(by, dict.Query{List: dict.Regions, Parent: string(city), Tree: true},
		db.PageReq{Limit: db.MaxLimit})
	if err != nil {
		return nil // a code that the dictionary does not know has none
	}
	var out []region.Code
	for _, it := range page.Items {
		if it.Kind == "" {
			out = append(out, region.Code(it.Code))
		}
	}
	return out
}

// knows says whether a code is in force.
func (p *places) knows(c region.Code) bool { return p.dict.Has(dict.Regions, string(c), "") }

// knowsIndustry says whether a code of GB/T 4754 is in force.
func (p *places) knowsIndustry(code string) bool {
	return p.dict != nil && p.dict.Has(dict.Industries, code, "")
}

func (p *places) plainName(c region.Code) string {
	if p.dict == nil {
		return ""
	}
	name, _ := p.dict.Name(dict.Regions, string(c), "")
	return name
}
