package clockfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vuosikello/store"
)

// reader turns the sheets of one file into rows and problems.
type reader struct {
	file   *File
	opt    Options
	more   int                  // problems beyond maxListed
	seen   map[string]place     // rows so far, by id and by clock, title and start
	clocks map[store.Clock]bool // by the key of the name
	wanted bool                 // some row had a time without a year, and there was no year for it
	dated  bool                 // some row had a year
	csv    bool                 // the file is a CSV, where a separator too many shifts a row
}

// place is where an earlier row stands.
type place struct {
	sheet string
	line  int
	hasID bool
}

func (r *reader) read(sheets []sheet, csv *header) error {
	r.csv = csv != nil
	var headers []*header
	good := 0
	for i := range sheets {
		h := csv
		if h == nil && !sheets[i].hidden {
			h = findHeader(sheets[i].lines)
		}
		headers = append(headers, h)
		if h != nil && h.kind != 0 {
			good++
			if r.file.Kind == 0 || h.kind == YearClock {
				r.file.Kind = h.kind
			}
		}
	}
	if good == 0 {
		return r.noHeader(sheets, headers)
	}
	if r.file.Kind != YearClock {
		r.lists(sheets, headers)
		r.countMore()
		return nil
	}
	for i, sh := range sheets {
		switch h := headers[i]; {
		case sh.hidden:
			r.note(Problem{Sheet: sh.name, Key: "import.note.sheet_hidden"})
		case h == nil && len(sh.lines) == 0:
		case h == nil || h.kind != YearClock:
			r.note(Problem{Sheet: sh.name, Key: "import.note.sheet_skipped"})
		default:
			r.sheet(sh, h)
		}
	}
	if r.wanted && !r.dated {
		return fileError(r.file.Name, "import.no_year")
	}
	r.countMore()
	return nil
}

// lists reads the sheets of a file that is no year clock.
func (r *reader) lists(sheets []sheet, headers []*header) {
	seen := map[string]int{}
	for i, sh := range sheets {
		switch h := headers[i]; {
		case sh.hidden:
			r.note(Problem{Sheet: sh.name, Key: "import.note.list_hidden"})
		case h == nil && len(sh.lines) == 0:
		case h == nil || h.kind != r.file.Kind:
			r.note(Problem{Sheet: sh.name, Key: "import.note.list_skipped"})
		case h.kind == Measures:
			r.measures(sh, h, seen)
		default:
			r.topics(sh, h)
		}
	}
}

// countMore says how many problems are not listed.
func (r *reader) countMore() {
	if r.more > 0 {
		r.file.Problems = append(r.file.Problems, Problem{File: r.file.Name, Key: "import.problem.more", Args: map[string]any{"n": r.more}})
	}
}

// noHeader says what is missing: everything, or one of the columns that a year clock or a list of measures must have.
func (r *reader) noHeader(sheets []sheet, headers []*header) error {
	empty := true
	var title, timed, measure bool
	for i, sh := range sheets {
		if headers[i] != nil {
			return fileError(r.file.Name, "import.file.other_table")
		}
		for _, l := range sh.lines {
			empty = false
			if l.n > headerRows {
				break
			}
			known := map[role]bool{}
			for _, c := range l.cells {
				known[columnOf(c).role] = true
				measure = measure || c.kind == cellText && measureNames[headerKey(c.text)] && len(l.cells) > 1
			}
			delete(known, roleNone)
			if len(known) >= 2 {
				title = title || known[roleTitle]
				timed = timed || slices.ContainsFunc(timeRoles, func(t role) bool { return known[t] })
			}
		}
	}
	switch {
	case empty:
		return fileError(r.file.Name, "import.file.empty")
	case measure && !title:
		return fileError(r.file.Name, "import.file.measure_columns")
	case title && !timed:
		return fileError(r.file.Name, "import.file.no_time_column")
	case timed && !title:
		return fileError(r.file.Name, "import.file.no_title_column")
	}
	return fileError(r.file.Name, "import.file.no_header", "rows", headerRows)
}

func (r *reader) note(p Problem) {
	p.File = r.file.Name
	if len(r.file.Notes) < maxListed {
		r.file.Notes = append(r.file.Notes, p)
	}
}

func (r *reader) problem(p Problem) {
	p.File = r.file.Name
	if len(r.file.Problems) < maxListed {
		r.file.Problems = append(r.file.Problems, p)
	} else {
		r.more++
	}
}

// sheetReader reads the rows of one sheet.
type sheetReader struct {
	*reader
	name     string
	h        *header
	declared int // the year that the sheet or the file names, 0 for none
	rowsYear int // the year of all dates of the sheet that have one, when they agree
}

