package clockfile_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// stored returns the entries that a database holds after importing f into an empty one.
func stored(f *clockfile.File) []store.Entry {
	return apply(nil, clockfile.Plan(nil, f))
}

// apply does what changes say, with numbered ids, and removes nothing.
func apply(existing []store.Entry, changes []clockfile.Change) []store.Entry {
	out := slices.Clone(existing)
	for _, c := range changes {
		switch c.Kind {
		case clockfile.Added:
			if c.New.ID == "" {
				c.New.ID = fmt.Sprintf("entry%d", len(out))
			}
			out = append(out, c.New)
		case clockfile.Changed, clockfile.Moved:
			i := slices.IndexFunc(out, func(e store.Entry) bool { return e.ID == c.Old.ID })
			out[i] = c.New
		}
	}
	return out
}

func summary(changes []clockfile.Change) string {
	names := map[clockfile.ChangeKind]string{clockfile.Added: "added", clockfile.Changed: "changed", clockfile.Moved: "moved", clockfile.Same: "same", clockfile.Missing: "missing"}
	var out []string
	for _, c := range changes {
		title := c.New.Title
		if c.Kind == clockfile.Missing {
			title = c.Old.Title
		}
		s := names[c.Kind] + " " + title
		if len(c.Fields) > 0 {
			s += " (" + strings.Join(c.Fields, " ") + ")"
		}
		if c.Err != nil {
			s += " !" + keyOf(c.Err)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestPlan(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"the same file again", "otsikko;alkaa\nA;8.1.\nB;vko 6\n", "otsikko;alkaa\nA;8.1.\nB;vko 6\n", "same A; same B"},
		{"rows in another order", "otsikko;alkaa\nA;8.1.\nB;9.1.\n", "otsikko;alkaa\nB;9.1.\nA;8.1.\n", "same B; same A"},
		{"a changed date moves", "otsikko;alkaa;päättyy\nA;8.1.;\n", "otsikko;alkaa;päättyy\nA;9.1.;\n", "moved A (start end)"},
		{"another spelling", "otsikko;alkaa\nUutinen;8.1.\n", "otsikko;alkaa\nUUTINEN ;8.1.\n", "changed UUTINEN (title)"},
		{"new and gone", "otsikko;alkaa\nA;8.1.\nB;9.1.\n", "otsikko;alkaa\nA;8.1.\nC;9.1.\n", "same A; added C; missing B"},
		{"a repeated title goes by its start", "otsikko;alkaa\nA;8.1.\nA;9.1.\n", "otsikko;alkaa\nA;8.1.\nA;10.1.\n", "same A; added A; missing A"},
		{"a title that repeats in the file only", "otsikko;alkaa\nA;8.1.\n", "otsikko;alkaa\nA;9.1.\nA;8.1.\n", "added A; same A"},
		{"a column that is absent changes nothing", "otsikko;alkaa;vastuu;muistutukset;tila\nA;8.1.;Maija;14;tehty\n", "otsikko;alkaa\nA;8.1.\n", "same A"},
		{"a column that is empty clears", "otsikko;alkaa;vastuu;muistutukset\nA;8.1.;Maija;14\n", "otsikko;alkaa;vastuu;muistutukset\nA;8.1.;;\n", "changed A (owner reminders)"},
		{"without an end column it lasts as long", "otsikko;alkaa;päättyy\nA;8.1.;10.1.\n", "otsikko;alkaa\nA;9.1.\n", "moved A (start end)"},
		{"without a repeat column the series goes on", "otsikko;alkaa;päättyy;toisto\nA;8.1.;30.6.;viikoittain\n", "otsikko;alkaa;päättyy\nA;8.1.;\n", "same A"},
		{"an end that stays and a start after it", "otsikko;alkaa;päättyy;toisto\nA;8.1.;30.6.;viikoittain\n", "otsikko;alkaa\nA;8.9.\n", "moved A (start) !invalid.end_before_start"},
		{"a day becomes a series", "otsikko;alkaa\nA;8.1.\n", "otsikko;alkaa;toisto\nA;8.1.;kuukausittain\n", "moved A (end repeat)"},
		{"a range becomes a day", "otsikko;ajankohta\nA;1.–15.3.\n", "otsikko;ajankohta\nA;1.3.\n", "moved A (end)"},
		{"a row with a problem is not missing", "otsikko;alkaa\nA;8.1.\nB;9.1.\nC;9.1.\n", "otsikko;alkaa\nA;8.1.\nB;kevät\n", "same A; missing C"},
		{"the id of another spelling", "id;otsikko;alkaa\nab12;A;8.1.\n", "id;otsikko;alkaa\nab12;Aivan muu;8.1.\n", "changed Aivan muu (title)"},
		{"an unknown id, a known title", "otsikko;alkaa\nA;8.1.\n", "id;otsikko;alkaa\nzz99;A;8.1.\n", "same A"},
		{"a new clock beside", "otsikko;alkaa\nA;8.1.\n", "clock;otsikko;alkaa\nHUS;A;8.1.\n", "added A"},
		{"notes of unknown columns", "otsikko;alkaa;Budjetti\nA;8.1.;500\n", "otsikko;alkaa;Budjetti\nA;8.1.;600\n", "changed A (notes)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := MustReadClean(t, "kello-2026.csv", []byte(c.before), clockfile.Options{})
			after := MustRead(t, "kello-2026.csv", []byte(c.after), clockfile.Options{})
			if got := summary(clockfile.Plan(stored(before), after)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestPlanByID: an id is the same entry wherever it is, and it stays there unless the file says otherwise.
func TestPlanByID(t *testing.T) {
	old := store.Entry{ID: "ab12", Clock: store.Clock{Name: "HUS", Year: 2025}, Title: "A", Start: store.NewDate(2026, 1, 8), End: store.NewDate(2026, 1, 8), Leads: []int{7, 1}, Approval: true, State: store.Planned}
	for _, c := range []struct {
		name string
		data string
		opt  clockfile.Options
		want string
	}{
		{"stays", "id;otsikko;alkaa\nab12;A;8.1.2026\n", clockfile.Options{}, "same A"},
		{"moved by the clock column", "id;clock;otsikko;alkaa\nab12;vuosikello;A;8.1.2026\n", clockfile.Options{}, "changed A (clock)"},
		{"moved by the options", "id;otsikko;alkaa\nab12;A;8.1.\n", clockfile.Options{Year: 2026, Clock: "KYS"}, "changed A (clock year)"},
		{"the clock in other letters", "id;clock;otsikko;alkaa\nab12;hus;A;8.1.2026\n", clockfile.Options{}, "same A"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := MustReadClean(t, "a.csv", []byte(c.data), c.opt)
			if got := summary(clockfile.Plan([]store.Entry{old}, f)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("comes back", func(t *testing.T) {
		removed := old
		removed.RemovedAt = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		f := MustReadClean(t, "a.csv", []byte("id;otsikko;alkaa\nab12;A;8.1.2026\n"), clockfile.Options{})
		changes := clockfile.Plan([]store.Entry{removed}, f)
		if got := summary(changes); got != "changed A (removed)" || !changes[0].New.RemovedAt.IsZero() {
			t.Errorf("got %s", got)
		}
	})
}

// export writes entries as the program does.
func export(tb testing.TB, entries []store.Entry, comma rune) []byte {
	tb.Helper()
	var out bytes.Buffer
	err := clockfile.WriteCSV(&out, clockfile.EntryHeader(), func(yield func([]string) bool) {
		for i := range entries {
			if !yield(clockfile.EntryRecord(&entries[i])) {
				return
			}
		}
	}, comma)
	if err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func TestSampleAgain(t *testing.T) {
	data, err := os.ReadFile("testdata/vuosikello-2026.csv")
	if err != nil {
		t.Fatal(err)
	}
	f := MustReadClean(t, "vuosikello-2026.csv", data, clockfile.Options{})
	entries := stored(f)
	for name, again := range map[string]*clockfile.File{
		"the file":   MustReadClean(t, "vuosikello-2026.csv", data, clockfile.Options{}),
		"its export": MustReadClean(t, "export.csv", export(t, entries, ';'), clockfile.Options{}),
	} {
		for _, c := range clockfile.Plan(entries, again) {
			if c.Kind != clockfile.Same {
				t.Errorf("%s: %s", name, summary([]clockfile.Change{c}))
			}
		}
	}
}

// TestExportAgain: whatever the entries hold, reading their export changes nothing, also after a visit to a spreadsheet.
func TestExportAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "Uutinen", "=SUM(A1)", "+358 40", "-viiva", "@maija", "'=lainaus", "''=kaksi", "a;b,c", "\"lainattu\"", "rivi\nja toinen", "ei", "kevät", "8.1.", "Ä ö Å – ”x”", "Kesä: 1", "x", "'"}
	pick := func() string { return texts[random.IntN(len(texts))] }
	list := func() []string {
		var out []string
		for range random.IntN(4) {
			if s := strings.NewReplacer(",", " ", ";", " ", "\n", " ").Replace(pick()); s != "" && s != "-" {
				out = append(out, s)
			}
		}
		return out
	}
	for round := range 60 {
		var entries []store.Entry
		for range 20 {
			e := store.Entry{
				ID: store.NewID(), Clock: store.Clock{Name: []string{"vuosikello", "HUS", "=x"}[random.IntN(3)], Year: 2024 + random.IntN(3)},
				Title: fmt.Sprintf("%s %d", pick(), random.IntN(8)), Start: store.NewDate(2025, 1, 1) + store.Date(random.IntN(700)), Campaign: pick(), Audiences: list(), Channels: list(), Owner: pick(),
				Approval: random.IntN(2) == 0, Goal: strings.TrimSpace(pick()), State: []store.EntryState{store.Planned, store.Done, store.Cancelled}[random.IntN(3)], Notes: pick(),
			}
			for range random.IntN(4) {
				e.Leads = append(e.Leads, random.IntN(30))
			}
			if random.IntN(3) == 0 {
				e.Materials = e.Start - store.Date(random.IntN(30))
			}
			switch random.IntN(3) {
			case 0:
				e.End = e.Start + store.Date(random.IntN(40))
			case 1:
				e.Repeat = []string{"FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=1MO;COUNT=5"}[random.IntN(3)]
				if random.IntN(2) == 0 {
					e.End = e.Start + store.Date(60+random.IntN(100))
				} else if e.Clock.Year < e.Start.Year() {
					e.Clock.Year = e.Start.Year()
				}
			}
			if e.Normalize() == nil { // a series may have no occurrence before its end
				entries = append(entries, e)
			}
		}
		for _, comma := range []rune{';', ','} {
			f := MustReadClean(t, "vuosikello-2019.csv", export(t, entries, comma), clockfile.Options{})
			for _, c := range clockfile.Plan(entries, f) {
				if c.Kind != clockfile.Same {
					t.Fatalf("round %d: %s\n%s", round, summary([]clockfile.Change{c}), cmp.Diff(c.Old, c.New))
				}
			}
		}
	}
}

func TestNeutralize(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "abc": "abc", "=1+1": "'=1+1", "+1": "'+1", "-x": "'-x", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx", "'=1": "''=1", "'abc": "'abc", "'": "'",
	} {
		if got := clockfile.Neutralize(in); got != want || clockfile.Denaturalize(got) != in {
			t.Errorf("%q: %q, back %q", in, got, clockfile.Denaturalize(got))
		}
	}
}

func TestWriteCSV(t *testing.T) {
	var out bytes.Buffer
	rows := slices.Values([][]string{{"a;b", "c\"d", "e\nf"}, {"", " g", "1.5"}})
	if err := clockfile.WriteCSV(&out, []string{"x", "y", "z"}, rows, ';'); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeffx;y;z\r\n\"a;b\";\"c\"\"d\";\"e\nf\"\r\n;\" g\";1.5\r\n"; out.String() != want {
		t.Errorf("got %q", out.String())
	}
}
