package clockfile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

func MustRead(tb testing.TB, name string, data []byte, opt clockfile.Options) *clockfile.File {
	tb.Helper()
	f, err := clockfile.Read(name, data, opt)
	if err != nil {
		tb.Fatalf("Read: %v", err)
	}
	return f
}

// MustReadClean reads a file that has no problems.
func MustReadClean(tb testing.TB, name string, data []byte, opt clockfile.Options) *clockfile.File {
	tb.Helper()
	f := MustRead(tb, name, data, opt)
	for _, p := range f.Problems {
		tb.Errorf("problem: %s", show(p))
	}
	if len(f.Problems) > 0 {
		tb.FailNow()
	}
	return f
}

// show writes a problem as place and key.
func show(p clockfile.Problem) string {
	s := p.Cell
	if s == "" {
		s = fmt.Sprint(p.Row)
	}
	if p.Sheet != "" {
		s = p.Sheet + "!" + s
	}
	return s + " " + strings.TrimPrefix(p.Key, "import.problem.")
}

func showAll(problems []clockfile.Problem) string {
	var s []string
	for _, p := range problems {
		s = append(s, show(p))
	}
	return strings.Join(s, "; ")
}

// times writes the time of an entry.
func times(e store.Entry) string {
	s := e.Start.String()
	if e.End != e.Start && e.End != 0 {
		s += "/" + e.End.String()
	}
	return s
}

// quoted makes a CSV field of any text.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func keyOf(err error) string {
	var e *store.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func TestSample(t *testing.T) {
	data, err := os.ReadFile("testdata/vuosikello-2026.csv")
	if err != nil {
		t.Fatal(err)
	}
	f := MustReadClean(t, "vuosikello-2026.csv", data, clockfile.Options{})
	if len(f.Rows) != 15 || f.Kind != clockfile.YearClock || len(f.Notes) != 0 {
		t.Fatalf("rows %d, kind %v, notes %v", len(f.Rows), f.Kind, f.Notes)
	}
	if len(f.Clocks) != 1 || f.Clocks[0] != (store.Clock{Name: "vuosikello", Year: 2026}) {
		t.Errorf("clocks %v", f.Clocks)
	}
	e := f.Rows[6].Entry
	got := fmt.Sprintf("%d %s|%s|%s|%v|%v|%s|%v|%s|%v|%s", f.Rows[6].Line, e.Title, times(e), e.Campaign, e.Audiences, e.Channels, e.Owner, e.Leads, e.Materials, e.Approval, e.Goal)
	if want := "8 Flunssakausi|2026-01-12/2026-02-27|Flunssakausi|[Asukkaat Ammattilaiset]|[some verkkosivut Teams]|Viestintätiimi|[14 3 0]|2026-01-05|true|Omaolon oirearviot"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if e := f.Rows[0].Entry; e.Repeat != "FREQ=WEEKLY;INTERVAL=2" || e.End != 0 || e.Approval {
		t.Errorf("series %+v", e)
	}
}

