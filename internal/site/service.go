package site

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Actions of this room.
const (
	ActRead  authz.Action = "site.read"
	ActWrite authz.Action = "site.write"
)

// Policy lets people see the settings (they stand in the footer) and system administrators change
// them. The two other administrators have no work with them.
var Policy = authz.NewPolicy("site", authz.Rules[Settings]{
	Title: "站点设置",
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看", Work: authz.SysWork},
		{Action: ActWrite, Title: "修改", Work: authz.SysWork},
	},
	Ties: []authz.Tie[Settings]{authz.TieAny[Settings]()},
	Grants: append(
		authz.Allow(authz.Any, readers(), ActRead),
		authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActWrite)...),
})

func readers() []authz.Role {
	return slices.DeleteFunc(authz.Roles(), func(r authz.Role) bool {
		return r == authz.SecAdmin || r == authz.Auditor
	})
}

// EventChanged is told when the settings changed.
const EventChanged = "site.changed.v1"

var (
	qAll = db.Stmt(`SELECT name, value, version FROM site_setting`)
	qSet = db.Stmt(`INSERT INTO site_setting (name, value, version, updated_us, updated_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version,
			updated_us = excluded.updated_us, updated_by = excluded.updated_by`)
	// The first writer inserts the row of the version; the second finds it changed.
	qStep = db.Stmt(`INSERT INTO site_setting (name, value, version, updated_us, updated_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version,
			updated_us = excluded.updated_us, updated_by = excluded.updated_by
		WHERE site_setting.version = $6`)
)

// Service answers and changes the settings.
type Service struct {
	unit *unit.Unit
	now  atomic.Pointer[Settings]
}

// New returns a service. Call Load before the first page.
func New(u *unit.Unit) *Service {
	s := &Service{unit: u}
	s.now.Store(&Settings{Name: defaultName, NameEn: "Yuntu"})
	return s
}

const defaultName = "云图"

// versionName is the row that carries the version of all settings together: two administrators who
// change different lines at once still see each other's change.
const versionName = "version"

// Load reads the settings again; the server does so at start and after a change elsewhere.
func (s *Service) Load(ctx context.Context) error {
	got, err := read(ctx, s.unit.DB())
	if err != nil {
		return err
	}
	s.now.Store(&got)
	return nil
}

func read(ctx context.Context, q db.Q) (Settings, error) {
	got := Settings{Name: defaultName, NameEn: "Yuntu"}
	err := db.Each(ctx, q, qAll, func(r db.Row) error {
		var name, value string
		var version int64
		if err := r.Scan(&name, &value, &version); err != nil {
			return err
		}
		if name == versionName {
			got.Version = version
		}
		got = got.With(name, value)
		return nil
	})
	return got, err
}

// Current returns the settings in memory, for pages.
func (s *Service) Current() Settings { return *s.now.Load() }

// GetSettings returns the settings as they are stored now.
func (s *Service) GetSettings(ctx context.Context, by authz.Actor) (Settings, error) {
	got, err := read(ctx, s.unit.DB())
	if err != nil {
		return Settings{}, err
	}
	return got, Policy.May(by, ActRead, got)
}

// UpdateSettings stores all settings. in.Version must be the one that was read.
func (s *Service) UpdateSettings(
	ctx context.Context, by authz.Actor, in Settings,
) (Settings, error) {
	if err := Policy.May(by, ActWrite, in); err != nil {
		return Settings{}, err
	}
	if err := in.Validate(); err != nil {
		return Settings{}, err
	}
	err := s.unit.Write(ctx, by, "site.UpdateSettings", func(tx *unit.Tx) error {
		return store(ctx, tx, in)
	})
	if err != nil {
		return Settings{}, err
	}
	in.Version++
	return in, s.Load(ctx)
}

func store(ctx context.Context, tx *unit.Tx, in Settings) error {
	old, err := read(ctx, tx.Tx)
	if err != nil {
		return err
	}
	if old.Version != in.Version {
		return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
	}
	next := in.Version + 1
	changes := map[string][2]string{}
	for _, f := range fields {
		if a, b := *f.value(&old), *f.value(&in); a != b {
			changes[f.Name] = [2]string{a, b}
		}
	}
	for name, c := range changes {
		_, err := db.Exec(ctx, tx.Tx, qSet, name, c[1], next, tx.NowUs(), tx.By().Account)
		if err != nil {
			return err
		}
	}
	// One row's compare-and-set decides between two writers at once.
	err = db.ExecOne(ctx, tx.Tx, qStep, versionName, "", next, tx.NowUs(), tx.By().Account, in.Version)
	if err != nil {
		return err
	}
	tx.Audit(audit.Entry{Kind: "site", Object: "site", What: "update", Detail: changes})
	tx.Emit(outbox.Event{Kind: EventChanged, Object: "site", Data: next})
	return nil
}
