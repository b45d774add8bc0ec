package store

import (
	"cmp"
	"slices"
)

// Clashes returns what of the plan on the days from–to its makers should know of, in order of day.
func (tx *Tx) Clashes(from, to Date, c Calendar) ([]Clash, error) {
	entries, err := tx.Entries(EntryFilter{From: from, To: to})
	if err != nil {
		return nil, err
	}
	approved, err := tx.Approvers(from)
	if err != nil {
		return nil, err
	}
	out := FindClashes(entries, from, to, approved)
	meeting, ok, err := tx.Meeting(Management)
	if err != nil || !ok {
		return out, err
	}
	sessions, err := tx.Sessions(from.In(c.Location, 0), (to+1).In(c.Location, 0))
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		if s.State == SessionPlanned && meeting.Meets(s.Start, s.End(), c) {
			out = append(out, Clash{Kind: ClashMeeting, Day: DateOf(s.Start.In(c.Location)), Session: s})
		}
	}
	slices.SortStableFunc(out, func(a, b Clash) int { return cmp.Compare(a.Day, b.Day) })
	return out, nil
}

// ClashesOf returns the clashes of one entry from a day on, as it is stored.
func (tx *Tx) ClashesOf(e *Entry, from Date) ([]Clash, error) {
	occurrences := e.Occurrences()
	if len(occurrences) == 0 {
		return nil, nil
	}
	to := occurrences[len(occurrences)-1].Start + 6
	from = max(from, occurrences[0].Start-6)
	entries := []*Entry{e}
	seen := map[string]bool{e.ID: true}
	for _, a := range e.Audiences {
		list, err := tx.Entries(EntryFilter{From: from, To: to, Audience: a})
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			if !seen[o.ID] {
				seen[o.ID] = true
				entries = append(entries, o)
			}
		}
	}
	approved, err := tx.Approvers(from)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(FindClashes(entries, from, to, approved), func(c Clash) bool {
		return c.Entry.ID != e.ID && (c.Other == nil || c.Other.ID != e.ID)
	}), nil
}

// Approvers returns whether somebody is an approver on a day from that one on, nil when nobody is one at all.
func (tx *Tx) Approvers(from Date) (func(Date) bool, error) {
	holders, err := tx.RoleHolders(from)
	if err != nil {
		return nil, err
	}
	last, any := Date(0), false
	for _, h := range holders {
		if h.Role != RoleApprover {
			continue
		}
		if h.Until == 0 {
			return func(Date) bool { return true }, nil
		}
		last, any = max(last, h.Until), true
	}
	if !any {
		return nil, nil
	}
	return func(d Date) bool { return d <= last }, nil
}
