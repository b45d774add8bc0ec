package clockfile

import (
	"strconv"
	"strings"
	"unicode"

	"vuosikello/store"
)

// sheet is a table as read from a file, before its meaning is known.
type sheet struct {
	name   string // "" in a CSV
	hidden bool
	lines  []line // with content only, in order
}

// line is one row with content.
type line struct {
	n     int // as the spreadsheet numbers it
	cells []cell
}

type cellKind uint8

const (
	cellEmpty cellKind = iota
	cellText
	cellNumber
	cellDate // num is the day as a store.Date, its fraction the time of day
	cellBool
	cellError   // such as #REF!; in text
	cellFormula // a formula that the file has no value for
)

type cell struct {
	text      string
	num       float64
	kind      cellKind
	month     bool // a date whose number format shows no day
	wide      bool // merged over several columns
	inherited bool // the value stands in a cell above, merged with this one
}

func (l line) at(col int) cell {
	if col < 0 || col >= len(l.cells) {
		return cell{}
	}
	return l.cells[col]
}

// String returns the cell as text: numbers with a decimal point, dates as 8.1.2026.
func (c cell) String() string {
	switch c.kind {
	case cellNumber:
		// 15 digits are what a spreadsheet shows; more is noise such as 0.30000000000000004.
		return strconv.FormatFloat(roundTo15(c.num), 'f', -1, 64)
	case cellDate:
		s := written(store.Date(c.num))
		if minutes := c.minutes(); minutes > 0 {
			s += " " + store.TimeOfDay(minutes).String()
		}
		return s
	case cellBool:
		return strconv.FormatBool(c.num != 0)
	}
	return c.text
}

// minutes returns the time of day of a date cell.
func (c cell) minutes() int {
	return min(int((c.num-float64(int64(c.num)))*24*60+0.5), 24*60-1)
}

func roundTo15(f float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return f
	}
	return r
}

// written returns a date as people write it in Finland.
func written(d store.Date) string {
	return strconv.Itoa(d.Day()) + "." + strconv.Itoa(int(d.Month())) + "." + strconv.Itoa(d.Year())
}

// columnName returns a column's letters: 0 is A, 26 is AA.
func columnName(col int) string {
	s := ""
	for col++; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s
}

// clean trims a text and takes out what cannot be seen: zero-width spaces, byte order marks, soft hyphens and control
// characters other than newline and tab. Line ends become \n.
func clean(s string) string {
	if !strings.ContainsFunc(s, invisible) {
		return strings.TrimSpace(s)
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case invisible(r):
			return -1
		}
		return r
	}, s))
}

func invisible(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case '\u00ad', '\u200b', '\u2060', '\ufeff':
		return true
	}
	return r < 0x20 || r >= 0x7f && unicode.IsControl(r)
}
