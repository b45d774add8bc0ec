package clockfile

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vuosikello/store"
)

// rowReader reads one row.
type rowReader struct {
	*sheetReader
	l     line
	row   Row
	bad   []Problem
	notes []string
}

// timed is what one of a row's time columns says.
type timed struct {
	col int
	w   when
}

func (s *sheetReader) row(l line) {
	r := &rowReader{sheetReader: s, l: l, row: Row{Sheet: s.name, Line: l.n}}
	e := &r.row.Entry
	*e = store.Entry{Leads: store.DefaultLeads(), Approval: true, State: store.Planned}
	r.identity()
	e.Title = r.text(roleTitle, FieldTitle)
	if e.Title == "" && r.fine(s.h.col[roleTitle]) {
		r.wrong(s.h.col[roleTitle], &mistake{key: "invalid.title_missing"})
	}
	r.repeat()
	r.when()
	e.Campaign = r.text(roleCampaign, FieldCampaign)
	e.Owner = r.text(roleOwner, FieldOwner)
	e.Goal = r.text(roleGoal, FieldGoal)
	e.Audiences = parseList(r.raw(roleAudience, FieldAudience))
	e.Channels = parseList(r.raw(roleChannels, FieldChannels))
	r.values()
	r.unknown()
	if len(r.bad) == 0 {
		if err := e.Normalize(); err != nil {
			r.wrong(r.columnOf(err), mistakeOf(err))
		}
	}
	if len(r.bad) == 0 {
		r.duplicate()
	}
	if len(r.bad) > 0 {
		for _, p := range r.bad {
			r.problem(p)
		}
		r.file.Bad = append(r.file.Bad, r.row)
		return
	}
	if key := (store.Clock{Name: store.Key(e.Clock.Name), Year: e.Clock.Year}); !r.clocks[key] {
		r.clocks[key] = true
		r.file.Clocks = append(r.file.Clocks, e.Clock)
	}
	r.file.Rows = append(r.file.Rows, r.row)
}

// wrong lists a problem with the cell in col, or with the row when col is negative.
func (r *rowReader) wrong(col int, m *mistake) {
	p := Problem{Sheet: r.name, Row: r.l.n, Key: m.key}
	if col >= 0 {
		p.Column, p.Cell = r.h.place(col), cellName(col, r.l.n)
	}
	p.Args = make(map[string]any, len(m.args)/2+1)
	for i := 0; i+1 < len(m.args); i += 2 {
		p.Args[m.args[i].(string)] = m.args[i+1]
	}
	if _, ok := p.Args["value"]; !ok && col >= 0 {
		p.Args["value"] = shorten(r.l.at(col).String())
	}
	r.bad = append(r.bad, p)
}

// fine reports whether the cell has a value that can be read, or none.
func (r *rowReader) fine(col int) bool {
	c := r.l.at(col)
	return c.kind != cellError && c.kind != cellFormula
}

// value returns the cell of a role and whether it says anything. Cells that cannot be read are listed.
func (r *rowReader) value(of role, f Fields) (cell, bool) {
	col := r.h.col[of]
	if col < 0 {
		return cell{}, false
	}
	r.row.Has |= f
	c := r.l.at(col)
	switch c.kind {
	case cellEmpty:
		return c, false
	case cellError:
		r.wrong(col, wrong("cell_error", "value", shorten(c.text)))
		return cell{}, false
	case cellFormula:
		r.wrong(col, wrong("formula"))
		return cell{}, false
	case cellText:
		c.text = Denaturalize(c.text)
	}
	return c, true
}

// raw returns the text of a role's cell.
func (r *rowReader) raw(of role, f Fields) string {
	c, ok := r.value(of, f)
	if !ok {
		return ""
	}
	return c.String()
}

// text is raw, with a lone dash for nothing.
func (r *rowReader) text(of role, f Fields) string {
	if s := r.raw(of, f); !isDash(s) {
		return s
	}
	return ""
}

