package export

import (
	"time"

	"vuosikello/store"
)

var measureColumns = []column{{"measure", true}, {"kind", false}, {"period", false}, {"start", false}, {"end", false}, {"value", false}, {"unit", true}, {"goal", false}, {"source", true}}

// measureRows yields a row for each measure and period. The data dictionary:
//
//	measure  the measure's name; with the period it names the row
//	kind     kertymä: counted over the period, periods that do not overlap can be summed; tilanne: a level at the period's
//	         end, never to be summed
//	period   2024, 2025Q2, 2025-06, 2026-W06 (ISO week), 2025-12-31, 2025-01/2025-06 or 2025-01-15/2025-02-14; periods of one
//	         measure may overlap (a year and its months), so choose by start and end before summing
//	start    first day of the period, ISO 8601
//	end      last day of the period, ISO 8601
//	value    the number, empty when there is only a goal; in CSV with the decimal sign that goes with its separator
//	unit     of value and goal
//	goal     the goal for the period (of a tilanne: for its end), empty for none
//	source   where the numbers come from; Teams: somebody typed them in there
//
// An import of it changes nothing. The measures are in memory together.
func measureRows(tx *store.Tx, yield func([]any) error) error {
	measures, err := tx.Measures()
	if err != nil {
		return err
	}
	for _, m := range measures {
		for _, p := range m.Points {
			value, goal := any(""), any("")
			if p.HasValue {
				value = p.Value
			}
			if p.HasGoal {
				goal = p.Goal
			}
			if err := yield([]any{m.Name, string(m.Kind), p.Period.String(), p.Start.String(), p.End.String(), value, m.Unit, goal, p.Source}); err != nil {
				return err
			}
		}
	}
	return nil
}

var actionColumns = []column{{"period", false}, {"start", false}, {"end", false}, {"planned", false}, {"done", false}, {"cancelled", false}}

// actionRows yields a row for each quarter of the years in which anything is planned: how many actions (occurrences that
// begin in it, of all clocks) were planned, how many of them are done, and how many more were cancelled.
func actionRows(tx *store.Tx, yield func([]any) error) error {
	years, err := tx.ActionsByYear(1900, 2199)
	if err != nil {
		return err
	}
	for _, y := range years {
		for i, q := range y.Quarters {
			p := store.PeriodOf(store.UnitQuarter, store.NewDate(y.Year, time.Month(3*i+1), 1))
			if err := yield([]any{p.String(), p.Start.String(), p.End.String(), int64(q.Planned), int64(q.Done), int64(q.Cancelled)}); err != nil {
				return err
			}
		}
	}
	return nil
}
