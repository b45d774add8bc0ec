package store

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// maxOccurrences bounds a series: daily for three years. A rule that yields more is a mistake.
const maxOccurrences = 1100

var everyWeeks = regexp.MustCompile(`^(?:joka|var|every) (\d{1,2})[.:]?(?:e|a|nd|rd|th)? (?:viikko|vecka|weeks?)$`)

// ParseRecurrence reads how an entry repeats and returns the canonical RRULE: an RFC 5545 RRULE (with or without the
// "RRULE:" prefix), or words: viikoittain, joka 2. viikko, kuukausittain, neljännesvuosittain, vuosittain, and the
// same in Swedish and English. An empty string is no recurrence. The error is of kind Invalid, field "repeat".
func ParseRecurrence(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "", nil
	}
	switch key := Key(s); key {
	case "päivittäin", "dagligen", "daily":
		return "FREQ=DAILY", nil
	case "viikoittain", "viikottain", "joka viikko", "kerran viikossa", "varje vecka", "veckovis", "weekly", "every week":
		return "FREQ=WEEKLY", nil
	case "joka toinen viikko", "varannan vecka", "every other week":
		return "FREQ=WEEKLY;INTERVAL=2", nil
	case "kuukausittain", "joka kuukausi", "kerran kuussa", "månatligen", "varje månad", "månadsvis", "monthly", "every month":
		return "FREQ=MONTHLY", nil
	case "neljännesvuosittain", "kvartalsvis", "quarterly":
		return "FREQ=MONTHLY;INTERVAL=3", nil
	case "vuosittain", "joka vuosi", "kerran vuodessa", "årligen", "varje år", "yearly", "annually", "every year":
		return "FREQ=YEARLY", nil
	default:
		if m := everyWeeks.FindStringSubmatch(key); m != nil {
			n, _ := strconv.Atoi(m[1])
			switch {
			case n == 1:
				return "FREQ=WEEKLY", nil
			case n > 1 && n <= 52:
				return "FREQ=WEEKLY;INTERVAL=" + strconv.Itoa(n), nil
			}
			return "", Invalid("repeat", "invalid.repeat", "value", clip(s))
		}
	}
	rule := strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	rule = strings.TrimSuffix(strings.TrimPrefix(rule, "RRULE:"), ";")
	if len(rule) > 200 || !strings.Contains(rule, "FREQ=") {
		return "", Invalid("repeat", "invalid.repeat", "value", clip(s))
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(rule, ";") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || value == "" || seen[name] {
			return "", Invalid("repeat", "invalid.repeat", "value", clip(s))
		}
		seen[name] = true
		switch name {
		case "FREQ":
			if !slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value) {
				return "", Invalid("repeat", "invalid.repeat_freq", "value", clip(value))
			}
		case "INTERVAL", "COUNT":
			if n, err := strconv.ParseUint(value, 10, 16); err != nil || n < 1 || n > 1000 {
				return "", Invalid("repeat", "invalid.repeat", "value", clip(s))
			}
		case "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY", "WKST":
		default:
			// BYHOUR and finer make no sense for days, and DTSTART or TZID would contradict the entry's own start.
			return "", Invalid("repeat", "invalid.repeat_part", "value", clip(name))
		}
	}
	opt, err := rrule.StrToROption(rule)
	if err == nil {
		err = possible(opt, seen["UNTIL"])
	}
	if err == nil {
		_, err = rrule.NewRRule(*opt) // knows what the numbers may be
	}
	if err != nil {
		e := Invalid("repeat", "invalid.repeat", "value", clip(s))
		e.Err = err
		return "", e
	}
	return rule, nil
}

// possible refuses rules that RFC 5545 forbids, on some of which the rule engine panics, and the plainest of those that never
// occur. Days are counted within a month or a year: a month has no sixth Monday.
func possible(opt *rrule.ROption, ends bool) error {
	most := 5
	if opt.Freq == rrule.YEARLY && len(opt.Bymonth) == 0 {
		most = 53
	}
	for _, day := range opt.Byweekday {
		switch n := max(day.N(), -day.N()); {
		case n > 0 && (opt.Freq != rrule.YEARLY && opt.Freq != rrule.MONTHLY || len(opt.Byweekno) > 0):
			return errors.New("a number in BYDAY goes with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO, only")
		case n > most:
			return fmt.Errorf("a number in BYDAY is at most %d here", most)
		}
	}
	switch {
	case ends && (opt.Until.Year() < 1900 || opt.Until.Year() > 2199):
		return errors.New("UNTIL is outside the years 1900–2199")
	case opt.Wkst.N() != 0:
		return errors.New("WKST takes no number")
	case opt.Freq != rrule.YEARLY && (len(opt.Byweekno) > 0 || len(opt.Byyearday) > 0):
		return errors.New("BYWEEKNO and BYYEARDAY go with FREQ=YEARLY only")
	case opt.Freq == rrule.DAILY && len(opt.Bysetpos) > 0:
		return errors.New("BYSETPOS does not go with FREQ=DAILY")
	case len(opt.Bymonth) == 0 || len(opt.Bymonthday) == 0:
		return nil
	}
	for _, m := range opt.Bymonth {
		length := int(NewDate(2024, time.Month(m)+1, 1) - NewDate(2024, time.Month(m), 1)) // of a leap year
		for _, d := range opt.Bymonthday {
			if max(d, -d) <= length {
				return nil
			}
		}
	}
	return errors.New("none of the months has such a day")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// lastDay returns the last day on which an occurrence of the series may begin.
func (e *Entry) lastDay() Date {
	if e.End != 0 {
		return e.End
	}
	return NewDate(max(e.Clock.Year, e.Start.Year()), time.December, 31)
}

// engineShift is how far ahead of the real days the rule engine works. It ends its search at an occurrence after the last
// day or, where the rule has none, with the year 9999: eight thousand years take it a quarter of a second. The calendar
// repeats itself, weekdays too, every 400 years, and from the last years that a plan can be of, 7,600 years later, it has
// at most a few centuries to go.
const engineShift Date = 19 * 146097

// seriesDates returns the first days of the occurrences of a recurring entry. more is true when the rule would yield
// over maxOccurrences.
func (e *Entry) seriesDates() (dates []Date, more bool, err error) {
	last := e.lastDay()
	if step, months := plainRule(e.Repeat); step > 0 {
		return plainDates(e.Start, last, step, months)
	}
	opt, err := rrule.StrToROption(monthEnds(e.Repeat, e.Start))
	if err != nil {
		return nil, false, err
	}
	if !opt.Until.IsZero() {
		last = min(last, DateOf(opt.Until)) // a date-only or zoned UNTIL means that day as a whole
	}
	opt.Dtstart, opt.Until = (e.Start + engineShift).utc(), (last + engineShift).utc()
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return nil, false, err
	}
	next := rule.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if len(dates) == maxOccurrences {
			return dates, true, nil
		}
		dates = append(dates, DateOf(t)-engineShift)
	}
	return dates, false, nil
}

