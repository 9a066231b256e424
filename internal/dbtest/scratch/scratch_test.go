package scratch

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// TMPDIR is where everything goes when it is set; Sweep removes what dead processes left there and
// nothing else.
func TestDirAndSweep(t *testing.T) {
	root := t.TempDir()
	t.Setenv("TMPDIR", root)
	mine, err := Dir("y-")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(mine) != root {
		t.Errorf("%s is not in %s", mine, root)
	}
	child := exec.Command("true")
	if err := child.Run(); err != nil {
		t.Skip(err)
	}
	dead := filepath.Join(root, "y-"+strconv.Itoa(child.Process.Pid)+"-1")
	other := filepath.Join(root, "y-other")
	for _, dir := range []string{dead, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	Sweep("y-")
	for dir, want := range map[string]bool{mine: true, dead: !gone(child.Process.Pid), other: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// The memory file system is used only when it has room.
func TestRoot(t *testing.T) {
	t.Setenv("TMPDIR", "")
	switch root := Root(); root {
	case "":
		if freeBytes("/dev/shm") >= minFree {
			t.Log("/dev/shm has room but is not ours to write")
		}
	case "/dev/shm":
		if freeBytes(root) < minFree {
			t.Error("/dev/shm has no room")
		}
	default:
		t.Errorf("root %q", root)
	}
}
