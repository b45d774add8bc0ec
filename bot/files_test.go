package bot_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// files is a stand-in for where Teams keeps the files that people send, by name.
type files struct {
	*world
	address string
	content map[string][]byte
}

// MustFiles starts a bot that may fetch files from this machine.
func MustFiles(tb testing.TB) *files {
	tb.Helper()
	f := &files{world: MustWorld(tb, withConfig(func(c *bot.Config) { c.Files = teams.NewFileFetcher(true) })), content: map[string][]byte{}}
	f.address = f.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, ok := f.content[strings.TrimPrefix(r.URL.Path, "/")]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(data)
	}))
	return f
}

// send has somebody send a file in their own chat, and returns the answer.
func (f *files) send(who teamstest.Person, name string, data []byte) shown {
	f.Helper()
	f.content[name] = data
	a := f.Files(teamstest.Personal(who), who, teams.File{Name: name, DownloadURL: f.address + "/" + name})
	f.post(a)
	return f.replyTo(a)
}

const plan2026 = "otsikko;alkaa;päättyy;kohderyhmä\nRokotukset;5.10.2026;11.12.2026;Asukkaat\nMessut;4.5.2026;;Asukkaat\n"

func TestFileImported(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	w.MustAdd(store.Entry{Title: "Messut", Start: day("2026-05-05"), Audiences: []string{"Asukkaat"}})
	w.MustAdd(store.Entry{Title: "Vanha", Start: day("2026-06-01")})
	card := w.send(mia, "suunnitelma.csv", []byte(plan2026))
	contains(t, card.text(), "Mitään ei ole vielä muutettu", "uusi: Rokotukset", "siirtyy: Messut (ti 5.5. → ma 4.5.)", "Tiedostosta puuttuvat (1)", "Vanha (ma 1.6.)", "vuosikello 2026")
	if got := card.inputs(); len(got) != 3 || got["removeMissing"] != "false" {
		t.Errorf("inputs %v", got)
	}
	equal(t, "before Import", w.entries(), "Messut", "Vanha")

	me := teamstest.Personal(mia)
	// Meanwhile a colleague adds the same: the file is planned anew.
	w.MustAdd(store.Entry{Title: "Rokotukset", Start: day("2026-10-05"), End: day("2026-12-11"), Audiences: []string{"Asukkaat"}})
	done := w.click(me, mia, card, cards.VerbImportApply, map[string]any{"removeMissing": "true"}).card
	contains(t, done.text(), "Tuotu", "siirtyy: Messut", "poistuu: Vanha")
	if strings.Contains(done.text(), "uusi: Rokotukset") {
		t.Errorf("added again: %s", done.text())
	}
	equal(t, "verbs of the result", done.verbs(), cards.VerbCommand)
	contains(t, w.updated(card, 1).text(), "Tuotu") // for good
	equal(t, "after Import", w.entries(), "Messut", "Rokotukset")
	equal(t, "audit", w.audited("clock.import"), mia.Name+" file:suunnitelma.csv added 0, changed 0, moved 1, removed 1")

	// Once is enough.
	contains(t, w.click(me, mia, card, cards.VerbImportApply, nil).text, "on jo tuotu", "klo 08.00")
	contains(t, w.click(me, mia, card, cards.VerbImportCancel, nil).text, "on jo tuotu")
	// The same file again changes nothing.
	contains(t, w.send(mia, "suunnitelma.csv", []byte(plan2026)).text(), "ovat jo vuosikellossa sellaisinaan")
}

func TestFileWithBadRows(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	var book bytes.Buffer
	x := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "Otsikko", "B1": "Ajankohta", "A2": "Hyvä rivi", "B2": "4.5.2026", "A3": "Huono rivi", "B3": "kevät"} {
		if err := x.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.WriteTo(&book); err != nil {
		t.Fatal(err)
	}
	card := w.send(mia, "Kello 2026.xlsx", book.Bytes())
	contains(t, card.text(), "Korjattavaa (1)", "välilehti Sheet1, rivi 3, sarake B (Ajankohta)", "”kevät” ei kerro, milloin", "uusi: Hyvä rivi")
	me := teamstest.Personal(mia)
	again := w.click(me, mia, card, cards.VerbImportApply, map[string]any{"clock": "Suu"}).card
	contains(t, again.text(), "1 kohta on korjattava, eikä mitään tuotu")
	if again.inputs()["clock"] != "Suu" {
		t.Errorf("what was typed is gone: %v", again.inputs())
	}
	equal(t, "refused", w.entries())
	contains(t, w.click(me, mia, again, cards.VerbImportApply, map[string]any{"skipBad": "true"}).card.text(), "Tuotu", "Suu 2026")
	equal(t, "the good row", w.entries(), "Hyvä rivi")
}

