package store

import (
	"cmp"
	"slices"
	"time"
)

// lateAfter is how long after its due time a reminder is marked late.
const lateAfter = 15 * time.Minute

// catchUpDays is how near an occurrence must be for a reminder that was past already when the entry was made.
const catchUpDays = 7

// mergeDues sorts dues by day and makes one of those that share a day: the one whose occurrence comes first, with the
// smallest lead, and with the materials mark of any.
func mergeDues(dues []Due) []Due {
	slices.SortStableFunc(dues, func(a, b Due) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Occurrence.Start, b.Occurrence.Start), cmp.Compare(a.Lead, b.Lead))
	})
	out := dues[:0]
	for _, d := range dues {
		if n := len(out); n > 0 && out[n-1].Day == d.Day {
			out[n-1].Materials = out[n-1].Materials || d.Materials
			continue
		}
		out = append(out, d)
	}
	return out
}

// CatchUp returns the reminders that are made up for when the entry is created, imported or moved at now: for each
// occurrence that begins within 7 days or is running, the latest lead that is already past. The materials day is not
// made up.
func (e *Entry) CatchUp(now time.Time, c Calendar, done map[Date]bool) []Due {
	if e.State != Planned {
		return nil
	}
	today := c.Today(now)
	var out []Due
	for _, o := range e.OccurrencesBetween(today, today+catchUpDays) {
		if done[o.Start] {
			continue
		}
		latest := -1
		for _, lead := range e.Leads { // descending, so the last past one is the latest
			if !c.PostAt(WorkdayOnOrBefore(o.Start - Date(lead))).After(now) {
				latest = lead
			}
		}
		if latest >= 0 {
			out = append(out, Due{Occurrence: o, Lead: latest})
		}
	}
	return out
}

// ReminderOrigin says why a reminder is posted on its day.
type ReminderOrigin string

// The origins of a reminder.
const (
	OriginLead    ReminderOrigin = "lead"     // one of the entry's leads, or its materials day
	OriginCatchUp ReminderOrigin = "catch_up" // made up for when the entry was made
	OriginSnooze  ReminderOrigin = "snooze"   // somebody pressed Later
)

// ReminderStatus is what people have done with a reminder.
type ReminderStatus string

// The statuses of a reminder.
const (
	ReminderOpen    ReminderStatus = "open"
	ReminderDone    ReminderStatus = "done"
	ReminderSnoozed ReminderStatus = "snoozed"
)

// Reminder is a reminder that was posted, or is waiting for its moment.
type Reminder struct {
	ID         int64
	EntryID    string
	Day        Date // the working day it is due on
	Occurrence Date // first day of the occurrence it speaks of
	Ends       Date // last day of that occurrence
	Lead       int
	Materials  bool
	Origin     ReminderOrigin
	DueAt      time.Time
	Status     ReminderStatus
	StatusBy   string // AAD object id
	StatusAt   time.Time
	Until      Date // snoozed until this day
}

// MaxSnooze is the longest time, in days, that a reminder can be put off at once.
const MaxSnooze = 60
