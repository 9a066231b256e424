package app

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/deal/dealhttp"
	"github.com/yuntu-city/yuntu/internal/process"
)

// deals makes the room of introductions and brokers.
func (a *App) deals(ctx context.Context, times process.Times) error {
	var err error
	a.Deal, err = deal.New(a.Unit, times, deal.Options{Market: a.Market, Party: a.Party})
	if err != nil {
		return err
	}
	a.Deal.RegisterJobs(a.Jobs, a.Notify)
	a.Notify.Follow(deal.NoticeRules()...)
	if err := a.Deal.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of introductions: %w", err)
	}
	return nil
}

// dealDoor is the door of introductions and brokers. It adds to the records of posts, too.
func (a *App) dealDoor() *dealhttp.Handler {
	return dealhttp.New(a.Deal, a.Web, dealhttp.Deps{Market: a.Market, Party: a.Party, Dict: a.Dict,
		Clock: a.Clock, Home: a.city, Views: views{a.Identity}.links})
}
