package party

import (
	"cmp"
	"context"
	"slices"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// orgRow is one row of an import of organisations.
type orgRow struct {
	row   sheet.Row
	data  OrgData
	given []string // fields whose cells are filled in
	key   string
}

type orgRows struct {
	s        *Service
	source   string
	rows     []orgRow
	problems badRows
}

// readOrgs reads the rows of a table of organisations.
func (s *Service) readOrgs(
	ctx context.Context, t *sheet.Table, source string, progress func(done, total int),
) (importRows, error) {
	out := &orgRows{s: s, source: source}
	names := newGazetteer(s.codes)
	twice := sheet.NewDuplicates("uscc")
	first := map[string]int{} // name without code, by region
	for r, err := range t.Rows(ctx, progress) {
		if err != nil {
			return nil, err
		}
		out.problems.add(r.Problems...)
		x := orgRow{row: r}
		problems := x.read(names)
		if p, again := twice.Check(r); again {
			problems = append(problems, p)
		}
		if at := string(x.data.Region) + x.data.Name; x.data.USCC == "" && x.data.Name != "" {
			if n, again := first[at]; again {
				problems = append(problems, r.Problem("name", "与第 %d 行重复", n))
			} else {
				first[at] = r.Number
			}
		}
		out.problems.add(problems...)
		if !out.problems.in(r.Number) {
			out.problems.add(blame(r, s.validate(x.data), orgColumn)...)
		}
		out.rows = append(out.rows, x)
	}
	return out, nil
}

// read takes the cells of a row over and returns what it cannot read.
func (x *orgRow) read(names *gazetteer) []sheet.Problem {
	r, o := x.row, &x.data
	var problems []sheet.Problem
	o.Name, o.NameEn, o.USCC = r.Text("name"), r.Text("nameEn"), r.Text("uscc")
	o.Kind = valueOf(OrgKinds(), r.Choice("kind"))
	o.Standing = valueOf(Standings(), r.Choice("standing"))
	o.Founded, o.LegalPerson = r.Date("founded"), r.Text("legalPerson")
	o.CapitalFen, o.Website = r.Fen("capitalFen"), r.Text("website")
	o.Summary = r.Text("summary")
	if text := r.Text("region"); text != "" {
		code, key, args := names.region(text)
		if key != "" {
			problems = append(problems, r.Problem("region", key, args...))
		}
		o.Region = region.Code(code)
	}
	if text := r.Text("industry"); text != "" {
		code, key, args := names.industry(text)
		if key != "" {
			problems = append(problems, r.Problem("industry", key, args...))
		}
		o.Industry = code
	}
	if line := r.Text("address"); line != "" {
		o.Addresses = []Address{{Kind: "registered", Region: o.Region, Line: line}}
	}
	c := Contact{Name: r.Text("contactName"), Phone: r.Text("contactPhone"),
		Email: r.Text("contactEmail")}
	if c != (Contact{}) {
		o.Contacts = []Contact{c}
	}
	o.Normalise()
	x.given = changedFields(OrgData{}, *o)
	if o.Standing == "" && r.Text("standing") == "" {
		o.Standing = "active"
	}
	x.key = NameKey(o.Name)
	return problems
}

// over returns data with the filled-in cells of the row written over it. A registered address and a
// contact of the same name are replaced, others stay.
func (x *orgRow) over(data OrgData) OrgData {
	for _, f := range x.given {
		switch f {
		case "addresses":
			list := slices.DeleteFunc(slices.Clone(data.Addresses), func(a Address) bool {
				return a.Kind == "registered"
			})
			// The same line keeps its point.
			same := slices.ContainsFunc(data.Addresses, func(a Address) bool {
				return a.Kind == "registered" && a.Line == x.data.Addresses[0].Line
			})
			if !same {
				data.Addresses = append(x.data.Addresses[:1:1], list...)
			}
		case "contacts":
			mine := x.data.Contacts[0]
			list := slices.Clone(data.Contacts)
			i := slices.IndexFunc(list, func(c Contact) bool { return c.Name == mine.Name })
			if i < 0 {
				list = append(list, mine)
			} else {
				list[i] = list[i].with(mine)
			}
			data.Contacts = list
		default:
			data, _ = applyField(data, x.data, f) // given names fields that exist
		}
	}
	return data
}

// with returns the contact with what another says about the same person.
func (c Contact) with(o Contact) Contact {
	if o.Phone != "" {
		c.Phone = o.Phone
	}
	if o.Email != "" {
		c.Email = o.Email
	}
	return c
}

// orgsNow are the records that rows may stand for.
type orgsNow struct {
	byCode map[string]Org
	byKey  map[string][]Org
	aka    map[string]bool // keys of aliases
}

var orgsPlain = db.Select(orgColumns, `org`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("org.id")}})

