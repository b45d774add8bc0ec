package cards

import (
	"strings"
	"time"
	"unicode/utf16"

	"vuosikello/store"
)

// DigestKind is what a digest is, by the title of its entry: it gives the digest its name in the language it is written in.
type DigestKind string

// The kinds of digest that have a name of their own.
const (
	DigestOther       DigestKind = "" // any other entry: it is called as the entry is
	DigestWeekly      DigestKind = "weekly"
	DigestMonthly     DigestKind = "monthly"
	DigestSupervisors DigestKind = "supervisors"
	DigestArea        DigestKind = "area" // of one result area
)

// DigestText is what a digest is drafted from: what was done, what was published and reached, and what is coming. It names
// nobody; the only words of people in it are titles, and what they said they need help with.
type DigestText struct {
	Kind       DigestKind
	Entry      string // the entry's title
	Team       string // the result area, "" for a digest of everything
	Occurrence store.Date
	Monthly    bool // the digest is of a month, as its title says; else Weekly of a week, else of the day
	Weekly     bool
	Period     store.DigestPeriod
	Today      store.Date

	Done      []DigestEntry
	Published []DigestPublication
	Held      []DigestSession
	People    int // of a result area: how many of its people came to those, each counted once; else 0
	Needs     []store.NeedGroup
	Measures  []DigestMeasure
	Coming    []DigestEntry
	Next      []DigestSession
}

// DigestEntry is an occurrence of the year clock.
type DigestEntry struct {
	Title      string
	Start, End store.Date
}

// DigestPublication is what was published, and how many people it could reach and did.
type DigestPublication struct {
	Title     string
	At        time.Time
	Posted    bool // it is in a channel; else only acknowledgements can be known
	Reachable int  // without guests and external people, 0 when it is not known
	Reacted   int
	Acks      int
}

// DigestMeasure is the latest value of a measure.
type DigestMeasure struct {
	Name, Unit string
	Latest     store.MeasurePoint
}

// DigestSession is a digi-quarter and how many people came; of a result area, how many of its people.
type DigestSession struct {
	Title  string
	Start  time.Time
	People int
}

// maxDigestTitle is how much of an entry's title a digest's title takes, in characters.
const maxDigestTitle = 150

// Title is the digest's title: "Viikkotiedote, viikko 11", "Tulosaluekooste: Hoito, tammikuu 2026".
func (d DigestText) Title(l Lang) string {
	name := clip(d.Entry, maxDigestTitle)
	if d.Kind != DigestOther {
		name = l.Word("digest.kind." + string(d.Kind))
	}
	if d.Team != "" {
		name += ": " + clip(d.Team, showName)
	}
	_, week := d.Occurrence.ISOWeek()
	switch {
	case d.Monthly:
		return name + ", " + l.MonthYear(d.Occurrence.Year(), d.Occurrence.Month())
	case d.Weekly:
		return name + ", " + l.T("digest.week", "week", week)
	}
	return name + ", " + l.FullDate(d.Occurrence)
}

// Empty reports whether there is nothing to tell.
func (d DigestText) Empty() bool {
	return len(d.Done)+len(d.Published)+len(d.Held)+len(d.Needs)+len(d.Measures)+len(d.Coming)+len(d.Next) == 0
}

// Text is the draft, as the writer of a publication would type it; see [Body]. It is "" when there is nothing to tell, and
// never longer than [MaxContentBody]: long lists are cut, and say so.
func (d DigestText) Text(l Lang) string {
	if d.Empty() {
		return ""
	}
	for rows := maxDigestRows; ; rows-- {
		text := d.text(l, rows)
		if rows == 1 || len(utf16.Encode([]rune(text))) <= MaxContentBody {
			return text
		}
	}
}

// maxDigestRows is how many rows of one kind a draft has at most.
const maxDigestRows = 12

func (d DigestText) text(l Lang, rows int) string {
	var b strings.Builder
	section := func(title string, n int, row func(int) string) {
		if n == 0 {
			return
		}
		b.WriteString("\n**" + l.T(title) + "**\n")
		for i := range min(n, rows) {
			b.WriteString("- " + row(i) + "\n")
		}
		if n > rows {
			b.WriteString("- " + l.T("common.others", "n", n-rows) + "\n")
		}
	}
	entry := func(list []DigestEntry) func(int) string {
		return func(i int) string {
			e := list[i]
			return l.Range(e.Start, e.End, d.Today) + " " + clip(e.Title, showName)
		}
	}
	intro := l.T("digest.text_intro", "from", d.Period.From, "until", d.Period.Until)
	if d.Team != "" {
		intro = l.T("digest.text_intro_area", "team", clip(d.Team, showName), "from", d.Period.From, "until", d.Period.Until)
	}
	b.WriteString(intro + "\n")
	section("digest.text_done", len(d.Done), entry(d.Done))
	section("digest.text_published", len(d.Published), func(i int) string {
		p := d.Published[i]
		reached := l.T("digest.text_acks", "n", p.Acks)
		if p.Posted {
			reached = l.T("digest.text_reacted", "n", p.Reacted) + ", " + reached
		}
		if p.Reachable > 0 {
			reached = l.T("digest.text_reachable", "n", p.Reachable) + ", " + reached
		}
		return l.Date(store.DateOf(p.At), d.Today) + " " + clip(p.Title, showName) + " (" + reached + ")"
	})
	section("digest.text_held", len(d.Held), func(i int) string {
		s := d.Held[i]
		return l.Date(store.DateOf(s.Start), d.Today) + " " + clip(s.Title, showName) + " (" + l.T("digest.text_attended", "n", s.People) + ")"
	})
	if d.Team != "" && len(d.Held) > 0 {
		b.WriteString(l.T("digest.text_people", "n", d.People) + "\n")
	}
	section("digest.text_needs", len(d.Needs), func(i int) string {
		return clip(d.Needs[i].Need, showName) + " (" + l.Number(d.Needs[i].People) + ")"
	})
	section("digest.text_measures", len(d.Measures), func(i int) string {
		m := d.Measures[i]
		return clip(m.Name, showName) + " " + l.Quantity(m.Latest.Value, clip(m.Unit, showName)) + " (" + l.Period(m.Latest.Period) + ")"
	})
	section("digest.text_coming", len(d.Coming), entry(d.Coming))
	section("digest.text_next", len(d.Next), func(i int) string {
		return l.DateTime(d.Next[i].Start, d.Today) + " " + clip(d.Next[i].Title, showName)
	})
	return strings.TrimSpace(b.String())
}
