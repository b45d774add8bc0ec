package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"vuosikello/store"
)

// request is content of an entry and what was decided on it.
type request struct {
	Title   string
	Version string
	Badge   badge
	Lines   []string
}

// maxDates is how many occurrences of a series are listed.
const maxDates = 60

// entry fills in the page of one entry.
func (t Tab) entry(v *view) {
	if len(t.Entries) == 0 {
		v.Title, v.Empty = t.T("tab.reason.missing.title"), t.T("error.entry_gone")
		return
	}
	e := t.Entries[0]
	v.Title = e.Title
	occurrences := e.Occurrences()
	last := occurrences[len(occurrences)-1]
	switch {
	case e.Recurring():
		t.fact(v, "fact.when", t.Lang.RangeIn(e.Start, last.End, t.Today))
		t.fact(v, "field.repeat", t.Lang.Repeat(e.Repeat)+" · "+t.T("tab.times", "n", len(occurrences)))
	default:
		s := t.Lang.RangeIn(e.Start, e.End, t.Today)
		if h := store.Holiday(e.Start); h != "" {
			s += " · " + t.T("date.holiday", "name", t.Lang.Holiday(h))
		}
		t.fact(v, "fact.when", s)
	}
	t.fact(v, "fact.owner", cmp.Or(e.Owner, t.T("tab.nobody")))
	if e.Campaign != "" {
		q := Query{View: Campaign, Year: e.Start.Year(), Campaign: e.Campaign, Lang: t.Query.Lang}
		v.Facts = append(v.Facts, fact{t.T("fact.campaign"), []Link{{Text: e.Campaign, Href: t.href(q)}}})
	}
	t.links(v, "fact.audience", e.Audiences, func(q *Query, name string) { q.Audience = name }, e)
	t.links(v, "fact.channels", e.Channels, func(q *Query, name string) { q.Channel = name }, e)
	t.fact(v, "tab.fact.state", t.entryState(e, occurrences))
	if e.Materials != 0 {
		t.fact(v, "tab.fact.materials", t.Lang.DateIn(e.Materials, t.Today))
	}
	t.fact(v, "tab.fact.approval", t.T("tab.approval."+strconv.FormatBool(e.Approval)))
	t.fact(v, "fact.reminders", t.reminders(e))
	t.fact(v, "tab.fact.goal", e.Goal)
	t.fact(v, "tab.fact.clock", e.Clock.Name+" "+strconv.Itoa(e.Clock.Year))
	for line := range strings.Lines(e.Notes) {
		name, value, found := strings.Cut(strings.TrimSpace(line), ": ")
		if found {
			v.Facts = append(v.Facts, fact{name, []Link{{Text: value}}})
		}
	}
	if e.Recurring() {
		first := max(0, min(slices.IndexFunc(occurrences, func(o store.Occurrence) bool { return o.Start >= t.Today }), len(occurrences)-maxDates))
		for _, o := range occurrences[first:min(first+maxDates, len(occurrences))] {
			r := t.row(e, o, t.Contents)
			r.Href = t.href(Query{View: Month, Lang: t.Query.Lang}.to(Month, o.Start))
			v.Dates = append(v.Dates, r)
		}
	}
	v.Requests = t.requests()
}

// fact adds a line, when there is something to say.
func (t Tab) fact(v *view, key, value string) {
	if value != "" {
		v.Facts = append(v.Facts, fact{t.T(key), []Link{{Text: value}}})
	}
}

// links adds a line of names that lead to the year's list filtered by each.
func (t Tab) links(v *view, key string, names []string, filter func(*Query, string), e *store.Entry) {
	var links []Link
	for _, n := range names {
		q := Query{View: Year, Year: e.Start.Year(), Lang: t.Query.Lang}
		filter(&q, n)
		links = append(links, Link{Text: n, Href: t.href(q)})
	}
	if links != nil {
		v.Facts = append(v.Facts, fact{t.T(key), links})
	}
}

func (t Tab) entryState(e *store.Entry, occurrences []store.Occurrence) string {
	done := 0
	for _, o := range occurrences {
		if t.Done[e.ID][o.Start] {
			done++
		}
	}
	switch {
	case !e.RemovedAt.IsZero():
		return t.T("status.removed")
	case e.State == store.Cancelled:
		return t.T("status.cancelled")
	case e.State == store.Done || done == len(occurrences):
		return t.T("status.done")
	case done > 0:
		return t.T("tab.times_done", "done", done, "n", len(occurrences))
	}
	return t.T("tab.state.planned")
}

// reminders are the days on which the bot reminds of an entry from today on, the next ones.
func (t Tab) reminders(e *store.Entry) string {
	const most = 5
	var days []string
	for _, d := range e.Dues(t.Done[e.ID]) {
		if d.Day >= t.Today && len(days) < most {
			days = append(days, t.Lang.Date(d.Day, t.Today))
		}
	}
	return strings.Join(days, ", ")
}

// requests are the contents, the open ones first.
func (t Tab) requests() []request {
	contents := slices.Clone(t.Contents)
	slices.SortStableFunc(contents, func(a, b store.EntryContent) int {
		rank := func(c store.EntryContent) int {
			if c.Decision.Open() {
				return 0
			}
			return 1
		}
		return cmp.Compare(rank(a), rank(b))
	})
	var out []request
	for _, c := range contents {
		r := request{Title: c.Title, Version: t.T("tab.version", "n", c.Version), Badge: t.contentBadge(c)}
		add := func(key string, args ...any) { r.Lines = append(r.Lines, t.T(key, args...)) }
		if !c.RequestedAt.IsZero() {
			add("tab.requested", "who", t.person(c.RequestedBy), "when", t.when(c.RequestedAt))
		}
		switch {
		case c.Decision == store.DecisionEscalated && c.MeetingDate != 0:
			add("tab.meeting", "date", t.Lang.DateIn(c.MeetingDate, t.Today))
		case c.DecidedBy != "":
			add("tab.decided", "decision", t.T("decision."+string(c.Decision)), "who", t.person(c.DecidedBy), "when", t.when(c.DecidedAt))
		}
		switch {
		case !c.WithdrawnAt.IsZero():
			add("tab.taken_back", "when", t.when(c.WithdrawnAt))
		case !c.PublishedAt.IsZero():
			add("tab.published", "when", t.when(c.PublishedAt))
		case !c.PublishAt.IsZero():
			add("tab.publish", "when", t.when(c.PublishAt))
		}
		out = append(out, r)
	}
	return out
}

// person is how somebody is named to this reader.
func (t Tab) person(id string) string {
	if name := t.People[id]; name != "" {
		return name
	}
	return t.T("tab.somebody")
}
