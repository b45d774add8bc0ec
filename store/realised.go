package store

import (
	"errors"
	"time"
)

// Actions counts what was planned and what came of it. An occurrence counts in the quarter that it begins in.
type Actions struct {
	Planned   int // that were not cancelled
	Done      int // of them
	Cancelled int
}

func (a *Actions) add(e *Entry, o Occurrence, done map[Date]bool) {
	switch {
	case e.State == Cancelled:
		a.Cancelled++
	case e.State == Done || done[o.Start]:
		a.Planned++
		a.Done++
	default:
		a.Planned++
	}
}

func (a *Actions) plus(b Actions) {
	a.Planned += b.Planned
	a.Done += b.Done
	a.Cancelled += b.Cancelled
}

// YearActions are a year's actions by quarter.
type YearActions struct {
	Year     int
	Quarters [4]Actions
}

// Total adds up the quarters.
func (y *YearActions) Total() (sum Actions) {
	for _, q := range y.Quarters {
		sum.plus(q)
	}
	return sum
}

// ActionsByYear counts the occurrences of all clocks' entries by year and quarter: every year that has any within the years
// given, both included.
func (tx *Tx) ActionsByYear(from, to int) ([]YearActions, error) {
	days := Period{NewDate(from, time.January, 1), NewDate(to, time.December, 31)}
	years := make([]YearActions, to-from+1)
	// Of what takes place once there is a great deal, and it is counted by the day where it is.
	rows, err := tx.query(`SELECT e.start, count(*) FILTER (WHERE e.state <> 'cancelled'),
		count(*) FILTER (WHERE e.state = 'done' OR (e.state = 'planned' AND EXISTS (SELECT 1 FROM occurrence o WHERE o.entry_id = e.id AND o.start = e.start))), count(*) FILTER (WHERE e.state = 'cancelled')
		FROM entry e WHERE e.removed_at IS NULL AND e.repeat = '' AND e.start >= $1 AND e.start <= $2 GROUP BY e.start`, days.Start, days.End)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var day Date
		var a Actions
		if err := rows.Scan(&day, &a.Planned, &a.Done, &a.Cancelled); err != nil {
			return nil, err
		}
		years[day.Year()-from].Quarters[(day.Month()-1)/3].plus(a)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	entries, done, err := tx.entriesWithDone(EntryFilter{From: days.Start, To: days.End, Recurring: true})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		for _, o := range e.Occurrences() {
			if o.Start >= days.Start && o.Start <= days.End {
				years[o.Start.Year()-from].Quarters[(o.Start.Month()-1)/3].add(e, o, done[e.ID])
			}
		}
	}
	var out []YearActions
	for i, y := range years {
		if y.Year = from + i; y.Total() != (Actions{}) {
			out = append(out, y)
		}
	}
	return out, nil
}

// entriesWithDone returns entries and, by their ids, which of their occurrences are done.
func (tx *Tx) entriesWithDone(f EntryFilter) ([]*Entry, map[string]map[Date]bool, error) {
	entries, err := tx.Entries(f)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	done, err := tx.DoneOccurrencesOf(ids)
	return entries, done, err
}
