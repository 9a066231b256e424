package dict

import (
	"slices"

	"github.com/yuntu-city/yuntu/internal/region"
)

// Cities returns the provinces and prefecture-level places of the edition in force (省、地级行政区),
// in the order of their codes.
func (s *Service) Cities() []Item {
	e := s.now.Load().inForce(Regions, "")
	if e == nil {
		return nil
	}
	var out []Item
	for _, it := range e.items {
		if it.Kind == "" && slices.Contains(cityLevels, region.Code(it.Code).Level()) {
			out = append(out, it)
		}
	}
	return out
}

var cityLevels = []int{region.LevelProvince, region.LevelCity}
