package bot_test

import (
	"context"
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// Approvers are reminded twice, requester and approvers are told when the time has come, and it waits.
func TestUndecided(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	// Publication on Monday 16 March at 9: the last working day before is Friday 13, the second Thursday 12.
	r := w.requested()
	nudges := func(who teamstest.Person) int {
		return w.count(teamstest.PersonalChat(who.ID), "Muistutus hyväksyntäpyynnöstä")
	}
	for _, step := range []struct {
		at   string
		want int
	}{{"2026-03-12 08:29", 0}, {"2026-03-12 08:30", 1}, {"2026-03-12 12:00", 1}, {"2026-03-13 08:59", 1}, {"2026-03-13 09:00", 2}, {"2026-03-15 12:00", 2}} {
		w.pass(step.at)
		var rows []string
		for _, row := range w.posts(store.KindNudge) {
			if strings.HasPrefix(row, hanna.Name) {
				rows = append(rows, row)
			}
		}
		if len(rows) != step.want {
			t.Errorf("%s: %d reminders", step.at, len(rows))
		}
	}
	w.pass("2026-03-12 08:30") // a clock set back repeats nothing
	w.pass("2026-03-16 09:00")
	for _, who := range []teamstest.Person{mia, hanna, heikki} {
		w.chat(who, "Julkaisu odottaa päätöstä", "Uusi ohje")
	}
	w.passed("2026-03-16 09:01")
	if n := nudges(heikki); n != 2 {
		t.Errorf("Heikki was reminded %d times", n)
	}
	equal(t, "versions", w.versions(), "1/1 pending")
	equal(t, "publications", w.posts(store.KindPublication))

	// Decided after its time, it goes out at once in working hours, late; also when it is decided in the very instant in
	// which something else was handled.
	contains(t, w.click(w.management, hanna, r.channel, cards.VerbApprove, nil).card.text(), "Hyväksytty")
	contains(t, w.posted(w.nurses.ConversationID, 1).text(), "myöhässä", "9.01")
	for _, ch := range []teamstest.Place{w.swedes, w.both} {
		w.posted(ch.ConversationID, 1)
	}
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent late", "Hoito / Kaikki: sent late", "Hoito / Vårdare: sent late")
}

// What is decided is not reminded of.
func TestDecidedIsNotReminded(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested()
	w.pass("2026-03-12 08:30")
	w.chat(heikki, "Muistutus hyväksyntäpyynnöstä") // both are out; a decision before would take the other one back
	nudge := w.chat(hanna, "Muistutus hyväksyntäpyynnöstä")
	// The reminder has the same buttons.
	contains(t, w.click(teamstest.Personal(hanna), hanna, nudge, cards.VerbReturn, map[string]any{"comment": "Ei"}).card.text(), "Palautettu")
	w.becomes(r.channel, "Palautettu")
	w.pass("2026-03-13 09:00")
	w.pass("2026-03-16 09:00")
	w.stop()
	if n := w.count(teamstest.PersonalChat(heikki.ID), "Muistutus hyväksyntäpyynnöstä"); n != 1 {
		t.Errorf("%d reminders", n)
	}
	if n := w.count(teamstest.PersonalChat(mia.ID), "odottaa päätöstä"); n != 0 {
		t.Errorf("the requester was told %d times that it waits", n)
	}
	equal(t, "publications", w.posts(store.KindPublication))
}

// Outside working hours, what is approved late or has no date waits for the next post time.
func TestApprovedOutsideWorkingHours(t *testing.T) {
	for _, tc := range []struct {
		name, date, decided, before, out string
		late                             string
	}{
		{"late, in the evening", "2026-03-05", "2026-03-06 18:00", "2026-03-09 08:29", "2026-03-09 08:30", " late"},
		{"late, in working hours", "2026-03-05", "2026-03-06 12:00", "", "2026-03-06 12:00", " late"},
		{"no date, in the evening", "", "2026-03-06 18:00", "2026-03-09 08:29", "2026-03-09 08:30", ""},
		{"no date, early", "", "2026-03-06 06:00", "2026-03-06 08:29", "2026-03-06 08:30", ""},
		{"no date, in working hours", "", "2026-03-06 12:00", "", "2026-03-06 12:00", ""},
		{"in time, on a Sunday", "2026-03-08", "2026-03-06 12:00", "2026-03-08 08:59", "2026-03-08 09:00", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			r := w.requested(map[string]any{"publishDate": tc.date, "audience": "Hoitajat"})
			w.clock.Set(at(tc.decided))
			w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
			if tc.before != "" {
				w.pass(tc.before)
				equal(t, "too early", w.posts(store.KindPublication))
			}
			w.pass(tc.out)
			w.posted(w.nurses.ConversationID, 1)
			w.stop()
			equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent"+tc.late)
		})
	}
}

