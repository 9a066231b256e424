package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
	"github.com/yuntu-city/yuntu/internal/id"
)

// maxRestore bounds the one transaction of a restore.
const maxRestore = 6 * time.Hour

// ErrNotEmpty is returned, and nothing is touched, when the target of a restore holds data.
var ErrNotEmpty = errors.New("the target already holds data: a restore never overwrites")

// Target is where a backup is restored to: an empty database and an empty folder for files.
type Target struct {
	DB      *db.DB
	BlobDir string   // as blob.Options.Dir
	Step    Progress // may be nil
}

// Restore reads a backup into an empty target. All of it is checked before it is stored: every
// table is read back and hashed, every file hashed, the audit chain recomputed. On an error the
// target holds nothing but its schema.
func Restore(ctx context.Context, file string, t Target) (Manifest, error) {
	fresh, err := t.prepare(ctx)
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	moved := false
	err = t.DB.Write(db.WithTimeout(ctx, maxRestore), func(tx *db.Tx) error {
		var err error
		staged := t.BlobDir + ".restoring-" + id.New()
		defer os.RemoveAll(staged)
		if err := fresh.only(ctx, tx); err != nil { // somebody wrote since prepare
			return err
		}
		if m, err = t.load(ctx, tx, file, staged); err != nil {
			return err
		}
		// The files come before the rows that name them are committed.
		if err := os.RemoveAll(t.BlobDir); err != nil { // it holds no file: see prepare
			return err
		}
		if err := os.Rename(staged, t.BlobDir); err != nil {
			return fmt.Errorf("put the files into their place: %w", err)
		}
		moved = true
		return syncDir(filepath.Dir(t.BlobDir))
	})
	if err != nil {
		err = fmt.Errorf("restore %s: %w", filepath.Base(file), err)
		if moved && !errors.Is(err, db.ErrUnsure) {
			err = errors.Join(err, os.RemoveAll(t.BlobDir))
		}
		return Manifest{}, err
	}
	return m, t.DB.Analyze(ctx)
}

