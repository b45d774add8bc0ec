package cards

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Wheel is a year as a picture: the months round the rim, the first of January at the top, and clockwise; the ISO weeks
// inside them; then rings, which hold the entries of a campaign or of an audience side by side, in lanes where they
// overlap. An entry is an arc as long as it lasts; one that recurs is a row of marks. Each has a number and, where there is
// room, its name; the list beside the picture has all names, and who must act.
//
// The same entries, day and language give the same bytes, whatever the machine.
type Wheel struct {
	Clock   string // the clock's name, for the title; "" where several are drawn together
	Year    int
	Today   store.Date     // marked when it is of that year
	Entries []*store.Entry // those without an occurrence in the year are left out, and so are cancelled ones
	By      Grouping
	// Campaigns says that the entries are campaigns, from the first day of each to the last: of a year that is too full for
	// a picture of every entry.
	Campaigns bool
}

// MaxWheelEntries is how many entries a wheel on a card or a page shows one by one. Of a fuller year it shows the campaigns.
const MaxWheelEntries = 200

// Grouping says what the rings of a wheel stand for.
type Grouping int

// The groupings.
const (
	ByCampaign Grouping = iota
	ByAudience          // an entry's first audience
)

// WheelRow is an entry of a wheel in words.
type WheelRow struct {
	Number int    // as in the picture, from 1
	Entry  string // its id
	Title  string
	Group  string // its campaign or audience, "" for none
	When   string // "12.1.–27.2.", "joka viikko 9.1.–31.12."
	Owner  string // who must act, "" for nobody
	Colour int    // of its group; the picture's class is "wheel-fill-" and this
	First  store.Date
	Last   store.Date // the last day in that year

	occurrences []store.Occurrence
	series      bool
}

// Rows returns the entries in order of their numbers, which is that of their first days in the year.
func (w Wheel) Rows(l Lang) []WheelRow {
	from, to := w.span()
	rows := make([]WheelRow, 0, len(w.Entries))
	for _, e := range w.Entries {
		if e.State == store.Cancelled {
			continue
		}
		occurrences := e.OccurrencesBetween(from, to)
		if len(occurrences) == 0 {
			continue
		}
		for i := range occurrences {
			o := &occurrences[i]
			o.Start, o.End = max(o.Start, from), min(o.End, to)
		}
		r := WheelRow{
			Entry: e.ID, Title: plainText(e.Title), Owner: plainText(e.Owner), First: occurrences[0].Start, Last: occurrences[len(occurrences)-1].End,
			occurrences: occurrences, series: e.Recurring() && len(occurrences) > 1,
		}
		switch {
		case w.By == ByCampaign:
			r.Group = plainText(e.Campaign)
		case len(e.Audiences) > 0:
			r.Group = plainText(e.Audiences[0])
		}
		r.When = l.wheelWhen(e, &r, from)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b WheelRow) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Entry, b.Entry))
	})
	for i := range rows {
		rows[i].Number = i + 1
	}
	colour(rows)
	return rows
}

// colour gives each group a colour: one that is not yet taken, or else the one whose groups it meets on the fewest days.
func colour(rows []WheelRow) {
	type extent struct{ first, last store.Date }
	groups := map[string]extent{}
	for i := range rows {
		key := store.Key(rows[i].Group)
		e, known := groups[key]
		if !known {
			e = extent{rows[i].First, rows[i].Last}
		}
		groups[key] = extent{min(e.first, rows[i].First), max(e.last, rows[i].Last)}
	}
	colours := map[string]int{"": neutral}
	var days [neutral]int // on which a group of that colour meets the one at hand
	var taken [neutral][]extent
	for i := range rows {
		key := store.Key(rows[i].Group)
		c, known := colours[key]
		if !known {
			e := groups[key]
			for c := range days {
				days[c] = 0
				for _, o := range taken[c] {
					days[c] += max(1, 2+int(min(e.last, o.last)-max(e.first, o.first)))
				}
			}
			c = slices.Index(days[:], slices.Min(days[:]))
			taken[c] = append(taken[c], e)
			colours[key] = c
		}
		rows[i].Colour = c
	}
}

func (w Wheel) span() (from, to store.Date) {
	return store.NewDate(w.Year, time.January, 1), store.NewDate(w.Year, time.December, 31)
}

// wheelWhen says when an entry takes place in the year. Years are left out: the picture is of one.
func (l Lang) wheelWhen(e *store.Entry, r *WheelRow, inYear store.Date) string {
	if !r.series {
		return l.Range(r.First, r.Last, inYear)
	}
	often := l.T("wheel.times", "n", len(r.occurrences))
	for _, known := range repeats {
		if known.rule != "" && known.rule == e.Repeat {
			often = l.T(known.key)
		}
	}
	return often + " " + l.Range(r.First, r.Last, inYear)
}