// identity reads id, clock and year columns.
func (r *rowReader) identity() {
	e := &r.row.Entry
	if id := r.raw(roleID, 0); id != "" {
		if isID(id) {
			e.ID, r.row.HasID = id, true
		} else {
			r.notes = append(r.notes, r.h.text[r.h.col[roleID]]+": "+id)
			r.row.Has |= FieldNotes
		}
	}
	e.Clock.Name = r.opt.Clock
	if name := r.text(roleClock, 0); e.Clock.Name == "" {
		e.Clock.Name = name
	}
	if e.Clock.Name == "" {
		e.Clock.Name = store.DefaultClock
	} else {
		r.row.Has |= FieldClock
	}
	e.Clock.Year = r.opt.Year
	if c, ok := r.value(roleYear, 0); ok && e.Clock.Year == 0 {
		if c.kind == cellDate {
			e.Clock.Year = store.Date(c.num).Year()
		} else if e.Clock.Year = yearIn(c.String()); e.Clock.Year == 0 && !isDash(c.String()) {
			r.wrong(r.h.col[roleYear], wrong("year_cell", "value", shorten(c.String())))
		}
	}
	if e.Clock.Year == 0 {
		e.Clock.Year = r.declared
	}
	if e.Clock.Year != 0 {
		r.row.Has |= FieldYear
		r.dated = true
	}
}

func (r *rowReader) repeat() {
	if c, ok := r.value(roleRepeat, FieldRepeat); ok {
		rule, m := parseRepeat(c)
		if m != nil {
			r.wrong(r.h.col[roleRepeat], m)
		}
		r.row.Entry.Repeat = rule
	}
}

// times reads the row's time columns. problems, when not nil, is told what cannot be read.
func (s *sheetReader) times(l line, problems func(col int, m *mistake)) []timed {
	var out []timed
	for _, of := range timeRoles {
		col := s.h.col[of]
		c := l.at(col)
		if c.kind == cellEmpty || c.kind == cellText && isDash(c.text) {
			continue
		}
		w, m := parseWhenCell(c, of)
		if m == nil {
			out = append(out, timed{col, w})
		} else if problems != nil {
			problems(col, m)
		}
	}
	return out
}

// parseWhenCell reads a cell of a time column.
func parseWhenCell(c cell, of role) (when, *mistake) {
	switch c.kind {
	case cellDate:
		d := store.Date(c.num)
		if d.Year() < 1990 {
			return when{}, wrong("date_number", "value", written(d))
		}
		if c.month && (d.Day() == 1 || of == roleMonth) {
			return when{a: point{unit: unitMonth, year: d.Year(), month: int(d.Month())}}, nil
		}
		return when{a: point{unit: unitDay, year: d.Year(), month: int(d.Month()), day: d.Day()}, clock: c.minutes() > 0}, nil
	case cellNumber:
		if of != roleWeek && of != roleMonth {
			return when{}, bareNumber(c.num, c.String())
		}
	case cellBool:
		return when{}, wrong("date", "value", c.String())
	case cellError:
		return when{}, wrong("cell_error", "value", shorten(c.text))
	case cellFormula:
		return when{}, wrong("formula")
	}
	return parseWhen(Denaturalize(c.String()), of)
}

// when finds the entry's first and last day. Of several time columns the most exact decides and the others must agree.
func (r *rowReader) when() {
	listed := len(r.bad)
	times := r.times(r.l, r.wrong)
	understood := len(r.bad) == listed
	slices.SortStableFunc(times, func(a, b timed) int { return int(a.w.a.unit) - int(b.w.a.unit) })
	r.row.Has |= FieldStart
	endCol := r.h.col[roleEnd]
	if len(times) == 0 {
		if understood {
			r.wrong(r.startColumn(), &mistake{key: "invalid.start_missing"})
		}
		r.end(span{}, endCol, 0)
		return
	}
	year := r.yearFor(times)
	main := times[0]
	s, m := main.w.resolve(year)
	if m != nil {
		r.wrongTime(main.col, m)
		return
	}
	r.clockNote(main)
	ranged := main.w.ranged || main.w.a.unit != unitDay
	coarser := slices.IndexFunc(times, func(t timed) bool { return t.w.a.unit != main.w.a.unit })
	if coarser < 0 {
		coarser = len(times)
	}
	for _, other := range times[1:coarser] {
		r.clockNote(other)
		// Two columns as exact as each other say the same, or one has the end that the other leaves out.
		o, m := other.w.resolve(year)
		switch {
		case m != nil:
			r.wrongTime(other.col, m)
		case o == s:
		case o.from == s.from && !main.w.ranged:
			s, ranged = o, true
		case o.from == s.from && !other.w.ranged:
		default:
			r.contradiction(main, other, s, year, nil)
		}
	}
	e := &r.row.Entry
	e.Start = s.from
	if e.Clock.Year == 0 {
		if e.Clock.Year = main.w.statedYear(); e.Clock.Year == 0 {
			e.Clock.Year = year
		}
	}
	// A column that can hold a range says where the entry ends, and a column of first days alone does not.
	if of := r.role(main.col); ranged || of == roleTime {
		r.row.Has |= FieldEnd
	}
	if ranged && (!e.Recurring() || main.w.ranged) {
		e.End = s.to
	}
	r.end(s, endCol, year)
	for _, other := range times[coarser:] {
		if m := r.contradicts(other, year); m != nil {
			r.contradiction(main, other, span{e.Start, max(e.Start, e.End)}, year, m)
		}
	}
}

