package bot_test

import (
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// The form of a group's meetings follows the binding, as a message of its own; what is wrong stands beside its field.
func TestMeetingForm(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	mine := w.knows(aino)
	contains(t, w.say(w.general, aino, "kanava johtoryhmä").text(), "johtoryhmä")
	form := w.find(mine.ConversationID, cards.VerbMeetingSave)
	contains(t, form.text(), "johtoryhmä kokoontuu")
	for _, tc := range []struct {
		field, value, want string
	}{
		{"first", "", ""}, {"first", "2026-02-30", "2026-02-30"}, {"first", "huomenna", "huomenna"}, {"time", "25:00", "25:00"}, {"time", "", ""},
		{"every", "0", "1–8"}, {"every", "9", "1–8"}, {"every", "usein", "1–8"}, {"cutoff", "-1", "0–"}, {"cutoff", "9999", "0–"}, {"cutoff", "päivä", "0–"},
	} {
		ans := w.click(mine, aino, form, cards.VerbMeetingSave, map[string]any{"first": "2026-03-10", "time": "12:00", "every": "1", "cutoff": "24", tc.field: tc.value})
		if ans.card.raw == nil || !beside(ans.card, tc.field) {
			t.Errorf("%s %q: %q, or the mistake is not beside it", tc.field, tc.value, ans.text)
			continue
		}
		contains(t, ans.card.text(), tc.want)
	}
	w.MustRead(func(tx *store.Tx) error {
		_, known, err := tx.Meeting(store.Management)
		if known {
			t.Error("a form with a mistake was stored")
		}
		return err
	})
	contains(t, w.click(mine, sanna, form, cards.VerbMeetingSave, map[string]any{"first": "2026-03-10"}).text, "tarvitaan rooli")
	ans := w.click(mine, aino, form, cards.VerbMeetingSave, map[string]any{"first": "2026-03-10", "time": "12.30", "every": "2", "cutoff": ""})
	contains(t, ans.card.text(), "joka 2. viikko", "ti 10.3.", "12.30")
	equal(t, "audit", w.audited("meeting.save"), aino.Name+" meeting:management 2026-03-10 12:30 every 2 weeks, cut-off 0 h")
	// It is known now: binding another channel does not ask again.
	w.say(w.both, aino, "kanava johtoryhmä")
	w.stop()
	if n := w.count(mine.ConversationID, cards.VerbMeetingSave); n != 1 {
		t.Errorf("%d forms", n)
	}
}

// A request goes to the next meeting whose cut-off is ahead, stands on its agenda, and after the meeting its outcome is
// asked for; what is written there is the decision.
func TestEscalatedRequest(t *testing.T) {
	for _, tc := range []struct {
		name, outcome, comment string
		state                  store.Decision
	}{{"approved", "approved", "", store.DecisionApproved}, {"returned", "returned", "Lyhennä", store.DecisionReturned}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			w.meets() // Tuesdays at 12, cut-off a day before
			r := w.requested()
			w.clock.Set(at("2026-03-09 12:00")) // the cut-off of the 10th is now: it goes to the 17th, after its publication time
			asked := w.say(w.management, hanna, "hyväksynnät")
			contains(t, asked.text(), "odottaa")
			contains(t, w.click(w.management, hanna, r.channel, cards.VerbEscalate, nil).card.text(), "17.3.")
			contains(t, w.say(w.management, sanna, "esityslista").text(), "10.3.") // of the next meeting, which is before
			w.pass("2026-03-12 08:30")
			w.pass("2026-03-13 09:00")
			equal(t, "reminders of what the meeting decides", w.posts(store.KindNudge))
			w.pass("2026-03-16 09:00")
			w.chat(mia, "Julkaisu odottaa päätöstä")
			w.pass("2026-03-17 09:00")
			agenda := w.say(w.management, heikki, "esityslista")
			contains(t, agenda.text(), "17.3.", "Uusi ohje", "Kirjaa tulos")
			w.pass("2026-03-17 12:59")
			equal(t, "too early", w.posts(store.KindOutcome))
			w.pass("2026-03-17 13:00")
			card := w.find(w.management.ConversationID, cards.VerbMeetingOutcome)
			contains(t, card.text(), "Uusi ohje", "Mitä tästä päätettiin", mia.Name)
			equal(t, "mentions", card.mentioned(), hanna.AADObjectID, heikki.AADObjectID)

			data := map[string]any{"verb": cards.VerbMeetingOutcome, "meeting": "management", "item": "content:1/1", "outcome": tc.outcome, "comment": tc.comment, "date": "2026-03-17"}
			press := func(who teamstest.Person) answer {
				w.recorded()
				return w.invoke(w.Click(place(w.management, card), who, card.activity, cards.VerbMeetingOutcome, data))
			}
			contains(t, press(erik).text, "godkännare") // communications writes outcomes, but does not decide
			contains(t, press(sanna).text, "tarvitaan rooli")
			if tc.outcome == "returned" {
				data["comment"] = " "
				contains(t, press(hanna).text, "Kommentti puuttuu")
				data["comment"] = tc.comment
			}
			data["outcome"] = "dropped"
			contains(t, press(hanna).text, "tulos ei sovi")
			data["outcome"] = tc.outcome
			equal(t, "versions", w.versions(), "1/1 escalated")
			contains(t, press(heikki).card.text(), heikki.Name)
			equal(t, "versions", w.versions(), "1/1 "+string(tc.state))
			w.becomes(card, heikki.Name)
			w.becomes(r.channel, heikki.Name)
			v := w.MustVersion(1, 1)
			if v.DecidedBy != heikki.AADObjectID || v.Comment != tc.comment || v.MeetingDate != day("2026-03-17") {
				t.Errorf("recorded %+v", v)
			}
			contains(t, press(heikki).text, "Päätit tästä jo")
			contains(t, press(hanna).card.text(), heikki.Name)
			if n := len(w.audited("approval." + tc.outcome)); n != 1 {
				t.Errorf("%d decisions in the audit log", n)
			}
			if tc.state == store.DecisionApproved {
				contains(t, w.posted(w.nurses.ConversationID, 1).text(), "myöhässä")
			}
			contains(t, w.say(w.management, hanna, "esityslista").text(), "17.3.")
		})
	}
}

