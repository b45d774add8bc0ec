package clockfile

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"strings"

	"vuosikello/store"
)

// formulaStarts are what makes a spreadsheet take a text for a formula (OWASP, CSV Injection).
const formulaStarts = "=+-@\t\r\n"

// Neutralize puts a ' before a text that a spreadsheet would take for a formula. It is for text from people; numbers
// and dates that the program writes are not text. [Denaturalize] takes it away again, also from text that began so
// itself.
func Neutralize(s string) string {
	if formulaLike(s) {
		return "'" + s
	}
	return s
}

// Denaturalize undoes [Neutralize].
func Denaturalize(s string) string {
	if len(s) > 1 && s[0] == '\'' && formulaLike(s) {
		return s[1:]
	}
	return s
}

func formulaLike(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return rest != "" && strings.IndexByte(formulaStarts, rest[0]) >= 0
}

// WriteCSV writes a table as Excel opens it by a double click: UTF-8 with a byte order mark, lines ended by CR LF
// (RFC 4180), fields in quotes where they need them, line ends within a field as LF, which is what Excel has in cells.
// comma separates the fields: ';' where the decimal sign is a comma (Finland, Sweden), else ','.
func WriteCSV(w io.Writer, header []string, rows iter.Seq[[]string], comma rune) error {
	b := bufio.NewWriterSize(w, 32<<10)
	b.WriteString("\ufeff") // bufio keeps the first error for Flush
	writeRecord(b, header, comma)
	for row := range rows {
		writeRecord(b, row, comma)
	}
	return b.Flush()
}

func writeRecord(b *bufio.Writer, record []string, comma rune) {
	for i, field := range record {
		if i > 0 {
			b.WriteRune(comma)
		}
		quote := strings.ContainsAny(field, "\"\r\n;,\t") || strings.TrimSpace(field) != field || field == "" && len(record) == 1
		if !quote {
			b.WriteString(field)
			continue
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(field, `"`, `""`))
		b.WriteByte('"')
	}
	b.WriteString("\r\n")
}

// EntryHeader names the columns of EntryRecord. The last two follow those that the export promises: without the clock's
// year and the notes, reading the export back would lose them.
func EntryHeader() []string {
	return []string{"id", "clock", "title", "start", "end", "repeat", "campaign", "audience", "channels", "owner", "reminders", "materials", "approval", "goal", "state", "year", "notes"}
}

// EntryRecord writes an entry as [Read] reads it. Reminders that are none are a dash, since an empty cell means the
// usual ones.
func EntryRecord(e *store.Entry) []string {
	return []string{
		e.ID, Neutralize(e.Clock.Name), Neutralize(e.Title), e.Start.String(), e.End.String(), e.Repeat, Neutralize(e.Campaign),
		Neutralize(strings.Join(e.Audiences, ", ")), Neutralize(strings.Join(e.Channels, ", ")), Neutralize(e.Owner), formatLeads(e.Leads),
		e.Materials.String(), strconv.FormatBool(e.Approval), Neutralize(e.Goal), string(e.State), strconv.Itoa(e.Clock.Year), Neutralize(e.Notes),
	}
}

func formatLeads(leads []int) string {
	if len(leads) == 0 {
		return "-"
	}
	s := make([]string, len(leads))
	for i, n := range leads {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, ", ")
}
