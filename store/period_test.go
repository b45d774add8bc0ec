package store_test

import (
	"errors"
	"strings"
	"testing"

	"vuosikello/store"
)

func keyOf(err error) string {
	var e *store.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestParsePeriod(t *testing.T) {
	for _, tc := range []struct{ text, want, days string }{
		{"2024", "2024", "2024-01-01 2024-12-31"},
		{"2025Q2", "2025Q2", "2025-04-01 2025-06-30"},
		{"q4/2025", "2025Q4", "2025-10-01 2025-12-31"},
		{"2025-06", "2025-06", "2025-06-01 2025-06-30"},
		{"2/2024", "2024-02", "2024-02-01 2024-02-29"},
		{"2026-W06", "2026-W06", "2026-02-02 2026-02-08"},
		{"vko 53/2026", "2026-W53", "2026-12-28 2027-01-03"},
		{"2025-12-31", "2025-12-31", "2025-12-31 2025-12-31"},
		{" 31.12.2025 ", "2025-12-31", "2025-12-31 2025-12-31"},
		{"2025-01/2025-06", "2025-01/2025-06", "2025-01-01 2025-06-30"},
		{"1–6/2025", "2025-01/2025-06", "2025-01-01 2025-06-30"},
		{"1.1.–31.5.2025", "2025-01/2025-05", "2025-01-01 2025-05-31"},
		{"15.12.2025 - 14.1.2026", "2025-12-15/2026-01-14", "2025-12-15 2026-01-14"},
		{"2024Q3/2025Q1", "2024-07/2025-03", "2024-07-01 2025-03-31"},
		{"2023/2024", "2023-01/2024-12", "2023-01-01 2024-12-31"},
		// The same days are the same period.
		{"2025-01/2025-12", "2025", "2025-01-01 2025-12-31"},
		{"2025-04/2025-06", "2025Q2", "2025-04-01 2025-06-30"},
		{"2026-02-02/2026-02-08", "2026-W06", "2026-02-02 2026-02-08"},
	} {
		p, err := store.ParsePeriod(tc.text)
		if err != nil {
			t.Errorf("%q: %v", tc.text, err)
			continue
		}
		if got := p.String(); got != tc.want {
			t.Errorf("%q is %s, want %s", tc.text, got, tc.want)
		}
		if got := p.Start.String() + " " + p.End.String(); got != tc.days {
			t.Errorf("%q has the days %s, want %s", tc.text, got, tc.days)
		}
	}
	for text, want := range map[string]string{
		"": "invalid.period", "kevät": "invalid.period", "2025Q5": "invalid.period", "2025-13": "invalid.period", "2025-W54": "invalid.period", "31.2.2025": "invalid.period",
		"25": "invalid.period", "1899": "invalid.period", "2025-06/": "invalid.period", "6/25": "invalid.period", "2025-06-00": "invalid.period",
		"2025-06/2025-01": "invalid.period_backwards", "2000/2025": "invalid.period_long", strings.Repeat("2025/", 5000): "invalid.period",
	} {
		if _, err := store.ParsePeriod(text); keyOf(err) != want {
			t.Errorf("%.20q gives %v, want %s", text, err, want)
		}
	}
}

func TestParseAmount(t *testing.T) {
	for _, tc := range []struct{ text, want, unit string }{
		{"12400", "12400", ""}, {"12 400", "12400", ""}, {"12\u00a0400\u202f000", "12400000", ""}, {"12\u2009400 kpl", "12400", "kpl"}, {"1 234,5 kpl kk", "1234.5", "kpl kk"},
		{"1.234,5", "1234.5", ""}, {"1,234.5", "1234.5", ""}, {"1'234’567", "1234567", ""}, {"1.234.567", "1234567", ""}, {"12,5", "12.5", ""}, {"12.5", "12.5", ""},
		{"-0,25", "-0.25", ""}, {"−3", "-3", ""}, {"+7", "7", ""}, {"45,5 %", "45.5", "%"}, {"45%", "45", "%"}, {"0,125", "0.125", ""}, {"1234,567", "1234.567", ""}, {"12 400,125", "12400.125", ""},
		{"0,00005", "0.0001", ""}, {"1,23456789", "1.2346", ""}, {"007", "7", ""}, {"100 €/kk", "100", "€/kk"}, {"5 m2", "5", "m2"}, {"100000000000", "100000000000", ""},
	} {
		a, unit, err := store.ParseAmount(tc.text)
		if err != nil || a.String() != tc.want || unit != tc.unit {
			t.Errorf("%q is %s %q (%v), want %s %q", tc.text, a, unit, err, tc.want, tc.unit)
		}
	}
	for text, want := range map[string]string{
		"": "invalid.amount", "kpl": "invalid.amount", "-": "invalid.amount", ",5": "invalid.amount", "12,": "invalid.amount", "1 2345": "invalid.amount", "12 34": "invalid.amount",
		"1,2,3": "invalid.amount", "1.234,567,8": "invalid.amount", "1 234.567.890": "invalid.amount", "5 -3": "invalid.amount", "1e6": "invalid.amount", "12:30": "invalid.amount", "1/2": "invalid.amount", "٣": "invalid.amount",
		"12,400": "invalid.amount_ambiguous", "1.234 kpl": "invalid.amount_ambiguous", "1,2 milj.": "invalid.amount_scale", "12k": "invalid.amount_scale",
		"100000000001": "invalid.amount_large", strings.Repeat("9", 40): "invalid.amount",
	} {
		if _, _, err := store.ParseAmount(text); keyOf(err) != want {
			t.Errorf("%.20q gives %v, want %q", text, err, want)
		}
	}
}

// A period or a number that was read reads the same when written.
func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2024", "2025Q2", "2025-06", "2026-W06", "2025-12-31", "2025-01/2025-06", "1.1.–31.5.2025", "vko 6/2026", "1–6/2025"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := store.ParsePeriod(s)
		if err != nil {
			if keyOf(err) == "" {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if again, err := store.ParsePeriod(p.String()); err != nil || again != p {
			t.Fatalf("%q is %v, written %s, which is %v (%v)", s, p, p, again, err)
		}
		if b := p.Before(); b.End < b.Start || b.End >= p.End {
			t.Fatalf("before %s comes %s", p, b)
		}
	})
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"12 400", "1.234,5 kpl", "-0,25", "45 %", "12,400", "1'234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, unit, err := store.ParseAmount(s)
		if err != nil {
			if keyOf(err) == "" {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		text := a.String()
		if strings.HasPrefix(unit, "0") {
			t.Fatalf("%q has the unit %q", s, unit)
		}
		if again, _, err := store.ParseAmount(text); err != nil && keyOf(err) != "invalid.amount_ambiguous" || err == nil && again != a {
			t.Fatalf("%q is %s, which is %s (%v)", s, text, again, err)
		}
	})
}