// An escalated request can be decided before the meeting too; the meeting is then not asked.
func TestDecidedBeforeMeeting(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.meets()
	r := w.requested()
	current := w.click(w.management, hanna, r.channel, cards.VerbEscalate, nil).card
	equal(t, "buttons", current.verbs(), cards.VerbApprove, cards.VerbReturn)
	w.click(w.management, heikki, current, cards.VerbApprove, nil)
	w.pass("2026-03-10 13:00")
	equal(t, "versions", w.versions(), "1/1 approved")
	w.stop()
	equal(t, "outcomes asked for", w.posts(store.KindOutcome))
}

// The working group's agenda: open needs, the entries of four weeks, content that waits, and what was decided since the
// last meeting. Outcomes are written on it.
func TestWorkingGroupAgenda(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	contains(t, w.say(w.wg, sanna, "esityslista").text(), "Työryhmän kokousaikoja ei ole")
	contains(t, w.say(w.nurses, sanna, "esityslista").text(), "ei ole työryhmän eikä johtoryhmän")
	w.MustWrite(func(tx *store.Tx) error {
		return tx.SaveMeeting(store.Meeting{Kind: store.WorkingGroup, First: day("2026-02-19"), Time: 9 * 60, Every: 2, Cutoff: 0}, w.clock.Now(), calendar)
	})
	id := w.MustAdd(campaign()) // 16–20 March
	far := campaign()
	far.Title, far.Start, far.End = "Kesäkampanja", day("2026-06-01"), day("2026-06-05")
	w.MustAdd(far)
	w.asked("Aukioloajat muuttuvat")
	r := w.requested()
	w.submit(erik, map[string]any{"title": "Toinen ohje"})
	w.find(w.management.ConversationID, "Toinen ohje")
	w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
	agenda := w.say(w.wg, mia, "dagordning")
	contains(t, agenda.text(), "to 5.3.", "Aukioloajat muuttuvat", "Kevätkampanja", "Toinen ohje", "Uusi ohje", "hyväksytty")
	if agenda.has("Kesäkampanja") {
		t.Error("an entry in June is on the agenda of March")
	}
	if got := w.say(w.wg, sanna, "esityslista"); got.has(cards.VerbMeetingOutcome) {
		t.Error("somebody without a role can write outcomes")
	}
	for _, tc := range []struct {
		who    teamstest.Person
		inputs map[string]any
		want   string
	}{
		{sanna, map[string]any{"item": "need:1", "outcome": "done"}, "tarvitaan rooli"},
		{mia, map[string]any{"item": "", "outcome": "done"}, "Valitse esityslistan kohta"},
		{mia, map[string]any{"item": "need:99", "outcome": "done"}, "ei enää ole"},
		{mia, map[string]any{"item": "need:x", "outcome": "done"}, "Valitse"},
		{mia, map[string]any{"item": "entry:zzz", "outcome": "done"}, ""},
		{mia, map[string]any{"item": "kissa:1", "outcome": "done"}, ""},
		{mia, map[string]any{"item": "need:1", "outcome": ""}, "Valitse, mitä"},
		{mia, map[string]any{"item": "need:1", "outcome": "approved"}, "tulos ei sovi"},
		{mia, map[string]any{"item": "content:2/1", "outcome": "approved"}, "hyväksyjä"},
		{hanna, map[string]any{"item": "content:2/1", "outcome": "approved"}, "tulos ei sovi"}, // the working group does not decide
		{mia, map[string]any{"item": "need:1", "outcome": "done", "comment": strings.Repeat("x", 1001)}, "pitkä"},
	} {
		ans := w.click(w.wg, tc.who, agenda, cards.VerbMeetingOutcome, tc.inputs)
		if ans.text == "" {
			t.Errorf("%v by %s was answered with a card", tc.inputs, tc.who.Name)
		}
		contains(t, ans.text, tc.want)
	}
	equal(t, "audit", w.audited("meeting.outcome"))

	contains(t, w.click(w.wg, mia, agenda, cards.VerbMeetingOutcome, map[string]any{"item": "need:1", "outcome": "postponed", "comment": "Odotetaan tietoa"}).card.text(), "siirretty", "Odotetaan tietoa")
	w.becomes(agenda, "Odotetaan tietoa")
	contains(t, w.click(w.wg, mia, agenda, cards.VerbMeetingOutcome, map[string]any{"item": "entry:" + id, "outcome": "done"}).card.text(), "hoidettu")
	contains(t, w.click(w.wg, mia, agenda, cards.VerbMeetingOutcome, map[string]any{"item": "content:2/1", "outcome": "dropped", "comment": "Ei tarvita"}).card.text(), "Ei tarvita")
	equal(t, "audit", w.audited("meeting.outcome"), mia.Name+" need:1 2026-03-05 postponed Odotetaan tietoa", mia.Name+" entry:"+id+" 2026-03-05 done", mia.Name+" content:2/1 2026-03-05 dropped Ei tarvita")

	// What was postponed is on the next agenda, with nothing written of it yet; decisions before the last meeting are not.
	w.pass("2026-03-06 09:00")
	next := w.say(w.wg, mia, "esityslista")
	contains(t, next.text(), "to 19.3.", "Aukioloajat muuttuvat")
	if next.has("Odotetaan tietoa") {
		t.Error("the last meeting's outcome is on the next agenda")
	}
	contains(t, w.click(w.wg, mia, next, cards.VerbMeetingOutcome, map[string]any{"item": "need:1", "outcome": "done"}).card.text(), "Aukioloajat")
	if n := w.need(1); n.State != store.NeedDone {
		t.Errorf("the need is %s", n.State)
	}
	w.chat(sanna, "Aukioloajat muuttuvat") // the asker is told
}

