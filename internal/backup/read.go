package backup

import (
	"archive/tar"
	"bufio"
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
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/yuntu-city/yuntu/internal/audit"
	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Limits of what is read: a backup is input like any other.
const (
	maxEntry  = 256 << 20 // bytes of one entry
	maxMemory = 512 << 20 // of the decoder's window
)

// ErrNotEmpty is returned, and nothing is touched, when the target of a restore holds data.
var ErrNotEmpty = errors.New("the target already holds data; restore only into an empty one")

// Target is where a backup is restored to: an empty database and an empty folder for files.
type Target struct {
	DB       *db.DB
	BlobDir  string
	Progress func(done, total int) // rows; total is unknown (0) until the end
}

// Restore reads a backup into an empty target, then counts, hashes and verifies what is there. On
// an error the target may hold a part and must be thrown away.
func Restore(ctx context.Context, file string, t Target) (Manifest, error) {
	if err := t.prepare(ctx); err != nil {
		return Manifest{}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	r := &reader{target: t, sums: map[string]hash.Hash{}, rows: map[string]int64{}}
	m, err := r.read(ctx, f)
	if err != nil {
		return m, fmt.Errorf("restore %s: %w", path.Base(file), err)
	}
	if err := r.check(ctx, m); err != nil {
		return m, fmt.Errorf("restored, but not whole: %w", err)
	}
	return m, nil
}

// prepare makes the schema and refuses a target with data.
func (t Target) prepare(ctx context.Context) error {
	if entries, err := os.ReadDir(t.BlobDir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%w: %s", ErrNotEmpty, t.BlobDir)
	}
	old, err := db.Tables(ctx, t.DB)
	if err != nil {
		return err
	}
	for _, table := range old {
		n, err := db.CountRows(ctx, t.DB, table)
		if err != nil {
			return err
		}
		if n > 0 && table.Name != "audit_head" {
			return fmt.Errorf("%w: table %s", ErrNotEmpty, table.Name)
		}
	}
	_, err = t.DB.Migrate(ctx)
	return err
}

type reader struct {
	target   Target
	tables   map[string]db.Table
	sums     map[string]hash.Hash
	rows     map[string]int64
	blobs    int64
	manifest *Manifest
	// Columns stand in the manifest, which is the last entry; rows are held to the columns of the
	// database, whose order a migration never changes.
}

func (r *reader) read(ctx context.Context, f io.Reader) (Manifest, error) {
	z, err := zstd.NewReader(f, zstd.WithDecoderMaxMemory(maxMemory))
	if err != nil {
		return Manifest{}, err
	}
	defer z.Close()
	list, err := db.Tables(ctx, r.target.DB)
	if err != nil {
		return Manifest{}, err
	}
	r.tables = map[string]db.Table{}
	for _, t := range list {
		r.tables[t.Name] = t
	}
	err = r.target.DB.Write(db.WithTimeout(ctx, maxRestore), func(tx *db.Tx) error {
		for _, t := range list {
			if err := db.EmptyTable(ctx, tx, t); err != nil {
				return err
			}
		}
		return r.entries(ctx, tx, tar.NewReader(z))
	})
	if err != nil {
		return Manifest{}, err
	}
	if r.manifest == nil {
		return Manifest{}, errors.New("the file has no manifest: it was cut short")
	}
	return *r.manifest, nil
}

func (r *reader) entries(ctx context.Context, tx *db.Tx, tr *tar.Reader) error {
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		if h.Typeflag != tar.TypeReg || h.Size > maxEntry {
			return fmt.Errorf("entry %q is no file of a backup", h.Name)
		}
		if err := r.entry(ctx, tx, h.Name, io.LimitReader(tr, maxEntry)); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
}

func (r *reader) entry(ctx context.Context, tx *db.Tx, name string, content io.Reader) error {
	switch {
	case name == manifestName:
		return r.readManifest(content)
	case strings.HasPrefix(name, tablesDir):
		table, _, _ := strings.Cut(strings.TrimPrefix(name, tablesDir), "/")
		return r.part(ctx, tx, table, content)
	case strings.HasPrefix(name, blobsDir):
		r.blobs++
		return blob.Put(r.target.BlobDir, strings.TrimPrefix(name, blobsDir), content)
	default:
		return errors.New("is no entry of a backup")
	}
}

func (r *reader) readManifest(content io.Reader) error {
	var m Manifest
	if err := json.NewDecoder(content).Decode(&m); err != nil {
		return err
	}
	if m.Format != format {
		return fmt.Errorf("format %q is not known", m.Format)
	}
	have, err := migrationMarks(r.target.DB.Dialect())
	if err != nil {
		return err
	}
	if !slices.Equal(have, m.Migrations) {
		return fmt.Errorf("the backup is of schema %s, this program makes %s: "+
			"restore with the program that wrote it (%s), then upgrade",
			last(m.Migrations), last(have), m.Program)
	}
	for _, t := range m.Tables {
		if !slices.Equal(t.Columns, r.tables[t.Name].Columns) {
			return fmt.Errorf("columns of table %s differ", t.Name)
		}
	}
	r.manifest = &m
	return nil
}

func last(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return list[len(list)-1]
}

// part inserts the rows of one entry.
func (r *reader) part(ctx context.Context, tx *db.Tx, name string, content io.Reader) error {
	t, ok := r.tables[name]
	if !ok {
		return errors.New("there is no such table")
	}
	if r.sums[name] == nil {
		r.sums[name] = sha256.New()
	}
	text, err := io.ReadAll(io.TeeReader(content, r.sums[name]))
	if err != nil {
		return err
	}
	var rows [][]any
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		row, err := parseRow(lines.Bytes(), len(t.Columns))
		if err != nil {
			return fmt.Errorf("row %d: %w", r.rows[name]+int64(len(rows))+1, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	r.rows[name] += int64(len(rows))
	if r.target.Progress != nil {
		total := int64(0)
		for _, n := range r.rows {
			total += n
		}
		r.target.Progress(int(total), 0)
	}
	return db.LoadTable(ctx, tx, t, rows)
}

// parseRow reads a JSON array of strings, whole numbers, booleans and nulls.
func parseRow(line []byte, width int) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	if len(row) != width {
		return nil, fmt.Errorf("has %d values, not %d", len(row), width)
	}
	for i, v := range row {
		switch x := v.(type) {
		case json.Number:
			n, err := strconv.ParseInt(x.String(), 10, 64)
			if err != nil {
				return nil, err
			}
			row[i] = n
		case string, bool, nil:
		default:
			return nil, fmt.Errorf("value %d is neither text nor number", i+1)
		}
	}
	return row, nil
}

// check counts and hashes what was restored and recomputes the audit chain.
func (r *reader) check(ctx context.Context, m Manifest) error {
	for _, t := range m.Tables {
		n, err := db.CountRows(ctx, r.target.DB, r.tables[t.Name])
		if err != nil {
			return err
		}
		sum := sha256.New()
		if r.sums[t.Name] != nil {
			sum = r.sums[t.Name]
		}
		if n != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
			return fmt.Errorf("table %s has %d rows of %d, or other content", t.Name, n, t.Rows)
		}
	}
	if r.blobs != m.Blobs {
		return fmt.Errorf("%d files of %d", r.blobs, m.Blobs)
	}
	proof, err := audit.VerifyDB(ctx, r.target.DB)
	if err != nil {
		return err
	}
	if proof.Last != m.AuditSeq || proof.Hash != m.AuditHash {
		return fmt.Errorf("the audit chain ends at entry %d, not %d", proof.Last, m.AuditSeq)
	}
	return nil
}
