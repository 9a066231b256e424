package app

import "syscall"

// diskSpace returns the free and the total bytes of the file system that holds dir.
func diskSpace(dir string) (free, total uint64) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0
	}
	size := uint64(s.Bsize)
	return s.Bavail * size, s.Blocks * size
}
