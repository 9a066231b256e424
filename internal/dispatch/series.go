package dispatch

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/plan"
	"github.com/yuntu-city/yuntu/internal/region"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// kindSeries is the kind of object of series, for policies and the trail.
const kindSeries = "dispatch.series"

// SeriesData is what people write about a series.
type SeriesData struct {
	Name    string      `json:"name"`
	Cadence string      `json:"cadence"`          // 周、旬、月、季, one of plan.Cadences
	Ledger  string      `json:"ledger,omitempty"` // id of the ledger it looks at; "" = all
	Region  region.Code `json:"region"`           // it looks at what lies in it
	Chair   string      `json:"chair"`            // 主持人
	Host    string      `json:"host"`             // id of the 召集单位
	Place   string      `json:"place,omitempty"`  // where it usually meets
	Members []string    `json:"members"`          // ids of its units
	Closed  bool        `json:"closed,omitempty"` // holds no more meetings
}

// Series (调度会系列) is a row of meetings about the same matter.
type Series struct {
	ID string `json:"id"`
	SeriesData
	HostNow   string `json:"-"`
	HostName  string `json:"hostName"`
	Units     []Unit `json:"units,omitempty"` // GetSeries fills them in, lists do not
	CreatedUs int64  `json:"createdUs"`
	CreatedBy string `json:"-"`
	UpdatedUs int64  `json:"updatedUs"`
	Version   int64  `json:"version"`
}

// NewSeries is the input of CreateSeries.
type NewSeries struct {
	SeriesData
	Key string `json:"-"` // idempotency key
}

// SeriesUpdate is the input of UpdateSeries.
type SeriesUpdate struct {
	ID string `json:"-"`
	SeriesData
	Version int64  `json:"version"`
	Key     string `json:"-"`
}

func (d *SeriesData) normalise() {
	for _, s := range []*string{&d.Name, &d.Chair, &d.Place} {
		*s = tidy(*s)
	}
}

func (d SeriesData) check(f *faults) {
	f.line("name", d.Name, 60, true)
	f.choice("cadence", d.Cadence, plan.Cadences())
	f.place("region", d.Region)
	f.line("chair", d.Chair, MaxLine, true)
	f.line("place", d.Place, MaxLine, false)
	if d.Host == "" {
		f.add("host", "请选择一项")
	}
	if len(d.Members) == 0 {
		f.add("members", "请至少选择一个单位")
	}
}

const seriesColumns = `s.id, s.name, s.cadence, s.ledger, s.region, s.chair, s.host, s.host_now,
	s.host_name, s.place, s.closed, s.created_us, s.created_by, s.updated_us, s.version`

func scanSeries(r db.Row) (Series, error) {
	var s Series
	err := r.Scan(&s.ID, &s.Name, &s.Cadence, &s.Ledger, &s.Region, &s.Chair, &s.Host, &s.HostNow,
		&s.HostName, &s.Place, &s.Closed, &s.CreatedUs, &s.CreatedBy, &s.UpdatedUs, &s.Version)
	return s, err
}

var (
	qSeries    = db.Stmt(`SELECT ` + seriesColumns + ` FROM dispatch_series AS s WHERE s.id = $1`)
	qSeriesAdd = db.Stmt(`INSERT INTO dispatch_series (id, name, cadence, ledger, region, chair, host,
			host_now, host_name, place, closed, created_us, created_by, updated_us, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, 1)`)
	qSeriesSet = db.Stmt(`UPDATE dispatch_series SET name = $3, cadence = $4, ledger = $5, region = $6,
			chair = $7, host = $8, host_now = $9, host_name = $10, place = $11, closed = $12,
			updated_us = $13, version = version + 1
		WHERE id = $1 AND version = $2`)
)

var seriesList = db.Select(seriesColumns, `dispatch_series AS s`,
	db.Order{Name: "created", Desc: true,
		Cols: []db.Col{db.IntCol("s.created_us"), db.TextCol("s.id")}})

func seriesByID(ctx context.Context, q db.Q, seriesID string) (Series, error) {
	x, err := db.Get(ctx, q, qSeries, scanSeries, seriesID)
	if err != nil {
		return x, err
	}
	x.Units, err = membersOf(ctx, q, seriesID)
	x.Members = orgsOf(x.Units)
	return x, err
}

