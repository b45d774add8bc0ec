package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// office is a bot that has something of everything: an entry with its reminder, a series, content that waits and some that is out, needs, meetings,
// a digest, sessions before and after now, and a file that waits to be imported. It is Monday 9 March 2026, 9.30.
type office struct {
	*approvalWorld
	entry, series, upload string
}

func mustOffice(tb testing.TB) *office {
	tb.Helper()
	w := &office{approvalWorld: MustSessions(tb)}
	w.meets()
	w.published(map[string]any{"title": "Ulkona"})
	w.MustWrite(func(tx *store.Tx) error {
		for _, role := range []store.Role{store.RoleApprover, store.RoleDigimentor, store.RoleAdmin} {
			if err := tx.GiveRole(mia.AADObjectID, role, 0); err != nil {
				return err
			}
		}
		return tx.SaveMeeting(store.Meeting{Kind: store.WorkingGroup, First: day("2026-03-12"), Time: 9 * 60, Every: 2, Cutoff: 24}, w.clock.Now(), calendar)
	})
	w.submit(erik, map[string]any{"title": "Odottaa", "titleSv": "Väntar", "bodySv": "Snart."})
	w.submit(jane, map[string]any{"title": "Odottaa johtoryhmää"})
	w.entry = w.MustAdd(store.Entry{Title: "Kevätsiivous", Start: day("2026-03-11"), Audiences: []string{"Hoitajat"}, Owner: mia.Name, Leads: []int{7, 1}, Campaign: "Kevät", Approval: true})
	w.series = w.MustAdd(bulletin())
	w.asked("Aukioloajat muuttuvat")
	w.holds()
	w.holds(map[string]any{"title": "Alkuviikko", "date": "2026-03-09", "time": "09:00", "repeat": "weekly"})
	w.pass("2026-03-09 08:50")
	w.MustWrite(func(tx *store.Tx) error {
		for _, who := range []teamstest.Person{mia, sanna, erik} {
			if _, _, err := tx.SignUp(2, who.AADObjectID, w.clock.Now()); err != nil {
				return err
			}
			if err := tx.Join(2, who.AADObjectID, w.clock.Now()); err != nil {
				return err
			}
		}
		u := store.Upload{PersonID: mia.AADObjectID, Name: "kello-2026.csv", Data: []byte("otsikko;alkaa;kohderyhmä\nTiedosto;1.9.2026;Hoitajat\nHuono;kevät;\n")}
		err := tx.AddUpload(&u, time.Now().Add(24*time.Hour)) // so that it waits for as long as anybody tries it
		w.upload = u.ID
		return err
	})
	w.say(teamstest.Personal(mia), mia, "kooste Viikkotiedote")
	w.pass("2026-03-09 09:30")
	w.recorded()
	return w
}

// actors are who clicks: mia may do everything.
var actors = []teamstest.Person{mia, hanna, olli, sanna, erik, jane, aino}

// holdsGood checks what somebody is answered and what goes out: every card within its size and of valid JSON, a refusal with a sentence in
// every language, and no failure of ours.
func (w *office) holdsGood(t *testing.T, who teamstest.Person, verb string, data map[string]any) {
	t.Helper()
	card, text, beside, err, broken := w.bot.Try(context.Background(), w.Click(teamstest.Personal(who), who, "1", verb, data))
	if broken != nil {
		t.Fatalf("%s %v: %v", verb, data, broken)
	}
	if card != nil {
		beside = append(beside, *card)
	}
	for _, c := range beside {
		if b := c.AppendJSON(nil); len(b) > cards.MaxBytes || !json.Valid(b) || !utf8.Valid(b) || strings.TrimSpace(c.Summary) == "" || strings.ContainsAny(c.Summary, "\r\n") {
			t.Fatalf("%s %v: a card of %d bytes, %q: %s", verb, data, len(b), c.Summary, b)
		}
	}
	var known *store.Error
	switch {
	case err == nil && card == nil && text == "" && verb != cards.VerbCommand:
		t.Fatalf("%s %v: no answer", verb, data)
	case err == nil:
	case !errors.As(err, &known) || known.Kind == store.KindUnavailable:
		t.Fatalf("%s %v: %v", verb, data, err)
	default:
		for _, l := range cards.Langs() {
			if said := l.Error(err); said == "" || said == known.Key || strings.Contains(said, "{") && !strings.Contains(mention(data), "{") {
				t.Fatalf("%s %v: %q", verb, data, said)
			}
		}
	}
}

