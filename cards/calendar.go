package cards

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Calendar is an iCalendar object (RFC 5545) as Outlook, Google and Apple read it: entries as whole days, sessions at
// their local times. It never holds a meeting link: that is given to each person by the Join button, which is how it is
// known who came.
//
// An entry that was removed is not in it; what was called off or cancelled says so, in its title too, since calendars that
// subscribe to a feed do not look at the status. A series is one event with a rule where every calendar reads that rule as
// we do, else an event for each day. The same values give the same bytes.
type Calendar struct {
	Name     string // shown as the calendar's, "" for a single event to be added
	Location *time.Location
	Entries  []*store.Entry
	Changed  map[string]time.Time // when each entry was changed last, by id
	Sessions []*store.Session
	From     store.Date // days of a series before it are left out, where they are listed one by one
}

// calendarRefresh is how often a calendar that subscribes is asked to look.
const calendarRefresh = "PT2H"

// ICS writes the object in a language.
func (c Calendar) ICS(l Lang) []byte {
	w := &icsWriter{zone: c.Location}
	w.line("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vuosikello//FI", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
	if c.Name != "" {
		w.text("NAME", c.Name)
		w.text("X-WR-CALNAME", c.Name)
		w.line("X-WR-TIMEZONE:"+c.Location.String(), "REFRESH-INTERVAL;VALUE=DURATION:"+calendarRefresh, "X-PUBLISHED-TTL:"+calendarRefresh)
	}
	if len(c.Sessions) > 0 {
		w.timezone()
	}
	for _, e := range c.Entries {
		c.entry(w, l, e)
	}
	for _, s := range c.Sessions {
		c.session(w, l, s)
	}
	w.line("END:VCALENDAR")
	return w.b
}

func (c Calendar) entry(w *icsWriter, l Lang, e *store.Entry) {
	uid := "entry-" + e.ID
	if !e.Recurring() {
		c.day(w, l, e, uid, store.Occurrence{Start: e.Start, End: e.End}, "")
		return
	}
	if first, rule, ok := e.CalendarRule(); ok {
		c.day(w, l, e, uid, store.Occurrence{Start: first, End: first}, rule)
		return
	}
	for _, o := range e.Occurrences() {
		if o.End >= c.From {
			c.day(w, l, e, uid+"-"+icsDate(o.Start), o, "")
		}
	}
}

// day writes an event of whole days.
func (c Calendar) day(w *icsWriter, l Lang, e *store.Entry, uid string, o store.Occurrence, rule string) {
	changed := icsUTC(c.Changed[e.ID])
	w.line("BEGIN:VEVENT", "UID:"+uid+"@vuosikello", "SEQUENCE:"+strconv.Itoa(e.Version), "DTSTAMP:"+changed, "LAST-MODIFIED:"+changed,
		"DTSTART;VALUE=DATE:"+icsDate(o.Start), "DTEND;VALUE=DATE:"+icsDate(o.End+1)) // the end is the day after
	if rule != "" {
		w.line("RRULE:" + rule)
	}
	title, cancelled := e.Title, e.State == store.Cancelled
	if cancelled {
		title = l.T("calendar.cancelled", "title", title)
	}
	var lines []string
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, l.T(key)+": "+value)
		}
	}
	add("fact.campaign", e.Campaign)
	add("fact.audience", strings.Join(e.Audiences, ", "))
	add("fact.channels", strings.Join(e.Channels, ", "))
	add("fact.owner", e.Owner)
	if e.State == store.Done {
		lines = append(lines, l.T("status.done"))
	}
	lines = append(lines, c.holidays(l, e)...)
	w.text("SUMMARY", title)
	w.text("DESCRIPTION", strings.Join(lines, "\n"))
	w.text("CATEGORIES", cmp.Or(e.Campaign, e.Clock.Name))
	w.status(cancelled)
	// An entry is no appointment: it takes nobody's time.
	w.line("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "END:VEVENT")
}

// holidays names the days of an entry that are public holidays.
func (c Calendar) holidays(l Lang, e *store.Entry) (lines []string) {
	for _, o := range e.Occurrences() {
		if o.Holiday != "" && o.Start >= c.From {
			lines = append(lines, l.FullDate(o.Start)+l.holiday(o.Holiday))
		}
	}
	return lines
}

func (c Calendar) session(w *icsWriter, l Lang, s *store.Session) {
	title, cancelled := s.Title, s.State == store.SessionCalledOff
	if cancelled {
		title = l.T("calendar.cancelled", "title", title)
	}
	w.line("BEGIN:VEVENT", "UID:session-"+strconv.FormatInt(s.ID, 10)+"@vuosikello", "SEQUENCE:"+strconv.Itoa(s.Version), "DTSTAMP:"+icsUTC(s.CreatedAt))
	w.instant("DTSTART", s.Start)
	w.instant("DTEND", s.End())
	w.text("SUMMARY", title)
	w.text("DESCRIPTION", strings.Join(append([]string{l.T("session.calendar_text")}, s.Links...), "\n"))
	w.status(cancelled)
	if c.Name != "" { // in a feed stand the sessions of everybody: only who adds one alone means to come
		w.line("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE")
	}
	w.line("END:VEVENT")
}

// icsWriter writes content lines: ended by CR LF, of at most 75 bytes, never broken within a character.
type icsWriter struct {
	b    []byte
	zone *time.Location
}

const icsLine = 75

func (w *icsWriter) line(lines ...string) {
	for _, s := range lines {
		n := 0
		for _, r := range s {
			size := len(string(r))
			if n+size > icsLine {
				w.b = append(w.b, "\r\n "...)
				n = 1
			}
			w.b = append(w.b, string(r)...)
			n += size
		}
		w.b = append(w.b, "\r\n"...)
	}
}

var icsEscape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// text writes a text property, unless it is empty. Control characters would end or break a line in some calendars.
func (w *icsWriter) text(name, value string) {
	value = strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\r", "\n")
	value = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(value, "\uFFFD"))
	if value != "" {
		w.line(name + ":" + icsEscape.Replace(value))
	}
}

func (w *icsWriter) status(cancelled bool) {
	if cancelled {
		w.line("STATUS:CANCELLED")
	} else {
		w.line("STATUS:CONFIRMED")
	}
}

// helsinki is the zone that the object describes: summer time from the last Sunday of March at 01:00 UTC to the last
// Sunday of October. Instants of other zones are written in UTC, which every calendar reads.
const helsinki = "Europe/Helsinki"

func (w *icsWriter) timezone() {
	if w.zone.String() != helsinki {
		return
	}
	w.line("BEGIN:VTIMEZONE", "TZID:"+helsinki,
		"BEGIN:DAYLIGHT", "DTSTART:19810329T030000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0300", "TZNAME:EEST", "END:DAYLIGHT",
		"BEGIN:STANDARD", "DTSTART:19961027T040000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:+0300", "TZOFFSETTO:+0200", "TZNAME:EET", "END:STANDARD",
		"END:VTIMEZONE")
}

func (w *icsWriter) instant(name string, t time.Time) {
	if w.zone.String() != helsinki {
		w.line(name + ":" + icsUTC(t))
		return
	}
	w.line(name + ";TZID=" + helsinki + ":" + t.In(w.zone).Format("20060102T150405"))
}

func icsUTC(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

func icsDate(d store.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
