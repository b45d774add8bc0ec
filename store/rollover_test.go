package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/store"
)

// Weekday rules, movable feasts and single entries from 2026 to 2027, worked out by hand: Easter is 5.4.2026 and 28.3.2027,
// Midsummer Day 20.6.2026 and 26.6.2027, and 2026 has an ISO week 53.
func TestRollover(t *testing.T) {
	for _, tc := range []struct{ title, start, end, repeat, want string }{
		{"Viikkotiedote", "2026-01-09", "", "FREQ=WEEKLY", "series 2027-01-08 0 FREQ=WEEKLY"},                                               // 2.1. was left out; Friday 1.1.2027 is a holiday
		{"Viikkotiedote", "2026-01-09", "", "FREQ=WEEKLY;BYDAY=FR", "series 2027-01-08 0 FREQ=WEEKLY;BYDAY=FR"},                             // the same, said otherwise
		{"Viikkopalaveri", "2026-01-12", "2026-12-14", "FREQ=WEEKLY", "series 2027-01-04 2027-12-14 FREQ=WEEKLY"},                           // Mondays: 5.1.2026 before Epiphany was left out
		{"Keskiviikko", "2026-01-07", "", "FREQ=WEEKLY", "series 2027-01-13 0 FREQ=WEEKLY"},                                                 // 6.1.2027 is Epiphany
		{"Päivystys", "2026-01-01", "", "FREQ=WEEKLY", "series 2027-01-07 0 FREQ=WEEKLY"},                                                   // began on a holiday, and need not now
		{"Päivystys", "2026-01-06", "", "FREQ=WEEKLY;INTERVAL=2", "series 2027-01-05 0 FREQ=WEEKLY;INTERVAL=2"},                             // 22.12.2026 and two weeks
		{"Talven sarja", "2026-01-09", "2026-03-27", "FREQ=WEEKLY", "series 2027-01-15 2027-03-27 FREQ=WEEKLY"},                             // not all year: Friday of week 2
		{"Helmikuusta", "2026-02-06", "", "FREQ=WEEKLY", "series 2027-02-12 0 FREQ=WEEKLY"},                                                 // not from the beginning: Friday of week 6
		{"Lopullinen", "2026-01-09", "", "FREQ=WEEKLY;UNTIL=20261218", "series 2027-01-08 0 FREQ=WEEKLY;UNTIL=20271218"},                    // its own end does not hide its rhythm
		{"Joka toinen torstai", "2026-01-08", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "series 2027-01-07 0 FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"}, // as the next one
		{"Työryhmä", "2026-01-08", "", "FREQ=WEEKLY;INTERVAL=2", "series 2027-01-07 0 FREQ=WEEKLY;INTERVAL=2"},                              // its rhythm goes on: 24.12.2026 and two weeks
		{"Syksyn sarja", "2026-09-01", "2026-11-24", "FREQ=WEEKLY", "series 2027-09-07 2027-11-24 FREQ=WEEKLY"},                             // Tuesday of week 36
		{"Kuukausi", "2026-01-31", "", "FREQ=MONTHLY", "series 2027-01-31 0 FREQ=MONTHLY"},                                                  //
		{"Toinen tiistai", "2026-01-13", "", "FREQ=MONTHLY;BYDAY=2TU", "series 2027-01-12 0 FREQ=MONTHLY;BYDAY=2TU"},                        //
		{"Viimeinen perjantai", "2026-03-27", "", "FREQ=MONTHLY;BYDAY=-1FR", "series 2027-03-26 0 FREQ=MONTHLY;BYDAY=-1FR"},                 //
		{"Päättyvä", "2026-02-02", "", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260430", "series 2027-02-01 0 FREQ=WEEKLY;BYDAY=MO;UNTIL=20270430"},
		{"Pääsiäisen palvelut 2026", "2026-03-23", "2026-04-06", "", "feast 2027-03-15 2027-03-29 "},
		{"Juhannuksen päivystys", "2026-06-15", "", "", "feast 2027-06-21 2027-06-21 "},
		{"Juhannuskampanjan tulokset", "2026-11-02", "", "", "once 2027-11-08 2027-11-08 "}, // too far from the feast to move with it
		{"Flunssakausi", "2026-01-12", "2026-02-27", "", "once 2027-01-18 2027-03-05 "},     // Monday of week 3
		{"Uusivuosi", "2026-01-01", "", "", "once 2027-01-07 2027-01-07 "},                  // Thursday of week 1
		{"Viikko 53", "2026-12-30", "", "", "once 2027-12-29 2027-12-29 "},                  // 2027 ends with week 52
	} {
		e := &store.Entry{ID: "a", Clock: store.Clock{Year: 2026}, Title: tc.title, Start: day(tc.start), Repeat: tc.repeat, State: store.Done, Materials: day(tc.start) - 10, Leads: []int{7}}
		if tc.end != "" {
			e.End = day(tc.end)
		}
		if err := e.Normalize(); err != nil {
			t.Fatal(err)
		}
		p := store.Rollover([]*store.Entry{e}, 2027)[0]
		n := p.New
		end := "0"
		if n.End != 0 {
			end = n.End.String()
		}
		if got := string(p.Rule) + " " + n.Start.String() + " " + end + " " + n.Repeat; got != tc.want || p.Err != nil {
			t.Errorf("%s: %s (%v), want %s", tc.title, got, p.Err, tc.want)
		}
		if n.Clock.Year != 2027 || n.State != store.Planned || n.ID == e.ID || n.Start-n.Materials != 10 || e.Clock.Year != 2026 {
			t.Errorf("%s: %+v", tc.title, n)
		}
	}
}

func TestClashes(t *testing.T) {
	entry := func(id, start, end, repeat, campaign, audience string) *store.Entry {
		e := &store.Entry{ID: id, Clock: store.Clock{Year: 2026}, Title: id, Start: day(start), Repeat: repeat, Campaign: campaign, Audiences: []string{audience}, State: store.Planned}
		if end != "" {
			e.End = day(end)
		}
		if err := e.Normalize(); err != nil {
			t.Fatal(err)
		}
		return e
	}
	content := entry("sisältö", "2026-09-01", "", "", "", "Muut")
	content.Approval = true
	gone := entry("peruttu", "2026-03-16", "", "", "", "Asukkaat")
	gone.State = store.Cancelled
	entries := []*store.Entry{
		entry("a", "2026-03-16", "2026-05-29", "", "Allergia", "Asukkaat"),
		entry("b", "2026-03-20", "", "", "", "ASUKKAAT"),         // the same week and audience
		entry("c", "2026-03-18", "", "", "allergia", "Asukkaat"), // of a's campaign, but not of b's
		entry("d", "2026-04-20", "", "", "", "Asukkaat"),         // a runs, but began earlier
		entry("e", "2026-03-18", "", "", "", "Ammattilaiset"),
		entry("f", "2026-01-09", "", "FREQ=WEEKLY", "", "Asukkaat"), // routine; and on Good Friday and Vappu
		content, gone,
	}
	var got []string
	for _, c := range store.FindClashes(entries, day("2026-01-01"), day("2026-12-31"), func(d store.Date) bool { return d <= day("2026-08-31") }) {
		other := ""
		if c.Other != nil {
			other = c.Other.ID
		}
		got = append(got, string(c.Kind)+" "+c.Day.String()+" "+c.Entry.ID+" "+other+" "+c.Name)
	}
	want := []string{"audience 2026-03-20 b a ASUKKAAT", "holiday 2026-04-03 f  Pitkäperjantai", "approver 2026-09-01 sisältö  "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// A weekly series is routine in a single week too.
	if got := store.FindClashes(entries, day("2026-04-20"), day("2026-04-26"), func(store.Date) bool { return true }); len(got) != 0 {
		t.Errorf("in one week: %+v", got)
	}
	meeting := store.Meeting{Kind: store.Management, First: day("2026-03-03"), Time: 14 * 60, Every: 2}
	c := calendar
	for at, meets := range map[string]bool{"2026-03-17T14:30": true, "2026-03-17T13:50": true, "2026-03-17T13:40": false, "2026-03-17T15:00": false, "2026-03-10T14:00": false, "2026-02-17T14:00": false} {
		start, err := time.ParseInLocation("2006-01-02T15:04", at, c.Location)
		if err != nil {
			t.Fatal(err)
		}
		if meeting.Meets(start, start.Add(15*time.Minute), c) != meets {
			t.Errorf("%s: want %v", at, meets)
		}
	}
}
