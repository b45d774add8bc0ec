package main_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"vuosikello/store"
	"vuosikello/store/storetest"
)

// TestKilledWork kills the real program with SIGKILL at random moments while it erases a person, ages personal data out,
// imports, backs up and restores. Whatever the moment, the database opens, is sound, its audit chain verifies and nothing
// is counted twice or lost; and running the same again ends where a run that nobody killed ends.
//
// The usual run kills each of them twice. VUOSIKELLO_KILLS=50 go test -run TestKilledWork ./cmd/vuosikello kills that often.
func TestKilledWork(t *testing.T) {
	t.Parallel()
	kills := 2
	if s := os.Getenv("VUOSIKELLO_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("VUOSIKELLO_KILLS is %q: write a number", s)
		}
		kills = n
	}
	dir := t.TempDir()
	k := &killing{kills: kills, base: filepath.Join(dir, "county.db"), copy: filepath.Join(dir, "backup.db"), plan: filepath.Join(dir, "vuosikello-2026.csv")}
	c := storetest.County{ServiceURL: "http://127.0.0.1:9/", TenantID: tenantID, Calendar: benchCalendar(t), Now: mustTime(t, benchNow), Years: 3, Entries: 300, Units: 2, Teams: 3, ChannelsPerTeam: 3,
		People: 150, MembersPerTeam: 50, Publications: 60, Acknowledgements: 3000, Sessions: 60, Attendances: 2400, Done: 60, Requests: 6, Needs: 90, FeedbackPerSession: 8, ReactionsPerPost: 3, Measures: 3, Records: 600}
	if err := c.Fill(t.Context(), k.base); err != nil {
		t.Fatal(err)
	}
	MustRun(t, k.settings(k.base), "backup", k.copy)
	if err := os.WriteFile(k.plan, bigClock(800), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("erase", k.erase)
	t.Run("retention", k.retention)
	t.Run("import", k.imports)
	t.Run("backup", k.backup)
	t.Run("restore", k.restore)
}

// killing is a small county, and what is done to copies of its database.
type killing struct {
	kills int
	base  string // the database
	copy  string // a backup of it
	plan  string // a file to import
}

func (k *killing) settings(database string) settings {
	return settings{"VUOSIKELLO_DATABASE": database, "VUOSIKELLO_REHEARSAL": benchNow}
}

// fresh is a copy of the county's database in a folder of its own.
func (k *killing) fresh(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "county.db")
	data, err := os.ReadFile(k.base)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// whole runs the program to its end on a copy, and returns how long that took and what the copy holds then.
func (k *killing) whole(t *testing.T, args ...string) (time.Duration, tallies) {
	t.Helper()
	path := k.fresh(t)
	began := time.Now()
	MustRun(t, k.settings(path), args...)
	return time.Since(began), k.sound(t, path)
}

// cutOff runs the program and kills it at a random moment within that time.
func (k *killing) cutOff(t *testing.T, database string, within time.Duration, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Env, cmd.Dir = k.settings(database).environ(), t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(rand.N(within))
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()         // killed, or done: both are to be borne
}

// tallies are how many rows the tables have, and how many people are counted where they may be named or not.
type tallies map[string]int

// sound checks the database with the program, and looks into it.
func (k *killing) sound(t *testing.T, path string) tallies {
	t.Helper()
	MustRun(t, k.settings(path), "audit", "--verify")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&said); err != nil || said != "ok" {
		t.Fatalf("%s is unsound: %s %v", path, said, err)
	}
	out := tallies{}
	count := func(name, query string) {
		var n int
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[name] = n
	}
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('setting', 'reach_stale')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		count(name, `SELECT count(*) FROM `+name)
	}
	count("people who acknowledged", `SELECT (SELECT count(*) FROM acknowledgement) + (SELECT coalesce(sum(people), 0) FROM acknowledged)`)
	count("people who came", `SELECT (SELECT count(*) FROM attendance WHERE joined_at IS NOT NULL) + (SELECT coalesce(sum(attended), 0) FROM attended)`)
	count("records of erasure", `SELECT count(*) FROM audit WHERE action = 'person.erase'`)
	return out
}

// same reports what differs.
func same(t *testing.T, got, want tallies) {
	t.Helper()
	if !maps.Equal(got, want) {
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s: %d, want %d", name, got[name], n)
			}
		}
	}
}

