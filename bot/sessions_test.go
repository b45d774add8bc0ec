package bot_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// MustSessions starts a bot with two digimentors, Olli and Jane; the audiences are those of MustApprovals.
func MustSessions(tb testing.TB, options ...option) *approvalWorld {
	tb.Helper()
	w := MustApprovals(tb, append([]option{withConfig(func(c *bot.Config) { c.PublicURL = "https://kello.example" })}, options...)...)
	w.MustWrite(func(tx *store.Tx) error {
		for _, p := range []teamstest.Person{olli, jane} {
			if err := tx.GiveRole(p.AADObjectID, store.RoleDigimentor, 0); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

const meetingLink = "https://teams.example/oma-kokous"

// sessionInputs is a session that can be saved as it is, with some inputs as given.
func sessionInputs(inputs ...map[string]any) map[string]any {
	values := map[string]any{"title": "Ajanvaraus sovelluksessa", "date": "2026-03-24", "time": "14:00", "minutes": "15", "audience": "Hoitajat", "host": olli.Name, "joinUrl": meetingLink, "repeat": "none", "links": ""}
	for _, m := range inputs {
		maps.Copy(values, m)
	}
	return values
}

// holds has Olli save a session in his own chat, and returns the form and the answer.
func (w *approvalWorld) holds(inputs ...map[string]any) (form shown, ans answer) {
	w.Helper()
	me := teamstest.Personal(olli)
	form = w.say(me, olli, "digivartti")
	return form, w.click(me, olli, form, cards.VerbSessionSave, sessionInputs(inputs...))
}

// MustSession returns a session as stored.
func (w *approvalWorld) MustSession(id int64) (s *store.Session) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) { s, err = tx.Session(id); return err })
	return s
}

// starts lists when the planned sessions begin.
func (w *approvalWorld) starts() (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		sessions, err := tx.Sessions(at("2026-01-01 00:00"), at("2028-01-01 00:00"))
		for _, s := range sessions {
			list = append(list, s.Start.In(helsinki).Format("2.1.2006 15:04"))
		}
		return err
	})
	return list
}

// turnout is a session's numbers.
func (w *approvalWorld) turnout(id int64) (n store.Turnout) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) { n, err = tx.Turnout(id); return err })
	return n
}

// passed moves the plan's time and waits until nothing is on its way any more.
func (w *approvalWorld) passed(to string) {
	w.Helper()
	w.pass(to)
	w.settled()
}

// settled waits until every post has an outcome.
func (w *approvalWorld) settled() {
	w.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		busy := 0
		w.MustRead(func(tx *store.Tx) error {
			return tx.Ledger(func(r *store.LedgerRow) error {
				if r.State == store.Pending || r.State == store.Sending {
					busy++
				}
				return nil
			})
		})
		if busy == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.Fatal("posts never got out:\n" + strings.Join(w.ledger(), "\n"))
		}
	}
}

// stale is how many cards show something old.
func (w *world) stale() int64 {
	w.Helper()
	var q store.Queue
	w.MustRead(func(tx *store.Tx) (err error) { q, err = tx.Queue(); return err })
	return q.Updates
}

// One line in a channel is a session for that channel's audience, hosted by who wrote it.
func TestSessionLine(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	for _, tc := range []struct{ line, want string }{
		{"24.11.2026 14:00 Ajanvaraus sovelluksessa", "24.11.2026 14:00"},
		{"ti 24.11.2026", ""},
		{"2026-11-25 klo 9.30 Otsikko, jossa on 24.11.", "25.11.2026 09:30"},
	} {
		s := w.say(w.both, olli, "digivartti "+tc.line)
		if tc.want == "" {
			contains(t, s.text(), "Kirjoita päivä, kellonaika ja otsikko")
			continue
		}
		contains(t, s.text(), "lisätty", olli.Name, "Ammattilaiset", "ei vielä kokouslinkkiä")
		if got := w.starts(); !slices.Contains(got, tc.want) {
			t.Errorf("%s: sessions %q", tc.line, got)
		}
	}
	s := w.MustSession(1)
	if s.Title != "Ajanvaraus sovelluksessa" || s.Minutes != 15 || s.HostID != olli.AADObjectID {
		t.Errorf("stored %+v", s)
	}
	equal(t, "audit", w.audited("session.add")[:1], olli.Name+" session:1 Ajanvaraus sovelluksessa")
}

