package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// partBytes is how many bytes of rows stand in one entry of the archive.
const partBytes = 4 << 20

// Source is what is backed up.
type Source struct {
	DB      *db.DB
	Blobs   *blob.Store
	Clock   clock.Clock
	Program string
	// Progress is told how many rows of all are done; it may be nil.
	Progress func(done, total int)
}

// Write writes a backup as a new file at path, which must not exist. The file has its name only
// once it is complete and stored durably.
func Write(ctx context.Context, s Source, path string) (Manifest, error) {
	if _, err := os.Stat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s exists: backups are never overwritten", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Manifest{}, fmt.Errorf("make backup folder: %w", err)
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return Manifest{}, fmt.Errorf("make backup file: %w", err)
	}
	defer os.Remove(part.Name()) // does nothing once it was renamed
	m, err := s.writeTo(ctx, part)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return Manifest{}, err
	}
	// Link instead of rename: it fails when somebody made a file of that name meanwhile.
	if err := os.Link(part.Name(), path); err != nil {
		return Manifest{}, fmt.Errorf("name backup file: %w", err)
	}
	return m, syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (s Source) writeTo(ctx context.Context, w io.Writer) (Manifest, error) {
	z, err := zstd.NewWriter(w)
	if err != nil {
		return Manifest{}, err
	}
	a := &archive{tar: tar.NewWriter(z), at: s.Clock.Now()}
	m := Manifest{
		Format: format, Program: s.Program, Dialect: s.DB.Dialect().String(),
		AtUs: clock.Us(a.at),
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
		if m.Tables, err = s.tables(ctx, q, a); err != nil {
			return err
		}
		hashes, err = blob.Hashes(ctx, q)
		return err
	})
	if err != nil {
		return m, err
	}
	// Files are never changed, and removed only long after their last reference: those of the
	// snapshot are still there.
	if err := s.blobs(ctx, a, hashes, &m); err != nil {
		return m, err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	if err := a.add(manifestName, text); err != nil {
		return m, err
	}
	return m, errors.Join(a.tar.Close(), z.Close())
}

// archive adds entries to the tar file.
type archive struct {
	tar *tar.Writer
	at  time.Time
}

func (a *archive) add(name string, content []byte) error {
	return a.stream(name, int64(len(content)), bytes.NewReader(content))
}

func (a *archive) stream(name string, size int64, r io.Reader) error {
	h := &tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: a.at, Format: tar.FormatPAX}
	if err := a.tar.WriteHeader(h); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if _, err := io.Copy(a.tar, r); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (s Source) tables(ctx context.Context, q db.Q, a *archive) ([]TableInfo, error) {
	list, err := db.Tables(ctx, q)
	if err != nil {
		return nil, err
	}
	total := int64(0)
	for _, t := range list {
		n, err := db.CountRows(ctx, q, t)
		if err != nil {
			return nil, fmt.Errorf("count %s: %w", t.Name, err)
		}
		total += n
	}
	done := int64(0)
	var out []TableInfo
	for _, t := range list {
		p := &parts{archive: a, table: t.Name, sum: sha256.New()}
		err := db.DumpTable(ctx, q, t, func(row []any) error {
			if done++; done%1000 == 0 {
				s.progress(done, total)
			}
			return p.row(row)
		})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.Name, err)
		}
		info, err := p.end(t)
		if err != nil {
			return nil, err
		}
		out = append(out, info)
	}
	s.progress(total, total)
	return out, nil
}

func (s Source) progress(done, total int64) {
	if s.Progress != nil {
		s.Progress(int(done), int(total))
	}
}

// parts collects the rows of a table into entries of bounded size.
type parts struct {
	archive *archive
	table   string
	buf     bytes.Buffer
	sum     hash.Hash
	n       int
	rows    int64
}

func (p *parts) row(row []any) error {
	enc := json.NewEncoder(&p.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(row); err != nil {
		return err
	}
	p.rows++
	if p.buf.Len() < partBytes {
		return nil
	}
	return p.flush()
}

func (p *parts) flush() error {
	if p.buf.Len() == 0 {
		return nil
	}
	p.n++
	p.sum.Write(p.buf.Bytes())
	name := fmt.Sprintf("%s%s/%06d.jsonl", tablesDir, p.table, p.n)
	err := p.archive.add(name, p.buf.Bytes())
	p.buf.Reset()
	return err
}

func (p *parts) end(t db.Table) (TableInfo, error) {
	err := p.flush()
	return TableInfo{t.Name, t.Columns, p.rows, hex.EncodeToString(p.sum.Sum(nil))}, err
}

func (s Source) blobs(ctx context.Context, a *archive, hashes []string, m *Manifest) error {
	for _, h := range hashes {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := s.blob(a, h)
		if err != nil {
			return fmt.Errorf("file %s: %w", h, err)
		}
		m.Blobs++
		m.BlobBytes += n
	}
	return nil
}

// blob copies one file into the archive. It is read into memory, which its size limit bounds,
// because the entry needs the size first.
func (s Source) blob(a *archive, h string) (int64, error) {
	r, err := s.Blobs.OpenHash(h)
	if err != nil {
		return 0, err
	}
	content, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return 0, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != strings.ToLower(h) {
		return 0, errors.New("content does not match its hash")
	}
	return int64(len(content)), a.add(blobsDir+h, content)
}
