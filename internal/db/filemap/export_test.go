//go:build linux && (amd64 || arm64)

package filemap

// SetLimit lets less of a file be mapped. Only before the first database is opened.
func SetLimit(n int64) { limit = n }
