package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"vuosikello/store"
)

// What is kept of a year is found out of date by the version of the plan, so whatever changes what a year is must change that.
func TestPlanVersion(t *testing.T) {
	db := mustOpen(t)
	now := at("2026-01-05 09:00")
	version := func() (v int64) {
		mustRead(t, db, func(tx *store.Tx) (err error) { v, err = tx.PlanVersion(); return err })
		return v
	}
	e := &store.Entry{ID: "e1", Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: "Flunssakausi", Start: day("2026-03-02"), End: day("2026-03-06"),
		Campaign: "Talvi", Leads: []int{0}, State: store.Planned}
	last := version()
	step := func(what string, changes bool, fn func(tx *store.Tx) error) {
		t.Helper()
		mustWrite(t, db, fn)
		v := version()
		if changes != (v > last) {
			t.Errorf("%s: from version %d to %d", what, last, v)
		}
		last = v
	}
	edit := func(what string, changes bool, change func(e *store.Entry)) {
		t.Helper()
		step(what, changes, func(tx *store.Tx) error {
			e, err := tx.Entry("e1")
			if err != nil {
				return err
			}
			change(e)
			return tx.UpdateEntry(e, now, calendar)
		})
	}
	step("added", true, func(tx *store.Tx) error { return tx.AddEntry(e, now, calendar) })
	edit("title", true, func(e *store.Entry) { e.Title = "Influenssa" })
	edit("start", true, func(e *store.Entry) { e.Start++ })
	edit("end", true, func(e *store.Entry) { e.End++ })
	edit("campaign", true, func(e *store.Entry) { e.Campaign = "Kevät" })
	edit("owner", true, func(e *store.Entry) { e.Owner = "Viestintätiimi" })
	edit("clock", true, func(e *store.Entry) { e.Clock.Name = "HR" })
	edit("rule", true, func(e *store.Entry) { e.Repeat, e.End = "FREQ=WEEKLY", 0 })
	edit("goal, which no picture shows", false, func(e *store.Entry) { e.Goal = "Ajanvaraukset" })
	edit("audiences, which are read with what is shown", false, func(e *store.Entry) { e.Audiences = []string{"Asukkaat"} })
	edit("done", false, func(e *store.Entry) { e.State = store.Done })
	edit("cancelled", true, func(e *store.Entry) { e.State = store.Cancelled })
	edit("planned again", true, func(e *store.Entry) { e.State = store.Planned })
	step("removed", true, func(tx *store.Tx) error { return tx.RemoveEntry("e1", now, calendar) })
	step("nothing", false, func(*store.Tx) error { return nil })
}

// Slots are the occurrences of Entries, and CampaignSpans their campaigns.
func TestSlots(t *testing.T) {
	db := mustOpen(t)
	now := at("2026-01-05 09:00")
	add := func(id, start, end, repeat, campaign string, state store.EntryState) *store.Entry {
		e := &store.Entry{ID: id, Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: id, Start: day(start), Repeat: repeat, Campaign: campaign, Leads: []int{0}, State: state}
		if end != "" {
			e.End = day(end)
		}
		return e
	}
	entries := []*store.Entry{
		add("c viikoittain", "2025-12-29", "", "FREQ=WEEKLY", "Talvi", store.Planned),
		add("b alkoi viime vuonna", "2025-12-01", "2026-01-10", "", "TALVI", store.Planned),
		add("a peruttu", "2026-01-05", "2026-02-10", "", "Peruttu", store.Cancelled),
		add("d tehty", "2026-01-05", "", "", "Muu", store.Done),
		add("e ensi vuonna", "2027-01-01", "", "", "Muu", store.Planned),
	}
	entries[0].Clock.Year = 2025 // ends with that year
	mustWrite(t, db, func(tx *store.Tx) error {
		for _, e := range entries {
			if err := tx.AddEntry(e, now, calendar); err != nil {
				return err
			}
		}
		return nil
	})
	from, to := day("2025-12-30"), day("2026-12-31")
	var got, want []string
	mustRead(t, db, func(tx *store.Tx) error {
		slots, err := tx.Slots(from, to)
		for _, s := range slots {
			got = append(got, s.Start.String()+" "+s.Entry+" "+s.CampaignKey)
		}
		return err
	})
	want = []string{"2025-12-01 b alkoi viime vuonna talvi", "2026-01-05 a peruttu peruttu", "2026-01-05 d tehty muu"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	mustRead(t, db, func(tx *store.Tx) error {
		spans, err := tx.CampaignSpans(store.EntryFilter{From: from, To: to})
		if diff := cmp.Diff([]store.CampaignSpan{{Name: "TALVI", First: day("2025-12-01"), Last: day("2026-01-10")}, {Name: "Muu", First: day("2026-01-05"), Last: day("2026-01-05")}}, spans); diff != "" {
			t.Error(diff)
		}
		n, countErr := tx.CountEntries(store.EntryFilter{From: from, To: to, Clock: "VUOSIKELLO"})
		if n != 4 || countErr != nil {
			t.Errorf("%d entries, %v", n, countErr)
		}
		return err
	})
}
