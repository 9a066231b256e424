package app

import (
	"strings"

	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/atlas/atlashttp"
	"github.com/yuntu-city/yuntu/internal/kit"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/process"
)

// ecosystem makes the room of the ecosystem map.
func (a *App) ecosystem(times process.Times) error {
	var err error
	a.Atlas, err = atlas.New(a.Unit, times, atlas.Options{Dict: a.Dict, Home: a.city})
	if err != nil {
		return err
	}
	a.Atlas.RegisterJobs(a.Jobs)
	a.Notify.Follow(atlas.NoticeRules()...)
	return nil
}

// atlasDoor is the door of the ecosystem map.
func (a *App) atlasDoor() module {
	deps := kit.Deps{Party: a.Party, Dict: a.Dict, Clock: a.Clock, Home: a.city,
		PublicURL: strings.TrimSuffix(a.Config.Server.PublicURL, "/")}
	return atlashttp.New(a.Atlas, a.Web, deps, func() *measure.Registry { return a.Measures },
		a.monitorDoor().Screen)
}
