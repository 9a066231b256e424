//go:build linux && (amd64 || arm64)

package filemap

import "time"

// Set lets less of a file be mapped, and the mapping leave memory more often. Only before the first database
// is opened.
func Set(n int64, every time.Duration) { limit, forgetEvery = n, every }
