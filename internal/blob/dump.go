package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/yuntu-city/yuntu/internal/db"
)

var qHashes = db.Stmt(`SELECT hash FROM blob ORDER BY hash`)

// Hashes returns the hash of every content the database knows, in order, for backups.
func Hashes(ctx context.Context, q db.Q) ([]string, error) {
	return db.All(ctx, q, qHashes, db.One[string])
}

// Loader puts contents of a backup into a folder that no store uses yet.
type Loader struct{ dir *dir }

// NewLoader makes the folder, laid out as Open expects it.
func NewLoader(at string) (*Loader, error) {
	d, err := openDir(at, time.Time{})
	if err != nil {
		return nil, err
	}
	return &Loader{d}, nil
}

// Put stores a content of at most limit bytes durably under its hash, and refuses one that has
// another.
func (l *Loader) Put(ctx context.Context, hash string, r io.Reader, limit int64) (int64, error) {
	if !validHash(hash) {
		return 0, fmt.Errorf("not a SHA-256 in hex: %.80q", hash)
	}
	t, err := l.dir.write(ctx, r, limit)
	if err != nil {
		return 0, err
	}
	if t.hash != hash {
		l.dir.discard(t)
		return 0, errDamaged
	}
	if err := l.dir.publish(t); err != nil {
		l.dir.discard(t)
		return 0, err
	}
	return t.size, nil
}

// Check reads every content again and returns how many there are.
func (l *Loader) Check(ctx context.Context) (int64, error) {
	n := int64(0)
	err := l.dir.each(ctx, func(f file) error {
		n++
		v, err := l.dir.open(f.hash)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, v)
		return errors.Join(err, v.Close())
	})
	return n, err
}

// Close gives the folder back.
func (l *Loader) Close() error { return l.dir.root.Close() }