func TestSessionLineRefused(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	for _, tc := range []struct {
		name, line, want string
		where            teamstest.Place
		who              teamstest.Person
	}{
		{"a day that does not exist", "31.2.2026 14:00 Otsikko", "31.2.2026", w.both, olli},
		{"a time that does not exist", "24.3.2026 25:00 Otsikko", "25:00", w.both, olli},
		{"no title", "24.3.2026 14:00", "Kirjoita päivä, kellonaika ja otsikko", w.both, olli},
		{"no year", "24.3. 14:00 Otsikko", "Kirjoita päivä, kellonaika ja otsikko", w.both, olli},
		{"somebody without the role", "24.3.2026 14:00 Otsikko", "digimentori", w.both, sanna},
		{"in the past", "1.3.2026 14:00 Otsikko", "Aika on jo mennyt", w.both, olli},
		{"today, but an hour ago", "2.3.2026 7:00 Otsikko", "Aika on jo mennyt", w.both, olli},
		{"a channel that reaches no audience", "24.3.2026 14:00 Otsikko", "Kohderyhmä puuttuu", w.general, olli},
	} {
		if s := w.say(tc.where, tc.who, "digivartti "+tc.line); !strings.Contains(s.text(), tc.want) {
			t.Errorf("%s: %q is missing in %s", tc.name, tc.want, s.text())
		}
	}
	if got := w.starts(); got != nil {
		t.Errorf("stored %q", got)
	}
}

// A form with mistakes comes back as it was filled in, each mistake beside its input.
func TestSessionFormMistakes(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	form, ans := w.holds(map[string]any{"date": "2026-03-25"})
	contains(t, form.text(), "Vuosikello ei voi nyt luoda Teams-kokousta")
	contains(t, ans.card.text(), "lisätty", "järjestäjän oma linkki")
	for _, tc := range []struct{ field, value, want string }{
		{"title", " ", ""}, {"title", strings.Repeat("x", store.MaxTitle+1), ""},
		{"date", "", ""}, {"date", "2026-02-30", "2026-02-30"}, {"date", "2026-03-01", "Aika on jo mennyt"},
		{"time", "25:61", "25:61"}, {"time", "", ""},
		{"minutes", "4", "5–480"}, {"minutes", "paljon", "5–480"}, {"minutes", "481", "5–480"},
		{"audience", "", "Kohderyhmä puuttuu"}, {"audience", "Hoitaja", "Hoitajat"},
		{"host", "Ei Kukaan", "Ei Kukaan"}, {"joinUrl", "javascript:alert(1)", ""}, {"links", "ohje.pdf", ""},
		{"repeat", "aina kun huvittaa", ""}, {"repeat", "joka 2. viikko 31.12.2025 asti", ""},
	} {
		_, ans := w.holds(map[string]any{tc.field: tc.value})
		if ans.card.raw == nil || !beside(ans.card, tc.field) {
			t.Errorf("%s %q: %q, or the mistake is not beside it: %s", tc.field, tc.value, ans.text, ans.card.text())
			continue
		}
		contains(t, ans.card.text(), tc.want)
		in := ans.card.inputs()
		if in["title"] != "Ajanvaraus sovelluksessa" && tc.field != "title" || in["links"] != "" && tc.field != "links" || in["minutes"] != "15" && tc.field != "minutes" {
			t.Errorf("%s: the form is not refilled: %q", tc.field, in)
		}
	}
	// An hour that the change of clocks leaves out is no time to meet.
	_, ans = w.holds(map[string]any{"date": "2026-03-29", "time": "03:30"})
	if !beside(ans.card, "time") {
		t.Error("a time that does not exist is taken")
	}
	contains(t, ans.card.text(), "3.30", "4.30")
	// Wishing to type the rule is no mistake: the form comes back with room for it.
	_, ans = w.holds(map[string]any{"repeat": cards.Other})
	if _, ok := ans.card.inputs()["repeat"]; !ok || ans.card.has("Tallennettu") {
		t.Errorf("typing a rule of one's own: %s", ans.card.text())
	}
	equal(t, "sessions", w.starts(), "25.3.2026 14:00")
}

