package store

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// RolloverRule says how an entry comes to next year's clock. Its names are keys of the catalogue, after "rollover.".
type RolloverRule string

// The rules.
const (
	RolloverSeries RolloverRule = "series" // it recurs: the rule is kept, from its first day in the new year
	RolloverFeast  RolloverRule = "feast"  // it is as far from a movable feast as before
	RolloverOnce   RolloverRule = "once"   // it is for people to decide; proposed is the same weekday of the same ISO week
)

// Proposal is what of the year before is proposed for a year's clock.
type Proposal struct {
	Rule   RolloverRule
	Feast  string // of RolloverFeast: its Finnish name, as Holiday names it
	Old    *Entry
	New    *Entry // not stored yet; its id follows from the old one's, so that the same proposal is the same entry
	Exists bool   // it was added to the new clock before, or something of its name is there
	Err    error  // of kind Invalid, when the new entry is not possible
}

// movable are feasts whose date changes from year to year, with what titles call them.
var movable = []struct {
	name  string // as Holiday names it
	words []string
}{
	{"Pääsiäispäivä", []string{"pääsiäi", "pitkäperjantai", "kiirastorstai", "påsk", "långfredag", "easter", "good friday"}},
	{"Helatorstai", []string{"helatorstai", "kristi himmel", "ascension"}},
	{"Helluntaipäivä", []string{"helluntai", "pingst", "pentecost", "whit"}},
	{"Juhannuspäivä", []string{"juhannu", "midsommar", "midsummer"}},
	{"Pyhäinpäivä", []string{"pyhäinpäiv", "alla helgons", "all saints"}},
}

// nearFeast is how far from a feast, in days, an entry named after it can be.
const nearFeast = 45

// feastDay returns the day of a holiday of that name, zero for none.
func feastDay(year int, name string) Date {
	for d := NewDate(year, time.January, 1); d.Year() == year; d++ {
		if Key(Holiday(d)) == Key(name) {
			return d
		}
	}
	return 0
}

// Rollover proposes what of the entries of one year's clock belongs into the clock of another year. Cancelled and removed entries are left
// out; what is done is planned again. A year in a title is that of the clock.
func Rollover(entries []*Entry, year int) []Proposal {
	var out []Proposal
	for _, e := range entries {
		if e.State == Cancelled || !e.RemovedAt.IsZero() {
			continue
		}
		n := *e
		n.ID, n.Version, n.State = rolloverID(e.ID, year), 0, Planned
		n.Clock.Year = year
		n.Title = strings.ReplaceAll(e.Title, strconv.Itoa(e.Clock.Year), strconv.Itoa(year))
		n.Leads = append([]int(nil), e.Leads...)
		p := Proposal{Old: e, New: &n}
		switch name, moved := movedFeast(e, year); {
		case e.Recurring():
			p.Rule = RolloverSeries
			rollSeries(e, &n, year)
		case name != "":
			p.Rule, p.Feast = RolloverFeast, name
			n.Start = moved
			n.End = moved + e.End - e.Start
		default:
			p.Rule = RolloverOnce
			n.Start = sameWeekday(e.Start, year+e.Start.Year()-e.Clock.Year)
			n.End = n.Start + e.End - e.Start
		}
		if e.Materials != 0 {
			n.Materials = n.Start - (e.Start - e.Materials)
		}
		p.Err = n.Normalize()
		out = append(out, p)
	}
	return out
}

