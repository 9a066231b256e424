package app

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/deal/dealhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/ui"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// deals makes the room of introductions and brokers.
func (a *App) deals(ctx context.Context, times process.Times) error {
	var err error
	a.Deal, err = deal.New(a.Unit, times, deal.Options{Market: a.Market, Party: a.Party,
		Outcome: a.dealOutcome})
	if err != nil {
		return err
	}
	a.Market.BrokersNamed(a.Deal.BrokersNamed)
	a.Deal.RegisterJobs(a.Jobs, a.Notify)
	a.Notify.Follow(deal.NoticeRules()...)
	if err := a.Deal.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of introductions: %w", err)
	}
	return nil
}

// dealOutcome writes what came of an interest down where it was shown.
func (a *App) dealOutcome(ctx context.Context, tx *unit.Tx, post, org, outcome, note string) error {
	return a.Shows.RecordOutcome(ctx, tx, post, org, outcome, note)
}

// dealDoor is the door of introductions and brokers. It adds to the records of posts, too.
func (a *App) dealDoor() *dealhttp.Handler {
	return dealhttp.New(a.Deal, a.Web, dealhttp.Deps{Market: a.Market, Party: a.Party, Dict: a.Dict,
		Clock: a.Clock, Home: a.city, Views: views{a.Identity}.links})
}

// mostBrokers is how many brokers a form offers, those of the best credit.
const mostBrokers = 200

// brokers offers the brokers that a post may be given to.
func (a *App) brokers(ctx context.Context, by authz.Actor) ([]ui.Option, error) {
	page, err := a.Deal.ListBrokers(ctx, by, deal.BrokerFilter{State: deal.BrokerActive}, "credit",
		db.PageReq{Limit: mostBrokers})
	var out []ui.Option
	for _, b := range page.Items {
		if b.Person != "" {
			out = append(out, ui.Option{Value: b.Person, Text: ui.Words(b.Name, b.OrgName)})
		}
	}
	return out, err
}
