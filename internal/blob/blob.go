package blob

import (
	"context"
	"fmt"
	"io"
	"path"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/authz"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/fault"
	"github.com/yuntu-city/yuntu/internal/i18n"
	"github.com/yuntu-city/yuntu/internal/id"
	"github.com/yuntu-city/yuntu/internal/unit"
)

// Options of a Store.
type Options struct {
	Dir        string  // where the files live; made when missing
	Scanner    Scanner // nil: no virus scanner
	TotalBytes int64   // all files together; 0 means no limit
	OwnerBytes int64   // files of one organisation or account; 0 means no limit
}

// Guard says whether the actor may read the object with this id: nil, or the fault to show. The
// package that owns a kind of object provides it.
type Guard func(ctx context.Context, by authz.Actor, objectID string) error

// Store takes, keeps and gives files. It is safe for concurrent use; several processes may share
// one directory and one database.
type Store struct {
	unit   *unit.Unit
	dir    *dir
	opt    Options
	guards map[string]Guard
}

// Open opens the directory, making it if needed, and removes what a crash left half written.
func Open(u *unit.Unit, o Options) (*Store, error) {
	d, err := openDir(o.Dir, u.Clock().Now().Add(-tempLife))
	if err != nil {
		return nil, err
	}
	return &Store{unit: u, dir: d, opt: o, guards: map[string]Guard{}}, nil
}

// Close gives the directory back.
func (s *Store) Close() error { return s.dir.root.Close() }

// Guard sets who answers for one kind of object. It is called while the program is put together;
// a second guard for a kind is a mistake in the program and panics.
func (s *Store) Guard(objectKind string, g Guard) {
	if _, twice := s.guards[objectKind]; twice {
		panic("blob: two guards for " + objectKind)
	}
	s.guards[objectKind] = g
}

// Usage returns what all files take.
func (s *Store) Usage(ctx context.Context) (Usage, error) {
	return db.Get(ctx, s.unit.DB(), qUsage, scanUsage)
}

// Owned returns what the files of one organisation or account take. A content that it has at two
// objects counts twice.
func (s *Store) Owned(ctx context.Context, owner string) (Usage, error) {
	return db.Get(ctx, s.unit.DB(), qOwned, scanUsage, owner)
}

// Attach makes a staged file part of an object, with an audit entry that names the hash. It counts
// against the quota of the actor's organisation, or of the account without one. The caller has
// checked that the actor may change the object. Calling it again in a retried transaction is safe.
func (s *Store) Attach(ctx context.Context, tx *unit.Tx, st *Staged, to Object) (Ref, error) {
	r := Ref{
		ID: id.New(), Hash: st.Hash, Type: st.Type, Size: st.Size, Kind: st.kind, Object: to,
		Name: st.Name, Owner: tx.By().Org, CreatedUs: tx.NowUs(), CreatedBy: tx.By().Account,
		Version: 1,
	}
	if r.Owner == "" {
		r.Owner = r.CreatedBy
	}
	if err := s.checkLimits(ctx, tx, st, r); err != nil {
		return Ref{}, err
	}
	_, err := db.Exec(ctx, tx.Tx, qTake, r.Hash, r.Size, string(r.Type), r.CreatedUs, r.CreatedBy)
	if err != nil {
		return Ref{}, err
	}
	// From here until the end of the transaction nobody can sweep the content. The file comes
	// before the commit, so a committed row has its file.
	if err := s.dir.publish(st.temp); err != nil {
		return Ref{}, err
	}
	err = db.ExecOne(ctx, tx.Tx, qAddRef, r.ID, r.Hash, r.Kind, to.Kind, to.ID, r.Name, r.Size,
		r.Owner, r.CreatedUs, r.CreatedBy)
	if err != nil {
		return Ref{}, err
	}
	tx.Audit(entry("attach", r))
	return r, nil
}

func (s *Store) checkLimits(ctx context.Context, tx *unit.Tx, st *Staged, r Ref) error {
	n, err := db.Get(ctx, tx.Tx, qRefCount, db.One[int64], r.Object.Kind, r.Object.ID)
	if err != nil {
		return err
	}
	if n >= MaxRefs {
		return at(st.field, fault.New(fault.Invalid, "最多 %d 个附件", MaxRefs))
	}
	if s.opt.OwnerBytes <= 0 {
		return nil
	}
	u, err := db.Get(ctx, tx.Tx, qOwned, scanUsage, r.Owner)
	if err == nil && u.Bytes+r.Size > s.opt.OwnerBytes {
		err = at(st.field, fault.New(fault.Invalid, "文件空间不足：已用 %s，最多 %s",
			i18n.Bytes(u.Bytes), i18n.Bytes(s.opt.OwnerBytes)))
	}
	return err
}

// Detach takes a file away from its object. The content stays until Sweep finds that nobody else
// refers to it. A reference that somebody changed or removed meanwhile is a Conflict.
func (s *Store) Detach(ctx context.Context, tx *unit.Tx, r Ref, reason string) error {
	if err := db.ExecOne(ctx, tx.Tx, qDropRef, r.ID, r.Version); err != nil {
		return err
	}
	e := entry("detach", r)
	e.Reason = reason
	tx.Audit(e)
	return nil
}

func entry(what string, r Ref) audit.Entry {
	return audit.Entry{Kind: r.Object.Kind, Object: r.Object.ID, What: what, Detail: map[string]any{
		"ref": r.ID, "hash": r.Hash, "size": r.Size, "type": r.Type, "name": r.Name, "kind": r.Kind,
	}}
}

// Read opens a file for a person. The guard of the object's kind decides; without a guard, or for
// an unknown id, it is NotFound. Reading ends with an error instead of io.EOF when the content is
// not what was stored: what was copied so far must then not be used.
func (s *Store) Read(
	ctx context.Context, by authz.Actor, refID string,
) (Ref, io.ReadCloser, error) {
	r, err := Find(ctx, s.unit.DB(), refID)
	if err != nil {
		return Ref{}, nil, err
	}
	guard, ok := s.guards[r.Object.Kind]
	if !ok {
		return Ref{}, nil, fault.New(fault.NotFound, "没有找到这条记录").Wrap(
			fmt.Errorf("no guard for %s", r.Object.Kind))
	}
	if err := guard(ctx, by, r.Object.ID); err != nil {
		return Ref{}, nil, err
	}
	content, err := s.OpenHash(r.Hash)
	return r, content, err
}

// OpenHash opens a content for the program itself: imports, backups. People's requests go through
// Read.
func (s *Store) OpenHash(hash string) (io.ReadCloser, error) {
	v, err := s.dir.open(hash)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Path returns the place of a content below Options.Dir, for backups.
func Path(hash string) (string, error) {
	p, err := hashPath(hash)
	return path.Clean(p), err
}
