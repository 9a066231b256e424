package party

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/outbox"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Alias is another name of an organisation.
type Alias struct {
	ID   string `json:"id"`
	Org  string `json:"org"` // the record that has it: one that was merged keeps its own
	Name string `json:"name"`
	Kind string `json:"kind"` // one of AliasKinds
}

// NewAlias is the input of AddAlias.
type NewAlias struct {
	Org     string `json:"-"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Version int64  `json:"version"` // of the organisation
	Key     string `json:"-"`
}

// AliasRemoval is the input of RemoveAlias.
type AliasRemoval struct {
	Org     string `json:"-"`
	ID      string `json:"-"`
	Version int64  `json:"version"` // of the organisation
	Key     string `json:"-"`
}

const familyOf = `WITH RECURSIVE family (id, depth) AS (
			SELECT id, 0 FROM org WHERE id = $1
			UNION ALL
			SELECT org.id, family.depth + 1 FROM org
				JOIN family ON org.merged_into = family.id
				WHERE org.merged_into <> '' AND family.depth < 20) `

var (
	qAliases = db.Stmt(familyOf + `SELECT a.id, a.org, a.name, a.kind FROM family
		JOIN org_alias AS a ON a.org = family.id ORDER BY a.created_us, a.id`)
	qAliasCount = db.Stmt(`SELECT COUNT(*) FROM org_alias WHERE org = $1`)
	qAliasAdd   = db.Stmt(`INSERT INTO org_alias (id, org, name, name_key, kind, created_us)
		VALUES ($1, $2, $3, $4, $5, $6)`)
	qAliasDrop = db.Stmt(`DELETE FROM org_alias WHERE id = $1 AND org = $2`)
	qOrgTouch  = db.Stmt(`UPDATE org SET updated_us = $3, version = version + 1
		WHERE id = $1 AND version = $2`)
)

func scanAlias(r db.Row) (Alias, error) {
	var a Alias
	err := r.Scan(&a.ID, &a.Org, &a.Name, &a.Kind)
	return a, err
}

// AddAlias gives an organisation another name, by which it is found and compared from now on.
func (s *Service) AddAlias(ctx context.Context, by authz.Actor, in NewAlias) (Org, error) {
	in.Name = tidy(in.Name)
	var f faults
	f.text("name", in.Name, MaxName, true)
	f.choice("kind", in.Kind, AliasKinds())
	const useCase = "party.AddAlias"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Org, error) {
		o, err := s.changeable(ctx, tx, in.Org, in.Version)
		if err != nil {
			return Org{}, err
		}
		if err := f.err(); err != nil {
			return Org{}, err
		}
		n, err := db.Get(ctx, tx, qAliasCount, db.One[int64], o.ID)
		if err != nil {
			return Org{}, err
		}
		if n >= MaxAliases {
			return Org{}, fault.Fields(fault.At("name", "最多 %d 个其他名称", MaxAliases))
		}
		err = db.ExecOne(ctx, tx.Tx, qAliasAdd, id.New(), o.ID, in.Name, NameKey(in.Name), in.Kind,
			tx.NowUs())
		if err != nil {
			return Org{}, err
		}
		change := FieldChange{Field: "aliases", New: in.Name}
		return s.aliasChanged(ctx, tx, o, "alias-add", change)
	})
	if db.Violates(err, "org_alias", "org", "name") {
		return Org{}, fault.Fields(fault.At("name", "已有这个名称"))
	}
	return out, err
}

// RemoveAlias takes a name away again. The names of records that were merged stay with them.
func (s *Service) RemoveAlias(ctx context.Context, by authz.Actor, in AliasRemoval) (Org, error) {
	const useCase = "party.RemoveAlias"
	out, _, err := unit.Once(ctx, s.unit, by, useCase, in.Key, in, func(tx *unit.Tx) (Org, error) {
		o, err := s.changeable(ctx, tx, in.Org, in.Version)
		if err != nil {
			return Org{}, err
		}
		for _, a := range o.Aliases {
			if a.ID != in.ID {
				continue
			}
			if a.Org != o.ID {
				return Org{}, fault.New(fault.Conflict, "该名称属于已并入的档案，拆分后才能修改")
			}
			if err := db.ExecOne(ctx, tx.Tx, qAliasDrop, a.ID, o.ID); err != nil {
				return Org{}, err
			}
			change := FieldChange{Field: "aliases", Old: a.Name}
			return s.aliasChanged(ctx, tx, o, "alias-remove", change)
		}
		return Org{}, fault.New(fault.NotFound, "没有找到这条记录")
	})
	return out, err
}

// changeable loads a record for a change by the actor, who saw it at the given version.
func (s *Service) changeable(
	ctx context.Context, tx *unit.Tx, orgID string, version int64,
) (Org, error) {
	o, err := orgByID(ctx, tx, orgID)
	if err != nil {
		return o, err
	}
	if err := seen(tx.By(), o); err != nil {
		return o, err
	}
	if err := OrgPolicy.May(tx.By(), ActOrgUpdate, o); err != nil {
		return o, err
	}
	if o.State == Merged {
		return o, fault.New(fault.Conflict, "该档案已并入其他档案，不能修改")
	}
	if o.Version != version {
		return o, errStale()
	}
	return s.whole(ctx, tx, o)
}

func errStale() error {
	return fault.New(fault.Conflict, "这条记录已被他人修改，请刷新后重试")
}

func (s *Service) aliasChanged(
	ctx context.Context, tx *unit.Tx, o Org, what string, c FieldChange,
) (Org, error) {
	if err := db.ExecOne(ctx, tx.Tx, qOrgTouch, o.ID, o.Version, tx.NowUs()); err != nil {
		return Org{}, err
	}
	if err := reindex(ctx, tx, o.ID); err != nil {
		return Org{}, err
	}
	tx.Audit(audit.Entry{Kind: "party.org", Object: o.ID, What: what, Detail: []FieldChange{c}})
	tx.Emit(outbox.Event{Kind: EventOrgUpdated, Object: o.ID, Data: []string{c.Field}})
	o, err := orgByID(ctx, tx, o.ID)
	if err != nil {
		return o, err
	}
	return s.whole(ctx, tx, o)
}

// whole fills in everything that stands on a record's page.
func (s *Service) whole(ctx context.Context, q db.Q, o Org) (Org, error) {
	o, err := withParts(ctx, q, o)
	if err != nil {
		return o, err
	}
	o.Aliases, err = db.All(ctx, q, qAliases, scanAlias, o.ID)
	return o, err
}
