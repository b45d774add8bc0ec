package page_test

import (
	"net/url"
	"testing"
	"time"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/cards/page"
	"vuosikello/store"
)

// Whatever an address of the tab says, it asks for days that there are, near the year it names; written as an address again it
// asks for the same, and so do its links to the periods before and after.
func FuzzParseQuery(f *testing.F) {
	today := store.NewDate(2026, time.March, 2)
	for _, s := range []string{
		"", "view=year&year=2026", "view=week&week=53&year=2027", "view=week&week=53&year=2199", "lang=SV-fi", "view=week&year=1900&week=1", "view=month&month=13", "view=quarter&month=2&year=2199", "view=campaign&campaign=Kes%C3%A4",
		"view=campaign", "entry=a&view=week&week=2", "state=done&theme=dark&lang=sv", "clock=%00&audience=+a++b+&channel=%ff", "year=2026&year=2027&%zz", "view=sessions;year=2026",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		v, _ := url.ParseQuery(address) // the part of it that can be read is what a request has
		q := page.ParseQuery(v, today)
		asks(t, q)
		if q.Theme == "" {
			if again := page.ParseQuery(q.Values(), today); q.View != page.Entry && again != q {
				t.Fatalf("%q asks for %+v, which is written %s and asks for %+v", address, q, q.Values().Encode(), again)
			}
		}
		from, to := q.Days()
		if next, _ := q.Shift(1).Days(); next != to+1 {
			t.Errorf("after %v to %v comes %v", from, to, next)
		}
		if _, before := q.Shift(-1).Days(); before != from-1 {
			t.Errorf("before %v to %v comes %v", from, to, before)
		}
		if filter := q.Filter(); filter.From != from || filter.To != to {
			t.Errorf("%+v selects %+v", q, filter)
		}
	})
}

// asks checks that a query is one of those that there are.
func asks(t *testing.T, q page.Query) {
	t.Helper()
	from, to := q.Days()
	longest := map[page.View]store.Date{page.Quarter: 92, page.Month: 31, page.Week: 7}[q.View]
	if longest == 0 {
		longest = 366
	}
	if from > to || to-from >= longest || q.Year < 1900 || q.Year > 2199 || from.Year() > q.Year || to.Year() < q.Year || q.View == "" {
		t.Errorf("%+v is from %v to %v", q, from, to)
	}
	for _, s := range []string{q.Entry, q.Clock, q.Campaign, q.Audience, q.Channel} {
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > store.MaxTitle {
			t.Errorf("asks for %q", s)
		}
	}
	if l, known := cards.ParseLang(q.Lang); q.Lang != "" && (!known || q.Lang != string(l)) {
		t.Errorf("in the language %q", q.Lang)
	}
}
