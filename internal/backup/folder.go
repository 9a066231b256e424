package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/yuntu-city/yuntu/internal/clock"
)

// Name returns the file name of a backup made at a time.
func Name(at time.Time) string {
	return namePrefix + at.In(clock.Shanghai).Format("20060102-150405") + Extension
}

const (
	namePrefix   = "yuntu-"
	badExtension = ".bad"
)

// File is a backup in a folder.
type File struct {
	Name  string    `json:"name"`
	Bytes int64     `json:"bytes"`
	At    time.Time `json:"at"`
	Good  bool      `json:"good"` // it was proved; a ".bad" one could not be restored
}

// List returns the backups in a folder, newest first. A folder that is not there has none.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	var out []File
	for _, e := range entries {
		name := e.Name()
		good := strings.HasSuffix(name, Extension)
		bad := strings.HasSuffix(name, Extension+badExtension)
		if !strings.HasPrefix(name, namePrefix) || !good && !bad {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		out = append(out, File{name, info.Size(), info.ModTime().UTC(), good})
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(b.Name, a.Name) })
	return out, nil
}

// Prune removes the oldest good backups beyond keep, which is at least 1, and returns their names.
// Bad ones stay until somebody has looked at them.
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
		if n++; n <= max(keep, 1) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, f.Name)); err != nil {
			return gone, err
		}
		gone = append(gone, f.Name)
	}
	return gone, nil
}

// Sweep removes what crashed backups left in a folder, if it was last changed before a time.
func Sweep(dir string, before time.Time) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var errs []error
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), partPrefix) && !strings.HasPrefix(e.Name(), scratchPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(append(errs, err)...)
}
