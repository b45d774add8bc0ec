package cards

import (
	"math"
	"strconv"
	"strings"

	"vuosikello/store"
)

// Amount writes a measure's number: 12 400,5.
func (l Lang) Amount(a store.Amount) string {
	s := a.String()
	sign := ""
	if s[0] == '-' {
		sign, s = "\u2212", s[1:]
	}
	whole, decimals, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return sign + s // an int holds every amount
	}
	if s = sign + l.Number(n); decimals == "" {
		return s
	}
	if l == English {
		return s + "." + decimals
	}
	return s + "," + decimals
}

// Quantity writes a number with its unit, "" for none: 12 400 kpl.
func (l Lang) Quantity(a store.Amount, unit string) string {
	if unit == "" {
		return l.Amount(a)
	}
	return l.Amount(a) + "\u00a0" + clip(unit, store.MaxUnit)
}

// signed writes a change: +12, −3, ±0.
func (l Lang) signed(a store.Amount) string {
	switch {
	case a > 0:
		return "+" + l.Amount(a)
	case a == 0:
		return "±0"
	}
	return l.Amount(a)
}

// percent writes a share of a whole, to a decimal below ten: 75 %, 3,2 %. It is "" where there is none.
func (l Lang) percent(part, whole store.Amount) string {
	if whole <= 0 {
		return ""
	}
	p := 100 * part.Float() / whole.Float()
	if math.Abs(p) >= 10 {
		p = math.Round(p)
	} else {
		p = math.Round(p*10) / 10
	}
	a, ok := store.AmountOf(p)
	if !ok {
		return ""
	}
	return l.Amount(a) + "\u00a0%"
}

// change writes how a number differs from an earlier one: "+35 000 (+87 %)", and of percentages "−3 prosenttiyksikköä".
func (l Lang) change(now, before store.Amount, unit string) string {
	d := now - before
	s := l.signed(d)
	if strings.HasPrefix(unit, "%") {
		return l.T("measure.points", "change", s)
	}
	if p := l.percent(d, before); p != "" && d != 0 {
		if d > 0 {
			p = "+" + p
		}
		s += " (" + p + ")"
	}
	return s
}

// Period writes a period as people say it: 2024, 2. neljännes 2025, kesäkuu 2025, tammi–kesäkuu 2025, viikko 6/2026,
// 31.12.2025, 15.1.–14.2.2026.
func (l Lang) Period(p store.Period) string {
	y, m := p.Start.Year(), p.Start.Month()
	year := strconv.Itoa(y)
	switch p.Unit() {
	case store.UnitDay:
		return l.FullDate(p.Start)
	case store.UnitWeek:
		y, week := p.Start.ISOWeek()
		return l.T("measure.week", "week", strconv.Itoa(week), "year", strconv.Itoa(y))
	case store.UnitMonth:
		return l.MonthYear(y, m)
	case store.UnitQuarter:
		return l.T("measure.quarter", "quarter", strconv.Itoa(int(m-1)/3+1), "year", year)
	case store.UnitYear:
		return year
	}
	if p.Start.Day() != 1 || (p.End+1).Day() != 1 {
		if y == p.End.Year() {
			return l.dayMonth(p.Start) + "–" + l.FullDate(p.End)
		}
		return l.FullDate(p.Start) + "–" + l.FullDate(p.End)
	}
	first, last := l.Month(m), l.MonthYear(p.End.Year(), p.End.Month())
	switch {
	case m == 1 && p.End.Month() == 12:
		return year + "–" + strconv.Itoa(p.End.Year())
	case y != p.End.Year():
		return first + " " + year + " – " + last
	case l == Finnish:
		return strings.TrimSuffix(first, "kuu") + "–" + last
	}
	return first + "–" + last
}

// shortPeriod is Period for the axis of a chart.
func (l Lang) shortPeriod(p store.Period) string {
	y, m := p.Start.Year(), int(p.Start.Month())
	year := strconv.Itoa(y)
	switch u := p.Unit(); {
	case u == store.UnitMonth:
		return strconv.Itoa(m) + "/" + year
	case u == store.UnitQuarter:
		return "Q" + strconv.Itoa((m-1)/3+1) + "/" + year
	case u == store.UnitSpan && p.Start.Day() == 1 && (p.End+1).Day() == 1 && y == p.End.Year():
		return strconv.Itoa(m) + "–" + strconv.Itoa(int(p.End.Month())) + "/" + year
	}
	return l.Period(p)
}
