package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/store"
)

// keptLonger are columns that hold data by the retention of text or attendance and keep it for another reason.
var keptLonger = []string{
	"need.text", "need.asked_by", // of a need that waits for an answer
	"content.form",                      // of what became a publication
	"attendance.who", "attendance.name", // of a session to come
}

func TestRetainLeavesNumbers(t *testing.T) {
	db, raw := peopled(t)
	now := at("2026-01-05 12:00")
	want := store.Tally{"acknowledgement": 2, "attendance": 3, "feedback": 3, "need": 1, "agenda_outcome": 1, "post": 2, "content": 1, "reach_member": 2, "reach_signal": 2}
	before := dump(t, raw)
	for _, dry := range []bool{true, false} {
		done, err := db.Retain(t.Context(), now, store.DefaultRetention, dry)
		if err != nil {
			t.Fatal(err)
		}
		if done.String() != want.String() {
			t.Errorf("dry run %v: %s, want %s", dry, done, want)
		}
		if dry && len(found(dump(t, raw), maijas...)) != len(found(before, maijas...)) {
			t.Error("a dry run changed something")
		}
	}
	values := dump(t, raw)
	left := found(values, append(maijas, kalle)...)
	for _, c := range personalData(t, db) {
		if strings.HasPrefix(c.HowLong, "by the retention") && slices.Contains(left, c.Name()) && !slices.Contains(keptLonger, c.Name()) {
			t.Errorf("%s still names people", c.Name())
		}
	}
	if n := len(values["attendance.who"]); n != 2 {
		t.Errorf("%d rows of attendance left, want those of the session to come", n)
	}
	if got := values["need.text"]; got[0] != "" || got[1] == "" {
		t.Errorf("needs %q: only the one that waits for an answer keeps its text", got)
	}
	if got := values["feedback.topic"]; got[0] != "" {
		t.Errorf("topic %q", got)
	}
	checkNumbers(t, db)
	mustRead(t, db, func(tx *store.Tx) error {
		var last string
		if err := tx.AuditRecords(func(r *store.AuditRecord) error {
			last = r.Action + " " + r.Detail
			return nil
		}); err != nil {
			return err
		}
		if last != "retention.run "+want.String() {
			t.Errorf("audited as %q", last)
		}
		_, _, err := tx.VerifyAudit()
		return err
	})
	// The next night there is nothing to do, and nothing to audit.
	again, err := db.Retain(t.Context(), now.AddDate(0, 0, 1), store.DefaultRetention, false)
	if err != nil || again.Total() != 0 {
		t.Errorf("the next night: %s, %v", again, err)
	}
	if n := len(dump(t, raw)["audit.seq"]); n != 4 {
		t.Errorf("%d audit records, want 4", n)
	}
}

// A publication that was corrected lately keeps its newer acknowledgements; the older ones are numbers already.
func TestRetainACorrectedPublication(t *testing.T) {
	db, raw := peopled(t)
	if _, err := raw.Exec(`UPDATE content_version SET published_at = $1; UPDATE acknowledgement SET at = $2 WHERE person_id = $3`,
		at("2025-12-01 09:00").UnixMilli(), at("2025-12-02 09:00").UnixMilli(), kalle); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`INSERT INTO content_version (content_id, version, sha256, entry_id, title, body, title_sv, body_sv, link, image, image_alt, audiences, publish_at, checklist, approval, requested_by, requested_at,
		decision, decided_by, decided_at, comment, meeting_date, published_at, withdrawn_at, withdrawn_by, handled_at, next_at) SELECT content_id, 2, sha256, entry_id, title, body, title_sv, body_sv, link, image, image_alt, audiences, publish_at, checklist, approval, requested_by, requested_at,
		decision, decided_by, decided_at, comment, meeting_date, $1, withdrawn_at, withdrawn_by, handled_at, next_at FROM content_version`, at("2023-01-01 14:00").UnixMilli()); err != nil {
		t.Fatal(err)
	}
	done, err := db.Retain(t.Context(), at("2026-01-05 12:00"), store.DefaultRetention, false)
	if err != nil || done["acknowledgement"] != 1 {
		t.Errorf("%s, %v", done, err)
	}
	if got := dump(t, raw)["acknowledgement.person_id"]; !slices.Equal(got, []string{kalle}) {
		t.Errorf("left: %v", got)
	}
	checkNumbers(t, db)
}

