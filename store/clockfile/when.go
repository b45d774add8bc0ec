package clockfile

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// unit is how exact a time is; smaller is more exact.
type unit uint8

const (
	unitDay unit = iota + 1
	unitWeek
	unitMonth
)

// point is a day, week or month as written. Its year is 0 when the text has none; a day's month is 0 in the first part
// of 1.–15.3.
type point struct {
	unit    unit
	year    int
	month   int
	day     int
	week    int
	weekday int  // 1 for Monday, 0 when not written
	dotless bool // 8.1 without its last dot, which may have been the number 8.10
}

// when is what a cell says about time.
type when struct {
	a, b   point // b only when ranged
	ranged bool
	clock  bool // a time of day is written too
	check  *when
}

// span is a time in the calendar, both days included.
type span struct{ from, to store.Date }

// mistake is why a cell cannot be read: a sentence in the text catalogue and what fills it.
type mistake struct {
	key  string
	args []any
}

func wrong(key string, args ...any) *mistake { return &mistake{"import.problem." + key, args} }

// parseWhen reads a time as people write it. in is the column's role: a bare number is a week in a week column, a month
// in a month column, and nothing elsewhere.
func parseWhen(s string, in role) (when, *mistake) {
	if len(s) > 200 {
		return when{}, wrong("date", "value", shorten(s))
	}
	if w, ok := parseOne(s, in); ok {
		if w.a.dotless && !w.ranged {
			return when{}, wrong("date_dot", "value", shorten(s))
		}
		return w, nil
	}
	// Two readings of one time in a cell, "vko 6 (2.–8.2.)", check each other.
	if parts := splitParts(s); len(parts) == 2 {
		a, okA := parseOne(parts[0], in)
		b, okB := parseOne(parts[1], in)
		if okA && okB {
			switch {
			case a.a.unit < b.a.unit:
				a.check = &b
				return a, nil
			case a.a.unit > b.a.unit:
				b.check = &a
				return b, nil
			}
			return when{}, wrong("date_several", "value", shorten(s))
		}
	}
	return when{}, explain(s, in)
}

var betweenTimes = regexp.MustCompile(`\s*(?:[;,&+\n]|\s(?:ja|och|and|sekä|samt|tai|eller|or)\s)\s*`)

// splitParts splits at a parenthesis, line end, comma or "and".
func splitParts(s string) []string {
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return []string{s[:i], s[i+1 : len(s)-1]}
	}
	return betweenTimes.Split(strings.TrimSpace(s), -1)
}

// explain says why a cell is not a time.
func explain(s string, in role) *mistake {
	low := strings.ToLower(s)
	value := []any{"value", shorten(s)}
	if _, err := store.ParseRecurrence(s); err == nil {
		return wrong("date_repeat", value...)
	}
	if parts := splitParts(s); len(parts) > 1 {
		all := true
		for _, p := range parts {
			_, ok := parseOne(p, in)
			all = all && ok
		}
		if all {
			return wrong("date_several", value...)
		}
	}
	if isQuarter(low) {
		return wrong("date_vague", value...)
	}
	for _, w := range vagueWords {
		if strings.Contains(low, w) {
			return wrong("date_vague", value...)
		}
	}
	if slashDate.MatchString(low) {
		return wrong("date_slash", value...)
	}
	if zonedTime.MatchString(low) {
		return wrong("date_zone", value...)
	}
	if n, err := strconv.ParseFloat(strings.ReplaceAll(low, ",", "."), 64); err == nil {
		return bareNumber(n, s)
	}
	return wrong("date", value...)
}

// bareNumber is the mistake of a number without a date format where a time belongs.
func bareNumber(n float64, s string) *mistake {
	if n >= 36526 && n < 73051 && n == float64(int(n)) { // 2000–2099 as Excel counts days
		return wrong("date_serial", "value", shorten(s), "date", written(store.NewDate(1899, 12, 30)+store.Date(n)))
	}
	return wrong("date_number", "value", shorten(s))
}

var (
	slashDate = regexp.MustCompile(`^\D*\d{1,2}\s*/\s*\d{1,4}`)
	zonedTime = regexp.MustCompile(`^\d{4}-\d\d-\d\d[t ]\d\d:\d\d.*(z|[+-]\d\d:?\d\d)$`)
)