// When the management team meets on another day, what waits for it moves along.
func TestMeetingMoves(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.meets()
	r := w.requested()
	w.click(w.management, hanna, r.channel, cards.VerbEscalate, nil)
	w.MustWrite(func(tx *store.Tx) error {
		return tx.SaveMeeting(store.Meeting{Kind: store.Management, First: day("2026-03-12"), Time: 9 * 60, Every: 2, Cutoff: 24}, w.clock.Now(), calendar)
	})
	w.bot.Tick(t.Context())
	w.becomes(r.channel, "12.3.")
	w.pass("2026-03-10 13:00")
	equal(t, "too early", w.posts(store.KindOutcome))
	w.pass("2026-03-12 10:00")
	contains(t, w.find(w.management.ConversationID, cards.VerbMeetingOutcome).text(), "to 12.3.")
}

// With no channel of the management team, the approvers are asked for the outcome personally.
func TestOutcomeWithoutChannel(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.meets()
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Unbind(w.management.ConversationID, store.Binding{Kind: store.Management})
		return err
	})
	w.submit(mia)
	s := w.chat(hanna, cards.VerbApprove)
	w.click(teamstest.Personal(hanna), hanna, s, cards.VerbEscalate, nil)
	w.pass("2026-03-10 13:00")
	card := w.chat(heikki, cards.VerbMeetingOutcome)
	equal(t, "mentions", card.mentioned())
	contains(t, w.click(teamstest.Personal(heikki), heikki, card, cards.VerbMeetingOutcome, nil).card.text(), heikki.Name)
	equal(t, "versions", w.versions(), "1/1 approved")
}