// startColumn is the column in which a start would stand.
func (r *rowReader) startColumn() int {
	for _, of := range timeRoles {
		if col := r.h.col[of]; col >= 0 {
			return col
		}
	}
	return -1
}

// yearFor is the year of the row's times without one: what a time beside it says, then the option, the year column,
// the sheet or file, then its end's year, then the one that the sheet's dates agree on.
func (r *rowReader) yearFor(times []timed) int {
	for _, t := range times {
		if y := t.w.statedYear(); y != 0 {
			return y
		}
	}
	if y := r.row.Entry.Clock.Year; y != 0 {
		return y
	}
	if c := r.l.at(r.h.col[roleEnd]); c.kind != cellEmpty {
		if w, m := parseWhenCell(c, roleEnd); m == nil && w.statedYear() != 0 {
			return w.statedYear()
		}
	}
	return r.rowsYear
}

// wrongTime lists a mistake of a time, and remembers when it was a missing year.
func (r *rowReader) wrongTime(col int, m *mistake) {
	if m.key == "import.problem.year" {
		r.wanted = true
	}
	r.wrong(col, m)
}

// contradicts reports why a less exact time does not go with the entry's days, nil when it does: they must have a day
// in common. Of a series the first occurrence counts.
func (r *rowReader) contradicts(other timed, year int) *mistake {
	e := &r.row.Entry
	s := span{e.Start, max(e.Start, e.End)}
	if e.Recurring() {
		s.to = s.from
	}
	if other.w.touches(s, year) {
		return nil
	}
	if _, m := other.w.resolve(year); m != nil {
		return m
	}
	return wrong("contradiction")
}

// contradiction names both cells.
func (r *rowReader) contradiction(main, other timed, s span, year int, why *mistake) {
	if why != nil && why.key != "import.problem.contradiction" {
		r.wrongTime(other.col, why)
		return
	}
	o, _ := other.w.resolve(year) // it could be resolved before
	r.wrong(main.col, wrong("contradiction",
		"cell", cellName(main.col, r.l.n), "value", shorten(r.l.at(main.col).String()), "date", s.String(),
		"other_cell", cellName(other.col, r.l.n), "other_value", shorten(r.l.at(other.col).String()), "other_date", o.String()))
}

// clockNote keeps a time of day, which an entry has no place for.
func (r *rowReader) clockNote(t timed) {
	if t.w.clock {
		r.notes = append(r.notes, r.h.text[t.col]+": "+r.l.at(t.col).String())
		r.row.Has |= FieldNotes
	}
}

// end reads the end column, which decides the last day; a range in another column must agree with it.
func (r *rowReader) end(s span, col, year int) {
	if col < 0 {
		return
	}
	r.row.Has |= FieldEnd
	c := r.l.at(col)
	if c.kind == cellEmpty || c.kind == cellText && isDash(c.text) {
		return
	}
	w, m := parseWhenCell(c, roleEnd)
	if m == nil && w.ranged {
		m = wrong("end_range", "value", shorten(c.String()))
	}
	if m != nil {
		r.wrong(col, m)
		return
	}
	if s.from == 0 {
		return // the start is a problem already
	}
	o, m := w.resolve(year)
	if m != nil {
		r.wrongTime(col, m)
		return
	}
	r.clockNote(timed{col, w})
	e := &r.row.Entry
	switch {
	case o.to < e.Start:
		r.wrong(col, wrong("end_before_start", "start", written(e.Start), "end", written(o.to)))
	case e.End != 0 && e.End != o.to && w.a.unit == unitDay && r.rangeIsExact():
		r.wrong(col, wrong("end_differs", "end", written(o.to), "other", written(e.End)))
	default:
		e.End = o.to
	}
}

// rangeIsExact reports whether a time column has a range of days, which an end column must not contradict. A week or
// a month beside an exact end is less exact and gives way.
func (r *rowReader) rangeIsExact() bool {
	return slices.ContainsFunc(r.times(r.l, nil), func(t timed) bool { return t.w.ranged && t.w.a.unit == unitDay })
}

