package assess

import (
	"context"
	"fmt"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/party"
	"github.com/yuntu-city/yuntu/internal/process"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Figures are what this room needs of the rooms that measure.
type Figures interface {
	// Figures returns the figures of a unit in a year by their source (Targets, Tasks, Red, Yellow,
	// Overdue), each with the address of its rows. A source without rows is left out.
	Figures(ctx context.Context, by authz.Actor, org string, year int) (map[string][]Fact, error)
}

// Options of a Service.
type Options struct {
	Party   *party.Service
	Figures Figures
}

// Service is the room of assessments. It is safe for concurrent use.
type Service struct {
	unit    *unit.Unit
	opt     Options
	rounds  *process.Process[Round]
	appeals *process.Process[Appeal]
}

// New returns the room. times counts the limits of its life cycles. Load comes before its use.
func New(u *unit.Unit, times process.Times, o Options) (*Service, error) {
	rounds, err := RoundProcess.With(times)
	if err != nil {
		return nil, err
	}
	appeals, err := AppealProcess.With(times)
	if err != nil {
		return nil, err
	}
	return &Service{u, o, rounds, appeals}, nil
}

// Load stores the shipped schemes.
func (s *Service) Load(ctx context.Context) error {
	for _, x := range shippedSchemes {
		_, found, err := db.Find(ctx, s.unit.DB(), qScheme, scanScheme, x.ID)
		if err != nil {
			return err
		}
		if found {
			continue
		}
		system := authz.Actor{Login: "system", Via: authz.ViaSystem}
		err = s.unit.Write(ctx, system, "assess.Load", func(tx *unit.Tx) error {
			tx.Audit(audit.Entry{Kind: kindScheme, Object: x.ID, What: "load", Detail: x.SchemeData})
			return addScheme(ctx, tx, x)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func addScheme(ctx context.Context, tx *unit.Tx, x Scheme) error {
	_, err := db.Exec(ctx, tx.Tx, qSchemeAdd, x.ID, x.Name, x.Edition, x.Source, x.Mark, string(x.ValidFrom),
		encode(x.Params), tx.NowUs(), tx.By().Account)
	return err
}

// NewScheme is the input of CreateScheme.
type NewScheme struct {
	SchemeData
	Key string `json:"-"`
}

// CreateScheme adds a scheme, or another edition of one of the same name. Rounds that were made keep
// the edition they have.
func (s *Service) CreateScheme(ctx context.Context, by authz.Actor, in NewScheme) (Scheme, error) {
	x := Scheme{ID: id.New(), SchemeData: in.SchemeData}
	if err := SchemePolicy.May(by, ActSchemeWrite, x); err != nil {
		return Scheme{}, err
	}
	if err := x.check(); err != nil {
		return Scheme{}, err
	}
	out, _, err := unit.Once(ctx, s.unit, by, "assess.CreateScheme", in.Key, in,
		func(tx *unit.Tx) (Scheme, error) {
			last, err := db.Get(ctx, tx, qSchemeLast, db.One[int64], x.Name)
			if err != nil {
				return Scheme{}, err
			}
			x.Edition = last + 1
			tx.Audit(audit.Entry{Kind: kindScheme, Object: x.ID, What: "create", Detail: x.SchemeData})
			tx.Emit(outbox.Event{Kind: EventSchemeCreated, Object: x.ID})
			if err := addScheme(ctx, tx, x); err != nil {
				return Scheme{}, err
			}
			return db.Get(ctx, tx, qScheme, scanScheme, x.ID)
		})
	return out, err
}

// GetScheme returns a scheme.
func (s *Service) GetScheme(ctx context.Context, by authz.Actor, schemeID string) (Scheme, error) {
	x, err := db.Get(ctx, s.unit.DB(), qScheme, scanScheme, schemeID)
	if err != nil {
		return Scheme{}, err
	}
	return x, SchemePolicy.May(by, ActSchemeRead, x)
}

// ListSchemes returns all schemes, the latest first.
func (s *Service) ListSchemes(ctx context.Context, by authz.Actor) ([]Scheme, error) {
	page, err := db.List(ctx, s.unit.DB(), schemeList, SchemePolicy.Scope(by, ActSchemeRead),
		schemeList.Order(""), db.PageReq{Limit: db.MaxLimit}, scanScheme)
	return page.Items, err
}

// code is the short name of a round: KH-2026-001.
func code(us, n int64) string {
	return fmt.Sprintf("KH-%d-%03d", clock.Time(us).In(clock.Shanghai).Year(), n)
}

func (s *Service) now() time.Time { return s.unit.Clock().Now() }
