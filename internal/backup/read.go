package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/yuntu-city/yuntu/internal/blob"
	"github.com/yuntu-city/yuntu/internal/db"
)

// Limits of what is read: a backup is input like any other.
const (
	maxPart     = 64 << 20  // bytes of rows in one entry: partBytes and the longest row
	maxBlob     = 256 << 20 // bytes of one uploaded file
	maxManifest = 16 << 20  // bytes
	maxWindow   = 64 << 20  // bytes the decoder may look back
	maxTables   = 2000      // tables of a manifest
	// Rows carry ids and hashes, so they never shrink by more than this.
	maxRatio  = 300
	ratioBase = 64 << 20 // bytes that any file may grow to
)

// Why a file is not read.
var (
	errNoManifest = errors.New("the file has no manifest: it was cut short")
	errBehind     = errors.New("the file goes on behind its manifest")
	errOrder      = errors.New("the entry is not where it belongs")
	errBomb       = errors.New("the file unpacks to far more than a backup can")
	errEntry      = errors.New("is no entry of a backup")
)

// reader takes the entries of an archive one after the other. They must come in the order in which
// they are written: tables in the order of foreign keys, files by hash, the manifest.
type reader struct {
	tables []db.Table
	loader *blob.Loader

	at       int // table whose rows are read
	part     int // of that table, 0 before its first
	hashes   []string
	bytes    int64 // of the files
	manifest *Manifest
}

// read loads everything into an open transaction and the folder of files.
func (r *reader) read(ctx context.Context, tx *db.Tx, file io.Reader, size int64) error {
	z, err := zstd.NewReader(file, zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return err
	}
	defer z.Close()
	plain := &bounded{r: z, left: ratioBase + maxRatio*size}
	tr := tar.NewReader(plain)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		if err := r.entry(ctx, tx, h, tr); err != nil {
			return fmt.Errorf("entry %.100q: %w", h.Name, err)
		}
	}
	if r.manifest == nil {
		return errNoManifest
	}
	if n, err := io.Copy(io.Discard, plain); err != nil || n > 0 {
		return errors.Join(err, errBehind)
	}
	return nil
}

// bounded fails instead of giving more bytes than expected.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errBomb
	}
	return n, err
}

func (r *reader) entry(ctx context.Context, tx *db.Tx, h *tar.Header, content io.Reader) error {
	if r.manifest != nil {
		return errBehind
	}
	if h.Typeflag != tar.TypeReg {
		return errEntry
	}
	switch {
	case h.Name == manifestName:
		return r.readManifest(tx.Dialect(), h.Size, content)
	case strings.HasPrefix(h.Name, tablesDir):
		return r.rows(ctx, tx, h, content)
	case strings.HasPrefix(h.Name, blobsDir):
		hash := strings.TrimPrefix(h.Name, blobsDir)
		if n := len(r.hashes); n > 0 && hash <= r.hashes[n-1] {
			return errOrder
		}
		n, err := r.loader.Put(ctx, hash, content, maxBlob)
		r.hashes = append(r.hashes, hash)
		r.bytes += n
		return err
	default:
		return errEntry
	}
}

// next moves on to the part that the entry's name says, if it is the next one.
func (r *reader) next(name string) (db.Table, error) {
	if len(r.hashes) > 0 {
		return db.Table{}, errOrder
	}
	for at := r.at; at < len(r.tables); at++ {
		part := 1
		if at == r.at {
			part = r.part + 1
		}
		if name == partName(r.tables[at].Name, part) {
			r.at, r.part = at, part
			return r.tables[at], nil
		}
	}
	return db.Table{}, errOrder
}

// rows inserts the rows of one entry.
func (r *reader) rows(ctx context.Context, tx *db.Tx, h *tar.Header, content io.Reader) error {
	t, err := r.next(h.Name)
	if err != nil {
		return err
	}
	text, err := readAll(content, h.Size, maxPart)
	if err != nil {
		return err
	}
	var rows [][]any
	scan := bufio.NewScanner(bytes.NewReader(text))
	scan.Buffer(nil, len(text)+1)
	for scan.Scan() {
		row, err := parseRow(scan.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	if err := scan.Err(); err != nil {
		return err
	}
	return db.LoadTable(ctx, tx, t, rows)
}

func readAll(r io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, fmt.Errorf("%d bytes are over the limit of %d", size, limit)
	}
	return io.ReadAll(io.LimitReader(r, limit))
}

// parseRow reads a JSON array of strings, whole numbers, booleans and nulls.
func parseRow(line []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	for i, v := range row {
		switch x := v.(type) {
		case json.Number:
			n, err := strconv.ParseInt(x.String(), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("value %d is no whole number", i+1)
			}
			row[i] = n
		case string, bool, nil:
		default:
			return nil, fmt.Errorf("value %d is neither text nor number", i+1)
		}
	}
	return row, nil
}

// readManifest reads the manifest and holds it against the schema of the target.
func (r *reader) readManifest(d db.Dialect, size int64, content io.Reader) error {
	text, err := readAll(content, size, maxManifest)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var m Manifest
	if err := dec.Decode(&m); err != nil {
		return err
	}
	if m.Format != format || len(m.Tables) > maxTables {
		return fmt.Errorf("format %.40q is not known", m.Format)
	}
	have, err := migrationMarks(d)
	if err != nil {
		return err
	}
	if !slices.Equal(have, m.Migrations) {
		return fmt.Errorf("the backup is of schema %s, this program makes %s: restore it with the "+
			"program that wrote it (%.80s), then upgrade", last(m.Migrations), last(have), m.Program)
	}
	same := slices.EqualFunc(r.tables, m.Tables, func(t db.Table, i TableInfo) bool {
		return t.Name == i.Name && slices.EqualFunc(t.Columns, i.Columns, db.Column.Same)
	})
	if !same {
		return errors.New("the tables are not those of this program")
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
