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
}

func (s list) elements(l Lang) []Element {
	if len(s.items) <= rowsInSight {
		rows, _ := s.rows(l, s.items)
		return rows
	}
	rows, _ := s.rows(l, s.ahead())
	short := Container{ID: "short", Items: rows}
	short.Items = append(short.Items, note(l.T("common.others", "n", len(s.items)-rowsInSight)))
	rows, shown := s.rows(l, s.items)
	full := Container{ID: "full", Hidden: true, Items: rows}
	if rest := len(s.items) - shown; rest > 0 {
		full.Items = append(full.Items, note(l.T("common.others", "n", rest)))
	}
	targets := []string{"short", "full", "showAll", "showLess"}
	show := l.T("common.show_all", "n", shown)
	if shown < len(s.items) {
		show = l.T("common.show_first", "n", shown)
	}
	return []Element{
		short, full,
		ActionSet{ID: "showAll", Actions: []Action{ToggleVisibility{Title: show, Targets: targets}}},
		ActionSet{ID: "showLess", Hidden: true, Actions: []Action{ToggleVisibility{Title: l.T("common.show_less"), Targets: targets}}},
	}
}

// ahead returns the rows that are in sight at first: those that are not past, as far as there are any.
func (s list) ahead() []Item {
	first := 0
	for first < len(s.items)-rowsInSight && s.items[first].Occurrence.End < s.today {
		first++
	}
	return s.items[first : first+rowsInSight]
}

// rows returns the rows of items with their headings, and how many of the items they show.
func (s list) rows(l Lang, items []Item) (out []Element, shown int) {
	out = make([]Element, 0, 3*min(len(items), maxRows))
	heading, left := "", maxRowBytes
	for _, it := range items {
		first, second := Text(s.first(l, it)), Text(s.second(l, it))
		if left -= len(first) + len(second); left < 0 || shown == maxRows {
			break
		}
		shown++
		if h := s.heading(l, it.Occurrence.Start); h != heading {
			heading = h
			out = append(out, subheading(h))
		}
		out = append(out, TextBlock{Text: first, Spacing: spacingSmall})
		if second != "" {
			out = append(out, TextBlock{Text: second, Size: sizeSmall, Subtle: true, Spacing: spacingNone})
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
