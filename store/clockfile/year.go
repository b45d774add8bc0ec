package clockfile

import (
	"regexp"
	"strconv"
)

var (
	// writtenDates are dates within a text, whose years say when it was written and not what it is about.
	writtenDates = regexp.MustCompile(`\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}|\d{1,2}\.\d{4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{2,4}`)
	yearNumber   = regexp.MustCompile(`\d+(?:\s?[-–—/]\s?\d+)?`)
	// statusWords are in texts that tell about the file and not about the plan.
	statusWords = regexp.MustCompile(`(?i)päivit|muokat|tallenn|hyväksyt|laadit|versio|tulost|uppdater|ändrad|godkän|sparad|updat|modif|approv|saved|print`)
	planWords   = regexp.MustCompile(`(?i)kello|klocka|clock|suunnitelma|plan|kalenter|kalender|calendar|viestin|kommunikation|communication`)
)

// yearIn returns the one year that a text names, 0 when it names none or several ("2025–2026").
func yearIn(s string) int {
	found := 0
	for _, m := range yearNumber.FindAllString(writtenDates.ReplaceAllString(s, " "), -1) {
		n, err := strconv.Atoi(m)
		if err != nil {
			// Two numbers joined: a year and another, such as 2025–26 and 2026-01, or neither.
			if y, err := strconv.Atoi(m[:min(4, len(m))]); err == nil && y >= 2000 && y < 2100 {
				return 0
			}
			continue
		}
		if len(m) != 4 || n < 2000 || n >= 2100 {
			continue
		}
		if found != 0 && found != n {
			return 0
		}
		found = n
	}
	return found
}

// yearOfTitle returns the year that the rows above a header name, and the text that names it. Where the texts name
// several, those count that speak of the plan.
func yearOfTitle(cells []cell) (year int, text string) {
	for _, onlyPlan := range []bool{true, false} {
		year, text = 0, ""
		clash := false
		for _, c := range cells {
			if c.inherited || c.kind != cellText && c.kind != cellNumber || len(c.text) > 300 {
				continue
			}
			s := c.String()
			if statusWords.MatchString(s) || onlyPlan && !planWords.MatchString(s) {
				continue
			}
			if y := yearIn(s); y != 0 {
				clash = clash || year != 0 && year != y
				year, text = y, s
			}
		}
		if year != 0 && !clash {
			return year, text
		}
		if clash {
			return 0, ""
		}
	}
	return 0, ""
}
