package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// personColumns end with the organisation of the main membership: the selection joins it.
const personColumns = `person.id, person.name, person.name_en, person.gender, person.id_sealed,
	person.id_mark, person.title, person.degree, person.phone, person.phone_mark, person.email,
	person.orcid, person.summary, person.public, person.archived, person.created_us, person.created_by, person.updated_us,
	person.version, COALESCE(mo.id, ''), COALESCE(mo.name, ''), COALESCE(mo.region, ''),
	COALESCE(mm.duty, '')`

const personFrom = `person LEFT JOIN membership AS mm ON mm.person = person.id AND mm.main
	LEFT JOIN org AS mo ON mo.id = mm.org_now`

func scanPerson(r db.Row) (Person, error) {
	var p Person
	k := &p.kept
	err := r.Scan(&p.ID, &p.Name, &p.NameEn, &p.Gender, &k.idNumber, &k.idMark, &p.Title, &p.Degree,
		&k.phone, &k.phoneMark, &k.email, &p.ORCID, &p.Summary, &p.Public, &p.Archived, &p.CreatedUs,
		&p.createdBy, &p.UpdatedUs, &p.Version, &p.Org, &p.OrgName, &p.orgRegion, &p.Duty)
	return p, err
}

var (
	qPerson       = db.Stmt(`SELECT ` + personColumns + ` FROM ` + personFrom + ` WHERE person.id = $1`)
	qPersonByMark = db.Stmt(`SELECT ` + personColumns + ` FROM ` + personFrom + `
		WHERE person.id_mark = $1 AND person.id_mark <> ''`)
	qPersonByPhone = db.Stmt(`SELECT ` + personColumns + ` FROM ` + personFrom + `
		WHERE person.phone_mark = $1 AND person.phone_mark <> '' ORDER BY person.id LIMIT 20`)
	qPersonAdd = db.Stmt(`INSERT INTO person (id, name, name_en, name_key, name_sort, gender,
			id_sealed, id_mark, title, degree, phone, phone_mark, email, orcid, summary, public,
			archived, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
			$18, 1)`)
	qPersonSet = db.Stmt(`UPDATE person SET name = $3, name_en = $4, name_key = $5, name_sort = $6,
			gender = $7, id_sealed = $8, id_mark = $9, title = $10, degree = $11, phone = $12,
			phone_mark = $13, email = $14, orcid = $15, summary = $16, public = $17,
			updated_us = $18, version = version + 1
		WHERE id = $1 AND version = $2`)
	qPersonArchive = db.Stmt(`UPDATE person SET archived = $3, updated_us = $4,
		version = version + 1 WHERE id = $1 AND version = $2`)
	qPersonTouch = db.Stmt(`UPDATE person SET updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)

	qFields      = db.Stmt(`SELECT field FROM person_field WHERE person = $1 ORDER BY n`)
	qFieldDrop   = db.Stmt(`DELETE FROM person_field WHERE person = $1`)
	qFieldAdd    = db.Stmt(`INSERT INTO person_field (person, n, field) VALUES ($1, $2, $3)`)
	qPGramDrop   = db.Stmt(`DELETE FROM person_gram WHERE person = $1`)
	qPGramAdd    = db.Stmt(`INSERT INTO person_gram (gram, person) VALUES ($1, $2)`)
	qMemberships = db.Stmt(`SELECT m.id, m.person, m.org_now, o.name, m.duty, m.from_day, m.to_day,
			m.main, m.org, m.version
		FROM membership AS m JOIN org AS o ON o.id = m.org_now WHERE m.person = $1
		ORDER BY CASE WHEN m.to_day = '' THEN 0 ELSE 1 END, m.created_us, m.id`)
	qMemberAdd = db.Stmt(`INSERT INTO membership (id, person, org, org_now, duty, from_day, to_day,
			main, created_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`)
	qMemberEnd = db.Stmt(`UPDATE membership SET to_day = $3, main = FALSE, version = version + 1
		WHERE id = $1 AND version = $2`)
	qMemberMain = db.Stmt(`UPDATE membership SET main = $3, version = version + 1
		WHERE id = $1 AND version = $2`)

	// A merge leads the memberships of a record on; a split leads them back, whole.
	qMembersLead = db.Stmt(`UPDATE membership SET org_now = $2, version = version + 1
		WHERE org_now = $1`)
	qMembersBack = db.Stmt(`UPDATE membership SET org_now = $1, version = version + 1
		WHERE org IN (` + familyOf + `SELECT id FROM family)`)
)

func scanMembership(r db.Row) (Membership, error) {
	var m Membership
	err := r.Scan(&m.ID, &m.Person, &m.Org, &m.OrgName, &m.Duty, &m.From, &m.To, &m.Main, &m.named,
		&m.version)
	return m, err
}

// personByID loads a person with everything that the policy asks about.
func (s *Service) personByID(ctx context.Context, q db.Q, personID string) (Person, error) {
	p, err := db.Get(ctx, q, qPerson, scanPerson, personID)
	if err != nil {
		return p, err
	}
	return s.withMemberships(ctx, q, p)
}

func (s *Service) withMemberships(ctx context.Context, q db.Q, p Person) (Person, error) {
	var err error
	s.vault.show(&p, fieldIDNumber)
	s.vault.show(&p, fieldPhone)
	s.vault.show(&p, fieldEmail)
	if p.Fields, err = db.All(ctx, q, qFields, db.One[string], p.ID); err != nil {
		return p, err
	}
	if p.Memberships, err = db.All(ctx, q, qMemberships, scanMembership, p.ID); err != nil {
		return p, err
	}
	p.orgs = currentOrgs(p.Memberships)
	return p, nil
}

func currentOrgs(list []Membership) []string {
	var out []string
	for _, m := range list {
		if m.To == "" {
			out = append(out, m.Org)
		}
	}
	return out
}

// insertPeople stores new people with their fields and memberships.
func (s *Service) insertPeople(ctx context.Context, tx *unit.Tx, list []Person) error {
	var people, fields, grams, members [][]any
	for i := range list {
		p := &list[i]
		if err := s.vault.keep(p); err != nil {
			return err
		}
		people = append(people, []any{p.ID, p.Name, p.NameEn, NameKey(p.Name), SortKey(p.Name),
			p.Gender, p.kept.idNumber, p.kept.idMark, p.Title, p.Degree, p.kept.phone, p.kept.phoneMark,
			p.kept.email, p.ORCID, p.Summary, p.Public, false, tx.NowUs(), tx.By().Account})
		fields = append(fields, fieldRows(p)...)
		grams = append(grams, personGramRows(p)...)
		for _, m := range p.Memberships {
			members = append(members, []any{m.ID, p.ID, m.named, m.Org, m.Duty, string(m.From),
				string(m.To), m.Main, tx.NowUs()})
		}
	}
	for _, step := range []struct {
		stmt *db.Statement
		rows [][]any
	}{{qPersonAdd, people}, {qFieldAdd, fields}, {qPGramAdd, grams}, {qMemberAdd, members}} {
		if _, err := db.InsertMany(ctx, tx.Tx, step.stmt, step.rows); err != nil {
			return err
		}
	}
	return nil
}

func fieldRows(p *Person) [][]any {
	var rows [][]any
	for n, f := range p.Fields {
		rows = append(rows, []any{p.ID, int64(n), f})
	}
	return rows
}

func personGramRows(p *Person) [][]any {
	var rows [][]any
	for _, g := range IndexGrams(p.Name, p.NameEn) {
		rows = append(rows, []any{g, p.ID})
	}
	return rows
}

// replacePerson stores new data over the record that has this version.
func (s *Service) replacePerson(ctx context.Context, tx *unit.Tx, p *Person) error {
	if err := s.vault.keep(p); err != nil {
		return err
	}
	err := db.ExecOne(ctx, tx.Tx, qPersonSet, p.ID, p.Version, p.Name, p.NameEn, NameKey(p.Name),
		SortKey(p.Name), p.Gender, p.kept.idNumber, p.kept.idMark, p.Title, p.Degree, p.kept.phone,
		p.kept.phoneMark, p.kept.email, p.ORCID, p.Summary, p.Public, tx.NowUs())
	if err != nil {
		return err
	}
	for _, drop := range []*db.Statement{qFieldDrop, qPGramDrop} {
		if _, err := db.Exec(ctx, tx.Tx, drop, p.ID); err != nil {
			return err
		}
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qFieldAdd, fieldRows(p)); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx.Tx, qPGramAdd, personGramRows(p))
	return err
}