var aliasKeys = db.Select(`a.name_key`, `org_alias AS a`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("a.id")}})

// maxSameKey bounds the records that are looked at for one batch of names.
const maxSameKey = 20 * batch

// findOrgs loads the records with the credit codes and names of rows.
func findOrgs(ctx context.Context, q db.Q, codes, keys []string) (orgsNow, error) {
	now := orgsNow{map[string]Org{}, map[string][]Org{}, map[string]bool{}}
	living := db.Where{}.And("org.merged_into = ''")
	err := inBatches(codes, func(part []any) error {
		return db.Stream(ctx, q, orgsPlain, living.And("org.uscc <> ''").In("org.uscc", part...),
			orgsPlain.Order("id"), maxSameKey, scanOrg, func(o Org) error {
				now.byCode[o.USCC] = o
				return nil
			})
	})
	if err != nil {
		return now, err
	}
	err = inBatches(keys, func(part []any) error {
		return db.Stream(ctx, q, orgsPlain, living.In("org.name_key", part...),
			orgsPlain.Order("id"), maxSameKey, scanOrg, func(o Org) error {
				key := NameKey(o.Name)
				now.byKey[key] = append(now.byKey[key], o)
				return nil
			})
	})
	if err != nil {
		return now, err
	}
	err = inBatches(keys, func(part []any) error {
		return db.Stream(ctx, q, aliasKeys, db.Where{}.In("a.name_key", part...),
			aliasKeys.Order("id"), maxSameKey, db.One[string], func(key string) error {
				now.aka[key] = true
				return nil
			})
	})
	return now, err
}

// target returns the record that a row stands for: of the same credit code, or of the same name in
// the same region when one of the two has no code.
func (now orgsNow) target(x *orgRow) (Org, bool) {
	if o, ok := now.byCode[x.data.USCC]; ok && x.data.USCC != "" {
		return o, true
	}
	for _, o := range now.byKey[x.key] {
		if o.Name == x.data.Name && o.Region == x.data.Region &&
			(o.USCC == "" || x.data.USCC == "") {
			return o, true
		}
	}
	return Org{}, false
}

// orgChange is a record before and after.
type orgChange struct{ old, next Org }

