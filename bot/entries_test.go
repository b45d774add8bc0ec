package bot_test

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// form asks for the form of a new entry in a personal chat.
func (w *world) form(who teamstest.Person) shown {
	w.Helper()
	return w.say(teamstest.Personal(who), who, "lisää")
}

// filled is a form with everything in it.
var filled = map[string]any{
	"title": "  Kesä  tulee ", "start": "2026-06-01", "end": "2026-06-05", "repeat": "none", "campaign": "Kesä", "audience": "Ammattilaiset,Some", "channels": "intra, Teams",
	"owner": "Mia Viestijä", "reminders": "14,3,0", "materials": "2026-05-20", "approval": "false", "goal": "Sata lukijaa", "clock": "Päijät-Sote",
}

func TestEntryFormPlace(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	// In a personal chat the form is the answer.
	if got := w.form(mia).verbs(); len(got) != 1 || got[0] != cards.VerbEntrySave {
		t.Errorf("verbs %q", got)
	}
	// In a channel it goes to the personal chat that the bot knows …
	contains(t, w.say(w.pro, mia, "lisää").text(), "yksityiseen keskusteluumme")
	personal := w.posted(teamstest.PersonalChat(mia.ID), 1)
	personal.data(t, cards.VerbEntrySave, nil)
	// … else it is a reply in the thread, and no post that others share holds one.
	s := w.say(w.pro.Thread("123"), jane, "lisää")
	s.data(t, cards.VerbEntrySave, nil)
	if s.conversation != w.pro.ConversationID+";messageid=123" {
		t.Errorf("the form went to %s", s.conversation)
	}
	// A channel's own audience is chosen already.
	w.say(w.pro, aino, "kanava Ammattilaiset")
	if got := w.say(w.pro, jane, "lisää").inputs()["audience"]; got != "Ammattilaiset" {
		t.Errorf("audience %q", got)
	}
}

func TestEntrySave(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine := teamstest.Personal(mia)
	f := w.form(mia)
	ans := w.click(mine, mia, f, cards.VerbEntrySave, filled)
	contains(t, ans.card.text(), "Kesä tulee", "1.–5.6.", "18.5.")
	contains(t, w.updated(f, 1).text(), "Kesä tulee") // the form does not come back when the chat is opened again
	var got *store.Entry
	w.MustRead(func(tx *store.Tx) error {
		list, err := tx.Entries(store.EntryFilter{})
		got = list[0]
		return err
	})
	want := store.Entry{Title: "Kesä tulee", Start: day("2026-06-01"), End: day("2026-06-05"), Campaign: "Kesä", Audiences: []string{"Ammattilaiset", "Some"},
		Channels: []string{"intra", "Teams"}, Owner: "Mia Viestijä", Leads: []int{14, 3, 0}, Materials: day("2026-05-20"), Goal: "Sata lukijaa",
		State: store.Planned, Clock: store.Clock{Name: "Päijät-Sote", Year: 2026}}
	if !got.SameContent(&want) {
		t.Errorf("stored %+v", got)
	}
	// A slow answer looks like a failure: the same form is sent again, and is the same entry.
	contains(t, w.click(mine, mia, f, cards.VerbEntrySave, filled).card.text(), "Kesä tulee")
	equal(t, "entries", w.entries(), "Kesä tulee")

	// Edited: the filled form comes back, and saving it makes a new version.
	edit := w.click(mine, mia, ans.card, cards.VerbEntryEdit, nil).card
	if v := edit.inputs(); v["title"] != "Kesä tulee" || v["start"] != "2026-06-01" || v["reminders"] != "14,3,0" || v["approval"] != "false" {
		t.Errorf("the form holds %q", v)
	}
	saved := w.click(mine, mia, edit, cards.VerbEntrySave, map[string]any{"start": "2026-06-02"}).card
	contains(t, saved.text(), "2.–5.6.")
	contains(t, w.click(mine, mia, edit, cards.VerbEntrySave, map[string]any{"start": "2026-06-03"}).card.text(), "samaan aikaan")
	unchanged := w.click(mine, mia, w.click(mine, mia, saved, cards.VerbEntryEdit, nil).card, cards.VerbEntrySave, nil).card
	if e := w.MustEntry(got.ID); e.Start != day("2026-06-02") || e.Version != 2 {
		t.Errorf("version %d begins %s", e.Version, e.Start)
	}

	// A card that shows an older version removes nothing: it shows the entry as it is.
	contains(t, w.click(mine, mia, ans.card, cards.VerbEntryRemove, nil).card.text(), "2.–5.6.")
	contains(t, w.click(mine, sanna, unchanged, cards.VerbEntryRemove, nil).text, "viestintä")
	equal(t, "entries", w.entries(), "Kesä tulee")
	contains(t, w.click(mine, mia, unchanged, cards.VerbEntryRemove, nil).card.text(), "Kesä tulee", mia.Name)
	equal(t, "entries", w.entries())
	for _, verb := range []string{cards.VerbEntryEdit, cards.VerbEntryRemove} {
		contains(t, w.click(mine, mia, saved, verb, nil).text, "poistettu")
	}
	contains(t, w.click(mine, mia, edit, cards.VerbEntrySave, nil).text, "poistettu")
	equal(t, "audit", w.audit(), "entry.add", "entry.change", "entry.remove")
}

