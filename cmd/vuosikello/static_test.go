package main_test

import (
	"debug/elf"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"vuosikello/bot/teams/teamstest"
)

const nobody = 65534

// TestStaticBinary runs the program as the README's unit and container do: built without cgo, alone on a file system that
// it cannot write to, as a user who is nobody, with one folder of its own.
func TestStaticBinary(t *testing.T) {
	t.Parallel()
	if os.Getenv("CGO_ENABLED") != "0" {
		t.Skip("building everything a second time takes minutes; the checks of a change set CGO_ENABLED=0 for all tests")
	}
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("only root on Linux can give a process another root and another user")
	}
	root := t.TempDir()
	binary := filepath.Join(root, "vuosikello")
	// Written by this process, it could not be run while a test beside this one starts a process, which shares the open file.
	if out, err := exec.CommandContext(t.Context(), "cp", program(t), binary).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program needs a loader or libraries of the machine (%v)", p.Type)
		}
	}

	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	data := filepath.Join(root, "data")
	content, err := os.ReadFile(o.database)
	if err == nil {
		err = os.Mkdir(data, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(data, "vuosikello.db"), content, 0o600)
	}
	for _, path := range []string{data, filepath.Join(data, "vuosikello.db")} {
		if err == nil {
			err = os.Chown(path, nobody, nobody)
		}
	}
	if err == nil {
		err = os.Chmod(root, 0o555) //nolint:gosec // nobody must be able to read it
	}
	if err != nil {
		t.Fatal(err)
	}
	// A parent of the folder may be closed to others; inside the new root nobody meets it.
	confine := func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args[0] = "/vuosikello", "/vuosikello"
		cmd.Dir = "/data"
		cmd.Env = settings{"VUOSIKELLO_BACKUP_DIR": "/data/backups", "VUOSIKELLO_LANGUAGE": "fi"}.with(localSettings("/data/vuosikello.db")).environ()
		cmd.Env = append(cmd.Env, "TMPDIR=", "HOME=/")
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: false}}
	}
	serve := exec.Command(binary, "serve")
	confine(serve)
	p := startCommand(t, serve)
	p.awaitReady(t)
	said := func(n int, text string) string {
		teamstest.Post(t, p.messages(), "", o.scene.Message(teamstest.Personal(aino), aino, text))
		return string(o.connector.Await(t, n).Content)
	}
	if answer := said(1, "kello"); !strings.Contains(answer, "data:image/png") && !strings.Contains(answer, "2026") {
		t.Errorf("clock: %s", answer)
	}
	answer := strings.ReplaceAll(said(2, "vie audit"), `\u0026`, "&")
	link := regexp.MustCompile(`http://[^"\s]+/kello/vienti/[^"\s]+`).FindString(answer)
	if status, body := get(t, link); status != http.StatusOK || !strings.Contains(body, "export.link") {
		t.Errorf("export: %d %s of %s", status, body, answer)
	}
	for _, args := range [][]string{{"version", "--deps"}, {"preview"}, {"export", "entries"}, {"backup", "/data/copy.db"}, {"doctor"}, {"doctor", "--privacy"}, {"picture", "2026", "-o", "/data/2026.png"}} {
		cmd := exec.CommandContext(t.Context(), binary, args...)
		confine(cmd)
		if out, err := cmd.CombinedOutput(); err != nil && args[0] != "doctor" || strings.Contains(string(out), "read-only") || strings.Contains(string(out), "permission denied") {
			t.Errorf("%v: %v: %s", args, err, out)
		}
	}
	if status := p.stop(t); status != 0 {
		t.Errorf("status %d: %s", status, p.log)
	}
	// It wrote into its folder and nowhere else.
	left, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("beside the program and its folder: %v (%v)", left, err)
	}
	if left, err := filepath.Glob(filepath.Join(data, "*.csv")); err != nil || len(left) != 0 {
		t.Errorf("exports left behind: %v (%v)", left, err)
	}
}
