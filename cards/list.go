package cards

import "vuosikello/store"

// Item is one occurrence of an entry in a list.
type Item struct {
	Entry      *store.Entry
	Occurrence store.Occurrence
	Done       bool // that occurrence is done
}

const (
	// rowsInSight is how many rows a list shows at first.
	rowsInSight = 5
	// maxRows is how many rows a list holds at most, when all are shown.
	maxRows = 60
	// maxRowBytes is how much text all rows hold at most: very long names shorten the list.
	maxRowBytes = 12_000
	// showRow is how much of a row's second line is shown, in characters.
	showRow = 120
)

// list is a list of occurrences under headings, five in sight and the rest behind a button.
type list struct {
	items   []Item
	today   store.Date
	from    store.Date // what began before this day stands under "running"; 0 for none
	byMonth bool       // a heading for each month; else for each week
	short   bool       // there is less room than usual
}

func (s list) elements(l Lang) []Element {
	at := func(i int) row {
		it := s.items[i]
		return row{s.heading(l, it.Occurrence.Start), Text(s.first(l, it)), Text(s.second(l, it))}
	}
	return s.room().fold(l, len(s.items), s.ahead(), at)
}

func (s list) room() room {
	if s.short {
		return besideWheel
	}
	return room{maxRows, maxRowBytes}
}

// shown returns the indices of the rows that fold may show, in order.
func (s list) shown() []int {
	var out []int
	first := s.ahead()
	for i := range s.items {
		if i < s.room().rows || i >= first && i < first+rowsInSight {
			out = append(out, i)
		}
	}
	return out
}

// ahead is the index of the first row that is in sight at first: rows that are past are not, as far as there are others.
func (s list) ahead() int {
	first := 0
	for first < len(s.items)-rowsInSight && s.items[first].Occurrence.End < s.today {
		first++
	}
	return first
}

// row is a row of a list: its heading, which is shown where it differs from the one before, and two lines, the second of
// which may be empty.
type row struct {
	heading       string
	first, second Markdown
}

// room is how many rows a list holds at most, and how much text.
type room struct{ rows, bytes int }

// fold shows n rows in the usual room.
func fold(l Lang, n int, at func(int) row) []Element {
	return room{maxRows, maxRowBytes}.fold(l, n, 0, at)
}

// fold shows n rows: all of them when they are few, else five, from the one with that index, and the rest behind a button.
func (m room) fold(l Lang, n, first int, at func(int) row) []Element {
	if n <= rowsInSight {
		rows, _ := m.take(0, n, at)
		return rows
	}
	rows, _ := m.take(first, min(first+rowsInSight, n), at)
	short := Container{ID: "short", Items: rows}
	short.Items = append(short.Items, note(l.T("common.others", "n", n-rowsInSight)))
	rows, shown := m.take(0, n, at)
	full := Container{ID: "full", Hidden: true, Items: rows}
	if rest := n - shown; rest > 0 {
		full.Items = append(full.Items, note(l.T("common.others", "n", rest)))
	}
	show := l.T("common.show_all", "n", shown)
	if shown < n {
		show = l.T("common.show_first", "n", shown)
	}
	return append([]Element{short, full}, switches(l, show)...)
}

// switches are the buttons that show the element "full" in place of the element "short", and back.
func switches(l Lang, show string) []Element {
	targets := []string{"short", "full", "showAll", "showLess"}
	return []Element{
		ActionSet{ID: "showAll", Actions: []Action{ToggleVisibility{Title: show, Targets: targets}}},
		ActionSet{ID: "showLess", Hidden: true, Actions: []Action{ToggleVisibility{Title: l.T("common.show_less"), Targets: targets}}},
	}
}

// foldRows returns the rows of [from, to) with their headings, and how many of them there is usually room for.
func foldRows(from, to int, at func(int) row) (out []Element, shown int) {
	return room{maxRows, maxRowBytes}.take(from, to, at)
}

// take returns the rows of [from, to) with their headings, and how many of them there is room for.
func (m room) take(from, to int, at func(int) row) (out []Element, shown int) {
	out = make([]Element, 0, 3*min(to-from, m.rows))
	heading, left := "", m.bytes
	for i := from; i < to; i++ {
		if shown == m.rows {
			break
		}
		r := at(i)
		if left -= len(r.first) + len(r.second); left < 0 {
			break
		}
		shown++
		if r.heading != heading {
			heading = r.heading
			out = append(out, subheading(heading))
		}
		out = append(out, TextBlock{Text: r.first, Spacing: spacingSmall})
		if r.second != "" {
			out = append(out, TextBlock{Text: r.second, Size: sizeSmall, Subtle: true, Spacing: spacingNone})
		}
	}
	return out, shown
}

func (s list) heading(l Lang, d store.Date) string {
	if d < s.from {
		return l.T("clock.running")
	}
	if s.byMonth {
		return upperFirst(l.MonthYear(d.Year(), d.Month()))
	}
	monday := d - store.Date((d.Weekday()+6)%7)
	_, week := d.ISOWeek()
	return l.T("date.week", "week", week, "range", l.Range(monday, monday+6, s.today))
}

// first is a row's first line: the state when there is one, the date and the title.
func (s list) first(l Lang, it Item) string {
	o := it.Occurrence
	text := l.Range(o.Start, o.End, s.today) + " · " + clip(it.Entry.Title, showName)
	if it.Done || it.Entry.State == store.Done {
		return "✓ " + text
	}
	return text
}

func (s list) second(l Lang, it Item) string {
	var state string
	switch {
	case it.Entry.State == store.Cancelled:
		state = l.T("status.cancelled")
	case it.Done || it.Entry.State == store.Done:
		state = l.T("status.done")
	}
	text := dotted(dotted(state, l.join(it.Entry.Audiences, 3)), clip(it.Entry.Owner, showName))
	return clip(text, showRow) + l.holiday(it.Occurrence.Holiday)
}

// dotted joins two parts of a line, either of which may be empty.
func dotted(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}