// Two people edit the same entry: the second is shown what was typed, and decides.
func TestEntryConflict(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine, other := teamstest.Personal(mia), teamstest.Personal(erik)
	saved := w.click(mine, mia, w.form(mia), cards.VerbEntrySave, filled).card
	a := w.click(mine, mia, saved, cards.VerbEntryEdit, nil).card
	b := w.click(other, erik, saved, cards.VerbEntryEdit, nil).card
	w.click(mine, mia, a, cards.VerbEntrySave, map[string]any{"title": "Mian"})
	again := w.click(other, erik, b, cards.VerbEntrySave, map[string]any{"title": "Erikin", "goal": "oma"}).card
	contains(t, again.text(), "Någon")
	if v := again.inputs(); v["title"] != "Erikin" || v["goal"] != "oma" {
		t.Errorf("what was typed is lost: %q", v)
	}
	equal(t, "entries", w.entries(), "Mian")
	w.click(other, erik, again, cards.VerbEntrySave, nil)
	equal(t, "entries", w.entries(), "Erikin")
}

// A mistake brings the form back as it was typed, with the mistake beside its field.
func TestEntryMistakes(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine := teamstest.Personal(mia)
	f := w.form(mia)
	for _, tc := range []struct {
		field string
		value any
		want  string
	}{
		{"title", "", "Otsikko puuttuu"}, {"title", " \t ", "Otsikko puuttuu"}, {"title", strings.Repeat("ä", 301), "enintään 300"},
		{"start", "", "Alkamispäivä puuttuu"}, {"start", "1.6.", "ei voi lukea"}, {"start", "2026-02-30", "ei voi lukea"}, {"start", "0000-00-00", "ei voi lukea"},
		{"start", "9999-12-31", "vuosi"}, {"start", true, "ei voi lukea"}, {"start", 20260601, "ei voi lukea"},
		{"end", "2026-05-31", "ennen alkamispäivää"}, {"end", "2036-05-31", "kolme vuotta"},
		{"repeat", "aina kun sataa", "ei ymmärretä"}, {"repeat", "FREQ=HOURLY", "HOURLY"}, {"repeat", "FREQ=DAILY;COUNT=0", "ei ymmärretä"},
		{"repeat", "FREQ=WEEKLY;BYDAY=SU", "yhtään kertaa"},
		{"reminders", "huomenna", "0–366"}, {"reminders", "-1", "0–366"}, {"reminders", "367", "0–366"}, {"reminders", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21", "enintään 20"},
		{"reminders", "99999999999999999999", "0–366"},
		{"materials", "pian", "ei voi lukea"},
		{"owner", strings.Repeat("x", 301), "enintään 300"}, {"campaign", strings.Repeat("x", 301), "enintään 300"}, {"goal", strings.Repeat("x", 2001), "enintään"},
		{"clock", strings.Repeat("x", 301), "enintään 300"}, {"audience", strings.Repeat("x", 301), "enintään 300"}, {"channels", strings.Repeat("x", 301), "enintään 300"},
		{"reminders", strings.Repeat("1,", 50), ""}, // the same day many times is one
	} {
		inputs := maps.Clone(filled)
		inputs[tc.field] = tc.value
		ans := w.click(mine, mia, f, cards.VerbEntrySave, inputs)
		if tc.want == "" {
			continue
		}
		if ans.card.raw == nil {
			t.Errorf("%s %.30v: %q", tc.field, tc.value, ans.text)
			continue
		}
		contains(t, ans.card.text(), tc.want)
		values := ans.card.inputs()
		if values["goal"] != inputs["goal"] && tc.field != "goal" {
			t.Errorf("%s %.30v: what was typed elsewhere is lost: %q", tc.field, tc.value, values)
		}
		if typed, ok := tc.value.(string); ok && len(typed) < 100 && strings.TrimSpace(values[tc.field]) != strings.TrimSpace(typed) {
			t.Errorf("%s %q came back as %q", tc.field, typed, values[tc.field])
		}
		if !beside(ans.card, tc.field) {
			t.Errorf("%s %.30v: the mistake is not beside its field", tc.field, tc.value)
		}
	}
	equal(t, "entries", w.entries(), "Kesä tulee") // the last one, which is right
}

// beside reports whether a sentence follows an input of the form.
func beside(s shown, id string) (found bool) {
	s.walk(func(o map[string]any) {
		for _, list := range []string{"body", "items"} {
			elements, _ := o[list].([]any)
			for i, e := range elements[:max(0, len(elements)-1)] {
				input, _ := e.(map[string]any)
				next, _ := elements[i+1].(map[string]any)
				text, _ := next["text"].(string)
				found = found || input["id"] == id && strings.HasPrefix(text, "△")
			}
		}
	})
	return found
}

// Data that no form of ours sends is refused or kept as text; nothing breaks, and nothing is stored by mistake.
func TestEntryHostile(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine := teamstest.Personal(mia)
	w.form(mia)
	huge := strings.Repeat("ä*_[](", 25_000) // about 200 kB in the activity
	for _, data := range []any{
		map[string]any{"title": huge, "start": "2026-06-01"},
		map[string]any{"title": "T", "start": "2026-06-01", "goal": huge},
		map[string]any{"title": "T", "start": huge, "audience": ""},
		map[string]any{"title": "T", "start": "2026-06-01", "audience": huge},
		map[string]any{"title": "T", "start": "2026-06-01", "repeat": huge},
		map[string]any{"title": "T", "start": "2026-06-01", "reminders": strings.Repeat("1,x,", 50_000)},
		map[string]any{"title": []string{"lista"}, "start": "2026-06-01"},
		map[string]any{"title": map[string]any{"a": "b"}, "start": "2026-06-01"},
		map[string]any{"title": nil, "start": nil},
		map[string]any{"title": "T", "start": "2026-06-01", "version": "x"},
		map[string]any{"title": "T", "start": "2026-06-01", "entry": "ei ole"},
		map[string]any{"title": "T", "start": "2026-06-01", "entry": huge, "version": 1},
		map[string]any{"reminder": 1e300}, map[string]any{},
		[]any{}, "teksti", nil, 7,
	} {
		ans := w.invoke(w.Click(mine, mia, "1", cards.VerbEntrySave, data))
		if ans.text == "" && ans.card.raw == nil {
			t.Errorf("%.60v was not answered", data)
		}
		if !utf8.Valid(ans.card.raw) || len(ans.card.raw) > cards.MaxBytes*5/4 {
			t.Errorf("%.60v: a card of %d bytes", data, len(ans.card.raw))
		}
	}
	for _, verb := range []string{"", "tuntematon", "entry.save ", strings.Repeat("x", 10_000)} {
		if ans := w.invoke(w.Click(mine, mia, "1", verb, map[string]any{})); ans.text == "" {
			t.Errorf("verb %.20q was not answered", verb)
		}
	}
	equal(t, "entries", w.entries())
	equal(t, "audit", w.audit())
}

// "Something else" in a list brings the form back with a text input in its place.
func TestEntryOther(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	mine := teamstest.Personal(mia)
	inputs := maps.Clone(filled)
	inputs["audience"], inputs["repeat"] = "Some,"+cards.Other, cards.Other
	again := w.click(mine, mia, w.form(mia), cards.VerbEntrySave, inputs).card
	equal(t, "entries", w.entries(), "Kevätkampanja")
	saved := w.click(mine, mia, again, cards.VerbEntrySave, map[string]any{"audience": "Some, Uusi ryhmä", "repeat": "joka 2. viikko", "end": ""}).card
	contains(t, saved.text(), "Uusi ryhmä")
	equal(t, "entries", w.entries(), "Kevätkampanja", "Kesä tulee")
}

// Clients without Action.Execute send the form as a message: it is replaced by what came of it.
func TestEntrySubmit(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine := teamstest.Personal(mia)
	f := w.form(mia)
	wrong := w.Submit(mine, mia, f.activity, f.data(t, cards.VerbEntrySave, map[string]any{"title": ""}))
	w.post(wrong)
	again := w.replyTo(wrong)
	contains(t, again.text(), "Otsikko puuttuu")
	w.post(w.Submit(mine, mia, again.activity, again.data(t, cards.VerbEntrySave, map[string]any{"title": "Valmis"})))
	contains(t, w.updated(again, 1).text(), "Valmis")
	equal(t, "entries", w.entries(), "Valmis")
}