func TestSessionHostBusy(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	_, ans := w.holds(map[string]any{"title": "Toinen", "time": "14:10"})
	if !beside(ans.card, "time") {
		t.Error("the clash is not beside the time")
	}
	contains(t, ans.card.text(), "samaan aikaan toinen digivartti", "Ajanvaraus sovelluksessa", "24.3.")
	// Right after it, and at the same time with another host, is fine.
	w.holds(map[string]any{"title": "Seuraava", "time": "14:15"})
	w.holds(map[string]any{"title": "Rinnakkainen", "host": jane.Email})
	equal(t, "sessions", w.starts(), "24.3.2026 14:00", "24.3.2026 14:00", "24.3.2026 14:15")
	if s := w.MustSession(3); s.HostID != jane.AADObjectID {
		t.Errorf("host %s", s.HostID)
	}
}

// A series keeps its time of day over the change of clocks and leaves holidays out.
func TestSessionSeries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		inputs map[string]any
		want   []string
	}{
		{"every second week in words", map[string]any{"date": "2026-03-19", "repeat": "joka 2. viikko 14.5.2026 asti"}, []string{"19.3.2026 14:00", "2.4.2026 14:00", "16.4.2026 14:00", "30.4.2026 14:00"}}, // 14.5. is Ascension Day
		{"a rule with an end", map[string]any{"date": "2026-03-26", "repeat": "FREQ=WEEKLY;INTERVAL=2;UNTIL=20260430"}, []string{"26.3.2026 14:00", "9.4.2026 14:00", "23.4.2026 14:00"}},
		{"to the end of the year", map[string]any{"date": "2026-11-27", "repeat": "FREQ=WEEKLY;INTERVAL=2"}, []string{"27.11.2026 14:00", "11.12.2026 14:00"}}, // 25.12. is Christmas
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustSessions(t)
			_, ans := w.holds(tc.inputs)
			contains(t, ans.card.text(), "lisätty")
			equal(t, "sessions", w.starts(), tc.want...)
			if s := w.MustSession(1); s.Series == "" || w.MustSession(2).Series != s.Series {
				t.Error("the sessions do not know that they are a series")
			}
		})
	}
}

