package party

import (
	"context"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/sheet"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// personRow is one row of an import of people.
type personRow struct {
	row   sheet.Row
	data  PersonData
	given []string
	masks map[string]string // by field: cells that hold what an export shows in part
	org   string            // as written: a credit code or a name
	duty  string
	from  clock.Date
}

type personRows struct {
	s        *Service
	rows     []personRow
	problems badRows
}

// readPeople reads the rows of a table of people.
func (s *Service) readPeople(
	ctx context.Context, t *sheet.Table, _ string, progress func(done, total int),
) (importRows, error) {
	out := &personRows{s: s}
	byNumber := sheet.NewDuplicates("idNumber")
	byName := sheet.NewDuplicates("name", "org")
	for r, err := range t.Rows(ctx, progress) {
		if err != nil {
			return nil, err
		}
		out.problems.add(r.Problems...)
		x := readPerson(r)
		for _, d := range []*sheet.Duplicates{byNumber, byName} {
			if p, again := d.Check(r); again {
				out.problems.add(p)
				break
			}
		}
		if !out.problems.in(r.Number) {
			out.problems.add(blame(r, s.validPerson(x.data, nil), personColumn)...)
		}
		out.rows = append(out.rows, x)
	}
	return out, nil
}

func readPerson(r sheet.Row) personRow {
	x := personRow{row: r, org: r.Text("org"), duty: tidy(r.Text("duty")), from: r.Date("from")}
	x.data = PersonData{Name: r.Text("name"), NameEn: r.Text("nameEn"),
		Gender:   valueOf(Genders(), r.Choice("gender")),
		IDNumber: r.Text("idNumber"), Title: r.Text("title"),
		Degree: valueOf(Degrees(), r.Choice("degree")), Phone: r.Text("phone"),
		Email: r.Text("email"), ORCID: r.Text("orcid"), Summary: r.Text("summary"),
		Public: r.Bool("public")}
	x.data.Fields = strings.FieldsFunc(r.Text("fields"), func(c rune) bool {
		return strings.ContainsRune(fieldMarks, c)
	})
	x.takeMasks()
	x.data.Normalise()
	x.given = fieldNames(personChanges(PersonData{}, x.data))
	return x
}

// takeMasks takes what is shown in part out of the data. An export has phones and mail so, and when it
// comes back they say nothing new: kept as data they would replace what they stand for.
func (x *personRow) takeMasks() {
	x.masks = map[string]string{}
	for _, f := range []struct {
		name, mark string
		cell       *string
	}{{fieldIDNumber, "*", &x.data.IDNumber}, {fieldPhone, "*", &x.data.Phone}, {fieldEmail, maskedMail, &x.data.Email}} {
		if strings.Contains(*f.cell, f.mark) {
			x.masks[f.name], *f.cell = *f.cell, ""
		}
	}
}

// foreignMasks says which cells are shown in part and are not what is stored of this person: nobody knows
// what they stand for.
func (x *personRow) foreignMasks(of Person) []sheet.Problem {
	hidden := of.masked()
	var out []sheet.Problem
	for _, f := range []struct{ name, mask string }{{fieldIDNumber, hidden.IDNumber},
		{fieldPhone, hidden.Phone}, {fieldEmail, hidden.Email}} {
		if cell := x.masks[f.name]; cell != "" && cell != f.mask {
			out = append(out, x.row.Problem(f.name, "“%s”隐去了一部分，不能写入；请填写完整，或留空",
				firstRunes(cell, maxShown)))
		}
	}
	return out
}

// personColumn returns the column of the import that a field of a person stands in.
func personColumn(field string) string {
	field, _, _ = strings.Cut(field, ".")
	for _, c := range PersonSheet().Columns {
		if c.Key == field {
			return field
		}
	}
	return ""
}

// over returns data with the filled-in cells of the row written over it.
func (x *personRow) over(data PersonData) PersonData {
	for _, f := range x.given {
		switch f {
		case "nameEn":
			data.NameEn = x.data.NameEn
		case "gender":
			data.Gender = x.data.Gender
		case "idNumber":
			data.IDNumber = x.data.IDNumber
		case "title":
			data.Title = x.data.Title
		case "degree":
			data.Degree = x.data.Degree
		case "fields":
			data.Fields = x.data.Fields
		case "phone":
			data.Phone = x.data.Phone
		case "email":
			data.Email = x.data.Email
		case "orcid":
			data.ORCID = x.data.ORCID
		case "summary":
			data.Summary = x.data.Summary
		case "public":
			data.Public = x.data.Public
		}
	}
	return data
}

// personNow is a person that a row may stand for.
type personNow struct{ id, mark, key, name string }

var personKeys = db.Select(`person.id, person.id_mark, person.name_key, person.name`, `person`,
	db.Order{Name: "id", Cols: []db.Col{db.TextCol("person.id")}})

func scanPersonNow(r db.Row) (personNow, error) {
	var p personNow
	err := r.Scan(&p.id, &p.mark, &p.key, &p.name)
	return p, err
}

// peopleNow are the people and organisations that rows may stand for.
type peopleNow struct {
	byMark map[string]personNow
	byName map[string][]personNow
	orgs   orgsNow
}

func (o *personRows) find(ctx context.Context, q db.Q) (peopleNow, error) {
	now := peopleNow{byMark: map[string]personNow{}, byName: map[string][]personNow{}}
	var marks, keys, codes, names []string
	for _, x := range o.rows {
		marks = append(marks, o.s.vault.equal(x.data.IDNumber))
		keys = append(keys, NameKey(x.data.Name))
		if code, err := id.ParseUSCC(x.org); err == nil {
			codes = append(codes, string(code))
		} else {
			names = append(names, NameKey(x.org))
		}
	}
	var err error
	if now.orgs, err = findOrgs(ctx, q, codes, names); err != nil {
		return now, err
	}
	load := func(w func([]any) db.Where, keep func(personNow)) func([]any) error {
		return func(part []any) error {
			return db.Stream(ctx, q, personKeys, w(part), personKeys.Order("id"), maxSameKey,
				scanPersonNow, func(p personNow) error { keep(p); return nil })
		}
	}
	err = inBatches(marks, load(
		func(part []any) db.Where {
			return db.Where{}.And("person.id_mark <> ''").In("person.id_mark", part...)
		},
		func(p personNow) { now.byMark[p.mark] = p }))
	if err != nil {
		return now, err
	}
	err = inBatches(keys, load(
		func(part []any) db.Where { return db.Where{}.In("person.name_key", part...) },
		func(p personNow) { now.byName[p.name] = append(now.byName[p.name], p) }))
	return now, err
}

// employer returns the organisation that a row names, or what is wrong with it.
func (now peopleNow) employer(by authz.Actor, x *personRow) (Org, string, []any) {
	var list []Org
	if code, err := id.ParseUSCC(x.org); err == nil {
		if o, ok := now.orgs.byCode[string(code)]; ok {
			list = append(list, o)
		}
	} else {
		for _, o := range now.orgs.byKey[NameKey(x.org)] {
			if o.Name == tidy(x.org) {
				list = append(list, o)
			}
		}
		if len(list) == 0 {
			list = now.orgs.byKey[NameKey(x.org)]
		}
	}
	list = slices.DeleteFunc(slices.Clone(list), func(o Org) bool {
		return OrgPolicy.May(by, ActOrgRead, o) != nil
	})
	switch len(list) {
	case 0:
		return Org{}, "没有找到单位“%s”，请先登记该单位", []any{firstRunes(x.org, maxShown)}
	case 1:
		return list[0], "", nil
	}
	return Org{}, "名为“%s”的单位有 %d 个，请填统一社会信用代码",
		[]any{firstRunes(x.org, maxShown), len(list)}
}

func (o *personRows) match(
	ctx context.Context, q db.Q, by authz.Actor, mode string,
) (*plan, error) {
	p := newPlan(len(o.rows))
	p.problems.Add(o.problems.list...)
	now, err := o.find(ctx, q)
	if err != nil {
		return nil, err
	}
	m := personMatch{personRows: o, q: q, by: by, mode: mode, now: now, plan: p,
		taken: map[string]int{}}
	for i := range o.rows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if o.problems.in(o.rows[i].row.Number) {
			continue
		}
		if err := m.one(ctx, &o.rows[i]); err != nil {
			return nil, err
		}
	}
	p.apply = m.apply
	return p, nil
}

