package clockfile

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vuosikello/store"
)

// MeasureRow is a row of a measures file: what it says of one measure for one period.
type MeasureRow struct {
	Record  store.MeasureRecord // normalised
	Sheet   string              // "" in a CSV
	Line    int                 // as the spreadsheet numbers its rows, from 1
	columns *measureColumns
}

// Problem says of a row what the store found wrong with it, at the column that the error names.
func (r *MeasureRow) Problem(file string, err *store.Error) Problem {
	return r.columns.problem(file, r.Sheet, r.Line, r.columns.index[err.Field], err.Key, err.Args)
}

// measureColumns are the columns of a measures sheet, by the field that they hold; 0 is none, the first is 1.
type measureColumns struct {
	h     *header
	index map[string]int
}

// measureFields are the names of the columns, as headerKey gives them. The field names are those of a record's errors.
var measureFields = []struct {
	field string
	names map[string]bool
}{
	{"name", measureNames},
	{"kind", nameSet("laji tyyppi mittarinlaji typ slag kind type")},
	{"period", periodNames},
	{"value", nameSet("arvo lukema luku määrä toteuma värde utfall antal value actual amount")},
	{"unit", nameSet("yksikkö mittayksikkö enhet unit units")},
	{"goal", nameSet("tavoite tavoitearvo tavoitetaso mål målvärde goal target")},
	{"source", nameSet("lähde tietolähde källa datakälla source")},
}

// measureKinds are the words for a measure's kind.
var measureKinds = map[string]store.MeasureKind{}

func init() {
	for kind, words := range map[store.MeasureKind]string{
		store.Cumulative: "kertymä kertyma kumulatiivinen summa kumulativ ackumulerad summerad cumulative cumulated sum total count flow",
		store.Level:      "tilanne taso hetkitilanne läge nivå ögonblicksbild level snapshot status stock",
	} {
		for _, w := range strings.Fields(words) {
			measureKinds[w] = kind
		}
	}
}

// MeasureKind returns the kind that a word of any language stands for.
func MeasureKind(word string) (store.MeasureKind, bool) {
	k, ok := measureKinds[store.Key(word)]
	return k, ok
}

func (c *measureColumns) problem(file, sheet string, line, col int, key string, args map[string]any) Problem {
	p := Problem{File: file, Sheet: sheet, Row: line, Key: key, Args: args}
	if col > 0 {
		p.Column, p.Cell = c.h.place(col-1), columnName(col-1)+strconv.Itoa(line)
	}
	return p
}

// measures reads the rows of a sheet of measures. Rows of the same measure and period become one when they do not
// contradict each other: a goal may stand on a row of its own.
func (r *reader) measures(sh sheet, h *header, seen map[string]int) {
	c := &measureColumns{h: h, index: map[string]int{}}
	for i, text := range h.text {
		key := headerKey(parenthesised.ReplaceAllString(text, ""))
		for _, f := range measureFields {
			if c.index[f.field] == 0 && f.names[key] {
				c.index[f.field] = i + 1
				break
			}
		}
	}
	for _, l := range sh.lines[h.index+1:] {
		m := measureReader{reader: r, columns: c, line: l, row: MeasureRow{Sheet: sh.name, Line: l.n, columns: c}}
		if !m.read() {
			continue
		}
		rec := m.row.Record
		key := store.Key(rec.Name) + "\n" + rec.Period.String()
		at, again := seen[key]
		if !again {
			seen[key] = len(r.file.Measures)
			r.file.Measures = append(r.file.Measures, m.row)
			continue
		}
		first := &r.file.Measures[at]
		if differ(first.Record.Value, rec.Value) || differ(first.Record.Goal, rec.Goal) {
			m.fault("period", "import.problem.measure_twice", "name", rec.Name, "period", rec.Period.String(), "row", strconv.Itoa(first.Line))
			continue
		}
		if first.Record.Value == nil {
			first.Record.Value = rec.Value
		}
		if first.Record.Goal == nil {
			first.Record.Goal = rec.Goal
		}
	}
}

func differ(a, b *store.Amount) bool { return a != nil && b != nil && *a != *b }

// measureReader reads one row.
type measureReader struct {
	*reader
	columns *measureColumns
	line    line
	row     MeasureRow
	bad     bool
}

func (m *measureReader) fault(field, key string, args ...any) {
	m.bad = true
	pairs := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		pairs[fmt.Sprint(args[i])] = args[i+1]
	}
	m.problem(m.columns.problem(m.file.Name, m.row.Sheet, m.row.Line, m.columns.index[field], key, pairs))
}

