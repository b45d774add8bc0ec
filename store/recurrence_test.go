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

// Whatever people write as a rule is refused with a sentence for them, or is a rule in its canonical form, which reads as
// itself.
func FuzzParseRecurrence(f *testing.F) {
	for _, seed := range []string{"", "viikoittain", "joka 2. viikko", "every 99 weeks", "kvartalsvis", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=2", "FREQ=MONTHLY;BYDAY=5FR",
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;COUNT=0", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=WEEKLY;BYDAY=", "FREQ=YEARLY;BYEASTER=0", "FREQ=DAILY;UNTIL=20260101T000000Z", "FREQ==;;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
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
	})
}