// personMatch is the state of comparing rows with the data.
type personMatch struct {
	*personRows
	q     db.Q
	by    authz.Actor
	mode  string
	now   peopleNow
	plan  *plan
	taken map[string]int
	adds  []Person
	edits []personChange
}

type personChange struct{ old, next Person }

func (m *personMatch) one(ctx context.Context, x *personRow) error {
	var employer Org
	if x.org != "" {
		var key string
		var args []any
		if employer, key, args = m.now.employer(m.by, x); key != "" {
			m.plan.problems.Add(x.row.Problem("org", key, args...))
			return nil
		}
	}
	old, found, err := m.target(ctx, x, employer)
	if err != nil {
		return err
	}
	if !found {
		m.add(x, employer)
		return nil
	}
	if n, again := m.taken[old.ID]; again {
		m.plan.problems.Add(x.row.Problem("name", "与第 %d 行是同一个人：%s", n, old.Name))
		return nil
	}
	m.taken[old.ID] = x.row.Number
	m.change(x, old)
	return nil
}

// target returns the person that a row stands for: of the same identity number, or of the same name
// in the same organisation unless two numbers say that they are two.
func (m *personMatch) target(
	ctx context.Context, x *personRow, employer Org,
) (Person, bool, error) {
	mark := m.s.vault.equal(x.data.IDNumber)
	if n, ok := m.now.byMark[mark]; ok && mark != "" {
		p, err := m.s.personByID(ctx, m.q, n.id)
		return p, err == nil, err
	}
	if employer.ID == "" {
		return Person{}, false, nil
	}
	for _, n := range m.now.byName[x.data.Name] {
		if mark != "" && n.mark != "" {
			continue
		}
		p, err := m.s.personByID(ctx, m.q, n.id)
		if err != nil {
			return p, false, err
		}
		if slices.Contains(p.orgs, employer.ID) {
			return p, true, nil
		}
	}
	return Person{}, false, nil
}

