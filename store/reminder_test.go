package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/store"
)

func campaign(title, start string, leads ...int) *store.Entry {
	return &store.Entry{Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: title, Start: day(start), Leads: leads, Audiences: []string{"Asukkaat", "Ammattilaiset"}}
}

func add(t testing.TB, db *store.DB, e *store.Entry, now time.Time) *store.Entry {
	t.Helper()
	mustWrite(t, db, func(tx *store.Tx) error { return tx.AddEntry(e, now, calendar) })
	return e
}

func TestScheduleReminders(t *testing.T) {
	for _, tc := range []struct {
		name  string
		entry *store.Entry
		made  string
		ticks []string
		want  []string
	}{
		{"each lead once, at the post time and not before", campaign("A", "2026-03-16", 7, 1), "2026-02-01 12:00",
			[]string{"2026-03-09 08:29", "2026-03-09 08:30", "2026-03-09 08:31", "2026-03-13 08:30"}, // the 15th is a Sunday
			[]string{"reminder A sent", "reminder A sent"}},
		{"a clock set back repeats nothing", campaign("A", "2026-03-16", 7), "2026-02-01 12:00",
			[]string{"2026-03-09 08:30", "2026-03-08 08:30", "2026-03-09 08:30"}, []string{"reminder A sent"}},
		{"after downtime the latest lead of an occurrence is posted late, the others are missed", campaign("A", "2026-03-16", 14, 7, 3), "2026-02-01 12:00",
			[]string{"2026-03-14 12:00"}, []string{"reminder A missed (superseded)", "reminder A missed (superseded)", "reminder A sent late"}},
		{"what is over is missed", campaign("A", "2026-03-16", 7), "2026-02-01 12:00",
			[]string{"2026-03-17 08:30"}, []string{"reminder A missed (over)"}},
		{"a campaign that is running is not over", &store.Entry{Clock: store.Clock{Year: 2026}, Title: "A", Start: day("2026-03-16"), End: day("2026-05-29"), Leads: []int{0}}, "2026-02-01 12:00",
			[]string{"2026-05-29 23:00"}, []string{"reminder A sent late"}},
		{"leads already past when the entry is made are not made up", campaign("A", "2026-03-16", 21, 3), "2026-03-02 12:00",
			[]string{"2026-03-02 12:00", "2026-03-13 08:30"}, []string{"reminder A sent"}},
		{"but of an occurrence within a week the latest is, at once in working hours", campaign("A", "2026-03-16", 21, 14, 3), "2026-03-10 12:00",
			[]string{"2026-03-10 12:00", "2026-03-10 12:01"}, []string{"reminder A sent"}},
		{"else at the next post time, which is on a working day", campaign("A", "2026-03-16", 21, 0), "2026-03-13 16:00",
			[]string{"2026-03-13 16:30", "2026-03-15 20:00", "2026-03-16 08:30"}, []string{"reminder A sent"}},
		{"two leads on one day are one reminder", campaign("A", "2026-03-16", 3, 2, 1), "2026-02-01 12:00", // Fri 13, Sat 14, Sun 15
			[]string{"2026-03-13 08:30"}, []string{"reminder A sent"}},
		{"materials are due on their own day", &store.Entry{Clock: store.Clock{Year: 2026}, Title: "A", Start: day("2026-03-16"), Leads: []int{1}, Materials: day("2026-03-07")}, "2026-02-01 12:00",
			[]string{"2026-03-06 08:30"}, []string{"reminder A sent"}},
		{"a done entry is not reminded of", &store.Entry{Clock: store.Clock{Year: 2026}, Title: "A", Start: day("2026-03-16"), Leads: []int{1}, State: store.Done}, "2026-02-01 12:00",
			[]string{"2026-03-16 08:30"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			db := mustOpen(t)
			bind(t, db)
			add(t, db, tc.entry, at(tc.made))
			for _, now := range tc.ticks {
				schedule(t, db, at(now))
				deliver(t, db, at(now))
			}
			if diff := cmp.Diff(tc.want, ledger(t, db)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// deliver sends what is in the outbox, as the dispatcher would.
func deliver(t testing.TB, db *store.DB, now time.Time) {
	t.Helper()
	mustWrite(t, db, func(tx *store.Tx) error {
		posts, err := tx.ClaimPosts(time.Now(), calendar.Today(now), 100, nil)
		if err != nil {
			return err
		}
		for _, p := range posts {
			p.ConversationID, p.ActivityID = "19:wg;messageid=1", store.NewID()
			if err := tx.PostSent(p, now); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestNoWorkingGroupChannel(t *testing.T) {
	db := mustOpen(t)
	add(t, db, campaign("A", "2026-03-16", 7), at("2026-02-01 12:00"))
	var s store.Scheduled
	mustWrite(t, db, func(tx *store.Tx) (err error) {
		s, err = tx.ScheduleReminders(at("2026-03-09 08:30"), calendar, 100)
		return err
	})
	if !s.NoChannel {
		t.Error("admins are not told")
	}
	if diff := cmp.Diff([]string{"reminder A failed (no channel)"}, ledger(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestMovedAndRemovedEntriesUpdateTheirCards(t *testing.T) {
	db := mustOpen(t)
	bind(t, db)
	e := add(t, db, campaign("A", "2026-03-16", 7, 1), at("2026-02-01 12:00"))
	stale := func() int64 {
		var q store.Queue
		mustRead(t, db, func(tx *store.Tx) (err error) { q, err = tx.Queue(); return err })
		return q.Updates
	}
	now := at("2026-03-09 08:30")
	schedule(t, db, now)
	deliver(t, db, now)
	if n := stale(); n != 0 {
		t.Fatalf("%d cards to update before anything changed", n)
	}
	e.Start, e.End = day("2026-03-17"), day("2026-03-17")
	mustWrite(t, db, func(tx *store.Tx) error { return tx.UpdateEntry(e, now, calendar) })
	if n := stale(); n != 1 {
		t.Errorf("%d cards to update after a move", n)
	}
	// The card that is showing tells the new date; another one is not posted before the next lead.
	schedule(t, db, now)
	if got := ledger(t, db); len(got) != 1 {
		t.Errorf("posts after a move: %v", got)
	}
	schedule(t, db, at("2026-03-16 08:30"))
	deliver(t, db, at("2026-03-16 08:30"))
	mustWrite(t, db, func(tx *store.Tx) error { return tx.RemoveEntry(e.ID, at("2026-03-16 09:00"), calendar) })
	if n := stale(); n != 2 {
		t.Errorf("%d cards to update after the removal", n)
	}
	// The lead of 7 days fell on the 10th, when nobody was running.
	if diff := cmp.Diff([]string{"reminder A sent", "reminder A missed (superseded)", "reminder A sent"}, ledger(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestDoneAndSnooze(t *testing.T) {
	db := mustOpen(t)
	bind(t, db)
	e := campaign("Viikkotiedote", "2026-03-06", 1)
	e.Repeat, e.End = "viikoittain", day("2026-03-13")
	add(t, db, e, at("2026-02-01 12:00"))
	now := at("2026-03-05 08:30")
	schedule(t, db, now)
	deliver(t, db, now)
	var r *store.Reminder
	mustRead(t, db, func(tx *store.Tx) (err error) { r, err = tx.Reminder(1); return err })

	err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Snooze(r, 3, "mia", now, calendar); return err })
	if !store.IsKind(err, store.KindInvalid) {
		t.Errorf("snoozed past the occurrence: %v", err)
	}
	mustWrite(t, db, func(tx *store.Tx) error {
		until, err := tx.Snooze(r, 1, "mia", now, calendar)
		if until != day("2026-03-06") {
			t.Errorf("snoozed until %v", until)
		}
		return err
	})
	schedule(t, db, at("2026-03-06 08:30"))
	deliver(t, db, at("2026-03-06 08:30"))
	for i, want := range []bool{true, false} { // the second press changes nothing
		mustWrite(t, db, func(tx *store.Tx) error {
			first, err := tx.MarkDone(e, r, "mia", "", at("2026-03-06 09:00"), calendar)
			if first != want {
				t.Errorf("press %d: first = %v", i+1, first)
			}
			return err
		})
	}
	mustRead(t, db, func(tx *store.Tx) error {
		e, err := tx.Entry(e.ID)
		if e.State != store.Planned {
			t.Errorf("state %s after the first of two occurrences", e.State)
		}
		return err
	})
	schedule(t, db, at("2026-03-12 08:30"))
	deliver(t, db, at("2026-03-12 08:30"))
	mustWrite(t, db, func(tx *store.Tx) error {
		r, err := tx.Reminder(3)
		if err != nil {
			return err
		}
		_, err = tx.MarkDone(e, r, "mia", "", at("2026-03-12 09:00"), calendar)
		return err
	})
	mustRead(t, db, func(tx *store.Tx) error {
		e, err := tx.Entry(e.ID)
		if e.State != store.Done {
			t.Errorf("state %s after the last occurrence", e.State)
		}
		return err
	})
	if got := ledger(t, db); len(got) != 3 {
		t.Error(got)
	}
}
