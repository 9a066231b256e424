package demo

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/region"
)

// bureau is the office of a district for science and technology: the one that reports, is assessed and
// comes to the meetings. It is made when it is first asked for, and has been there for years.
func (c *city) bureau(ctx context.Context, p place) (party.Org, error) {
	if o, made := c.bureaus[p.code]; made {
		return o, nil
	}
	name := p.city + p.name + bureauEnding + suffix
	c.used[name] = true
	made, err := c.Party.AdoptOrganisations(ctx, c.officer(), []party.AdoptedOrg{{OrgData: party.OrgData{
		Name: name, Kind: "government", Region: region.Code(p.code), Industry: "S9221", Standing: "active",
		Summary: fmt.Sprintf(aboutBureau, p.city, p.name)}, CreatedUs: clock.Us(firstDay.Start())}}, sourceName)
	if err != nil {
		return party.Org{}, err
	}
	c.bureaus[p.code] = made[0]
	return made[0], nil
}