// rolloverID is the id of an entry's successor.
func rolloverID(id string, year int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", id, year))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// movedFeast returns the feast that an entry is about, by its name or because it is on it, and its day in another year.
func movedFeast(e *Entry, year int) (name string, day Date) {
	title := Key(e.Title + " " + e.Campaign)
	for _, f := range movable {
		old, feast := feastDay(e.Start.Year(), f.name), feastDay(year+e.Start.Year()-e.Clock.Year, f.name)
		if old == 0 || feast == 0 || e.Start-old > nearFeast || old-e.Start > nearFeast {
			continue
		}
		for _, w := range f.words {
			if strings.Contains(title, w) {
				return f.name, feast + e.Start - old
			}
		}
	}
	return "", 0
}

// sameWeekday returns the same weekday of the same ISO week in another year; week 53 becomes the last week there is.
func sameWeekday(d Date, year int) Date {
	isoYear, week := d.ISOWeek()
	year += isoYear - d.Year() // the first days of January can belong to the year before
	monday := NewDate(year, time.January, 4)
	monday -= Date((monday.Weekday()+6)%7) - Date(7*(week-1))
	if y, _ := (monday + 3).ISOWeek(); y != year {
		monday -= 7
	}
	return monday + Date((d.Weekday()+6)%7)
}

// rollSeries moves a series. A rule that names weekdays or days gives its first day by itself, from the month in which the series
// began; one of weeks keeps its weekday, and one of days of the month its day. What ran from the beginning of the year to its
// end goes on in its rhythm, as if there were no turn of the year: a bulletin of every Friday whose first was 9.1.2026,
// Friday 2.1. being left to the holidays, comes on 8.1.2027, since 1.1. is a holiday.
func rollSeries(e, n *Entry, year int) {
	years := year - e.Clock.Year
	begin := NewDate(e.Start.Year()+years, e.Start.Month(), 1)
	rule := withoutEnd(e.Repeat)
	step, months := plainRule(rule)
	switch {
	case strings.Contains(rule, "BY"):
		n.Start, n.Repeat = begin, rule
		if weeks, weekly := weeksOf(rule); weekly && weeks > 1 && e.allYear(7*weeks) {
			n.Start = max(begin, inRhythm(mondayOf(e.Start), 7*weeks, begin-6)) // a week that begins before the year can end in it
		}
		n.End = NewDate(begin.Year()+1, begin.Month(), 0)
		if dates, _, err := n.seriesDates(); err == nil && len(dates) > 0 {
			n.Start = dates[0]
			if e.allYear(7) {
				n.Start = firstWorking(e, dates)
			}
		}
		n.Repeat = e.Repeat
	case step > 0 && !months:
		n.Start = sameWeekday(e.Start, e.Start.Year()+years)
		if e.allYear(step) {
			first := inRhythm(e.Start, step, NewDate(year, time.January, 1))
			n.Start = firstWorking(e, []Date{first, first + Date(step), first + Date(2*step)})
		}
	default:
		n.Start = sameDay(e.Start, years)
	}
	n.End = 0
	if e.End != 0 {
		n.End = max(n.Start, sameDay(e.End, years))
	}
	n.Repeat = shiftUntil(n.Repeat, years)
}

// allYear reports whether a series of that step, in days, runs from the beginning of its clock's year, of which it may have
// left out the week of the holidays, to the last month.
func (e *Entry) allYear(step int) bool {
	all := e.Occurrences()
	return len(all) > 0 && e.Start >= NewDate(e.Clock.Year, time.January, 1) && e.Start < NewDate(e.Clock.Year, time.January, 1+step+7) &&
		all[len(all)-1].Start >= NewDate(e.Clock.Year, time.December, 1)
}

// inRhythm is the first day, from one on, that is whole steps after another one.
func inRhythm(start Date, step int, from Date) Date {
	return start + (from-start+Date(step)-1)/Date(step)*Date(step)
}

// firstWorking is the first of a series' days that is no holiday, unless the series before began on one itself.
func firstWorking(e *Entry, dates []Date) Date {
	if i := slices.IndexFunc(dates, func(d Date) bool { return Holiday(d) == "" }); i > 0 && Holiday(e.Start) == "" {
		return dates[i]
	}
	return dates[0]
}

// weeksOf reads every how many weeks a weekly rule is.
func weeksOf(rule string) (weeks int, weekly bool) {
	weeks = 1
	for part := range strings.SplitSeq(rule, ";") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "FREQ":
			weekly = value == "WEEKLY"
		case "INTERVAL":
			weeks, _ = strconv.Atoi(value) // the rule was read before
		}
	}
	return weeks, weekly
}

func mondayOf(d Date) Date { return d - Date((d.Weekday()+6)%7) }

// sameDay is the same day of the month, or the month's last.
func sameDay(d Date, years int) Date {
	return min(NewDate(d.Year()+years, d.Month(), d.Day()), NewDate(d.Year()+years, d.Month()+1, 0))
}

// withoutEnd is a rule without its own end.
func withoutEnd(rule string) string {
	var parts []string
	for part := range strings.SplitSeq(rule, ";") {
		if !strings.HasPrefix(part, "UNTIL=") && !strings.HasPrefix(part, "COUNT=") {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ";")
}

// shiftUntil moves the last day that a rule names.
func shiftUntil(rule string, years int) string {
	parts := strings.Split(rule, ";")
	for i, part := range parts {
		if value, ok := strings.CutPrefix(part, "UNTIL="); ok && len(value) >= 8 {
			if t, err := time.Parse("20060102", value[:8]); err == nil {
				parts[i] = "UNTIL=" + strings.ReplaceAll(sameDay(DateOf(t), years).String(), "-", "") + value[8:]
			}
		}
	}
	return strings.Join(parts, ";")
}
