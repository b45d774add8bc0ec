package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/store"
)

func TestWritesShareCommitsButNotFailures(t *testing.T) {
	db := mustOpen(t)
	wrong := errors.New("wrong")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				if err := tx.SetSetting(fmt.Sprint("key", i), "set"); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return wrong
				case 2:
					panic("in a transaction")
				}
				return nil
			})
			if ok := i%4 == 0 || i%4 == 3; ok != (err == nil) || (i%4 == 1 && !errors.Is(err, wrong)) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	mustRead(t, db, func(tx *store.Tx) error {
		for i := range 200 {
			v, err := tx.Setting(fmt.Sprint("key", i))
			if err != nil {
				return err
			}
			if want := map[bool]string{true: "set"}[i%4 == 0 || i%4 == 3]; v != want {
				t.Errorf("key%d = %q, want %q", i, v, want)
			}
		}
		return nil
	})
}

func TestOpenRefuses(t *testing.T) {
	file := func(name string, fill func(path string)) string {
		path := filepath.Join(t.TempDir(), name)
		fill(path)
		return path
	}
	statement := func(q string) func(string) {
		return func(path string) {
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(q); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tc := range []struct{ name, path, want string }{
		{"a file that is no database", file("a.db", func(p string) { os.WriteFile(p, []byte(strings.Repeat("vuosikello ", 1000)), 0o600) }), "not a sound SQLite database"},
		{"another program's database", file("b.db", statement("CREATE TABLE t (x)")), "another program's database"},
		{"a newer database", file("c.db", statement("CREATE TABLE t (x); PRAGMA application_id = 1447775311; PRAGMA user_version = 9999")), "newer version"},
		{"a folder that does not exist", filepath.Join(t.TempDir(), "none", "d.db"), "check that the folder exists"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := store.Open(t.Context(), tc.path)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want …%s…", err, tc.want)
			}
		})
	}
}

