package store

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Clock names a year clock: one unit's plan for one year.
type Clock struct {
	Name string
	Year int
}

// DefaultClock is the name of the clock that a file or form belongs to when it names none.
const DefaultClock = "vuosikello"

// EntryState is where a planned action stands.
type EntryState string

// The states of an entry. Neither a done nor a cancelled entry is reminded of.
const (
	Planned   EntryState = "planned"
	Done      EntryState = "done"
	Cancelled EntryState = "cancelled"
)

// Entry is one planned communication action of a year clock, once or recurring.
type Entry struct {
	ID        string // stable and opaque; see NewID
	Clock     Clock
	Title     string
	Start     Date       // the first day, of the first occurrence when recurring
	End       Date       // the last day (= Start for one day); of a series the last day of the series, zero: end of the clock's year
	Repeat    string     // RFC 5545 RRULE in canonical form, "" for once; see ParseRecurrence
	Campaign  string     // the group of entries with one goal, "" for none
	Audiences []string   // in the order given; compared without case
	Channels  []string   // the media used, as written: "intra", "Teams"
	Owner     string     // who must act: a person's name or e-mail, a role word or a team, as written
	Leads     []int      // days before the start on which a reminder is due, descending
	Materials Date       // when the materials must be ready; zero for none
	Approval  bool       // its content must be approved before publication
	Goal      string     // as written; a measure's name when it has one
	State     EntryState //
	Notes     string     // what a file's unknown columns held, one "Column: value" a line
	Version   int        // counts changes, from 1; a form that edits an older one is refused
	RemovedAt time.Time  // zero while the entry is in the clock
}

// Limits on text from people. They are well above what a year clock needs and keep every card under the platform's
// 80 KB message limit.
const (
	MaxTitle = 300
	MaxText  = 2000
	MaxNames = 50 // audiences or channels of one entry
	MaxLead  = 366
	MaxLeads = 20
)

// DefaultLeads are the reminders of an entry that names none.
func DefaultLeads() []int { return []int{7, 1} }

// Recurring reports whether the entry is a series.
func (e *Entry) Recurring() bool { return e.Repeat != "" }

// Key returns the form of a name in which two spellings of the same name are equal: without case and surrounding or
// doubled spaces. It is what names are stored and compared by.
func Key(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// SameContent reports whether the two entries say the same, whatever their ids and versions.
func (e *Entry) SameContent(o *Entry) bool {
	return e.Clock == o.Clock && e.Title == o.Title && e.Start == o.Start && e.End == o.End && e.Repeat == o.Repeat &&
		e.Campaign == o.Campaign && slices.Equal(e.Audiences, o.Audiences) && slices.Equal(e.Channels, o.Channels) &&
		e.Owner == o.Owner && slices.Equal(e.Leads, o.Leads) && e.Materials == o.Materials && e.Approval == o.Approval &&
		e.Goal == o.Goal && e.State == o.State && e.Notes == o.Notes
}

// Moved reports whether o takes place at another time than e.
func (e *Entry) Moved(o *Entry) bool {
	return e.Start != o.Start || e.End != o.End || e.Repeat != o.Repeat
}

// Normalize puts the entry in its canonical form (trimmed, leads descending and unique, defaults filled) and checks
// it. The error, if any, is of kind Invalid and names the first field that is wrong.
func (e *Entry) Normalize() error {
	e.Title = strings.Join(strings.Fields(e.Title), " ")
	e.Campaign = strings.Join(strings.Fields(e.Campaign), " ")
	e.Owner = strings.Join(strings.Fields(e.Owner), " ")
	e.Goal = strings.TrimSpace(e.Goal)
	e.Clock.Name = strings.Join(strings.Fields(e.Clock.Name), " ")
	e.Audiences, e.Channels = names(e.Audiences), names(e.Channels)
	slices.Sort(e.Leads)
	e.Leads = slices.Compact(e.Leads)
	slices.Reverse(e.Leads)
	if e.State == "" {
		e.State = Planned
	}
	if e.Clock.Name == "" {
		e.Clock.Name = DefaultClock
	}
	if !e.Recurring() && e.End == 0 {
		e.End = e.Start
	}
	switch {
	case Blank(e.Title):
		return Invalid("title", "invalid.title_missing")
	case runes(e.Title) > MaxTitle:
		return Invalid("title", "invalid.too_long", "max", MaxTitle)
	case runes(e.Campaign) > MaxTitle:
		return Invalid("campaign", "invalid.too_long", "max", MaxTitle)
	case runes(e.Owner) > MaxTitle:
		return Invalid("owner", "invalid.too_long", "max", MaxTitle)
	case runes(e.Goal) > MaxText:
		return Invalid("goal", "invalid.too_long", "max", MaxText)
	case runes(e.Clock.Name) > MaxTitle:
		return Invalid("clock", "invalid.too_long", "max", MaxTitle)
	case e.Start == 0:
		return Invalid("start", "invalid.start_missing")
	case e.Clock.Year < 1900 || e.Clock.Year > 2199:
		return Invalid("clock", "invalid.year_missing")
	case e.End != 0 && e.End < e.Start:
		return Invalid("end", "invalid.end_before_start")
	case !e.Recurring() && e.End-e.Start > 3*366:
		return Invalid("end", "invalid.too_far")
	case len(e.Audiences) > MaxNames:
		return Invalid("audience", "invalid.too_many", "max", MaxNames)
	case len(e.Channels) > MaxNames:
		return Invalid("channels", "invalid.too_many", "max", MaxNames)
	case len(e.Leads) > MaxLeads:
		return Invalid("reminders", "invalid.too_many", "max", MaxLeads)
	}
	for _, list := range []struct {
		field string
		names []string
	}{{"audience", e.Audiences}, {"channels", e.Channels}} {
		for _, n := range list.names {
			if runes(n) > MaxTitle {
				return Invalid(list.field, "invalid.too_long", "max", MaxTitle)
			}
		}
	}
	for _, lead := range e.Leads {
		if lead < 0 || lead > MaxLead {
			return Invalid("reminders", "invalid.lead", "max", MaxLead)
		}
	}
	if e.Recurring() {
		rule, err := ParseRecurrence(e.Repeat)
		if err != nil {
			return err
		}
		e.Repeat = rule
		return e.checkSeries()
	}
	return nil
}

// names trims, drops empty names and those that repeat an earlier one.
func names(in []string) []string {
	var out []string
	seen := make(map[string]bool, len(in))
	for _, n := range in {
		n = strings.Join(strings.Fields(n), " ")
		if n != "" && !seen[Key(n)] {
			seen[Key(n)] = true
			out = append(out, n)
		}
	}
	return out
}

// Blank reports whether a text shows nothing: it is empty, or all spaces, control and other invisible characters.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

func runes(s string) int { return len([]rune(s)) }
