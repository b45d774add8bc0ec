package cards

import (
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Number writes a whole number with a narrow no-break space between thousands: 12 400.
func (l Lang) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "\u2212", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// Date writes a day as people say it: "ma 16.3.", and with the year when it is another than today's.
func (l Lang) Date(d, today store.Date) string {
	s := l.weekday(d) + " " + l.dayMonth(d)
	if d.Year() != today.Year() {
		s += l.yearSuffix(d.Year())
	}
	return s
}

// DateIn adds how far it is: "ma 16.3. (14 päivän päästä)".
func (l Lang) DateIn(d, today store.Date) string {
	return l.Date(d, today) + " (" + l.Relative(d, today) + ")"
}

// FullDate writes a day with its year and without the weekday: "16.3.2026".
func (l Lang) FullDate(d store.Date) string {
	if d == 0 {
		return ""
	}
	return l.dayMonth(d) + l.yearSuffix(d.Year())
}

// Relative says how far a day is: "tänään", "14 päivän päästä", "3 päivää sitten".
func (l Lang) Relative(d, today store.Date) string {
	switch n := int(d - today); {
	case n == 0:
		return l.T("date.today")
	case n == 1:
		return l.T("date.tomorrow")
	case n == -1:
		return l.T("date.yesterday")
	case n > 1:
		return l.T("date.in_days", "n", n)
	default:
		return l.T("date.days_ago", "n", -n)
	}
}

// Range writes a first and a last day: "1.–15.3.", "12.1.–27.2.". One day is written as Date writes it.
func (l Lang) Range(from, to, today store.Date) string {
	if to <= from {
		return l.Date(from, today)
	}
	year := ""
	if from.Year() != to.Year() || to.Year() != today.Year() {
		year = l.yearSuffix(to.Year())
	}
	switch {
	case from.Year() != to.Year():
		return l.FullDate(from) + "–" + l.dayMonth(to) + year
	case from.Month() == to.Month() && l != Finnish:
		return strconv.Itoa(from.Day()) + "–" + l.dayMonth(to) + year
	case from.Month() == to.Month():
		return strconv.Itoa(from.Day()) + ".–" + l.dayMonth(to) + year
	default:
		return l.dayMonth(from) + "–" + l.dayMonth(to) + year
	}
}

// RangeIn adds how far it is, or that it is going on: "12.1.–27.2. (käynnissä)".
func (l Lang) RangeIn(from, to, today store.Date) string {
	if to <= from {
		return l.DateIn(from, today)
	}
	s := l.Range(from, to, today)
	switch {
	case from < today && to >= today:
		return s + " (" + l.T("date.running") + ")"
	case to < today:
		return s + " (" + l.T("date.ended", "when", l.Relative(to, today)) + ")"
	default:
		return s + " (" + l.Relative(from, today) + ")"
	}
}

// Time writes a time of day: "14.00", in English "14:00".
func (l Lang) Time(t store.TimeOfDay) string {
	if l == English {
		return t.String()
	}
	return strings.Replace(t.String(), ":", ".", 1)
}

// DateTime writes an instant in its own location: "ma 16.3. klo 14.00".
func (l Lang) DateTime(t time.Time, today store.Date) string {
	return l.T("date.at", "date", l.Date(store.DateOf(t), today), "time", l.Time(store.TimeOfDay(t.Hour()*60+t.Minute())))
}

// MonthYear writes a month: "maaliskuu 2026".
func (l Lang) MonthYear(year int, month time.Month) string {
	return l.Month(month) + " " + strconv.Itoa(year)
}

// Month returns a month's name: "maaliskuu".
func (l Lang) Month(month time.Month) string { return l.Word("month." + strconv.Itoa(int(month))) }

func (l Lang) weekday(d store.Date) string { return l.T("weekday." + strconv.Itoa(int(d.Weekday()))) }

func (l Lang) dayMonth(d store.Date) string {
	day := strconv.Itoa(d.Day())
	switch l {
	case English:
		return day + " " + l.Month(d.Month())[:3]
	case Swedish:
		return day + "." + strconv.Itoa(int(d.Month()))
	default:
		return day + "." + strconv.Itoa(int(d.Month())) + "."
	}
}

func (l Lang) yearSuffix(year int) string {
	switch l {
	case English:
		return " " + strconv.Itoa(year)
	case Swedish:
		return "." + strconv.Itoa(year)
	default:
		return strconv.Itoa(year)
	}
}

// holidayKey turns the Finnish name of a holiday, which is how the store knows it, into a key of the catalogue.
var holidayKey = strings.NewReplacer("ä", "a", "ö", "o", " ", "_")

// Holiday returns what a public holiday is called; name is the store's.
func (l Lang) Holiday(name string) string {
	key := "holiday." + holidayKey.Replace(strings.ToLower(name))
	if own := l.T(key); own != key {
		return own
	}
	return name
}

// holiday marks a day that is a public holiday: " · pyhäpäivä: vappu". name is the store's, "" for an ordinary day.
func (l Lang) holiday(name string) string {
	if name == "" {
		return ""
	}
	return " · " + l.T("date.holiday", "name", l.Holiday(name))
}
