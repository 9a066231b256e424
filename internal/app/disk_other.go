//go:build !linux

package app

// diskSpace is known on Linux only.
func diskSpace(string) (free, total uint64) { return 0, 0 }