// resolve finds the calendar days of w. year is that of dates without one, 0 when there is none.
func (w when) resolve(year int) (span, *mistake) {
	a, b := w.a, w.b
	if !w.ranged {
		s, m := a.days(year)
		if m == nil && w.check != nil {
			m = w.checked(s, year)
		}
		return s, m
	}
	if a.unit == unitDay && a.month == 0 {
		a.month = b.month
		if a.year == 0 {
			a.year = b.year
		}
	}
	neither := a.year == 0 && b.year == 0
	guessed := a.year == 0 != (b.year == 0)
	if a.year == 0 {
		a.year = b.year
	} else if b.year == 0 {
		b.year = a.year
	}
	from, m := a.days(year)
	if m != nil {
		return span{}, m
	}
	to, m := b.days(year)
	if m != nil {
		return span{}, m
	}
	s := span{from.from, to.to}
	if s.to < s.from {
		if !guessed && !neither || a.month == b.month && a.unit == unitDay {
			return span{}, wrong("range_backwards", "from", written(s.from), "to", written(s.to))
		}
		// 28.12.–3.1. may begin or end in the plan's year.
		return span{}, wrong("range_year", "from", a.dayMonth(), "to", b.dayMonth())
	}
	if w.check != nil {
		return s, w.checked(s, year)
	}
	return s, nil
}

// checked compares a time with the less exact one beside it in the same cell.
func (w when) checked(s span, year int) *mistake {
	if w.check.touches(s, year) {
		return nil
	}
	other, m := w.check.resolve(year)
	if m != nil {
		return m
	}
	return wrong("date_itself", "a", s.String(), "b", other.String())
}

// touches reports whether w and s have a day in common. A time without a year is taken in the years of s, since the
// more exact time decides: week 1 may begin in December.
func (w when) touches(s span, year int) bool {
	years := []int{year}
	if w.a.year == 0 && w.b.year == 0 {
		years = []int{s.from.Year(), s.to.Year()}
		if w.a.unit == unitWeek {
			iso, _ := s.from.ISOWeek()
			years = append(years, iso)
		}
	}
	for _, y := range years {
		if o, m := w.resolve(y); m == nil && o.from <= s.to && s.from <= o.to {
			return true
		}
	}
	return false
}

// statedYear returns the year that the text itself names, 0 when it names none.
func (w when) statedYear() int {
	if w.a.year != 0 {
		return w.a.year
	}
	return w.b.year
}

// String writes a span as people do.
func (s span) String() string {
	if s.from == s.to {
		return written(s.from)
	}
	return written(s.from) + "–" + written(s.to)
}

// dayMonth writes a point without its year.
func (p point) dayMonth() string {
	switch p.unit {
	case unitWeek:
		return strconv.Itoa(p.week) + "."
	case unitMonth:
		return "1." + strconv.Itoa(p.month) + "."
	}
	return strconv.Itoa(p.day) + "." + strconv.Itoa(p.month) + "."
}

// days returns the days of a point: of a month from its first to its last, of a week from Monday to Sunday (ISO 8601).
func (p point) days(year int) (span, *mistake) {
	if p.year != 0 {
		year = p.year
	}
	if year == 0 {
		return span{}, wrong("year")
	}
	switch p.unit {
	case unitMonth:
		first := store.NewDate(year, time.Month(p.month), 1)
		return span{first, store.NewDate(year, time.Month(p.month)+1, 1) - 1}, nil
	case unitWeek:
		fourth := store.NewDate(year, time.January, 4) // always in week 1
		monday := fourth - store.Date((int(fourth.Weekday())+6)%7) + store.Date(7*(p.week-1))
		if y, n := monday.ISOWeek(); y != year || n != p.week {
			return span{}, wrong("no_week", "week", p.week, "year", strconv.Itoa(year))
		}
		return span{monday, monday + 6}, nil
	}
	d, ok := store.ValidDate(year, p.month, p.day)
	if !ok {
		return span{}, wrong("no_day", "value", strconv.Itoa(p.day)+"."+strconv.Itoa(p.month)+"."+strconv.Itoa(year))
	}
	if p.weekday != 0 && p.weekday != (int(d.Weekday())+6)%7+1 {
		return span{}, wrong("weekday", "date", written(d))
	}
	return span{d, d}, nil
}