// A run that is cut off has taken whole publications and sessions, and the next one goes on and audits both.
func TestRetainIsTakenUpAgain(t *testing.T) {
	db, raw := peopled(t)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := raw.Exec(`CREATE TRIGGER stop BEFORE DELETE ON attendance BEGIN SELECT raise(ABORT, 'cut off'); END`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Retain(ctx, at("2026-01-05 12:00"), store.DefaultRetention, false); err == nil {
		t.Fatal("nothing cut it off")
	}
	cancel()
	checkNumbers(t, db)
	if n := len(dump(t, raw)["attendance.who"]); n != 5 {
		t.Errorf("%d rows of attendance left of 5", n)
	}
	if _, err := db.Retain(ctx, at("2026-01-05 12:00"), store.DefaultRetention, false); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that may not begin: %v", err)
	}
	if _, err := raw.Exec(`DROP TRIGGER stop`); err != nil {
		t.Fatal(err)
	}
	done, err := db.Retain(t.Context(), at("2026-01-06 12:00"), store.DefaultRetention, false)
	if err != nil || done["acknowledgement"] != 2 || done["attendance"] != 3 {
		t.Errorf("the next run reports %s, %v", done, err)
	}
	checkNumbers(t, db)
}

func TestRetentionCountsWholeMonths(t *testing.T) {
	for _, tt := range []struct {
		now    string
		months int
		want   string
	}{
		{"2026-01-05 12:00", 12, "2025-01-05 12:00"},
		{"2026-03-31 12:00", 1, "2026-02-28 12:00"}, // not the 3rd of March
		{"2024-02-29 12:00", 12, "2023-02-28 12:00"},
		{"2026-05-31 12:00", 24, "2024-05-31 12:00"},
	} {
		if got := (store.Retention{Attendance: tt.months}).AttendanceSince(at(tt.now)); !got.Equal(at(tt.want)) {
			t.Errorf("%d months before %s: %s, want %s", tt.months, tt.now, got.In(helsinki).Format(time.DateTime), tt.want)
		}
	}
}

// An old draft of a digest goes like any other; the digest itself, which names nobody, stays.
func TestRetainADigestsDraft(t *testing.T) {
	db, _ := peopled(t)
	now := at("2026-01-05 12:00")
	written := at("2023-01-05 12:00")
	var id int64
	mustWrite(t, db, func(tx *store.Tx) error {
		e := store.Entry{Clock: store.Clock{Year: 2023}, Title: "Viikkotiedote", Start: store.NewDate(2023, time.January, 6), Leads: []int{1}}
		if err := tx.AddEntry(&e, written, calendar); err != nil {
			return err
		}
		d, err := tx.DigestFor(e.ID, e.Start, "")
		if err != nil {
			return err
		}
		id = d.ID
		draft := store.Draft{EntryID: e.ID, AuthorID: "x", Form: map[string]string{"body": "Teksti"}}
		if err := tx.SaveDraft(&draft, written); err != nil {
			return err
		}
		return tx.SetDigestContent(d, draft.ID)
	})
	done, err := db.Retain(t.Context(), now, store.DefaultRetention, false)
	if err != nil {
		t.Fatal(err)
	}
	if done["content"] != 2 { // one is that of everybody's
		t.Errorf("aged out %s", done)
	}
	mustRead(t, db, func(tx *store.Tx) error {
		d, err := tx.Digest(id)
		if err == nil && d.ContentID != 0 {
			t.Errorf("the digest has the content %d still", d.ContentID)
		}
		return err
	})
}
