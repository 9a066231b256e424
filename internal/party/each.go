package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// What other rooms read of many records at once, whoever asks: they ask a policy themselves before
// they show any of it. Contacts, identity numbers, phones and mails are blank.

var (
	orgsEach    = db.Select(orgColumns, `org`, db.Order{Name: "id", Cols: []db.Col{db.TextCol("org.id")}})
	peopleEach  = db.Select(personColumns, personFrom, db.Order{Name: "id", Cols: []db.Col{db.TextCol("person.id")}})
	qNamesakeOf = db.Stmt(`SELECT org.id FROM org WHERE org.name_key = $1 AND org.name = $2
		AND org.merged_into = '' ORDER BY org.id LIMIT 1`)
)

// EachAtOnce is the most ids that OrgsByID and PeopleByID take at once.
const EachAtOnce = 500

// OrgsByID returns the organisations that have these ids, merged ones too, with their addresses.
func OrgsByID(ctx context.Context, q db.Q, ids []string) ([]Org, error) {
	list, err := eachOf(ctx, q, orgsEach, amongOrgs, ids, scanOrg)
	if err != nil {
		return nil, err
	}
	if err := fillParts(ctx, q, list); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Contacts = nil
	}
	return list, nil
}

// PeopleByID returns the people who have these ids, with their fields and memberships.
func PeopleByID(ctx context.Context, q db.Q, ids []string) ([]Person, error) {
	list, err := eachOf(ctx, q, peopleEach, amongPeople, ids, scanPerson)
	if err != nil {
		return nil, err
	}
	for i := range list {
		p := &list[i]
		p.kept = kept{}
		if p.Fields, err = db.All(ctx, q, qFields, db.One[string], p.ID); err != nil {
			return nil, err
		}
		if p.Memberships, err = db.All(ctx, q, qMemberships, scanMembership, p.ID); err != nil {
			return nil, err
		}
		p.orgs = currentOrgs(p.Memberships)
	}
	return list, nil
}

// RegionOfMain is the place of the organisation of a person's main membership, "" for none.
func (p Person) RegionOfMain() string { return p.orgRegion }

// OrgNow returns the id of the record that lives now under an id, "" where there is none.
func OrgNow(ctx context.Context, q db.Q, orgID string) (string, error) {
	living, _, err := db.Find(ctx, q, qOrgLiving, db.One[string], orgID)
	return living, err
}

// OrgNamed returns the id of the living organisation of exactly this name, "" where there is none.
func OrgNamed(ctx context.Context, q db.Q, name string) (string, error) {
	found, _, err := db.Find(ctx, q, qNamesakeOf, db.One[string], NameKey(name), name)
	return found, err
}

func amongOrgs(ids ...any) db.Where   { return db.Where{}.In("org.id", ids...) }
func amongPeople(ids ...any) db.Where { return db.Where{}.In("person.id", ids...) }

func eachOf[T any](
	ctx context.Context, q db.Q, list *db.Selection, among func(ids ...any) db.Where, ids []string,
	scan func(db.Row) (T, error),
) ([]T, error) {
	var out []T
	for len(ids) > 0 {
		n := min(len(ids), EachAtOnce)
		args := make([]any, n)
		for i, one := range ids[:n] {
			args[i] = one
		}
		ids = ids[n:]
		err := db.Stream(ctx, q, list, among(args...), list.Order("id"), n, scan, func(x T) error {
			out = append(out, x)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
