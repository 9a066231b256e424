package app

import (
	"context"
	"net/url"
	"strings"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/find"
	"github.com/yuntu-city/yuntu/internal/find/findhttp"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
)

// findDoor is the door of the search over everything.
func (a *App) findDoor() *findhttp.Handler {
	return findhttp.New(Find(a), a.Web)
}

// Find returns the search over everything.
func Find(a *App) *find.Service { return find.New(a.findSources()...) }

// listAt makes the address of a list from the words.
func listAt(path string) func(string) string {
	return func(query string) string { return path + "?q=" + url.QueryEscape(query) }
}

func hitsOf[T any](page db.Page[T], err error, hit func(T) find.Hit) ([]find.Hit, bool, error) {
	var out []find.Hit
	for _, x := range page.Items {
		out = append(out, hit(x))
	}
	return out, page.Next != "", err
}

// about joins what is known of a hit into a line.
func about(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

func (a *App) place(c region.Code) string { return a.Dict.PlaceName(a.city(), c) }

// findSources lists what can be searched, in the order in which it is shown.
func (a *App) findSources() []find.Source {
	return []find.Source{
		{Kind: "org", Title: "组织", List: listAt("/orgs"), Search: a.findOrgs},
		{Kind: "post", Title: "成果与需求", List: listAt("/market"), Search: a.findOffers},
		{Kind: "task", Title: "任务", List: listAt("/ledger"), Search: a.findTasks},
		{Kind: "target", Title: "目标", List: listAt("/targets"), Search: a.findTargets},
		{Kind: "indicator", Title: "指标", List: listAt("/indicators"), Search: a.findIndicators},
		{Kind: "document", Title: "文件", List: listAt("/documents"), Search: a.findDocuments},
		{Kind: "deal", Title: "供需对接", List: listAt("/deals"), Search: a.findDeals},
		{Kind: "broker", Title: "技术经理人", List: listAt("/brokers"), Search: a.findBrokers},
		{Kind: "person", Title: "人员", List: listAt("/people"), Search: a.findPeople},
	}
}

func (a *App) findOrgs(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Party.ListOrganisations(ctx, by, party.OrgFilter{Query: query}, "",
		db.PageReq{Limit: n})
	return hitsOf(page, err, func(o party.Org) find.Hit {
		return find.Hit{ID: o.ID, Title: o.Name, Href: "/orgs/" + o.ID,
			About: about(i18n.T(ctx, party.OrgKindTitle(o.Kind)), a.place(o.Region))}
	})
}

// findOffers finds posts as the market's own search does: by their sense, too.
func (a *App) findOffers(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	got, err := a.Matching.Search(ctx, by, query, market.PostFilter{}, 1)
	if err != nil {
		return nil, false, err
	}
	var out []find.Hit
	for _, h := range got.Hits[:min(n, len(got.Hits))] {
		p, err := a.Market.GetPost(ctx, by, h.ID)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			continue // withdrawn since the index was made
		}
		if err != nil {
			return nil, false, err
		}
		out = append(out, find.Hit{ID: p.ID, Title: p.Title, Href: "/market/posts/" + p.ID,
			About: about(kit.Titled(ctx, market.Kinds(), string(p.Kind)), p.OrgName, a.place(p.Region))})
	}
	return out, got.Total > n, nil
}

// stateTitle is the name of a state in the reader's language.
func stateTitle(ctx context.Context, states []process.State, name string) string {
	return kit.Titled(ctx, kit.States(states), name)
}

func (a *App) findTasks(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Plan.ListTasks(ctx, by, plan.TaskFilter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(t plan.Task) find.Hit {
		return find.Hit{ID: t.ID, Title: t.Code + " " + t.Title, Href: "/tasks/" + t.ID,
			About: stateTitle(ctx, plan.TaskProcess.Def().States, t.State)}
	})
}

func (a *App) findTargets(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Plan.ListTargets(ctx, by, plan.TargetFilter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(t plan.Target) find.Hit {
		return find.Hit{ID: t.ID, Title: t.Text(), Href: "/targets/" + t.ID,
			About: about(t.OrgName, a.place(t.Region), string(t.To))}
	})
}

func (a *App) findIndicators(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Plan.ListIndicators(ctx, by, plan.IndicatorFilter{Query: query},
		db.PageReq{Limit: n})
	return hitsOf(page, err, func(x plan.Indicator) find.Hit {
		return find.Hit{ID: x.ID, Title: x.Name, Href: "/indicators/" + x.ID, About: x.Unit}
	})
}

func (a *App) findDocuments(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Plan.ListDocuments(ctx, by, plan.DocumentFilter{Query: query}, "",
		db.PageReq{Limit: n})
	return hitsOf(page, err, func(d plan.Document) find.Hit {
		return find.Hit{ID: d.ID, Title: d.Title, Href: "/documents/" + d.ID,
			About: about(d.Number, d.Issuer, string(d.Day))}
	})
}

func (a *App) findDeals(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Deal.ListDeals(ctx, by, deal.DealFilter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(d deal.Deal) find.Hit {
		return find.Hit{ID: d.ID, Title: d.Code + " " + d.Title, Href: "/deals/" + d.ID,
			About: stateTitle(ctx, deal.DealProcess.Def().States, d.State)}
	})
}

func (a *App) findBrokers(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Deal.ListBrokers(ctx, by, deal.BrokerFilter{Query: query}, "",
		db.PageReq{Limit: n})
	return hitsOf(page, err, func(b deal.Broker) find.Hit {
		return find.Hit{ID: b.ID, Title: b.Name, Href: "/brokers/" + b.ID, About: about(b.OrgName, a.place(b.Region))}
	})
}

func (a *App) findPeople(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Party.ListPeople(ctx, by, party.PersonFilter{Query: query}, "",
		db.PageReq{Limit: n})
	return hitsOf(page, err, func(x party.Person) find.Hit {
		return find.Hit{ID: x.ID, Title: x.Name, Href: "/people/" + x.ID, About: x.Title}
	})
}
