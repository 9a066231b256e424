package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// partBytes is how many bytes of rows stand in one entry of the archive, a row more or less.
const partBytes = 4 << 20

// Source is what is backed up.
type Source struct {
	DB      *db.DB
	Blobs   *blob.Store
	Clock   clock.Clock
	Program string   // version, for the manifest
	Step    Progress // may be nil
}

// Prefixes of files that are not finished. A crash leaves them behind; Sweep removes them.
const (
	partPrefix    = ".part-"
	scratchPrefix = ".scratch-"
)

// Make writes a backup as a new file at path, which must not exist, and proves it: see Verify. The
// file gets its name only when it is complete, stored durably and proved. One that cannot be proved
// is kept as path + ".bad", for somebody to look at.
func Make(ctx context.Context, s Source, path string) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s: %w: backups are never overwritten", path, os.ErrExist)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Manifest{}, fmt.Errorf("make backup folder: %w", err)
	}
	part, err := os.CreateTemp(dir, partPrefix+"*") // readable by its owner only
	if err != nil {
		return Manifest{}, fmt.Errorf("make backup file: %w", err)
	}
	defer os.Remove(part.Name())
	m, err := s.writeTo(ctx, part)
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return Manifest{}, fmt.Errorf("write backup: %w", err)
	}
	proved, err := Verify(ctx, part.Name(), dir, s.Step)
	if err != nil && ctx.Err() != nil {
		return Manifest{}, err // nothing is wrong with it: somebody stopped us
	}
	if err != nil {
		bad := path + badExtension
		return m, errors.Join(fmt.Errorf("backup cannot be restored, see %s: %w", bad, err),
			os.Link(part.Name(), bad))
	}
	// Link instead of rename: it fails when somebody made a file of that name meanwhile.
	if err := os.Link(part.Name(), path); err != nil {
		return Manifest{}, fmt.Errorf("name backup file: %w", err)
	}
	return proved, syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s Source) writeTo(ctx context.Context, w io.Writer) (Manifest, error) {
	if missing, err := s.DB.Pending(ctx); err != nil || len(missing) > 0 {
		return Manifest{}, errors.Join(err, ErrNotMigrated)
	}
	z, err := zstd.NewWriter(w)
	if err != nil {
		return Manifest{}, err
	}
	a := &archive{tar: tar.NewWriter(z), at: s.Clock.Now()}
	m := Manifest{
		Format: format, Program: s.Program, Dialect: s.DB.Dialect().String(), AtUs: clock.Us(a.at),
	}
	if m.Migrations, err = migrationMarks(s.DB.Dialect()); err != nil {
		return m, err
	}
	var hashes []string
	err = s.DB.Snapshot(ctx, func(q db.Q) error {
		head, err := audit.Head(ctx, q)
		if err != nil {
			return fmt.Errorf("read audit head: %w", err)
		}
		m.AuditSeq, m.AuditHash = head.Seq, head.Hash
		if err := s.tables(ctx, q, a, &m); err != nil {
			return err
		}
		hashes, err = blob.Hashes(ctx, q)
		return err
	})
	if err != nil {
		return m, err
	}
	if err := s.blobs(ctx, a, hashes, &m); err != nil {
		return m, err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	if err := a.add(manifestName, append(text, '\n')); err != nil {
		return m, err
	}
	return m, errors.Join(a.tar.Close(), z.Close())
}

// ErrNotMigrated is returned for a database that lacks steps of the schema: this program could not
// restore its backup.
var ErrNotMigrated = errors.New("the database is not up to date: back it up with the program that " +
	"wrote it, or migrate it first")

// archive adds entries to the tar file.
type archive struct {
	tar *tar.Writer
	at  time.Time
}

func (a *archive) add(name string, content []byte) error {
	h := &tar.Header{
		Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: a.at, Format: tar.FormatPAX,
		Typeflag: tar.TypeReg,
	}
	if err := a.tar.WriteHeader(h); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := a.tar.Write(content); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (s Source) tables(ctx context.Context, q db.Q, a *archive, m *Manifest) error {
	list, err := db.Tables(ctx, q)
	if err != nil {
		return err
	}
	total := int64(0)
	for _, t := range list {
		n, err := db.CountRows(ctx, q, t)
		if err != nil {
			return fmt.Errorf("count %s: %w", t.Name, err)
		}
		total += n
	}
	for _, t := range list {
		info, err := s.table(ctx, q, a, t, func(rows int64) {
			s.Step.at(StepRows, m.Rows+rows, total)
		})
		if err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		m.Tables = append(m.Tables, info)
		m.Rows += info.Rows
	}
	return nil
}

// table writes the rows of a table as entries of bounded size.
func (s Source) table(
	ctx context.Context, q db.Q, a *archive, t db.Table, tick func(rows int64),
) (TableInfo, error) {
	l := newLines()
	part := 0
	flush := func() error {
		if l.buf.Len() == 0 {
			return nil
		}
		part++
		return a.add(partName(t.Name, part), l.take())
	}
	err := db.DumpTable(ctx, q, t, func(row []any) error {
		if err := l.add(row); err != nil {
			return err
		}
		if l.rows%ticks == 0 {
			tick(l.rows)
		}
		if l.buf.Len() < partBytes {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	tick(l.rows)
	return l.info(t), err
}

func partName(table string, part int) string {
	return fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, table, part)
}

// blobs writes the files. They are never changed and removed only long after their last reference,
// so those of the snapshot are still there.
func (s Source) blobs(ctx context.Context, a *archive, hashes []string, m *Manifest) error {
	for i, h := range hashes {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.Step.at(StepFiles, int64(i+1), int64(len(hashes)))
		content, err := s.blob(h)
		if err != nil {
			m.Missing = append(m.Missing, h)
			continue
		}
		if err := a.add(blobsDir+h, content); err != nil {
			return err
		}
		m.Blobs++
		m.BlobBytes += int64(len(content))
	}
	return nil
}

// blob reads one file into memory, which its size limit bounds, because the archive needs the size
// first. Reading fails when the content does not match the hash.
func (s Source) blob(h string) ([]byte, error) {
	r, err := s.Blobs.OpenHash(h)
	if err != nil {
		return nil, err
	}
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(r, maxBlob+1))
	if err = errors.Join(err, r.Close()); err == nil && n > maxBlob {
		err = fmt.Errorf("file %s is too large for a backup", h)
	}
	return content.Bytes(), err
}
