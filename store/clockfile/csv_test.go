package clockfile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

const small = "otsikko;alkaa;päättyy\r\nKesäkampanja;8.1.2026;9.1.2026\r\n"

// TestEncodings reads the same table in the encodings that spreadsheets write.
func TestEncodings(t *testing.T) {
	encode := func(e encoding.Encoding, s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, data := range map[string]string{
		"UTF-8":                   small,
		"UTF-8 with BOM":          "\ufeff" + small,
		"UTF-16 LE with BOM":      encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), small),
		"UTF-16 BE with BOM":      encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), small),
		"UTF-16 LE":               encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), small),
		"UTF-16 BE":               encode(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), small),
		"Windows-1252":            encode(charmap.Windows1252, small),
		"commas":                  strings.ReplaceAll(small, ";", ","),
		"tabs in UTF-16":          encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), strings.ReplaceAll(small, ";", "\t")), // Excel's "Unicode text"
		"sep line":                "sep=,\r\n" + strings.ReplaceAll(small, ";", ","),
		"decomposed letters":      strings.ReplaceAll(small, "ä", "a\u0308"), // macOS
		"old Macintosh line ends": strings.ReplaceAll(small, "\r\n", "\r"),
		"spaces nobody sees":      strings.ReplaceAll(small, ";", "\u200b;\u00a0"),
	} {
		t.Run(name, func(t *testing.T) {
			f := MustReadClean(t, "a.csv", []byte(data), clockfile.Options{})
			if len(f.Rows) != 1 || f.Rows[0].Entry.Title != "Kesäkampanja" || times(f.Rows[0].Entry) != "2026-01-08/2026-01-09" || f.Rows[0].Line != 2 {
				t.Errorf("rows %+v", f.Rows)
			}
		})
	}
}

// TestUnreadable gives files that cannot be read at all.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"empty", "", "import.file.empty"},
		{"only empty rows", ";;\n;;\n", "import.file.empty"},
		{"no header", "a;b\n1;2\n", "import.file.no_header"},
		{"no time column", "Otsikko;Kanava;Vastuu\nA;B;C\n", "import.file.no_time_column"},
		{"no title column", "Alkaa;Kanava;Vastuu\n8.1.2026;B;C\n", "import.file.no_title_column"},
		{"no year", "otsikko;alkaa\nA;8.1.\nB;vko 6\n", "import.no_year"},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "import.file.not_table"},
		{"web page", "<!DOCTYPE html><table>", "import.file.not_table"},
		{"pdf", "%PDF-1.7 otsikko;alkaa", "import.file.not_table"},
		{"old Excel", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Workbook", "import.file.xls"},
		{"encrypted", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "import.file.encrypted"},
		{"cut archive", "PK\x03\x04abc", "import.file.damaged"},
		{"open quote", "otsikko;alkaa\nA;\"8.1.2026\n", "import.file.quote"},
		{"letters broken before", "otsikko;alkaa\nKesÃ¤;8.1.2026\n", "import.file.encoding"},
		{"UTF-8 damaged in one place", "otsikko;alkaa\nKesä ja syksyn yö\xff;8.1.2026\n", "import.file.encoding"},
		{"attendance export", "session_id;title;start;person\n1;A;2026-01-08;B\n", "import.file.other_table"},
		{"too wide", "otsikko;alkaa" + strings.Repeat(";x", 200) + "\n", "import.file.too_many_columns"},
		{"too long", "otsikko;alkaa\n" + strings.Repeat("A;8.1.2026\n", clockfile.MaxRows), "import.file.too_many_rows"},
		{"too large", strings.Repeat(" ", clockfile.MaxFile+1), "import.file.too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := clockfile.Read("a.csv", []byte(c.data), clockfile.Options{})
			if err == nil || keyOf(err) != c.want || !store.IsKind(err, store.KindInvalid) {
				t.Errorf("got %v (%v), want %s", err, f, c.want)
			}
		})
	}
}

