package blob

import (
	"context"

	"github.com/yuntu-city/yuntu/internal/db"
)

// Object names what a file belongs to: the kind of object and its id.
type Object struct{ Kind, ID string }

// Ref is one file at one object.
type Ref struct {
	ID        string
	Hash      string // SHA-256 of the content, hex
	Type      Type
	Size      int64 // bytes
	Kind      string
	Object    Object
	Name      string // cleaned, with an extension that fits the type
	Owner     string // organisation or account
	CreatedUs int64
	CreatedBy string // account
	Version   int64
}

const refColumns = `r.id, r.hash, b.media_type, b.size, r.kind, r.object_kind, r.object_id, r.name,
	r.owner, r.created_us, r.created_by, r.version`

func scanRef(r db.Row) (Ref, error) {
	var x Ref
	err := r.Scan(&x.ID, &x.Hash, &x.Type, &x.Size, &x.Kind, &x.Object.Kind, &x.Object.ID, &x.Name,
		&x.Owner, &x.CreatedUs, &x.CreatedBy, &x.Version)
	return x, err
}

var (
	// Taking the row, new or old, locks the content until the transaction ends: Sweep cannot remove
	// the file meanwhile, and a row that was counted as unused has another version.
	qTake = db.Stmt(`INSERT INTO blob (hash, size, media_type, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (hash) DO UPDATE SET version = blob.version + 1,
			media_type = excluded.media_type`)
	qAddRef = db.Stmt(`INSERT INTO blob_ref (id, hash, kind, object_kind, object_id, name, size,
		owner, created_us, created_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`)
	qDropRef = db.Stmt(`DELETE FROM blob_ref WHERE id = $1 AND version = $2`)

	qRef = db.Stmt(`SELECT ` + refColumns + ` FROM blob_ref r JOIN blob b ON b.hash = r.hash
		WHERE r.id = $1`)
	qRefs = db.Stmt(`SELECT ` + refColumns + ` FROM blob_ref r JOIN blob b ON b.hash = r.hash
		WHERE r.object_kind = $1 AND r.object_id = $2 ORDER BY r.id LIMIT $3`)
	qRefCount = db.Stmt(`SELECT COUNT(*) FROM blob_ref WHERE object_kind = $1 AND object_id = $2`)

	qUsage = db.Stmt(`SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob`)
	qOwned = db.Stmt(`SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM blob_ref
		WHERE owner = $1`)

	qHas   = db.Stmt(`SELECT size FROM blob WHERE hash = $1`)
	qAfter = db.Stmt(`SELECT hash, size, version FROM blob WHERE hash > $1 ORDER BY hash LIMIT $2`)

	qUnused = db.Stmt(`SELECT hash, size, version FROM blob b
		WHERE hash > $1 AND created_us < $2
			AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.hash = b.hash)
		ORDER BY hash LIMIT $3`)
	qDropUnused = db.Stmt(`DELETE FROM blob WHERE hash = $1 AND version = $2`)
	// A place holder for a content that has no row: whoever wants to add it waits until ours is
	// rolled back.
	qHold = db.Stmt(`INSERT INTO blob (hash, size, media_type, created_us, created_by, version)
		VALUES ($1, 1, '', 0, '', 0) ON CONFLICT (hash) DO NOTHING`)
)

// Usage counts files and bytes.
type Usage struct{ Files, Bytes int64 }

func scanUsage(r db.Row) (Usage, error) {
	var u Usage
	err := r.Scan(&u.Files, &u.Bytes)
	return u, err
}

// row is a content as the database knows it.
type row struct {
	hash          string
	size, version int64
}

func scanRow(r db.Row) (row, error) {
	var x row
	err := r.Scan(&x.hash, &x.size, &x.version)
	return x, err
}

// MaxRefs is how many files one object may have.
const MaxRefs = 200

// Refs returns the files of an object, oldest first. The caller has checked that the actor may read
// the object.
func Refs(ctx context.Context, q db.Q, of Object) ([]Ref, error) {
	return db.All(ctx, q, qRefs, scanRef, of.Kind, of.ID, int64(MaxRefs))
}

// Find returns one reference, NotFound without one. It asks nobody: see Store.Read.
func Find(ctx context.Context, q db.Q, id string) (Ref, error) {
	return db.Get(ctx, q, qRef, scanRef, id)
}
