package store_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"vuosikello/store"
)

// submitted opens a database with one version of content that waits for a decision.
func submitted(t *testing.T, publish, now string) (*store.DB, *store.ContentVersion) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	v := &store.ContentVersion{Title: "Ohje", Body: "Teksti", Audiences: []string{"Hoitajat", "Some"}, RequestedBy: "mia", Approval: true}
	if publish != "" {
		v.PublishAt = instant(t, publish)
	}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		d := store.Draft{AuthorID: "mia", Form: map[string]string{"title": "Ohje"}}
		if err := tx.SaveDraft(&d, instant(t, now)); err != nil {
			return err
		}
		v.ContentID = d.ID
		return tx.SubmitContent(v, instant(t, now), helsinkiCalendar(t))
	})
	if err != nil {
		t.Fatal(err)
	}
	return db, v
}

func helsinkiCalendar(t *testing.T) store.Calendar {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return store.Calendar{Location: loc, PostTime: 8*60 + 30}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, helsinkiCalendar(t).Location)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// When approvers are reminded, told and given up on. Working days are Finland's.
func TestApprovalEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, publish, entryEnd string
		want                    []string
	}{
		{"a Monday: the two working days before are Thursday and Friday", "2026-03-16 09:00", "",
			[]string{"2026-03-12 08:30 nudge", "2026-03-13 09:00 nudge", "2026-03-16 09:00 undecided", "2026-04-15 09:00 expire"}},
		{"the Tuesday after Easter: Good Friday and Easter Monday are no working days", "2026-04-07 14:00", "",
			[]string{"2026-04-01 08:30 nudge", "2026-04-02 09:00 nudge", "2026-04-07 14:00 undecided", "2026-05-07 14:00 expire"}},
		{"a Sunday", "2026-03-15 09:00", "", []string{"2026-03-12 08:30 nudge", "2026-03-13 09:00 nudge", "2026-03-15 09:00 undecided", "2026-04-14 09:00 expire"}},
		{"no date", "", "", []string{"2026-04-01 10:00 expire"}},
		{"its entry is over first", "2026-03-16 09:00", "2026-03-20", []string{"2026-03-12 08:30 nudge", "2026-03-13 09:00 nudge", "2026-03-16 09:00 undecided", "2026-03-21 00:00 expire"}},
		{"its entry was over already", "", "2026-02-20", []string{"2026-04-01 10:00 expire"}},
	} {
		v := store.ContentVersion{Decision: store.DecisionPending, RequestedAt: instant(t, "2026-03-02 10:00")}
		if tc.publish != "" {
			v.PublishAt = instant(t, tc.publish)
		}
		var end store.Date
		if tc.entryEnd != "" {
			end = store.DateOf(instant(t, tc.entryEnd+" 00:00"))
		}
		var got []string
		for _, e := range v.Events(helsinkiCalendar(t), end, time.Time{}) {
			got = append(got, e.At.In(helsinkiCalendar(t).Location).Format("2006-01-02 15:04 ")+string(e.Event))
		}
		slices.Sort(got)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, got, tc.want)
		}
	}
}

