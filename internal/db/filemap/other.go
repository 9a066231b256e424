//go:build !linux || !(amd64 || arm64)

package filemap

// Name returns the name of the file system of SQLite to open a reader with, "" for its own.
func Name() string { return "" }
