package bot_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// open has Olli open the form of a session.
func (w *approvalWorld) open(session int64) shown {
	w.Helper()
	me := teamstest.Personal(olli)
	return w.click(me, olli, w.say(me, olli, "digivartit"), cards.VerbSessionEdit, map[string]any{"session": fmt.Sprint(session)}).card
}

// A change to a session of a series is for that one, or for it and those after it: they get what was changed and keep
// what was not.
func TestSessionSeriesChanged(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(olli)
	w.holds(map[string]any{"repeat": "FREQ=WEEKLY;COUNT=4"}) // 24.3., 31.3., 7.4., 14.4.
	w.edit(3, map[string]any{"title": "Oma aihe"})           // this one alone
	form := w.open(2)
	contains(t, form.text(), "osa sarjaa", "2 kertaa", "Tallenna tämä ja seuraavat")
	following := map[string]any{"following": true}
	with := func(inputs map[string]any) map[string]any {
		inputs["following"] = true
		return inputs
	}
	// A day that one of them cannot have changes none of them: Good Friday is 3.4.
	refused := w.click(me, olli, form, cards.VerbSessionSave, with(map[string]any{"date": "2026-03-27"}))
	if !beside(refused.card, "date") || !strings.Contains(refused.card.text(), "3.4.2026") {
		t.Errorf("a holiday: %s", refused.card.text())
	}
	saved := w.click(me, olli, form, cards.VerbSessionSave, with(map[string]any{"date": "2026-04-01", "time": "09:00", "links": "https://intra.example/ohje"}))
	contains(t, saved.card.text(), "Tallennettu", "ke 8.4., ke 15.4.")
	equal(t, "starts", w.starts(), "24.3.2026 14:00", "1.4.2026 09:00", "8.4.2026 09:00", "15.4.2026 09:00")
	if s := w.MustSession(3); s.Title != "Oma aihe" || len(s.Links) != 1 || s.Minutes != 15 {
		t.Errorf("the third is %+v", s)
	}
	if got := w.audited("session.change"); len(got) != 4 {
		t.Errorf("audit %q", got)
	}
	// A week later each takes the time of the next: that is no overlap.
	contains(t, w.click(me, olli, w.open(2), cards.VerbSessionSave, with(map[string]any{"date": "2026-04-08"})).card.text(), "Tallennettu")
	equal(t, "starts", w.starts(), "24.3.2026 14:00", "8.4.2026 09:00", "15.4.2026 09:00", "22.4.2026 09:00")
	// The first alone, then the rest from the third on.
	again := w.click(me, olli, w.open(1), cards.VerbSessionSave, nil)
	contains(t, again.card.text(), "Peru vain tämä", "Peru tämä ja 3 seuraavaa")
	w.click(me, olli, again.card, cards.VerbSessionCallOff, nil)
	third := w.click(me, olli, w.open(3), cards.VerbSessionSave, nil)
	contains(t, w.click(me, olli, third.card, cards.VerbSessionCallOff, following).card.text(), "Peruttu")
	equal(t, "starts", w.starts(), "8.4.2026 09:00")
	contains(t, w.click(me, olli, third.card, cards.VerbSessionCallOff, following).text, "Tilaisuus on peruttu")
	// The last one left has nothing after it.
	if strings.Contains(w.open(2).text(), "seuraavat") {
		t.Error("the form still speaks of others")
	}
}

