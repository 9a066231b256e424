package party

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

// Export says how a list leaves as a file. The file names who took it, when, and by which filter.
type Export struct {
	Format sheet.Format
	By     string // name of the actor for people
	Filter string // the filter in words, "" = everything
}

// WriteOrganisations writes the organisations of a list that the actor may export as a file that
// ImportOrgs can read again, and returns how many there were. Contacts are masked for those who may
// not see them.
func (s *Service) WriteOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter, order string, e Export, w io.Writer,
) (int, error) {
	rows := exported(func(each func([]any) error) error {
		return s.ExportOrganisations(ctx, by, f, order, func(o Org) error {
			return each(s.orgCells(o))
		})
	})
	return sheet.Write(ctx, w, e.Format, OrgSheet(), rows, s.mark(ctx, "组织名录", by, e))
}

// WritePeople is WriteOrganisations for people; identity numbers, phones and mail are masked.
func (s *Service) WritePeople(
	ctx context.Context, by authz.Actor, f PersonFilter, order string, e Export, w io.Writer,
) (int, error) {
	rows := exported(func(each func([]any) error) error {
		return s.ExportPeople(ctx, by, f, order, func(p Person) error {
			return each(personCells(p))
		})
	})
	return sheet.Write(ctx, w, e.Format, PersonSheet(), rows, s.mark(ctx, "人员名录", by, e))
}

func (s *Service) mark(ctx context.Context, title string, by authz.Actor, e Export) sheet.Meta {
	name := e.By
	if name == "" {
		name = by.Login
	} else if by.Login != "" && by.Login != name {
		name += " (" + by.Login + ")"
	}
	return sheet.Meta{Title: i18n.T(ctx, title), By: name, At: s.unit.Clock().Now(),
		Filter: e.Filter}
}

// errEnough ends an export whose reader has stopped.
var errEnough = errors.New("reader of the export has stopped")

// exported turns an export that calls for each row into rows that are taken one by one.
func exported(run func(each func([]any) error) error) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		err := run(func(row []any) error {
			if !yield(row, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// orgCells are the values of OrgSheet's columns.
func (s *Service) orgCells(o Org) []any {
	address := ""
	for _, a := range o.Addresses {
		if a.Kind == "registered" || address == "" {
			address = a.Line
		}
		if a.Kind == "registered" {
			break
		}
	}
	var c Contact
	if len(o.Contacts) > 0 {
		c = o.Contacts[0]
	}
	industry := o.Industry
	if name := s.codes.IndustryName(industry); industry != "" && name != industry {
		industry += " " + name
	}
	var capital, founded any
	if o.CapitalFen != 0 {
		capital = o.CapitalFen
	}
	if o.Founded != "" {
		founded = string(o.Founded)
	}
	return []any{o.Name, o.USCC, OrgKindTitle(o.Kind), s.codes.RegionName(string(o.Region)), industry,
		StandingTitle(o.Standing), founded, o.LegalPerson, capital, o.NameEn, o.Website, address,
		c.Name, c.Phone, c.Email, o.Summary}
}

// personCells are the values of PersonSheet's columns. Lists carry no identity numbers.
func personCells(p Person) []any {
	public := any(nil)
	if p.Public {
		public = true
	}
	return []any{p.Name, p.NameEn, titleOf(Genders(), p.Gender), "", p.Title,
		titleOf(Degrees(), p.Degree), strings.Join(p.Fields, "; "), p.OrgName, p.Duty, nil, p.Phone,
		p.Email, p.ORCID, p.Summary, public}
}
