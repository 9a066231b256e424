package plan

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/party"
)

// officeNamed finds the unit that a document of a place names: 市科技局 in one of Taiyuan is
// 太原市科学技术局. It is "" where the registry has none or several.
func (s *Service) officeNamed(
	ctx context.Context, by authz.Actor, name, place string,
) (string, error) {
	if name == "" || s.opt.Party == nil {
		return "", nil
	}
	for _, full := range fullNames(name, place) {
		list, err := s.opt.Party.SimilarOrganisations(ctx, by, party.SimilarInput{Name: full})
		if err != nil {
			return "", err
		}
		if same := sameName(list, full); len(same) == 1 {
			return same[0].ID, nil
		}
	}
	return "", nil
}

// fullNames are the names that a short one may stand for, the likeliest first.
func fullNames(name, place string) []string {
	list := []string{name}
	if place != "" && !strings.HasPrefix(name, place) {
		for _, level := range levelWords {
			rest, ok := strings.CutPrefix(name, level)
			if ok && strings.HasSuffix(place, level) {
				list = append(list, place+rest)
			}
		}
		list = append(list, place+name)
	}
	var out []string
	for _, n := range list {
		out = append(out, n)
		for _, o := range offices {
			if rest, ok := strings.CutSuffix(n, o.short); ok {
				out = append(out, rest+o.full)
			}
		}
	}
	return out
}