// The invitation goes to each channel of the audience at the post time a week before, the reminder 15 minutes before, and
// feedback is asked 5 minutes after the end of those who joined: each once, whoever signs up.
func TestSessionPosts(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	mine := w.knows(sanna)
	w.holds(map[string]any{"audience": "Ammattilaiset", "links": "https://ohje.example/ajanvaraus"})
	w.passed("2026-03-17 08:29")
	equal(t, "before its time", w.posts(store.KindInvitation))
	w.passed("2026-03-17 08:30")
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	card := w.posted(w.nurses.ConversationID, 1)
	contains(t, card.text(), "kutsu", "24.3.", "14.00–14.15", "Ammattilaiset", olli.Name, "omassa kokouksessa", "ohje.example/ajanvaraus", "Lisää kalenteriin")
	equal(t, "buttons", card.verbs(), cards.VerbSignOff, cards.VerbJoin, cards.VerbSignUp)
	contains(t, w.posted(w.swedes.ConversationID, 1).text(), "inbjudan")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignUp, nil).card.text(), "Olet ilmoittautunut")
	contains(t, w.becomes(card, "1 henkilö").text(), "1 henkilö")
	w.passed("2026-03-24 13:44")
	equal(t, "reminders before their time", w.posts(store.KindSessionSoon))
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	contains(t, soon.text(), "Voit liittyä nyt")
	ans := w.click(w.nurses, sanna, soon, cards.VerbJoin, nil)
	contains(t, string(ans.card.raw), meetingLink)
	ans = w.click(w.nurses, mia, soon, cards.VerbJoin, nil) // she never signed up
	contains(t, string(ans.card.raw), meetingLink)
	w.passed("2026-03-24 14:19")
	equal(t, "feedback before its time", w.posts(store.KindFeedback))
	w.passed("2026-03-24 14:20")
	contains(t, w.find(mine.ConversationID, cards.VerbFeedback).text(), "Ajanvaraus")
	w.passed("2026-03-25 12:00")
	w.stop()
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	equal(t, "reminders", w.posts(store.KindSessionSoon), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	// Mia never wrote to the bot: the channels ask her.
	equal(t, "feedback", w.posts(store.KindFeedback), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent", sanna.Name+": sent")
	for _, r := range w.conn.Requests() {
		if bytes.Contains(r.Content, []byte(meetingLink)) {
			t.Errorf("the meeting link went out with %s to %s", r.Op, r.ConversationID)
		}
	}
}

func TestSessionInvitationTimes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, start, before, at string
	}{
		{"a week before is Easter Monday: the Thursday before Good Friday", "2026-04-13", "2026-04-02 08:29", "2026-04-02 08:30"},
		{"made six days before: at once", "2026-03-08", "", "2026-03-02 08:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustSessions(t)
			w.holds(map[string]any{"date": tc.start})
			if tc.before != "" {
				w.passed(tc.before)
				equal(t, "before", w.posts(store.KindInvitation))
			}
			w.passed(tc.at)
			equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent")
		})
	}
}

// What fell due while the program was down is posted late while it is of use, and missed when it is not.
func TestSessionDowntime(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, back                   string
		invitation, reminder, second []string
	}{
		{"a day late", "2026-03-18 08:30", []string{"Hoito / Hoitajat: sent late"}, nil, nil},
		{"within the quarter of an hour", "2026-03-17 08:44", []string{"Hoito / Hoitajat: sent"}, nil, nil},
		{"the reminder is due too", "2026-03-24 14:02", []string{"Hoito / Hoitajat: missed (superseded)"}, []string{"Hoito / Hoitajat: sent late"}, nil},
		{"over", "2026-03-24 14:15", []string{"Hoito / Hoitajat: missed (over)"}, []string{"Hoito / Hoitajat: missed (over)"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustSessions(t)
			w.holds(nil)
			w.stop()
			w.clock.Set(at(tc.back))
			w.Start()
			w.passed(tc.back)
			w.stop()
			equal(t, "invitation", w.posts(store.KindInvitation), tc.invitation...)
			equal(t, "reminder", w.posts(store.KindSessionSoon), tc.reminder...)
		})
	}
}

// A session that is moved gets a reminder at its new time and no second invitation; its cards say what changed.
func TestSessionMoved(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	w.passed("2026-03-17 08:30")
	card := w.posted(w.nurses.ConversationID, 1)
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	w.edit(1, map[string]any{"date": "2026-03-31", "title": "Ajanvaraus, osa 1"})
	contains(t, w.becomes(card, "31.3.").text(), "Ajanvaraus, osa 1")
	contains(t, w.becomes(soon, "31.3.").text(), "Tilaisuuden aika on muuttunut")
	w.passed("2026-03-31 13:45")
	w.stop()
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent")
	equal(t, "reminders", w.posts(store.KindSessionSoon), "Hoito / Hoitajat: sent", "Hoito / Hoitajat: sent")
}

