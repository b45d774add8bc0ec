package store

// Digest is what is drafted, written and sent for one occurrence of an entry: a weekly bulletin, a monthly digest, a
// message to supervisors, or a result area's digest. What is written of it is content like any other, see Draft and
// ContentVersion; its entry's audience and approval hold.
type Digest struct {
	ID         int64
	EntryID    string
	Occurrence Date   // first day of the occurrence that it is for
	TeamID     string // the result area: only its numbers, and only to its channels; "" for a digest of everything
	ContentID  int64  // 0 until it is saved
}

// DigestPeriod is the time that a digest speaks of. It follows the entry's recurrence: back to the occurrence before, and
// ahead to the one after.
type DigestPeriod struct {
	From  Date // the first day of what was done
	Until Date // the last day of what is coming
}

// onceDays is the period, to either side, of a digest that is not repeated.
const onceDays = 30

// DigestPeriod returns the period of the digest for the occurrence that begins on that day. Where the series has no
// occurrence before or after it, the other side tells how long the period is.
func (e *Entry) DigestPeriod(occurrence Date) DigestPeriod {
	var before, after Date
	for _, o := range e.Occurrences() {
		switch {
		case o.Start < occurrence:
			before = o.Start
		case o.Start > occurrence && after == 0:
			after = o.Start
		}
	}
	span := Date(onceDays)
	switch {
	case before != 0:
		span = occurrence - before
	case after != 0:
		span = after - occurrence
	}
	if before == 0 {
		before = occurrence - span
	}
	if after == 0 {
		after = occurrence + span
	}
	return DigestPeriod{From: before, Until: after - 1}
}

// FirstLead is an occurrence whose first reminder, the one with the longest lead, has fallen due.
type FirstLead struct {
	Entry      *Entry
	Occurrence Occurrence
	Day        Date // a working day; due at the post time
}

// FirstLeads returns the occurrences whose first lead falls on the days from–to, in order. done is as for Dues.
func (e *Entry) FirstLeads(from, to Date, done map[Date]bool) []FirstLead {
	if e.State != Planned || len(e.Leads) == 0 {
		return nil
	}
	var out []FirstLead
	for _, o := range e.Occurrences() {
		day := WorkdayOnOrBefore(o.Start - Date(e.Leads[0])) // descending: the longest
		if !done[o.Start] && day >= from && day <= to {
			out = append(out, FirstLead{Entry: e, Occurrence: o, Day: day})
		}
	}
	return out
}
