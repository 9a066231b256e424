package party

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
)

// OrgFilter narrows a list of organisations. Zero fields do not narrow.
type OrgFilter struct {
	Query    string      `json:"q,omitempty"`        // words of a name or credit code
	Kind     string      `json:"kind,omitempty"`     // one of OrgKinds
	Region   region.Code `json:"region,omitempty"`   // and everything inside it
	Industry string      `json:"industry,omitempty"` // a code and everything below it
	Standing string      `json:"standing,omitempty"`
	State    string      `json:"state,omitempty"`
	FromUs   int64       `json:"fromUs,omitempty"` // updated at or after
	ToUs     int64       `json:"toUs,omitempty"`   // updated before
}

// Orgs is the list of organisations. Merged records are left out by the filter.
var orgList = db.Select(orgColumns, `org`,
	db.Order{Name: "name", Cols: []db.Col{db.TextCol("org.name_sort"), db.TextCol("org.id")}},
	db.Order{Name: "updated", Desc: true,
		Cols: []db.Col{db.IntCol("org.updated_us"), db.TextCol("org.id")}},
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("org.created_us"), db.TextCol("org.id")}},
	db.Order{Name: "region",
		Cols: []db.Col{db.TextCol("org.region"), db.TextCol("org.name_sort"), db.TextCol("org.id")}},
)

// OrgOrders returns the names of the orders people may choose.
func OrgOrders() []string { return orgList.OrderNames() }

// inRegion keeps the rows of a region and everything inside it, as a range that an index can
// serve. A text that is no code keeps nothing.
func inRegion(w db.Where, code region.Code) db.Where {
	from, before, ok := authz.RegionRange(string(code))
	switch {
	case !ok:
		return w.AndAll(db.Nothing())
	case code.Level() == region.LevelCounty:
		return w.And("org.region = $1", from)
	default:
		return w.And("org.region >= $1 AND org.region < $2", from, before)
	}
}

// industryPattern is the form of GB/T 4754 codes: a section letter and up to four digits.
var industryPattern = regexp.MustCompile(`^[A-T][0-9]{0,4}$`)

// industryDigits is the length of the code of a class, below which there is nothing.
const industryDigits = 5

// inIndustry keeps the rows of an industry and everything below it.
func inIndustry(w db.Where, code string) db.Where {
	code = strings.ToUpper(strings.TrimSpace(code))
	switch {
	case !industryPattern.MatchString(code):
		return w.AndAll(db.Nothing())
	case len(code) == industryDigits:
		return w.And("org.industry = $1", code)
	}
	// ':' comes after '9'. A section's codes all begin with its letter.
	return w.And("org.industry >= $1 AND org.industry < $2", code, code+":")
}

// Bounds of a search.
const (
	maxGrams    = 18  // pairs of characters that are looked at: all 17 of a credit code
	maxQueryLen = 100 // characters
)

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// few is how many organisations may be fetched and sorted for a page.
const few = 1024

// pageOf returns a page of the organisations with these numbers. What has changed since the set was
// made is not shown to those who may no longer see it.
func (s *Service) pageOf(
	ctx context.Context, by authz.Actor, set *orgSet, order string, p db.PageReq,
) (db.Page[Org], error) {
	o := orgList.Order(order)
	nums, err := s.candidates(ctx, set, o, p)
	if err != nil {
		return db.Page[Org]{}, err
	}
	page, err := db.ListAmong(ctx, s.unit.DB(), orgList, o, p, scanOrg, "org.num", nums)
	page.Items = slices.DeleteFunc(page.Items, func(o Org) bool {
		return OrgPolicy.May(by, ActOrgRead, o) != nil
	})
	return page, err
}

// ListOrganisations returns a page of the organisations that the actor may read.
func (s *Service) ListOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter, order string, p db.PageReq,
) (db.Page[Org], error) {
	set, err := s.find(ctx, by, f, ActOrgRead)
	if err != nil {
		return db.Page[Org]{}, err
	}
	return s.pageOf(ctx, by, set, order, p)
}

// MaxExport bounds an export, in rows.
const MaxExport = 200_000

// ExportOrganisations calls each for every organisation of the list that the actor may export, in
// its order, with addresses and with contacts as the actor may see them. The export is recorded
// before the first row leaves.
func (s *Service) ExportOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter, order string, each func(Org) error,
) error {
	if !OrgPolicy.Could(by, ActOrgExport) {
		return OrgPolicy.May(by, ActOrgExport, Org{})
	}
	set, err := s.find(ctx, by, f, ActOrgRead, ActOrgExport)
	if err != nil {
		return err
	}
	n := min(set.count, MaxExport)
	if err := s.auditExport(ctx, by, "party.ExportOrganisations", "party.org", f, n); err != nil {
		return err
	}
	req := db.PageReq{Limit: db.MaxLimit}
	for left := n; left > 0; {
		page, err := s.pageOf(ctx, by, set, order, req)
		if err != nil {
			return err
		}
		if err := fillParts(ctx, s.unit.DB(), page.Items); err != nil {
			return err
		}
		for _, o := range page.Items[:min(int64(len(page.Items)), left)] {
			if err := each(o.maskedFor(by)); err != nil {
				return err
			}
			left--
		}
		if page.Next == "" {
			return nil
		}
		req.After = page.Next
	}
	return nil
}
