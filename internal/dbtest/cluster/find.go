//go:build unix

package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// minVersion is the oldest major version the product supports; see the architecture's portable
// subset of SQL.
const minVersion = 14

// places are where distributions keep the server programs, newest first within each. Debian leaves
// them out of PATH on purpose.
func places() []string {
	var all []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin", "/usr/local/pgsql/bin",
	} {
		found, _ := filepath.Glob(pattern) // the only error is a malformed pattern
		slices.SortFunc(found, func(a, b string) int { return major(b) - major(a) })
		all = append(all, found...)
	}
	return all
}

// major returns the number in the last but one folder of a path: 15 for /usr/lib/postgresql/15/bin.
func major(dir string) int {
	name := filepath.Base(filepath.Dir(dir))
	for len(name) > 0 && (name[0] < '0' || name[0] > '9') {
		name = name[1:]
	}
	n, _ := strconv.Atoi(name)
	return n
}

// binDir returns the folder of initdb and postgres: from PATH, else from a known place.
func binDir() (string, error) {
	dirs := places()
	if p, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			dirs = append([]string{filepath.Dir(real)}, dirs...)
		}
	}
	for _, d := range dirs {
		if n := major(d); n != 0 && n < minVersion {
			continue
		}
		if isFile(d+"/initdb") && isFile(d+"/postgres") {
			return d, nil
		}
	}
	return "", ErrNotInstalled
}

func isFile(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.Mode().IsRegular()
}

// Installed reports whether Start can find a server on this machine.
func Installed() bool {
	_, err := binDir()
	return err == nil
}

// owner returns the account the server must run as: nil means the present one. PostgreSQL refuses
// to run as root, so root lends it the account its package made, or else "nobody".
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("PostgreSQL cannot run as root and there is no account postgres")
}
