package main

import (
	"os/exec"
	"strconv"
)

// startInGroup does nothing: Windows finds the children of a process by itself when asked to end its tree.
func startInGroup(*exec.Cmd) {}

// askGroupToStop ends pid and what it started. Console programs cannot be asked more gently.
func askGroupToStop(pid int) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

// killGroup does nothing: askGroupToStop has ended the tree.
func killGroup(int) {}
