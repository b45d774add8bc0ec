package store

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// ClashKind says what is wrong with a plan, though nothing forbids it.
type ClashKind string

// The kinds of clashes. Their names are keys of the catalogue, after "clash.".
const (
	ClashAudience ClashKind = "audience" // two entries for the same audience begin in the same week
	ClashApprover ClashKind = "approver" // content must be approved, and on its day nobody is an approver
	ClashHoliday  ClashKind = "holiday"  // it begins on a public holiday
	ClashMeeting  ClashKind = "meeting"  // a digi-quarter is held while the management team meets
)

// Clash is something in the plan that its makers should know of.
type Clash struct {
	Kind    ClashKind
	Day     Date
	Entry   *Entry   // nil for ClashMeeting
	Other   *Entry   // of ClashAudience: the one that begins first
	Session *Session // of ClashMeeting
	Name    string   // the audience or the holiday
}

// routineDays is the rhythm in which a series is routine, in days: a weekly bulletin meets everything that there is, and a
// warning about it would say nothing.
const routineDays = 28

// shortDays is how long an entry is at most to fill every week that it touches. A longer one counts in the week it begins.
const shortDays = 14

// audienceWeek is an audience's week, by its Monday.
type audienceWeek struct {
	monday   Date
	audience string
}

// FindClashes looks through entries for what happens on the days from–to: one clash for each entry and kind, and in each
// week of an audience one for each entry after the first. Entries of one campaign are planned together and do not clash. approved reports
// whether somebody is an approver on a day; nil when there is no approver at all, which is then said once.
func FindClashes(entries []*Entry, from, to Date, approved func(Date) bool) []Clash {
	var out []Clash
	type begin struct {
		entry *Entry
		day   Date
	}
	weeks := map[audienceWeek][]begin{}
	unapproved := false
	for _, e := range entries {
		if e.State != Planned || !e.RemovedAt.IsZero() {
			continue
		}
		occurrences := e.OccurrencesBetween(from, to)
		routine := len(occurrences) > 0 && e.routine(from, to)
		holiday, approver := false, false
		for _, o := range occurrences {
			if o.Start >= from && o.Holiday != "" && !holiday {
				holiday = true
				out = append(out, Clash{Kind: ClashHoliday, Day: o.Start, Entry: e, Name: o.Holiday})
			}
			if e.Approval && o.Start >= from && !approver && (approved == nil && !unapproved || approved != nil && !approved(o.Start)) {
				approver, unapproved = true, true
				out = append(out, Clash{Kind: ClashApprover, Day: o.Start, Entry: e})
			}
			if routine {
				continue
			}
			last := o.Start
			if o.End-o.Start < shortDays {
				last = o.End
			}
			for monday := o.Start - Date((o.Start.Weekday()+6)%7); monday <= last; monday += 7 {
				for _, a := range e.Audiences {
					weeks[audienceWeek{monday, Key(a)}] = append(weeks[audienceWeek{monday, Key(a)}], begin{e, max(monday, o.Start)})
				}
			}
		}
	}
	told := map[string]bool{}
	for at, list := range weeks {
		slices.SortFunc(list, func(a, b begin) int {
			return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.entry.Title, b.entry.Title), cmp.Compare(a.entry.ID, b.entry.ID))
		})
		for i, b := range list[1:] {
			for _, a := range list[:i+1] {
				if a.entry == b.entry || a.entry.Campaign != "" && Key(a.entry.Campaign) == Key(b.entry.Campaign) {
					continue
				}
				name := b.entry.Audiences[slices.IndexFunc(b.entry.Audiences, func(n string) bool { return Key(n) == at.audience })]
				out = append(out, Clash{Kind: ClashAudience, Day: b.day, Entry: b.entry, Other: a.entry, Name: name})
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b Clash) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Entry.Title, b.Entry.Title), cmp.Compare(a.Entry.ID, b.Entry.ID), cmp.Compare(Key(a.Name), Key(b.Name)))
	})
	// Two entries that share several audiences, or meet again and again, are told of once.
	return slices.DeleteFunc(out, func(c Clash) bool {
		if c.Other == nil {
			return false
		}
		pair := strconv.Itoa(len(c.Entry.ID)) + c.Entry.ID + c.Other.ID
		if told[pair] || told[strconv.Itoa(len(c.Other.ID))+c.Other.ID+c.Entry.ID] {
			return true
		}
		told[pair] = true
		return false
	})
}

// routine reports whether an entry is a series that comes often round those days: of a week alone, its rhythm cannot be seen.
func (e *Entry) routine(from, to Date) bool {
	if !e.Recurring() {
		return false
	}
	round := e.OccurrencesBetween(from-routineDays, to+routineDays)
	return len(round) > 1 && round[1].Start-round[0].Start < routineDays
}

// Meets reports whether the meeting is held at some time between the two instants.
func (m *Meeting) Meets(start, end time.Time, c Calendar) bool {
	day := DateOf(start.In(c.Location))
	if day < m.First || m.Every < 1 || (day-m.First)%Date(7*m.Every) != 0 {
		return false
	}
	begins := m.At(day, c)
	return begins.Before(end) && begins.Add(meetingLength).After(start)
}
