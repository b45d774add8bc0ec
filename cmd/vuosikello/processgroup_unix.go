//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// startInGroup makes cmd the leader of a process group, so that what it starts can be stopped with it.
func startInGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// askGroupToStop lets the group of leader pid finish.
func askGroupToStop(pid int) error { return syscall.Kill(-pid, syscall.SIGTERM) }

// killGroup ends what is left of the group of leader pid; that nothing is left is no error.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
