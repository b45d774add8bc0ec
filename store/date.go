// Package store holds the records of the year clock and their rules, one file per noun, and beside each its SQL.
//
// A rule is a pure function of records. What is stored is read and written by methods of Tx, within DB.Read and DB.Write;
// they do what their comments say or fail, and the caller's transaction then changes nothing. Times are stored as UTC Unix
// milliseconds and dates as ISO 8601 text. The schema is in migrations; it says of each column of personal data what it
// holds, why and for how long.
package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a calendar day without a time or a zone, counted in days from 0001-01-01 (day 1) in the Gregorian calendar.
// The zero Date means "no date". Dates compare with < and ==, and subtract to a number of days.
type Date int32

// unixDay is the Date of 1970-01-01.
const unixDay = 719163

// NewDate returns the given day. Values outside their range are normalised as by [time.Date]; use [ParseDate] or
// [ValidDate] for input from people.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixDay)
}

// ValidDate is NewDate for input: it reports false for a day that does not exist, such as 31.2., and for years
// outside 1900–2199, which in a plan are always a slip of the pen.
func ValidDate(year, month, day int) (Date, bool) {
	if year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	d := NewDate(year, time.Month(month), day)
	return d, d.Day() == day
}

// ParseDate reads an ISO 8601 date such as 2026-03-01. An empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("date %q is not of the form 2026-03-01", s)
	}
	d, ok := ValidDate(t.Year(), int(t.Month()), t.Day())
	if !ok {
		return 0, fmt.Errorf("date %q is outside the years 1900–2199", s)
	}
	return d, nil
}

// DateOf returns the calendar day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return NewDate(y, m, d)
}

func (d Date) utc() time.Time { return time.Unix(int64(d-unixDay)*86400, 0).UTC() }

// Year returns the calendar year.
func (d Date) Year() int { return d.utc().Year() }

// Month returns the month.
func (d Date) Month() time.Month { return d.utc().Month() }

// Day returns the day of the month, 1–31.
func (d Date) Day() int { return d.utc().Day() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday((int64(d)%7 + 7) % 7) }

// ISOWeek returns the ISO 8601 week and the year it belongs to.
func (d Date) ISOWeek() (year, week int) { return d.utc().ISOWeek() }

// In returns the instant of the given wall clock time on this day in loc. In a spring gap (03:00–04:00 in Finland) the
// time moves forward by the gap; an ambiguous autumn time is the first of the two, as [time.Date] decides.
func (d Date) In(loc *time.Location, clock TimeOfDay) time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, int(clock)/60, int(clock)%60, 0, 0, loc)
}

// String returns the ISO 8601 form, or "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText gives the ISO 8601 form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO 8601 form.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// Value stores the ISO 8601 form, and NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("a date column holds %T", src)
	}
}

// TimeOfDay is a wall clock time in minutes after midnight, 0–1439.
type TimeOfDay int

// ParseTimeOfDay reads 14:00 or 14.00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	for _, layout := range []string{"15:04", "15.04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return TimeOfDay(t.Hour()*60 + t.Minute()), nil
		}
	}
	return 0, fmt.Errorf("time %q is not of the form 14:00 or 14.00", s)
}

// String returns the form 08:30.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }
