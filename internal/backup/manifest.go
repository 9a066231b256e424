package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"

	"github.com/yuntu-city/yuntu/internal/db"
)

const (
	format       = "yuntu-backup-1"
	manifestName = "manifest.json"
	tablesDir    = "tables/"
	blobsDir     = "blobs/"
	// Extension of a backup file.
	Extension = ".tar.zst"
)

// Manifest says what a backup holds. It is the last entry of the archive, because only then is all
// of it known.
type Manifest struct {
	Format     string      `json:"format"`
	Program    string      `json:"program"` // version of the program that wrote it
	Dialect    string      `json:"dialect"` // database it came from
	AtUs       int64       `json:"atUs"`
	Migrations []string    `json:"migrations"` // "0001_kernel", in order
	Tables     []TableInfo `json:"tables"`     // in the order of the archive
	Rows       int64       `json:"rows"`
	Blobs      int64       `json:"blobs"`
	BlobBytes  int64       `json:"blobBytes"`
	// Missing are files that the rows name and that were lost or damaged before the backup. The
	// backup is good without them, but somebody has to know.
	Missing   []string `json:"missing,omitempty"`
	AuditSeq  int64    `json:"auditSeq"`
	AuditHash string   `json:"auditHash"`
}

// TableInfo describes the rows of a table.
type TableInfo struct {
	Name    string      `json:"name"`
	Columns []db.Column `json:"columns"`
	Rows    int64       `json:"rows"`
	SHA256  string      `json:"sha256"` // over its JSON lines in the order of the primary key
}

// Progress is told how far a step is. step is a key of package i18n; total is never 0.
type Progress func(step string, done, total int64)

// The steps. Rows are counted in rows, files in files, reading back in bytes of the backup file.
const (
	StepRows  = "备份数据"
	StepFiles = "备份文件"
	StepRead  = "读取备份"
	StepCheck = "核对数据"
)

func (p Progress) at(step string, done, total int64) {
	if p != nil && total > 0 {
		p(step, done, total)
	}
}

// migrationMarks lists the steps of the schema that this program makes. The two databases have
// their own text for a few steps, so a mark names the step and leaves out its checksum.
func migrationMarks(d db.Dialect) ([]string, error) {
	steps, err := db.Migrations(d)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = fmt.Sprintf("%04d_%s", s.Number, s.Name)
	}
	return out, nil
}

// lines turns rows into JSON lines and hashes them.
type lines struct {
	buf  bytes.Buffer
	enc  *json.Encoder
	sum  hash.Hash
	rows int64
}

func newLines() *lines {
	l := &lines{sum: sha256.New()}
	l.enc = json.NewEncoder(&l.buf)
	l.enc.SetEscapeHTML(false)
	return l
}

// add writes one row to the buffer.
func (l *lines) add(row []any) error {
	l.rows++
	return l.enc.Encode(row)
}

// take returns what is in the buffer, until the next add.
func (l *lines) take() []byte {
	b := l.buf.Bytes()
	l.sum.Write(b)
	l.buf.Reset()
	return b
}

func (l *lines) info(t db.Table) TableInfo {
	return TableInfo{t.Name, t.Columns, l.rows, hex.EncodeToString(l.sum.Sum(nil))}
}

// ticks is how many rows pass between two reports of progress and two looks at the context.
const ticks = 1000

// describe reads a table back and says what is in it, in the form of the manifest.
func describe(
	ctx context.Context, q db.Q, t db.Table, tick func(rows int64) error,
) (TableInfo, error) {
	l := newLines()
	err := db.DumpTable(ctx, q, t, func(row []any) error {
		if err := l.add(row); err != nil {
			return err
		}
		if l.rows%ticks != 0 {
			return nil
		}
		l.take()
		return tick(l.rows)
	})
	l.take()
	return l.info(t), err
}