// What a file brings is held against the plan, before it is imported and after.
func TestFileClashes(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	w.MustAdd(store.Entry{Title: "Messut", Start: day("2026-05-04"), Audiences: []string{"Asukkaat"}})
	w.MustAdd(store.Entry{Title: "Kioski", Start: day("2026-06-01"), Audiences: []string{"Asukkaat"}})
	card := w.send(mia, "plan.csv", []byte("otsikko;alkaa;kohderyhmä;hyväksyntä\nPuistopäivä;6.5.2026;asukkaat;ei\nHelatorstain retki;14.5.2026;Muut;ei\nRauhallinen;8.6.2026;Asukkaat;ei\n"))
	want := []string{"Suunnitelmassa huomattavaa (2)", "△ Puistopäivä ja Messut: sama kohderyhmä (asukkaat) viikolla 19", "△ Helatorstain retki to 14.5.2026: pyhäpäivä (helatorstai)"}
	contains(t, card.text(), want...)
	contains(t, w.click(teamstest.Personal(mia), mia, card, cards.VerbImportApply, nil).card.text(), append(want, "Tuotu")...)
	equal(t, "imported all the same", w.entries(), "Messut", "Puistopäivä", "Helatorstain retki", "Kioski", "Rauhallinen")
}

// A file that does not tell its year is asked for it.
func TestFileWithoutYear(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	card := w.send(mia, "kello.csv", []byte("otsikko;alkaa\nMessut;4.5.\n"))
	contains(t, card.text(), "vuosi puuttuu")
	me := teamstest.Personal(mia)
	contains(t, w.click(me, mia, card, cards.VerbImportApply, nil).card.text(), "vuosi puuttuu")
	contains(t, w.click(me, mia, card, cards.VerbImportApply, map[string]any{"year": "26"}).card.text(), "neljällä numerolla")
	contains(t, w.click(me, mia, card, cards.VerbImportApply, map[string]any{"year": "2027"}).card.text(), "Tuotu", "vuosikello 2027")
	equal(t, "imported", w.entries(), "Messut")
}

func TestFileOfOtherKinds(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	me := teamstest.Personal(mia)
	for name, tc := range map[string]struct{ data, want string }{
		"aiheet.csv":   {"tyyppi;segmentti;otsikko\navoin;;Tietoturva\n", "1 uusi aihe"},
		"mittarit.csv": {"mittari;laji;jakso;arvo\nLataukset;kertymä;2026-01;120\n", "Lataukset"},
	} {
		card := w.send(mia, name, []byte(tc.data))
		contains(t, card.text(), tc.want)
		contains(t, w.click(me, mia, card, cards.VerbImportApply, nil).card.text(), "Tuotu", tc.want)
	}
	equal(t, "audit", append(w.audited("topic.import"), w.audited("measure.import")...), mia.Name+" file:aiheet.csv added 1", mia.Name+" file:mittarit.csv added 1, changed 0")
}

func TestFileRefused(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	me := teamstest.Personal(mia)
	for _, tc := range []struct {
		who        teamstest.Person
		name, want string
		data       []byte
	}{
		{olli, "kello.csv", "viestintä", []byte(plan2026)},
		{mia, "kuva.png", "ei ole taulukko", []byte("\x89PNG\r\n\x1a\n\x00\x00")},
		{mia, "vanha.xls", "vanhaa tai binaarista", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")},
		{mia, "iso.csv", "liian suuri. Suurin sallittu koko on 5 Mt", bytes.Repeat([]byte("x"), teams.MaxFile+1)},
		{erik, "tyhjä.csv", "inget att läsa", nil},
	} {
		card := w.send(tc.who, tc.name, tc.data)
		contains(t, card.text(), tc.want)
		equal(t, tc.name, card.verbs())
	}
	refused := func(file teams.File, want string) {
		t.Helper()
		a := w.Files(me, mia, file)
		w.post(a)
		contains(t, w.replyTo(a).text(), want)
	}
	refused(teams.File{Name: "poissa.csv", DownloadURL: w.address + "/poissa.csv"}, "Lähetä se uudelleen Teamsin työpöytä")
	refused(teams.File{Name: "muualla.csv", DownloadURL: "https://evil.example/muualla.csv"}, "ei ole Microsoftin palvelussa")
	equal(t, "nothing came in", w.entries())
	for _, secret := range []string{"poissa.csv", "muualla.csv", w.address} {
		if strings.Contains(w.logs.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// Only who sent a file can import it, and not for ever.
func TestFileCancelledAndForgotten(t *testing.T) {
	t.Parallel()
	w := MustFiles(t)
	me := teamstest.Personal(mia)
	card := w.send(mia, "kello.csv", []byte(plan2026))
	data := card.data(t, cards.VerbImportApply, nil)
	contains(t, w.invoke(w.Click(teamstest.Personal(jane), jane, card.activity, cards.VerbImportApply, data)).text, "Only who sent the file")
	contains(t, w.click(me, mia, card, cards.VerbImportCancel, nil).card.text(), "Tiedostoa ei tuotu")
	contains(t, w.click(me, mia, card, cards.VerbImportApply, nil).text, "Tämä tuonti peruttiin")
	old := w.send(mia, "kello.csv", []byte(plan2026))
	w.MustWrite(func(tx *store.Tx) error { return tx.ForgetUploads(time.Now().Add(store.UploadKept)) })
	contains(t, w.click(me, mia, old, cards.VerbImportApply, nil).text, "ei enää säilytetä")
	equal(t, "nothing came in", w.entries())
	w.MustWrite(func(tx *store.Tx) error { _, err := tx.TakeRole(mia.AADObjectID, store.RoleCommunications); return err })
	late := w.send(erik, "kello.csv", []byte(plan2026))
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.TakeRole(erik.AADObjectID, store.RoleCommunications)
		return err
	})
	contains(t, w.click(teamstest.Personal(erik), erik, late, cards.VerbImportApply, nil).text, "kommunikation")
}