// mention is everything that data says.
func mention(data map[string]any) string {
	b, err := json.Marshal(data)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// FuzzAction presses every button there is, with two of the inputs replaced by anything.
func FuzzAction(f *testing.F) {
	w := mustOffice(f)
	with := func(data ...map[string]any) map[string]any {
		all := map[string]any{}
		for _, d := range data {
			maps.Copy(all, d)
		}
		return all
	}
	entry := map[string]any{"clock": "vuosikello", "title": "Toimenpide", "start": "2026-05-04", "end": "", "repeat": "", "campaign": "", "audience": "Hoitajat", "channels": "intra,some", "owner": mia.Name,
		"reminders": "14,3,0", "materials": "2026-04-20", "approval": "true", "goal": ""}
	content := with(text(), map[string]any{"titleSv": "", "bodySv": "", "link": "https://hva.example/", "image": "", "imageAlt": ""})
	waiting := map[string]any{"content": "2", "version": "1", "comment": "Hyvä"}
	session := sessionInputs()
	buttons := []struct {
		verb string
		data map[string]any
	}{
		{cards.VerbEntrySave, entry},
		{cards.VerbEntrySave, with(entry, map[string]any{"entry": w.series, "version": "1", "title": "Viikkotiedote", "start": "2026-01-09", "repeat": "FREQ=WEEKLY;BYDAY=FR"})},
		{cards.VerbEntryEdit, map[string]any{"entry": w.series}},
		{cards.VerbEntryRemove, map[string]any{"entry": w.entry, "version": "1"}},
		{cards.VerbEntryDone, map[string]any{"reminder": "1", "version": "1", "link": "https://hva.example/tehty"}},
		{cards.VerbEntrySnooze, map[string]any{"reminder": "1", "version": "1", "days": "2"}},
		{cards.VerbEntryContent, map[string]any{"reminder": "1", "entry": w.entry}},
		{cards.VerbContentSave, content},
		{cards.VerbContentPreview, content},
		{cards.VerbContentSubmit, content},
		{cards.VerbContentSubmit, with(content, map[string]any{"content": "2", "version": "1", "entry": w.entry})},
		{cards.VerbContentEdit, map[string]any{"content": "2", "version": "1"}},
		{cards.VerbApprove, waiting},
		{cards.VerbReturn, waiting},
		{cards.VerbEscalate, waiting},
		{cards.VerbWithdrawRequest, waiting},
		{cards.VerbAck, map[string]any{"content": "1", "version": "1"}},
		{cards.VerbCorrect, with(content, map[string]any{"content": "1", "version": "1"})},
		{cards.VerbWithdrawPublication, map[string]any{"content": "1", "version": "1"}},
		{cards.VerbRemindPublication, map[string]any{"content": "1", "version": "1"}},
		{cards.VerbMeetingSave, map[string]any{"meeting": "management", "first": "2026-03-10", "time": "12.00", "every": "2", "cutoff": "24"}},
		{cards.VerbMeetingOutcome, map[string]any{"meeting": "working_group", "date": "2026-03-12", "item": "need:1", "outcome": "postponed", "comment": "Ensi kerralla"}},
		{cards.VerbMeetingOutcome, map[string]any{"meeting": "management", "date": "2026-03-10", "item": "content:2:1", "outcome": "approved", "comment": ""}},
		{cards.VerbNeedAccept, map[string]any{"need": "1", "comment": ""}},
		{cards.VerbNeedDecline, map[string]any{"need": "1", "comment": "Ei nyt"}},
		{cards.VerbSessionSave, session},
		{cards.VerbSessionSave, with(session, map[string]any{"session": "3", "version": "1", "following": "true", "date": "2026-03-16", "time": "10:00"})},
		{cards.VerbSessionEdit, map[string]any{"session": "1", "version": "1"}},
		{cards.VerbSessionCallOff, map[string]any{"session": "3", "version": "1", "following": "true"}},
		{cards.VerbSignUp, map[string]any{"session": "1"}},
		{cards.VerbSignOff, map[string]any{"session": "2"}},
		{cards.VerbJoin, map[string]any{"session": "2"}},
		{cards.VerbFeedback, map[string]any{"session": "2", "rating": "5", "need": "Sovellus", "topic": "Ajanvaraus"}},
		{cards.VerbSessionNeeds, map[string]any{"needs": "Sovellus\nAjanvaraus; Etävastaanotto"}},
		{cards.VerbAttendanceCorrect, map[string]any{"session": "2", "person": sanna.Name, "minutes": "10"}},
		{cards.VerbDigestSave, map[string]any{"digest": "1", "version": "1", "body": "**Tällä viikolla**\n- yksi"}},
		{cards.VerbDigestSend, map[string]any{"digest": "1", "version": "1", "body": "Tällä viikolla"}},
		{cards.VerbImportApply, map[string]any{"upload": w.upload, "year": "2026", "clock": "", "removeMissing": "false", "skipBad": "true"}},
		{cards.VerbImportCancel, map[string]any{"upload": w.upload}},
		{cards.VerbEntrySave, with(entry, map[string]any{"repeatRule": "FREQ=MONTHLY;BYDAY=1MO", "repeat": "other"})},
	}
	for i := range buttons {
		f.Add(uint8(i), uint8(0), uint8(0), "", uint8(0), "")
	}
	for _, value := range []string{"FREQ=MONTHLY;BYDAY=53MO", "2026-02-30", "31.12.2199", "-1", "9223372036854775808", "<at>Kaikki</at> **[a](javascript:x)**", "\x00\u202e{title}", strings.Repeat("ä€<", 4000)} {
		f.Add(uint8(0), uint8(0), uint8(10), value, uint8(11), "2026-05-05")
	}
	f.Fuzz(func(t *testing.T, button, who, input uint8, value string, other uint8, second string) {
		b := buttons[int(button)%len(buttons)]
		data := with(b.data)
		names := slices.Sorted(maps.Keys(data))
		if value != "" {
			data[names[int(input)%len(names)]] = value
		}
		if second != "" {
			data[names[int(other)%len(names)]] = second
		}
		w.holdsGood(t, actors[int(who)%len(actors)], b.verb, data)
	})
}

// FuzzCommand says anything to the bot, in the chat of somebody who may do everything or little.
func FuzzCommand(f *testing.F) {
	w := mustOffice(f)
	for _, s := range []string{
		"apua", "kello 3/2026", "kello Kevät", "kalenteri poista", "tulossa 99999999999999999999", "lisää", "digivartti 24.3.2026 14.00 Ajanvaraus", "digivartti 29.2.2027 25.99 x", "session 2026-03-24 kl 14:00 <at>x</at>",
		"digivartit", "osallistuminen 2", "tavoittavuus Ulkona", "tavoittavuus 1.1.–31.3.2026", "kooste Tulosaluekooste / Hoito", "kooste Viikkotiedote", "mittarit Kävijät 2025Q2 12 400", "mittarit Kävijät 2026-W06 1,2 milj.", "tarve {title} **x**",
		"esityslista", "kanava Hoitajat, Uusi", "kanava poista työryhmä", "rooli viestintä Mia Viestijä 31.7.2026 asti", "rooli poista ylläpitäjä Mia Viestijä", "vie ledger", "export audit", "kieli sv", "poista tietoni", "unohda minut",
	} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, who uint8) {
		w.holdsGood(t, actors[int(who)%len(actors)], cards.VerbCommand, map[string]any{"text": text})
	})
}