// A file that another process is just making is waited for, although it has no -wal file yet.
func TestOpenWhileMade(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made.db")
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	// It waits too: its COMMIT must not meet the one that looks whether the database is free again.
	if _, err := other.ExecContext(t.Context(), "PRAGMA busy_timeout = 90000; PRAGMA user_version = 0; BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error, 1)
	go func() {
		db, err := store.Open(t.Context(), path)
		if err == nil {
			err = db.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("it was not waited for: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if _, err := other.ExecContext(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a ö%?#.db") // characters that mean something in a URL
	var wg sync.WaitGroup
	for range 4 { // processes that start at the same time migrate once
		wg.Go(func() {
			db, err := store.Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if err := db.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestAuditChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i := range 5 {
		mustWrite(t, db, func(tx *store.Tx) error {
			return tx.Audit(at("2026-03-02 09:00"), store.Actor{ID: "aad-1", Name: "Mia"}, "entry.done", fmt.Sprint("entry:", i), "ok")
		})
	}
	verify := func() (n, erased int64, err error) {
		err = db.Read(t.Context(), func(tx *store.Tx) error { n, erased, err = tx.VerifyAudit(); return err })
		return n, erased, err
	}
	if n, _, err := verify(); n != 5 || err != nil {
		t.Fatalf("%d records, %v", n, err)
	}
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, tc := range []struct{ change, undo, want string }{
		{"DELETE FROM audit WHERE seq = 3", "", "append-only"},
		{"UPDATE audit SET subject = 'x' WHERE seq = 3", "", "append-only"},
		{"UPDATE audit SET detail = 'no' WHERE seq = 3", "UPDATE audit SET detail = 'ok' WHERE seq = 3", "record 3: the detail"},
		{"UPDATE audit SET actor = 'Ivo' WHERE seq = 2", "UPDATE audit SET actor = 'Mia' WHERE seq = 2", "record 2: the actor"},
		{"DROP TRIGGER audit_no_change; UPDATE audit SET subject = 'x' WHERE seq = 4", "UPDATE audit SET subject = 'entry:3' WHERE seq = 4", "record 4"},
		{"DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 5", "", "ends at record 4"},
	} {
		_, err := raw.Exec(tc.change)
		if err == nil {
			_, _, err = verify()
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want …%s…", tc.change, err, tc.want)
		}
		if tc.undo != "" {
			if _, err := raw.Exec(tc.undo); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAuditSurvivesErasure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	mustWrite(t, db, func(tx *store.Tx) error {
		return tx.Audit(at("2026-03-02 09:00"), store.Actor{ID: "aad-1", Name: "Mia"}, "entry.done", "entry:1", "ok")
	})
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec("UPDATE audit SET actor = '', actor_id = '', detail = '', salt = '' WHERE seq = 1"); err != nil {
		t.Fatal(err)
	}
	mustRead(t, db, func(tx *store.Tx) error {
		n, erased, err := tx.VerifyAudit()
		if n != 1 || erased != 1 {
			t.Errorf("%d records, %d erased", n, erased)
		}
		return err
	})
}

// Transactions that share a commit append to the log one after the other, and what a failed one appended is gone.
func TestAuditInSharedCommits(t *testing.T) {
	db := mustOpen(t)
	wrong := errors.New("wrong")
	var wg sync.WaitGroup
	for i := range 90 {
		wg.Go(func() {
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				for range 1 + i%2 {
					if err := tx.Audit(at("2026-03-02 09:00"), store.System, "test", "entry:1", ""); err != nil {
						return err
					}
				}
				if i%3 == 0 {
					return wrong
				}
				return nil
			})
			if i%3 == 0 != errors.Is(err, wrong) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	mustRead(t, db, func(tx *store.Tx) error {
		n, _, err := tx.VerifyAudit()
		if n != 90 { // 30 of one record, 30 of two
			t.Errorf("%d records", n)
		}
		return err
	})
}

// BenchmarkWrite measures durable transactions (synchronous=FULL) from one and from 32 callers, who share commits.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			db := mustOpen(b)
			b.SetParallelism(callers)
			one := func() {
				if err := db.Write(context.Background(), func(tx *store.Tx) error {
					return tx.Audit(at("2026-03-02 09:00"), store.System, "bench", "entry:1", "")
				}); err != nil {
					b.Error(err)
				}
			}
			b.ResetTimer()
			if callers == 1 {
				for b.Loop() {
					one()
				}
				return
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					one()
				}
			})
		})
	}
}

// The file alone is the database once it is closed: people copy it.
func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), filepath.Join(dir, "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("left %v, want a.db alone (%v)", files, err)
	}
}

// Equal versions promise that nothing has changed, so every commit must make another one: of this program, and of an
// import beside it.
func TestVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db, beside := mustOpenAt(t, path), mustOpenAt(t, path)
	const connections = 8 // more than there are: each version is of one of them
	versions := func() map[store.Version]bool {
		seen := map[store.Version]bool{}
		for range connections {
			mustRead(t, db, func(tx *store.Tx) error {
				v, err := tx.Version()
				seen[v] = true
				return err
			})
		}
		return seen
	}
	old := versions()
	for v := range versions() {
		if !old[v] {
			t.Error("another version without a change")
		}
	}
	for name, writer := range map[string]*store.DB{"this program": db, "another": beside} {
		mustWrite(t, writer, func(tx *store.Tx) error { return tx.SetSetting("key", name) })
		for v := range versions() {
			if old[v] {
				t.Errorf("the version stayed after a change by %s", name)
			}
			old[v] = true
		}
	}
	mustWrite(t, db, func(tx *store.Tx) error {
		if _, err := tx.Version(); err == nil {
			t.Error("a writing transaction has a version")
		}
		return nil
	})
}

func mustOpenAt(tb testing.TB, path string) *store.DB {
	tb.Helper()
	db, err := store.Open(tb.Context(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}