// A session that nobody was invited to yet, and that is moved to be within the week, invites at once.
func TestSessionMovedNearer(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(map[string]any{"date": "2026-04-21"})
	w.passed("2026-03-03 09:00")
	w.edit(1, map[string]any{"date": "2026-03-05"})
	w.passed("2026-03-03 09:01")
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent")
}

// An audience that is added after the invitation is invited too, and no one twice.
func TestSessionAudienceAdded(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	w.passed("2026-03-17 08:30")
	w.edit(1, map[string]any{"audience": "Hoitajat,Ammattilaiset"})
	w.passed("2026-03-17 08:31")
	equal(t, "invitations", w.posts(store.KindInvitation), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
}

// edit has Olli open a session from the list and save it with these inputs.
func (w *approvalWorld) edit(session int64, inputs map[string]any) answer {
	w.Helper()
	me := teamstest.Personal(olli)
	list := w.say(me, olli, "digivartit")
	form := w.click(me, olli, list, cards.VerbSessionEdit, map[string]any{"session": fmt.Sprint(session)})
	ans := w.click(me, olli, form.card, cards.VerbSessionSave, inputs)
	contains(w, ans.card.text(), "tallennettu")
	return ans
}

func TestSessionCalledOff(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(olli)
	_, saved := w.holds(nil)
	w.passed("2026-03-17 08:30")
	card := w.posted(w.nurses.ConversationID, 1)
	contains(t, w.click(me, sanna, saved.card, cards.VerbSessionCallOff, nil).text, "digimentori")
	contains(t, w.click(me, olli, saved.card, cards.VerbSessionCallOff, nil).card.text(), "Peruttu")
	contains(t, w.click(me, olli, saved.card, cards.VerbSessionCallOff, nil).text, "Tilaisuus on peruttu")
	contains(t, w.becomes(card, "Tilaisuus on peruttu").text(), "peruttu")
	for _, verb := range []string{cards.VerbSignUp, cards.VerbSignOff, cards.VerbJoin} {
		contains(t, w.click(w.nurses, sanna, card, verb, nil).text, "Tilaisuus on peruttu")
	}
	w.passed("2026-03-25 12:00")
	w.stop()
	equal(t, "posts", w.ledger(), "invitation Ajanvaraus sovelluksessa: sent")
	equal(t, "audit", w.audited("session.callOff"), olli.Name+" session:1 Ajanvaraus sovelluksessa")
}

// Signing up, cancelling and joining answer the one who pressed, and say what was recorded when it is pressed again.
func TestSessionClicks(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(map[string]any{"links": "https://ohje.example/ajanvaraus"})
	w.passed("2026-03-17 08:30")
	card := w.posted(w.nurses.ConversationID, 1)
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignOff, nil).text, "Et ole ilmoittautunut")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignUp, nil).card.text(), "Olet ilmoittautunut", "13.45")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignUp, nil).text, "Ilmoittauduit jo", "17.3.", "8.30")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignOff, nil).card.text(), "peruttu")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbSignOff, nil).text, "Et ole ilmoittautunut")
	contains(t, w.click(w.nurses, erik, card, cards.VerbSignUp, nil).card.text(), "anmäld")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbJoin, nil).text, "Liittyminen avautuu", "24.3.", "13.45")
	contains(t, w.becomes(card, "1 henkilö").text(), "1 henkilö")
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	w.world.until("the last update", func() bool { return w.stale() == 0 }) // those who signed up are counted
	before := len(w.conn.Requests())
	for range 2 {
		ans := w.click(w.nurses, sanna, soon, cards.VerbJoin, nil)
		contains(t, string(ans.card.raw), meetingLink)
	}
	w.click(w.nurses, mia, soon, cards.VerbSignUp, nil)
	w.pass("2026-03-24 14:14")
	contains(t, string(w.click(w.nurses, mia, card, cards.VerbJoin, nil).card.raw), meetingLink)
	if n := w.stale(); n > 0 {
		t.Errorf("%d posts are to be updated after people joined", n)
	}
	for _, r := range w.conn.Requests()[before:] {
		if r.Op == "update" {
			t.Error("a post was updated while people join")
		}
	}
	if got, want := w.turnout(1), (store.Turnout{SignedUp: 2, Attended: 2, NoShow: 1}); got != want {
		t.Errorf("turnout %+v, want %+v", got, want)
	}
	w.pass("2026-03-24 14:15")
	over := w.click(w.nurses, heikki, soon, cards.VerbJoin, nil)
	contains(t, over.card.text(), "Tilaisuus on päättynyt", "ohje.example/ajanvaraus")
	if strings.Contains(string(over.card.raw), meetingLink) {
		t.Error("the link was given after the end")
	}
	contains(t, w.click(w.nurses, heikki, soon, cards.VerbSignUp, nil).text, "päättynyt")
	contains(t, w.click(w.nurses, mia, soon, cards.VerbSignOff, nil).text, "päättynyt") // who did not come stays counted
	if got := w.turnout(1); got.Attended != 2 {
		t.Errorf("%d attended", got.Attended)
	}
}