// Title is the picture's title: "Vuosikello 2026".
func (w Wheel) Title(l Lang) string {
	year := strconv.Itoa(w.Year)
	if w.Clock == "" || store.Key(w.Clock) == store.DefaultClock {
		return l.T("wheel.title", "year", year)
	}
	return clip(plainText(w.Clock), showName) + " " + year
}

// altNames is how many entries the picture's alternative text names: those that go on, and those that come next.
const altNames = 4

// Alt is the picture in a few sentences, for those who cannot see it: how much there is, what goes on and what comes next,
// and who must act. The whole of it is in Rows.
func (w Wheel) Alt(l Lang) string { return w.alt(l, w.Rows(l)) }

func (w Wheel) alt(l Lang, rows []WheelRow) string {
	var b strings.Builder
	b.WriteString(w.Title(l) + ". ")
	if len(rows) == 0 {
		b.WriteString(l.T("clock.empty"))
		return b.String()
	}
	groups := map[string]bool{}
	for _, r := range rows {
		if w.Campaigns {
			break
		}
		if r.Group != "" {
			groups[store.Key(r.Group)] = true
		}
	}
	if w.Campaigns {
		b.WriteString(l.T("wheel.campaigns", "n", len(rows)))
	} else {
		b.WriteString(l.T("wheel.count", "n", len(rows)))
	}
	if n := len(groups); n > 0 {
		b.WriteString(", " + l.T([]string{"wheel.campaigns", "wheel.audiences"}[w.By], "n", n))
	}
	b.WriteString(".")
	if w.Today.Year() != w.Year {
		return b.String()
	}
	_, week := w.Today.ISOWeek()
	b.WriteString(" " + l.T("wheel.today", "date", l.Date(w.Today, w.Today), "week", week))
	var running, next []string
	for _, o := range soonest(rows, w.Today) {
		text := clip(rows[o.row].Title, showName) + " " + l.Range(o.start, o.end, w.Today)
		if owner := rows[o.row].Owner; owner != "" {
			text += " (" + clip(owner, showName) + ")"
		}
		switch {
		case o.start <= w.Today && len(running) < altNames:
			running = append(running, text)
		case o.start > w.Today && len(next) < altNames:
			next = append(next, text)
		}
	}
	if len(running) > 0 {
		b.WriteString(" " + l.T("wheel.running", "list", strings.Join(running, ", ")))
	}
	if len(next) > 0 {
		b.WriteString(" " + l.T("wheel.next", "list", strings.Join(next, ", ")))
	}
	return b.String()
}

// turnOf is the next or the running occurrence of a row.
type turnOf struct {
	row        int
	start, end store.Date
}

// soonest returns each row's occurrence that goes on today, or else its next one, in order of start.
func soonest(rows []WheelRow, today store.Date) []turnOf {
	var out []turnOf
	for i := range rows {
		for _, o := range rows[i].occurrences {
			if o.End >= today {
				out = append(out, turnOf{i, o.Start, o.End})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b turnOf) int { return cmp.Compare(a.start, b.start) })
	return out
}

// Key tells wheels apart: those of equal keys have equal pictures in the same language, theme and size.
func (w Wheel) Key() [sha256.Size]byte {
	h := sha256.New()
	var b []byte
	str := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	num := func(n int) { b = binary.AppendVarint(b, int64(n)) }
	str(w.Clock)
	num(w.Year)
	num(int(w.Today))
	num(int(w.By))
	if w.Campaigns {
		num(1)
	} else {
		num(0)
	}
	for _, e := range w.Entries {
		if e.State == store.Cancelled { // not drawn; of the other states nothing is seen
			continue
		}
		str(e.ID)
		str(e.Title)
		str(e.Campaign)
		str(e.Owner)
		str(e.Repeat)
		num(int(e.Start))
		num(int(e.End))
		num(e.Clock.Year) // an open series ends with its clock's year
		str(strings.Join(e.Audiences[:min(1, len(e.Audiences))], ""))
		h.Write(b)
		b = b[:0]
	}
	h.Write(b)
	return [sha256.Size]byte(h.Sum(nil))
}

// plainText is a text from people for a picture or a page, where it is no markup: in one line, without characters that
// are not seen or that reorder others.
func plainText(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == '\u200d' || r == '\u00ad' || r&0xFFFE == 0xFFFE { // XML has no noncharacters
			return -1
		}
		return shown(r)
	}, strings.ToValidUTF8(s, "\uFFFD"))), " ")
}
