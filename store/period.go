package store

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is a span of whole days that a measure's value or goal is about. Two periods of the same days are the same,
// however they were written: 2025-01/2025-12 is 2025.
type Period struct {
	Start Date
	End   Date // the last day
}

// PeriodUnit is what a period is one of.
type PeriodUnit int

// The units, from the finest. A period that is none of the others is a span.
const (
	UnitDay PeriodUnit = iota + 1
	UnitWeek
	UnitMonth
	UnitQuarter
	UnitYear
	UnitSpan
)

// PeriodOf returns the day, ISO week, month, quarter or year that a day belongs to.
func PeriodOf(u PeriodUnit, d Date) Period {
	y, m := d.Year(), d.Month()
	switch u {
	case UnitWeek:
		monday := d - Date((d.Weekday()+6)%7)
		return Period{monday, monday + 6}
	case UnitMonth:
		return months(y, m, 1)
	case UnitQuarter:
		return months(y, m-(m-1)%3, 3)
	case UnitYear:
		return months(y, time.January, 12)
	}
	return Period{d, d}
}

func months(year int, first time.Month, n int) Period {
	return Period{NewDate(year, first, 1), NewDate(year, first+time.Month(n), 1) - 1}
}

// Unit returns what the period is one of.
func (p Period) Unit() PeriodUnit {
	for u := UnitDay; u < UnitSpan; u++ {
		if PeriodOf(u, p.Start) == p {
			return u
		}
	}
	return UnitSpan
}

// Days returns how many days the period has.
func (p Period) Days() int { return int(p.End-p.Start) + 1 }

// Within reports whether all days of the period are among those of o.
func (p Period) Within(o Period) bool { return p.Start >= o.Start && p.End <= o.End }

// Before returns the period to compare with: the unit right before, of a span the same days a year earlier.
func (p Period) Before() Period {
	if u := p.Unit(); u != UnitSpan {
		return PeriodOf(u, p.Start-1)
	}
	return p.YearBefore()
}

// YearBefore returns the same part of the year before. A span of whole months stays one.
func (p Period) YearBefore() Period {
	end := p.End + 1 // so that the end of a month remains the end of that month
	return Period{NewDate(p.Start.Year()-1, p.Start.Month(), p.Start.Day()), NewDate(end.Year()-1, end.Month(), end.Day()) - 1}
}

// String writes the period in the one form that stands for it in files and exports: 2024, 2025Q2, 2025-06, 2026-W06,
// 2025-12-31, a span of months 2025-01/2025-06, another span 2025-01-15/2025-02-14.
func (p Period) String() string {
	switch p.Unit() {
	case UnitDay:
		return p.Start.String()
	case UnitWeek:
		year, week := p.Start.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case UnitMonth:
		return p.Start.String()[:7]
	case UnitQuarter:
		return fmt.Sprintf("%04dQ%d", p.Start.Year(), (p.Start.Month()-1)/3+1)
	case UnitYear:
		return strconv.Itoa(p.Start.Year())
	}
	if p.Start.Day() == 1 && (p.End+1).Day() == 1 {
		return p.Start.String()[:7] + "/" + p.End.String()[:7]
	}
	return p.Start.String() + "/" + p.End.String()
}

// maxPeriod bounds a period: a value about more than ten years is a slip of the pen.
const maxPeriod = 3660

