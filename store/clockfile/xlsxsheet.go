package clockfile

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// merge is a merged range, both corners included; rows from 1, columns from 0.
type merge struct{ top, bottom, left, right int }

// worksheet reads the rows with content of a sheet, with merged cells filled in.
func (w *workbook) worksheet(part string) ([]line, error) {
	var lines []line
	var merges []merge
	row := 0
	err := w.each(part, func(d *partReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			row++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil {
				if n < row { // rows come in order
					return fileError(w.name, "import.file.damaged")
				}
				row = n
			}
			if row > 1<<20 { // the rows that a sheet has
				return fileError(w.name, "import.file.damaged")
			}
			cells, err := w.row(d)
			if err != nil {
				return err
			}
			if len(cells) > 0 {
				lines = append(lines, line{n: row, cells: cells})
				if w.rows++; w.rows > MaxRows {
					return fileError(w.name, "import.file.too_many_rows", "max", MaxRows)
				}
			}
		case "mergeCell":
			if m, ok := mergeRange(attr(e, "ref")); ok && len(merges) < MaxRows {
				merges = append(merges, m)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := w.fill(lines, merges); err != nil {
		return nil, err
	}
	return lines, nil
}

// row reads the cells of a row up to its end tag. Cells after the last one with content are left out.
func (w *workbook) row(d *partReader) ([]cell, error) {
	var cells []cell
	col := -1
	for {
		t, err := d.token()
		if err != nil {
			return nil, unexpected(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return cells, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			col++
			if c, _, ok := cellRef(attr(t, "r")); ok {
				col = c
			}
			c, err := w.cell(d, t)
			if err != nil {
				return nil, err
			}
			if c.kind == cellEmpty {
				continue
			}
			if col >= MaxColumns {
				return nil, fileError(w.name, "import.file.too_many_columns", "max", MaxColumns)
			}
			if col >= len(cells) {
				if w.cells += col + 1 - len(cells); w.cells > maxCells {
					return nil, fileError(w.name, "import.file.too_many_rows", "max", MaxRows)
				}
				cells = append(cells, make([]cell, col+1-len(cells))...)
			}
			cells[col] = c
		}
	}
}

// cell reads one cell up to its end tag: of a formula, the value that the spreadsheet computed last.
func (w *workbook) cell(d *partReader, start xml.StartElement) (cell, error) {
	kind, style := attr(start, "t"), attr(start, "s")
	value, formula, computed := "", false, false
	for {
		t, err := d.token()
		if err != nil {
			return cell{}, unexpected(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				if formula && !computed {
					return cell{kind: cellFormula}, nil
				}
				return w.value(kind, style, value), nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				computed = true
				if value, err = elementText(d); err != nil {
					return cell{}, err
				}
			case "is":
				if value, err = richText(d, "is"); err != nil {
					return cell{}, err
				}
			case "f":
				formula = true
				if _, err = elementText(d); err != nil {
					return cell{}, err
				}
			}
		}
	}
}

// elementText reads to the end tag of an element without children.
func elementText(d *partReader) (string, error) {
	var text strings.Builder
	for {
		t, err := d.token()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			if text.Len() > maxToken {
				return "", errToken
			}
			text.Write(t)
		case xml.EndElement:
			return text.String(), nil
		}
	}
}

func (w *workbook) value(kind, style, value string) cell {
	if value == "" {
		return cell{}
	}
	switch kind {
	case "s":
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(w.strings) && w.strings[i] != "" {
			return cell{kind: cellText, text: w.strings[i]}
		}
		return cell{}
	case "str", "inlineStr":
		if s := tidy(value); s != "" {
			return cell{kind: cellText, text: s}
		}
		return cell{}
	case "b":
		if truth(value) {
			return cell{kind: cellBool, num: 1}
		}
		return cell{kind: cellBool}
	case "e":
		return cell{kind: cellError, text: value}
	case "d":
		if t, err := time.Parse("2006-01-02T15:04:05", value); err == nil {
			return cell{kind: cellDate, num: float64(store.DateOf(t)) + float64(t.Hour()*60+t.Minute())/(24*60)}
		}
		return cell{kind: cellText, text: tidy(value)}
	}
	num, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return cell{kind: cellText, text: tidy(value)}
	}
	s, _ := strconv.Atoi(style) // absent is style 0
	if s >= 0 && s < len(w.dates) && num >= 1 && num < 200_000 {
		switch w.dates[s] {
		case showsDay, showsMonth:
			return cell{kind: cellDate, num: num + float64(w.epoch), month: w.dates[s] == showsMonth}
		case showsTime:
			if num >= 366 { // a day with its time shown alone
				return cell{kind: cellDate, num: num + float64(w.epoch)}
			}
		}
	}
	if s >= 0 && s < len(w.dates) && w.dates[s] == showsTime && num >= 0 && num < 1 {
		return cell{kind: cellText, text: store.TimeOfDay(min(int(num*24*60+0.5), 24*60-1)).String()}
	}
	return cell{kind: cellNumber, num: num}
}

// cellRef reads a reference such as D12.
func cellRef(s string) (col, row int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4 && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z'; i++ {
		col = col*26 + int(s[i]|0x20-'a') + 1
	}
	row, err := strconv.Atoi(s[i:])
	return col - 1, row, err == nil && i > 0 && row > 0
}

func mergeRange(ref string) (merge, bool) {
	a, b, _ := strings.Cut(ref, ":")
	left, top, ok := cellRef(a)
	right, bottom, ok2 := cellRef(b)
	return merge{top, bottom, left, right}, ok && ok2 && left <= right && top <= bottom
}

// fill copies the value of each merged cell to the rows that it covers, in its first column, and marks the cells that
// are merged over several columns. Rows without any content of their own are not made: nothing is planned on them.
func (w *workbook) fill(lines []line, merges []merge) error {
	slices.SortFunc(merges, func(a, b merge) int { return a.top - b.top })
	var active []merge // by column; ranges do not overlap, so each column has one at most
	next := 0
	var values []cell
	for i := range lines {
		l := &lines[i]
		for ; next < len(merges) && merges[next].top <= l.n; next++ {
			m := merges[next]
			if m.left >= MaxColumns || m.bottom < l.n {
				continue
			}
			for len(active) <= m.left {
				active, values = append(active, merge{}), append(values, cell{})
			}
			active[m.left], values[m.left] = m, cell{}
			if m.top == l.n {
				values[m.left] = l.at(m.left)
			}
		}
		for col, m := range active {
			switch {
			case m.bottom < l.n:
				continue
			case m.top == l.n:
				if col < len(l.cells) {
					l.cells[col].wide = m.right > m.left
				}
			case values[col].kind != cellEmpty && l.at(col).kind == cellEmpty:
				if col >= len(l.cells) {
					if w.cells += col + 1 - len(l.cells); w.cells > maxCells {
						return fileError(w.name, "import.file.too_many_rows", "max", MaxRows)
					}
					l.cells = append(l.cells, make([]cell, col+1-len(l.cells))...)
				}
				l.cells[col] = values[col]
				l.cells[col].inherited = true
				l.cells[col].wide = m.right > m.left
			}
		}
	}
	return nil
}
