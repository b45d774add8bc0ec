// Package export writes the records as tables for spreadsheets and other programs: CSV that Excel opens by a double
// click, and JSON.
//
// Each kind of export has a file of its own with its columns and its rows, and a line in kinds. Rows are written as the
// database yields them: an export takes no more memory than its longest row, except where a file says otherwise.
package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// timeFormat is how an instant is written: ISO 8601 with the local offset, to the millisecond, so that the audit chain
// can be recomputed from what is exported.
const timeFormat = "2006-01-02T15:04:05.000-07:00"

// Options say how a table is written.
type Options struct {
	Location *time.Location // whose offset instants have; required
	Comma    rune           // between the fields of CSV: ';' where the decimal sign is a comma, else ','
	Erased   string         // stands for the name of a person who was erased
}

// date is an instant of which the day is written.
type date time.Time

// kind is one kind of export. rows yields each row's values in the order of columns: string, bool, int64, float64,
// store.Amount, time.Time (the zero time is empty) or date. An error of yield ends the rows and is returned as it is.
type kind struct {
	name    string
	columns []column
	rows    func(tx *store.Tx, yield func([]any) error) error
}

// column is a column of an export.
type column struct {
	name string
	text bool // from people: in CSV it is guarded against being taken for a formula
}

// kinds is the table of exports, in the order that help names them.
var kinds = []kind{
	{"entries", entryColumns, entryRows},
	{"approvals", approvalColumns, approvalRows},
	{"attendance", attendanceColumns, attendanceRows},
	{"reach", reachColumns, reachRows},
	{"ledger", ledgerColumns, ledgerRows},
	{"measures", measureColumns, measureRows},
	{"actions", actionColumns, actionRows},
	{"audit", auditColumns, auditRows},
}

// Kinds returns the names of the exports.
func Kinds() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

func find(name string) (kind, error) {
	for _, k := range kinds {
		if k.name == name {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("there is no export %q", name)
}

// CSV writes an export, as clockfile.WriteCSV does: for Excel.
func CSV(w io.Writer, tx *store.Tx, name string, o Options) error {
	k, err := find(name)
	if err != nil {
		return err
	}
	return k.writeCSV(w, tx, o)
}

func (k kind) writeCSV(w io.Writer, tx *store.Tx, o Options) (err error) {
	header := make([]string, len(k.columns))
	for i, c := range k.columns {
		header[i] = c.name
	}
	r := rows{tx: tx, kind: k, options: o, decimalComma: o.Comma == ';'}
	if err = clockfile.WriteCSV(w, header, r.records(), o.Comma); r.err != nil {
		return r.err
	}
	return err
}

// JSON writes an export as a list of objects. Nothing is guarded there.
func JSON(w io.Writer, tx *store.Tx, name string, o Options) error {
	k, err := find(name)
	if err != nil {
		return err
	}
	return k.writeJSON(w, tx, o)
}

func (k kind) writeJSON(w io.Writer, tx *store.Tx, o Options) error {
	r := rows{tx: tx, kind: k, options: o}
	err := r.writeJSON(w)
	if r.err != nil {
		return r.err
	}
	return err
}

// rows yields the rows of an export and keeps the error that ended it.
type rows struct {
	tx      *store.Tx
	kind    kind
	options Options
	err     error

	decimalComma bool // of amounts
}

// errStop ends the rows when the reader wants no more.
var errStop = errors.New("no more rows wanted")

func (r *rows) all(yield func([]any) bool) {
	err := r.kind.rows(r.tx, func(row []any) error {
		for i, v := range row {
			if s, ok := v.(string); ok && s == store.ErasedName {
				row[i] = r.options.Erased
			} else if ok && store.IsErased(s) {
				row[i] = ""
			}
		}
		if !yield(row) {
			return errStop
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		r.err = err
	}
}

// records yields the rows as CSV has them.
func (r *rows) records() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		record := make([]string, len(r.kind.columns))
		r.all(func(row []any) bool {
			for i, v := range row {
				record[i] = r.text(v)
				if r.kind.columns[i].text {
					record[i] = clockfile.Neutralize(record[i])
				}
			}
			return yield(record)
		})
	}
}

// text writes a value as the exports do.
func (r *rows) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case store.Amount:
		if r.decimalComma {
			return strings.Replace(v.String(), ".", ",", 1)
		}
		return v.String()
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.In(r.options.Location).Format(timeFormat)
	case date:
		return time.Time(v).In(r.options.Location).Format(time.DateOnly)
	}
	return ""
}

func (r *rows) writeJSON(w io.Writer) error {
	out := bufio.NewWriter(w) // keeps the first error for Flush
	out.WriteString("[")
	separator := "\n"
	var failed error
	r.all(func(row []any) bool {
		out.WriteString(separator + "{")
		separator = ",\n"
		for i, v := range row {
			switch v.(type) {
			case time.Time, date:
				v = r.text(v)
			}
			var value []byte
			if value, failed = marshal(v); failed != nil {
				return false
			}
			if i > 0 {
				out.WriteString(", ")
			}
			out.WriteString(strconv.Quote(r.kind.columns[i].name) + ": ")
			out.Write(value)
		}
		out.WriteString("}")
		return true
	})
	if failed != nil {
		return failed
	}
	out.WriteString("\n]\n")
	return out.Flush()
}

// marshal is json.Marshal without the escapes that only web pages need.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