// periodForms are the ways to write one period, and how the numbers in them are read.
var periodForms = []struct {
	form *regexp.Regexp
	read func(n []int) (Period, bool)
}{
	{regexp.MustCompile(`^(\d{4})$`), func(n []int) (Period, bool) { return unitPeriod(UnitYear, n[0], 1, 1) }},
	{regexp.MustCompile(`^(\d{4})[-/]?[qk](\d)$`), func(n []int) (Period, bool) { return quarter(n[0], n[1]) }},
	{regexp.MustCompile(`^[qk](\d)[-/]?(\d{4})$`), func(n []int) (Period, bool) { return quarter(n[1], n[0]) }},
	{regexp.MustCompile(`^(\d{4})-?w(\d{1,2})$`), func(n []int) (Period, bool) { return week(n[0], n[1]) }},
	{regexp.MustCompile(`^(?:viikko|vko|vecka|week|vk|v|w)(\d{1,2})/(\d{4})$`), func(n []int) (Period, bool) { return week(n[1], n[0]) }},
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})$`), func(n []int) (Period, bool) { return unitPeriod(UnitMonth, n[0], n[1], 1) }},
	{regexp.MustCompile(`^(\d{1,2})[/.](\d{4})$`), func(n []int) (Period, bool) { return unitPeriod(UnitMonth, n[1], n[0], 1) }},
	{regexp.MustCompile(`^(\d{1,2})-(\d{1,2})/(\d{4})$`), func(n []int) (Period, bool) { // 1–6/2025
		from, ok := unitPeriod(UnitMonth, n[2], n[0], 1)
		to, also := unitPeriod(UnitMonth, n[2], n[1], 1)
		return Period{from.Start, to.End}, ok && also
	}},
	{regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`), func(n []int) (Period, bool) { return unitPeriod(UnitDay, n[0], n[1], n[2]) }},
	{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})$`), func(n []int) (Period, bool) { return unitPeriod(UnitDay, n[2], n[1], n[0]) }},
	{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.-(\d{1,2})\.(\d{1,2})\.(\d{4})$`), func(n []int) (Period, bool) { // 1.1.–31.5.2025
		from, ok := unitPeriod(UnitDay, n[4], n[1], n[0])
		to, also := unitPeriod(UnitDay, n[4], n[3], n[2])
		return Period{from.Start, to.End}, ok && also
	}},
	{regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4})-(\d{1,2})\.(\d{1,2})\.(\d{4})$`), func(n []int) (Period, bool) {
		from, ok := unitPeriod(UnitDay, n[2], n[1], n[0])
		to, also := unitPeriod(UnitDay, n[5], n[4], n[3])
		return Period{from.Start, to.End}, ok && also
	}},
}

func unitPeriod(u PeriodUnit, year, month, day int) (Period, bool) {
	d, ok := ValidDate(year, month, day)
	return PeriodOf(u, d), ok
}

func quarter(year, q int) (Period, bool) { return unitPeriod(UnitQuarter, year, 3*q-2, 1) }

func week(year, w int) (Period, bool) {
	jan4, ok := ValidDate(year, 1, 4) // is always in week 1
	p := PeriodOf(UnitWeek, jan4+Date(7*(w-1)))
	y, got := p.Start.ISOWeek()
	return p, ok && y == year && got == w
}

var dashes = strings.NewReplacer("–", "-", "—", "-", "\u2010", "-", "\u2011", "-", "\u2212", "-", " ", "", "\u00a0", "", "\u202f", "")

// ParsePeriod reads a period: those forms that String writes, and those that people write besides, 6/2025, Q2/2025,
// vko 6/2026, 31.12.2025, 1–6/2025, 1.1.–31.5.2025. A span is two of them parted by a slash, 2025-01/2025-06. The error is
// of kind Invalid.
func ParsePeriod(s string) (Period, error) {
	bad := Invalid("period", "invalid.period", "value", cut(s))
	if len(s) > 100 {
		return Period{}, bad
	}
	text := strings.ToLower(dashes.Replace(strings.TrimSpace(s)))
	p, ok := parsePeriod(text)
	if !ok {
		// A form with a slash of its own has been tried already.
		for i := range len(text) {
			if text[i] != '/' {
				continue
			}
			from, first := parsePeriod(text[:i])
			to, last := parsePeriod(text[i+1:])
			if first && last {
				p, ok = Period{from.Start, to.End}, true
				break
			}
		}
	}
	switch {
	case !ok:
		return Period{}, bad
	case p.End < p.Start:
		return Period{}, Invalid("period", "invalid.period_backwards", "value", cut(s))
	case p.Days() > maxPeriod:
		return Period{}, Invalid("period", "invalid.period_long", "value", cut(s))
	}
	return p, nil
}

func parsePeriod(text string) (Period, bool) {
	for _, f := range periodForms {
		m := f.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		n := make([]int, len(m)-1)
		for i, digits := range m[1:] {
			n[i], _ = strconv.Atoi(digits) // four digits at most
		}
		return f.read(n)
	}
	return Period{}, false
}

// cut keeps what somebody typed to a length that fits in a sentence.
func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
