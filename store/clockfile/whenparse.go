package clockfile

import (
	"strconv"
	"strings"
	"unicode"
)

// token is a number, a word or a mark of a time expression.
type token struct {
	kind   byte // '0' number, 'a' word, '?' anything unknown, else the mark itself
	word   string
	n      int
	digits int
	spaced bool // a space stands before it
}

func tokens(s string) []token {
	var out []token
	spaced := false
	runes := []rune(strings.ToLower(s))
	for i := 0; i < len(runes); {
		r := runes[i]
		if unicode.IsSpace(r) {
			spaced = true
			i++
			continue
		}
		t := token{kind: '?', spaced: spaced}
		spaced = false
		start := i
		i++
		switch {
		case r >= '0' && r <= '9':
			for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' {
				i++
			}
			t.digits = i - start
			if n, err := strconv.Atoi(string(runes[start:i])); err == nil && t.digits <= 8 {
				t.kind, t.n = '0', n
			}
		case unicode.IsLetter(r):
			for i < len(runes) && unicode.IsLetter(runes[i]) {
				i++
			}
			t.kind, t.word = 'a', string(runes[start:i])
		case strings.ContainsRune("-‐‑‒–—―−﹣－", r):
			t.kind = '-'
			for i < len(runes) && strings.ContainsRune("-‐‑‒–—―−", runes[i]) {
				i++ // "--" is a dash as well
			}
		case strings.ContainsRune("./:,", r):
			t.kind = byte(r)
		}
		out = append(out, t)
	}
	return out
}

// whenParser reads tokens from left to right. Its methods leave i where it was when they return false.
type whenParser struct {
	t  []token
	i  int
	in role
}

func (p *whenParser) peek(ahead int) token {
	if p.i+ahead < len(p.t) {
		return p.t[p.i+ahead]
	}
	return token{}
}

func (p *whenParser) mark(kind byte) bool {
	if p.peek(0).kind == kind {
		p.i++
		return true
	}
	return false
}

// number takes a number between lo and hi of at most two digits.
func (p *whenParser) number(lo, hi int) (int, bool) {
	if t := p.peek(0); t.kind == '0' && t.digits <= 2 && t.n >= lo && t.n <= hi {
		p.i++
		return t.n, true
	}
	return 0, false
}

// year takes a number of four digits.
func (p *whenParser) year() (int, bool) {
	if t := p.peek(0); t.kind == '0' && t.digits == 4 && t.n >= 1900 && t.n < 2200 {
		p.i++
		return t.n, true
	}
	return 0, false
}

// parseOne reads one time or range.
func parseOne(s string, in role) (when, bool) {
	t := tokens(s)
	if len(t) == 0 || len(t) > 40 {
		return when{}, false
	}
	// "8.1. klo 9–11" ends with a range of hours, "8.1. klo 9–10.1. klo 12" is a range of days.
	for _, hourRange := range []bool{true, false} {
		p := &whenParser{t: t, in: in}
		if w, ok := p.when(hourRange); ok && p.i == len(t) {
			return w, true
		}
	}
	return when{}, false
}

func (p *whenParser) when(hourRange bool) (when, bool) {
	var w when
	// ma–ke 5.–7.1.
	first, ok := p.weekday()
	second := 0
	if ok && p.mark('-') {
		if second, ok = p.weekday(); !ok {
			return w, false
		}
	}
	if w.a, ok = p.point(); !ok {
		return w, false
	}
	if first != 0 {
		if w.a.unit != unitDay {
			return w, false
		}
		w.a.weekday, w.a.dotless = first, false
	}
	if w.clock, ok = p.clock(w.a, hourRange); !ok {
		return w, false
	}
	if !p.mark('-') {
		return w, second == 0 && !(w.a.unit == unitDay && w.a.month == 0)
	}
	w.ranged = true
	day, _ := p.weekday()
	if second == 0 {
		second = day
	} else if day != 0 {
		return w, false
	}
	if w.b, ok = p.second(w.a); !ok || w.b.unit != w.a.unit || w.b.unit == unitDay && w.b.month == 0 {
		return w, false
	}
	if second != 0 {
		if w.b.unit != unitDay {
			return w, false
		}
		w.b.weekday = second
	}
	clock, ok := p.clock(w.b, hourRange)
	w.clock = w.clock || clock
	return w, ok
}

