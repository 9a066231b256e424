package app

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/market/appraise"
	"github.com/yuntu-city/yuntu/internal/market/appraise/appraisehttp"
	"github.com/yuntu-city/yuntu/internal/market/auction"
	"github.com/yuntu-city/yuntu/internal/market/auction/auctionhttp"
	"github.com/yuntu-city/yuntu/internal/market/show"
	"github.com/yuntu-city/yuntu/internal/market/show/showhttp"
	"github.com/yuntu-city/yuntu/internal/process"
)

// Occasions are the rooms of the market's occasions.
type Occasions struct {
	Shows      *show.Service
	Auctions   *auction.Service
	Appraisals *appraise.Service
}

// occasions makes the rooms of roadshows, auctions and appraisals.
func (a *App) occasions(master []byte, times process.Times) error {
	key, err := keyFor(master, "show check-in codes")
	if err != nil {
		return err
	}
	a.Shows, err = show.New(a.Unit, times, show.Options{Blobs: a.Blobs, Party: a.Party,
		Posts: a.Market, Key: key})
	if err != nil {
		return err
	}
	if key, err = keyFor(master, "auction sealed bids"); err != nil {
		return err
	}
	a.Auctions, err = auction.New(a.Unit, times, auction.Options{Party: a.Party, Posts: a.Market,
		Key: key})
	if err != nil {
		return err
	}
	a.Market.HeldBy(a.Auctions.Hold)
	a.Auctions.RegisterJobs(a.Jobs)
	a.Notify.Follow(auction.NoticeRules()...)
	a.Appraisals, err = appraise.New(a.Unit, times, appraise.Options{Party: a.Party, Posts: a.Market})
	return err
}

// occasionDoors are the doors of the occasions.
func (a *App) occasionDoors() []module {
	deps := kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock, Home: a.city,
		PublicURL: strings.TrimSuffix(a.Config.Server.PublicURL, "/")}
	return []module{showhttp.New(a.Shows, a.Web, deps), auctionhttp.New(a.Auctions, a.Web, deps),
		appraisehttp.New(a.Appraisals, a.Web, deps)}
}
