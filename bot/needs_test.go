package bot_test

import (
	"strings"
	"sync"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// needs lists the needs and their states.
func (w *world) need(id int64) (n *store.Need) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) { n, err = tx.Need(id); return err })
	return n
}

// asked has Sanna send a need, and waits for its card in the working group's channel.
func (w *world) asked(text string) shown {
	w.Helper()
	contains(w, w.say(teamstest.Personal(sanna), sanna, "tarve "+text).text(), "lähetetty")
	return w.find(w.wg.ConversationID, cards.VerbNeedAccept)
}

// An accepted need becomes a draft entry of the clock, and whoever asked is told.
func TestNeedAccept(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	s := w.asked("Vastaanoton aukioloajat muuttuvat **heti**")
	contains(t, s.text(), "Viestintätarve", "aukioloajat", sanna.Name, "8.00")
	equal(t, "mentions", s.mentioned())
	contains(t, w.click(w.wg, olli, s, cards.VerbNeedAccept, nil).text, "viestintä")
	mine := w.knows(mia)
	ans := w.click(w.wg, mia, s, cards.VerbNeedAccept, nil)
	contains(t, ans.card.text(), "vuosikello", mia.Name)
	w.becomes(s, "vuosikello", mia.Name)
	equal(t, "the clock", w.entries(), "Vastaanoton aukioloajat muuttuvat **heti**")
	contains(t, w.chat(sanna, "Viestintätarpeesi on vuosikellossa").text(), mia.Name, "aukioloajat")
	// The draft is completed with the form that comes to whoever accepted.
	form := w.find(mine.ConversationID, cards.VerbEntrySave)
	contains(t, w.click(mine, mia, form, cards.VerbEntrySave, map[string]any{"audience": "Hoitajat", "start": "2026-04-20"}).card.text(), "Hoitajat")
	equal(t, "the clock", w.entries(), "Vastaanoton aukioloajat muuttuvat **heti**")

	// Again: a message with when for the same person, the current card for others; one entry stays.
	w.clock.Set(at("2026-03-03 09:00"))
	contains(t, w.click(w.wg, mia, s, cards.VerbNeedAccept, nil).text, "Vastasit tähän jo", "2.3.", "8.00")
	contains(t, w.click(w.wg, erik, s, cards.VerbNeedDecline, map[string]any{"comment": "ei"}).card.text(), mia.Name)
	if n := len(w.entries()); n != 1 {
		t.Errorf("%d entries", n)
	}
	equal(t, "audit", w.audited("need.accepted"), mia.Name+" need:1")
}

func TestNeedDecline(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	s := w.asked("Kesäjuhla")
	for _, comment := range []string{"", "  ", strings.Repeat("x", 1001)} {
		if ans := w.click(w.wg, mia, s, cards.VerbNeedDecline, map[string]any{"comment": comment}); ans.text == "" {
			t.Errorf("declined with %.10q", comment)
		}
	}
	if n := w.need(1); n.State != store.NeedOpen {
		t.Errorf("the need is %s", n.State)
	}
	contains(t, w.click(w.wg, erik, s, cards.VerbNeedDecline, map[string]any{"comment": "Hoidetaan intrassa"}).card.text(), "Hoidetaan intrassa", erik.Name)
	w.becomes(s, "Hoidetaan intrassa")
	contains(t, w.chat(sanna, "ei toteuteta").text(), "Hoidetaan intrassa", erik.Name, "Kesäjuhla")
	equal(t, "the clock", w.entries())
}

// Two who answer at the same time: one answer counts, and both see it.
func TestNeedRace(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	s := w.asked("Kesäjuhla")
	var wg sync.WaitGroup
	for range 5 {
		accept := w.Click(place(w.wg, s), mia, s.activity, cards.VerbNeedAccept, s.data(t, cards.VerbNeedAccept, nil))
		decline := w.Click(place(w.wg, s), erik, s.activity, cards.VerbNeedDecline, s.data(t, cards.VerbNeedDecline, map[string]any{"comment": "ei"}))
		wg.Go(func() { w.invoke(accept) })
		wg.Go(func() { w.invoke(decline) })
	}
	wg.Wait()
	if n := len(w.audited("need.accepted")) + len(w.audited("need.declined")); n != 1 {
		t.Errorf("%d answers are recorded", n)
	}
	if n := len(w.entries()); n != len(w.audited("need.accepted")) {
		t.Errorf("%d entries", n)
	}
}

func TestNeedRefused(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	me := teamstest.Personal(sanna)
	for _, tc := range []struct{ text, want string }{
		{"tarve", "Kirjoita tarve perään"}, {"behov   ", "Kirjoita tarve perään"}, {"need " + strings.Repeat("x", 2001), "2"},
	} {
		contains(t, w.say(me, sanna, tc.text).text(), tc.want)
	}
	equal(t, "audit", w.audit())
	// The longest is taken, as it is written.
	long := strings.TrimSpace(strings.Repeat("ä ", 1000))
	w.say(me, sanna, "tarve "+long)
	if got := w.need(1).Text; got != long {
		t.Errorf("stored %d bytes of %d", len(got), len(long))
	}
	w.find(w.wg.ConversationID, cards.VerbNeedAccept)
}

// With no working group, the need is kept for its agenda, and the admins are told.
func TestNeedWithoutChannel(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Unbind(w.wg.ConversationID, store.Binding{Kind: store.WorkingGroup})
		return err
	})
	w.say(w.pro, sanna, "tarve Kesäjuhla")
	w.chat(aino, "kanava työryhmä")
	equal(t, "needs", w.posts(store.KindNeed), ": failed (no channel)")
	if n := w.need(1); n.State != store.NeedOpen {
		t.Errorf("the need is %s", n.State)
	}
}
