package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
	"github.com/yuntu-city/yuntu/internal/db"
)

// maxRestore bounds the one transaction of a restore.
const maxRestore = 6 * time.Hour

// Verify restores a backup into a scratch SQLite database beside it, checks everything, and throws
// the scratch away.
func Verify(ctx context.Context, file string, progress func(done, total int)) (Manifest, error) {
	dir, err := os.MkdirTemp(filepath.Dir(file), ".scratch-*")
	if err != nil {
		return Manifest{}, fmt.Errorf("make scratch folder: %w", err)
	}
	defer os.RemoveAll(dir)
	scratch, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(dir, "scratch.db")})
	if err != nil {
		return Manifest{}, err
	}
	m, err := Restore(ctx, file, Target{
		DB: scratch, BlobDir: filepath.Join(dir, "blobs"), Progress: progress,
	})
	return m, errors.Join(err, scratch.Close())
}

// Drill makes a backup, proves it, and returns what it holds. A backup that cannot be proved is
// kept under the name it would have had with ".bad" behind, for somebody to look at.
func Drill(ctx context.Context, s Source, file string) (Manifest, error) {
	if _, err := Write(ctx, s, file); err != nil {
		return Manifest{}, err
	}
	m, err := Verify(ctx, file, nil)
	if err == nil {
		return m, nil
	}
	bad := file + ".bad"
	return m, errors.Join(fmt.Errorf("backup cannot be restored, see %s: %w", bad, err),
		os.Rename(file, bad))
}

// Name returns the file name of a backup made at a time.
func Name(at time.Time) string {
	return "yuntu-" + at.In(clock.Shanghai).Format("20060102-150405") + Extension
}

// File is a backup in a folder.
type File struct {
	Name  string
	Bytes int64
	At    time.Time
	Good  bool // it was proved; a ".bad" one was not
}

// List returns the backups in a folder, newest first.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []File
	for _, e := range entries {
		name := e.Name()
		good := strings.HasSuffix(name, Extension)
		if !strings.HasPrefix(name, "yuntu-") || !good && !strings.HasSuffix(name, Extension+".bad") {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		out = append(out, File{name, info.Size(), info.ModTime(), good})
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(b.Name, a.Name) })
	return out, nil
}

// Prune removes the oldest good backups beyond keep.
func Prune(dir string, keep int) ([]string, error) {
	files, err := List(dir)
	if err != nil {
		return nil, err
	}
	var gone []string
	n := 0
	for _, f := range files {
		if !f.Good {
			continue
		}
		if n++; n <= keep {
			continue
		}
		if err := os.Remove(filepath.Join(dir, f.Name)); err != nil {
			return gone, err
		}
		gone = append(gone, f.Name)
	}
	return gone, nil
}
