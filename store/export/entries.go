package export

import (
	"slices"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// entryColumns are those that clockfile.EntryRecord writes.
var entryColumns = func() []column {
	fixed := []string{"id", "start", "end", "repeat", "reminders", "materials", "approval", "state", "year"}
	var out []column
	for _, name := range clockfile.EntryHeader() {
		out = append(out, column{name, !slices.Contains(fixed, name)})
	}
	return out
}()

// entryRows yields the entries as an import reads them. They are in memory together.
func entryRows(tx *store.Tx, yield func([]any) error) error {
	entries, err := tx.Entries(store.EntryFilter{})
	if err != nil {
		return err
	}
	for _, e := range entries {
		row := make([]any, len(entryColumns))
		for i, v := range clockfile.EntryRecord(e) {
			row[i] = v
			switch {
			case entryColumns[i].text:
				row[i] = clockfile.Denaturalize(v) // guarded again where it is written as CSV
			case entryColumns[i].name == "approval":
				row[i] = e.Approval
			case entryColumns[i].name == "year":
				row[i] = int64(e.Clock.Year)
			}
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}
