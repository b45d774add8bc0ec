package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
	"time"
)

// PlannedPost is something that will be posted.
type PlannedPost struct {
	At       time.Time // in the calendar's location
	Kind     string
	Title    string
	Channel  string // "Team / Channel", "" when no channel is bound
	Audience string // names, joined by ", "
}

// Preview returns what is posted on the days from–to, both included, by the plan as it stands: one item for each channel,
// or one with an empty channel where none is bound. Days that are past are computed like those ahead.
func (tx *Tx) Preview(from, to Date, c Calendar) ([]PlannedPost, error) {
	channels, err := tx.BoundChannels(WorkingGroup, "")
	if err != nil {
		return nil, err
	}
	names := []string{""}
	for i, ch := range channels {
		if i == 0 {
			names = nil
		}
		names = append(names, ch.FullName())
	}
	var out []PlannedPost
	add := func(at time.Time, e *Entry) {
		for _, n := range names {
			out = append(out, PlannedPost{At: at.In(c.Location), Kind: KindReminder, Title: e.Title, Channel: n, Audience: strings.Join(e.Audiences, ", ")})
		}
	}
	done, err := tx.allDone()
	if err != nil {
		return nil, err
	}
	// A reminder belongs to an occurrence up to a year ahead of it.
	entries, err := tx.Entries(EntryFilter{From: from, To: to + MaxLead + 10})
	if err != nil {
		return nil, err
	}
	waiting, err := collect(tx, scanReminder, `SELECT `+reminderColumns+`WHERE state = 'waiting' AND day BETWEEN $1 AND $2`, from, to)
	if err != nil {
		return nil, err
	}
	extra := map[string][]*Reminder{}
	for _, r := range waiting {
		extra[r.EntryID] = append(extra[r.EntryID], r)
	}
	for _, e := range entries {
		days := map[Date]bool{}
		for _, r := range extra[e.ID] {
			days[r.Day] = true
			add(r.DueAt, e)
		}
		for _, d := range e.Dues(done[e.ID]) {
			if d.Day >= from && d.Day <= to && !days[d.Day] {
				add(c.PostAt(d.Day), e)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b PlannedPost) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Channel, b.Channel))
	})
	return out, nil
}

// allDone returns the occurrences that are marked done, by entry.
func (tx *Tx) allDone() (map[string]map[Date]bool, error) {
	type mark struct {
		entry string
		start Date
	}
	marks, err := collect(tx, func(rows *sql.Rows) (m mark, err error) {
		err = rows.Scan(&m.entry, &m.start)
		return m, err
	}, `SELECT entry_id, start FROM occurrence`)
	done := map[string]map[Date]bool{}
	for _, m := range marks {
		if done[m.entry] == nil {
			done[m.entry] = map[Date]bool{}
		}
		done[m.entry][m.start] = true
	}
	return done, err
}
