package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/dispatch/dispatchhttp"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/process"
)

// dispatches makes the room of dispatch meetings and letters of supervision.
func (a *App) dispatches(ctx context.Context, times process.Times) error {
	var err error
	a.Dispatch, err = dispatch.New(a.Unit, times, dispatch.Options{Plan: a.Plan, Party: a.Party, Blobs: a.Blobs,
		Issuer: func() string { return a.Site.Current().Organiser }})
	if err != nil {
		return err
	}
	a.Dispatch.Propose(indicatorLights{a.Monitor})
	a.Dispatch.Watch(packLights{a})
	a.Dispatch.RegisterJobs(a.Jobs, a.Notify)
	a.Notify.Follow(dispatch.NoticeRules()...)
	if err := a.Dispatch.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of supervision: %w", err)
	}
	return nil
}

// dispatchDoor is the door of meetings and letters. It adds to the records of tasks, too.
func (a *App) dispatchDoor() *dispatchhttp.Handler {
	return dispatchhttp.New(a.Dispatch, a.Plan, a.Web, kit.Deps{Party: a.Party, Dict: a.Dict,
		Clock: a.Clock, Home: a.city, PublicURL: strings.TrimSuffix(a.Config.Server.PublicURL, "/")})
}
