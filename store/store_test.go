package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"vuosikello/store"
)

var helsinki = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return loc
}()

var calendar = store.Calendar{Location: helsinki, PostTime: 8*60 + 30}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
	if err != nil {
		panic(err)
	}
	return t
}

func day(s string) store.Date {
	d, err := store.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func mustOpen(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func mustWrite(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t testing.TB, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Read(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// bind installs a team with one channel that is the working group's.
func bind(t testing.TB, db *store.DB) {
	t.Helper()
	mustWrite(t, db, func(tx *store.Tx) error {
		if _, err := tx.TeamSeen(store.Team{ID: "19:team", Name: "Viestintä", ServiceURL: "https://smba.example/"}, at("2026-01-01 00:00")); err != nil {
			return err
		}
		if err := tx.ChannelSeen(store.Channel{ID: "19:wg", TeamID: "19:team", Name: "Työryhmä", ServiceURL: "https://smba.example/"}, at("2026-01-01 00:00")); err != nil {
			return err
		}
		_, err := tx.Bind("19:wg", store.Binding{Kind: store.WorkingGroup})
		return err
	})
}

// ledger returns kind, state and reason of every post.
func ledger(t testing.TB, db *store.DB) (rows []string) {
	t.Helper()
	mustRead(t, db, func(tx *store.Tx) error {
		return tx.Ledger(func(r *store.LedgerRow) error {
			s := r.Kind + " " + r.Title + " " + string(r.State)
			if r.Reason != "" {
				s += " (" + r.Reason + ")"
			}
			if r.Late {
				s += " late"
			}
			rows = append(rows, s)
			return nil
		})
	})
	return rows
}

func schedule(t testing.TB, db *store.DB, now time.Time) {
	t.Helper()
	for more := true; more; {
		mustWrite(t, db, func(tx *store.Tx) error {
			s, err := tx.ScheduleReminders(now, calendar, 100)
			more = s.More
			return err
		})
	}
}