// An audience that a session is not for any more loses its card; the sign-ups hold. One that is added again has it back.
func TestSessionAudienceRemoved(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(map[string]any{"audience": "Ammattilaiset"})
	w.passed("2026-03-17 08:30")
	card := w.posted(w.swedes.ConversationID, 1)
	w.click(w.swedes, erik, card, cards.VerbSignUp, nil)
	w.edit(1, map[string]any{"audience": "Hoitajat"})
	gone := w.becomes(card, "inte längre")
	if len(gone.verbs()) > 0 {
		t.Errorf("it still has buttons: %v", gone.verbs())
	}
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent", "Hoito / Kaikki: withdrawn (not for this channel any more)", "Hoito / Vårdare: withdrawn (not for this channel any more)")
	if n := w.turnout(1); n.SignedUp != 1 {
		t.Errorf("turnout %+v", n)
	}
	w.edit(1, map[string]any{"audience": "Ammattilaiset"})
	w.becomes(card, cards.VerbSignUp)
	w.passed("2026-03-17 08:31")
	if n := w.count(w.swedes.ConversationID, cards.VerbSignUp); n != 1 {
		t.Errorf("%d invitations in one channel", n)
	}
	// What has begun stays as it is.
	w.passed("2026-03-24 13:45")
	w.pass("2026-03-24 14:01")
	w.edit(1, map[string]any{"audience": "Hoitajat"})
	equal(t, "reminders", w.posts(store.KindSessionSoon), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
}

// Who was known by e-mail alone is one person with who they turn out to be.
func TestOnlineReportPersonKnownLater(t *testing.T) {
	t.Parallel()
	o := &online{}
	w := MustSessions(t, withGraph(o))
	w.holds(map[string]any{"joinUrl": ""})
	s := w.meeting(1, store.MeetingMade)
	w.passed("2026-03-24 14:20")
	stay := func(minutes int) []store.Interval {
		return []store.Interval{{From: s.Start, To: s.Start.Add(time.Duration(minutes) * time.Minute)}}
	}
	uuno, veera := person("uuno", "Uuno Uusi", "fi-FI"), person("veera", "Veera Vieras", "fi-FI")
	met := func(p store.Person) {
		w.MustWrite(func(tx *store.Tx) error { return tx.MeetPerson(p, w.clock.Now()) })
	}
	met(store.Person{ID: "00000000-0000-4000-8000-00000000000a", Name: "A", Email: "yhteinen@hva.example"})
	met(store.Person{ID: "00000000-0000-4000-8000-00000000000b", Name: "B", Email: "yhteinen@hva.example"})
	o.answers(nil, store.AttendanceReport{ID: "1", Total: 3, Records: []store.AttendanceRecord{
		{Email: strings.ToUpper(uuno.Email), Name: "Uuno", Intervals: stay(5)}, {Email: veera.Email, Name: "Veera", Intervals: stay(7)}, {Email: "yhteinen@hva.example", Intervals: stay(3)},
	}})
	w.look(1, o)
	equal(t, "people", w.attended(1), " 3 graph", "Uuno 5 graph", "Veera 7 graph")
	// The roster tells whose address it is; an address of two people is of nobody.
	met(store.Person{ID: uuno.AADObjectID, Name: uuno.Name, Email: uuno.Email})
	met(store.Person{ID: "00000000-0000-4000-8000-00000000000a", Name: "A", Email: "yhteinen@hva.example"})
	equal(t, "people", w.attended(1), " 3 graph", uuno.Name+" 5 graph", "Veera 7 graph")
	// A later report tells the id itself.
	o.answers(nil, store.AttendanceReport{ID: "1", Total: 1, Records: []store.AttendanceRecord{{PersonID: veera.AADObjectID, Email: veera.Email, Name: "Veera", Intervals: stay(9)}}})
	w.look(1, o)
	equal(t, "people", w.attended(1), " 3 graph", uuno.Name+" 5 graph", "Veera 9 graph")
}

// Somebody who came and cannot be written to after all is asked in the channel.
func TestFeedbackUnreachable(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.knows(sanna)
	w.knows(erik)
	w.holds(nil)
	w.passed("2026-03-24 13:45")
	w.joined(sanna, erik)
	chat := teamstest.PersonalChat(sanna.ID)
	w.conn.SetFault(func(r *http.Request) teamstest.Fault {
		if strings.Contains(r.URL.Path, chat) {
			return teamstest.Fault{Status: http.StatusForbidden}
		}
		return teamstest.Fault{}
	})
	w.passed("2026-03-24 14:20")
	contains(t, w.find(w.nurses.ConversationID, cards.VerbFeedback).text(), "Ajanvaraus")
	w.settled()
	if n := w.count(w.nurses.ConversationID, cards.VerbFeedback); n != 1 {
		t.Errorf("asked %d times in the channel", n)
	}
	w.chat(erik, cards.VerbFeedback)
}

// What has been held cannot be moved or called off, and who came stays counted; material can still be added. Its cards
// say that it is over.
func TestSessionHeld(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(olli)
	_, saved := w.holds(nil)
	w.passed("2026-03-17 08:30")
	card := w.posted(w.nurses.ConversationID, 1)
	w.passed("2026-03-24 13:45")
	soon := w.joined(sanna)
	form := w.open(1)
	w.passed("2026-03-24 14:20")
	for _, posted := range []shown{card, soon} {
		if over := w.becomes(posted, "Tilaisuus on päättynyt"); len(over.verbs()) > 0 {
			t.Errorf("it still has buttons: %v", over.verbs())
		}
	}
	contains(t, w.click(me, olli, saved.card, cards.VerbSessionCallOff, nil).text, "päättynyt")
	for field, value := range map[string]string{"date": "2026-04-02", "minutes": "480"} {
		if ans := w.click(me, olli, form, cards.VerbSessionSave, map[string]any{field: value}); !beside(ans.card, "date") {
			t.Errorf("%s: %s%s", field, ans.text, ans.card.text())
		}
	}
	contains(t, w.click(me, olli, form, cards.VerbSessionSave, map[string]any{"links": "https://ohje.example/tallenne"}).card.text(), "allennettu")
	contains(t, w.click(w.nurses, mia, soon, cards.VerbJoin, nil).card.text(), "ohje.example/tallenne")
	if n := w.turnout(1); n.Attended != 1 {
		t.Errorf("turnout %+v", n)
	}
	equal(t, "sessions", w.starts(), "24.3.2026 14:00")
}

// A host who has a namesake stays the host when somebody else edits the session.
func TestSessionHostNamesake(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	other := person("olli2", olli.Name, "fi-FI")
	w.MustWrite(func(tx *store.Tx) error {
		if err := tx.GiveRole(other.AADObjectID, store.RoleDigimentor, 0); err != nil {
			return err
		}
		return tx.MeetPerson(store.Person{ID: other.AADObjectID, Name: other.Name, Email: other.Email}, w.clock.Now())
	})
	for _, who := range []teamstest.Person{other, jane} {
		me := teamstest.Personal(who)
		form := w.click(me, who, w.say(me, who, "digivartit"), cards.VerbSessionEdit, nil)
		ans := w.click(me, who, form.card, cards.VerbSessionSave, map[string]any{"title": "Muutti " + who.AADObjectID})
		if s := w.MustSession(1); s.HostID != olli.AADObjectID || s.Title != "Muutti "+who.AADObjectID {
			t.Errorf("stored %+v after %s%s", s, ans.text, ans.card.text())
		}
	}
}