func (r *reader) sheet(sh sheet, h *header) {
	s := &sheetReader{reader: r, name: sh.name, h: h}
	titleYear, title := yearOfTitle(h.above)
	if s.declared = yearIn(sh.name); s.declared == 0 {
		s.declared = titleYear
	} else if titleYear != 0 && titleYear != s.declared && r.opt.Year == 0 {
		r.problem(Problem{Sheet: sh.name, Row: h.line, Key: "import.problem.two_years", Args: map[string]any{"sheet": sh.name, "title": shorten(title), "a": strconv.Itoa(s.declared), "b": strconv.Itoa(titleYear)}})
		return
	}
	if s.declared == 0 {
		base := r.file.Name
		if i := strings.LastIndexByte(base, '.'); i > 0 {
			base = base[:i]
		}
		s.declared = yearIn(base)
	}
	body := sh.lines[h.index+1:]
	if s.declared == 0 && r.opt.Year == 0 {
		s.findRowsYear(body)
	}
	for _, l := range body {
		if again, ok := s.h.repeats(l); ok {
			s.h = again
			continue
		}
		if s.skips(l) {
			continue
		}
		s.row(l)
	}
}

// findRowsYear looks for years in the rows' own times.
func (s *sheetReader) findRowsYear(body []line) {
	clash := false
	for _, l := range body {
		for _, t := range s.times(l, nil) {
			if y := t.w.statedYear(); y != 0 {
				s.dated = true
				clash = clash || s.rowsYear != 0 && s.rowsYear != y
				s.rowsYear = y
			}
		}
	}
	if clash {
		s.rowsYear = 0
	}
}

// skips reports whether nothing is planned on the row: it has no content of its own, or only what a template fills in
// beforehand (a month, a week, a state), or it is a heading or a remark. A remark is noted.
func (s *sheetReader) skips(l line) bool {
	own, last := 0, 0
	planned, wide, inherits := false, false, false
	for i, c := range l.cells {
		if c.kind == cellEmpty || c.inherited {
			inherits = inherits || c.inherited
			continue
		}
		own++
		last, wide = i, c.wide
		switch s.role(i) {
		case roleNone, roleNotes, roleYear, roleVersion, roleClock, roleState, roleApproval, roleReminders:
		case roleMonth, roleWeek:
			planned = planned || l.at(s.h.col[roleTitle]).kind != cellEmpty // a title merged over several weeks
		default:
			planned = true
		}
	}
	switch {
	case own == 0:
		return true
	case own == 1 && heading(l.cells[last]):
		return true
	case planned && !(own == 1 && wide && !inherits):
		return false
	}
	for i, c := range l.cells {
		remark := c.kind == cellText && !c.inherited
		switch s.role(i) {
		case roleYear, roleVersion, roleClock, roleState, roleApproval, roleReminders:
			remark = false
		case roleMonth, roleWeek:
			if remark {
				_, m := parseWhen(c.text, s.role(i))
				remark = m != nil
			}
		}
		if remark {
			s.note(Problem{Sheet: s.name, Row: l.n, Column: s.h.place(i), Cell: cellName(i, l.n), Key: "import.note.remark", Args: map[string]any{"value": shorten(c.text)}})
		}
	}
	return true
}

// headings are what a part of a year is called, other than months and weeks.
var headings = nameSet("kevät kevätkausi kesä kesäkausi syksy syyskausi talvi talvikausi alkuvuosi loppuvuosi vår våren sommar sommaren höst hösten vinter vintern " +
	"spring summer autumn fall winter q1 q2 q3 q4 1neljännes 2neljännes 3neljännes 4neljännes kvartal1 kvartal2 kvartal3 kvartal4 kvartaali1 kvartaali2 kvartaali3 kvartaali4")

// heading reports whether a cell that is alone on its row heads a part of the plan: TAMMIKUU, Kevät 2026, Q1, vko 6.
func heading(c cell) bool {
	if c.kind != cellText {
		return c.kind == cellDate && c.month
	}
	if headings[trailingYear.ReplaceAllString(headerKey(c.text), "")] {
		return true
	}
	w, m := parseWhen(c.text, roleMonth)
	return m == nil && w.a.unit != unitDay
}

func (s *sheetReader) role(col int) role {
	if col < len(s.h.role) {
		return s.h.role[col]
	}
	return roleNone
}

func cellName(col, row int) string { return fmt.Sprintf("%s%d", columnName(col), row) }

// mistakeOf is the sentence of an error from the store.
func mistakeOf(err error) *mistake {
	var e *store.Error
	if !errors.As(err, &e) {
		return wrong("row", "value", err.Error())
	}
	m := &mistake{key: e.Key}
	for k, v := range e.Args {
		m.args = append(m.args, k, v)
	}
	return m
}
