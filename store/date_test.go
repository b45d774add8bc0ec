package store_test

import (
	"testing"

	"vuosikello/store"
)

// A day and a time that were read are written the same, and lie where a plan can be.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2026-03-01", "2026-02-30", "1900-01-01", "2199-12-31", "2200-01-01", "2026-3-1", "08:30", "24:00", "14.00", "7:05", "٢٠٢٦-٠٣-٠١", "2026-03-01T00:00:00Z", " 2026-03-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := store.ParseDate(s); err == nil && d.String() != s || err == nil && s != "" && (d.Year() < 1900 || d.Year() > 2199) {
			t.Errorf("%q is %v", s, d)
		}
		if clock, err := store.ParseTimeOfDay(s); err == nil {
			if again, err := store.ParseTimeOfDay(clock.String()); err != nil || again != clock || clock < 0 || clock > 1439 {
				t.Errorf("%q is %v, and that is %v (%v)", s, clock, again, err)
			}
		}
	})
}
