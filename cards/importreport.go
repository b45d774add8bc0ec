package cards

import (
	"fmt"
	"strings"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// ImportChange words what a file does to one entry, "" when it leaves it as it is.
func ImportChange(c *clockfile.Change, removeMissing bool, l Lang, today store.Date) string {
	switch {
	case c.Err != nil:
		return "" // among the problems
	case c.Kind == clockfile.Added:
		return l.T("import.added", "title", c.New.Title, "when", l.Range(c.New.Start, c.New.End, today))
	case c.Kind == clockfile.Changed:
		return l.T("import.changed", "title", c.New.Title, "fields", strings.Join(fieldNames(l, c.Fields), ", "))
	case c.Kind == clockfile.Moved:
		return l.T("import.moved", "title", c.New.Title, "from", l.Range(c.Old.Start, c.Old.End, today), "to", l.Range(c.New.Start, c.New.End, today))
	case c.Kind == clockfile.Missing && removeMissing:
		return l.T("import.removed", "title", c.Old.Title, "when", l.Range(c.Old.Start, c.Old.End, today))
	case c.Kind == clockfile.Missing:
		return l.T("import.missing", "title", c.Old.Title, "when", l.Range(c.Old.Start, c.Old.End, today))
	}
	return ""
}

// ImportMeasure words what a row does to a measure, "" when it leaves it as it is.
func ImportMeasure(c *store.MeasureChange, l Lang) string {
	title := c.Measure.Name + " " + c.Now.Period.String()
	switch {
	case c.Same():
		return ""
	case c.Had:
		return l.T("import.measure_changed", "title", title, "from", l.figures(c.Measure, c.Old), "to", l.figures(c.Measure, c.Now))
	}
	return l.T("import.measure_added", "title", title, "value", l.figures(c.Measure, c.Now))
}

// figures writes what is known of a period: "147 166 kpl, tavoite 150 000 kpl (Innokylä)".
func (l Lang) figures(m *store.Measure, p store.MeasurePoint) string {
	var parts []string
	if p.HasValue {
		parts = append(parts, l.Quantity(p.Value, m.Unit))
	}
	if p.HasGoal {
		parts = append(parts, l.T("import.measure_goal", "value", l.Quantity(p.Goal, m.Unit)))
	}
	text := strings.Join(parts, ", ")
	if p.Source != "" {
		text += " (" + p.Source + ")"
	}
	return text
}

func fieldNames(l Lang, fields []string) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = l.T("import.field." + f)
	}
	return names
}

// ImportCounts is the line that sums up what a file does.
func ImportCounts(o *clockfile.Outcome, l Lang) string {
	if o.File.Kind == clockfile.Workshops {
		return l.T("import.topics", "n", o.Topics, "same", len(o.File.Topics)-o.Topics)
	}
	if o.File.Kind == clockfile.Measures {
		added, changed, same := o.CountMeasures()
		return l.T("import.measures", "added", added, "changed", changed, "same", same, "skipped", o.Skipped)
	}
	missing, removed := o.Count(clockfile.Missing), 0
	if o.RemoveMissing {
		missing, removed = removed, missing
	}
	return l.T("import.counts", "added", o.Count(clockfile.Added), "changed", o.Count(clockfile.Changed), "moved", o.Count(clockfile.Moved), "same", o.Count(clockfile.Same),
		"removed", removed, "missing", missing, "skipped", o.Skipped)
}

// ImportProblem words where something is wrong and what to do: "vuosikello.csv, rivi 12, D (alkaa): …".
func ImportProblem(p clockfile.Problem, l Lang) string {
	var where []string
	if p.File != "" {
		where = append(where, p.File)
	}
	if p.Sheet != "" {
		where = append(where, l.T("import.sheet", "name", p.Sheet))
	}
	if p.Row != 0 {
		where = append(where, l.T("import.row", "row", fmt.Sprint(p.Row)))
	}
	if p.Column != "" {
		where = append(where, l.T("import.column", "name", p.Column))
	}
	args := make([]any, 0, 2*len(p.Args))
	for k, v := range p.Args {
		args = append(args, k, v)
	}
	text := l.T(p.Key, args...)
	if len(where) == 0 {
		return text
	}
	return strings.Join(where, ", ") + ": " + text
}
