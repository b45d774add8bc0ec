package page

import (
	"cmp"
	"html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/store"
)

// Tab is the year clock as a page.
type Tab struct {
	Frame
	Query    Query
	Today    store.Date
	Location *time.Location // of the organisation: instants are shown in it

	Entries  []*store.Entry                 // that the query's days touch, by start; of an entry, that one
	Done     map[string]map[store.Date]bool // occurrences that are done, by entry and first day
	Contents []store.EntryContent           // of those entries
	Names    store.EntryNames               // of the year, to choose from
	Years    []int                          // that have entries
	Notices  []Notice                       // what needs a decision, the most urgent first
	Sessions []Session                      // digi-quarters of the days
	Reach    []Reach                        // of the campaign's publications; nil: the reader may not see it
	Print    string                         // the signed read-only address of the same page, "" for none
	People   map[string]string              // names of the people who are mentioned; nil: the reader may not see them
}

// Notice is something that needs a decision.
type Notice struct {
	Text  string
	Entry string // id of the entry that it is about, "" for a digi-quarter
}

// Reach is what became of a publication: the numbers that the card of reach has.
type Reach struct {
	Title        string
	Published    time.Time
	Outside      bool // it is in no channel: a zero is not known then
	Withdrawn    bool
	Members      int // whom it can reach; -1 when it is not known
	Reacted      int
	Replied      int // -1 when it is not known
	Acknowledged int
}

// Session is a digi-quarter.
type Session struct {
	ID        int64
	Title     string
	Start     time.Time
	Minutes   int
	Audiences []string
	SignedUp  int
	Attended  int
	Anonymous int
	Over      bool
	People    []Participant // nil: the reader may not see them
}

// Participant is somebody who signed up for a session or came.
type Participant struct {
	Name       string // "" when it is not known
	SignedUp   bool
	Attended   bool
	Minutes    int // for how long, when HasMinutes
	HasMinutes bool
}

// maxNotices is how many notices are listed.
const maxNotices = 12

// Fragment writes the main part of the page.
func (t Tab) Fragment(w io.Writer) error {
	return templates().ExecuteTemplate(w, "tab.html", t.view())
}

// Page writes the whole page.
func (t Tab) Page(w io.Writer) error {
	v := t.view()
	content, err := execute("tab.html", v)
	if err != nil {
		return err
	}
	return t.write(w, document{Title: v.Title + " – " + t.T("common.product"), Content: content})
}

// view is what the template shows.
type view struct {
	Tab
	Title     string
	Lead      string // how many entries there are, in words
	Views     []Link
	Before    *Link
	Now       *Link
	After     *Link
	Wheel     template.HTML
	WheelNote string
	Months    []Link
	Weeks     []Link
	Form      *form
	Clear     string // the address without filters, "" when there are none
	Groups    []group
	Empty     string // why there is nothing, "" when there is something
	EmptyLink *Link
	Facts     []fact
	Requests  []request
	More      int // notices that are not listed
	Warnings  []warning
	Meetings  []meeting
	ReachRows []reachRow
	Languages []language
	Dates     []row // of a series
}

type warning struct{ Text, Href string }

type group struct {
	ID      string
	Heading string
	Href    string // of the week or month, "" for none
	Rows    []row
}

type row struct {
	entry    string // its id
	Number   int    // in the picture of the year, 0 for none
	Date     string
	Times    string // of a series: how often, and when next
	Title    string
	Href     string
	Campaign string
	Detail   string // audiences and media
	Owner    string
	Badges   []badge
	Quiet    bool // done, cancelled or past
	Today    bool
}

// badge is a state as a word; its kind is for the style sheet.
type badge struct{ Kind, Text string }

type fact struct {
	Name   string
	Values []Link // without an address: plain text
}

// form is the filters.
type form struct {
	Hidden  []hidden
	Selects []choice
}

type hidden struct{ Name, Value string }

type choice struct {
	Name, Label string
	Options     []option
}

type option struct {
	Value, Text string
	Selected    bool
}

