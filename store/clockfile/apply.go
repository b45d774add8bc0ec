package clockfile

import (
	"time"

	"vuosikello/store"
)

// Existing returns the entries that Plan compares a file with: those of its clocks, and those whose ids its rows have.
func Existing(tx *store.Tx, f *File) ([]store.Entry, error) {
	var out []store.Entry
	seen := map[string]bool{}
	add := func(list []*store.Entry) {
		for _, e := range list {
			if !seen[e.ID] {
				seen[e.ID] = true
				out = append(out, *e)
			}
		}
	}
	if len(f.Clocks) > 0 {
		list, err := tx.Entries(store.EntryFilter{Clocks: f.Clocks})
		if err != nil {
			return nil, err
		}
		add(list)
	}
	var ids []string
	for _, rows := range [][]Row{f.Rows, f.Bad} {
		for _, r := range rows {
			if r.HasID && !seen[r.Entry.ID] {
				ids = append(ids, r.Entry.ID)
			}
		}
	}
	list, err := tx.EntriesByID(ids)
	add(list)
	return out, err
}

// Apply carries out the changes that Plan made of a file. Entries that no row stands for are removed only with
// removeMissing. progress, unless nil, is told how many changes have been carried out. The first error ends it; the
// caller's transaction then undoes the rest.
func Apply(tx *store.Tx, changes []Change, removeMissing bool, now time.Time, c store.Calendar, progress func(done int)) error {
	for i := range changes {
		ch := &changes[i]
		if ch.Err != nil {
			continue // reported with the problems; the caller has decided to leave such rows out
		}
		var err error
		switch ch.Kind {
		case Added:
			err = tx.AddEntry(&ch.New, now, c)
		case Changed, Moved:
			if ch.Old.RemovedAt.IsZero() {
				ch.New.Version = ch.Old.Version
				err = tx.UpdateEntry(&ch.New, now, c)
			} else {
				err = tx.RestoreEntry(&ch.New, now, c)
			}
		case Missing:
			if removeMissing {
				err = tx.RemoveEntry(ch.Old.ID, now, c)
			}
		}
		if err != nil {
			return err
		}
		if progress != nil {
			progress(i + 1)
		}
	}
	return nil
}