func (o *orgRows) match(
	ctx context.Context, q db.Q, by authz.Actor, mode string,
) (*plan, error) {
	p := newPlan(len(o.rows))
	p.problems.Add(o.problems.list...)
	codes, keys := make([]string, len(o.rows)), make([]string, len(o.rows))
	for i := range o.rows {
		codes[i], keys[i] = o.rows[i].data.USCC, o.rows[i].key
	}
	now, err := findOrgs(ctx, q, codes, keys)
	if err != nil {
		return nil, err
	}
	var adds []Org
	var edits []orgChange
	taken, keyAt := map[string]int{}, map[string]int{}
	for i := range o.rows {
		x := &o.rows[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if o.problems.in(x.row.Number) {
			continue
		}
		old, there := now.target(x)
		if !there {
			if org, ok := o.s.addFrom(by, x, p); ok {
				o.warn(x, now, keyAt, p)
				adds = append(adds, org)
			}
			continue
		}
		if n, again := taken[old.ID]; again {
			p.problems.Add(x.row.Problem("name", "与第 %d 行是同一个单位：%s", n, old.Name))
			continue
		}
		taken[old.ID] = x.row.Number
		c, changed, err := o.s.changeFrom(ctx, q, by, x, old, mode, p)
		if err != nil {
			return nil, err
		}
		if changed {
			edits = append(edits, c)
		}
	}
	p.apply = func(ctx context.Context, tx *unit.Tx, progress func(int)) error {
		return o.s.applyOrgs(ctx, tx, adds, edits, o.source, progress)
	}
	return p, nil
}

// addFrom returns the new record of a row.
func (s *Service) addFrom(by authz.Actor, x *orgRow, p *plan) (Org, bool) {
	org := Org{OrgData: x.data, State: Pending, CreatedBy: by.Account}
	if OrgPolicy.May(by, ActOrgVerify, org) == nil {
		org.State = Verified
	}
	if OrgPolicy.May(by, ActOrgImport, org) != nil || OrgPolicy.May(by, ActOrgCreate, org) != nil {
		p.problems.Add(x.row.Problem("region", "您不能登记这个地区的组织"))
		return org, false
	}
	p.decide(x.row.Number, "add", "", 0)
	return org, true
}

// warn says that a new record may be one that is there already, or another row.
func (o *orgRows) warn(x *orgRow, now orgsNow, keyAt map[string]int, p *plan) {
	if list := now.byKey[x.key]; len(list) > 0 {
		p.warnings.Add(x.row.Problem("name", "与已有的“%s”名称相近，将作为新单位登记", list[0].Name))
	} else if now.aka[x.key] {
		p.warnings.Add(x.row.Problem("name", "与已有单位的其他名称相近，将作为新单位登记"))
	}
	if n, again := keyAt[x.key]; again {
		p.warnings.Add(x.row.Problem("name", "与第 %d 行名称相近", n))
	} else {
		keyAt[x.key] = x.row.Number
	}
}

// changeFrom returns what a row changes in a record that is there already.
func (s *Service) changeFrom(
	ctx context.Context, q db.Q, by authz.Actor, x *orgRow, old Org, mode string, p *plan,
) (orgChange, bool, error) {
	if mode != ModeUpdate {
		p.decide(x.row.Number, "skip", old.ID, 0)
		return orgChange{}, false, nil
	}
	old, err := withParts(ctx, q, old)
	if err != nil {
		return orgChange{}, false, err
	}
	next := old
	next.OrgData = x.over(old.OrgData)
	if len(changedFields(old.OrgData, next.OrgData)) == 0 {
		p.decide(x.row.Number, "same", old.ID, 0)
		return orgChange{}, false, nil
	}
	for _, org := range []Org{old, next} {
		if OrgPolicy.May(by, ActOrgImport, org) != nil || OrgPolicy.May(by, ActOrgUpdate, org) != nil {
			p.problems.Add(x.row.Problem("name", "您不能修改已有的“%s”", old.Name))
			return orgChange{}, false, nil
		}
	}
	if wrong := blame(x.row, s.validate(next.OrgData), orgColumn); len(wrong) > 0 {
		p.problems.Add(wrong...)
		return orgChange{}, false, nil
	}
	p.decide(x.row.Number, "change", old.ID, old.Version)
	return orgChange{old, next}, true, nil
}

// applyOrgs stores what was decided. Every record gets its own entry in the audit trail: the
// timeline of a record is read from there, and one entry for thousands of records could not say
// what happened to each. It costs less than a tenth of the import.
func (s *Service) applyOrgs(
	ctx context.Context, tx *unit.Tx, adds []Org, edits []orgChange, source string,
	progress func(done int),
) error {
	done, index := 0, newIndexing()
	for part := range slices.Chunk(adds, batch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.insertImported(ctx, tx, part, "import-create", source, index); err != nil {
			return err
		}
		done += len(part)
		progress(done)
	}
	for _, c := range edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := c.next
		if err := replaceOrg(ctx, tx, &next); err != nil {
			return err
		}
		fields := changedFields(c.old.OrgData, next.OrgData)
		if err := setSources(ctx, tx, next.ID, fields, source, ""); err != nil {
			return err
		}
		tx.Audit(audit.Entry{Kind: "party.org", Object: next.ID, What: "import-update",
			Detail: changes(c.old.OrgData, next.OrgData, fields)})
		tx.Emit(outbox.Event{Kind: EventOrgUpdated, Object: next.ID, Data: fields})
		done++
		progress(done)
	}
	for _, c := range edits {
		if err := index.renewAll(ctx, tx, c.next.ID); err != nil {
			return err
		}
	}
	return index.store(ctx, tx)
}

// insertImported stores some hundred new records.
func (s *Service) insertImported(
	ctx context.Context, tx *unit.Tx, list []Org, what, source string, index *indexing,
) error {
	var sources [][]any
	for i := range list {
		o := &list[i]
		asOf := ""
		if o.UpdatedUs != 0 {
			asOf = string(clock.DateOf(clock.Time(o.UpdatedUs)))
		}
		o.ID, o.Version = id.New(), 1
		o.CreatedUs, o.UpdatedUs = cmp.Or(o.CreatedUs, tx.NowUs()), cmp.Or(o.UpdatedUs, tx.NowUs())
		for _, f := range changedFields(OrgData{}, o.OrgData) {
			sources = append(sources, []any{o.ID, f, source, asOf, tx.NowUs(), tx.By().Account})
		}
	}
	if err := storeOrgs(ctx, tx, list, index); err != nil {
		return err
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qSourceSet, sources); err != nil {
		return err
	}
	if err := s.process.StartMany(ctx, tx, list); err != nil {
		return err
	}
	for _, o := range list {
		tx.Audit(audit.Entry{Kind: "party.org", Object: o.ID, What: what,
			Detail: []FieldChange{{Field: "name", New: o.Name}, {Field: "uscc", New: o.USCC}}})
		tx.Emit(outbox.Event{Kind: EventOrgCreated, Object: o.ID})
	}
	return nil
}