// TestRealTable is a sheet as teams make it: a title above, a column of months and weeks, headings, remarks, empty rows.
func TestRealTable(t *testing.T) {
	data := `;;;;;;;
Viestinnän vuosikello 2026;;;;;;;Päivitetty 12.11.2025
;;;;;;;
Kuukausi;Vko;Pvm;Toimenpide;Kohderyhmä / yleisö;Kanava(t);VASTUUHENKILÖ:;Huomioitavaa
TAMMIKUU;;;;;;;
tammikuu;2;ma 5.1.;Uuden vuoden tiedote;Ammattilaiset;intra, Teams;Maija;"Kaksi
riviä"
tammikuu;3;;Flunssakausi;Asukkaat;some;;
tammikuu;;;Rokotukset;;;;
;;;;;;;

HELMIKUU;;;;;;;
helmikuu;6;;;;;;
helmikuu;5;2.2.;Ristiriita;;;;
helmikuu;;kevät;Epäselvä;;;;
;;1.3.;;;;Maija;
;;31.2.;Ei päivää;;;;
* = vahvistamatta;;;;;;;
`
	f := MustRead(t, "kello.csv", []byte(data), clockfile.Options{})
	var got []string
	for _, r := range f.Rows {
		got = append(got, fmt.Sprintf("%d %s %s %d", r.Line, r.Entry.Title, times(r.Entry), r.Entry.Clock.Year))
	}
	want := []string{"6 Uuden vuoden tiedote 2026-01-05 2026", "7 Flunssakausi 2026-01-12/2026-01-18 2026", "8 Rokotukset 2026-01-01/2026-01-31 2026"}
	if !slices.Equal(got, want) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if e := f.Rows[0].Entry; e.Owner != "Maija" || e.Notes != "Kaksi\nriviä" || len(e.Channels) != 2 || len(e.Audiences) != 1 {
		t.Errorf("entry %+v", e)
	}
	// The quoted line end in row 6 is no row.
	if got, want := showAll(f.Problems), "C13 contradiction; C14 date_vague; D15 invalid.title_missing; C16 no_day"; got != want {
		t.Errorf("problems %s\nwant     %s", got, want)
	}
	p := f.Problems[0]
	if p.Args["cell"] != "C13" || p.Args["other_cell"] != "B13" || p.Column != "C (Pvm)" {
		t.Errorf("contradiction %+v", p)
	}
	if got, want := showAll(f.Notes), "A17 import.note.remark"; got != want {
		t.Errorf("notes %s, want %s", got, want)
	}
	if len(f.Bad) != 4 || f.Bad[0].Entry.Title != "Ristiriita" {
		t.Errorf("bad %+v", f.Bad)
	}
}

