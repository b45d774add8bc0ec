package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuosikello/store"
)

// backupDay is when the backups of these tests are made.
var backupDay = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// marks counts what the writer of the tests has written.
func marks(t *testing.T, db *store.DB) (records int64) {
	t.Helper()
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) { records, _, err = tx.VerifyAudit(); return err }); err != nil {
		t.Fatal(err)
	}
	return records
}

func mark(ctx context.Context, db *store.DB) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit(backupDay, store.Actor{ID: "11111111-0000-0000-0000-000000000001", Name: "Mia"}, "entry.add", "entry:1", strings.Repeat("Kesäkampanja ", 20))
	})
}

// A backup that is made while the database is written to is one moment of it, and is what comes back.
func TestBackupWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "live.db"))
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if err := mark(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		for ctx.Err() == nil {
			if err := mark(ctx, db); err != nil && ctx.Err() == nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	before := marks(t, db)
	file := filepath.Join(dir, "copy.db")
	m, err := store.Backup(t.Context(), db.Path(), file, false, backupDay)
	if err != nil {
		t.Fatal(err)
	}
	after := marks(t, db)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	n := m.Tables["audit"]
	if n < before || n > after || m.Audit == "" || len(m.SHA256) != 64 || m.Schema == 0 {
		t.Errorf("the backup holds %d acts, between %d and %d were written: %+v", n, before, after, m)
	}
	if info, err := os.Stat(file); err != nil || info.Size() != m.Bytes || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v: %v", info, err)
	}
	if _, err := store.Backup(t.Context(), db.Path(), file, false, backupDay); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a backup over another: %v", err)
	}
	if _, err := store.Backup(t.Context(), db.Path(), db.Path(), true, backupDay); err == nil {
		t.Error("a backup over the database itself")
	}
	if m, err = store.Backup(t.Context(), db.Path(), file, true, backupDay); err != nil {
		t.Fatal(err)
	}

	// Restored to where nothing is, and over what is there, which is kept.
	fresh := filepath.Join(dir, "fresh.db")
	if _, err := store.Restore(t.Context(), file, fresh, false, backupDay); err != nil {
		t.Fatal(err)
	}
	open := func(path string) int64 {
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		return marks(t, db)
	}
	if n := open(fresh); n != m.Tables["audit"] {
		t.Errorf("restored %d acts of %d", n, m.Tables["audit"])
	}
	if err := mark(t.Context(), db); err != nil { // it is in the -wal file only
		t.Fatal(err)
	}
	all := marks(t, db)
	live := filepath.Join(dir, "crashed.db")
	for _, side := range []string{"", "-wal"} {
		text, err := os.ReadFile(db.Path() + side)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(live+side, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), file, live, false, backupDay); err == nil || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("restored over a database without being told to: %v", err)
	}
	r, err := store.Restore(t.Context(), file, live, true, backupDay)
	if err != nil {
		t.Fatal(err)
	}
	if n := open(live); n != m.Tables["audit"] {
		t.Errorf("restored %d acts of %d", n, m.Tables["audit"])
	}
	if r.Kept != live+".replaced-20260302T030000Z" {
		t.Errorf("kept as %q", r.Kept)
	}
	if n := open(r.Kept); n != all {
		t.Errorf("of what was replaced %d acts of %d are left", n, all)
	}
}

