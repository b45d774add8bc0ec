package store

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2/fi"
)

// Working hours during which something that is due at once goes out at once; on working days.
const (
	workStart TimeOfDay = 8 * 60
	workEnd   TimeOfDay = 16 * 60
)

// holidays of the years asked for so far. They are a pure function of the year, so one cache serves the process.
var holidays sync.Map // int (year) -> map[Date]string

// Holiday returns the Finnish name of the public holiday on d, or "". Midsummer Eve and Christmas Eve count: nobody
// who must act is at work.
func Holiday(d Date) string {
	year := d.Year()
	if m, ok := holidays.Load(year); ok {
		return m.(map[Date]string)[d]
	}
	m := make(map[Date]string, len(fi.Holidays))
	for _, h := range fi.Holidays {
		if actual, _ := h.Calc(year); !actual.IsZero() {
			m[DateOf(actual)] = h.Name
		}
	}
	holidays.Store(year, m)
	return m[d]
}

// IsWorkday reports whether d is neither a Saturday, a Sunday nor a Finnish public holiday.
func IsWorkday(d Date) bool {
	wd := d.Weekday()
	return wd != time.Saturday && wd != time.Sunday && Holiday(d) == ""
}

// WorkdayOnOrBefore returns d, or the last working day before it.
func WorkdayOnOrBefore(d Date) Date {
	for !IsWorkday(d) {
		d--
	}
	return d
}

// WorkdayOnOrAfter returns d, or the first working day after it.
func WorkdayOnOrAfter(d Date) Date {
	for !IsWorkday(d) {
		d++
	}
	return d
}

// Calendar is the wall clock that the plan is kept by.
type Calendar struct {
	Location *time.Location // of the organisation, Europe/Helsinki unless set
	PostTime TimeOfDay      // when daily reminders go out
}

// PostAt returns the post time on d.
func (c Calendar) PostAt(d Date) time.Time { return d.In(c.Location, c.PostTime) }

// Today returns the day of now in the calendar's location.
func (c Calendar) Today(now time.Time) Date { return DateOf(now.In(c.Location)) }

// AtOnceOrNext returns now within working hours (working days 8–16), else the next post time on a working day.
func (c Calendar) AtOnceOrNext(now time.Time) time.Time {
	local := now.In(c.Location)
	today := DateOf(local)
	clock := TimeOfDay(local.Hour()*60 + local.Minute())
	if IsWorkday(today) && clock >= workStart && clock < workEnd {
		return now
	}
	next := WorkdayOnOrAfter(today)
	if !c.PostAt(next).After(now) {
		next = WorkdayOnOrAfter(next + 1)
	}
	return c.PostAt(next)
}

// LastPostDay returns the latest day whose post time is not after now.
func (c Calendar) LastPostDay(now time.Time) Date {
	today := c.Today(now)
	if c.PostAt(today).After(now) {
		return today - 1
	}
	return today
}
