package party

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

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
	FromUs   int64       `json:"-"` // updated at or after
	ToUs     int64       `json:"-"` // updated before
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

// where turns the filter into a condition. q is asked how common the words are.
func (f OrgFilter) where(ctx context.Context, q db.Q) (db.Where, error) {
	w := db.Where{}.And("org.merged_into = ''")
	if f.Kind != "" {
		w = w.And("org.kind = $1", f.Kind)
	}
	if f.Region != "" {
		w = inRegion(w, f.Region)
	}
	if f.Industry != "" {
		w = inIndustry(w, f.Industry)
	}
	if f.Standing != "" {
		w = w.And("org.standing = $1", f.Standing)
	}
	if f.State != "" {
		w = w.And("org.state = $1", f.State)
	}
	if f.FromUs != 0 {
		w = w.And("org.updated_us >= $1", f.FromUs)
	}
	if f.ToUs != 0 {
		w = w.And("org.updated_us < $1", f.ToUs)
	}
	if strings.TrimSpace(f.Query) == "" {
		return w, nil
	}
	return matching(ctx, q, w, f.Query)
}

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

// inIndustry keeps the rows of an industry and everything below it.
func inIndustry(w db.Where, code string) db.Where {
	code = strings.ToUpper(strings.TrimSpace(code))
	if !industryPattern.MatchString(code) {
		return w.AndAll(db.Nothing())
	}
	// ':' comes after '9'. A section's codes all begin with its letter.
	return w.And("org.industry >= $1 AND org.industry < $2", code, code+":")
}

// Bounds of a search: how many pairs of characters are looked at, and how common the rarest may be
// for the search to start from it.
const (
	maxGrams    = 12
	rareAtOnce  = 1000
	rareEnough  = 10_000
	maxQueryLen = 100 // characters
)

var qGramCount = db.Stmt(`SELECT COUNT(*) FROM
	(SELECT 1 AS one FROM org_gram WHERE gram = $1 LIMIT $2) AS counted`)

// matching keeps organisations whose names hold every pair of characters of the query. When one
// pair is rare, its organisations are the start; otherwise results are dense and the order's index
// is.
func matching(ctx context.Context, q db.Q, w db.Where, query string) (db.Where, error) {
	grams := Grams(firstRunes(query, maxQueryLen))
	if len(grams) == 0 {
		return w.AndAll(db.Nothing()), nil
	}
	grams = grams[:min(len(grams), maxGrams)]
	rarest, err := rarestOf(ctx, q, grams)
	if err != nil {
		return w, err
	}
	for _, g := range grams {
		from, before := gramRange(g)
		switch {
		case g == rarest:
			w = w.And("org.id IN (SELECT g.org FROM org_gram AS g WHERE g.gram = $1)", g)
		case utf8.RuneCountInString(g) == 1:
			w = w.And(`EXISTS (SELECT 1 FROM org_gram AS g WHERE g.org = org.id AND g.gram >= $1
				AND g.gram < $2)`, from, before)
		default:
			w = w.And("EXISTS (SELECT 1 FROM org_gram AS g WHERE g.org = org.id AND g.gram = $1)", g)
		}
	}
	return w, nil
}

// rarestOf returns the pair that fewest organisations have, "" when all are common. It looks for a
// rare one first, because counting the common ones takes longer.
func rarestOf(ctx context.Context, q db.Q, grams []string) (string, error) {
	for _, limit := range []int64{rareAtOnce, rareEnough} {
		rarest, count := "", limit
		for _, g := range grams {
			if utf8.RuneCountInString(g) == 1 {
				continue
			}
			n, err := db.Get(ctx, q, qGramCount, db.One[int64], g, limit)
			if err != nil {
				return "", err
			}
			if n < count {
				rarest, count = g, n
			}
		}
		if rarest != "" {
			return rarest, nil
		}
	}
	return "", nil
}

// gramRange returns the half-open range of stored texts that a pair of characters, or a single
// one, stands for: a single character stands for all that begin with it.
func gramRange(g string) (from, before string) {
	if utf8.RuneCountInString(g) == 1 {
		return g, g + "\U0010FFFF"
	}
	return g, g + "\x01" // nothing stored lies between
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// ListOrganisations returns a page of the organisations that the actor may read.
func (s *Service) ListOrganisations(
	ctx context.Context, by authz.Actor, f OrgFilter, order string, p db.PageReq,
) (db.Page[Org], error) {
	w, err := f.where(ctx, s.unit.DB())
	if err != nil {
		return db.Page[Org]{}, err
	}
	w = w.AndAll(OrgPolicy.Scope(by, ActOrgRead))
	return db.List(ctx, s.unit.DB(), orgList, w, orgList.Order(order), p, scanOrg)
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
	w, err := f.where(ctx, s.unit.DB())
	if err != nil {
		return err
	}
	w = w.AndAll(OrgPolicy.Scope(by, ActOrgRead)).AndAll(OrgPolicy.Scope(by, ActOrgExport))
	n, err := orgList.Count(ctx, s.unit.DB(), w, MaxExport)
	if err != nil {
		return err
	}
	if err := s.auditExport(ctx, by, "party.ExportOrganisations", "party.org", f, n); err != nil {
		return err
	}
	req := db.PageReq{Limit: db.MaxLimit}
	for left := n; left > 0; {
		page, err := db.List(ctx, s.unit.DB(), orgList, w, orgList.Order(order), req, scanOrg)
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