func TestRequestExpires(t *testing.T) {
	for _, tc := range []struct {
		name, date string
		entry      bool
		last, out  string
	}{
		{"30 days after its time", "2026-03-16", false, "2026-04-15 08:59", "2026-04-15 09:00"}, // summer time began between
		{"30 days after the request", "", false, "2026-04-01 07:59", "2026-04-01 08:00"},
		{"when its entry is over", "2026-03-16", true, "2026-03-20 23:59", "2026-03-21 00:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			inputs := map[string]any{"publishDate": tc.date}
			if tc.entry {
				inputs["entry"] = w.MustAdd(campaign())
			}
			r := w.requested(inputs)
			w.pass(tc.last)
			equal(t, "versions", w.versions(), "1/1 pending")
			w.pass(tc.out)
			w.bot.Tick(t.Context())
			equal(t, "versions", w.versions(), "1/1 expired")
			w.becomes(r.channel, "rauennut")
			w.chat(mia, "Rauennut: Uusi ohje")
			contains(t, w.click(w.management, hanna, r.channel, cards.VerbApprove, nil).card.text(), "rauennut")
			w.stop()
			if n := len(w.audited("approval.expired")); n != 1 {
				t.Errorf("%d audit records", n)
			}
			equal(t, "publications", w.posts(store.KindPublication))
		})
	}
}

// hyväksynnät lists the open requests and where they stand, to anybody.
func TestApprovalsList(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.meets()
	contains(t, w.say(teamstest.Personal(sanna), sanna, "hyväksynnät").text(), "Mikään ei odota")
	first := w.requested()
	w.submit(erik, map[string]any{"title": "Toinen", "publishDate": "", "publishTime": ""})
	s := w.find(w.management.ConversationID, "Toinen")
	w.click(w.management, hanna, s, cards.VerbEscalate, nil)
	w.submit(mia, map[string]any{"title": "=HYPERLINK(\"x\")"})
	list := w.say(w.management, sanna, "hyväksynnät").text()
	contains(t, list, "3 pyyntöä odottaa", "Uusi ohje", "Toinen", "=HYPERLINK", "10.3.", mia.Name, erik.Name, "16.3. klo")
	w.click(w.management, hanna, first.channel, cards.VerbApprove, nil)
	if text := w.say(w.management, sanna, "hyväksynnät").text(); strings.Contains(text, "Uusi ohje") {
		t.Errorf("what is decided is listed: %s", text)
	}
}

// A crash after the decision publishes once, from the next start.
func TestCrashBetweenDecisionAndPublication(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested(map[string]any{"publishDate": "", "publishTime": ""})
	w.stop()
	// The program ends in the moment after the commit: nothing of what follows has happened.
	w.MustWrite(func(tx *store.Tx) error {
		v, err := tx.ContentVersion(1, 1)
		if err != nil {
			return err
		}
		ok, err := tx.Decide(v, store.DecisionApproved, hanna.AADObjectID, "", 0, w.clock.Now(), calendar)
		if err == nil && !ok {
			err = context.Canceled
		}
		return err
	})
	equal(t, "publications", w.posts(store.KindPublication))
	w.Start()
	for _, ch := range []teamstest.Place{w.nurses, w.swedes, w.both} {
		w.posted(ch.ConversationID, 1)
	}
	w.becomes(r.channel, "Hyväksytty")
	w.stop()
	w.Start()
	w.bot.Tick(t.Context())
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	equal(t, "audit", w.audited("publication.publish"), "vuosikello content:1/1 sha256 "+w.MustVersion(1, 1).Hash())
}
