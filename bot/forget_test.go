package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// traces reports where a person is found, nil for nowhere.
func (w *world) traces(who teamstest.Person) (t *store.Traces) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) {
		t, err = tx.FindTraces(who.AADObjectID, day("2026-03-02"))
		if store.IsKind(err, store.KindNotFound) {
			t, err = nil, nil
		}
		return err
	})
	return t
}

func TestForgetMe(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t, withConfig(func(c *bot.Config) { c.PublicURL = "https://kello.example" }))
	me := teamstest.Personal(hanna)
	r := w.requested()
	w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
	w.becomes(r.channel, "Hyväksytty", hanna.Name)

	asked := w.say(me, hanna, "Poista tietoni")
	contains(t, asked.text(), "Poistetaanko tietosi", "Roolisi: hyväksyjä", "1 hyväksyntäpyyntö tai päätös: siinä lukee ”poistettu henkilö”", "Tapahtumaloki", "Varmuuskopioista")
	button := asked.commands()
	if len(button) != 1 {
		t.Fatalf("buttons %q", button)
	}
	press := map[string]any{"text": button[0]}

	// Nobody else can press it, and not when it is old; either changes nothing.
	contains(t, w.click(teamstest.Personal(mia), mia, asked, cards.VerbCommand, press).text, "vanhentunut tai tarkoitettu toiselle")
	if w.traces(hanna) == nil || w.traces(mia) == nil {
		t.Fatal("somebody was erased by a button that is not theirs")
	}

	contains(t, w.click(me, hanna, asked, cards.VerbCommand, press).card.text(), "Tietosi on poistettu")
	if left := w.traces(hanna); left != nil {
		t.Errorf("still there: %s", left.Rows)
	}
	contains(t, w.becomes(r.channel, "poistettu henkilö").text(), "Hyväksytty")
	contains(t, w.becomes(r.own, "poistettu henkilö").text(), "Hyväksytty")
	w.MustRead(func(tx *store.Tx) error {
		_, erased, err := tx.VerifyAudit()
		if erased == 0 {
			t.Error("no audit record was erased")
		}
		return err
	})
	// What is exported says the same, in the reader's language.
	if _, csv := w.browse(exportOf(t, w.say(teamstest.Personal(jane), jane, "export approvals"))); !strings.Contains(csv, "removed person") || strings.Contains(csv, hanna.Name) {
		t.Errorf("exported %s", csv)
	}
	if actions := w.audit(); !slices.Contains(actions, "person.erase") {
		t.Errorf("not audited: %v", actions)
	}

	// Pressing again, or asking again, makes nobody known; the next real command does.
	contains(t, w.say(me, hanna, "unohda minut").text(), "ei ole mitään tietoja sinusta")
	if w.traces(hanna) != nil {
		t.Error("asking to be forgotten was remembered")
	}
	w.say(me, hanna, "tulossa")
	if w.traces(hanna) == nil {
		t.Error("a person who uses the bot is not known")
	}
}

func TestForgetInAChannelAndInOtherLanguages(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	for text, want := range map[string]string{"radera mina uppgifter": "Ska dina uppgifter raderas", "delete my data": "Delete your data"} {
		who := map[string]teamstest.Person{"radera mina uppgifter": erik, "delete my data": jane}[text]
		contains(t, w.say(teamstest.Personal(who), who, text).text(), want)
	}
	// What is kept of a person is for their eyes only.
	answer := w.say(w.pro, mia, "poista tietoni")
	if strings.Contains(answer.text(), "Poistetaanko") {
		t.Error("the channel was told what is kept of a person")
	}
	w.chat(mia, "Poistetaanko tietosi")
}

func TestTheLastAdminIsNotForgotten(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	contains(t, w.say(teamstest.Personal(aino), aino, "poista tietoni").text(), "ainoa pysyvä ylläpitäjä")
	w.say(w.wg, aino, "rooli ylläpitäjä @"+mia.Name, mia)
	asked := w.say(teamstest.Personal(aino), aino, "poista tietoni")
	contains(t, w.click(teamstest.Personal(aino), aino, asked, cards.VerbCommand, map[string]any{"text": asked.commands()[0]}).card.text(), "Tietosi on poistettu")
}

// A night's run ages out what is too old while the bot serves.
func TestRetentionAtNight(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	session := store.Session{Title: "Chat tutuksi", Start: at("2025-01-20 14:00"), Minutes: 15, Audiences: []string{"Hoitajat"}, HostID: aino.AADObjectID, JoinURL: "https://kokous.example/"}
	w.MustWrite(func(tx *store.Tx) error {
		return errors.Join(tx.AddSession(&session, false, at("2025-01-10 09:00"), calendar), tx.Join(session.ID, mia.AADObjectID, session.Start))
	})
	turnout := func() (named int, t store.Turnout) {
		w.MustRead(func(tx *store.Tx) error {
			people, err := tx.Participants(session.ID)
			if err != nil {
				return err
			}
			named = len(people)
			t, err = tx.Turnout(session.ID)
			return err
		})
		return named, t
	}
	w.MustWrite(func(tx *store.Tx) error { return tx.SetSetting("retention_night", "2036-01-01") }) // by a clock that was ahead
	w.pass("2026-03-03 03:00")
	deadline := time.After(patience)
	for named, _ := turnout(); named > 0; named, _ = turnout() {
		select {
		case <-deadline:
			t.Fatal("nothing was aged out")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if _, n := turnout(); n.Attended != 1 {
		t.Errorf("%d came, want the 1 who is no longer known", n.Attended)
	}
}
