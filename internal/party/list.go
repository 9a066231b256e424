package party

import (
	"context"
	"regexp"
	"slices"
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

// way is one condition on an indexed column, in the form that an index can serve and in one that
// none can, with a count of its rows up to a limit.
type way struct {
	plain, veiled db.Where
	probe         *db.Statement
	args          []any
	sorted        bool // an index serves it in the order of names
}

var (
	qProbeKind   = db.Stmt(`SELECT COUNT(*) FROM (SELECT 1 AS one FROM org WHERE kind = $1 LIMIT $2) AS p`)
	qProbeState  = db.Stmt(`SELECT COUNT(*) FROM (SELECT 1 AS one FROM org WHERE state = $1 LIMIT $2) AS p`)
	qProbeRegion = db.Stmt(`SELECT COUNT(*) FROM (SELECT 1 AS one FROM org
		WHERE region >= $1 AND region < $2 LIMIT $3) AS p`)
	qProbeIndustry = db.Stmt(`SELECT COUNT(*) FROM (SELECT 1 AS one FROM org
		WHERE industry >= $1 AND industry < $2 LIMIT $3) AS p`)
)

// few is how many rows may be sorted for a page.
const few = 3000

// ways returns the conditions of the filter on indexed columns.
func (f OrgFilter) ways() []way {
	var out []way
	if f.Kind != "" {
		out = append(out, way{db.Where{}.And("org.kind = $1", f.Kind),
			db.Where{}.And("NOT (org.kind <> $1)", f.Kind), qProbeKind, []any{f.Kind}, true})
	}
	if f.State != "" {
		out = append(out, way{db.Where{}.And("org.state = $1", f.State),
			db.Where{}.And("NOT (org.state <> $1)", f.State), qProbeState, []any{f.State}, true})
	}
	if f.Region != "" {
		x := way{plain: inRegion(db.Where{}, f.Region), veiled: db.Nothing()}
		if from, before, ok := authz.RegionRange(string(f.Region)); ok {
			x.veiled = db.Where{}.And("NOT (org.region < $1 OR org.region >= $2)", from, before)
			x.probe, x.args = qProbeRegion, []any{from, before}
			x.sorted = f.Region.Level() == region.LevelCounty
		}
		out = append(out, x)
	}
	if f.Industry != "" {
		x := way{plain: inIndustry(db.Where{}, f.Industry), veiled: db.Nothing()}
		if code := strings.ToUpper(strings.TrimSpace(f.Industry)); industryPattern.MatchString(code) {
			x.veiled = db.Where{}.And("NOT (org.industry < $1 OR org.industry >= $2)", code,
				code+":")
			x.probe, x.args = qProbeIndustry, []any{code, code + ":"}
			x.sorted = len(code) == industryDigits
		}
		out = append(out, x)
	}
	return out
}

// start returns which way to begin with, -1 for none: one with few rows, which are sorted; else, in
// the order of names, one whose index has that order. Otherwise the rows are dense enough to walk
// along the order's own index.
func start(ctx context.Context, q db.Q, list []way, order string) (int, error) {
	best, count := -1, int64(few)
	for i, x := range list {
		if x.probe == nil {
			return i, nil // nothing to be found at all
		}
		n, err := db.Get(ctx, q, x.probe, db.One[int64], append(slices.Clone(x.args), int64(few))...)
		if err != nil {
			return -1, err
		}
		if n < count {
			best, count = i, n
		}
	}
	if best >= 0 || order != "name" {
		return best, nil
	}
	// Counties and classes of industry are rarer than kinds and states.
	for i, x := range slices.Backward(list) {
		if x.sorted {
			return i, nil
		}
	}
	return -1, nil
}

// forCount asks for the form that is best for counting: all columns come from one index, by region.
const forCount = "(count)"

// orgWhere turns the filter into a condition for a list in the given order. SQLite has no statistics
// and guesses which index to use; a wrong guess sorts the whole registry for one page. So the one to
// use is chosen here, and all other conditions are written as NOT (opposite), for which SQLite takes
// no index. PostgreSQL reads both forms alike and decides by its statistics.
func (f OrgFilter) orgWhere(ctx context.Context, q db.Q, order string) (db.Where, error) {
	w := db.Where{}.And("NOT (org.merged_into <> '')")
	if order == forCount {
		w = db.Where{}.And("org.merged_into = ''")
	}
	list := f.ways()
	searched := strings.TrimSpace(f.Query) != ""
	rare := false
	var err error
	if searched {
		if w, rare, err = matching(ctx, q, w, f.Query); err != nil {
			return w, err
		}
	}
	chosen := -1
	if !rare && order != forCount {
		if chosen, err = start(ctx, q, list, order); err != nil {
			return w, err
		}
	}
	for i, x := range list {
		if i == chosen || order == forCount && x.probe == qProbeRegion {
			w = w.AndAll(x.plain)
		} else {
			w = w.AndAll(x.veiled)
		}
	}
	if f.Standing != "" {
		w = w.And("org.standing = $1", f.Standing)
	}
	if f.FromUs != 0 {
		w = w.And("org.updated_us >= $1", f.FromUs)
	}
	if f.ToUs != 0 {
		w = w.And("org.updated_us < $1", f.ToUs)
	}
	return w, nil
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

// Bounds of a search: how many pairs of characters are looked at, and how common the rarest may be
// for the search to start from it.
const (
	maxGrams    = 12
	rareAtOnce  = 500
	rareEnough  = 2000
	maxQueryLen = 100 // characters
)

var qGramCount = db.Stmt(`SELECT COUNT(*) FROM
	(SELECT 1 AS one FROM org_gram WHERE gram = $1 LIMIT $2) AS counted`)

// matching keeps organisations whose names hold every pair of characters of the query. When one
// pair is rare, its organisations are the start; otherwise results are dense and the order's index
// is.
// It reports whether there was a rare pair.
func matching(
	ctx context.Context, q db.Q, w db.Where, query string,
) (_ db.Where, rare bool, _ error) {
	grams := Grams(firstRunes(query, maxQueryLen))
	if len(grams) == 0 {
		return w.AndAll(db.Nothing()), true, nil
	}
	grams = grams[:min(len(grams), maxGrams)]
	rarest, err := rarestOf(ctx, q, grams)
	if err != nil {
		return w, false, err
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
	return w, rarest != "", nil
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
	o := orgList.Order(order)
	w, err := f.orgWhere(ctx, s.unit.DB(), o.Name)
	if err != nil {
		return db.Page[Org]{}, err
	}
	w = w.AndAll(OrgPolicy.Scope(by, ActOrgRead))
	return db.List(ctx, s.unit.DB(), orgList, w, o, p, scanOrg)
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
	w, err := f.orgWhere(ctx, s.unit.DB(), orgList.Order(order).Name)
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