// TestTimes reads one time cell of a file named for 2026.
func TestTimes(t *testing.T) {
	for _, c := range []struct{ header, cell, want string }{
		// The forms of the contract.
		{"alkaa", "8.1.2026", "2026-01-08"},
		{"alkaa", "8.1.", "2026-01-08"},
		{"alkaa", "ma 5.1.", "2026-01-05"},
		{"alkaa", "2026-01-08", "2026-01-08"},
		{"ajankohta", "1.–15.3.2026", "2026-03-01/2026-03-15"},
		{"ajankohta", "1.3.–15.4.", "2026-03-01/2026-04-15"},
		{"ajankohta", "28.12.2026–3.1.2027", "2026-12-28/2027-01-03"},
		{"ajankohta", "vko 6", "2026-02-02/2026-02-08"},
		{"ajankohta", "vk 6", "2026-02-02/2026-02-08"},
		{"ajankohta", "viikko 6", "2026-02-02/2026-02-08"},
		{"ajankohta", "viikot 6–8", "2026-02-02/2026-02-22"},
		{"ajankohta", "v. 6", "2026-02-02/2026-02-08"},
		{"ajankohta", "maaliskuu", "2026-03-01/2026-03-31"},
		{"ajankohta", "maalis–huhtikuu", "2026-03-01/2026-04-30"},
		{"ajankohta", "mars", "2026-03-01/2026-03-31"},
		{"ajankohta", "March", "2026-03-01/2026-03-31"},
		{"ajankohta", "vecka 6", "2026-02-02/2026-02-08"},
		{"ajankohta", "week 6", "2026-02-02/2026-02-08"},
		// Dashes, spaces, case.
		{"alkaa", " 8. 1. 2026 ", "2026-01-08"},
		{"alkaa", "08.01.2026", "2026-01-08"},
		{"ajankohta", "1.-15.3.2026", "2026-03-01/2026-03-15"},
		{"ajankohta", "1. — 15.3.2026", "2026-03-01/2026-03-15"},
		{"ajankohta", "1−15.3.2026", "2026-03-01/2026-03-15"},
		{"ajankohta", "1.3 - 15.4", "2026-03-01/2026-04-15"}, // in a range the dots are no decimal signs
		{"ajankohta", "VKO6-8", "2026-02-02/2026-02-22"},
		{"ajankohta", "vko:t 6–8", "2026-02-02/2026-02-22"},
		{"ajankohta", "Vko 6/2027", "2027-02-08/2027-02-14"},
		{"ajankohta", "2026-W06", "2026-02-02/2026-02-08"},
		{"ajankohta", "2026-03", "2026-03-01/2026-03-31"},
		{"ajankohta", "2026-03-01–2026-03-05", "2026-03-01/2026-03-05"},
		{"ajankohta", "vko 53", "2026-12-28/2027-01-03"},
		{"ajankohta", "vko 1", "2025-12-29/2026-01-04"}, // ISO week 1 begins in the year before
		{"ajankohta", "Maaliskuussa 2026", "2026-03-01/2026-03-31"},
		{"ajankohta", "kesä–elokuu", "2026-06-01/2026-08-31"},
		{"ajankohta", "joulukuu 2026 – tammikuu 2027", "2026-12-01/2027-01-31"},
		{"ajankohta", "8. maaliskuuta 2026", "2026-03-08"},
		{"ajankohta", "den 8 mars", "problem date"},
		{"ajankohta", "8 mars", "2026-03-08"},
		{"ajankohta", "March 8, 2026", "2026-03-08"},
		{"ajankohta", "1.–5. maaliskuuta", "2026-03-01/2026-03-05"},
		{"ajankohta", "ma–ke 5.–7.1.", "2026-01-05/2026-01-07"},
		{"ajankohta", "maanantai 5.1. – ke 7.1.", "2026-01-05/2026-01-07"},
		{"alkaa", "ma 5.1", "2026-01-05"},   // the weekday shows that it is no number
		{"alkaa", "08.01.26", "2026-01-08"}, // with dots the order is the Finnish one
		{"alkaa", "20260108", "2026-01-08"},
		{"alkaa", "8.1.2027", "2027-01-08"}, // a date's own year goes before the file's
		// Two readings in one cell check each other.
		{"ajankohta", "vko 6 (2.–8.2.)", "2026-02-02/2026-02-08"},
		{"ajankohta", "ti 3.2., vko 6", "2026-02-03"},
		{"ajankohta", "vko 6 (9.2.)", "problem date_itself"},
		// A time of day is understood; entries have none.
		{"alkaa", "8.1.2026 klo 9.00", "2026-01-08"},
		{"alkaa", "to 8.1. klo 9–11.30", "2026-01-08"},
		{"alkaa", "8.1. 10.30", "2026-01-08"},
		{"alkaa", "2026-01-08T09:00:00", "2026-01-08"},
		{"alkaa", "2026-01-07T22:00:00Z", "problem date_zone"}, // the 8th in Finland
		// A bare number means what its column says.
		{"viikko", "6", "2026-02-02/2026-02-08"},
		{"viikko", "6-8", "2026-02-02/2026-02-22"},
		{"vko", "6/2026", "2026-02-02/2026-02-08"},
		{"vecka", "6.", "2026-02-02/2026-02-08"},
		{"kuukausi", "3", "2026-03-01/2026-03-31"},
		{"kuukausi", "3/2026", "2026-03-01/2026-03-31"},
		{"kuukausi", "kesä", "2026-06-01/2026-06-30"},
		{"kk", "Tammikuu", "2026-01-01/2026-01-31"},
		{"ajankohta", "6", "problem date_number"},
		{"ajankohta", "6/2026", "problem date_slash"},
		{"viikko", "2.-8.2.", "problem date"},
		{"viikko", "54", "problem date_number"},
		// What is not guessed.
		{"ajankohta", "kevät", "problem date_vague"},
		{"ajankohta", "Kevät 2026", "problem date_vague"},
		{"ajankohta", "jatkuva", "problem date_vague"},
		{"ajankohta", "?", "problem date_vague"},
		{"ajankohta", "8.1.?", "problem date_vague"},
		{"ajankohta", "alkuvuosi", "problem date_vague"},
		{"ajankohta", "Q1", "problem date_vague"},
		{"ajankohta", "kesä", "problem date_vague"}, // summer, or June
		{"ajankohta", "joulu", "problem date_vague"},
		{"ajankohta", "maaliskuun loppu", "problem date_vague"},
		{"ajankohta", "31.1. mennessä", "problem date_vague"},
		{"ajankohta", "viikoittain", "problem date_repeat"},
		{"ajankohta", "5.1. ja 12.1.", "problem date_several"},
		{"ajankohta", "5.1., 12.1., 19.1.", "problem date_several"},
		{"ajankohta", "vko 6, vko 8", "problem date_several"},
		{"alkaa", "8/1/2026", "problem date_slash"},
		{"alkaa", "8.1", "problem date_dot"}, // perhaps 8.10, its zero lost
		{"alkaa", "46030", "problem date_serial"},
		{"ajankohta", "28.12.–3.1.", "problem range_year"},
		{"ajankohta", "vko 52–2", "problem range_year"},
		{"ajankohta", "15.–1.3.2026", "problem range_backwards"},
		{"alkaa", "31.2.2026", "problem no_day"},
		{"alkaa", "29.2.", "problem no_day"},
		{"alkaa", "8.13.2026", "problem no_day"},
		{"ajankohta", "vko 53/2027", "problem no_week"},
		{"alkaa", "ti 5.1.", "problem weekday"},
		{"alkaa", "ma–ke 5.–8.1.", "problem weekday"},
		{"alkaa", "8.1.2026 jotain", "problem date"},
		{"alkaa", "hiihtolomaviikko", "problem date"},
		{"alkaa", "8.1.–", "problem date"},
		{"alkaa", "", "problem invalid.start_missing"},
		{"alkaa", "-", "problem invalid.start_missing"},
	} {
		t.Run(c.header+" "+c.cell, func(t *testing.T) {
			data := "otsikko;" + c.header + "\nJulkaisu;" + quoted(c.cell) + "\n"
			f := MustRead(t, "vuosikello-2026.csv", []byte(data), clockfile.Options{})
			got := ""
			switch {
			case len(f.Problems) == 1:
				got = "problem " + strings.TrimPrefix(f.Problems[0].Key, "import.problem.")
			case len(f.Rows) == 1:
				got = times(f.Rows[0].Entry)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestColumns reads the other cells of a row.
func TestColumns(t *testing.T) {
	for _, c := range []struct{ header, cell, want string }{
		{"muistutukset", "", "[7 1]"},
		{"muistutukset", "14,3,0", "[14 3 0]"},
		{"muistutukset", "14; 3", "[14 3]"},
		{"muistutukset", "14 pv, 3 pv ja 0", "[14 3 0]"},
		{"muistutukset", "7pv", "[7]"},
		{"muistutukset", "3, 14, 3", "[14 3]"},
		{"muistutukset", "-", "[]"},
		{"muistutukset", "ei", "[]"},
		{"muistutukset", "-3", "problem leads"},
		{"muistutukset", "367", "problem leads"},
		{"muistutukset", "7.1", "problem leads"}, // a date, or 7 and 1
		{"muistutukset", "viikkoa ennen", "problem leads"},
		{"muistutukset", "2 vk", "problem leads"},
		{"hyväksyntä", "", "true"},
		{"hyväksyntä", "Kyllä", "true"},
		{"hyväksyntä", "x", "true"},
		{"hyväksyntä", "nej", "false"},
		{"hyväksyntä", "FALSE", "false"},
		{"hyväksyntä", "-", "problem yes_no"}, // none needed, or not filled in
		{"hyväksyntä", "johtoryhmä", "problem yes_no"},
		{"tila", "", "planned"},
		{"tila", "Tehty", "done"},
		{"tila", "valmis", "done"},
		{"tila", "Peruttu!", "cancelled"},
		{"tila", "inställd", "cancelled"},
		{"tila", "työn alla", "planned"},
		{"tila", "ei tehty", "planned"},
		{"tila", "kokoushuone 3", "problem state"},
		{"toisto", "joka 2. viikko", "FREQ=WEEKLY;INTERVAL=2"},
		{"toisto", "kerran", ""},
		{"toisto", "silloin tällöin", "problem invalid.repeat"},
		{"aineistot", "5.1.", "2026-01-05"},
		{"aineistot", "", ""},
		{"aineistot", "ei", ""},
		{"aineistot", "vko 1", "problem materials_day"},
		{"aineistot", "20.12.", "problem materials_year"}, // for a start in January: last year's
		{"aineistot", "20.12.2025", "2025-12-20"},
		{"aineistot", "esite, kuva", "problem date"},
		{"kohderyhmä", "Asukkaat, Ammattilaiset;Esihenkilöt", "[Asukkaat|Ammattilaiset|Esihenkilöt]"},
		{"kohderyhmä", "• Asukkaat\n• Sosiaali- ja terveyspalvelut", "[Asukkaat|Sosiaali- ja terveyspalvelut]"},
		{"kanavat", "some (FB, IG), intra", "[some (FB / IG)|intra]"}, // names hold no commas
		{"kanavat", "intra,Intra, INTRA", "[intra]"},
		{"vastuu", "-", ""},
		{"vastuuhenkilö", "Maija Meikäläinen, Matti", "Maija Meikäläinen, Matti"},
		{"päättyy", "15.1.", "2026-01-15"},
		{"päättyy", "", "2026-01-08"},
		{"päättyy", "vko 4", "2026-01-25"},
		{"päättyy", "tammikuu", "2026-01-31"},
		{"päättyy", "7.1.", "problem end_before_start"},
		{"päättyy", "1.–5.2.", "problem end_range"},
		{"päättyy", "1.1.2031", "problem invalid.too_far"},
		{"huomiot", "Muista kuvat", "Muista kuvat"},
		{"Budjetti (€)", "500", "Budjetti (€): 500"},
		{"klo", "9.00", "klo: 9.00"},
		{"ID", "12", "ID: 12"}, // a running number is no identity
		{"id", "mfrggzdfmztwq2lk", "id mfrggzdfmztwq2lk"},
		{"vuosi", "2027", "year 2027"},
		{"vuosi", "ensi", "problem year_cell"},
		{"clock", "'-kello", "clock -kello"},
	} {
		t.Run(c.header+" "+c.cell, func(t *testing.T) {
			data := "otsikko;alkaa;" + c.header + "\nJulkaisu;8.1.2026;" + quoted(c.cell) + "\n"
			f := MustRead(t, "kello.csv", []byte(data), clockfile.Options{})
			if len(f.Problems) > 0 {
				if got := "problem " + strings.TrimPrefix(f.Problems[0].Key, "import.problem."); got != c.want {
					t.Fatalf("got %q, want %q", got, c.want)
				}
				if p := f.Problems[0]; p.Row != 2 || p.Cell != "C2" && p.Cell != "B2" {
					t.Errorf("place %+v", p)
				}
				return
			}
			e := f.Rows[0].Entry
			got := map[string]string{
				"muistutukset": fmt.Sprint(e.Leads), "hyväksyntä": fmt.Sprint(e.Approval), "tila": string(e.State), "toisto": e.Repeat,
				"aineistot": e.Materials.String(), "kohderyhmä": "[" + strings.Join(e.Audiences, "|") + "]", "kanavat": "[" + strings.Join(e.Channels, "|") + "]",
				"vastuu": e.Owner, "vastuuhenkilö": e.Owner, "päättyy": e.End.String(), "huomiot": e.Notes, "Budjetti (€)": e.Notes, "klo": e.Notes, "ID": e.Notes,
				"id": "id " + e.ID, "vuosi": fmt.Sprint("year ", e.Clock.Year), "clock": "clock " + e.Clock.Name,
			}[c.header]
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestCatalogue checks that every sentence that a reader can give exists in every language.
func TestCatalogue(t *testing.T) {
	texts := map[string]map[string]json.RawMessage{}
	for _, lang := range []string{"fi", "sv", "en"} {
		data, err := os.ReadFile("../../cards/text/" + lang + "/import.json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		texts[lang] = m
	}
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if !strings.HasSuffix(s.Name(), ".go") || strings.HasSuffix(s.Name(), "_test.go") {
			continue
		}
		code, err := os.ReadFile(s.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(code), `"`) {
			if strings.HasPrefix(part, "import.") && part != "import.problem." || strings.HasPrefix(part, "invalid.") {
				for lang, m := range texts {
					if m[part] == nil {
						t.Errorf("%s: no %s", lang, part)
					}
				}
			}
		}
		for _, call := range strings.Split(string(code), `wrong("`)[1:] {
			key, _, _ := strings.Cut(call, `"`)
			for lang, m := range texts {
				if m["import.problem."+key] == nil {
					t.Errorf("%s: no import.problem.%s", lang, key)
				}
			}
		}
	}
}
