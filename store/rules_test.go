package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/store"
)

func TestWorkdays2026(t *testing.T) {
	for _, tc := range []struct{ day, holiday, before, after string }{
		{"2026-01-01", "Uudenvuodenpäivä", "2025-12-31", "2026-01-02"},
		{"2026-01-05", "", "2026-01-05", "2026-01-05"},
		{"2026-01-06", "Loppiainen", "2026-01-05", "2026-01-07"},
		{"2026-04-02", "", "2026-04-02", "2026-04-02"},
		{"2026-04-03", "Pitkäperjantai", "2026-04-02", "2026-04-07"},
		{"2026-04-04", "", "2026-04-02", "2026-04-07"}, // a Saturday between holidays
		{"2026-04-05", "Pääsiäispäivä", "2026-04-02", "2026-04-07"},
		{"2026-04-06", "Toinen pääsiäispäivä", "2026-04-02", "2026-04-07"},
		{"2026-05-01", "Vappu", "2026-04-30", "2026-05-04"},
		{"2026-05-14", "Helatorstai", "2026-05-13", "2026-05-15"},
		{"2026-05-15", "", "2026-05-15", "2026-05-15"}, // many take the day off; it is a working day
		{"2026-06-19", "Juhannusaatto", "2026-06-18", "2026-06-22"},
		{"2026-06-20", "Juhannuspäivä", "2026-06-18", "2026-06-22"},
		{"2026-10-31", "Pyhäinpäivä", "2026-10-30", "2026-11-02"},
		{"2026-12-06", "Itsenäisyyspäivä", "2026-12-04", "2026-12-07"},
		{"2026-12-24", "Jouluaatto", "2026-12-23", "2026-12-28"},
		{"2026-12-26", "Tapaninpäivä", "2026-12-23", "2026-12-28"},
	} {
		d := day(tc.day)
		got := []string{store.Holiday(d), store.WorkdayOnOrBefore(d).String(), store.WorkdayOnOrAfter(d).String()}
		if diff := cmp.Diff([]string{tc.holiday, tc.before, tc.after}, got); diff != "" {
			t.Errorf("%s: %s", tc.day, diff)
		}
	}
}

// series is an entry of the 2026 clock with its reminders.
func series(t *testing.T, start, repeat string, leads ...int) *store.Entry {
	t.Helper()
	e := &store.Entry{Clock: store.Clock{Year: 2026}, Title: "A", Start: day(start), Repeat: repeat, Leads: leads}
	if err := e.Normalize(); err != nil {
		t.Fatal(err)
	}
	return e
}

