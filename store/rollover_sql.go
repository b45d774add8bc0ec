package store

import "strconv"

// ProposeRollover proposes the clock of a year from the one of that name of the year before. It fails with NotFound when that has no
// entries.
func (tx *Tx) ProposeRollover(name string, year int) ([]Proposal, error) {
	old, err := tx.Entries(EntryFilter{Clocks: []Clock{{Name: name, Year: year - 1}}})
	if err != nil {
		return nil, err
	}
	if len(old) == 0 {
		return nil, NotFound("error.clock_empty", "name", name, "year", strconv.Itoa(year-1))
	}
	existing, err := tx.Entries(EntryFilter{Clocks: []Clock{{Name: name, Year: year}}})
	if err != nil {
		return nil, err
	}
	titles := map[string]int{}
	for _, e := range existing {
		titles[Key(e.Title)]++
	}
	proposals := Rollover(old, year)
	for i := range proposals {
		p := &proposals[i]
		known, err := tx.EntriesByID([]string{p.New.ID})
		if err != nil {
			return nil, err
		}
		key := Key(p.New.Title)
		switch {
		case len(known) > 0: // also when it was removed since: that was a decision
			p.Exists = true
			if known[0].RemovedAt.IsZero() {
				titles[Key(known[0].Title)]--
			}
		case titles[key] > 0:
			p.Exists = true
			titles[key]--
		}
	}
	return proposals, nil
}
