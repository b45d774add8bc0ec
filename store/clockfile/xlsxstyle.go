package clockfile

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// dateFormat is what a number format makes of a number.
type dateFormat uint8

const (
	notDate    dateFormat = iota
	showsDay              // a date, or a date and a time
	showsMonth            // a month, without its day
	showsTime             // a time of day or a duration: no date
)

// styles reads which cell styles show a number as a date.
func (w *workbook) styles(part string) error {
	custom := map[int]string{}
	inCellXfs := false
	return w.each(part, func(_ *partReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				custom[id] = attr(e, "formatCode")
			}
		case "cellXfs":
			inCellXfs = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCellXfs = false
		case "xf":
			if inCellXfs {
				id, _ := strconv.Atoi(attr(e, "numFmtId")) // absent is 0, the general format
				w.dates = append(w.dates, formatKind(id, custom[id]))
			}
		}
		return nil
	})
}

// formatKind classes a number format. The built-in ones have numbers, of which 14–22 and 45–47 are dates and times
// everywhere, and 27–36 and 50–58 dates in East Asian versions.
func formatKind(id int, code string) dateFormat {
	if code == "" {
		switch {
		case id == 17:
			return showsMonth
		case id >= 14 && id <= 16, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
			return showsDay
		case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
			return showsTime
		}
		return notDate
	}
	return formatCodeKind(code)
}

// formatCodeKind reads a format code such as [$-40B]d\.m\.yyyy;@, which a file has in its English form whatever the
// language. Only its first section counts, without literals.
func formatCodeKind(code string) dateFormat {
	var day, month, year, hour, second, number bool
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			i = len(code)
		case code[i] == '"':
			if end := strings.IndexByte(code[i+1:], '"'); end >= 0 {
				i += end + 1
			} else {
				i = len(code)
			}
		case code[i] == '\\', code[i] == '_', code[i] == '*':
			i++
		case code[i] == '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return notDate
			}
			// [h] is hours as a duration; the others are colours, conditions and locales.
			if in := strings.ToLower(code[i+1 : i+end]); in != "" && strings.Trim(in, "h") == "" {
				hour = true
			}
			i += end
		case c == 'd':
			day = true
		case c == 'm':
			month = true
		case c == 'y':
			year = true
		case c == 'h':
			hour = true
		case c == 's':
			second = true
		case code[i] == '0', code[i] == '#', code[i] == '?', code[i] == '@':
			number = true
		}
	}
	switch {
	case day && !number:
		return showsDay
	case hour || second:
		return showsTime
	case (month || year) && !number:
		if year && !month {
			return notDate // a bare year is no day of a plan
		}
		return showsMonth
	}
	return notDate
}
