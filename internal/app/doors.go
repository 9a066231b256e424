package app

import (
	"context"
	"strings"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/backup/backuphttp"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/dict/dicthttp"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/identity/adminhttp"
	"github.com/yuntu-city/yuntu/internal/identity/claimhttp"
	"github.com/yuntu-city/yuntu/internal/job/jobhttp"
	"github.com/yuntu-city/yuntu/internal/market/markethttp"
	"github.com/yuntu-city/yuntu/internal/market/matching/matchinghttp"
	"github.com/yuntu-city/yuntu/internal/notify/notifyhttp"
	"github.com/yuntu-city/yuntu/internal/opendata/opendatahttp"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/party/partyhttp"
	"github.com/yuntu-city/yuntu/internal/plan/planhttp"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/site/sitehttp"
	"github.com/yuntu-city/yuntu/internal/trail/trailhttp"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/web"
)

// module is a room's door: pages and operations.
type module interface {
	Routes() []web.Route
	Operations(*api.API)
}

// doors makes the site and the API and hangs every room into both.
func (a *App) doors() error {
	proxies, err := a.proxies()
	if err != nil {
		return err
	}
	public := a.Config.Server.PublicURL
	a.Web = web.New(web.Deps{
		Log: a.Log, Clock: a.Clock, Sessions: a.sessions(), Site: a.siteView, Nav: web.Menu, Tour: a.tour,
		Who:       a.loginName,
		PublicURL: public, Proxies: proxies,
		Secure: a.Config.Server.TLSCert != "" || strings.HasPrefix(public, "https://"),
		Limits: web.Limits{
			PerSecond: a.Config.Limit.RequestsPerSecond, Burst: a.Config.Limit.Burst,
			BodyBytes: a.Config.Limit.BodyBytes, UploadBytes: a.Config.Limit.UploadBytes,
		},
		Problem: api.WriteProblem, Observe: a.metrics.request,
	})
	a.API = api.New(a.Log)
	modules, err := a.modules()
	if err != nil {
		return err
	}
	for _, m := range modules {
		a.Web.Add(m.Routes()...)
		m.Operations(a.API)
	}
	a.Web.Mount("/api/", a.API.Handler())
	a.Web.Mount("GET /livez", a.livez())
	a.Web.Mount("GET /readyz", a.readyz())
	return nil
}

// modules lists the doors of all rooms.
func (a *App) modules() ([]module, error) {
	own, err := a.own()
	if err != nil {
		return nil, err
	}
	return append(a.occasionDoors(), []module{
		sitehttp.New(a.Site, a.Web),
		trailhttp.New(a.Trail, a.Web, a.Clock),
		jobhttp.New(a.Desk, a.Web),
		dicthttp.New(a.Dict, a.Web, a.Clock),
		backuphttp.New(a.Backups, a.Web, a.Clock, backuphttp.Options{
			Dir: a.Config.BackupDir(), Keep: a.Config.Backup.Keep, At: a.Config.Backup.At,
		}),
		a.home(),
		a.findDoor(),
		partyhttp.New(a.Party, a.Web, a.Dict, partyhttp.Deps{
			Drafts: a.Drafts, Clock: a.Clock, Views: views{a.Identity},
			Home: a.city,
		}),
		planhttp.New(a.Plan, a.Web, planhttp.Deps{
			Party: a.Party, Dict: a.Dict, Clock: a.Clock, Home: a.city,
			Views: views{a.Identity}.links, Beside: a.dispatchDoor().OnTask,
			BesideTarget: a.monitorDoor().OnTarget,
		}),
		markethttp.New(a.Market, a.Web, markethttp.Deps{
			Party: a.Party, Dict: a.Dict, Drafts: a.Drafts, Measures: a.Measures, Clock: a.Clock,
			Home: a.city, Views: views{a.Identity}.links, PersonName: a.personName, Brokers: a.brokers,
			Public: a.Config.Server.PublicURL, Extras: a.postExtras(), Find: a.findPosts,
			Near: a.Matching.Near, Across: a.Config.Search.Dictionary != "",
			Suggest: matchinghttp.PathSuggest, Jobs: a.Desk,
		}),
		a.indicatorDoor(),
		a.monitorDoor(),
		a.dealDoor(),
		a.assessDoor(),
		a.atlasDoor(),
		own,
		notifyhttp.New(a.Notify, a.Web, a.Clock),
		a.matchDoor(),
		a.studioDoor(),
		adminhttp.New(a.Identity, a.Web, adminhttp.Deps{
			Orgs: orgs{a.Party}, Dict: a.Dict, Clock: a.Clock, Home: a.city,
		}),
		claimhttp.New(a.Identity, a.Web, claimhttp.Deps{
			Orgs: orgs{a.Party}, Dict: a.Dict, Blobs: a.Blobs, DB: a.DB, Clock: a.Clock, Home: a.city,
			KindTitle: party.OrgKindTitle,
		}),
		a.dispatchDoor(),
		a.reportDoor(),
		opendatahttp.New(a.Open, a.Web),
	}...), nil
}

// city is the city or district that the site is for, "" when it is not set.
func (a *App) city() region.Code { return region.Code(a.Site.Current().Region) }

// sessions connects the door to the identity room.
func (a *App) sessions() web.Sessions { return sessions{a.Identity, a.Notify} }

// siteView is what the frame of a page shows of the settings.
func (a *App) siteView(_ context.Context, l i18n.Lang) ui.Site {
	s := a.Site.Current()
	v := ui.Site{
		Name: siteName(s, l), Organiser: s.Organiser, Operator: s.Operator, Phone: s.Phone,
		ICP: s.ICP, Police: s.Police, SiteCode: s.SiteCode, PartyGovURL: s.PartyGovURL,
		CorrectionURL: s.CorrectionURL, AccessURL: s.AccessURL, MapApproval: s.MapApproval,
	}
	if v.AccessURL == "" {
		v.AccessURL = "/about/accessibility"
	}
	v.Links = []ui.Link{{Text: i18n.Text(l, "个人信息保护说明"), Href: "/about/privacy"}}
	a.Showcase.mark(&v, l)
	if s.ICP != "" {
		v.ICPURL = "https://beian.miit.gov.cn/"
	}
	if s.Police != "" {
		v.PoliceURL = "https://beian.mps.gov.cn/"
	}
	return v
}

func siteName(s site.Settings, l i18n.Lang) string {
	if l == i18n.EN && s.NameEn != "" {
		return s.NameEn
	}
	return s.Name
}

// scanner reads the address of a virus scanner: tcp:HOST:PORT or unix:PATH.
func scanner(address string) blob.Scanner {
	network, rest, _ := strings.Cut(address, ":")
	return blob.Clamd{Network: network, Address: rest}
}