func (t Tab) view() view {
	v := view{Tab: t, Views: t.views()}
	v.Languages = t.languages(func(l cards.Lang) string {
		q := t.Query
		q.Lang = string(l)
		return t.href(q)
	})
	for _, n := range t.Notices[:min(len(t.Notices), maxNotices)] {
		q := Query{View: Entry, Entry: n.Entry, Lang: t.Query.Lang}
		if n.Entry == "" {
			q = Query{View: Sessions, Year: t.Query.Year, Lang: t.Query.Lang}
		}
		v.Warnings = append(v.Warnings, warning{n.Text, t.href(q)})
	}
	v.More = len(t.Notices) - len(v.Warnings)
	switch t.Query.View {
	case Entry:
		t.entry(&v)
		return v
	case Sessions:
		v.Title = t.T("tab.sessions_of", "year", strconv.Itoa(t.Query.Year))
		v.Lead = t.T("tab.sessions_count", "n", len(t.Sessions))
		v.Meetings = t.meetings()
		if len(v.Meetings) == 0 {
			v.Empty = t.T("tab.no_sessions")
		}
		t.neighbours(&v)
		return v
	case Campaign:
		v.Title = t.T("clock.campaign", "campaign", t.campaignName(), "year", strconv.Itoa(t.Query.Year))
		t.yearGroups(&v)
		t.campaign(&v)
	case Year:
		v.Title = t.T("clock.year", "year", strconv.Itoa(t.Query.Year))
		t.yearGroups(&v)
		t.months(&v)
		t.wheel(&v)
	case Quarter, Month, Week:
		v.Title = t.periodTitle(t.Query)
		t.weekGroups(&v)
	}
	if t.Query.View != Campaign && t.Query.View != Week {
		t.weeks(&v)
	}
	t.neighbours(&v)
	if t.Query.View != Campaign {
		v.Form = t.form()
	}
	if t.Query.Filtered() && t.Query.View != Campaign {
		q := t.Query
		q.Clock, q.Campaign, q.Audience, q.Channel, q.State = "", "", "", "", AnyState
		v.Clear = t.href(q)
	}
	n := 0
	for _, g := range v.Groups {
		n += len(g.Rows)
	}
	v.Lead = t.T("tab.count", "n", n)
	if n == 0 {
		t.empty(&v)
	}
	return v
}

// views are the links to the views, round the days that are shown now.
func (t Tab) views() []Link {
	around, _ := t.Query.Days()
	if t.Query.View == Entry && len(t.Entries) > 0 {
		around = t.Entries[0].Start
	}
	if last := t.Query.Shift(1); t.Query.View != Entry && t.Today >= around {
		if next, _ := last.Days(); t.Today < next {
			around = t.Today // what is shown contains today: so shall what is shown next
		}
	}
	var out []Link
	for _, view := range []View{Year, Quarter, Month, Week, Sessions} {
		q := t.Query.to(view, around)
		if t.Query.View == Campaign {
			q.Campaign = ""
		}
		out = append(out, Link{Text: t.T("tab.view." + string(view)), Href: t.href(q), Current: view == t.Query.View})
	}
	return out
}

// neighbours are the links to the periods before and after, and to today's.
func (t Tab) neighbours(v *view) {
	link := func(q Query) *Link {
		if from, _ := q.Days(); from.Year() < firstYear || from.Year() > lastYear {
			return nil
		}
		return &Link{Text: t.periodTitle(q), Href: t.href(q)}
	}
	v.Before, v.After = link(t.Query.Shift(-1)), link(t.Query.Shift(1))
	if from, to := t.Query.Days(); t.Today < from || t.Today > to {
		q := t.Query
		q = q.to(t.Query.View, t.Today)
		v.Now = &Link{Text: t.T("tab.now." + string(t.Query.View)), Href: t.href(q)}
	}
}

