package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"

	"vuosikello/store"
)

// A calendar that reads the rule as RFC 5545 says, from the day it is given, shows the days of the series and no others.
func TestCalendarRule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		start, repeat, end string
		listed             bool // no rule: its days are listed
	}{
		{start: "2026-01-09", repeat: "viikoittain"},
		{start: "2026-01-07", repeat: "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"},             // begins after the start, in the week after next
		{start: "2026-01-07", repeat: "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE"},  // whose week begins on Sunday
		{start: "2026-01-07", repeat: "FREQ=WEEKLY;COUNT=5;BYDAY=MO,WE"},             // a count stands for a last day
		{start: "2026-01-05", repeat: "FREQ=DAILY;UNTIL=20260109T120000Z"},           // an end with a time of day
		{start: "2026-01-05", repeat: "viikoittain", end: "2026-02-01"},              // an end between two weeks
		{start: "2026-01-28", repeat: "kuukausittain"},                               // the last day that every month has
		{start: "2026-01-31", repeat: "kuukausittain", listed: true},                 // the last day of a shorter month
		{start: "2026-01-30", repeat: "FREQ=MONTHLY;COUNT=4", listed: true},          // likewise
		{start: "2028-02-29", repeat: "vuosittain", end: "2032-12-31", listed: true}, // likewise
		{start: "2026-03-15", repeat: "vuosittain", end: "2029-12-31"},
		{start: "2026-01-15", repeat: "FREQ=MONTHLY;BYDAY=2TU"},                 // not the start's own day
		{start: "2026-01-31", repeat: "FREQ=MONTHLY;BYDAY=-1FR"},                // a rule of its own, whatever the start
		{start: "2026-01-31", repeat: "FREQ=MONTHLY;INTERVAL=2;BYDAY=5MO"},      // months without a fifth one
		{start: "2026-01-01", repeat: "FREQ=MONTHLY;BYDAY=MO,FR", listed: true}, // calendars differ
		{start: "2026-01-01", repeat: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", listed: true},
		{start: "2026-01-01", repeat: "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO", listed: true},
	} {
		t.Run(tc.start+" "+tc.repeat, func(t *testing.T) {
			e := store.Entry{Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: "Sarja", Start: day(tc.start)}
			var err error
			if e.Repeat, err = store.ParseRecurrence(tc.repeat); err != nil {
				t.Fatal(err)
			}
			if tc.end != "" {
				e.End = day(tc.end)
			}
			e.Clock.Year = e.Start.Year()
			if err := e.Normalize(); err != nil {
				t.Fatal(err)
			}
			first, rule, ok := e.CalendarRule()
			if ok == tc.listed {
				t.Fatalf("rule %q, %v", rule, ok)
			}
			if !ok {
				return
			}
			o, err := rrule.StrToROption(rule)
			if err != nil {
				t.Fatal(err)
			}
			o.Dtstart = first.In(time.UTC, 0)
			r, err := rrule.NewRRule(*o)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, d := range r.All() {
				got = append(got, d.Format(time.DateOnly))
			}
			for _, o := range e.Occurrences() {
				want = append(want, o.Start.String())
			}
			if !slices.Equal(got, want) || !strings.HasPrefix(rule, "FREQ=") {
				t.Errorf("%s: %v\nwant %v", rule, got, want)
			}
		})
	}
}
