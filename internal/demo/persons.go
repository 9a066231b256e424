package demo

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/party"
)

// employers are organisations whose people are known: universities, institutes and some companies.
func (c *city) employers() []party.Org {
	var out []party.Org
	for i, o := range c.orgs {
		research := o.Kind == "university" || o.Kind == "institute" || o.Kind == "hospital"
		if o.State == party.Verified && o.USCC != "" && (research || i%5 == 0) {
			out = append(out, o)
		}
	}
	return out
}

// newPerson returns a name that nobody has yet: a table with a name twice needs a second look.
func (c *city) newPerson() string {
	for {
		if name := c.person() + suffix; !c.named[name] {
			c.named[name] = true
			return name
		}
	}
}

func (c *city) someone(n int) party.PersonData {
	t := pick(&c.dice, trades)
	p := party.PersonData{
		Name: c.newPerson(), Gender: pick(&c.dice, []string{"male", "female"}),
		Title: pick(&c.dice, titles), Degree: pick(&c.dice, degrees), Fields: []string{t.field},
		Phone: c.phone(), Email: fmt.Sprintf("person%d@example.com", n), Public: c.dice.one(2),
		Summary: fmt.Sprintf(aboutPerson, t.field, 1+c.dice.below(9)),
	}
	if second := pick(&c.dice, trades).field; second != t.field && c.dice.one(2) {
		p.Fields = append(p.Fields, second)
	}
	return p
}

// persons makes the people: most by a table, some typed, some with a former place of work.
func (c *city) persons(ctx context.Context) error {
	employers := c.employers()
	for n := range peopleTyped {
		p, err := c.Party.CreatePerson(ctx, c.officer(), party.NewPerson{PersonData: c.someone(n),
			Org: pick(&c.dice, employers).ID, Duty: pick(&c.dice, duties), From: c.day(2012, 12)})
		if err != nil {
			return err
		}
		if n%4 == 0 {
			if err := c.formerly(ctx, p, pick(&c.dice, employers)); err != nil {
				return err
			}
		}
		c.step()
	}
	gender := map[string]string{"male": "男", "female": "女"}
	degree := map[string]string{"doctor": "博士", "master": "硕士", "bachelor": "学士"}
	rows := func(yield func([]any, error) bool) {
		for n := range peopleImported {
			p := c.someone(peopleTyped + n)
			fields := p.Fields[0]
			for _, f := range p.Fields[1:] {
				fields += "；" + f
			}
			row := []any{p.Name, "", gender[p.Gender], "", p.Title, degree[p.Degree], fields,
				pick(&c.dice, employers).USCC, pick(&c.dice, duties), string(c.day(2010, 14)), p.Phone,
				p.Email, "", p.Summary, p.Public}
			if !yield(row, nil) {
				return
			}
		}
	}
	return c.table(ctx, party.ImportPeople, sourcePeople, party.PersonSheet(), rows)
}

// formerly adds a membership that has ended.
func (c *city) formerly(ctx context.Context, p party.Person, at party.Org) error {
	_, err := c.Party.AddMembership(ctx, c.officer(), party.NewMembership{Person: p.ID, Org: at.ID,
		Duty: pick(&c.dice, duties), From: c.day(2003, 4), To: c.day(2008, 3), Version: p.Version})
	return err
}
