package demo

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/money"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/sheet"
)

func (c *city) place() place {
	all := 0
	for _, p := range c.places {
		all += p.weight
	}
	n := c.dice.below(all)
	for _, p := range c.places {
		if n -= p.weight; n < 0 {
			return p
		}
	}
	return c.places[0]
}

// uscc makes the next credit code. No real one holds DEM0 where these do.
func (c *city) uscc(first string, at place) string {
	c.serial++
	code, err := id.MakeUSCC(fmt.Sprintf("%s%sDEM0%05d", first, at.code, c.serial))
	if err != nil {
		panic(err) // the body is made right here
	}
	return string(code)
}

func (c *city) person() string {
	return pick(&c.dice, surnames) + pick(&c.dice, givenNames)
}

func (c *city) day(fromYear, years int) clock.Date {
	return clock.Date(fmt.Sprintf("%04d-%02d-%02d", fromYear+c.dice.below(years),
		1+c.dice.below(12), 1+c.dice.below(28)))
}

// fresh is a company whose name nobody has.
func (c *city) fresh(lines []trade) party.OrgData {
	for {
		if o := c.company(lines); !c.used[o.Name] {
			c.used[o.Name] = true
			return o
		}
	}
}

func (c *city) company(lines []trade) party.OrgData {
	at, t := c.place(), pick(&c.dice, lines)
	ending := limited
	if c.dice.one(9) {
		ending = shares
	}
	staff := 8 + c.dice.below(400)
	name := at.city + c.brand() + pick(&c.dice, t.words) + ending + suffix
	o := c.org(at, "enterprise", name, t.industry)
	o.USCC = c.uscc("91", at)
	o.CapitalFen = money.Fen(int64(100+c.dice.below(50)*100) * 1_000_000)
	o.LegalPerson = c.person()
	o.Summary = fmt.Sprintf(aboutText, strings.TrimSuffix(name, suffix), t.about, staff,
		1+staff*(10+c.dice.below(30))/100)
	return o
}

// near is a point around the middle of a district: two of three lie within 2.5 km of it each way, none
// farther than 8.
func (c *city) near(at place) region.Point {
	const draws, sigmaE7, most = 400_000, 250_000, 3.2
	far := min(math.Sqrt(-2*math.Log((float64(c.dice.below(draws))+1)/(draws+1))), most) * sigmaE7
	turn := 2 * math.Pi * float64(c.dice.below(draws)) / draws
	return region.Point{LonE7: at.lonE7 + int64(far*math.Cos(turn)), LatE7: at.latE7 + int64(far*math.Sin(turn)),
		System: region.CGCS2000}
}

func (c *city) org(at place, kind, name, industry string) party.OrgData {
	street := pick(&c.dice, at.streets)
	line := fmt.Sprintf(streetNumber, at.city, at.name, street, 1+c.dice.below(300))
	if c.dice.one(3) {
		line = fmt.Sprintf(tower, at.city, at.name, street, 1+c.dice.below(300), 2+c.dice.below(24))
	}
	o := party.OrgData{
		Name: name, Kind: kind, Region: region.Code(at.code), Industry: industry, Standing: "active",
		Founded: c.day(2003, 22),
		Addresses: []party.Address{{Kind: "registered", Region: region.Code(at.code), Line: line,
			Point: c.near(at)}},
		Contacts: []party.Contact{{Name: c.person(), Duty: pick(&c.dice, contacts), Phone: c.phone(),
			Email: fmt.Sprintf("contact%d@example.com", c.serial+1)}},
	}
	return o
}

// public lists the organisations that are no companies.
func (c *city) public() []party.OrgData {
	var out []party.OrgData
	for _, o := range others {
		for i, pattern := range o.names {
			cities := []place{c.places[i%6], c.second}
			for _, at := range cities {
				x := c.org(at, o.kind, fmt.Sprintf(pattern, at.city)+suffix, o.industry)
				first := map[string]string{"enterprise": "91", "finance": "91", "government": "11",
					"other": "51"}[o.kind]
				if first == "" {
					first = "12"
				}
				x.USCC = c.uscc(first, at)
				if o.kind == "government" { // an office of the city, wherever it sits
					x.Region = region.Code(at.code[:4] + "00")
				}
				x.Summary = fmt.Sprintf(aboutPublic, at.city, at.name)
				out = append(out, x)
			}
		}
	}
	for i, word := range districtWords {
		at := c.places[i*4]
		x := c.org(at, "park", at.city+word+suffix, "L7221")
		out = append(out, x)
	}
	return out
}

// registry makes the organisations: most come in by a table, some are typed by the bureau, some by
// companies and wait to be checked.
func (c *city) registry(ctx context.Context) error {
	fresh := func() party.OrgData { return c.fresh(trades) }
	for _, data := range c.public() {
		if err := c.create(ctx, c.officer(), data); err != nil {
			return err
		}
	}
	for range orgsTyped - len(c.orgs) {
		by, data := c.officer(), fresh()
		if c.dice.one(4) { // a company that named itself and waits to be checked
			o, err := c.Party.CreateClaimed(ctx, by, data)
			if err != nil {
				return fmt.Errorf("%s: %w", data.Name, err)
			}
			c.orgs = append(c.orgs, o)
			c.step()
			continue
		}
		if data.Region == region.Code(c.at(0)) {
			by = c.district()
		}
		if err := c.create(ctx, by, data); err != nil {
			return err
		}
	}
	rows := make([]party.OrgData, orgsImported)
	for i := range rows {
		rows[i] = fresh()
	}
	return c.importOrgs(ctx, rows)
}

