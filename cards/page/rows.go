package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// kept returns the entries that the filters leave.
func (t Tab) kept() []*store.Entry {
	if !t.Query.Filtered() {
		return t.Entries
	}
	var out []*store.Entry
	for _, e := range t.Entries {
		if t.keeps(e) {
			out = append(out, e)
		}
	}
	return out
}

// keeps reports whether the filters that the database does not select by leave the entry.
func (t Tab) keeps(e *store.Entry) bool {
	q := t.Query
	same := func(chosen string) func(string) bool {
		return func(name string) bool { return store.Key(name) == store.Key(chosen) }
	}
	switch {
	case q.Clock != "" && !same(q.Clock)(e.Clock.Name),
		q.Campaign != "" && !same(q.Campaign)(e.Campaign),
		q.Audience != "" && !slices.ContainsFunc(e.Audiences, same(q.Audience)),
		q.Channel != "" && !slices.ContainsFunc(e.Channels, same(q.Channel)):
		return false
	}
	return true
}

// inState reports whether the state filter leaves an entry, or one of its occurrences, that is done or not.
func (t Tab) inState(e *store.Entry, done bool) bool {
	switch t.Query.State {
	case Planned:
		return e.State == store.Planned && !done
	case Done:
		return e.State == store.Done || e.State == store.Planned && done
	case Cancelled:
		return e.State == store.Cancelled
	case Waiting:
		return slices.ContainsFunc(t.Contents, func(c store.EntryContent) bool { return c.EntryID == e.ID && c.Decision.Open() })
	}
	return true
}

// weekGroups lists every occurrence of the days by week, after what was going on before them.
func (t Tab) weekGroups(v *view) {
	from, to := t.Query.Days()
	type item struct {
		entry *store.Entry
		at    store.Occurrence
	}
	var items []item
	for _, e := range t.kept() {
		for _, o := range e.OccurrencesBetween(from, to) {
			if t.inState(e, t.Done[e.ID][o.Start]) {
				items = append(items, item{e, o})
			}
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.at.Start, b.at.Start) })
	contents := t.contentsByEntry()
	for _, it := range items {
		year, week := it.at.Start.ISOWeek()
		id, heading, href := "w"+strconv.Itoa(week), "", ""
		if it.at.Start < from {
			id, heading = "running", t.T("clock.running")
		}
		if n := len(v.Groups); n == 0 || v.Groups[n-1].ID != id {
			if heading == "" {
				first := monday(year, week)
				heading = t.T("date.week", "week", week, "range", t.Lang.Range(first, first+6, from))
				if t.Query.View != Week {
					href = t.href(t.Query.to(Week, it.at.Start))
				}
			}
			v.Groups = append(v.Groups, group{ID: id, Heading: heading, Href: href})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Rows = append(g.Rows, t.row(it.entry, it.at, contents[it.entry.ID]))
	}
}

func (t Tab) contentsByEntry() map[string][]store.EntryContent {
	out := make(map[string][]store.EntryContent, len(t.Contents))
	for _, c := range t.Contents {
		out[c.EntryID] = append(out[c.EntryID], c)
	}
	return out
}

