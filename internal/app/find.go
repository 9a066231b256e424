package app

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/text/width"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/find"
	"github.com/yuntu-city/yuntu/internal/find/findhttp"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
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

// could says who may do something with any record of a policy.
func could[T any](p *authz.Policy[T], act authz.Action) func(authz.Actor) bool {
	return func(by authz.Actor) bool { return p.Could(by, act) }
}

// findSources lists what can be searched, in the order in which it is shown.
func (a *App) findSources() []find.Source {
	return []find.Source{
		{Kind: "org", Title: "组织", May: could(party.OrgPolicy, party.ActOrgRead), List: listAt("/orgs"),
			Search: a.findOrgs},
		{Kind: "post", Title: "成果与需求", May: could(market.PostPolicy, market.ActPostRead),
			List: listAt("/market"), Search: a.findOffers},
		{Kind: "task", Title: "任务", May: could(plan.TaskPolicy, plan.ActTaskRead), List: listAt("/ledger"),
			Search: a.findTasks},
		{Kind: "target", Title: "目标", May: could(plan.TargetPolicy, plan.ActTargetRead),
			List: listAt("/targets"), Search: a.findTargets},
		{Kind: "indicator", Title: "指标", May: could(plan.IndicatorPolicy, plan.ActIndicatorRead),
			List: listAt("/indicators"), Search: a.findIndicators},
		{Kind: "document", Title: "文件", May: could(plan.DocumentPolicy, plan.ActDocumentRead),
			List: listAt("/documents"), Search: a.findDocuments},
		{Kind: "deal", Title: "供需对接", May: could(deal.DealPolicy, deal.ActDealRead), List: listAt("/deals"),
			Search: a.findDeals},
		{Kind: "broker", Title: "技术经理人", May: could(deal.BrokerPolicy, deal.ActBrokerRead),
			List: listAt("/brokers"), Search: a.findBrokers},
		{Kind: "person", Title: "人员", May: could(party.PersonPolicy, party.ActPersonRead),
			List: listAt("/people"), Search: a.findPeople},
		{Kind: "show", Title: "路演与对接会", May: could(show.Policy, show.ActRead), List: listAt("/shows"),
			Search: a.findShows},
		{Kind: "auction", Title: "挂牌与拍卖", May: could(auction.Policy, auction.ActRead),
			List: listAt("/auctions"), Search: a.findAuctions},
		{Kind: "meeting", Title: "调度会", May: could(dispatch.MeetingPolicy, dispatch.ActMeetingRead),
			List: listAt("/dispatch"), Search: a.findMeetings},
		{Kind: "letter", Title: "督办函", May: could(dispatch.LetterPolicy, dispatch.ActLetterRead),
			List: listAt("/letters"), Search: a.findLetters},
		{Kind: "report", Title: "通报与新闻口径", May: could(report.Policy, report.ActRead),
			List: listAt("/reports"), Search: a.findReports},
		{Kind: "view", Title: "云图视图", May: could(atlas.ViewPolicy, atlas.ActViewRead),
			List: listAt("/atlas/views"), Search: a.findViews},
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

// postCode is the form of the number of a post (供需编号): XQ-2026-00004.
var postCode = regexp.MustCompile(`^[A-Za-z]{2}-\d{4}-\d+$`)

// findOffers finds posts as the market's own search does: by their sense, too. A number names its post.
func (a *App) findOffers(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	if code := width.Fold.String(query); postCode.MatchString(code) {
		page, err := a.Market.ListPosts(ctx, by, market.PostFilter{Query: code}, "", db.PageReq{Limit: n})
		return hitsOf(page, err, func(p market.Post) find.Hit { return a.postHit(ctx, p) })
	}
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
		out = append(out, a.postHit(ctx, p))
	}
	return out, got.Total > n, nil
}

func (a *App) postHit(ctx context.Context, p market.Post) find.Hit {
	return find.Hit{ID: p.ID, Title: p.Title, Href: "/market/posts/" + p.ID,
		About: about(p.Code, kit.Titled(ctx, market.Kinds(), string(p.Kind)), p.OrgName, a.place(p.Region))}
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

func (a *App) findShows(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Shows.ListShows(ctx, by, show.Filter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(x show.Show) find.Hit {
		return find.Hit{ID: x.ID, Title: x.Title, Href: "/shows/" + x.ID, About: about(x.Code,
			kit.Titled(ctx, show.Kinds(), x.Kind), i18n.Date(i18n.From(ctx), clock.DateOf(clock.Time(x.StartsUs))))}
	})
}

func (a *App) findAuctions(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Auctions.ListAuctions(ctx, by, auction.Filter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(x auction.Item) find.Hit {
		return find.Hit{ID: x.ID, Title: x.PostTitle, Href: "/auctions/" + x.ID, About: about(x.Code,
			kit.Titled(ctx, auction.Modes(), x.Mode))}
	})
}

func (a *App) findMeetings(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Dispatch.ListMeetings(ctx, by, dispatch.MeetingFilter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(x dispatch.Meeting) find.Hit {
		return find.Hit{ID: x.ID, Title: cmp.Or(x.Title, x.SeriesName), Href: "/dispatch/" + x.ID,
			About: about(x.Code, x.SeriesName)}
	})
}

func (a *App) findLetters(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Dispatch.ListLetters(ctx, by, dispatch.LetterFilter{Query: query}, "", db.PageReq{Limit: n})
	return hitsOf(page, err, func(x dispatch.Letter) find.Hit {
		return find.Hit{ID: x.ID, Title: x.Title, Href: "/letters/" + x.ID, About: about(x.Number, x.To.Name)}
	})
}

func (a *App) findReports(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Report.ListReports(ctx, by, report.Filter{Query: query}, db.PageReq{Limit: n})
	return hitsOf(page, err, func(x report.Report) find.Hit {
		return find.Hit{ID: x.ID, Title: x.Title, Href: "/reports/" + x.ID,
			About: about(x.Code, i18n.Date(i18n.From(ctx), x.Day))}
	})
}

// findViews finds the saved views of the map: public ones, and those that the actor keeps for themselves.
func (a *App) findViews(
	ctx context.Context, by authz.Actor, query string, n int,
) ([]find.Hit, bool, error) {
	page, err := a.Atlas.ListViews(ctx, by, atlas.ViewFilter{Query: query}, db.PageReq{Limit: n})
	return hitsOf(page, err, func(x atlas.View) find.Hit {
		whose := ""
		if !x.Public {
			whose = i18n.T(ctx, "仅自己")
		}
		return find.Hit{ID: x.ID, Title: x.Name, Href: "/atlas/views/" + x.ID, About: about(x.Cluster, x.Lead, whose)}
	})
}