// erase is killed with nobody else at the database, and with somebody who has it open, as a serving bot has: then the
// file of changes stays.
func (k *killing) erase(t *testing.T) {
	args := []string{"erase", "--person", storetest.PersonID(0)}
	took, want := k.whole(t, args...)
	for n := range k.kills {
		path := k.fresh(t)
		if n%2 == 1 {
			db, err := store.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
		}
		k.cutOff(t, path, took, args...)
		between := k.sound(t, path)
		for _, name := range []string{"people who acknowledged", "people who came"} {
			if between[name] != want[name] {
				t.Errorf("%s: %d after the kill, want %d", name, between[name], want[name])
			}
		}
		if _, errs, status := once(t, k.settings(path), args...); status != 0 && !strings.Contains(errs, storetest.PersonID(0)) {
			t.Errorf("run again: status %d: %s", status, errs)
		}
		for _, side := range []string{"", "-wal"} {
			data, err := os.ReadFile(path + side)
			if err != nil && (side == "" || !os.IsNotExist(err)) {
				t.Fatal(err)
			}
			data = bytes.ToLower(data)
			for _, trace := range []string{storetest.PersonID(0), strings.ToLower(storetest.PersonName(0)), "henkilo.0@county.example", "29:county-0", "a:county-0"} {
				if bytes.Contains(data, []byte(trace)) {
					t.Errorf("%s is still in county.db%s", trace, side)
				}
			}
		}
		same(t, k.sound(t, path), want)
	}
}

func (k *killing) retention(t *testing.T) {
	took, want := k.whole(t, "retention")
	for range k.kills {
		path := k.fresh(t)
		k.cutOff(t, path, took, "retention")
		between := k.sound(t, path)
		for _, name := range []string{"people who acknowledged", "people who came"} {
			if between[name] != want[name] {
				t.Errorf("%s: %d after the kill, want %d", name, between[name], want[name])
			}
		}
		MustRun(t, k.settings(path), "retention")
		same(t, k.sound(t, path), want)
	}
}

func (k *killing) imports(t *testing.T) {
	before := k.sound(t, k.fresh(t))
	took, want := k.whole(t, "import", k.plan)
	for range k.kills {
		path := k.fresh(t)
		k.cutOff(t, path, took, "import", k.plan)
		if n := k.sound(t, path)["entry"]; n != before["entry"] && n != want["entry"] {
			t.Errorf("%d entries after the kill: neither none nor all of them", n)
		}
		MustRun(t, k.settings(path), "import", k.plan)
		same(t, k.sound(t, path), want)
	}
}

// backup is killed in a folder that has an earlier backup of that name.
func (k *killing) backup(t *testing.T) {
	want := k.sound(t, k.fresh(t))
	for range k.kills {
		path := k.fresh(t)
		file := filepath.Join(t.TempDir(), "copy.db")
		began := time.Now()
		MustRun(t, k.settings(path), "backup", file)
		k.cutOff(t, path, time.Since(began), "backup", "--replace", file)
		same(t, k.sound(t, path), want)
		restored := filepath.Join(t.TempDir(), "restored.db")
		MustRun(t, k.settings(restored), "restore", file)
		same(t, k.sound(t, restored), want)
		MustRun(t, k.settings(path), "backup", "--replace", file)
		if left, err := filepath.Glob(file + "*"); err != nil || len(left) != 2 {
			t.Errorf("beside the backup and its manifest there is more: %v %v", left, err)
		}
	}
}

// restore is killed while it replaces a database that has changed since: at each moment that is either the one or the other.
func (k *killing) restore(t *testing.T) {
	want := k.sound(t, k.fresh(t))
	changed := k.fresh(t)
	MustRun(t, k.settings(changed), "import", k.plan)
	now := k.sound(t, changed)
	args := []string{"restore", "--replace", k.copy}
	took, _ := k.whole(t, args...)
	for n := range k.kills {
		path := filepath.Join(t.TempDir(), fmt.Sprint(n), "county.db")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		MustRun(t, k.settings(path), "restore", k.copy)
		MustRun(t, k.settings(path), "import", k.plan)
		k.cutOff(t, path, took, args...)
		if got := k.sound(t, path); !maps.Equal(got, now) {
			same(t, got, want)
		}
		MustRun(t, k.settings(path), args...)
		same(t, k.sound(t, path), want)
		kept, err := filepath.Glob(path + ".replaced-*Z*")
		if err != nil || len(kept) == 0 {
			t.Fatalf("%d databases kept: %v", len(kept), err)
		}
		if got := k.sound(t, kept[0]); !maps.Equal(got, now) {
			t.Errorf("the database that was replaced first is not the one that was there")
		}
		if left, err := filepath.Glob(path + ".restoring*"); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	}
}
