package app

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/homehttp"
	"github.com/yuntu-city/yuntu/internal/region"
)

// home makes the door of the pages that belong to no room.
func (a *App) home() *homehttp.Handler {
	return homehttp.New(a.Web, homehttp.Deps{
		Registry: a.Party, Plan: a.Plan, Market: a.Market, Deal: a.Deal, Dispatch: a.Dispatch,
		Values: a.Indicator, Doubts: a.Monitor, Report: a.Report,
		People: a.Identity, Jobs: a.Desk,
		Trail:   a.Trail,
		Backups: a.Backups, Drafts: a.Drafts,
		Clocks: homehttp.ClocksOf(a.DB), Measures: a.Measures, Dict: a.Dict, Clock: a.Clock,
		Operations:  a.API.Operations,
		Home:        func() region.Code { return region.Code(a.Site.Current().Region) },
		AccountName: a.accountName,
		Disk:        func() (uint64, uint64) { return diskSpace(a.Config.Data.Dir) },
	})
}

// accountName names who answers for something. The system asks in the place of the administrator,
// because everybody may know who is in charge.
func (a *App) accountName(ctx context.Context, account string) string {
	x, err := a.Identity.GetAccount(ctx,
		authz.Actor{Login: "system", Role: authz.SysAdmin, Via: authz.ViaSystem}, account)
	if err != nil {
		return "" // the page then names the role
	}
	return x.Name
}