// weekday takes a weekday's name, which a dot or comma may follow.
func (p *whenParser) weekday() (int, bool) {
	t := p.peek(0)
	n := weekdayWords[t.word]
	if t.kind != 'a' || n == 0 {
		return 0, false
	}
	p.i++
	if p.peek(0).kind == '.' || p.peek(0).kind == ',' {
		p.i++
	}
	return n, true
}

// second takes the end of a range: in "viikot 6–8" and "1–3" the unit is that of the beginning.
func (p *whenParser) second(a point) (point, bool) {
	start := p.i
	if a.unit == unitWeek {
		if b, ok := p.weekNumber(); ok {
			return b, true
		}
		p.i = start
	}
	return p.point()
}

func (p *whenParser) point() (point, bool) {
	start := p.i
	for _, read := range []func() (point, bool){p.iso, p.weekPoint, p.monthPoint, p.dayPoint, p.barePoint} {
		if pt, ok := read(); ok {
			return pt, true
		}
		p.i = start
	}
	return point{}, false
}

// iso reads 2026-01-08, 2026/01/08, 20260108, 2026-W06 and 2026-06.
func (p *whenParser) iso() (point, bool) {
	if t := p.peek(0); t.kind == '0' && t.digits == 8 && t.n >= 1900_00_00 && t.n < 2200_00_00 {
		p.i++
		return point{unit: unitDay, year: t.n / 1_00_00, month: t.n / 100 % 100, day: t.n % 100}, true
	}
	year, ok := p.year()
	if !ok {
		return point{}, false
	}
	separator := p.peek(0)
	if p.peek(0).word == "w" || separator.kind == '-' && p.peek(1).word == "w" {
		p.mark('-')
		p.i++
		week, ok := p.number(1, 53)
		return point{unit: unitWeek, year: year, week: week}, ok
	}
	if separator.kind != '-' && separator.kind != '/' || separator.spaced || p.peek(1).spaced {
		return point{}, false
	}
	p.i++
	month, ok := p.number(1, 12)
	if !ok {
		return point{}, false
	}
	if next := p.peek(0); next.kind == separator.kind && !next.spaced && p.peek(1).kind == '0' && p.peek(1).digits <= 2 && !p.peek(1).spaced {
		p.i++
		day, ok := p.number(1, 31)
		return point{unit: unitDay, year: year, month: month, day: day}, ok
	}
	// 2026/6 is not an ISO form, and may be a week.
	return point{unit: unitMonth, year: year, month: month}, separator.kind == '-'
}

// weekPoint reads "vko 6", "v. 6", "viikko 6/2026", "vko 6 2026".
func (p *whenParser) weekPoint() (point, bool) {
	if t := p.peek(0); t.kind != 'a' || !weekWords[t.word] {
		return point{}, false
	}
	p.i++
	if p.mark(':') && p.peek(0).kind == 'a' { // vko:t
		p.i++
	}
	p.mark('.')
	p.mark(':')
	return p.weekNumber()
}

// weekNumber reads the number of a week and its year, if any.
func (p *whenParser) weekNumber() (point, bool) {
	if t := p.peek(0); t.kind == 'a' && weekWords[t.word] {
		p.i++
		p.mark('.')
	}
	week, ok := p.number(1, 53)
	if !ok {
		return point{}, false
	}
	if next := p.peek(0).kind; next == '.' && p.peek(1).kind != '0' {
		p.i++ // viikko 6.
	} else if next == '.' {
		return point{}, false // a date follows the dash: vko 6 – 15.3.
	}
	if p.mark('/') {
		year, ok := p.year()
		return point{unit: unitWeek, week: week, year: year}, ok
	}
	year, _ := p.year()
	return point{unit: unitWeek, week: week, year: year}, true
}

// monthPoint reads "maaliskuu", "mars 2026", "maalis-" and "March 5, 2026".
func (p *whenParser) monthPoint() (point, bool) {
	t := p.peek(0)
	m, ok := monthWords[t.word]
	if t.kind != 'a' || !ok {
		return point{}, false
	}
	// kesä is June in a month column, and in kesä–elokuu.
	if m.kind == monthAmbiguous && p.in != roleMonth && p.peek(1).kind != '-' && !(p.i > 0 && p.t[p.i-1].kind == '-') {
		return point{}, false
	}
	p.i++
	p.mark('.')
	start := p.i
	if day, ok := p.number(1, 31); ok && m.kind == monthEnglish {
		p.mark(',')
		if year, ok := p.year(); ok {
			return point{unit: unitDay, year: year, month: m.month, day: day}, true
		}
	}
	p.i = start
	p.mark('/')
	year, ok := p.year()
	if !ok {
		p.i = start
	}
	return point{unit: unitMonth, year: year, month: m.month}, true
}

