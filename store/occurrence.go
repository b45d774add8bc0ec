package store

// Occurrence is one time that an entry takes place.
type Occurrence struct {
	Start   Date
	End     Date   // the last day; an occurrence of a series lasts its day
	Holiday string // the Finnish public holiday on Start, "" for none: the date is kept, and marked
}

// Occurrences returns the times that the entry takes place, in order, whatever their state. An entry that passed
// Normalize has at least one.
func (e *Entry) Occurrences() []Occurrence {
	if !e.Recurring() {
		return []Occurrence{{Start: e.Start, End: e.End, Holiday: Holiday(e.Start)}}
	}
	// Normalize refused what cannot be expanded, so a stored rule always can.
	dates, _, _ := e.seriesDates()
	out := make([]Occurrence, len(dates))
	for i, d := range dates {
		out[i] = Occurrence{Start: d, End: d, Holiday: Holiday(d)}
	}
	return out
}

// OccurrencesBetween returns those that touch the days from–to, both included.
func (e *Entry) OccurrencesBetween(from, to Date) []Occurrence {
	if !e.Recurring() && (e.End < from || e.Start > to) {
		return nil
	}
	var out []Occurrence
	for _, o := range e.Occurrences() {
		if o.End >= from && o.Start <= to {
			out = append(out, o)
		}
	}
	return out
}

// Due is a day on which an entry's reminder is due: a lead of an occurrence, or the day by which the materials must be
// ready. Leads that fall on the same day are one Due, about the occurrence that comes first.
type Due struct {
	Day        Date // a working day; the reminder is due at the post time
	Occurrence Occurrence
	Lead       int  // days before the occurrence as planned, before moving to a working day; 0 for materials alone
	Materials  bool // the materials must be ready by this day
}

// Dues returns the days on which reminders of the entry are due, in order of day, each day once. done tells which
// occurrences (by their first day) need no reminder any more; it may be nil. Done and cancelled entries have none.
//
// A reminder whose day is a Saturday, a Sunday or a Finnish public holiday is due on the last working day before. The
// materials day is moved likewise, and belongs to the first occurrence.
func (e *Entry) Dues(done map[Date]bool) []Due {
	if e.State != Planned {
		return nil
	}
	occurrences := e.Occurrences()
	var dues []Due
	if e.Materials != 0 && len(occurrences) > 0 && !done[occurrences[0].Start] {
		dues = append(dues, Due{Day: WorkdayOnOrBefore(e.Materials), Occurrence: occurrences[0], Materials: true})
	}
	for _, o := range occurrences {
		if done[o.Start] {
			continue
		}
		for _, lead := range e.Leads {
			dues = append(dues, Due{Day: WorkdayOnOrBefore(o.Start - Date(lead)), Occurrence: o, Lead: lead})
		}
	}
	return mergeDues(dues)
}