// values reads reminders, materials, approval and state.
func (r *rowReader) values() {
	e := &r.row.Entry
	if c, ok := r.value(roleReminders, FieldReminders); ok {
		leads, m := parseLeads(c)
		if m != nil {
			r.wrong(r.h.col[roleReminders], m)
		}
		e.Leads = leads
	}
	if c, ok := r.value(roleMaterials, FieldMaterials); ok && !isDash(c.String()) && !noWords[strings.ToLower(c.String())] {
		col := r.h.col[roleMaterials]
		w, m := parseWhenCell(c, roleMaterials)
		if m == nil && (w.ranged || w.a.unit != unitDay) {
			m = wrong("materials_day", "value", shorten(c.String()))
		}
		if m == nil {
			year := e.Clock.Year
			if year == 0 {
				year = r.rowsYear
			}
			var s span
			s, m = w.resolve(year)
			if m == nil && w.a.year == 0 && e.Start != 0 && s.from > max(e.Start, e.End) {
				m = wrong("materials_year") // 20.12. for January is last year's, or a slip
			}
			if m == nil {
				e.Materials = s.from
				r.clockNote(timed{col, w})
			}
		}
		if m != nil && (e.Start != 0 || m.key != "import.problem.year") {
			r.wrongTime(col, m)
		}
	}
	if c, ok := r.value(roleApproval, FieldApproval); ok {
		yes, m := parseBool(c)
		if m != nil {
			r.wrong(r.h.col[roleApproval], m)
		}
		e.Approval = yes
	}
	if c, ok := r.value(roleState, FieldState); ok {
		state, m := parseState(c)
		if m != nil {
			r.wrong(r.h.col[roleState], m)
		}
		e.State = state
	}
}

// unknown keeps the notes column and the columns that nobody knows.
func (r *rowReader) unknown() {
	if s := r.raw(roleNotes, FieldNotes); s != "" {
		r.notes = append([]string{s}, r.notes...)
	}
	for col := range max(len(r.h.role), len(r.l.cells)) {
		if r.role(col) != roleNone {
			continue
		}
		if r.csv && col >= len(r.h.text) && r.l.at(col).kind != cellEmpty {
			// A separator within an unquoted field has shifted the row: FREQ=WEEKLY;COUNT=3 in a file with semicolons.
			r.wrong(col, wrong("surplus", "value", shorten(r.l.at(col).String())))
			return
		}
		named := col < len(r.h.text) && r.h.text[col] != ""
		if named {
			r.row.Has |= FieldNotes
		}
		c := r.l.at(col)
		if c.kind == cellEmpty || c.kind == cellFormula || c.kind == cellError {
			continue
		}
		s := c.String()
		if c.kind == cellText {
			s = Denaturalize(s)
		}
		if named {
			s = r.h.text[col] + ": " + s
		}
		r.row.Has |= FieldNotes
		r.notes = append(r.notes, s)
	}
	r.row.Entry.Notes = clean(strings.Join(r.notes, "\n"))
	if utf8.RuneCountInString(r.row.Entry.Notes) > maxNotes {
		r.wrong(max(r.h.col[roleNotes], -1), wrong("notes", "max", maxNotes))
	}
}

// columnOf finds the column that an error of the store is about.
func (r *rowReader) columnOf(err error) int {
	of := map[string]role{"clock": roleClock, "title": roleTitle, "start": roleStart, "end": roleEnd, "repeat": roleRepeat, "campaign": roleCampaign,
		"audience": roleAudience, "channels": roleChannels, "owner": roleOwner, "reminders": roleReminders, "goal": roleGoal}[fieldOf(err)]
	if col := r.h.col[of]; of != roleNone && col >= 0 {
		return col
	}
	if of == roleEnd {
		return r.startColumn()
	}
	return -1
}

// duplicate lists a row that another one stands for already: it has the same id, or the same clock, title and start. Two
// rows with ids of their own may well share a title and a day.
func (r *rowReader) duplicate() {
	e := &r.row.Entry
	here := place{r.name, r.l.n, r.row.HasID}
	if r.row.HasID {
		if first, ok := r.seen["id "+e.ID]; ok {
			r.wrong(r.h.col[roleID], wrong("same_id", "id", e.ID, "row", strconv.Itoa(first.line), "sheet", first.sheet))
			return
		}
		r.seen["id "+e.ID] = here
	}
	key := strings.Join([]string{store.Key(e.Clock.Name), written(store.NewDate(e.Clock.Year, 1, 1)), store.Key(e.Title), e.Start.String()}, "\x00")
	if first, ok := r.seen[key]; ok && !(first.hasID && here.hasID) {
		r.wrong(-1, wrong("same_row", "title", shorten(e.Title), "date", written(e.Start), "row", strconv.Itoa(first.line), "sheet", first.sheet))
		return
	}
	r.seen[key] = here
}
