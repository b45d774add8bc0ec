package clockfile

import (
	"slices"
	"strconv"

	"vuosikello/store"
)

// Clashes returns what the makers of the plan should know of among what the changes add, change or move, from a day on, whether they have been
// carried out or not. It hinders nothing.
func Clashes(tx *store.Tx, changes []Change, removeMissing bool, today store.Date) ([]store.Clash, error) {
	touched := map[string]bool{}
	var plan []*store.Entry
	to := today
	for i := range changes {
		ch := &changes[i]
		switch {
		case ch.Err != nil || ch.Kind == Same:
		case ch.Kind == Missing:
			touched[ch.Old.ID] = removeMissing
		default:
			e := ch.New
			if e.ID == "" {
				e.ID = "+" + strconv.Itoa(i) // not stored yet
			}
			touched[e.ID] = true
			plan = append(plan, &e)
			to = max(to, e.Start, e.End, store.NewDate(e.Clock.Year, 12, 31))
		}
	}
	if len(plan) == 0 {
		return nil, nil
	}
	stored, err := tx.Entries(store.EntryFilter{From: today, To: to})
	if err != nil {
		return nil, err
	}
	for _, e := range stored {
		if !touched[e.ID] {
			plan = append(plan, e)
		}
	}
	approved, err := tx.Approvers(today)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(store.FindClashes(plan, today, to, approved), func(c store.Clash) bool {
		return !touched[c.Entry.ID] && (c.Other == nil || !touched[c.Other.ID])
	}), nil
}
