package cards

// Table is rows of cells under a header. It survives a phone's width only while it is narrow: a name and a few short numbers.
type Table struct {
	Columns []Column
	Rows    [][]string // plain text, as many as there are columns
}

// Column is a column of a table. Columns share the width by weight; numbers stand to the right.
type Column struct {
	Title  string
	Weight int
	Number bool
}

func (t Table) write(w *writer) {
	w.open("Table")
	w.yes("firstRowAsHeader", true)
	w.key("showGridLines")
	w.raw("false")
	w.str("spacing", spacingSmall)
	w.raw(`,"columns":[`)
	for i, c := range t.Columns {
		w.comma(i)
		w.raw(`{"width":`)
		w.b = append(w.b, '0'+byte(min(max(c.Weight, 1), 9)))
		if c.Number {
			w.str("horizontalCellContentAlignment", "Right")
		}
		w.close()
	}
	w.raw(`],"rows":[`)
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Title
	}
	t.row(w, header, weightBolder)
	for _, cells := range t.Rows {
		w.comma(1)
		t.row(w, cells, "")
	}
	w.raw("]")
	w.close()
}

func (t Table) row(w *writer, cells []string, weight string) {
	w.open("TableRow")
	w.raw(`,"cells":[`)
	for i, s := range cells {
		w.comma(i)
		w.open("TableCell")
		w.elements("items", []Element{TextBlock{Text: Text(s), Size: sizeSmall, Weight: weight}})
		w.close()
	}
	w.raw("]")
	w.close()
}
