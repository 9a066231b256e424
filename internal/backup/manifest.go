package backup

import (
	"fmt"

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
// of it known; an archive without one was cut short.
type Manifest struct {
	Format     string           `json:"format"`
	Program    string           `json:"program"` // version of the program that wrote it
	Dialect    string           `json:"dialect"` // database it came from
	AtUs       int64            `json:"atUs"`
	Migrations []string         `json:"migrations"` // "0001 checksum", in order
	Tables     []TableInfo      `json:"tables"`
	Blobs      int64            `json:"blobs"`
	BlobBytes  int64            `json:"blobBytes"`
	AuditSeq   int64            `json:"auditSeq"`
	AuditHash  string           `json:"auditHash"`
}

// TableInfo describes the rows of a table.
type TableInfo struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"` // over the JSON lines of all its parts
}

// migrationMarks lists the steps of the schema with their checksums. The two databases have their
// own text for a few steps, so a mark names the step and compares across products by number only.
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
