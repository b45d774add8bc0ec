package store_test

import (
	"testing"

	"vuosikello/store"
)

// TestParseRecurrenceRefuses checks rules that would keep the rule engine looking for centuries, or that say nothing.
func TestParseRecurrenceRefuses(t *testing.T) {
	for _, rule := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYSETPOS=5", "FREQ=WEEKLY;BYWEEKNO=60", "FREQ=MONTHLY;BYYEARDAY=400",
		"FREQ=HOURLY", "FREQ=WEEKLY;BYHOUR=9", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=", "joka 60. viikko", "silloin tällöin", "RRULE:",
		"FREQ=WEEKLY;DTSTART=20260101", "FREQ=WEEKLY;UNTIL=huomenna",
	} {
		if got, err := store.ParseRecurrence(rule); !store.IsKind(err, store.KindInvalid) {
			t.Errorf("%s: %q, %v", rule, got, err)
		}
	}
}
