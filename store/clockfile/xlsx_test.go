package clockfile_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vuosikello/store/clockfile"
)

// book builds an XLSX. Errors of the building are mistakes of the test.
type book struct {
	tb    testing.TB
	f     *excelize.File
	sheet string
}

func newBook(tb testing.TB, sheet string) *book {
	f := excelize.NewFile()
	b := &book{tb, f, sheet}
	b.must(f.SetSheetName("Sheet1", sheet))
	tb.Cleanup(func() { b.must(f.Close()) })
	return b
}

func (b *book) must(err error) {
	b.tb.Helper()
	if err != nil {
		b.tb.Fatal(err)
	}
}

func (b *book) add(sheet string) {
	_, err := b.f.NewSheet(sheet)
	b.must(err)
	b.sheet = sheet
}

func (b *book) row(n int, values ...any) {
	b.tb.Helper()
	b.must(b.f.SetSheetRow(b.sheet, fmt.Sprintf("A%d", n), &values))
}

func (b *book) format(cell, code string) {
	style, err := b.f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	b.must(err)
	b.must(b.f.SetCellStyle(b.sheet, cell, cell, style))
}

func (b *book) bytes() []byte {
	out, err := b.f.WriteToBuffer()
	b.must(err)
	return out.Bytes()
}

func rowsOf(f *clockfile.File) []string {
	var out []string
	for _, r := range f.Rows {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s!%d %s %s", r.Sheet, r.Line, r.Entry.Title, times(r.Entry))))
	}
	return out
}