// What is approved goes out, also when the clock was ahead of the decision while something else was handled.
func TestApprovedIsDueAlways(t *testing.T) {
	t.Parallel()
	db, v := submitted(t, "2026-03-16 09:00", "2026-03-02 10:00")
	c := helsinkiCalendar(t)
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.DueEvents(v, instant(t, "2026-03-16 09:30"), c); err != nil {
			return err
		}
		if ok, err := tx.Decide(v, store.DecisionApproved, "hanna", "", 0, instant(t, "2026-03-16 08:00"), c); err != nil || !ok {
			t.Errorf("decided %v, %v", ok, err)
		}
		due, err := tx.DueVersions(instant(t, "2026-03-16 09:00"), 10)
		if len(due) != 1 {
			t.Fatalf("%d versions are due", len(due))
		}
		events, eventsErr := tx.DueEvents(due[0], instant(t, "2026-03-16 09:00"), c)
		if len(events) != 1 || events[0].Event != store.EventPublish {
			t.Errorf("due %+v", events)
		}
		if err == nil {
			err = eventsErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Each field is in the hash, and no two contents that differ have the same canonical form.
func TestContentHash(t *testing.T) {
	t.Parallel()
	base := store.ContentVersion{Title: "a", Body: "b", Audiences: []string{"x", "y"}}
	// SHA-256 of "title:1:a\nbody:1:b\ntitle_sv:0:\nbody_sv:0:\nlink:0:\nimage:0:\nimage_alt:0:\naudience:4:x, y\npublish_at:0:\n",
	// computed with sha256sum.
	const want = "22e7d62c5fb224766e421aaeef1a678fec4978951b68ccd486dd6ceea250b1fe"
	if got := base.Hash(); got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
	seen := map[string]bool{base.Hash(): true}
	for i, change := range []func(*store.ContentVersion){
		func(v *store.ContentVersion) { v.Title = "a\nbody:1:b" }, func(v *store.ContentVersion) { v.Title, v.Body = "ab", "" }, func(v *store.ContentVersion) { v.TitleSv = "a" },
		func(v *store.ContentVersion) { v.BodySv = "a" }, func(v *store.ContentVersion) { v.Link = "a" }, func(v *store.ContentVersion) { v.Image = "a" },
		func(v *store.ContentVersion) { v.ImageAlt = "a" }, func(v *store.ContentVersion) { v.Audiences = []string{"y", "x"} },
		func(v *store.ContentVersion) { v.PublishAt = time.UnixMilli(0) }, func(v *store.ContentVersion) { v.PublishAt = time.UnixMilli(1) },
	} {
		v := base
		change(&v)
		if h := v.Hash(); seen[h] {
			t.Errorf("change %d has the hash of another", i)
		} else {
			seen[h] = true
		}
	}
	// What is not content does not count.
	v := base
	v.ContentID, v.Version, v.EntryID, v.Comment, v.RequestedBy = 7, 3, "e", "c", "r"
	if v.Hash() != want {
		t.Error("the hash depends on more than the content")
	}
}

func TestMeetingNext(t *testing.T) {
	t.Parallel()
	c := helsinkiCalendar(t)
	m := store.Meeting{Kind: store.Management, First: store.NewDate(2026, 3, 10), Time: 12 * 60, Every: 2, Cutoff: 24}
	for _, tc := range []struct {
		after  string
		cutoff bool
		want   string
	}{
		{"2026-01-01 00:00", false, "2026-03-10"}, {"2026-03-09 11:59", true, "2026-03-10"}, {"2026-03-09 12:00", true, "2026-03-24"}, {"2026-03-09 12:00", false, "2026-03-10"},
		{"2026-03-10 11:59", false, "2026-03-10"}, {"2026-03-10 12:00", false, "2026-03-24"}, {"2026-03-24 11:59", false, "2026-03-24"}, {"2026-03-24 11:59", true, "2026-04-07"},
		{"2027-01-01 00:00", true, "2027-01-12"},
	} {
		if got := m.Next(instant(t, tc.after), c, tc.cutoff).String(); got != tc.want {
			t.Errorf("after %s (cut-off %v): %s, want %s", tc.after, tc.cutoff, got, tc.want)
		}
	}
	if d := m.Previous(instant(t, "2026-03-10 11:59"), c); d != 0 {
		t.Errorf("before the first there was one on %s", d)
	}
	if d := m.Previous(instant(t, "2026-03-24 13:00"), c); d.String() != "2026-03-24" {
		t.Errorf("previous %s", d)
	}
	m.Cutoff = store.MaxMeetingCutoff // longer than the time between two meetings
	if got := m.Next(instant(t, "2026-03-02 10:00"), c, true).String(); got != "2026-03-24" {
		t.Errorf("with the longest cut-off: %s", got)
	}
}
