package app

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// house acts where a room asks another on behalf of the system.
var house = authz.Actor{Login: "system", Role: authz.Officer, Via: authz.ViaSystem}

// orgs lets the identity room ask the registry.
type orgs struct{ party *party.Service }

func (o orgs) FindByUSCC(ctx context.Context, uscc string) (identity.Org, bool, error) {
	return found(o.party.FindByUSCC(ctx, uscc))
}

func (o orgs) FindByID(ctx context.Context, orgID string) (identity.Org, bool, error) {
	x, err := o.party.GetOrganisation(ctx, house, orgID)
	if fault.Is(err, fault.NotFound) {
		return identity.Org{}, false, nil
	}
	return found(x, err == nil, err)
}

func (o orgs) CreatePending(
	ctx context.Context, by authz.Actor, in identity.Org,
) (identity.Org, error) {
	if got, ok, err := o.FindByUSCC(ctx, in.USCC); err != nil || ok {
		return got, err
	}
	x, err := o.party.CreateClaimed(ctx, by, party.OrgData{
		Name: in.Name, USCC: in.USCC, Kind: in.Kind, Region: region.Code(in.Region), Standing: "active",
	})
	return known(x), err
}

func found(x party.Org, ok bool, err error) (identity.Org, bool, error) {
	return known(x), ok, err
}

func known(x party.Org) identity.Org {
	return identity.Org{ID: x.ID, Name: x.Name, Kind: x.Kind, Region: string(x.Region), USCC: x.USCC}
}

// views lets the registry's lists show the views a person saved.
type views struct{ identity *identity.Service }

func (v views) ListViews(
	ctx context.Context, by authz.Actor, path string,
) ([]partyhttp.View, error) {
	all, err := v.identity.ListViews(ctx, by, path)
	var out []partyhttp.View
	for _, x := range all {
		out = append(out, partyhttp.View{Name: x.Name, Query: x.Query})
	}
	return out, err
}

// links are the saved views of a list as links to it.
func (v views) links(ctx context.Context, by authz.Actor, path string) ([]ui.Link, error) {
	list, err := v.ListViews(ctx, by, path)
	var out []ui.Link
	for _, x := range list {
		out = append(out, ui.Link{Text: x.Name, Href: path + "?" + x.Query})
	}
	return out, err
}

// personName names the broker of a post, which everybody may know; "" when there is no such person.
func (a *App) personName(ctx context.Context, person string) string {
	p, err := a.Party.GetPerson(ctx, house, person)
	if err != nil {
		return "" // the page then names nobody
	}
	return p.Name
}

// postExtras are what the rooms beside the market add to the record of a post, in this order.
func (a *App) postExtras() []markethttp.Extra {
	return []markethttp.Extra{a.dealDoor(), a.matchDoor()}
}

// loginName is the name of the person with a log-in, "" for none.
func (a *App) loginName(ctx context.Context, login string) string {
	name, err := a.Identity.NameOf(ctx, a.DB, login)
	if err != nil {
		a.Log.WarnContext(ctx, "name of a log-in", "error", err) // the page shows the log-in
	}
	return name
}

// sessions lets the door ask the identity room who calls.
type sessions struct {
	identity *identity.Service
	notify   *notify.Service
}

func (s sessions) Resume(ctx context.Context, token string) (web.Session, error) {
	out, err := session(s.identity.Resume(ctx, token))
	if err == nil {
		out.Unread, err = s.notify.Unread(ctx, out.Actor)
	}
	return out, err
}

func (s sessions) Bearer(ctx context.Context, token string) (web.Session, error) {
	return session(s.identity.Bearer(ctx, token))
}

func session(r identity.Resumed, err error) (web.Session, error) {
	if err != nil {
		return web.Session{}, err
	}
	out := web.Session{ID: r.Session.ID, Actor: r.Actor, Name: r.Name, OrgName: r.OrgName,
		Pending: pendingPath(r.Pending)}
	for _, o := range r.Others {
		out.Others = append(out.Others, web.RoleChoice{Value: o.Value, Title: o.Role.Title(), Org: o.For})
	}
	return out, nil
}

// pendingPath is the page of a step that has to be done before anything else.
func pendingPath(step string) string {
	switch step {
	case identity.PendingCode:
		return "/login/totp"
	case identity.PendingPassword:
		return "/account/password"
	case identity.PendingTOTP:
		return "/account/totp"
	default:
		return ""
	}
}
