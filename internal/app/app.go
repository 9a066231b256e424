// Package app puts the house together: it opens the database, makes the rooms, hangs their pages
// and operations into the doors, and runs it all until it is told to stop.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/yuntu-city/yuntu/internal/api"
	"github.com/yuntu-city/yuntu/internal/assess"
	"github.com/yuntu-city/yuntu/internal/atlas"
	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/backup"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/config"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/dict"
	"github.com/yuntu-city/yuntu/internal/dispatch"
	"github.com/yuntu-city/yuntu/internal/draft"
	"github.com/yuntu-city/yuntu/internal/identity"
	"github.com/yuntu-city/yuntu/internal/indicator"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/market"
	"github.com/yuntu-city/yuntu/internal/market/deal"
	"github.com/yuntu-city/yuntu/internal/market/matching"
	"github.com/yuntu-city/yuntu/internal/measure"
	"github.com/yuntu-city/yuntu/internal/monitor"
	"github.com/yuntu-city/yuntu/internal/notify"
	"github.com/yuntu-city/yuntu/internal/opendata"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/report"
	"github.com/yuntu-city/yuntu/internal/site"
	"github.com/yuntu-city/yuntu/internal/studio"
	"github.com/yuntu-city/yuntu/internal/trail"
	"github.com/yuntu-city/yuntu/internal/unit"
	"github.com/yuntu-city/yuntu/internal/web"
)

// App is the house: every room and door of one process.
type App struct {
	Config config.Config
	Log    *slog.Logger
	Clock  clock.Clock

	DB        *db.DB
	Unit      *unit.Unit
	Blobs     *blob.Store
	Desk      *job.Desk
	Jobs      *job.Runner
	Backups   *backup.Service
	Feed      *outbox.Dispatcher
	Site      *site.Service
	Trail     *trail.Service
	Dict      *dict.Service
	Party     *party.Service
	Plan      *plan.Service
	Market    *market.Service
	Notify    *notify.Service
	Matching  *matching.Service
	Indicator *indicator.Service
	Monitor   *monitor.Service
	Deal      *deal.Service
	Studio    *studio.Service
	Dispatch  *dispatch.Service
	Occasions
	Assess   *assess.Service
	Atlas    *atlas.Service
	Report   *report.Service
	Open     *opendata.Service
	Identity *identity.Service
	Showcase Showcase
	Drafts   *draft.Service
	Measures *measure.Registry

	Web *web.Server
	API *api.API

	metrics  *metrics
	hashCost identity.Cost // of new passwords; zero: the usual one
}

// Open opens the database, brings it up to date, and puts the rooms together. The caller closes
// the App.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger, options ...Option) (*App, error) {
	a := &App{Config: cfg, Log: log, Clock: clock.System(), metrics: newMetrics()}
	for _, o := range options {
		o(a)
	}
	if err := a.openDatabase(ctx); err != nil {
		return nil, err
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) openDatabase(ctx context.Context) error {
	url, err := a.Config.DatabaseURL()
	if err != nil {
		return err
	}
	a.DB, err = db.Open(ctx, db.Options{
		URL: url, Readers: a.Config.Database.Readers, Writers: a.Config.Database.Writers,
	})
	if err != nil {
		return err
	}
	n, err := a.DB.Migrate(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("bring the database up to date: %w", err), a.DB.Close())
	}
	if n > 0 {
		a.Log.LogAttrs(ctx, slog.LevelInfo, "database migrated", slog.Int("steps", n))
	}
	return nil
}

// build makes kernel, rooms and doors, from the ground up.
func (a *App) build(ctx context.Context) error {
	a.Unit = unit.New(a.DB, a.Clock, unit.Options{
		Algo: audit.Algo(a.Config.Audit.Algo), Observe: a.metrics.write,
	})
	var err error
	if a.Blobs, err = blob.Open(a.Unit, a.blobOptions()); err != nil {
		return fmt.Errorf("open the files: %w", err)
	}
	a.Desk = job.NewDesk(a.Unit)
	a.Jobs = job.NewRunner(a.Unit, a.Desk, job.Options{Log: a.Log, WindUp: a.Config.Server.Grace})
	a.Jobs.Housekeeping(a.Desk)
	a.Backups = backup.NewService(a.Unit, a.Blobs, a.Jobs, backup.Options{
		Dir: a.Config.BackupDir(), Keep: a.Config.Backup.Keep, At: a.Config.Backup.At,
		Program: config.Version(),
	})
	if err := a.rooms(ctx); err != nil {
		return err
	}
	if a.Measures, err = measure.NewRegistry(a.DB, a.Clock, a.measures()...); err != nil {
		return err
	}
	a.public()
	a.Feed = outbox.NewDispatcher(a.DB, a.Clock, outbox.Options{Log: a.Log},
		a.Identity.Follower(party.EventOrgUpdated, party.EventOrgMerged, party.EventOrgSplit),
		a.Plan.Follower(), a.Market.Follower(), a.Notify.Follower(), a.Deal.Follower(),
		a.Deal.Overdue(), a.Matching.Follower(), a.Matching.Challenges(), a.Monitor.Follower(), a.Indicator.Follower(),
		a.Dispatch.Follower(), a.Atlas.Follower(), a.Shows.Follower(), a.Auctions.Follower(),
		a.Appraisals.Follower())
	a.schedule()
	a.Unit.AfterCommit(a.Feed.Poke)
	a.Unit.AfterCommit(a.Jobs.Poke)
	a.Unit.AfterCommit(a.Matching.Poke)
	return a.doors()
}

