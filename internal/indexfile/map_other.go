//go:build !linux

package indexfile

import "os"

// mapFile reads a file: it is mapped into memory on Linux only.
func mapFile(path string) (data []byte, unmap func() error, err error) {
	data, err = os.ReadFile(path)
	return data, func() error { return nil }, err
}
