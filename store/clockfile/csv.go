package clockfile

import (
	"slices"
	"strconv"
	"strings"
)

// readCSV reads a CSV with the separator that gives the best header: semicolon, comma or tab, or the one that a first
// line "sep=;" names.
func readCSV(name string, data []byte) (sheet, *header, error) {
	text, err := decode(name, data)
	if err != nil {
		return sheet{}, nil, err
	}
	if head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 200)])); strings.HasPrefix(head, "<") ||
		strings.HasPrefix(head, "%pdf") || strings.HasPrefix(head, "{\\rtf") {
		return sheet{}, nil, fileError(name, "import.file.not_table")
	}
	if strings.Trim(text, ";,\t\r\n\" ") == "" {
		return sheet{}, nil, fileError(name, "import.file.empty")
	}
	separators := ";,\t"
	if rest, ok := cutPrefixFold(text, "sep="); ok && len(rest) > 1 && strings.Contains("\r\n", rest[1:2]) {
		// Excel takes this line away, so it has no row number.
		separators = rest[:1]
		text = strings.TrimPrefix(strings.TrimPrefix(rest[1:], "\r"), "\n")
	}
	var best *header
	comma := separators[0]
	columns := 0
	for i := range len(separators) {
		// A mistake further on says nothing about the separator; the whole text is parsed below, where it counts.
		top, _ := parseCSV(name, text, separators[i], headerRows)
		h := findHeader(top)
		width := 0
		for _, l := range top {
			width = max(width, len(l.cells))
		}
		if best.score() < h.score() || best == nil && h == nil && width > columns {
			best, comma, columns = h, separators[i], width
		}
	}
	lines, err := parseCSV(name, text, comma, 0)
	if err != nil {
		return sheet{}, nil, err
	}
	return sheet{lines: lines}, best, nil
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// parseCSV splits the text into rows the way Excel does, so that row numbers are those that a person sees: an empty
// line is a row, and a line end within quotes is not. limit is the last row to read, 0 for all. With an error come the
// rows up to it.
func parseCSV(name, text string, comma byte, limit int) ([]line, error) {
	var lines []line
	var row []cell // of the line at hand
	cells := 0
	for n := 1; text != "" && (limit == 0 || n <= limit); n++ {
		row = row[:0]
		content := 0
		for end := false; !end; {
			var field string
			var closed bool
			field, text, end, closed = csvField(text, comma)
			if !closed {
				return lines, fileError(name, "import.file.quote", "line", strconv.Itoa(n))
			}
			c := cell{}
			if field = clean(field); field != "" {
				c = cell{kind: cellText, text: field}
				content = len(row) + 1
			}
			if content > MaxColumns {
				return append(lines, line{n: n, cells: row}), fileError(name, "import.file.too_many_columns", "max", MaxColumns)
			}
			if len(row) < MaxColumns {
				row = append(row, c)
			}
		}
		if content > 0 {
			lines = append(lines, line{n: n, cells: slices.Clone(row[:content])})
			cells += content
		}
		if len(lines) > MaxRows || cells > maxCells {
			return lines, fileError(name, "import.file.too_many_rows", "max", MaxRows)
		}
	}
	return lines, nil
}

// csvField takes the first field off text. end is true for the last field of a row; closed is false when a quote has
// no end.
func csvField(text string, comma byte) (field, rest string, end, closed bool) {
	var quoted strings.Builder
	inQuotes := strings.HasPrefix(text, `"`)
	if inQuotes {
		text = text[1:]
		for {
			i := strings.IndexByte(text, '"')
			if i < 0 {
				return "", "", true, false
			}
			quoted.WriteString(text[:i])
			text = text[i+1:]
			if !strings.HasPrefix(text, `"`) {
				break
			}
			quoted.WriteByte('"')
			text = text[1:]
		}
	}
	// The rest of the field is literal, also after a closing quote and also with quotes in it (a 5" screen).
	i := 0
	for i < len(text) && text[i] != comma && text[i] != '\n' && text[i] != '\r' {
		i++
	}
	field, rest = text[:i], text[i:]
	if inQuotes {
		field = quoted.String() + field
	}
	switch {
	case rest == "":
		return field, "", true, true
	case rest[0] == comma:
		// A separator at the very end of the text is followed by one empty field, which ends the row.
		return field, rest[1:], false, true
	case strings.HasPrefix(rest, "\r\n"):
		return field, rest[2:], true, true
	}
	return field, rest[1:], true, true
}
