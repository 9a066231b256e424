// Package scratch finds a fast place for the files of test databases.
package scratch

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// minFree is how much room the memory file system must have, so that tests cannot fill the memory
// of a small machine. Containers often have 64 MB there; then the usual folder is used.
const minFree = 2 << 30

// Root returns the folder for throw-away databases: the memory file system where there is one with
// room, else "", which os.MkdirTemp takes for its usual place. There a commit waits for the disk,
// and making a PostgreSQL database takes ten times as long. TMPDIR, when set, is respected.
func Root() string {
	const memory = "/dev/shm"
	if os.Getenv("TMPDIR") != "" || freeBytes(memory) < minFree {
		return ""
	}
	probe, err := os.MkdirTemp(memory, "yuntu-probe-")
	if err != nil {
		return "" // not ours to write
	}
	if err := os.Remove(probe); err != nil {
		return ""
	}
	return memory
}

// Dir makes a folder of this process below Root. Whoever made it removes it; what a killed process
// left behind is removed by the next Sweep.
func Dir(prefix string) (string, error) {
	return os.MkdirTemp(Root(), prefix+strconv.Itoa(os.Getpid())+"-")
}

// Sweep removes folders that Dir made with this prefix in processes that are gone.
func Sweep(prefix string) {
	root := Root()
	if root == "" {
		root = os.TempDir()
	}
	found, _ := filepath.Glob(filepath.Join(root, prefix+"*-*")) // the pattern is well formed
	for _, dir := range found {
		name := strings.TrimPrefix(filepath.Base(dir), prefix)
		pid, err := strconv.Atoi(name[:strings.IndexByte(name, '-')])
		if err == nil && gone(pid) {
			os.RemoveAll(dir)
		}
	}
}