// A plain copy of a database in use, its -wal file beside it, is as good as a backup.
func TestRestorePlainCopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "live.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 3 {
		if err := mark(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	copied := filepath.Join(dir, "copied.db")
	for _, side := range []string{"", "-wal"} {
		text, err := os.ReadFile(db.Path() + side)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied+side, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(dir, "restored.db")
	r, err := store.Restore(t.Context(), copied, to, false, backupDay)
	if err != nil {
		t.Fatal(err)
	}
	if r.Manifest.Tables["audit"] != 3 {
		t.Errorf("restored %+v", r.Manifest)
	}
	if _, err := os.Stat(to + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the restored database has a -wal file: %v", err)
	}
}

// A database that is gone may have left its -wal file: what is restored is the backup all the same, and not a mixture.
func TestRestoreBesideALeftWal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	live, good := filepath.Join(dir, "live.db"), filepath.Join(dir, "good.db")
	db, err := store.Open(t.Context(), live)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := mark(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Backup(t.Context(), live, good, false, backupDay); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := mark(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	to := filepath.Join(dir, "restored.db")
	wal, err := os.ReadFile(live + "-wal")
	if err != nil || len(wal) == 0 {
		t.Fatalf("%d bytes, %v", len(wal), err)
	}
	if err := os.WriteFile(to+"-wal", wal, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), good, to, false, backupDay); err != nil {
		t.Fatal(err)
	}
	restored, err := store.Open(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if n := marks(t, restored); n != 1 {
		t.Errorf("%d acts, the backup has 1", n)
	}
	if kept, err := os.ReadFile(to + ".replaced-20260302T030000Z-wal"); err != nil || !bytes.Equal(kept, wal) {
		t.Errorf("what was left is not kept: %d bytes, %v", len(kept), err)
	}
}

// What is not a whole backup of this program's is refused, and the database stays as it was.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "live.db"))
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if err := mark(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	good := filepath.Join(dir, "good.db")
	if _, err := store.Backup(t.Context(), db.Path(), good, false, backupDay); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(store.ManifestPath(good))
	if err != nil {
		t.Fatal(err)
	}
	change := func(statement string) func(string) {
		return func(file string) {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	write := func(content []byte) func(string) {
		return func(file string) {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	flipped := append([]byte(nil), content...)
	flipped[bytes.LastIndex(flipped, []byte("Kes"))] ^= 1 // one bit, where no page says that it is wrong
	for _, tc := range []struct {
		name     string
		make     func(string)
		manifest bool
		want     string
	}{
		{"not there", func(string) {}, false, "no such file"},
		{"empty", write(nil), false, "no vuosikello database"},
		{"text", write([]byte("otsikko;alkaa\n")), false, "not a sound SQLite database"},
		{"torn", write(content[:len(content)/2]), false, "damaged|not a sound"},
		{"torn, with its manifest", write(content[:len(content)/2]), true, "not the one that its manifest describes"},
		{"a flipped bit", write(flipped), false, "record "},
		{"another program's", change("PRAGMA application_id = 77"), false, "another program"},
		{"a newer program's", change("PRAGMA user_version = 9999"), false, "newer version of vuosikello"},
		{"changed after the backup", change("UPDATE setting SET value = 'x'"), true, "not the one that its manifest describes"},
		{"an act changed", change("DROP TRIGGER audit_no_change; UPDATE audit SET detail = 'x' WHERE seq = 7"), false, "record 7"},
		{"a loose end", change("INSERT INTO entry_audience VALUES ('nobody', 0, 'a', 'a')"), false, "entry_audience"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			file, to := filepath.Join(dir, "backup.db"), filepath.Join(dir, "vuosikello.db")
			tc.make(file)
			if tc.manifest {
				write(manifest)(store.ManifestPath(file))
			}
			write([]byte("as it was"))(to)
			_, err := store.Restore(t.Context(), file, to, true, backupDay)
			found := false
			for want := range strings.SplitSeq(tc.want, "|") {
				found = found || err != nil && strings.Contains(err.Error(), want)
			}
			if !found {
				t.Errorf("error %v, want %q", err, tc.want)
			}
			left, err := filepath.Glob(filepath.Join(dir, "vuosikello.db*"))
			if text, _ := os.ReadFile(to); err != nil || len(left) != 1 || string(text) != "as it was" {
				t.Errorf("left %q", left)
			}
		})
	}
}

// Whatever a manifest beside a backup says, nothing becomes the database that is not what it describes, and nothing is left of a restore that was
// refused.
func FuzzManifest(f *testing.F) {
	db := mustOpen(f)
	if err := mark(f.Context(), db); err != nil {
		f.Fatal(err)
	}
	dir := f.TempDir()
	backup := filepath.Join(dir, "copy.db")
	made, err := store.Backup(f.Context(), db.Path(), backup, false, backupDay)
	if err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(store.ManifestPath(backup))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(strings.ReplaceAll(string(good), `"audit": 1`, `"audit": 2`)))
	for _, s := range []string{"", "null", "[]", `{"sha256":null}`, `{"tables":{"audit":"1"}}`, `{"bytes":-1}`, `{"created_at":"2026-13-01"}`} {
		f.Add([]byte(s))
	}
	f.Add([]byte(`{"sha256":"` + made.SHA256 + `"}`))
	f.Add([]byte(`{"sha256":"` + made.SHA256 + `","tables":{"none":0,"audit":1}}`))
	f.Fuzz(func(t *testing.T, manifest []byte) {
		if err := os.WriteFile(store.ManifestPath(backup), manifest, 0o600); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), "restored.db")
		r, err := store.Restore(t.Context(), backup, to, false, backupDay)
		left, globErr := filepath.Glob(to + "*")
		if globErr != nil {
			t.Fatal(globErr)
		}
		if err != nil {
			if len(left) > 0 || len(err.Error()) > 100_000 {
				t.Errorf("%v leaves %q", err, left)
			}
			return
		}
		if len(left) != 1 || r.Manifest.SHA256 != made.SHA256 {
			t.Errorf("%q: %+v", left, r.Manifest)
		}
		for table, n := range r.Manifest.Tables {
			if n != made.Tables[table] {
				t.Errorf("%d rows of %s", n, table)
			}
		}
	})
}
