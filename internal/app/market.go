package app

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/market/matching/matchinghttp"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/studio"
)

// notices makes the room of notices, of which all rooms say what they tell.
func (a *App) notices() error {
	o := notify.Options{
		Accounts: audience{a.Identity},
		Kinds: slices.Concat(market.NoticeKinds(), deal.NoticeKinds(), matching.NoticeKinds(),
			indicator.NoticeKinds(), monitor.NoticeKinds(), dispatch.NoticeKinds(), assess.NoticeKinds(),
			atlas.NoticeKinds(), studio.NoticeKinds(), auction.NoticeKinds()),
		Site: func(l i18n.Lang) notify.Site {
			return notify.Site{Name: siteName(a.Site.Current(), l),
				URL: strings.TrimSuffix(a.Config.Server.PublicURL, "/")}
		},
		Quiet: a.quiet, Calendar: a.Dict,
	}
	if a.Config.Mail.Host != "" {
		o.Sender = mailer{set: a.Config.Mail, clock: a.Clock}
	}
	var err error
	if a.Notify, err = notify.New(a.Unit, o); err != nil {
		return err
	}
	a.Notify.Follow(market.NoticeRules()...)
	a.Notify.RegisterJobs(a.Jobs)
	return nil
}

// quiet is when the site sends no mails to people who said nothing.
func (a *App) quiet() notify.Quiet {
	set := a.Site.Current()
	q, err := notify.ParseQuiet(set.Quiet)
	if err != nil { // hours that would leave no time for mails do not count
		q = notify.Quiet{}
	}
	q.Working = set.MailDays == site.Working
	return q
}

// matches makes the room of search and matching.
func (a *App) matches() {
	a.Matching = matching.New(a.Unit, matching.Options{
		Market: a.Market, Notify: a.Notify, Accounts: accounts{a.Identity}, Log: a.Log,
		Dir: filepath.Join(a.Config.Data.Dir, "index"), Program: config.Version(), Places: a.hasPlace,
		Dictionary: a.Config.Search.Dictionary,
	})
	a.Matching.RegisterJobs(a.Jobs)
}

// hasPlace says whether there is a place of a code.
func (a *App) hasPlace(c region.Code) bool { return a.Dict.Has(dict.Regions, string(c), "") }

// accounts lets saved searches look with the rights of who keeps them.
type accounts struct{ identity *identity.Service }

func (x accounts) ActorOf(
	ctx context.Context, q db.Q, account string, role authz.Role, org string,
) (authz.Actor, bool, error) {
	return x.identity.ActorOf(ctx, q, account, role, org)
}

// audience lets notices find accounts.
type audience struct{ identity *identity.Service }

func (x audience) Told(ctx context.Context, q db.Q, to notify.To) ([]string, error) {
	return x.identity.AccountsOf(ctx, q, identity.Audience{Account: to.Account, Person: to.Person,
		Org: to.Org, Role: to.Role, Region: to.Region}, notify.MaxAddress)
}

func (x audience) Mailbox(ctx context.Context, q db.Q, account string) (notify.Mailbox, bool, error) {
	name, address, ok, err := x.identity.MailOf(ctx, q, account)
	return notify.Mailbox{Name: name, Address: address}, ok, err
}

// findPosts lets the list of the market search by words.
func (a *App) findPosts(
	ctx context.Context, by authz.Actor, query string, f market.PostFilter, page int,
) (markethttp.Found, error) {
	got, err := a.Matching.Search(ctx, by, query, f, page)
	out := markethttp.Found{Total: got.Total, Page: got.Page, Pages: got.Pages}
	for _, h := range got.Hits {
		x := markethttp.FoundPost{ID: h.ID}
		if len(h.Reasons) > 0 && h.Reasons[0].For {
			x.Why = h.Reasons[0].In(i18n.From(ctx))
		}
		out.Posts = append(out.Posts, x)
	}
	return out, err
}

// matchDoor is the door of search and matching.
func (a *App) matchDoor() *matchinghttp.Handler {
	return matchinghttp.New(a.Matching, a.Web, matchinghttp.Deps{Clock: a.Clock,
		Place: func(c region.Code) string { return a.Dict.RegionName(c, "") }, HasPlace: a.hasPlace,
		Across: a.Config.Search.Dictionary != ""})
}
