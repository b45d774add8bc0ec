package bot_test

import (
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// knows makes the bot's chat with a person known: they have written to it.
func (w *world) knows(p teamstest.Person) teamstest.Place {
	w.Helper()
	w.say(teamstest.Personal(p), p, "apua")
	return teamstest.Personal(p)
}

// write opens the content form from a reminder; it comes to the personal chat as the n-th message there.
func (w *world) write(who teamstest.Person, reminder shown, n int) shown {
	w.Helper()
	contains(w, w.click(w.wg, who, reminder, cards.VerbEntryContent, nil).text, "yksityiseen")
	return w.posted(teamstest.PersonalChat(who.ID), n)
}

// The form opens from the reminder, keeps what was written, and opens again with it.
func TestDraft(t *testing.T) {
	t.Parallel()
	w, _, s := reminded(t)
	mine := w.knows(olli)
	f := w.write(olli, s, 1)
	if v := f.inputs(); v["title"] != "Kevätkampanja" || v["publishDate"] != "2026-03-16" || v["publishTime"] != "08:30" {
		t.Errorf("the form holds %q", v)
	}
	typed := map[string]any{"title": "Otsikko", "body": "Ensimmäinen\nToinen **rivi**", "titleSv": "Rubrik", "link": "https://hva.example/", "publishTime": "14:00", "checkPrivacy": "true"}
	saved := w.click(mine, olli, f, cards.VerbContentSave, typed).card
	contains(t, saved.text(), "8.30", "Otsikko")
	contains(t, w.updated(f, 1).text(), "Otsikko")
	for id, want := range typed {
		if got := saved.inputs()[id]; got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	again := w.click(mine, olli, saved, cards.VerbContentSave, map[string]any{"title": "Parempi"}).card
	contains(t, w.updated(s, 1).text(), "Muokkaa") // the reminder knows that there is a draft

	// Somebody else in communications goes on with the same draft.
	hers := w.knows(mia)
	g := w.write(mia, s, 1)
	if v := g.inputs(); v["title"] != "Parempi" || v["body"] != typed["body"] {
		t.Errorf("the form came back with %q", v)
	}
	w.click(hers, mia, g, cards.VerbContentSave, map[string]any{"title": "Mian"})

	// The first saves an older version: nothing is lost on either side, and sending again decides.
	conflict := w.click(mine, olli, again, cards.VerbContentSave, map[string]any{"title": "Ollin"}).card
	contains(t, conflict.text(), "samaan aikaan")
	if v := conflict.inputs(); v["title"] != "Ollin" {
		t.Errorf("what was typed is lost: %q", v)
	}
	if got := w.write(mia, s, 2).inputs()["title"]; got != "Mian" {
		t.Errorf("the draft was overwritten by %q", got)
	}
	w.click(mine, olli, conflict, cards.VerbContentSave, nil)
	if got := w.write(mia, s, 3).inputs()["title"]; got != "Ollin" {
		t.Errorf("the draft is %q", got)
	}
}

// Only communications and the entry's owner write content, whatever the data says.
func TestDraftRefused(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	foreign := campaign()
	foreign.Title, foreign.Owner = "Toisen", "Sanna Sivullinen"
	other := w.MustAdd(foreign)
	mine := w.knows(olli)
	contains(t, w.click(w.wg, sanna, s, cards.VerbEntryContent, nil).text, "vastuuhenkilö")
	f := w.write(olli, s, 1)
	saved := w.click(mine, olli, f, cards.VerbContentSave, map[string]any{"title": "Oma"}).card
	data := saved.data(t, cards.VerbContentSave, nil)
	for _, tc := range []struct {
		who   teamstest.Person
		entry string
		want  string
	}{
		{sanna, id, "vastuuhenkilö"},    // neither
		{sanna, other, "vastuuhenkilö"}, // takes another's draft to the own entry
		{olli, other, "vastuuhenkilö"},  // moves the own draft to another's entry
		{olli, "none", "tarvitaan rooli"},
		{olli, "ei ole", "tarvitaan rooli"},
	} {
		data["entry"] = tc.entry
		contains(t, w.invoke(w.Click(teamstest.Personal(tc.who), tc.who, saved.activity, cards.VerbContentSave, data)).text, tc.want)
	}
	equal(t, "audit", w.audit(), "content.save")
}

func TestDraftMistakes(t *testing.T) {
	t.Parallel()
	w, _, s := reminded(t)
	mine := w.knows(mia)
	f := w.write(mia, s, 1)
	for _, tc := range []struct{ field, value, want string }{
		{"title", strings.Repeat("x", 301), "301"}, {"body", strings.Repeat("x", 6001), "001"}, {"body", strings.Repeat("x", 9000), "pitkä"},
		{"link", "javascript:alert(1)", "koko osoite"}, {"image", "kuva.png", "koko osoite"}, {"link", "https://hva.example/" + strings.Repeat("x", 1000), "pitkä"},
		{"publishDate", "huomenna", "ei voi lukea"}, {"publishTime", "25:00", "ei voi lukea"}, {"publishTime", "aamulla", "ei voi lukea"},
	} {
		ans := w.click(mine, mia, f, cards.VerbContentSave, map[string]any{tc.field: tc.value, "imageAlt": "säilyy"})
		contains(t, ans.card.text(), tc.want)
		if !beside(ans.card, tc.field) || ans.card.inputs()["imageAlt"] != "säilyy" {
			t.Errorf("%s: not beside its field, or what was typed is lost", tc.field)
		}
	}
	equal(t, "audit", w.audit())
	// What is not wrong but large or odd is kept, or refused: it is answered, and the form stays small enough.
	for _, data := range []map[string]any{
		{"audience": strings.Repeat("ä,", 50_000)}, {"entry": strings.Repeat("x", 100_000)}, {"checkPrivacy": strings.Repeat("x", 100_000)}, {"content": "7"}, {"content": "-1"},
		{"content": "x"}, {"version": "99999999999999999999"}, {"title": []any{1}}, {"body": map[string]any{"a": 1}}, {"title": 7, "body": true},
	} {
		ans := w.click(mine, mia, f, cards.VerbContentSave, data)
		if len(ans.card.raw) > cards.MaxBytes*5/4 || ans.text == "" && ans.card.raw == nil {
			t.Errorf("%.40v: %q, a card of %d bytes", data, ans.text, len(ans.card.raw))
		}
	}
}

// Content of an entry that is taken out of the clock meanwhile is not lost, and the form says what has become of it.
func TestDraftOfRemovedEntry(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	mine := w.knows(mia)
	f := w.write(mia, s, 1)
	w.MustWrite(func(tx *store.Tx) error { return tx.RemoveEntry(id, w.clock.Now(), calendar) })
	ans := w.click(mine, mia, f, cards.VerbContentSave, map[string]any{"body": "kirjoitettu"})
	contains(t, ans.card.text(), "poistettu")
	if ans.card.inputs()["body"] != "kirjoitettu" {
		t.Errorf("what was typed is lost: %q", ans.card.inputs())
	}
	contains(t, w.click(mine, mia, ans.card, cards.VerbContentSave, map[string]any{"entry": "none"}).card.text(), "8.30")
}
