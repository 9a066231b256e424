package app

import (
	"github.com/yuntu-city/yuntu/internal/market/occasion/occasionhttp"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/studio/studiohttp"
)

// indices makes the studio of indices.
func (a *App) indices(times process.Times) error {
	var err error
	if a.Studio, err = studio.New(a.Unit, times, studio.Options{Desk: a.Desk}); err != nil {
		return err
	}
	a.Studio.RegisterJobs(a.Jobs)
	return nil
}

// studioDoor is the door of the studio.
func (a *App) studioDoor() *studiohttp.Handler {
	return studiohttp.New(a.Studio, a.Web, occasionhttp.Deps{Clock: a.Clock})
}