// yearGroups lists every entry of the year once: what goes on since before, then what repeats, then by the month in which
// the rest begins.
func (t Tab) yearGroups(v *view) {
	from, to := t.Query.Days()
	running, repeated := group{ID: "running", Heading: t.T("tab.running_since")}, group{ID: "repeated", Heading: t.T("tab.repeated")}
	var months [13]group
	for m := time.January; m <= time.December; m++ {
		q := t.Query
		q.View, q.Month = Month, m
		months[m] = group{ID: "m" + strconv.Itoa(int(m)), Heading: upperFirst(t.Lang.MonthYear(t.Query.Year, m)), Href: t.href(q)}
	}
	contents := t.contentsByEntry()
	for _, e := range t.kept() {
		if e.Recurring() {
			occurrences := e.OccurrencesBetween(from, to)
			done := 0
			for _, o := range occurrences {
				if t.Done[e.ID][o.Start] {
					done++
				}
			}
			if len(occurrences) > 0 && t.inState(e, done == len(occurrences)) {
				repeated.Rows = append(repeated.Rows, t.series(e, occurrences, done, contents[e.ID]))
			}
			continue
		}
		o := store.Occurrence{Start: e.Start, End: e.End, Holiday: store.Holiday(e.Start)}
		g := &running
		if e.Start >= from {
			g = &months[e.Start.Month()]
		}
		if e.End >= from && e.Start <= to && t.inState(e, t.Done[e.ID][o.Start]) {
			g.Rows = append(g.Rows, t.row(e, o, contents[e.ID]))
		}
	}
	for _, g := range append([]group{running, repeated}, months[1:]...) {
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
}

// row is an occurrence in a list.
func (t Tab) row(e *store.Entry, o store.Occurrence, contents []store.EntryContent) row {
	r := t.plainRow(e)
	r.Date = t.Lang.Range(o.Start, o.End, t.reference())
	if t.Done[e.ID][o.Start] && e.State == store.Planned {
		r.Badges = append(r.Badges, badge{"done", t.T("status.done")})
		r.Quiet = true
	}
	if o.Holiday != "" {
		r.Badges = append(r.Badges, badge{"note", t.T("date.holiday", "name", t.Lang.Holiday(o.Holiday))})
	}
	if !r.Quiet && o.Start <= t.Today && o.End >= t.Today {
		r.Today = true
		r.Badges = append(r.Badges, badge{"now", t.T("tab.badge.now")})
	}
	r.Quiet = r.Quiet || o.End < t.Today
	for _, c := range contents {
		// Content of a series is for one of its occurrences.
		if day := store.DateOf(c.PublishAt.In(t.Location)); e.Recurring() && !c.PublishAt.IsZero() && (day < o.Start-contentBefore || day > o.End) {
			continue
		}
		r.Badges = append(r.Badges, t.contentBadge(c))
	}
	return r
}

// contentBefore is how many days before an occurrence content of its own is published at most.
const contentBefore = 6

// series is a series in the list of a year.
func (t Tab) series(e *store.Entry, occurrences []store.Occurrence, done int, contents []store.EntryContent) row {
	r := t.plainRow(e)
	r.Date = t.Lang.Repeat(e.Repeat)
	next := slices.IndexFunc(occurrences, func(o store.Occurrence) bool { return o.Start >= t.Today && !t.Done[e.ID][o.Start] })
	if next >= 0 && !r.Quiet && t.Query.Year >= t.Today.Year() {
		r.Times = t.T("tab.next_time", "date", t.Lang.Date(occurrences[next].Start, t.reference()))
	}
	r.Times = dotted(r.Times, t.T("tab.times", "n", len(occurrences)))
	if done > 0 {
		r.Badges = append(r.Badges, badge{"done", t.T("tab.times_done", "done", done, "n", len(occurrences))})
	}
	for _, c := range contents {
		if c.Decision.Open() {
			r.Badges = append(r.Badges, t.contentBadge(c))
		}
	}
	r.Quiet = r.Quiet || occurrences[len(occurrences)-1].End < t.Today
	return r
}

// reference is the day whose year goes without saying: one of the days that are shown.
func (t Tab) reference() store.Date {
	if t.Query.View == Entry {
		return t.Today
	}
	from, _ := t.Query.Days()
	return from + 3 // the Thursday of a week is in its year
}

func (t Tab) plainRow(e *store.Entry) row {
	r := row{entry: e.ID, Title: e.Title, Href: t.href(Query{View: Entry, Entry: e.ID, Lang: t.Query.Lang}), Campaign: e.Campaign}
	if e.Owner != "" {
		r.Owner = t.T("tab.owner", "who", e.Owner)
	}
	r.Detail = dotted(strings.Join(e.Audiences, ", "), strings.Join(e.Channels, ", "))
	switch e.State {
	case store.Done:
		r.Badges, r.Quiet = append(r.Badges, badge{"done", t.T("status.done")}), true
	case store.Cancelled:
		r.Badges, r.Quiet = append(r.Badges, badge{"cancelled", t.T("status.cancelled")}), true
	}
	return r
}

func (t Tab) contentBadge(c store.EntryContent) badge {
	switch {
	case !c.WithdrawnAt.IsZero():
		return badge{"cancelled", t.T("tab.badge.taken_back")}
	case !c.PublishedAt.IsZero():
		return badge{"done", t.T("tab.badge.published")}
	case c.Decision.Open():
		return badge{"waiting", t.T("tab.badge." + string(c.Decision))}
	case c.Decision == store.DecisionApproved:
		return badge{"good", t.T("decision.approved")}
	default:
		return badge{"note", t.T("decision." + string(c.Decision))}
	}
}

// dotted joins two parts of a line, either of which may be empty.
func dotted(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// when is an instant in the organisation's time, with the year when it is not today's.
func (t Tab) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Lang.DateTime(at.In(t.Location), t.Today)
}
