//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// ownGroup gives a command a process group and interrupts that whole group when the gate is
// interrupted: so its children are reached as well, and exactly once. go test would otherwise
// leave its test programs running.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
}

// childrenCPU is how long processors worked for the commands that have ended, and for what these waited for.
// What runs on by itself, like a database server, is no part of it.
func childrenCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