// seriesParts looks up what a series names.
func (s *Service) seriesParts(
	ctx context.Context, by authz.Actor, d SeriesData,
) (Unit, []Unit, error) {
	var f faults
	d.check(&f)
	host, err := s.unitOf(ctx, by, "host", d.Host, &f)
	if err != nil {
		return host, nil, err
	}
	members, err := s.unitsOf(ctx, by, d.Members, &f)
	if err != nil {
		return host, nil, err
	}
	if d.Ledger != "" {
		books, err := s.opt.Plan.ListLedgers(ctx, by)
		if err != nil {
			return host, nil, err
		}
		if !hasLedger(books, d.Ledger) {
			f.add("ledger", "没有这本台账")
		}
	}
	return host, members, f.err()
}

func hasLedger(books []plan.Ledger, ledgerID string) bool {
	for _, g := range books {
		if g.ID == ledgerID {
			return true
		}
	}
	return false
}

func seriesTaken(err error) error {
	if db.Violates(err, "dispatch_series", "region", "name") {
		return fault.Fields(fault.At("name", "已有同名的调度会"))
	}
	return err
}

// CreateSeries sets up a series of meetings.
func (s *Service) CreateSeries(ctx context.Context, by authz.Actor, in NewSeries) (Series, error) {
	in.normalise()
	if !SeriesPolicy.Could(by, ActSeriesWrite) {
		return Series{}, errRole()
	}
	host, members, err := s.seriesParts(ctx, by, in.SeriesData)
	if err != nil {
		return Series{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.CreateSeries", in.Key, in,
		func(tx *unit.Tx) (Series, error) {
			seriesID := id.New()
			err := db.ExecOne(ctx, tx.Tx, qSeriesAdd, seriesID, in.Name, in.Cadence, in.Ledger,
				string(in.Region), in.Chair, in.Host, host.Now, host.Name, in.Place, in.Closed,
				tx.NowUs(), by.Account)
			if err != nil {
				return Series{}, err
			}
			if err := setMembers(ctx, tx, seriesID, members); err != nil {
				return Series{}, err
			}
			tx.Audit(audit.Entry{Kind: kindSeries, Object: seriesID, What: "create", Detail: in.SeriesData})
			tx.Emit(outbox.Event{Kind: EventSeriesCreated, Object: seriesID})
			return seriesByID(ctx, tx, seriesID)
		})
	return out, seriesTaken(err)
}

// UpdateSeries replaces what is written about a series. Meetings that are planned already keep what
// they have.
func (s *Service) UpdateSeries(
	ctx context.Context, by authz.Actor, in SeriesUpdate,
) (Series, error) {
	in.normalise()
	old, err := s.GetSeries(ctx, by, in.ID)
	if err != nil {
		return Series{}, err
	}
	if err := SeriesPolicy.May(by, ActSeriesWrite, old); err != nil {
		return Series{}, err
	}
	host, members, err := s.seriesParts(ctx, by, in.SeriesData)
	if err != nil {
		return Series{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "dispatch.UpdateSeries", in.Key, in,
		func(tx *unit.Tx) (Series, error) {
			err := db.ExecOne(ctx, tx.Tx, qSeriesSet, in.ID, in.Version, in.Name, in.Cadence, in.Ledger,
				string(in.Region), in.Chair, in.Host, host.Now, host.Name, in.Place, in.Closed, tx.NowUs())
			if err != nil {
				return Series{}, err
			}
			if err := setMembers(ctx, tx, in.ID, members); err != nil {
				return Series{}, err
			}
			tx.Audit(audit.Entry{Kind: kindSeries, Object: in.ID, What: "update",
				Detail: map[string]any{"old": old.SeriesData, "new": in.SeriesData}})
			tx.Emit(outbox.Event{Kind: EventSeriesUpdated, Object: in.ID})
			return seriesByID(ctx, tx, in.ID)
		})
	return out, seriesTaken(err)
}

// GetSeries returns a series with its units.
func (s *Service) GetSeries(
	ctx context.Context, by authz.Actor, seriesID string,
) (Series, error) {
	x, err := seriesByID(ctx, s.unit.DB(), seriesID)
	if err != nil {
		return Series{}, err
	}
	return x, SeriesPolicy.May(by, ActSeriesRead, x)
}

// ListSeries returns a page of the series, the newest first.
func (s *Service) ListSeries(
	ctx context.Context, by authz.Actor, p db.PageReq,
) (db.Page[Series], error) {
	return db.List(ctx, s.unit.DB(), seriesList, SeriesPolicy.Scope(by, ActSeriesRead),
		seriesList.Order(""), p, scanSeries)
}