func wantRows(t *testing.T, f *clockfile.File, want ...string) {
	t.Helper()
	if got := rowsOf(f); !slices.Equal(got, want) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// TestWorkbook is a workbook as teams make it: a merged title, a merged month column, date cells, several sheets.
func TestWorkbook(t *testing.T) {
	b := newBook(t, "Vuosikello 2026")
	b.row(1, "Viestinnän suunnitelma")
	b.must(b.f.MergeCell(b.sheet, "A1", "G1"))
	b.row(3, "Kuukausi", "Viikko", "Ajankohta", nil, "Toimenpide", "Kanava", "Tila")
	b.row(4, nil, nil, "alkaa", "päättyy")
	b.must(b.f.MergeCell(b.sheet, "C3", "D3"))
	for _, c := range []string{"A", "B", "E", "F", "G"} {
		b.must(b.f.MergeCell(b.sheet, c+"3", c+"4")) // a header of two rows
	}
	b.row(5, "Tammikuu", 2, day(2026, 1, 8), nil, "Tiedote", "intra")
	b.row(6, nil, nil, day(2026, 1, 9), day(2026, 1, 30), "Kampanja", "some")
	b.row(7, nil, 4, nil, nil, "Viikon aihe")
	b.row(8)
	b.must(b.f.MergeCell(b.sheet, "A5", "A8"))
	b.must(b.f.MergeCell(b.sheet, "B5", "B6"))
	b.row(9, "KESÄ")
	b.must(b.f.MergeCell(b.sheet, "A9", "G9"))
	b.row(10, "Kesäkuu", nil, nil, nil, "Lomat", "some", "valmis")
	b.must(b.f.SetRowVisible(b.sheet, 10, false)) // a filter; the row is in the plan
	b.row(11, "Heinäkuu", nil, day(2026, 8, 3), nil, "Väärä kuukausi")
	b.row(12, nil, 40, nil, nil, "Monta viikkoa")
	b.row(13, nil, 42)
	b.must(b.f.MergeCell(b.sheet, "E12", "E13"))
	b.row(14, nil, 43, nil, nil, nil, nil, "suunniteltu") // filled in beforehand
	b.add("2027")
	b.row(1, "Aihe", "Viikko")
	b.row(2, "Tiedote", "vko 6")
	b.add("Ohjeet")
	b.row(1, "Täytä vuosikello")
	b.add("Vanha")
	b.row(1, "Aihe", "Viikko")
	b.row(2, "Vanha", 6)
	b.must(b.f.SetSheetVisible("Vanha", false))

	f := MustRead(t, "kello.xlsx", b.bytes(), clockfile.Options{})
	wantRows(t, f,
		"Vuosikello 2026!5 Tiedote 2026-01-08",
		"Vuosikello 2026!6 Kampanja 2026-01-09/2026-01-30",
		"Vuosikello 2026!7 Viikon aihe 2026-01-19/2026-01-25",
		"Vuosikello 2026!10 Lomat 2026-06-01/2026-06-30",
		"Vuosikello 2026!12 Monta viikkoa 2026-09-28/2026-10-04",
		"Vuosikello 2026!13 Monta viikkoa 2026-10-12/2026-10-18",
		"2027!2 Tiedote 2027-02-08/2027-02-14")
	if got, want := showAll(f.Problems), "Vuosikello 2026!C11 contradiction"; got != want {
		t.Errorf("problems %s, want %s", got, want)
	}
	if got, want := showAll(f.Notes), "Ohjeet!0 import.note.sheet_skipped; Vanha!0 import.note.sheet_hidden"; got != want {
		t.Errorf("notes %s, want %s", got, want)
	}
	if len(f.Clocks) != 2 {
		t.Errorf("clocks %v", f.Clocks)
	}
}

// TestCells reads cells whose meaning is in their type or number format.
func TestCells(t *testing.T) {
	b := newBook(t, "2026")
	b.row(1, "Otsikko", "Alkaa", "Muistutukset", "Hyväksyntä", "Muuta")
	b.row(2, "päivä", day(2026, 1, 8), 7.1, true, 0.30000000000000004) // Finnish Excel takes 7,1 for a number
	b.row(3, "kuukausi", day(2026, 3, 1), 14, false)
	b.format("B3", "mmmm yyyy")
	b.row(4, "päivä kuukauden muodossa", day(2026, 3, 5))
	b.format("B4", "mmm yy")
	b.row(5, "suomalainen muoto", 46030)
	b.format("B5", `[$-40B]ddd\ d\.m\.yyyy;@`)
	b.row(6, "luku", 46030)
	b.row(7, "vuoden 1900 päivä", 6)
	b.format("B7", "d.m.yyyy")
	b.row(8, "teksti", "9.1.")
	b.row(9, "kellonaika", time.Date(2026, 1, 8, 9, 30, 0, 0, time.UTC))
	b.row(10, "kaava ilman arvoa")
	b.must(b.f.SetCellFormula(b.sheet, "B10", "TODAY()"))
	b.row(11, "virhe", "x")
	b.must(b.f.SetCellValue(b.sheet, "B11", nil))
	b.must(b.f.SetCellRichText(b.sheet, "A12", []excelize.RichTextRun{{Text: "mo"}, {Text: "nta osaa", Font: &excelize.Font{Bold: true}}}))
	b.must(b.f.SetCellValue(b.sheet, "B12", "10.1."))
	b.row(13, 2026, "11.1.", nil, nil, day(2026, 5, 1))
	f := MustRead(t, "kello.xlsx", b.bytes(), clockfile.Options{})
	wantRows(t, f,
		"2026!2 päivä 2026-01-08",
		"2026!3 kuukausi 2026-03-01/2026-03-31",
		"2026!4 päivä kuukauden muodossa 2026-03-05",
		"2026!5 suomalainen muoto 2026-01-08",
		"2026!8 teksti 2026-01-09",
		"2026!9 kellonaika 2026-01-08",
		"2026!12 monta osaa 2026-01-10",
		"2026!13 2026 2026-01-11")
	if got, want := showAll(f.Problems), "2026!B6 date_serial; 2026!B7 date_number; 2026!B10 formula; 2026!B11 invalid.start_missing"; got != want {
		t.Errorf("problems %s\nwant     %s", got, want)
	}
	e := f.Rows[0].Entry
	if fmt.Sprint(e.Leads, e.Approval) != "[7 1] true" || e.Notes != "Muuta: 0.3" {
		t.Errorf("entry %+v", e)
	}
	if e := f.Rows[1].Entry; fmt.Sprint(e.Leads, e.Approval) != "[14] false" {
		t.Errorf("entry %+v", e)
	}
	if e := f.Rows[5].Entry; e.Notes != "Alkaa: 8.1.2026 09:30" {
		t.Errorf("notes %q", e.Notes)
	}
	if e := f.Rows[7].Entry; e.Notes != "Muuta: 1.5.2026" {
		t.Errorf("notes %q", e.Notes)
	}
}

// part writes an XLSX by hand, for what the library that builds the others does not write.
func part(tb testing.TB, sheet string, more map[string]string) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	parts := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="x/styles" Target="styles.xml"/><Relationship Id="c" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>Otsikko</t></si><si><r><t>Al</t></r><r><t>kaa</t></r><rPh><t>ei</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for k, v := range more {
		parts[k] = v
	}
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

const (
	handSheet = `<worksheet><sheetData>
<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>
<row><c t="inlineStr"><is><t>Vuoden 1904 j_x00E4_rjestelmä</t></is></c><c s="1"><v>44568</v></c></row>
<row r="5"><c r="A5" t="str"><f>"a"</f><v>Kaava</v></c><c r="B5" t="d"><v>2026-01-09T00:00:00</v></c></row>
<row><c t="str"><v>Virhe</v></c><c t="e"><v>#REF!</v></c></row>
<row><c t="s"><v>99</v></c><c t="s"><v>-1</v></c></row>
</sheetData></worksheet>`
)

func TestHandmadeWorkbook(t *testing.T) {
	f := MustRead(t, "kello.xlsx", part(t, handSheet, nil), clockfile.Options{})
	wantRows(t, f, "S!2 Vuoden 1904 järjestelmä 2026-01-08", "S!5 Kaava 2026-01-09")
	if got, want := showAll(f.Problems), "S!B6 cell_error"; got != want {
		t.Errorf("problems %s, want %s", got, want)
	}
}

// TestHostileWorkbooks: one clear error and little memory, whatever the archive claims.
func TestHostileWorkbooks(t *testing.T) {
	cells := strings.Repeat(`<c t="str"><v>x</v></c>`, 400)
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"zip bomb", part(t, "<worksheet><sheetData>"+strings.Repeat("<row>"+strings.Repeat(" ", 1000)+"</row>", 70_000), nil), "import.file.unzip"},
		{"too many rows", part(t, "<worksheet><sheetData>"+strings.Repeat("<row/>", 1<<20+1), nil), "import.file.damaged"},
		{"one huge text", part(t, "<worksheet>"+strings.Repeat(" ", 3<<20), nil), "import.file.damaged"},
		{"a text in many pieces", part(t, "", map[string]string{"xl/sharedStrings.xml": "<sst><si>" + strings.Repeat("<t>abcdefgh</t>", 300_000)}), "import.file.damaged"},
		{"deep nesting", part(t, strings.Repeat("<a>", 1_000_000), nil), "import.file.damaged"},
		{"one wide tag", part(t, "<worksheet"+strings.Repeat(` a="b"`, 1_000_000), nil), "import.file.damaged"},
		{"cut sheet", part(t, "<worksheet><sheetData><row><c><v>1</v>", nil), "import.file.damaged"},
		{"too wide", part(t, "<worksheet><sheetData><row>"+cells+"</row></sheetData></worksheet>", nil), "import.file.too_many_columns"},
		{"far column", part(t, `<worksheet><sheetData><row><c r="XFD1" t="str"><v>x</v></c></row></sheetData></worksheet>`, nil), "import.file.too_many_columns"},
		{"rows backwards", part(t, `<worksheet><sheetData><row r="9"/><row r="3"/></sheetData></worksheet>`, nil), "import.file.damaged"},
		{"far row", part(t, `<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>`, nil), "import.file.damaged"},
		{"no sheets", part(t, "", map[string]string{"xl/workbook.xml": "<workbook/>"}), "import.file.not_table"},
		{"a document", part(t, "", map[string]string{"_rels/.rels": "<Relationships/>"}), "import.file.not_table"},
		{"OpenDocument", part(t, "", map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "import.file.ods"},
		{"binary workbook", part(t, "", map[string]string{"xl/workbook.bin": "x"}), "import.file.xls"},
		{"empty", part(t, "<worksheet/>", nil), "import.file.empty"},
		{"merges over everything", part(t, strings.Replace(handSheet, "</worksheet>", "<mergeCells>"+strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 100_000)+"</mergeCells></worksheet>", 1), nil), "<nil>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := clockfile.Read("kello.xlsx", c.data, clockfile.Options{})
			if got := keyOf(err); got != c.want {
				t.Errorf("got %s (%v), want %s", got, err, c.want)
			}
		})
	}
}