func (c *city) create(ctx context.Context, by authz.Actor, data party.OrgData) error {
	o, err := c.Party.CreateOrganisation(ctx, by, party.NewOrg{OrgData: data, Source: sourceName})
	if err != nil {
		return fmt.Errorf("%s: %w", data.Name, err)
	}
	c.orgs = append(c.orgs, o)
	c.step()
	return nil
}

func (c *city) importOrgs(ctx context.Context, list []party.OrgData) error {
	rows := func(yield func([]any, error) bool) {
		for _, o := range list {
			x := o.Contacts[0]
			row := []any{o.Name, o.USCC, "企业", string(o.Region), o.Industry, "存续（在业）",
				string(o.Founded), o.LegalPerson, int64(o.CapitalFen), "", "", o.Addresses[0].Line, x.Name,
				x.Phone, x.Email, o.Summary}
			if !yield(row, nil) {
				return
			}
		}
	}
	if err := c.table(ctx, party.ImportOrgs, sourceTable, party.OrgSheet(), rows); err != nil {
		return err
	}
	page := db.PageReq{Limit: db.MaxLimit}
	for {
		got, err := c.Party.ListOrganisations(ctx, c.officer(),
			party.OrgFilter{Kind: "enterprise", State: party.Verified}, "name", page)
		if err != nil {
			return err
		}
		c.orgs = append(c.orgs, got.Items...)
		if got.Next == "" {
			return nil
		}
		page.After = got.Next
	}
}

// table imports rows as a file, the way a person does.
func (c *city) table(
	ctx context.Context, kind, name string, spec sheet.Spec, rows iter.Seq2[[]any, error],
) error {
	var file bytes.Buffer
	by := c.officer()
	meta := sheet.Meta{Title: name, By: by.Login, At: c.Clock.Now()}
	if _, err := sheet.Write(ctx, &file, sheet.CSV, spec, rows, meta); err != nil {
		return err
	}
	x, err := c.Party.StartImport(ctx, by, party.ImportFile{Kind: kind, Name: name,
		Source: sourceName, Content: &file})
	if err != nil {
		return err
	}
	if _, err := c.Jobs.RunDue(ctx); err != nil {
		return err
	}
	if x, err = c.Party.GetImport(ctx, by, x.ID); err != nil {
		return err
	}
	if x.State != party.ImportReady {
		return fmt.Errorf("the table %s is %s: %+v", name, x.State, x.Found.Problems)
	}
	if _, err = c.Party.RunImport(ctx, by, x.ID, x.Version); err != nil {
		return err
	}
	if _, err := c.Jobs.RunDue(ctx); err != nil {
		return err
	}
	if x, err = c.Party.GetImport(ctx, by, x.ID); err == nil && x.State != party.ImportDone {
		err = fmt.Errorf("the table %s is %s: %+v", name, x.State, x.Message)
	}
	return err
}

// history lets things happen: records are sent back, closed, named otherwise and merged.
func (c *city) history(ctx context.Context) error {
	waiting, ceased := 0, 0
	for _, o := range c.orgs {
		var err error
		if o.State == party.Pending {
			waiting++
		}
		switch {
		case o.State == party.Pending && waiting%3 == 0:
			_, err = c.Party.FireOrganisation(ctx, c.officer(), party.OrgStep{ID: o.ID, Step: "return",
				Reason: pick(&c.dice, reasonsReturned), Version: o.Version})
		case o.State == party.Verified && ceased < 4 && o.Kind == "enterprise" && c.dice.one(25):
			_, err = c.Party.FireOrganisation(ctx, c.officer(), party.OrgStep{ID: o.ID, Step: "cease",
				Reason: reasonCease, Version: o.Version})
			ceased++
		}
		if err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
	}
	return c.doubles(ctx)
}

// doubles makes near-duplicates: three wait to be found, two were merged. They follow the habits of
// real tables: without 有限公司, with half-width brackets, with 市.
func (c *city) doubles(ctx context.Context) error {
	by, n := c.officer(), 0
	for _, o := range c.orgs {
		if o.Kind != "enterprise" || !strings.Contains(o.Name, limited) || n == 5 || o.State != party.Verified {
			continue
		}
		now, err := c.Party.GetOrganisation(ctx, by, o.ID)
		if err != nil || now.State != party.Verified {
			continue
		}
		twin := now.OrgData
		twin.USCC = ""
		twin.Name = strings.NewReplacer("（", "(", "）", ")", limited, "").Replace(now.Name)
		if n%2 == 0 {
			twin.Name = strings.Replace(now.Name, limited, shares, 1)
		}
		other, err := c.Party.CreateOrganisation(ctx, by, party.NewOrg{OrgData: twin, Source: sourceName})
		if err != nil {
			return err
		}
		if n >= 3 {
			_, err = c.Party.MergeOrganisations(ctx, by, party.Merge{Keep: now.ID,
				KeepVersion: now.Version, Drop: other.ID, DropVersion: other.Version, Reason: reasonMerge})
		} else {
			_, err = c.Party.AddAlias(ctx, by, party.NewAlias{Org: now.ID, Kind: "short",
				Name: shortName(now.Name), Version: now.Version})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", now.Name, err)
		}
		n++
		c.step()
	}
	return nil
}

func shortName(name string) string {
	runes := []rune(strings.TrimSuffix(name, suffix))
	return string(runes[2:min(len(runes), 6)]) + suffix
}