// A client without in-place answers gets its link in the own chat, never in the channel, and the post stays as it is.
func TestSessionSubmit(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	w.post(w.Submit(place(w.nurses, soon), sanna, soon.activity, withVerb(soon.data(t, cards.VerbJoin, nil), cards.VerbJoin)))
	got := w.find(teamstest.PersonalChat(sanna.ID), "Avaa kokous")
	contains(t, string(got.raw), meetingLink)
	w.post(w.Submit(place(w.nurses, soon), mia, soon.activity, withVerb(soon.data(t, cards.VerbSignUp, nil), cards.VerbSignUp)))
	w.find(teamstest.PersonalChat(mia.ID), "Olet ilmoittautunut")
	w.stop()
	for _, r := range w.conn.Requests() {
		if r.Op == "update" && r.ActivityID == soon.activity || bytes.Contains(r.Content, []byte(meetingLink)) && !strings.HasPrefix(r.ConversationID, teamstest.PersonalChat(sanna.ID)) {
			t.Errorf("%s of %s", r.Op, r.ConversationID)
		}
	}
	if got := w.turnout(1); got.Attended != 1 || got.SignedUp != 1 {
		t.Errorf("turnout %+v", got)
	}
}

func withVerb(data map[string]any, verb string) map[string]any {
	data["verb"] = verb
	return data
}

// Without a link there is nothing to join; the answer says whom to ask, until the host has added one.
func TestSessionWithoutLink(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(map[string]any{"joinUrl": "", "date": "2026-03-03"})
	w.passed("2026-03-02 08:01")
	card := w.posted(w.nurses.ConversationID, 1)
	contains(t, card.text(), "Kokouslinkki tulee myöhemmin")
	w.pass("2026-03-03 13:50")
	contains(t, w.click(w.nurses, sanna, card, cards.VerbJoin, nil).text, "ei ole vielä kokouslinkkiä", olli.Name)
	w.edit(1, map[string]any{"joinUrl": meetingLink})
	contains(t, string(w.click(w.nurses, sanna, card, cards.VerbJoin, nil).card.raw), meetingLink)
}

// An audience that no channel is bound to is told of, and recorded as not reached.
func TestSessionOutsideTeams(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	_, ans := w.holds(map[string]any{"audience": "Some"})
	contains(t, ans.card.text(), "Some")
	w.passed("2026-03-17 08:30")
	equal(t, "invitations", w.posts(store.KindInvitation), ": failed (no channel)")
}