func (m *personMatch) add(x *personRow, employer Org) {
	p := Person{PersonData: x.data, createdBy: m.by.Account}
	if employer.ID != "" {
		p.Memberships = []Membership{{Org: employer.ID, Duty: x.duty, From: x.from, Main: true,
			named: employer.ID}}
		p.orgs, p.orgRegion = []string{employer.ID}, string(employer.Region)
	}
	for _, act := range []authz.Action{ActPersonImport, ActPersonCreate} {
		if PersonPolicy.May(m.by, act, p) != nil {
			m.plan.problems.Add(x.row.Problem("org", "您不能登记这个单位的人员"))
			return
		}
	}
	if wrong := x.foreignMasks(Person{}); len(wrong) > 0 {
		m.plan.problems.Add(wrong...)
		return
	}
	if len(m.now.byName[x.data.Name]) > 0 {
		m.plan.warnings.Add(x.row.Problem("name", "已有同名人员，将作为另一人登记"))
	}
	m.plan.decide(x.row.Number, "add", employer.ID, 0)
	m.adds = append(m.adds, p)
}

func (m *personMatch) change(x *personRow, old Person) {
	if m.mode != ModeUpdate {
		m.plan.decide(x.row.Number, "skip", old.ID, 0)
		return
	}
	for _, act := range []authz.Action{ActPersonImport, ActPersonUpdate} {
		if PersonPolicy.May(m.by, act, old) != nil {
			m.plan.problems.Add(x.row.Problem("name", "您不能修改已有的“%s”", x.data.Name))
			return
		}
	}
	if wrong := x.foreignMasks(old); len(wrong) > 0 {
		m.plan.problems.Add(wrong...)
		return
	}
	next := old
	next.PersonData = x.over(old.PersonData)
	if len(personChanges(old.PersonData, next.PersonData)) == 0 {
		m.plan.decide(x.row.Number, "same", old.ID, 0)
		return
	}
	if wrong := blame(x.row, m.s.validPerson(next.PersonData, nil), personColumn); len(wrong) > 0 {
		m.plan.problems.Add(wrong...)
		return
	}
	m.plan.decide(x.row.Number, "change", old.ID, old.Version)
	m.edits = append(m.edits, personChange{old, next})
}

func (m *personMatch) apply(ctx context.Context, tx *unit.Tx, progress func(done int)) error {
	done := 0
	for part := range slices.Chunk(m.adds, batch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range part {
			p := &part[i]
			p.ID = id.New()
			for j := range p.Memberships {
				p.Memberships[j].ID = id.New()
			}
			tx.Audit(audit.Entry{Kind: kindPerson, Object: p.ID, What: "import-create",
				Detail: []FieldChange{{Field: "name", New: p.Name}}})
			tx.Emit(outbox.Event{Kind: EventPersonCreated, Object: p.ID})
		}
		if err := m.s.insertPeople(ctx, tx, part); err != nil {
			return err
		}
		done += len(part)
		progress(done)
	}
	for _, c := range m.edits {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := c.next
		if err := m.s.replacePerson(ctx, tx, &next); err != nil {
			return err
		}
		changed := personChanges(c.old.PersonData, next.PersonData)
		tx.Audit(audit.Entry{Kind: kindPerson, Object: next.ID, What: "import-update",
			Detail: changed})
		tx.Emit(outbox.Event{Kind: EventPersonUpdated, Object: next.ID, Data: fieldNames(changed)})
		done++
		progress(done)
	}
	return nil
}
