package store_test

import (
	"testing"
	"time"

	"vuosikello/store"
)

// TestParseRecurrenceRefuses checks rules that would keep the rule engine looking for centuries, or that say nothing.
func TestParseRecurrenceRefuses(t *testing.T) {
	for _, rule := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYSETPOS=5", "FREQ=WEEKLY;BYWEEKNO=60", "FREQ=MONTHLY;BYYEARDAY=400",
		"FREQ=HOURLY", "FREQ=WEEKLY;BYHOUR=9", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=", "joka 60. viikko", "silloin tällöin", "RRULE:",
		"FREQ=WEEKLY;DTSTART=20260101", "FREQ=WEEKLY;UNTIL=huomenna", "FREQ=WEEKLY;UNTIL=00010101", "FREQ=WEEKLY;INTERVAL=+2", "FREQ=WEEKLY;WKST=5MO", "FREQ=MONTHLY;BYMONTH=13",
		"FREQ=WEEKLY;BYDAY=2MO", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=-53MO", "FREQ=YEARLY;BYMONTH=12;BYDAY=53MO", "FREQ=YEARLY;BYDAY=-54MO", "FREQ=YEARLY;BYWEEKNO=6;BYDAY=1MO",
	} {
		if got, err := store.ParseRecurrence(rule); !store.IsKind(err, store.KindInvalid) {
			t.Errorf("%s: %q, %v", rule, got, err)
		}
	}
}

// Whatever people write as a rule is refused with a sentence for them, or is a rule in its canonical form that reads as
// itself; and whatever series it makes has days in order, between its first and its last, in few words for calendars, and goes on
// in another year.
func FuzzParseRecurrence(f *testing.F) {
	for _, seed := range []string{"", "viikoittain", "joka 2. viikko", "every 99 weeks", "kvartalsvis", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=2", "FREQ=MONTHLY;BYDAY=5FR",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;COUNT=0", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=WEEKLY;BYDAY=", "FREQ=YEARLY;BYEASTER=0", "FREQ=DAILY;UNTIL=20260101T000000Z", "FREQ==;;"} {
		f.Add(seed, uint16(46_000), uint16(0))
	}
	f.Fuzz(func(t *testing.T, text string, start, length uint16) {
		rule, err := store.ParseRecurrence(text)
		if err != nil {
			if !store.IsKind(err, store.KindInvalid) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if again, err := store.ParseRecurrence(rule); err != nil || again != rule {
			t.Errorf("%q is %q, and that is %q, %v", text, rule, again, err)
		}
		e := &store.Entry{ID: "a", Title: "A", Start: store.NewDate(1900, time.January, 1) + store.Date(start), Repeat: rule}
		e.Clock.Year = e.Start.Year()
		if length > 0 {
			e.End = e.Start + store.Date(length) // otherwise the end of the year
		}
		if err := e.Normalize(); err != nil {
			if !store.IsKind(err, store.KindInvalid) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		days := e.Occurrences()
		for i, o := range days {
			if o.Start < e.Start || i > 0 && o.Start <= days[i-1].Start || e.End != 0 && o.Start > e.End || e.End == 0 && o.Start.Year() != e.Start.Year() && rule != "" {
				t.Fatalf("%q from %v to %v has %v after %v", rule, e.Start, e.End, o.Start, days[:i])
			}
		}
		if len(days) == 0 || len(days) > 1100 {
			t.Fatalf("%q from %v to %v has %d days", rule, e.Start, e.End, len(days))
		}
		if first, short, ok := e.CalendarRule(); ok && (first != days[0].Start || !reads(short)) {
			t.Errorf("%q is %q from %v for calendars", rule, short, first)
		}
		for _, p := range store.Rollover([]*store.Entry{e}, e.Clock.Year+1) {
			if p.Err != nil {
				continue // such as a day that the next year does not have
			}
			if next := *p.New; next.Normalize() != nil || !next.SameContent(p.New) {
				t.Errorf("%q is proposed as %+v, which is not in its canonical form", rule, p.New)
			}
		}
	})
}

func reads(rule string) bool {
	_, err := store.ParseRecurrence(rule)
	return err == nil
}
