package clockfile_test

import (
	"os"
	"strings"
	"testing"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

func TestMeasures(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/mittarit.csv")
	if err != nil {
		t.Fatal(err)
	}
	f := MustReadClean(t, "mittarit.csv", data, clockfile.Options{})
	var got []string
	for _, r := range f.Measures {
		if r.Record.Name == "Toteutuneet toimenpiteet" {
			got = append(got, string(r.Record.Kind)+" "+r.Record.Period.String()+" "+r.Record.Value.String()+" "+r.Record.Unit)
		}
	}
	want := "kertymä 2023 10 toimenpidettä|kertymä 2024 24 toimenpidettä|kertymä 2025-01/2025-06 15 toimenpidettä"
	if f.Kind != clockfile.Measures || len(f.Measures) != 17 || strings.Join(got, "|") != want {
		t.Errorf("kind %v, %d rows, %s", f.Kind, len(f.Measures), strings.Join(got, "|"))
	}
}

func TestMeasureRows(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, rows, measures, problems string }{
		{"Swedish words", "Indikator;Slag;Period;Värde;Enhet;Mål;Källa\nBesök;kumulativ;2025-06;12 400;st;;x\n", "Besök kertymä 2025-06 12400/- st", ""},
		{"English words, commas", "measure,kind,period,value,goal\nVisits,level,2025-06,\"12,5\",20\n", "Visits tilanne 2025-06 12.5/20 ", ""},
		{"a title above, an addition in the header", "Seuranta 2025\n\nMittari;Laji;Jakso;Arvo (kpl)\nA;kertymä;2025;1\n", "A kertymä 2025 1/- ", ""},
		{"a month by its name, a unit in the value's cell", "mittari;laji;jakso;arvo\nA;kertymä;kesäkuu 2025;5 kpl\n", "A kertymä 2025-06 5/- kpl", ""},
		{"a goal on a row of its own, the period written otherwise", "mittari;laji;jakso;arvo;tavoite\nA;kertymä;2025;5;\na;;2025-01/2025-12;;9\n", "A kertymä 2025 5/9 ", ""},
		{"the header again", "mittari;laji;jakso;arvo\nA;kertymä;2025;5\nmittari;laji;jakso;arvo\nA;;2024;4\n", "A kertymä 2025 5/- |A  2024 4/- ", ""},
		{"a unit that contradicts its column", "mittari;laji;jakso;arvo;yksikkö\nA;kertymä;2025;5 kpl;€\n", "", "D2 import.problem.measure_units"},
		{"an unquoted decimal comma", "mittari,laji,jakso,arvo\nA,kertymä,2025,5,5\n", "", "E2 import.problem.surplus"},
		{"a goal that is no number", "mittari;laji;jakso;tavoite\nA;kertymä;2025;paljon\n", "", "D2 invalid.amount"},
		{"no name", "mittari;laji;jakso;arvo\n;kertymä;2025;5\n", "", "A2 invalid.measure_name"},
		{"a name that is a formula", "mittari;laji;jakso;arvo\n'=A;kertymä;2025;5\n", "=A kertymä 2025 5/- ", ""},
		{"a number without a period", "mittari;laji;jakso;arvo\nA;kertymä;;5\n", "", "C2 import.problem.measure_period"},
	} {
		f := MustRead(t, "mittarit.csv", []byte(tc.rows), clockfile.Options{})
		var rows, problems []string
		for _, r := range f.Measures {
			text := func(a *store.Amount) string {
				if a == nil {
					return "-"
				}
				return a.String()
			}
			rows = append(rows, r.Record.Name+" "+string(r.Record.Kind)+" "+r.Record.Period.String()+" "+text(r.Record.Value)+"/"+text(r.Record.Goal)+" "+r.Record.Unit)
		}
		for _, p := range f.Problems {
			problems = append(problems, p.Cell+" "+p.Key)
		}
		if got := strings.Join(rows, "|"); f.Kind != clockfile.Measures || got != tc.measures {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.measures)
		}
		if got := strings.Join(problems, " "); got != tc.problems {
			t.Errorf("%s: problems %s, want %s", tc.name, got, tc.problems)
		}
	}
}

// In a workbook a period may be a number or a date, and a value is a number; every sheet of the kind is read.
func TestMeasuresWorkbook(t *testing.T) {
	t.Parallel()
	b := newBook(t, "Sovellus")
	b.row(1, "Mittari", "Laji", "Jakso", "Arvo", "Tavoite")
	b.row(2, "A", "tilanne", 2024, 0.1+0.2, nil)
	b.row(3, "A", nil, 45809, 7, nil) // 1.6.2025
	b.format("C3", "d.m.yyyy")
	b.row(4, "A", nil, 45809, nil, 9)
	b.format("C4", "mm/yyyy")
	b.add("Muistiot")
	b.row(1, "Soita Mikolle")
	b.add("Puhelut")
	b.row(1, "Mittari", "Laji", "Jakso", "Arvo")
	b.row(2, "B", "kertymä", "2025Q1", "12 400")
	b.row(3, "B", nil, true, 3)
	f := MustRead(t, "mittarit.xlsx", b.bytes(), clockfile.Options{})
	var got []string
	for _, r := range f.Measures {
		got = append(got, r.Sheet+" "+r.Record.Name+" "+r.Record.Period.String())
	}
	if want := "Sovellus A 2024|Sovellus A 2025-06-01|Sovellus A 2025-06|Puhelut B 2025Q1"; strings.Join(got, "|") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "|"), want)
	}
	if v := f.Measures[0].Record.Value.String(); v != "0.3" {
		t.Errorf("the value is %s", v)
	}
	if got, want := showAll(f.Problems)+" / "+showAll(f.Notes), "Puhelut!C3 invalid.period / Muistiot!0 import.note.list_skipped"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
