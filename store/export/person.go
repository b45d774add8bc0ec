package export

import (
	"io"

	"vuosikello/store"
)

// personColumns: one row for each value. table and field are the database's own names, record numbers the table's rows.
var personColumns = []column{{"table", false}, {"record", false}, {"field", false}, {"value", true}}

// Person writes everything that is kept on the person with that AAD object id, as CSV or as JSON: a row for each value. It
// fails with NotFound when nothing is.
func Person(w io.Writer, tx *store.Tx, id string, today store.Date, asJSON bool, o Options) error {
	traces, err := tx.FindTraces(id, today)
	if err != nil {
		return err
	}
	k := kind{"person", personColumns, func(tx *store.Tx, yield func([]any) error) error {
		return tx.PersonRecords(traces, func(f store.PersonField) error {
			return yield([]any{f.Table, int64(f.Record), f.Column, f.Value})
		})
	}}
	if asJSON {
		return k.writeJSON(w, tx, o)
	}
	return k.writeCSV(w, tx, o)
}
