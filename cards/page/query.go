package page

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// View is what the tab shows.
type View string

// The views.
const (
	Year     View = "year"
	Quarter  View = "quarter"
	Month    View = "month"
	Week     View = "week"
	Campaign View = "campaign" // one campaign's entries of a year, with approvals and reach
	Sessions View = "sessions" // the digi-quarters of a year
	Entry    View = "entry"    // one entry
)

// Query is what an address of the tab asks for. Its zero fields are left out of the address.
type Query struct {
	View  View
	Year  int        // 1900–2199
	Month time.Month // of a month; of a quarter its first
	Week  int        // ISO week of the (ISO) year

	Entry string // id, of the view Entry

	// Filters; names are compared without case.
	Clock, Campaign, Audience, Channel string
	State                              State

	Lang  string // chosen on the page, "" for none
	Theme string // of the Teams client, "" when not known
}

// State is a filter by where an entry stands.
type State string

// The states to filter by.
const (
	AnyState     State = ""
	Planned      State = "planned"
	Done         State = "done"
	Cancelled    State = "cancelled"
	Waiting      State = "waiting" // its content waits for a decision
	firstYear          = 1900
	lastYear           = 2199
	maxQueryText       = 300 // as long as a name may be, in characters
)

// States returns the states that can be chosen, in order.
func States() []State { return []State{AnyState, Planned, Done, Cancelled, Waiting} }

// ParseQuery reads an address. What makes no sense is taken for what is shown without it: the year of today.
func ParseQuery(v url.Values, today store.Date) Query {
	q := Query{
		View: View(v.Get("view")), Entry: text(v, "entry"), Clock: text(v, "clock"), Campaign: text(v, "campaign"), Audience: text(v, "audience"),
		Channel: text(v, "channel"), State: State(v.Get("state")), Theme: v.Get("theme"),
	}
	q.Year = number(v, "year", firstYear, lastYear)
	q.Month = time.Month(number(v, "month", 1, 12))
	q.Week = number(v, "week", 1, 53)
	switch q.State {
	case Planned, Done, Cancelled, Waiting:
	default:
		q.State = AnyState
	}
	if l, known := cards.ParseLang(v.Get("lang")); known {
		q.Lang = string(l) // and no more of it: it stands in every link of the page
	}
	switch q.Theme {
	case "default", "dark", "contrast":
	default:
		q.Theme = ""
	}
	switch {
	case q.Entry != "":
		q.View = Entry
	case q.View == Campaign && q.Campaign != "":
	case q.View == Quarter || q.View == Month || q.View == Week || q.View == Sessions:
	default:
		q.View = Year
	}
	return q.complete(today)
}

// complete fills in the period that contains today, or the beginning of another year.
func (q Query) complete(today store.Date) Query {
	isoYear, isoWeek := today.ISOWeek()
	thisYear := q.Year == 0 || q.Year == today.Year()
	switch q.View {
	case Quarter, Month:
		if q.Month == 0 {
			q.Month = time.January
			if thisYear {
				q.Month = today.Month()
			}
		}
		if q.View == Quarter {
			q.Month = (q.Month-1)/3*3 + 1
		}
		q.Week = 0
	case Week:
		if q.Week == 0 {
			q.Week = 1
			if q.Year == 0 || q.Year == isoYear {
				q.Year, q.Week = isoYear, isoWeek
			}
		}
		q.Month = 0
	default:
		q.Month, q.Week = 0, 0
	}
	if q.Year == 0 {
		q.Year = today.Year()
	}
	if q.Week == 53 && monday(q.Year+1, 1) == monday(q.Year, 53) {
		q.Week = 52 // the year has no more
	}
	return q
}

func text(v url.Values, name string) string {
	s := strings.Join(strings.Fields(strings.ToValidUTF8(v.Get(name), "")), " ")
	if r := []rune(s); len(r) > maxQueryText {
		s = strings.TrimSpace(string(r[:maxQueryText]))
	}
	return s
}

func number(v url.Values, name string, least, most int) int {
	n, err := strconv.Atoi(v.Get(name))
	if err != nil || n < least || n > most {
		return 0
	}
	return n
}

// monday is the first day of an ISO week. The week of 4 January is the year's first.
func monday(year, week int) store.Date {
	fourth := store.NewDate(year, time.January, 4)
	return fourth - store.Date((fourth.Weekday()+6)%7) + store.Date(7*(week-1))
}

// Days returns the first and last day of what is shown.
func (q Query) Days() (from, to store.Date) {
	switch q.View {
	case Quarter:
		return store.NewDate(q.Year, q.Month, 1), store.NewDate(q.Year, q.Month+3, 0)
	case Month:
		return store.NewDate(q.Year, q.Month, 1), store.NewDate(q.Year, q.Month+1, 0)
	case Week:
		from = monday(q.Year, q.Week)
		return from, from + 6
	}
	return store.NewDate(q.Year, time.January, 1), store.NewDate(q.Year, time.December, 31)
}

// Filter is the query as far as the database selects by it; see Keeps for the rest.
func (q Query) Filter() store.EntryFilter {
	from, to := q.Days()
	return store.EntryFilter{From: from, To: to, Campaign: q.Campaign, Audience: q.Audience}
}

// Filtered reports whether the query leaves entries out.
func (q Query) Filtered() bool {
	return q.Clock != "" || q.Campaign != "" || q.Audience != "" || q.Channel != "" || q.State != AnyState
}

// Shift is the same view of the period that is so many periods later.
func (q Query) Shift(n int) Query {
	switch q.View {
	case Quarter, Month:
		months := n
		if q.View == Quarter {
			months = 3 * n
		}
		d := store.NewDate(q.Year, q.Month+time.Month(months), 1)
		q.Year, q.Month = d.Year(), d.Month()
	case Week:
		q.Year, q.Week = (monday(q.Year, q.Week) + store.Date(7*n)).ISOWeek()
	default:
		q.Year += n
	}
	return q
}

// to is the query for another view, with the same filters, of the days around one.
func (q Query) to(v View, d store.Date) Query {
	q.View, q.Entry, q.Year, q.Month, q.Week = v, "", d.Year(), d.Month(), 0
	if v == Week {
		q.Year, q.Week = d.ISOWeek()
	}
	return q.complete(d)
}

// Values is the query as it stands in an address. The theme is not part of it: it is the client's.
func (q Query) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.View == Entry {
		set("entry", q.Entry)
		set("lang", q.Lang)
		return v
	}
	set("view", string(q.View))
	v.Set("year", strconv.Itoa(q.Year))
	if q.Month != 0 {
		v.Set("month", strconv.Itoa(int(q.Month)))
	}
	if q.Week != 0 {
		v.Set("week", strconv.Itoa(q.Week))
	}
	set("clock", q.Clock)
	set("campaign", q.Campaign)
	set("audience", q.Audience)
	set("channel", q.Channel)
	set("state", string(q.State))
	set("lang", q.Lang)
	return v
}
