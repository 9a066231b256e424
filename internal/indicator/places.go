package indicator

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// lookup finds what cells of a table name, each name once.
type lookup struct {
	s      *Service
	by     authz.Actor
	places party.PlaceReader
	units  map[string]party.Org
}

func (s *Service) lookup(by authz.Actor) *lookup {
	return &lookup{s, by, party.ReadPlaces(party.FromDict(s.opt.Dict)), map[string]party.Org{}}
}

// unit reads the full name of a unit in the registry.
func (l *lookup) unit(ctx context.Context, name string) (party.Org, bool, error) {
	if o, known := l.units[name]; known {
		return o, o.ID != "", nil
	}
	list, err := l.s.opt.Party.SimilarOrganisations(ctx, l.by, party.SimilarInput{Name: name})
	if err != nil {
		return party.Org{}, false, err
	}
	var out party.Org
	for _, x := range list {
		if x.Org.Name == name {
			out = x.Org
		}
	}
	l.units[name] = out
	return out, out.ID != "", nil
}

// problemsOf turns the fields of a fault into problems of a row: a field that is no column stands at
// the one given.
func problemsOf(row sheet.Row, spec sheet.Spec, other string, f faults) []sheet.Problem {
	var out []sheet.Problem
	for _, x := range f {
		column := other
		for _, c := range spec.Columns {
			if c.Key == x.Name {
				column = c.Key
			}
		}
		out = append(out, row.Problem(column, x.Key, x.Args...))
	}
	return out
}
