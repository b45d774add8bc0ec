package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
)

// A running bot backs its database up at once when the last night's backup is missing, keeps as many as it is told to, and
// leaves other files alone, also what a clock that was ahead has made; a restore beside it is refused, a backup by hand is not.
func TestNightlyBackup(t *testing.T) {
	t.Parallel()
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	dir := filepath.Join(t.TempDir(), "backups")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	there := []string{"vuosikello-20250101T003000Z.db", "vuosikello-20250101T003000Z.db.manifest.json", "vuosikello-20250102T003000Z.db",
		"vuosikello-20250103T003000Z.db.partial", "vuosikello-20990103T003000Z.db", "vuosikello-mine.db", "notes.txt"}
	for _, name := range there {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, localSettings(o.database).with(settings{"VUOSIKELLO_BACKUP_DIR": dir, "VUOSIKELLO_BACKUP_KEEP": "2"}), nil)
	names := func() (list []string) {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			list = append(list, f.Name())
		}
		return list
	}
	var made string
	p.await(t, "backup", func() bool {
		for _, n := range names() {
			if strings.HasSuffix(n, ".manifest.json") && !slices.Contains(there, n) {
				made = strings.TrimSuffix(n, ".manifest.json")
			}
		}
		_, err := os.Stat(filepath.Join(dir, "vuosikello-20250101T003000Z.db"))
		return made != "" && os.IsNotExist(err)
	})
	p.await(t, "tidy folder", func() bool {
		return strings.Join(names(), " ") == strings.Join([]string{"notes.txt", "vuosikello-20250102T003000Z.db", "vuosikello-20250103T003000Z.db.partial", made, made + ".manifest.json", "vuosikello-20990103T003000Z.db", "vuosikello-mine.db"}, " ")
	})
	if _, body := get(t, "http://"+p.admin+"/metrics"); !strings.Contains(body, "vuosikello_backup_last_timestamp_seconds 1.") || !strings.Contains(body, "vuosikello_backup_failures_total 0") {
		t.Error("the figures do not tell of the backup")
	}
	s := localSettings(o.database)
	MustRun(t, s, "backup", filepath.Join(dir, "by-hand.db"))
	if _, errs, status := once(t, s, "restore", "--replace", filepath.Join(dir, made)); status != 1 || !strings.Contains(errs, "stop it first") {
		t.Errorf("a restore under a running bot: status %d: %s", status, errs)
	}
	if status := p.stop(t); status != 0 {
		t.Errorf("status %d: %s", status, p.log)
	}
	MustRun(t, s, "restore", "--replace", filepath.Join(dir, made))
	MustRun(t, s, "audit", "--verify")
}
