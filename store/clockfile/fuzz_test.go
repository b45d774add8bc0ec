package clockfile_test

import (
	"os"
	"strings"
	"testing"

	"vuosikello/store/clockfile"
)

// check holds for whatever bytes are read: no panic, rows that are valid and canonical, problems with a place, and the
// same file again changes nothing.
func check(t *testing.T, name string, data []byte) {
	f, err := clockfile.Read(name, data, clockfile.Options{})
	if err != nil {
		if keyOf(err) == "" || !strings.HasPrefix(keyOf(err), "import.") {
			t.Fatalf("error %v", err)
		}
		return
	}
	for _, r := range f.Rows {
		e := r.Entry
		if err := e.Normalize(); err != nil || !e.SameContent(&r.Entry) {
			t.Fatalf("row %d is not canonical: %v %+v %+v", r.Line, err, e, r.Entry)
		}
		if r.Line == 0 || r.HasID != (e.ID != "") {
			t.Fatalf("row %+v", r)
		}
	}
	for _, r := range f.Measures {
		if err := r.Record.Normalize(); err != nil || r.Line == 0 {
			t.Fatalf("row %d is not canonical: %v %+v", r.Line, err, r.Record)
		}
	}
	for _, p := range f.Problems {
		if p.Key == "" || p.File == "" {
			t.Fatalf("problem %+v", p)
		}
	}
	for _, c := range clockfile.Plan(stored(f), f) {
		if c.Kind != clockfile.Same || c.Err != nil {
			t.Fatalf("read again: %s (%v)", summary([]clockfile.Change{c}), c.Err)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	sample, err := os.ReadFile("testdata/vuosikello-2026.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(small))
	f.Add([]byte("sep=,\ntitle,start\nA,\"8.1.2026\"\n"))
	f.Add([]byte("\xff\xfeo\x00;\x00"))
	f.Add([]byte("Kuukausi;Vko;Pvm;Toimenpide;id\ntammikuu;2;ma 5.1.;A;x1\n;;1.–3.2.2026;'=A;x1\n"))
	f.Add([]byte("mittari;laji;jakso;arvo;yksikkö;tavoite\nA;kertymä;2025Q1;12 400,5 kpl;;9\nA;;kesäkuu 2025;-;€;1\n"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "kello-2026.csv", data) })
}

func FuzzReadSheet(f *testing.F) {
	f.Add(handSheet)
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>1.5</v></c><c r="B2" s="1"><v>44568.5</v></c></row></sheetData><mergeCells><mergeCell ref="B2:C9"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) { check(t, "kello-2026.xlsx", part(t, sheet, nil)) })
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(part(f, handSheet, nil))
	b := newBook(f, "2026")
	b.row(1, "Otsikko", "Alkaa")
	b.row(2, "A", "8.1.")
	f.Add(b.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, "kello.xlsx", append([]byte("PK\x03\x04"), data[min(4, len(data)):]...))
	})
}

func FuzzTimeCell(f *testing.F) {
	for _, s := range []string{"8.1.2026", "ma 5.1.", "1.–15.3.2026", "vko 6 (2.–8.2.)", "maalis–huhtikuu", "March 5, 2026", "2026-W06", "8.1. klo 9–11.30", "ma–ke 5.–7.1.", "20260108", "vko 6/2026", "5.1., vko 2", "2026-01-08T09:00:00.000"} {
		for i := range 3 {
			f.Add(s, i)
		}
	}
	headers := []string{"alkaa", "ajankohta", "viikko", "kuukausi", "päättyy;alkaa"}
	f.Fuzz(func(t *testing.T, cell string, header int) {
		check(t, "kello-2026.csv", []byte("otsikko;"+headers[uint(header)%uint(len(headers))]+";pvm\nA;"+quoted(cell)+";\nB;"+quoted(cell)+";8.1.\n"))
	})
}
