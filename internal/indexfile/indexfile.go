// Package indexfile keeps an index of engine/retrieval in a file: written as a whole or not at all,
// and used where it lies, without reading it again into memory.
package indexfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/yuntu-city/yuntu/engine/retrieval"
)

// Save writes an index to a file. After a crash the file holds the old index or the new one.
func Save(path string, ix *retrieval.Index) error {
	dir, name := filepath.Split(path)
	f, err := os.CreateTemp(dir, name+".*.new")
	if err != nil {
		return err
	}
	err = ix.WriteSnapshot(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Clean(dir))
}

// syncDir makes a renaming last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// File is an index in a file.
type File struct {
	Index *retrieval.Index
	unmap func() error
}

// Open opens the index in a file, which must not be written in place: Save puts another file in its
// place. All of it is checked; what is damaged makes an error that wraps retrieval.ErrSnapshot.
func Open(path string) (*File, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	ix, err := retrieval.OpenSnapshot(data)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), unmap())
	}
	return &File{ix, unmap}, nil
}

// Close gives the memory back. The index, and what a writer has made of it, must no longer be used.
func (f *File) Close() error { return f.unmap() }
