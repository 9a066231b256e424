package backup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/job"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Kind of the objects in the audit trail, and of the job.
const (
	Kind    = "system.backup"
	jobKind = "system.backup"
)

// The actions on backups.
const (
	ActRead   authz.Action = "system.backup.read"
	ActCreate authz.Action = "system.backup.create"
)

// Policy gives backups to the system administrator, who may make them and see that they are there.
// Nobody takes one home through a door: it holds everything, the city's business included.
var Policy = authz.NewPolicy(Kind, authz.Rules[File]{
	Title: "系统备份",
	Verbs: []authz.Verb{
		{Action: ActRead, Title: "查看备份", Work: authz.SysWork},
		{Action: ActCreate, Title: "创建备份", Work: authz.SysWork},
	},
	Ties:   []authz.Tie[File]{authz.TieAny[File]()},
	Grants: authz.Allow(authz.Any, []authz.Role{authz.SysAdmin}, ActRead, ActCreate),
})

// Options of a Service.
type Options struct {
	Dir     string // where the files go
	Keep    int    // how many good ones to keep
	At      string // time of day of the daily one in China, "02:30"; "" for none
	Program string // version, for the manifest
}

// Service makes backups as jobs.
type Service struct {
	unit  *unit.Unit
	blobs *blob.Store
	opt   Options
}

// maxJob bounds one backup with its proof.
const maxJob = 6 * time.Hour

// crashed is how old a half backup must be to be thrown away: older than any job that still runs.
const crashed = 2 * maxJob

// NewService adds its job and, with Options.At, the daily one to the runner.
func NewService(u *unit.Unit, blobs *blob.Store, jobs *job.Runner, o Options) *Service {
	s := &Service{unit: u, blobs: blobs, opt: o}
	jobs.Handle(jobKind, maxJob, s.run)
	if o.At != "" {
		jobs.Daily("system.backup", o.At, job.Spec{Kind: jobKind, UniqueKey: jobKind, MaxAttempts: 3})
	}
	return s
}

// Create orders a backup and returns the id of its job. While one is waiting or being made, that
// one's id is returned.
func (s *Service) Create(ctx context.Context, by authz.Actor) (string, error) {
	if err := Policy.May(by, ActCreate, File{}); err != nil {
		return "", err
	}
	var jobID string
	err := s.unit.Write(ctx, by, "backup.Create", func(tx *unit.Tx) error {
		var err error
		jobID, _, err = job.Enqueue(ctx, tx, job.Spec{Kind: jobKind, UniqueKey: jobKind})
		tx.Audit(audit.Entry{Kind: Kind, Object: jobID, What: "order"})
		return err
	})
	return jobID, err
}

// List returns the backups there are, newest first.
func (s *Service) List(_ context.Context, by authz.Actor) ([]File, error) {
	if err := Policy.May(by, ActRead, File{}); err != nil {
		return nil, err
	}
	return List(s.opt.Dir)
}

// Made is what came of a backup.
type Made struct {
	File      string   `json:"file"`
	Rows      int64    `json:"rows"`
	Files     int64    `json:"files"`
	Missing   []string `json:"missing,omitempty"` // see Manifest
	AuditSeq  int64    `json:"auditSeq"`
	AuditHash string   `json:"auditHash"`
	Pruned    []string `json:"pruned,omitempty"`
}

func (s *Service) run(ctx context.Context, r *job.Run) error {
	made, err := s.Make(ctx, authz.Actor{Role: authz.SysAdmin, Via: authz.ViaJob},
		func(step string, done, total int64) { r.Progress(int(done), int(total), step) })
	if err != nil {
		return err
	}
	return r.Result(made)
}

// Make makes a backup now, records it in the audit trail, and removes the ones that are too many.
func (s *Service) Make(ctx context.Context, by authz.Actor, step Progress) (Made, error) {
	if err := Policy.May(by, ActCreate, File{}); err != nil {
		return Made{}, err
	}
	now := s.unit.Clock().Now()
	if err := Sweep(s.opt.Dir, now.Add(-crashed)); err != nil {
		return Made{}, fmt.Errorf("remove half backups: %w", err)
	}
	made := Made{File: Name(now)}
	m, err := Make(ctx, Source{DB: s.unit.DB(), Blobs: s.blobs, Clock: s.unit.Clock(),
		Program: s.opt.Program, Step: step}, filepath.Join(s.opt.Dir, made.File))
	if err != nil {
		return Made{}, err
	}
	made.Rows, made.Files, made.Missing = m.Rows, m.Blobs, m.Missing
	made.AuditSeq, made.AuditHash = m.AuditSeq, m.AuditHash
	var pruneErr error
	made.Pruned, pruneErr = Prune(s.opt.Dir, s.opt.Keep)
	return made, errors.Join(Taken(ctx, s.unit, by, made), pruneErr)
}

// Taken records in the trail that a backup was made: a copy of everything, wherever it was put.
func Taken(ctx context.Context, u *unit.Unit, by authz.Actor, made Made) error {
	if err := Policy.May(by, ActCreate, File{}); err != nil {
		return err
	}
	return u.Write(ctx, by, "backup.Make", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: Kind, Object: filepath.Base(made.File), What: "create", Detail: made.noted()})
		return nil
	})
}

// noted is what the audit trail keeps: thousands of names would not fit an entry.
func (m Made) noted() any {
	return map[string]any{"rows": m.Rows, "files": m.Files, "missing": len(m.Missing),
		"auditSeq": m.AuditSeq, "auditHash": m.AuditHash, "pruned": m.Pruned}
}

// Restored records in the trail of the restored database that, and from what, it was restored. The
// numbers after that entry may have been given before to entries that are now lost.
func Restored(ctx context.Context, u *unit.Unit, by authz.Actor, file string, m Manifest) error {
	if err := Policy.May(by, ActCreate, File{}); err != nil {
		return err
	}
	return u.Write(ctx, by, "backup.Restore", func(tx *unit.Tx) error {
		tx.Audit(audit.Entry{Kind: Kind, Object: filepath.Base(file), What: "restore",
			Detail: map[string]any{"rows": m.Rows, "files": m.Blobs, "atUs": m.AtUs,
				"dialect": m.Dialect, "auditSeq": m.AuditSeq, "auditHash": m.AuditHash}})
		return nil
	})
}