// Two people save the same session: the first one's version stays, the second is told and keeps what was typed.
func TestSessionChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(olli)
	_, saved := w.holds(nil)
	form := w.click(me, olli, saved.card, cards.VerbSessionEdit, nil)
	w.click(me, olli, form.card, cards.VerbSessionSave, map[string]any{"time": "15:00"})
	ans := w.click(me, olli, form.card, cards.VerbSessionSave, map[string]any{"title": "Toinen otsikko"})
	contains(t, ans.card.text(), "Joku muutti digivarttia")
	if ans.card.inputs()["title"] != "Toinen otsikko" {
		t.Error("what was typed is gone")
	}
	equal(t, "sessions", w.starts(), "24.3.2026 15:00")
}

// The catalogue's topics are held in two clicks.
func TestSessionFromCatalogue(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.MustWrite(func(tx *store.Tx) error {
		for _, topic := range []store.Topic{{Type: store.TopicOpen, Title: "Tietoturva sote-alalla"}, {Type: store.TopicSegmented, Segment: "Fysioterapeutit", Title: "Videot ja reelsit"}} {
			if _, err := tx.AddTopic(&topic); err != nil {
				return err
			}
		}
		return nil
	})
	w.knows(olli)
	list := w.say(w.nurses, olli, "digivartit")
	contains(t, list.text(), "Tietoturva sote-alalla", "Fysioterapeutit")
	if s := w.say(w.nurses, sanna, "digivartit"); slices.Contains(s.verbs(), cards.VerbSessionEdit) {
		t.Error("somebody without the role can hold a session")
	}
	w.click(w.nurses, olli, list, cards.VerbSessionEdit, nil)
	form := w.find(teamstest.PersonalChat(olli.ID), cards.VerbSessionSave)
	me := teamstest.Personal(olli)
	ans := w.click(me, olli, form, cards.VerbSessionSave, nil)
	contains(t, ans.card.text(), "lisätty", "Tietoturva sote-alalla")
	// In one's own chat what is open is for all audiences that have a channel; the next free day is suggested.
	list = w.say(me, olli, "digivartit")
	form = w.click(me, olli, list, cards.VerbSessionEdit, map[string]any{"session": "", "topicId": "1"}).card
	contains(t, w.click(me, olli, form, cards.VerbSessionSave, nil).card.text(), "lisätty")
	equal(t, "sessions", w.starts(), "3.3.2026 14:00", "4.3.2026 14:00")
	for id := range int64(2) {
		if s := w.MustSession(id + 1); s.TopicID != 1 || !slices.Equal(s.Audiences, []string{"Ammattilaiset", "Hoitajat"}) {
			t.Errorf("stored %+v", s)
		}
	}
	w.pass("2026-03-04 15:00")
	contains(t, w.say(me, olli, "digivartit").text(), "maaliskuu 2026", "2")
}

// The posts of a session are in the preview, and never in the channels of teams that are not its audience's.
func TestSessionPreview(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	var got []string
	w.MustRead(func(tx *store.Tx) error {
		list, err := tx.Preview(day("2026-03-02"), day("2026-03-31"), calendar, func(names []string) ([]store.Channel, error) {
			channels, _, err := bot.AudienceChannels(tx, names)
			return channels, err
		}, bot.IsDigest)
		for _, p := range list {
			got = append(got, p.At.Format("2.1. 15:04 ")+p.Kind+" "+p.Channel)
		}
		return err
	})
	equal(t, "preview", got, "17.3. 08:30 invitation Hoito / Hoitajat", "24.3. 13:45 session_reminder Hoito / Hoitajat", "24.3. 14:20 feedback ")
}

// What Teams did not take before the session was over is missed: nobody is told to join what has ended.
func TestSessionPostsStuck(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(nil)
	w.passed("2026-03-17 08:30")
	w.conn.SetFault(func(*http.Request) teamstest.Fault {
		return teamstest.Fault{Status: http.StatusServiceUnavailable}
	})
	w.pass("2026-03-24 13:45")
	w.logs.await(t, "post retry")
	w.pass("2026-03-24 14:15")
	w.conn.SetFault(nil)
	w.settled()
	equal(t, "reminders", w.posts(store.KindSessionSoon), "Hoito / Hoitajat: missed (over)")
}
