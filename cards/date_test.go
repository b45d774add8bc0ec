package cards_test

import (
	"testing"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

func TestDates(t *testing.T) {
	d := store.NewDate
	now := d(2026, 3, 2)
	for _, tt := range []struct{ got, want string }{
		{cards.Finnish.DateIn(d(2026, 3, 16), now), "ma 16.3. (14 päivän päästä)"},
		{cards.Swedish.DateIn(d(2026, 3, 16), now), "mån 16.3 (om 14 dagar)"},
		{cards.English.DateIn(d(2026, 3, 16), now), "Mon 16 Mar (in 14 days)"},
		{cards.Finnish.DateIn(now, now), "ma 2.3. (tänään)"},
		{cards.Finnish.DateIn(now+1, now), "ti 3.3. (huomenna)"},
		{cards.Finnish.DateIn(now-1, now), "su 1.3. (eilen)"},
		{cards.Finnish.DateIn(now-3, now), "pe 27.2. (3 päivää sitten)"},
		// the year is said when it is another
		{cards.Finnish.Date(d(2027, 1, 4), now), "ma 4.1.2027"},
		{cards.Swedish.Date(d(2027, 1, 4), now), "mån 4.1.2027"},
		{cards.English.Date(d(2027, 1, 4), now), "Mon 4 Jan 2027"},
		{cards.Finnish.Range(d(2026, 1, 12), d(2026, 2, 27), now), "12.1.–27.2."},
		{cards.Swedish.Range(d(2026, 1, 12), d(2026, 2, 27), now), "12.1–27.2"},
		{cards.English.Range(d(2026, 1, 12), d(2026, 2, 27), now), "12 Jan–27 Feb"},
		{cards.Finnish.Range(d(2026, 3, 1), d(2026, 3, 15), now), "1.–15.3."},
		{cards.Swedish.Range(d(2026, 3, 1), d(2026, 3, 15), now), "1–15.3"},
		{cards.English.Range(d(2026, 3, 1), d(2026, 3, 15), now), "1–15 Mar"},
		{cards.Finnish.Range(d(2026, 12, 28), d(2027, 1, 5), now), "28.12.2026–5.1.2027"},
		{cards.Finnish.Range(d(2027, 3, 1), d(2027, 4, 5), now), "1.3.–5.4.2027"},
		{cards.Finnish.Range(d(2026, 3, 16), d(2026, 3, 16), now), "ma 16.3."},
		{cards.Finnish.Range(d(2026, 3, 16), 0, now), "ma 16.3."},
		{cards.Finnish.RangeIn(d(2026, 2, 16), d(2026, 3, 6), now), "16.2.–6.3. (käynnissä)"},
		{cards.Finnish.RangeIn(d(2026, 3, 2), d(2026, 3, 6), now), "2.–6.3. (tänään)"},
		{cards.Finnish.RangeIn(d(2026, 2, 16), d(2026, 2, 27), now), "16.–27.2. (päättyi 3 päivää sitten)"},
		{cards.Finnish.DateTime(time.Date(2026, 3, 16, 14, 0, 0, 0, helsinki), now), "ma 16.3. klo 14.00"},
		{cards.Swedish.DateTime(time.Date(2026, 3, 16, 14, 0, 0, 0, helsinki), now), "mån 16.3 kl. 14.00"},
		{cards.English.DateTime(time.Date(2026, 3, 16, 14, 0, 0, 0, helsinki), now), "Mon 16 Mar at 14:00"},
		{cards.Finnish.MonthYear(2026, time.March), "maaliskuu 2026"},
		{cards.Finnish.FullDate(0), ""},
		{cards.Finnish.Number(12400), "12\u202f400"},
		{cards.Finnish.Number(999), "999"},
		{cards.Finnish.Number(1234567), "1\u202f234\u202f567"},
		{cards.Finnish.Number(-1000), "\u22121\u202f000"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

// The store knows holidays by their Finnish names; a card in another language has its own.
func TestHolidaysAreTranslated(t *testing.T) {
	e := campaign()
	for d := store.NewDate(2026, 1, 1); d < store.NewDate(2027, 1, 1); d++ {
		name := store.Holiday(d)
		if name == "" {
			continue
		}
		r := cards.Reminder{Entry: e, Occurrence: store.Occurrence{Start: d, End: d, Holiday: name}, Today: d - 7}
		for _, l := range []cards.Lang{cards.Swedish, cards.English} {
			if b := string(r.Card(l).AppendJSON(nil)); contains(b, name) {
				t.Errorf("%s has no word for %s", l, name)
			}
		}
	}
}