// dues writes the days of an entry's reminders between two days.
func dues(e *store.Entry, from, to string) string {
	var out []string
	for _, d := range e.Dues(nil) {
		if d.Day < day(from) || d.Day > day(to) {
			continue
		}
		s := fmt.Sprintf("%s for %s", d.Day, d.Occurrence.Start.String()[5:])
		if d.Occurrence.Holiday != "" {
			s += " " + d.Occurrence.Holiday
		}
		if d.Materials {
			s += " materials"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// TestReminderDays2026 is a hand check of the sample clock's rows around each holiday of 2026, and of rows of its own
// where the sample touches none.
func TestReminderDays2026(t *testing.T) {
	materials := func(e *store.Entry, d string) *store.Entry {
		e.Materials = day(d)
		return e
	}
	for _, tc := range []struct {
		name, from, to string
		entry          *store.Entry
		want           string
	}{
		{"Loppiainen: työryhmän kokous 8.1., two days before is 6.1.", "2026-01-01", "2026-01-22", series(t, "2026-01-08", "FREQ=WEEKLY;INTERVAL=2", 2, 0),
			"2026-01-05 for 01-08; 2026-01-08 for 01-08; 2026-01-20 for 01-22; 2026-01-22 for 01-22"},
		{"Flunssakausi: the first lead is in the year before", "2025-12-01", "2026-01-31", materials(series(t, "2026-01-12", "", 14, 3, 0), "2026-01-05"),
			"2025-12-29 for 01-12; 2026-01-05 for 01-12 materials; 2026-01-09 for 01-12; 2026-01-12 for 01-12"},
		{"Easter: Viikkotiedote is on Good Friday, and keeps its date", "2026-03-30", "2026-04-10", series(t, "2026-01-09", "FREQ=WEEKLY", 1),
			"2026-04-02 for 04-03 Pitkäperjantai; 2026-04-09 for 04-10"},
		{"Easter: a lead on Easter Monday", "2026-03-01", "2026-04-30", series(t, "2026-04-13", "", 7, 0), "2026-04-02 for 04-13; 2026-04-13 for 04-13"},
		{"Terveystarkastus: materials on the day before Good Friday", "2026-03-01", "2026-04-30", materials(series(t, "2026-04-13", "", 14, 3, 0), "2026-04-02"),
			"2026-03-30 for 04-13; 2026-04-02 for 04-13 materials; 2026-04-10 for 04-13; 2026-04-13 for 04-13"},
		{"Vappu: Viikkotiedote is on it", "2026-04-27", "2026-05-07", series(t, "2026-01-09", "FREQ=WEEKLY", 1), "2026-04-30 for 05-01 Vappu; 2026-05-07 for 05-08"},
		{"Helatorstai: the working group meets on it", "2026-05-10", "2026-05-20", series(t, "2026-01-08", "FREQ=WEEKLY;INTERVAL=2", 2, 0),
			"2026-05-12 for 05-14 Helatorstai; 2026-05-13 for 05-14 Helatorstai"},
		{"Helatorstai: Viikkotiedote the day after", "2026-05-10", "2026-05-20", series(t, "2026-01-09", "FREQ=WEEKLY", 1), "2026-05-13 for 05-15"},
		{"Juhannus: päivityksestä tiedottaminen 24.6., five days before is juhannusaatto", "2026-06-01", "2026-06-30", series(t, "2026-03-24", "FREQ=MONTHLY;INTERVAL=3", 5, 1),
			"2026-06-18 for 06-24; 2026-06-23 for 06-24"},
		{"Itsenäisyyspäivä, a Sunday", "2026-12-01", "2026-12-31", series(t, "2026-12-07", "", 1, 0), "2026-12-04 for 12-07; 2026-12-07 for 12-07"},
		{"Christmas: from Thursday to Sunday nobody is at work", "2026-12-14", "2026-12-31", series(t, "2026-12-28", "", 3, 2, 1, 0), "2026-12-23 for 12-28; 2026-12-28 for 12-28"},
		{"Jouluaatto: päivityksestä tiedottaminen is on it", "2026-12-14", "2026-12-31", series(t, "2026-03-24", "FREQ=MONTHLY;INTERVAL=3", 5, 1), "2026-12-18 for 12-24 Jouluaatto; 2026-12-23 for 12-24 Jouluaatto"},
		{"Leads that fall on the same day are one", "2026-03-01", "2026-03-31", series(t, "2026-03-16", "", 3, 2, 1), "2026-03-13 for 03-16"},
		{"Leads of two occurrences on one day speak of the first", "2026-02-01", "2026-02-28", series(t, "2026-02-02", "FREQ=WEEKLY;COUNT=2", 7, 0), "2026-02-02 for 02-02; 2026-02-09 for 02-09"},
		{"Materials and a lead on one day are one", "2026-03-01", "2026-03-31", materials(series(t, "2026-03-16", "", 7), "2026-03-09"), "2026-03-09 for 03-16 materials"},
		{"Materials of a series are those of its first occurrence", "2026-03-01", "2026-05-31", materials(series(t, "2026-03-16", "FREQ=MONTHLY;COUNT=2", 0), "2026-03-08"),
			"2026-03-06 for 03-16 materials; 2026-03-16 for 03-16; 2026-04-16 for 04-16"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, dues(tc.entry, tc.from, tc.to)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestClockChanges: the post time is that on the wall, whatever the offset.
func TestClockChanges(t *testing.T) {
	for _, tc := range []struct {
		start string
		want  string
	}{
		{"2026-03-30", "2026-03-27T08:30:00+02:00 2026-03-30T08:30:00+03:00"}, // 29.3. has 23 hours
		{"2026-10-26", "2026-10-23T08:30:00+03:00 2026-10-26T08:30:00+02:00"}, // 25.10. has 25
	} {
		var got []string
		for _, d := range series(t, tc.start, "", 1, 0).Dues(nil) {
			got = append(got, calendar.PostAt(d.Day).Format(time.RFC3339))
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", tc.start, diff)
		}
	}
}

// TestMonthEnds: monthly from the 29th–31st is the last day of a shorter month, also as a bare rule.
func TestMonthEnds(t *testing.T) {
	for _, tc := range []struct{ start, repeat, want string }{
		{"2026-01-31", "kuukausittain", "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"},
		{"2026-01-30", "FREQ=MONTHLY", "01-30 02-28 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30"},
		{"2026-01-29", "FREQ=MONTHLY;COUNT=3", "01-29 02-28 03-29"},
		{"2026-08-31", "neljännesvuosittain", "08-31 11-30"},
		{"2026-01-31", "FREQ=MONTHLY;INTERVAL=1;UNTIL=20260430", "01-31 02-28 03-31 04-30"},
		{"2026-01-31", "FREQ=MONTHLY;WKST=MO;COUNT=2", "01-31 02-28"},
		{"2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "01-31 03-31 05-31"}, // who writes the day means it
		{"2026-01-28", "FREQ=MONTHLY;COUNT=3", "01-28 02-28 03-28"},
		{"2026-01-05", "FREQ=MONTHLY;BYDAY=1MO;COUNT=4", "01-05 02-02 03-02 04-06"},
	} {
		var got []string
		for _, o := range series(t, tc.start, tc.repeat, 1).Occurrences() {
			got = append(got, o.Start.String()[5:])
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s %s: %s", tc.start, tc.repeat, diff)
		}
	}
}

// TestCatchUp: of each occurrence within a week or running, the latest lead already past is made up for.
func TestCatchUp(t *testing.T) {
	for _, tc := range []struct {
		name, now string
		entry     *store.Entry
		want      string
	}{
		{"the latest of two past leads", "2026-03-10 12:00", series(t, "2026-03-16", "", 21, 14, 3), "03-16/14"},
		{"a lead of today after the post time", "2026-03-13 09:00", series(t, "2026-03-16", "", 7, 3), "03-16/3"},
		{"a lead of today before the post time is not past", "2026-03-13 08:00", series(t, "2026-03-16", "", 7, 3), "03-16/7"},
		{"eight days ahead is too far", "2026-03-08 12:00", series(t, "2026-03-16", "", 14), ""},
		{"seven days ahead is not", "2026-03-09 12:00", series(t, "2026-03-16", "", 14), "03-16/14"},
		{"no lead is past", "2026-03-10 12:00", series(t, "2026-03-16", "", 3), ""},
		{"over", "2026-03-17 12:00", series(t, "2026-03-16", "", 3), ""},
		{"each occurrence of a daily series", "2026-03-16 12:00", series(t, "2026-03-16", "FREQ=DAILY;COUNT=3", 1), "03-16/1 03-17/1"},
		{"a lead moved back over the weekend is past on Saturday", "2026-03-14 12:00", series(t, "2026-03-16", "", 1), "03-16/1"},
	} {
		var got []string
		for _, d := range tc.entry.CatchUp(at(tc.now), calendar, nil) {
			got = append(got, fmt.Sprintf("%s/%d", d.Occurrence.Start.String()[5:], d.Lead))
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
	running := series(t, "2026-03-16", "", 3, 0)
	running.End = day("2026-05-29")
	if got := running.CatchUp(at("2026-05-01 12:00"), calendar, nil); len(got) != 1 || got[0].Lead != 0 {
		t.Errorf("running campaign: %v", got)
	}
}