func (a *App) blobOptions() blob.Options {
	o := blob.Options{Dir: a.Config.BlobDir()}
	if a.Config.Scan.Clamd != "" {
		o.Scanner = scanner(a.Config.Scan.Clamd)
	}
	return o
}

// rooms makes the rooms and loads what they keep in memory.
func (a *App) rooms(ctx context.Context) error {
	a.Site = site.New(a.Unit)
	if err := a.Site.Load(ctx); err != nil {
		return fmt.Errorf("load site settings: %w", err)
	}
	a.Trail = trail.New(a.Unit)
	a.Drafts = draft.New(a.DB, a.Clock)
	a.Dict = dict.New(a.Unit)
	if err := a.Dict.Load(ctx); err != nil {
		return fmt.Errorf("load dictionaries: %w", err)
	}
	master, err := masterKey(ctx, a.Config.Data.Dir, a.DB)
	if err != nil {
		return err
	}
	times := process.Times{Calendar: a.Dict, Service: process.OfficeHours()}
	if err := a.registry(ctx, master, times); err != nil {
		return err
	}
	if err := a.people(master, times); err != nil {
		return err
	}
	if err := a.ledger(ctx, times); err != nil {
		return err
	}
	if err := a.notices(); err != nil {
		return err
	}
	if err := a.indicators(times); err != nil {
		return err
	}
	if err := a.watch(ctx); err != nil {
		return err
	}
	if err := a.dispatches(ctx, times); err != nil {
		return err
	}
	if err := a.posts(ctx, times); err != nil {
		return err
	}
	if err := a.deals(ctx, times); err != nil {
		return err
	}
	if err := a.occasions(master, times); err != nil {
		return err
	}
	if err := a.assessments(ctx, times); err != nil {
		return err
	}
	if err := a.indices(times); err != nil {
		return err
	}
	if err := a.ecosystem(times); err != nil {
		return err
	}
	if err := a.reporting(times); err != nil {
		return err
	}
	a.matches()
	return nil
}

// registry makes the room of organisations and people.
func (a *App) registry(ctx context.Context, master []byte, times process.Times) error {
	key, err := keyFor(master, "party identity numbers")
	if err != nil {
		return err
	}
	a.Party, err = party.New(a.Unit, party.FromDict(a.Dict), times,
		party.Options{Key: key, Blobs: a.Blobs})
	if err != nil {
		return err
	}
	a.Party.RegisterJobs(a.Jobs)
	if err := a.Party.Prepare(ctx); err != nil {
		return fmt.Errorf("make the index of the registry: %w", err)
	}
	return nil
}

// people makes the room of accounts, sessions and roles.
func (a *App) people(master []byte, times process.Times) error {
	key, err := keyFor(master, "identity second factors")
	if err != nil {
		return err
	}
	a.Identity, err = identity.New(identity.Config{
		Unit: a.Unit, Orgs: orgs{a.Party}, Blob: a.Blobs, Key: key, Site: a.Site.Current().Name, Cost: a.hashCost,
		Rule: identity.SecurityRule{
			Idle: a.Config.Session.Idle, Absolute: a.Config.Session.Absolute,
			AdminsByCode:   a.Config.Session.AdminsByCode,
			PasswordAge:    time.Duration(a.Config.Account.PasswordDays) * 24 * time.Hour,
			NoRegistration: !a.Config.Account.Registration,
			OIDCCreates:    a.Config.OIDC.CreatesAccounts,
			ClaimDays:      a.Config.Claim.Days,
			ClaimChief:     process.Owner{Role: authz.Role(a.Config.Claim.Chief)},
		},
		Rights:     func(r authz.Role) []authz.Right { return authz.Rights(Policies(), r) },
		RegionName: func(code string) string { return a.Dict.RegionName(region.Code(code), "") },
		Times:      times,
	})
	return err
}

// ledger makes the room of documents, targets and tasks.
func (a *App) ledger(ctx context.Context, times process.Times) error {
	var err error
	a.Plan, err = plan.New(a.Unit, times, plan.Options{Blobs: a.Blobs, Party: a.Party, Dict: a.Dict,
		Home: a.city})
	if err != nil {
		return err
	}
	a.Plan.RegisterJobs(a.Jobs)
	if err := a.Plan.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of lights: %w", err)
	}
	return nil
}

// posts makes the room of the technology market.
func (a *App) posts(ctx context.Context, times process.Times) error {
	var err error
	a.Market, err = market.New(a.Unit, times, market.Options{Party: a.Party, Dict: a.Dict, Blobs: a.Blobs})
	if err != nil {
		return err
	}
	a.Market.RegisterJobs(a.Jobs)
	if err := a.Market.Load(ctx); err != nil {
		return fmt.Errorf("load the rules of freshness: %w", err)
	}
	return nil
}

func (a *App) measures() []measure.Measure {
	return slices.Concat(a.Party.Measures(), a.Plan.Measures(), a.Market.Measures(),
		a.Deal.Measures(), a.Shows.Measures(), a.Auctions.Measures(), a.Appraisals.Measures(),
		a.Indicator.Measures(), a.Dispatch.Measures(), a.Assess.Measures())
}

func (a *App) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range a.Config.Server.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, err
		}
		out = append(out, prefix)
	}
	return out, nil
}

// Metrics returns the registry that /metrics shows.
func (a *App) Metrics() *prometheus.Registry { return a.metrics.registry }

// Close frees the files and the database.
func (a *App) Close() error {
	var errs []error
	if a.Blobs != nil {
		errs = append(errs, a.Blobs.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	return errors.Join(errs...)
}