// Verify restores a backup into a scratch SQLite database in a new folder below dir, with all the
// checks of Restore, and throws the scratch away.
func Verify(ctx context.Context, file, dir string, step Progress) (Manifest, error) {
	scratch, err := os.MkdirTemp(dir, scratchPrefix+"*")
	if err != nil {
		return Manifest{}, fmt.Errorf("make scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(scratch, "scratch.db")})
	if err != nil {
		return Manifest{}, err
	}
	m, err := Restore(ctx, file, Target{DB: d, BlobDir: filepath.Join(scratch, "files"), Step: step})
	return m, errors.Join(err, d.Close())
}

// counts is how many rows the tables of a fresh schema hold: migrations put first rows into some.
type counts map[string]int64

// prepare makes the schema and refuses a target with data.
func (t Target) prepare(ctx context.Context) (counts, error) {
	if err := noFiles(t.BlobDir); err != nil {
		return nil, err
	}
	old, err := db.Tables(ctx, t.DB)
	if err != nil {
		return nil, err
	}
	if len(old) == 0 {
		if _, err := t.DB.Migrate(ctx); err != nil {
			return nil, err
		}
		return countAll(ctx, t.DB)
	}
	fresh, err := freshCounts(ctx)
	if err != nil {
		return nil, err
	}
	if err := fresh.only(ctx, t.DB); err != nil {
		return nil, err
	}
	_, err = t.DB.Migrate(ctx)
	return fresh, err
}

// freshCounts makes a database to see what a fresh one holds.
func freshCounts(ctx context.Context) (counts, error) {
	dir, err := os.MkdirTemp("", "yuntu-fresh-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(dir, "fresh.db")})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	return countAll(ctx, d)
}

func countAll(ctx context.Context, q db.Q) (counts, error) {
	tables, err := db.Tables(ctx, q)
	out := counts{}
	for _, t := range tables {
		if out[t.Name], err = db.CountRows(ctx, q, t); err != nil {
			return nil, err
		}
	}
	return out, err
}

// only refuses a database that holds more than a fresh one, or whose audit trail has begun.
func (fresh counts) only(ctx context.Context, q db.Q) error {
	have, err := countAll(ctx, q)
	if err != nil {
		return err
	}
	for name, n := range have {
		if n > fresh[name] {
			return fmt.Errorf("%w (table %s)", ErrNotEmpty, name)
		}
	}
	head, err := audit.Head(ctx, q)
	if err == nil && head.Seq > 0 {
		err = fmt.Errorf("%w (audit trail)", ErrNotEmpty)
	}
	return err
}

// noFiles refuses a folder with a file anywhere in it. Empty folders are left by a store that was
// opened and never used.
func noFiles(dir string) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			err = fmt.Errorf("%w (%s)", ErrNotEmpty, dir)
		}
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// load reads the file into the transaction and a new folder, and checks both.
func (t Target) load(
	ctx context.Context, tx *db.Tx, file, staged string,
) (Manifest, error) {
	f, err := os.Open(file)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Manifest{}, err
	}
	r := &reader{}
	if r.loader, err = blob.NewLoader(staged); err != nil {
		return Manifest{}, err
	}
	defer r.loader.Close()
	if r.tables, err = db.Tables(ctx, tx); err != nil {
		return Manifest{}, err
	}
	for _, table := range slices.Backward(r.tables) {
		if err := db.EmptyTable(ctx, tx, table); err != nil {
			return Manifest{}, err
		}
	}
	in := &counted{r: f, step: t.Step, total: info.Size()}
	if err := r.read(ctx, tx, in, info.Size()); err != nil {
		return Manifest{}, err
	}
	return *r.manifest, r.check(ctx, tx, t.Step)
}

// counted reports how much of a file was read.
type counted struct {
	r           io.Reader
	step        Progress
	done, total int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.done += int64(n)
	c.step.at(StepRead, c.done, c.total)
	return n, err
}

// check reads everything back and holds it against the manifest.
func (r *reader) check(ctx context.Context, tx *db.Tx, step Progress) error {
	m := r.manifest
	done := int64(0)
	for i, t := range r.tables {
		info, err := describe(ctx, tx, t, func(rows int64) error {
			step.at(StepCheck, done+rows, m.Rows)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
		want := m.Tables[i]
		if info.Rows != want.Rows || info.SHA256 != want.SHA256 {
			return fmt.Errorf("table %s: %d rows were read back instead of %d, or with other content",
				t.Name, info.Rows, want.Rows)
		}
		done += info.Rows
	}
	step.at(StepCheck, done, m.Rows)
	if err := r.checkFiles(ctx, tx); err != nil {
		return err
	}
	proof, err := audit.VerifyDB(ctx, tx)
	if err != nil {
		return err
	}
	if proof.Last != m.AuditSeq || proof.Hash != m.AuditHash {
		return fmt.Errorf("the audit chain ends at entry %d, not %d", proof.Last, m.AuditSeq)
	}
	return nil
}

// checkFiles holds the files against the rows that name them.
func (r *reader) checkFiles(ctx context.Context, tx *db.Tx) error {
	m := r.manifest
	named, err := blob.Hashes(ctx, tx)
	if err != nil {
		return err
	}
	have := append(slices.Clone(r.hashes), m.Missing...)
	slices.Sort(have)
	if !slices.Equal(have, named) {
		return fmt.Errorf("%d files and %d known to be missing are not the %d that the rows name",
			len(r.hashes), len(m.Missing), len(named))
	}
	n, err := r.loader.Check(ctx)
	if err != nil {
		return err
	}
	if n != m.Blobs || r.bytes != m.BlobBytes {
		return fmt.Errorf("%d files of %d, %d bytes of %d", n, m.Blobs, r.bytes, m.BlobBytes)
	}
	return nil
}