// periodTitle names the days of a query: "Maaliskuu 2026", "Viikko 12 (16.–22.3.)".
func (t Tab) periodTitle(q Query) string {
	from, to := q.Days()
	switch q.View {
	case Quarter:
		return t.T("tab.quarter", "n", int(q.Month+2)/3, "year", strconv.Itoa(q.Year), "range", t.Lang.Range(from, to, from))
	case Month:
		return upperFirst(t.Lang.MonthYear(q.Year, q.Month))
	case Week:
		return t.T("tab.week", "n", q.Week, "year", strconv.Itoa(q.Year), "range", t.Lang.Range(from, to, from))
	}
	return strconv.Itoa(q.Year)
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// months are the links beside the wheel, with how many entries begin or go on in each.
func (t Tab) months(v *view) {
	for m := time.January; m <= time.December; m++ {
		q := t.Query
		q.View, q.Month = Month, m
		from, to := q.Days()
		n := 0
		for _, e := range t.kept() {
			if touches(e, from, to) {
				n++
			}
		}
		v.Months = append(v.Months, Link{Text: upperFirst(t.Lang.Month(m)), Href: t.href(q), Note: t.T("tab.count", "n", n),
			Current: t.Today.Year() == t.Query.Year && t.Today.Month() == m})
	}
}

// wheel adds the picture of the year, whose marks lead to their entries and whose months to theirs. The list below it says
// the same, with the picture's numbers.
func (t Tab) wheel(v *view) {
	w := cards.Wheel{Clock: t.Query.Clock, Year: t.Query.Year, Today: t.Today, Entries: t.kept(), By: cards.ByCampaign}
	w.Campaigns = len(w.Entries) > cards.MaxWheelEntries
	if w.Campaigns {
		w.Entries = byCampaign(w.Entries)
		v.WheelNote = t.T("wheel.only_campaigns", "n", cards.MaxWheelEntries)
	} else {
		numbers := map[string]int{}
		for _, r := range w.Rows(t.Lang) {
			numbers[r.Entry] = r.Number
		}
		for _, g := range v.Groups {
			for i := range g.Rows {
				g.Rows[i].Number = numbers[g.Rows[i].entry]
			}
		}
	}
	theme := cards.Light
	switch t.Theme {
	case "dark":
		theme = cards.Dark
	case "contrast":
		theme = cards.Contrast
	}
	picture := w.SVG(t.Lang, cards.WheelSVG{Theme: theme, Link: func(entry string, month time.Month) string {
		switch {
		case entry != "" && w.Campaigns:
			return t.href(Query{View: Campaign, Year: t.Query.Year, Campaign: entry, Lang: t.Query.Lang})
		case entry != "":
			return t.href(Query{View: Entry, Entry: entry, Lang: t.Query.Lang})
		}
		q := t.Query
		q.View, q.Month = Month, month
		return t.href(q)
	}})
	v.Wheel = template.HTML(picture) //nolint:gosec // drawn by us, with every text escaped
}

// byCampaign makes one entry of each campaign, from the beginning of its first to the end of its last, with the campaign's
// name for an id.
func byCampaign(entries []*store.Entry) []*store.Entry {
	of := map[string]*store.Entry{}
	var out []*store.Entry
	for _, e := range entries {
		if e.Campaign == "" || e.State == store.Cancelled {
			continue
		}
		end := e.End
		if end == 0 { // a series that runs to the end of its clock's year
			end = store.NewDate(max(e.Clock.Year, e.Start.Year()), time.December, 31)
		}
		c := of[store.Key(e.Campaign)]
		if c == nil {
			c = &store.Entry{ID: e.Campaign, Clock: e.Clock, Title: e.Campaign, Campaign: e.Campaign, Start: e.Start, End: end, State: store.Planned}
			of[store.Key(e.Campaign)] = c
			out = append(out, c)
		}
		c.Start, c.End = min(c.Start, e.Start), max(c.End, end)
	}
	return out
}

func touches(e *store.Entry, from, to store.Date) bool {
	if e.Recurring() {
		return e.Start <= to && len(e.OccurrencesBetween(from, to)) > 0
	}
	return e.Start <= to && e.End >= from
}

// weeks are the links to the weeks of what is shown.
func (t Tab) weeks(v *view) {
	from, to := t.Query.Days()
	for d := from - store.Date((from.Weekday()+6)%7); d <= to; d += 7 {
		q := t.Query.to(Week, d)
		v.Weeks = append(v.Weeks, Link{Text: strconv.Itoa(q.Week), Note: t.T("tab.week_short", "n", q.Week), Href: t.href(q), Current: t.Today >= d && t.Today < d+7})
	}
}

// form is the filters, with what is chosen now.
func (t Tab) form() *form {
	f := &form{}
	keep := t.Query
	keep.Clock, keep.Campaign, keep.Audience, keep.Channel, keep.State = "", "", "", "", AnyState
	values := keep.Values()
	for _, name := range []string{"view", "year", "month", "week", "lang"} {
		if values.Has(name) {
			f.Hidden = append(f.Hidden, hidden{name, values.Get(name)})
		}
	}
	add := func(name, all, chosen string, names []string) {
		if len(names) == 0 && chosen == "" {
			return
		}
		c := choice{Name: name, Label: t.T("tab.filter." + name), Options: []option{{"", all, chosen == ""}}}
		found := chosen == ""
		for _, n := range names {
			same := store.Key(n) == store.Key(chosen)
			found = found || same
			c.Options = append(c.Options, option{n, n, same})
		}
		if !found {
			c.Options = append(c.Options, option{chosen, chosen, true})
		}
		f.Selects = append(f.Selects, c)
	}
	if len(t.Names.Clocks) > 1 || t.Query.Clock != "" {
		add("clock", t.T("tab.all"), t.Query.Clock, t.Names.Clocks)
	}
	add("campaign", t.T("tab.all"), t.Query.Campaign, t.Names.Campaigns)
	add("audience", t.T("tab.all"), t.Query.Audience, t.Names.Audiences)
	add("channel", t.T("tab.all"), t.Query.Channel, t.Names.Channels)
	states := choice{Name: "state", Label: t.T("tab.filter.state")}
	for _, s := range States() {
		states.Options = append(states.Options, option{string(s), t.T("tab.state." + cmp.Or(string(s), "any")), s == t.Query.State})
	}
	f.Selects = append(f.Selects, states)
	// An address that is made by a form has the form's fields only.
	proof, _ := url.ParseQuery(t.Proof)
	for _, name := range slices.Sorted(maps.Keys(proof)) {
		f.Hidden = append(f.Hidden, hidden{name, proof.Get(name)})
	}
	return f
}

// empty says why there is nothing, and leads to where there is something.
func (t Tab) empty(v *view) {
	switch {
	case t.Query.Filtered():
		v.Empty = t.T("tab.empty_filtered")
	case len(t.Years) == 0:
		v.Empty = t.T("tab.empty_all")
	default:
		v.Empty = t.T("tab.empty")
		nearest := slices.MinFunc(t.Years, func(a, b int) int { return cmp.Compare(abs(a-t.Query.Year), abs(b-t.Query.Year)) })
		if nearest != t.Query.Year {
			q := Query{View: Year, Year: nearest, Lang: t.Query.Lang}
			v.EmptyLink = &Link{Text: t.T("clock.year", "year", strconv.Itoa(nearest)), Href: t.href(q)}
		}
	}
}

func abs(n int) int { return max(n, -n) }
