package app

import (
	"context"
	"fmt"

	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/process"
)

// deals makes the room of introductions and brokers.
func (a *App) deals(ctx context.Context, times process.Times) error {
	var err error
	a.Deal, err = deal.New(a.Unit, times, deal.Options{Market: a.Market, Party: a.Party})
	if err != nil {
		return err
	}
	if err := a.Deal.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of introductions: %w", err)
	}
	return nil
}