// plainRule recognises the rules that most series of a year clock have, FREQ with at most an INTERVAL, whose dates need
// no rule engine: thousands of entries are expanded at once. Monthly and yearly rules give their step in months.
func plainRule(rule string) (step int, months bool) {
	freq, interval := "", 1
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "FREQ":
			freq = value
		case "INTERVAL":
			interval, _ = strconv.Atoi(value)
		default:
			return 0, false
		}
	}
	switch freq {
	case "DAILY":
		return interval, false
	case "WEEKLY":
		return 7 * interval, false
	case "MONTHLY":
		return interval, true
	case "YEARLY":
		return 12 * interval, true
	}
	return 0, false
}

// plainDates expands a plain rule. In a month too short for the start's day, the last day of that month is meant: a
// digest "monthly from the 31st" is due in February too.
func plainDates(start, last Date, step int, months bool) (dates []Date, more bool, err error) {
	year, month, day := start.utc().Date()
	for i := 0; ; i++ {
		d := start + Date(i*step)
		if months {
			first := NewDate(year, month+time.Month(i*step), 1)
			length := int(NewDate(first.Year(), first.Month()+1, 1) - first)
			d = first + Date(min(day, length)-1)
		}
		if d > last {
			return dates, false, nil
		}
		if len(dates) == maxOccurrences {
			return dates, true, nil
		}
		dates = append(dates, d)
	}
}

// monthEnds gives a monthly or yearly rule with COUNT or UNTIL the same reading as plainDates: RFC 5545 would skip the
// months that are too short.
func monthEnds(rule string, start Date) string {
	if start.Day() < 29 {
		return rule
	}
	for _, by := range []string{"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"} {
		if strings.Contains(rule, by+"=") {
			return rule
		}
	}
	var days []string
	for d := 28; d <= start.Day(); d++ {
		days = append(days, strconv.Itoa(d))
	}
	last := ";BYMONTHDAY=" + strings.Join(days, ",") + ";BYSETPOS=-1"
	switch {
	case strings.Contains(rule, "FREQ=MONTHLY"):
		return rule + last
	case strings.Contains(rule, "FREQ=YEARLY"):
		return rule + ";BYMONTH=" + strconv.Itoa(int(start.Month())) + last
	}
	return rule
}

var (
	weekdayList = regexp.MustCompile(`^(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*$`)
	oneOrdinal  = regexp.MustCompile(`^(?:[1-5]|-1)(?:MO|TU|WE|TH|FR|SA|SU)$`)
)

// CalendarRule returns the first day of a series, and an RRULE that yields exactly the days of the series from it, of the
// kind that calendar programs agree on. ok is false for a series whose days must be listed one by one: RFC 5545 reads the
// end of short months otherwise than we do, and calendars differ in the rarer parts.
func (e *Entry) CalendarRule() (first Date, rule string, ok bool) {
	dates, _, err := e.seriesDates()
	if err != nil || len(dates) == 0 {
		return 0, "", false
	}
	freq, days := "", ""
	var parts []string
	for part := range strings.SplitSeq(e.Repeat, ";") {
		switch name, value, _ := strings.Cut(part, "="); name {
		case "FREQ":
			freq = value
		case "BYDAY":
			days = value
		case "INTERVAL", "WKST":
		case "COUNT", "UNTIL":
			continue // the last day stands for them
		default:
			return 0, "", false
		}
		parts = append(parts, part)
	}
	switch {
	case days == "":
		ok = freq == "DAILY" || freq == "WEEKLY" || e.Start.Day() < 29
	case freq == "WEEKLY":
		ok = weekdayList.MatchString(days)
	case freq == "MONTHLY":
		ok = oneOrdinal.MatchString(days)
	}
	return dates[0], strings.Join(parts, ";") + ";UNTIL=" + strings.ReplaceAll(dates[len(dates)-1].String(), "-", ""), ok
}

// checkSeries refuses a rule that never occurs or occurs without end.
func (e *Entry) checkSeries() error {
	dates, more, err := e.seriesDates()
	switch {
	case err != nil:
		inv := Invalid("repeat", "invalid.repeat", "value", clip(e.Repeat))
		inv.Err = err
		return inv
	case more:
		return Invalid("repeat", "invalid.repeat_many", "max", maxOccurrences)
	case len(dates) == 0:
		return Invalid("repeat", "invalid.repeat_none")
	}
	return nil
}