// dayPoint reads "8.1.2026", "8.1.26", "8.1.", "8.1", "8. maaliskuuta 2026", "8 March" and the "1." of "1.–15.3.".
func (p *whenParser) dayPoint() (point, bool) {
	day, ok := p.number(1, 31)
	if !ok {
		return point{}, false
	}
	pt := point{unit: unitDay, day: day}
	if t := p.peek(0); t.kind == ':' && p.peek(1).word == "e" {
		p.i += 2 // den 5:e mars
	} else if t.word == "st" || t.word == "nd" || t.word == "rd" || t.word == "th" {
		p.i++
	}
	dotted := p.mark('.')
	if t := p.peek(0); t.kind == 'a' {
		m, ok := monthWords[t.word]
		if !ok {
			return pt, false
		}
		p.i++
		p.mark('.')
		p.mark(',')
		pt.month = m.month
		pt.year, _ = p.year()
		return pt, true
	}
	if !dotted || p.peek(0).kind != '0' {
		// Only before a dash: the month comes with the end of the range.
		return pt, p.peek(0).kind == '-' && p.in != roleWeek && p.in != roleMonth
	}
	if pt.month, ok = p.number(1, 12); !ok {
		// A month that does not exist is a date all the same, and a clearer mistake.
		t := p.peek(0)
		if t.kind != '0' || t.digits > 2 || p.peek(1).kind != '.' {
			return pt, false
		}
		p.i++
		pt.month = t.n
	}
	if pt.dotless = !p.mark('.'); pt.dotless && !p.peek(0).spaced {
		return pt, true
	}
	// A year of two digits stands right after the dot; "8.1. 10.30" is a time of day.
	if t := p.peek(0); !pt.dotless && t.kind == '0' && t.digits == 2 && !t.spaced && p.peek(1).kind != '.' && p.peek(1).kind != ':' {
		p.i++
		pt.year = 2000 + t.n
	} else if pt.year, ok = p.year(); ok {
		pt.dotless = false
	}
	return pt, true
}

// barePoint reads a number alone, which the column gives a meaning: "6", "6.", "6/2026", "3.2026".
func (p *whenParser) barePoint() (point, bool) {
	switch p.in {
	case roleWeek:
		return p.weekNumber()
	case roleMonth:
		month, ok := p.number(1, 12)
		if !ok {
			return point{}, false
		}
		if p.mark('/') || p.mark('.') && p.peek(0).kind == '0' {
			year, ok := p.year()
			return point{unit: unitMonth, month: month, year: year}, ok
		}
		return point{unit: unitMonth, month: month}, true
	}
	return point{}, false
}

// clock takes a time of day after a day, "klo 9.00", "9:00", "kl. 9–11", "T09:00:00". ok is false when what follows
// looks like one and is not. found is false at midnight, which is how a program writes a date.
func (p *whenParser) clock(after point, hourRange bool) (found, ok bool) {
	if after.unit != unitDay || after.month == 0 {
		return false, true
	}
	start := p.i
	p.mark(',')
	word := false
	switch p.peek(0).word {
	case "klo", "kl", "kello", "at", "t":
		p.i++
		p.mark('.')
		word = true
	}
	minutes, ok := p.timeOfDay(word)
	if !ok {
		p.i = start
		return false, !word
	}
	if hourRange && p.peek(0).kind == '-' {
		here := p.i
		p.i++
		if _, ok := p.timeOfDay(word); !ok {
			p.i = here
		} else {
			minutes = 1
		}
	}
	return minutes != 0, true
}

// timeOfDay takes 9.00, 9:00, 09:00:00 or, after a word, 9.
func (p *whenParser) timeOfDay(bareHour bool) (minutes int, ok bool) {
	start := p.i
	hour, ok := p.number(0, 23)
	if !ok {
		return 0, false
	}
	if k := p.peek(0).kind; (k == ':' || k == '.') && p.peek(1).kind == '0' && p.peek(1).digits == 2 && p.peek(1).n < 60 {
		minutes = p.peek(1).n
		p.i += 2
		if p.peek(0).kind == ':' && p.peek(1).kind == '0' && p.peek(1).digits == 2 {
			p.i += 2 // seconds
			if p.peek(0).kind == '.' && p.peek(1).kind == '0' {
				p.i += 2 // and their parts
			}
		}
		return hour*60 + minutes, true
	}
	if bareHour {
		return hour*60 + 1, true
	}
	p.i = start
	return 0, false
}
