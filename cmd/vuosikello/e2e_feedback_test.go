//go:build e2e

package main_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"vuosikello/store"
)

const (
	// feedbackIn is longer than the minute and a half after the start of the demo, at 8.29, when its session of 8.21 has been
	// over for five minutes.
	feedbackIn = 2*time.Minute + patience

	feedbackButton = "Lähetä palaute"
	sendButton     = "Lähetä hyväksyttäväksi"
	saveButton     = "Tallenna luonnos"
)

// TestE2EFeedbackAndDigest is what a digimentor sees after a session: the form that asks how it was, and the digest that is
// drafted from it, edited and sent.
func TestE2EFeedbackAndDigest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	w := openWindow(t, startDemo(t, "--dir", dir), pictureFolder(t))
	held(t, filepath.Join(dir, "vuosikello.db"))
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")
	w.changeSeries()
	w.giveFeedback()
	w.sendDigest()
}

// held puts a session into the demo's database that the visitor and a colleague have just been to.
func held(t *testing.T, database string) {
	t.Helper()
	db, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	calendar := store.Calendar{Location: helsinki, PostTime: 8*60 + 30}
	start := time.Date(2026, time.March, 9, 8, 21, 0, 0, helsinki)
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		people, err := tx.RoleHolders(store.DateOf(start))
		if err != nil {
			return err
		}
		s := &store.Session{Title: "Kirjautuminen puolesta asioivana", Start: start, Minutes: 5, Audiences: []string{"Ammattilaiset"}, JoinURL: "https://meet.example.fi/kirjautuminen", HostID: people[0].Person.ID}
		if err := tx.AddSession(s, false, start.Add(-time.Minute), calendar); err != nil {
			return err
		}
		for _, p := range people {
			if p.Role == store.RoleAdmin || p.Role == store.RoleApprover {
				if err := tx.Join(s.ID, p.Person.ID, start); err != nil {
					return err
				}
			}
		}
		for week := range 3 {
			later := &store.Session{Title: "Sähköinen asiointi", Start: time.Date(2026, time.March, 24+7*week, 14, 0, 0, 0, helsinki), Minutes: 15, Audiences: []string{"Ammattilaiset"},
				JoinURL: meetingLink, HostID: people[0].Person.ID, Series: "sarja"}
			if err := tx.AddSession(later, false, start.Add(-time.Minute), calendar); err != nil {
				return err
			}
		}
		return tx.SetSessionNeeds([]string{"Kirjautuminen", "Puolesta asiointi", "Lääkehoitosuunnitelmatietojärjestelmä"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// changeSeries opens a session of the series to change it and those after it, and sees that it can be called off so too.
func (w *window) changeSeries() {
	w.t.Helper()
	w.write("digivartit")
	list := cardShowing("Sähköinen asiointi")
	w.waitFor(patience, "the sessions", list+" !== undefined")
	w.pressOn(list, "Muokkaa")
	form := cardsWith("Tallenna tämä ja seuraavat") + ".at(-1)"
	w.waitFor(patience, "the form of the series", form+" !== undefined")
	w.photographWhole("series-form", form)
	w.fill(form, "Kellonaika", "09:00")
	w.pressOn(form, "Tallenna tämä ja seuraavat")
	saved := cardShowing("Digivartti · tallennettu")
	w.waitFor(patience, "the series to be saved", saved+" !== undefined")
	w.see(saved, "klo 09.00", "ti 31.3., ti 7.4.")
	w.pressOn(saved, "Peru tilaisuus")
	w.waitFor(patience, "what can be called off", saved+".innerText.includes('Peru vain tämä')")
	w.photograph("series-saved", saved)
}

// giveFeedback waits for the form that asks those who came, and answers it.
func (w *window) giveFeedback() {
	w.t.Helper()
	form := cardsWith(feedbackButton) + ".at(-1)"
	w.waitFor(feedbackIn, "the feedback form", form+" !== undefined")
	w.see(form, "Kirjautuminen puolesta asioivana")
	w.photograph("feedback", form)
	w.choose(form, "Oliko tästä apua?", "5")
	w.choose(form, "Missä tarvitset apua?", "Puolesta asiointi")
	w.photograph("feedback-filled", form)
	w.pressOn(form, feedbackButton)
	thanks := cardShowing("Kiitos")
	w.waitFor(patience, "the thanks", thanks+" !== undefined")
	w.photograph("feedback-thanks", thanks)
}

// sendDigest drafts the weekly bulletin, which tells of the session, saves it and sends it for approval.
func (w *window) sendDigest() {
	w.t.Helper()
	w.write("kooste")
	choose := cardShowing("Mikä kooste tehdään")
	w.waitFor(patience, "the choice of digests", choose+" !== undefined")
	w.photograph("digest-choices", choose)
	w.pressOn(choose, "Viikkotiedote")
	form := cardsWith(saveButton) + ".at(-1)"
	w.waitFor(patience, "the draft", form+" !== undefined")
	draft := evaluate[string](w, form+".querySelector('textarea').value")
	for _, words := range []string{"Kirjautuminen puolesta asioivana (osallistui 2)", "Puolesta asiointi (1)", "Allergiakausi"} {
		if !evaluate[bool](w, fmt.Sprintf("%q.includes(%q)", draft, words)) {
			w.fail(fmt.Sprintf("the draft does not tell %q: %s", words, draft))
		}
	}
	w.photographWhole("digest", form)
	w.fill(form, "Teksti", "Viikon kuulumiset:\n\n- **Digivartti** onnistui hyvin")
	w.pressOn(form, saveButton)
	w.waitFor(patience, "the draft to be saved", cardShowing("Luonnos tallennettu")+" !== undefined")
	w.pressOn(cardShowing("Luonnos tallennettu"), sendButton)
	sent := cardShowing("Kooste · lähetetty")
	w.waitFor(patience, "the digest to be sent", sent+" !== undefined")
	w.photograph("digest-sent", sent)
	w.visit(management)
	request := cardsWith(approveButton) + "[0]"
	w.waitFor(patience, "the request in the management team's chat", request+" !== undefined")
	w.see(request, "Viikkotiedote, viikko 11")
	w.photograph("digest-request")
}

// choose opens a list by its label and takes the choice that begins so.
func (w *window) choose(card, label, choice string) {
	w.t.Helper()
	list := fmt.Sprintf("document.getElementById([...%s.querySelectorAll('label')].find(l => l.innerText.startsWith(%q)).htmlFor)", card, label)
	w.click(list)
	option := fmt.Sprintf("[...document.querySelectorAll('[role=option]')].find(o => o.innerText.startsWith(%q))", choice)
	w.waitFor(patience, "the list to open", option+" !== undefined")
	w.click(option)
}
