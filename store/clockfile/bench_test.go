package clockfile_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// benchRows is a year clock of n rows with dates, lists and series.
func benchRows(n int) [][]string {
	rows := make([][]string, n)
	start := store.NewDate(2026, 1, 1)
	for i := range rows {
		d := start + store.Date(i%365)
		rows[i] = []string{fmt.Sprintf("Toimenpide %d", i), fmt.Sprintf("%d.%d.%d", d.Day(), d.Month(), d.Year()), "", []string{"", "FREQ=MONTHLY"}[i%2], "Kampanja", "Asukkaat,Ammattilaiset", "some,intra,Teams",
			"Viestintätiimi", "14,3,0", "", "kyllä", "Ajanvarausten määrä"}
	}
	return rows
}

var benchHeader = []string{"otsikko", "alkaa", "päättyy", "toisto", "kampanja", "kohderyhmä", "kanavat", "vastuu", "muistutukset", "aineistot", "hyväksyntä", "tavoite"}

func benchmarkRead(b *testing.B, name string, data []byte) {
	b.ReportAllocs()
	for b.Loop() {
		f, err := clockfile.Read(name, data, clockfile.Options{})
		if err != nil || len(f.Rows) != 10_000 {
			b.Fatal(err, f)
		}
	}
}

func BenchmarkReadCSV(b *testing.B) {
	var out bytes.Buffer
	if err := clockfile.WriteCSV(&out, benchHeader, func(yield func([]string) bool) {
		for _, r := range benchRows(10_000) {
			if !yield(r) {
				return
			}
		}
	}, ';'); err != nil {
		b.Fatal(err)
	}
	benchmarkRead(b, "vuosikello-2026.csv", out.Bytes())
}

func BenchmarkReadXLSX(b *testing.B) {
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	for i, r := range append([][]string{benchHeader}, benchRows(10_000)...) {
		values := make([]any, len(r))
		for j := range r {
			if r[j] != "" {
				values[j] = r[j]
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), values); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	benchmarkRead(b, "vuosikello-2026.xlsx", out.Bytes())
}

func BenchmarkPlan(b *testing.B) {
	var out bytes.Buffer
	if err := clockfile.WriteCSV(&out, benchHeader, func(yield func([]string) bool) {
		for _, r := range benchRows(10_000) {
			if !yield(r) {
				return
			}
		}
	}, ';'); err != nil {
		b.Fatal(err)
	}
	f := MustReadClean(b, "vuosikello-2026.csv", out.Bytes(), clockfile.Options{})
	existing := stored(f)
	b.ReportAllocs()
	for b.Loop() {
		if changes := clockfile.Plan(existing, f); len(changes) != 10_000 || changes[9].Kind != clockfile.Same {
			b.Fatal(len(changes))
		}
	}
}