func (m *measureReader) invalid(err error) {
	var e *store.Error
	if !errors.As(err, &e) {
		m.fault("", "import.problem.row", "value", err.Error())
		return
	}
	m.bad = true
	m.problem(m.row.Problem(m.file.Name, e))
}

// cell returns what a field's column holds; one that says nothing is empty.
func (m *measureReader) cell(field string) cell {
	c := m.line.at(m.columns.index[field] - 1)
	switch {
	case c.kind == cellError:
		m.fault(field, "import.problem.cell_error", "value", shorten(c.text))
	case c.kind == cellFormula:
		m.fault(field, "import.problem.formula")
	case c.kind == cellText && !isDash(c.text):
		c.text = Denaturalize(c.text)
		return c
	case c.kind != cellText:
		return c
	}
	return cell{}
}

// read reports whether the row holds something, and all of it is right.
func (m *measureReader) read() bool {
	own := false
	for i, c := range m.line.cells {
		if c.kind == cellEmpty {
			continue
		}
		own = own || !c.inherited
		if m.csv && i >= len(m.columns.h.text) {
			// A decimal comma within an unquoted field has shifted the row.
			m.problem(m.columns.problem(m.file.Name, m.row.Sheet, m.line.n, i+1, "import.problem.surplus", map[string]any{"value": shorten(c.String())}))
			return false
		}
	}
	name, kind, period, value, goal := m.cell("name"), m.cell("kind"), m.cell("period"), m.cell("value"), m.cell("goal")
	empty := name.kind == cellEmpty && period.kind == cellEmpty && value.kind == cellEmpty && goal.kind == cellEmpty
	if !own || empty || again(m.columns, m.line) {
		return false
	}
	rec := &m.row.Record
	rec.Name, rec.Unit, rec.Source = name.String(), m.cell("unit").String(), m.cell("source").String()
	if kind.kind != cellEmpty {
		var ok bool
		if rec.Kind, ok = MeasureKind(kind.String()); !ok {
			m.fault("kind", "import.problem.measure_kind", "value", shorten(kind.String()))
		}
	}
	if period.kind == cellEmpty {
		m.fault("period", "import.problem.measure_period")
	} else {
		m.period(period)
	}
	rec.Value, rec.Goal = m.amount("value", value), m.amount("goal", goal)
	if m.bad {
		return false
	}
	if err := rec.Normalize(); err != nil {
		m.invalid(err)
	}
	return !m.bad
}

// again recognises the header repeated further down.
func again(c *measureColumns, l line) bool {
	name, period := l.at(c.index["name"]-1), l.at(c.index["period"]-1)
	return measureNames[headerKey(name.String())] && periodNames[headerKey(period.String())]
}

func (m *measureReader) period(c cell) {
	text := c.String()
	if c.kind == cellDate {
		d := store.Date(c.num)
		if text = d.String(); c.month {
			text = text[:7]
		}
	}
	var err error
	if m.row.Record.Period, err = store.ParsePeriod(text); err == nil {
		return
	}
	// A month by its name: kesäkuu 2025.
	if words := strings.Fields(strings.ToLower(text)); len(words) == 2 {
		if month, ok := monthWords[words[0]]; ok {
			if p, again := store.ParsePeriod(strconv.Itoa(month.month) + "/" + words[1]); again == nil {
				m.row.Record.Period = p
				return
			}
		}
	}
	m.invalid(err)
}

// amount reads a number; a unit in its cell is the row's, unless the row has a column for it that says another.
func (m *measureReader) amount(field string, c cell) *store.Amount {
	rec := &m.row.Record
	switch c.kind {
	case cellEmpty:
		return nil
	case cellNumber:
		a, ok := store.AmountOf(c.num)
		if !ok {
			m.fault(field, "invalid.amount_large", "value", c.String())
			return nil
		}
		return &a
	case cellText:
		a, unit, err := store.ParseAmount(c.text)
		switch {
		case err != nil:
			var e *store.Error
			if errors.As(err, &e) {
				e.Field = field
			}
			m.invalid(err)
			return nil
		case unit != "" && rec.Unit == "":
			rec.Unit = unit
		case unit != "" && store.Key(unit) != store.Key(rec.Unit):
			m.fault(field, "import.problem.measure_units", "unit", shorten(rec.Unit), "other", shorten(unit))
			return nil
		}
		return &a
	}
	m.fault(field, "invalid.amount", "value", shorten(c.String()))
	return nil
}
