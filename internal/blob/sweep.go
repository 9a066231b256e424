package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// sweepBatch is how many rows are looked at in one query.
const sweepBatch = 500

// maxDamages bounds the list in a Report; the counts go on.
const maxDamages = 1000

// Swept says what Sweep removed, or would remove.
type Swept struct {
	Files int   // contents that no object refers to
	Bytes int64 // their size
	Temps int   // half-written files of a crash; not counted in a dry run
}

// Sweep removes contents that nobody refers to and that are older than six hours: files whose last
// reference was taken away, and files whose transaction never committed. A dry run only counts.
// Uploads may go on meanwhile.
func (s *Store) Sweep(ctx context.Context, dryRun bool) (Swept, error) {
	cutoff := s.unit.Clock().Now().Add(-tempLife)
	var out Swept
	unused, err := s.dropUnused(ctx, cutoff, dryRun)
	if err != nil {
		return out, err
	}
	if dryRun {
		out = unused // their files still have rows and are not found below
	}
	err = s.dir.each(ctx, func(f file) error {
		if !f.changed.Before(cutoff) {
			return nil
		}
		gone, err := s.sweepFile(ctx, f.hash, dryRun)
		if gone {
			out.Files++
			out.Bytes += f.size
		}
		return err
	})
	if err != nil || dryRun {
		return out, err
	}
	out.Temps, err = s.dir.sweepTemps(cutoff)
	return out, err
}

// dropUnused deletes the rows of contents without a reference; their files go as those without a
// row do.
func (s *Store) dropUnused(ctx context.Context, cutoff time.Time, dryRun bool) (Swept, error) {
	var out Swept
	for last := ""; ; {
		rows, err := db.All(ctx, s.unit.DB(), qUnused, scanRow, last, clock.Us(cutoff),
			int64(sweepBatch))
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			last = r.hash
			out.Files++
			out.Bytes += r.size
		}
		if !dryRun && len(rows) > 0 {
			err := s.unit.DB().Write(ctx, func(tx *db.Tx) error { return dropRows(ctx, tx, rows) })
			if err != nil {
				return out, err
			}
		}
		if len(rows) < sweepBatch {
			return out, nil
		}
	}
}

// dropRows leaves alone what was attached again since it was read: its version has changed.
func dropRows(ctx context.Context, tx *db.Tx, rows []row) error {
	for _, r := range rows {
		if _, err := db.Exec(ctx, tx, qDropUnused, r.hash, r.version); err != nil {
			return err
		}
	}
	return nil
}

// errUndo rolls a transaction back that has done its work.
var errUndo = errors.New("undo")

// sweepFile removes a file without a row. While it does so it holds a row of that hash, which it
// never commits: an upload of the same content waits and then puts the file back.
func (s *Store) sweepFile(ctx context.Context, hash string, dryRun bool) (bool, error) {
	_, has, err := db.Find(ctx, s.unit.DB(), qHas, db.One[int64], hash)
	if err != nil || has || dryRun {
		return !has && err == nil, err
	}
	removed := false
	err = s.unit.DB().Write(ctx, func(tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, qHold, hash)
		if err != nil || n == 0 {
			return err
		}
		removed = true
		if err := s.dir.remove(hash); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return removed && err == nil, err
}

// Damage is a content that is not as it was stored.
type Damage struct {
	Hash string
	Why  string // "missing", "damaged" or the error of the disk
}

// Report is the result of Verify.
type Report struct {
	Files   int64    // contents looked at
	Bytes   int64    // their size
	Bad     int64    // how many are damaged or missing
	Damages []Damage // the first of them
}

// Verify reads every content that the database knows and compares it with its hash and size. A
// backup is good only when a restored copy passes. progress, when given, is told after each file.
func (s *Store) Verify(
	ctx context.Context, progress func(done, total int64),
) (Report, error) {
	var out Report
	total, err := s.Usage(ctx)
	if err != nil {
		return out, err
	}
	for last := ""; ; {
		rows, err := db.All(ctx, s.unit.DB(), qAfter, scanRow, last, int64(sweepBatch))
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			last = r.hash
			out.add(r, s.verifyFile(r))
			if progress != nil {
				progress(out.Files, max(total.Files, out.Files))
			}
		}
		if len(rows) < sweepBatch {
			return out, nil
		}
	}
}

func (p *Report) add(r row, why string) {
	p.Files++
	p.Bytes += r.size
	if why == "" {
		return
	}
	p.Bad++
	if len(p.Damages) < maxDamages {
		p.Damages = append(p.Damages, Damage{r.hash, why})
	}
}

// verifyFile returns "" for a whole file, otherwise what is wrong with it.
func (s *Store) verifyFile(r row) string {
	f, err := s.dir.open(r.hash)
	if errors.Is(err, fs.ErrNotExist) {
		return "missing"
	}
	if err != nil {
		return err.Error()
	}
	defer f.Close()
	n, err := io.CopyBuffer(io.Discard, onlyReader{f}, make([]byte, copyBuffer))
	switch {
	case errors.Is(err, errDamaged):
		return "damaged"
	case err != nil:
		return err.Error()
	case n != r.size:
		return fmt.Sprintf("has %d bytes, the database says %d", n, r.size)
	}
	return ""
}

// onlyReader hides everything but Read, so that the copy uses the buffer it is given.
type onlyReader struct{ io.Reader }
