package app

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/indicator/indicatorhttp"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
)

// indicators makes the room of indicators and reporting.
func (a *App) indicators(times process.Times) error {
	var err error
	a.Indicator, err = indicator.New(a.Unit, times, indicator.Options{Plan: a.Plan, Party: a.Party,
		Dict: a.Dict, Measures: a.knownMeasures, Home: a.city})
	if err != nil {
		return err
	}
	a.Indicator.RegisterJobs(a.Jobs, a.Notify)
	a.Notify.Follow(indicator.NoticeRules()...)
	return nil
}

// knownMeasures are the measures a definition may rest on; the registry is made after the rooms.
func (a *App) knownMeasures() []measure.Measure {
	if a.Measures == nil {
		return nil
	}
	return a.Measures.List()
}

// indicatorDoor is the door of indicators and reporting.
func (a *App) indicatorDoor() *indicatorhttp.Handler {
	return indicatorhttp.New(a.Indicator, a.Web, indicatorhttp.Deps{
		Deps: kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock, Home: a.city,
			PublicURL: strings.TrimSuffix(a.Config.Server.PublicURL, "/")},
		Plan: a.Plan, Drafts: a.Drafts, Measures: a.knownMeasures})
}
