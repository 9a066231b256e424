//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a command a process group and interrupts that whole group when the gate is
// interrupted: so its children are reached as well, and exactly once. go test would otherwise
// leave its test programs running.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}
