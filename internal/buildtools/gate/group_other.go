//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// ownGroup leaves a command as it is: it is killed when the gate is interrupted.
func ownGroup(*exec.Cmd) {}

// childrenCPU is not known here.
func childrenCPU() time.Duration { return 0 }
