package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

const orgColumns = `org.id, org.name, org.name_en, org.uscc, org.kind, org.region, org.industry,
	org.standing, org.founded, org.legal_person, org.capital_fen, org.website, org.summary,
	org.state, org.merged_into, org.state_before, org.created_us, org.created_by, org.updated_us,
	org.version`

func scanOrg(r db.Row) (Org, error) {
	var o Org
	err := r.Scan(&o.ID, &o.Name, &o.NameEn, &o.USCC, &o.Kind, &o.Region, &o.Industry,
		&o.Standing, &o.Founded, &o.LegalPerson, &o.CapitalFen, &o.Website, &o.Summary,
		&o.State, &o.MergedInto, &o.StateBefore, &o.CreatedUs, &o.CreatedBy, &o.UpdatedUs, &o.Version)
	return o, err
}

var (
	qOrg       = db.Stmt(`SELECT ` + orgColumns + ` FROM org WHERE org.id = $1`)
	qOrgByUSCC = db.Stmt(`SELECT ` + orgColumns + ` FROM org
		WHERE org.uscc = $1 AND org.uscc <> '' AND org.merged_into = ''`)
	// A record that was merged leads to the one that lives, along at most 20 merges.
	qOrgLiving = db.Stmt(`WITH RECURSIVE chain (id, next, depth) AS (
			SELECT id, merged_into, 0 FROM org WHERE id = $1
			UNION ALL
			SELECT org.id, org.merged_into, chain.depth + 1 FROM org
				JOIN chain ON org.id = chain.next WHERE chain.depth < 20)
		SELECT id FROM chain WHERE next = ''`)
	// A record and all that it was merged into, one after the other.
	qOrgAncestors = db.Stmt(`WITH RECURSIVE chain (id, next, depth) AS (
			SELECT id, merged_into, 0 FROM org WHERE id = $1
			UNION ALL
			SELECT org.id, org.merged_into, chain.depth + 1 FROM org
				JOIN chain ON org.id = chain.next WHERE chain.depth < 20)
		SELECT id FROM chain`)

	qOrgAdd = db.Stmt(`INSERT INTO org (id, name, name_en, name_key, name_sort, uscc, kind, region,
			industry, standing, founded, legal_person, capital_fen, website, summary, state,
			merged_into, state_before, created_us, created_by, updated_us, version, num)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			'', '', $17, $18, $19, 1, $20)`)
	qOrgSet = db.Stmt(`UPDATE org SET name = $3, name_en = $4, name_key = $5, name_sort = $6,
			uscc = $7, kind = $8, region = $9, industry = $10, standing = $11, founded = $12,
			legal_person = $13, capital_fen = $14, website = $15, summary = $16,
			updated_us = $17, version = version + 1
		WHERE id = $1 AND version = $2`)

	qAddresses = db.Stmt(`SELECT kind, region, line, given, given_lon_e7, given_lat_e7
		FROM org_address WHERE org = $1 ORDER BY n`)
	qAddressDrop = db.Stmt(`DELETE FROM org_address WHERE org = $1`)
	qAddressAdd  = db.Stmt(`INSERT INTO org_address (org, n, kind, region, line, lon_e7, lat_e7,
			given, given_lon_e7, given_lat_e7)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)

	qContacts = db.Stmt(`SELECT name, duty, phone, email FROM org_contact WHERE org = $1
		ORDER BY n`)
	qContactDrop = db.Stmt(`DELETE FROM org_contact WHERE org = $1`)
	qContactAdd  = db.Stmt(`INSERT INTO org_contact (org, n, name, duty, phone, email)
		VALUES ($1, $2, $3, $4, $5, $6)`)
)

func orgByID(ctx context.Context, q db.Q, id string) (Org, error) {
	return db.Get(ctx, q, qOrg, scanOrg, id)
}

// withParts fills in addresses and contacts.
func withParts(ctx context.Context, q db.Q, o Org) (Org, error) {
	var err error
	if o.Addresses, err = db.All(ctx, q, qAddresses, scanAddress, o.ID); err != nil {
		return o, err
	}
	o.Contacts, err = db.All(ctx, q, qContacts, scanContact, o.ID)
	return o, err
}

// Parts of several organisations at once.
var (
	addressList = db.Select(`a.kind, a.region, a.line, a.given, a.given_lon_e7, a.given_lat_e7, a.org`,
		`org_address AS a`,
		db.Order{Name: "n", Cols: []db.Col{db.TextCol("a.org"), db.IntCol("a.n")}})
	contactList = db.Select(`c.name, c.duty, c.phone, c.email, c.org`, `org_contact AS c`,
		db.Order{Name: "n", Cols: []db.Col{db.TextCol("c.org"), db.IntCol("c.n")}})
)

// fillParts fills in addresses and contacts of a page of organisations.
func fillParts(ctx context.Context, q db.Q, list []Org) error {
	if len(list) == 0 {
		return nil
	}
	ids, at := make([]any, len(list)), make(map[string]*Org, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i]
	}
	var org string
	err := db.Stream(ctx, q, addressList, db.Where{}.In("a.org", ids...), addressList.Order("n"),
		len(ids)*MaxAddresses, func(r db.Row) (Address, error) { return scanAddress(withLast{r, &org}) },
		func(a Address) error {
			at[org].Addresses = append(at[org].Addresses, a)
			return nil
		})
	if err != nil {
		return err
	}
	return db.Stream(ctx, q, contactList, db.Where{}.In("c.org", ids...), contactList.Order("n"),
		len(ids)*MaxContacts, func(r db.Row) (Contact, error) { return scanContact(withLast{r, &org}) },
		func(c Contact) error {
			at[org].Contacts = append(at[org].Contacts, c)
			return nil
		})
}

// withLast scans a row that has one more column behind those that are asked for.
type withLast struct {
	row  db.Row
	last any
}

func (b withLast) Scan(dest ...any) error { return b.row.Scan(append(dest, b.last)...) }

func scanAddress(r db.Row) (Address, error) {
	var a Address
	err := r.Scan(&a.Kind, &a.Region, &a.Line, &a.Point.System, &a.Point.LonE7, &a.Point.LatE7)
	if a.Point.LonE7 == 0 && a.Point.LatE7 == 0 {
		a.Point = region.Point{}
	}
	return a, err
}

func scanContact(r db.Row) (Contact, error) {
	var c Contact
	err := r.Scan(&c.Name, &c.Duty, &c.Phone, &c.Email)
	return c, err
}

// insertOrgs stores new organisations with their parts and puts them into the index.
func insertOrgs(ctx context.Context, tx *unit.Tx, list []Org) error {
	x := newIndexing()
	if err := storeOrgs(ctx, tx, list, x); err != nil {
		return err
	}
	return x.store(ctx, tx)
}

// storeOrgs stores new organisations with their parts, in few round trips, and notes in x what the
// index has to say of them.
func storeOrgs(ctx context.Context, tx *unit.Tx, list []Org, x *indexing) error {
	first, err := takeNumbers(ctx, tx, len(list))
	if err != nil {
		return err
	}
	x.setNew(list, first)
	var orgs, addresses, contacts [][]any
	for i := range list {
		o := &list[i]
		orgs = append(orgs, orgArgs(o, first+int64(i)))
		addresses = append(addresses, addressRows(o)...)
		contacts = append(contacts, contactRows(o)...)
	}
	for _, step := range []struct {
		stmt *db.Statement
		rows [][]any
	}{{qOrgAdd, orgs}, {qAddressAdd, addresses}, {qContactAdd, contacts}} {
		if _, err := db.InsertMany(ctx, tx.Tx, step.stmt, step.rows); err != nil {
			return err
		}
	}
	return nil
}

func orgArgs(o *Org, num int64) []any {
	return []any{o.ID, o.Name, o.NameEn, NameKey(o.Name), SortKey(o.Name), o.USCC,
		o.Kind, string(o.Region), o.Industry, o.Standing, string(o.Founded), o.LegalPerson,
		int64(o.CapitalFen), o.Website, o.Summary, o.State, o.CreatedUs, o.CreatedBy,
		o.CreatedUs, num}
}

func addressRows(o *Org) [][]any {
	var rows [][]any
	for n, a := range o.Addresses {
		var lon, lat int64
		if a.Point != (region.Point{}) {
			p := a.Point.WGS84()
			lon, lat = p.LonE7, p.LatE7
		}
		rows = append(rows, []any{o.ID, int64(n), a.Kind, string(a.Region), a.Line, lon, lat,
			string(a.Point.System), a.Point.LonE7, a.Point.LatE7})
	}
	return rows
}

func contactRows(o *Org) [][]any {
	var rows [][]any
	for n, c := range o.Contacts {
		rows = append(rows, []any{o.ID, int64(n), c.Name, c.Duty, c.Phone, c.Email})
	}
	return rows
}

// replaceOrg stores new data over the record that has this version. Whoever calls it calls reindex
// when all is done.
func replaceOrg(ctx context.Context, tx *unit.Tx, o *Org) error {
	err := db.ExecOne(ctx, tx.Tx, qOrgSet, o.ID, o.Version, o.Name, o.NameEn, NameKey(o.Name),
		SortKey(o.Name), o.USCC, o.Kind, string(o.Region), o.Industry, o.Standing,
		string(o.Founded), o.LegalPerson, int64(o.CapitalFen), o.Website, o.Summary, tx.NowUs())
	if err != nil {
		return err
	}
	for _, drop := range []*db.Statement{qAddressDrop, qContactDrop} {
		if _, err := db.Exec(ctx, tx.Tx, drop, o.ID); err != nil {
			return err
		}
	}
	if _, err := db.InsertMany(ctx, tx.Tx, qAddressAdd, addressRows(o)); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx.Tx, qContactAdd, contactRows(o))
	return err
}
