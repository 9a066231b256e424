// Package trail is the room of the audit administrator (审计管理员): it shows the record of every
// change, exports it, and proves that it is whole. The record itself is kept by package audit.
package trail

import (
	"context"
	"errors"
	"io"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Actions of this room.
const (
	ActRead   authz.Action = "trail.entry.read"
	ActExport authz.Action = "trail.entry.export"
	ActVerify authz.Action = "trail.entry.verify"
)

// Policy opens the trail to audit administrators and nobody else (三权分立).
var Policy = authz.NewPolicy("trail.entry", authz.Rules[audit.Record]{
	Title: "审计记录",
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看", Work: authz.AuditWork},
		{Action: ActExport, Title: "导出", Work: authz.AuditWork},
		{Action: ActVerify, Title: "验证", Work: authz.AuditWork},
	},
	Ties: []authz.Tie[audit.Record]{authz.TieAny[audit.Record]()},
	Grants: authz.Allow(authz.Any, []authz.Role{authz.Auditor},
		ActRead, ActExport, ActVerify),
})

// Service answers from the trail.
type Service struct{ unit *unit.Unit }

// New returns a service.
func New(u *unit.Unit) *Service { return &Service{u} }

// countLimit is where counting the entries of a filter ends: "more than".
const countLimit = 10_000

// ListEntries returns a page of the trail.
func (s *Service) ListEntries(
	ctx context.Context, by authz.Actor, f audit.Filter, order string, p db.PageReq,
) (db.Page[audit.Record], error) {
	if err := Policy.May(by, ActRead, audit.Record{}); err != nil {
		return db.Page[audit.Record]{}, err
	}
	return audit.List(ctx, s.unit.DB(), f, order, p)
}

// CountEntries returns how many entries the filter leaves; counting ends at 10,000.
func (s *Service) CountEntries(
	ctx context.Context, by authz.Actor, f audit.Filter,
) (n int64, more bool, err error) {
	if err := Policy.May(by, ActRead, audit.Record{}); err != nil {
		return 0, false, err
	}
	n, err = audit.Count(ctx, s.unit.DB(), f, countLimit+1)
	if n > countLimit {
		return countLimit, true, err
	}
	return n, false, err
}

// GetEntry returns one entry and the hash of the one before it.
func (s *Service) GetEntry(
	ctx context.Context, by authz.Actor, seq int64,
) (audit.Record, string, error) {
	if err := Policy.May(by, ActRead, audit.Record{}); err != nil {
		return audit.Record{}, "", err
	}
	r, err := audit.Get(ctx, s.unit.DB(), seq)
	if err != nil {
		return r, "", err
	}
	prev, err := audit.HashAt(ctx, s.unit.DB(), seq-1)
	return r, prev, err
}

// ExportEntries writes the entries after a number as JSON lines that "yuntu audit verify" reads,
// and records that it was done.
func (s *Service) ExportEntries(
	ctx context.Context, by authz.Actor, after int64, w io.Writer,
) (int64, error) {
	if err := Policy.May(by, ActExport, audit.Record{}); err != nil {
		return 0, err
	}
	if after < 0 {
		return 0, fault.Fields(fault.At("after", "编号不能为负数"))
	}
	err := s.unit.Write(ctx, by, "trail.ExportEntries", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: "trail.entry", What: "export", Detail: map[string]int64{"after": after}})
		return nil
	})
	if err != nil {
		return 0, err
	}
	return audit.Export(ctx, s.unit.DB(), w, after)
}

// VerifyEntries recomputes the whole chain. A broken chain is a Conflict that names the first bad
// entry.
func (s *Service) VerifyEntries(ctx context.Context, by authz.Actor) (audit.Proof, error) {
	if err := Policy.May(by, ActVerify, audit.Record{}); err != nil {
		return audit.Proof{}, err
	}
	proof, err := audit.VerifyDB(ctx, s.unit.DB())
	if broken, ok := errors.AsType[*audit.Broken](err); ok {
		return proof, fault.New(fault.Conflict, "审计记录第 %d 条不完整或被改动：%s", broken.Seq, broken.Why).Wrap(err)
	}
	return proof, err
}