func TestYear(t *testing.T) {
	for _, c := range []struct {
		name, file, data string
		opt              clockfile.Options
		want             string
	}{
		{"option first", "vuosikello-2025.csv", "Kello 2024;\notsikko;alkaa\nA;8.1.\n", clockfile.Options{Year: 2026}, "2026-01-08 2026"},
		{"year column before the file", "vuosikello-2025.csv", "otsikko;alkaa;vuosi\nA;8.1.;2026\n", clockfile.Options{}, "2026-01-08 2026"},
		{"title before the file's name", "vuosikello-2025.csv", "Vuosikello 2026;\notsikko;alkaa\nA;8.1.\n", clockfile.Options{}, "2026-01-08 2026"},
		{"file's name", "HUS_vuosikello_2026_v2.csv", "otsikko;alkaa\nA;8.1.\n", clockfile.Options{}, "2026-01-08 2026"},
		{"a date in a name is no year", "kello 12.11.2025.csv", "otsikko;alkaa\nA;8.1.2026\n", clockfile.Options{}, "2026-01-08 2026"},
		{"two years in a name are none", "kello 2025-2026.csv", "otsikko;alkaa\nA;8.1.2026\n", clockfile.Options{}, "2026-01-08 2026"},
		{"when it was saved is no year", "a.csv", "Tallennettu 2025;\notsikko;alkaa\nA;8.1.2026\n", clockfile.Options{}, "2026-01-08 2026"},
		{"the other rows' year", "a.csv", "otsikko;alkaa\nA;8.1.\nB;9.1.2026\n", clockfile.Options{}, "2026-01-08 2026; 2026-01-09 2026"},
		{"a clock for each year", "a.csv", "otsikko;alkaa\nA;8.1.2025\nB;9.1.2026\n", clockfile.Options{}, "2025-01-08 2025; 2026-01-09 2026"},
		{"which of two years", "a.csv", "otsikko;alkaa\nA;8.1.2025\nB;9.1.2026\nC;10.1.\n", clockfile.Options{}, "2025-01-08 2025; 2026-01-09 2026; B4 year"},
		{"week 1 belongs to its year", "a.csv", "otsikko;aika\nA;vko 1/2026\n", clockfile.Options{}, "2025-12-29/2026-01-04 2026"},
		{"start before the clock's year", "kello-2026.csv", "otsikko;alkaa\nA;28.12.2025\n", clockfile.Options{}, "2025-12-28 2026"},
		{"the month's year", "a.csv", "otsikko;kuukausi;pvm\nA;maaliskuu 2026;5.3.\n", clockfile.Options{}, "2026-03-05 2026"},
		{"the end's year", "a.csv", "otsikko;alkaa;päättyy\nA;5.3.;8.3.2026\n", clockfile.Options{}, "2026-03-05/2026-03-08 2026"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := MustRead(t, c.file, []byte(c.data), c.opt)
			var got []string
			for _, r := range f.Rows {
				got = append(got, fmt.Sprintf("%s %d", times(r.Entry), r.Entry.Clock.Year))
			}
			if len(f.Problems) > 0 {
				got = append(got, showAll(f.Problems))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	for _, header := range []string{
		"otsikko;alkaa;päättyy;toisto;kampanja;kohderyhmä;kanavat;vastuu;muistutukset;aineistot;hyväksyntä;tavoite;tila",
		"rubrik;börjar;slutar;upprepning;kampanj;målgrupp;kanaler;ansvarig;påminnelser;material;godkännande;mål;status",
		"title;start;end;repeat;campaign;audience;channels;owner;reminders;materials;approval;goal;state",
		" OTSIKKO ;Alkaa (pvm);PÄÄTTYY;Toisto:;Kampanja;Kohde-ryhmä;Kanava(t);Vastuuhenkilö / -taho;Muistutukset (pv ennen);Aineistot valmiina;Hyväksyntä?;Tavoite;Tila",
		"Aihe;Ajankohta 2026;päättyy;toistuvuus;kampanja;kohderyhmät;viestintäkanavat;vastuutaho;muistutus;aineisto;hyväksyntä;tavoitteet;status",
	} {
		data := header + "\nA;8.1.2026;9.3.2026;viikoittain;K;Ä;Teams;M;3;7.1.2026;ei;T;tehty\n"
		f := MustReadClean(t, "a.csv", []byte(data), clockfile.Options{})
		e := f.Rows[0].Entry
		got := fmt.Sprint(e.Title, times(e), e.Repeat, e.Campaign, e.Audiences, e.Channels, e.Owner, e.Leads, e.Materials, e.Approval, e.Goal, e.State, e.Notes)
		if want := "A2026-01-08/2026-03-09FREQ=WEEKLYK[Ä] [Teams]M[3] 2026-01-07falseTdone"; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s\ngot  %s\nwant %s", header, got, want)
		}
	}
	t.Run("the stronger of two titles", func(t *testing.T) {
		f := MustReadClean(t, "a.csv", []byte("Teema;Toimenpide;Viikko\nTerveys;Tiedote;6\n"), clockfile.Options{Year: 2026})
		if e := f.Rows[0].Entry; e.Title != "Tiedote" || e.Notes != "Teema: Terveys" {
			t.Errorf("entry %+v", e)
		}
	})
	t.Run("a header again above each month", func(t *testing.T) {
		f := MustReadClean(t, "a.csv", []byte("Aihe;Pvm\nA;8.1.2026\n;\nAihe;Pvm\nB;9.2.2026\n"), clockfile.Options{})
		if len(f.Rows) != 2 {
			t.Errorf("rows %+v", f.Rows)
		}
	})
	for header, kind := range map[string]clockfile.Kind{
		"mittari;laji;jakso;arvo;yksikkö;tavoite;lähde":               clockfile.Measures,
		"measure,kind,period,start,end,value,unit,goal,source":        clockfile.Measures,
		"tyyppi;segmentti;otsikko":                                    clockfile.Workshops,
		"type;segment;title":                                          clockfile.Workshops,
		"otsikko;alkaa;tyyppi;segmentti":                              clockfile.YearClock,
		"otsikko;alkaa;jakso;mittari;tavoite":                         clockfile.YearClock,
		strings.Join(clockfile.EntryHeader(), ";"):                    clockfile.YearClock,
		strings.Join(append(clockfile.EntryHeader(), "version"), ","): clockfile.YearClock,
	} {
		if f := MustReadClean(t, "a.csv", []byte(header+"\n"), clockfile.Options{}); f.Kind != kind || len(f.Rows) != 0 {
			t.Errorf("%s: kind %v", header, f.Kind)
		}
	}
}

// TestAllProblems: everything that is wrong in a row and in a file is listed at once.
func TestAllProblems(t *testing.T) {
	data := "otsikko;alkaa;muistutukset;hyväksyntä;tila;toisto\n;?;x;y?;z;q\nA;8.1.2026;;;;\nA;8.1.2026;;;;\na ; 8.1.2026;;;;\n"
	f := MustRead(t, "a.csv", []byte(data), clockfile.Options{})
	if got, want := showAll(f.Problems), "A2 invalid.title_missing; F2 invalid.repeat; B2 date_vague; C2 leads; D2 yes_no; E2 state; 4 same_row; 5 same_row"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if f.Problems[6].Args["row"] != "3" {
		t.Errorf("args %v", f.Problems[6].Args)
	}
}
