package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// publication is content that is out, and its cards: one for each channel, and the requester's own.
type publication struct {
	nurses, swedes, both, own shown
}

// published has Mia send content that Hanna approves, and waits until it is in its channels.
func (w *approvalWorld) published(inputs ...map[string]any) publication {
	w.Helper()
	r := w.requested(append([]map[string]any{{"publishDate": "", "publishTime": ""}}, inputs...)...)
	w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
	p := publication{nurses: w.posted(w.nurses.ConversationID, 1), swedes: w.posted(w.swedes.ConversationID, 1), both: w.posted(w.both.ConversationID, 1)}
	p.own = w.becomes(r.own, "julkaistu", cards.VerbRemindPublication)
	return p
}

// Each channel gets the content once, however many of its audiences the channel is bound to, in its own language; one
// without a language gets both.
func TestPublish(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.submit(mia, map[string]any{"audience": "Ammattilaiset,Hoitajat,Some", "titleSv": "Ny anvisning", "bodySv": "Ändras på **måndag**.", "link": "https://hva.example/ohje",
		"image": "https://hva.example/kuva.png", "imageAlt": "Kaksi hoitajaa", "body": "Ensin.\n\n- yksi\n- kaksi\n\n[Lisää](https://hva.example) @kaikki <at>Hanna Hyväksyjä</at>"})
	s := w.posted(w.management.ConversationID, 1)
	w.click(w.management, hanna, s, cards.VerbApprove, nil)
	w.pass("2026-03-16 08:59")
	equal(t, "too early", w.posts(store.KindPublication))
	w.pass("2026-03-16 09:00")
	fi, sv, both := w.posted(w.nurses.ConversationID, 1), w.posted(w.swedes.ConversationID, 1), w.posted(w.both.ConversationID, 1)
	contains(t, fi.text(), "Uusi ohje", "Ensin.", "Kuittaa luetuksi")
	contains(t, sv.text(), "Ny anvisning", "**måndag**")
	contains(t, both.text(), "Uusi ohje", "Ny anvisning")
	if fi.has("Ny anvisning") || sv.has("Ensin.") {
		t.Error("a channel got the other language")
	}
	for _, s := range []shown{fi, sv, both} {
		contains(t, string(s.raw), "https://hva.example/kuva.png", "Kaksi hoitajaa", "https://hva.example/ohje")
		equal(t, "buttons", s.verbs(), cards.VerbAck)
		equal(t, "mentions", s.mentioned())
		if strings.Contains(string(s.raw), "<at>") || s.has("myöhässä") {
			t.Errorf("posted %s", s.raw)
		}
	}
	// Whoever asked is told, and for whom it is to be published elsewhere.
	w.chat(mia, "Julkaistu: Uusi ohje", "3")
	w.chat(mia, "Aika julkaista muualla", "Some")
	w.pass("2026-03-16 09:00")
	w.pass("2026-03-17 09:00")
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	equal(t, "audit", w.audited("publication.publish"), "vuosikello content:1/1 sha256 "+w.MustVersion(1, 1).Hash())
}

// Where no channel is bound to the audiences nothing is posted, and the requester is told to publish elsewhere.
func TestPublishOutsideTeams(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.submit(mia, map[string]any{"audience": "some"})
	w.click(w.management, hanna, w.posted(w.management.ConversationID, 1), cards.VerbApprove, nil)
	w.pass("2026-03-16 09:00")
	w.chat(mia, "Aika julkaista muualla", "Some", "Uusi ohje")
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication))
	if n := w.count(teamstest.PersonalChat(mia.ID), "Julkaistu: "); n != 0 {
		t.Error("what nobody got is called published")
	}
}

// A publication for the working group goes to its channel: the audience is named like the binding.
func TestPublishToBinding(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.MustAdd(store.Entry{Title: "Sisäinen", Start: day("2026-05-04"), Audiences: []string{"Työryhmä"}, Leads: []int{1}})
	contains(t, w.submit(mia, map[string]any{"audience": "työryhmä", "publishDate": ""}).card.text(), "Lähetetty")
	w.click(w.management, hanna, w.posted(w.management.ConversationID, 1), cards.VerbApprove, nil)
	contains(t, w.posted(w.wg.ConversationID, 1).text(), "Uusi ohje")
}

// A channel that cannot be reached is named to the requester, ends failed in the ledger, and holds up no other.
func TestPublishFails(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.conn.Refuse(w.both.ConversationID, teams.CodeBotNotInRoster)
	r := w.requested(map[string]any{"publishDate": ""})
	w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
	w.posted(w.nurses.ConversationID, 1)
	w.chat(mia, "Julkaisu ei mennyt perille", "Hoito / Kaikki")
	own := w.becomes(r.own, "Hoito / Kaikki · ei mennyt perille", "Hoito / Hoitajat · lähetetty")
	if got := w.posts(store.KindPublication); len(got) != 3 || got[0] != "Hoito / Hoitajat: sent" || !strings.HasPrefix(got[1], "Hoito / Kaikki: failed (") {
		t.Errorf("ledger %q", got)
	}
	// A correction is posted there as soon as it can be.
	w.conn.Refuse(w.both.ConversationID, "")
	me := teamstest.Personal(mia)
	w.click(me, mia, own, cards.VerbCorrect, nil)
	w.click(me, mia, w.find(me.ConversationID, cards.VerbContentSubmit), cards.VerbContentSubmit, map[string]any{"body": "Korjattu"})
	w.click(w.management, heikki, w.posted(w.management.ConversationID, 2), cards.VerbApprove, nil)
	contains(t, w.posted(w.both.ConversationID, 1).text(), "Korjattu")
}

// A person is counted once; the posts and the requester's own card show how many.
func TestAcknowledge(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	contains(t, w.click(w.nurses, sanna, p.nurses, cards.VerbAck, nil).text, "Kuitattu")
	w.clock.Set(at("2026-03-03 09:00"))
	contains(t, w.click(w.nurses, sanna, p.nurses, cards.VerbAck, nil).text, "Kuittasit tämän jo", "2.3.", "8.00")
	contains(t, w.click(w.both, sanna, p.both, cards.VerbAck, nil).text, "Kuittasit tämän jo")
	contains(t, w.click(w.swedes, erik, p.swedes, cards.VerbAck, nil).text, "Kvitterat") // in the clicker's language
	for _, s := range []shown{p.nurses, p.both} {
		w.becomes(s, "2 kuitannut")
	}
	w.becomes(p.own, "2", "henkilöä ei ole vielä kuitannut")
	w.MustRead(func(tx *store.Tx) error {
		n, err := tx.Acknowledgements(1)
		if n != 2 {
			t.Errorf("%d acknowledgements", n)
		}
		return err
	})
}

// A click says which publication it is about, and its sender writes it: of one that was posted elsewhere it shows nothing.
func TestAcknowledgeElsewhere(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	forged := map[string]any{"version": 99}
	contains(t, w.click(w.nurses, sanna, p.nurses, cards.VerbAck, forged).card.text(), "Uusi ohje")
	for _, where := range []teamstest.Place{w.wg, teamstest.Personal(erik)} {
		a := w.Click(where, erik, "", cards.VerbAck, map[string]any{"verb": cards.VerbAck, "content": "1", "version": 99})
		if ans := w.invoke(a); ans.card.raw != nil || !strings.Contains(ans.text, "inte publicerats") {
			t.Errorf("%s sees %q %s", where.ConversationID, ans.text, ans.card.raw)
		}
	}
}

// Many acknowledgements cost few updates: each post is put once, and again five seconds later with what came meanwhile.
func TestAcknowledgementsAreCoalesced(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	var wg sync.WaitGroup
	for lane := range 8 {
		wg.Go(func() {
			for i := range 125 {
				reader := teamstest.Person{ID: fmt.Sprintf("29:r%d-%d", lane, i), AADObjectID: fmt.Sprintf("00000000-0000-4000-8000-%012d", lane*1000+i), Name: "Lukija"}
				w.click(w.nurses, reader, p.nurses, cards.VerbAck, nil)
			}
		})
	}
	wg.Wait()
	w.becomes(p.nurses, "000 kuitannut")
	puts := map[string][]int64{}
	for _, r := range w.conn.Requests() {
		if r.Op == "update" {
			puts[r.ActivityID] = append(puts[r.ActivityID], r.At.UnixMilli())
		}
	}
	for _, s := range []shown{p.nurses, p.swedes, p.both} {
		list := puts[s.activity]
		for i := 1; i < len(list); i++ {
			if list[i]-list[i-1] < 4900 {
				t.Errorf("two updates of one post within %d ms", list[i]-list[i-1])
			}
		}
	}
}

// A correction is a new version, approved again; it takes the place of the text in the posts that stand.
func TestCorrect(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published(map[string]any{"publishDate": "2026-03-02", "publishTime": "08:00"})
	w.pass("2026-03-03 09:00")
	me := teamstest.Personal(mia)
	contains(t, w.click(w.nurses, sanna, p.own, cards.VerbCorrect, nil).text, "viestintä")
	contains(t, w.click(me, mia, p.own, cards.VerbCorrect, nil).text, "Lomake")
	form := w.find(me.ConversationID, cards.VerbContentSubmit)
	// The time has passed: the correction goes out as soon as it is approved.
	equal(t, "form", []string{form.inputs()["title"], form.inputs()["publishDate"]}, "Uusi ohje", "")
	contains(t, w.click(me, mia, form, cards.VerbContentSubmit, map[string]any{"body": "Korjattu teksti"}).card.text(), "Lähetetty")
	w.bot.Tick(t.Context())
	if s, _ := w.conn.Message(p.nurses.conversation, p.nurses.activity); strings.Contains(string(s.Content), "Korjattu") {
		t.Error("the correction shows before it is approved")
	}
	second := w.posted(w.management.ConversationID, 2)
	contains(t, second.text(), "Korjattu teksti", "Versio 1: hyväksytty")
	w.click(w.management, heikki, second, cards.VerbApprove, nil)
	for _, s := range []shown{p.nurses, p.both} {
		contains(t, w.becomes(s, "Korjattu teksti").text(), "korjattu", "3.3.")
	}
	w.becomes(p.swedes, "Korjattu teksti", "korrigerad")

	// Who presses the button of the old text has not read the new one: they see it.
	current := w.click(w.nurses, sanna, p.nurses, cards.VerbAck, nil).card
	contains(t, current.text(), "Korjattu teksti")
	contains(t, w.click(w.nurses, sanna, current, cards.VerbAck, nil).text, "Kuitattu")
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	equal(t, "versions", w.versions(), "1/1 approved", "1/2 approved")
}

// A correction for fewer audiences takes the text out of the channels that are not among them.
func TestCorrectAudience(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	me := teamstest.Personal(mia)
	w.click(me, mia, p.own, cards.VerbCorrect, nil)
	w.click(me, mia, w.find(me.ConversationID, cards.VerbContentSubmit), cards.VerbContentSubmit, map[string]any{"audience": "Hoitajat", "body": "Korjattu"})
	w.click(w.management, heikki, w.posted(w.management.ConversationID, 2), cards.VerbApprove, nil)
	w.becomes(p.nurses, "Korjattu")
	if put := w.becomes(p.both, "vedetty pois"); put.has("Uusi ohje") || put.has("Korjattu") {
		t.Errorf("the text stands: %s", put.text())
	}
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: withdrawn (not for this channel any more)", "Hoito / Vårdare: withdrawn (not for this channel any more)")
}

func TestWithdrawPublication(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	contains(t, w.click(teamstest.Personal(mia), sanna, p.own, cards.VerbWithdrawPublication, nil).text, "viestintä")
	me := teamstest.Personal(mia)
	ans := w.click(me, mia, p.own, cards.VerbWithdrawPublication, nil)
	contains(t, ans.card.text(), "vedetty pois")
	equal(t, "buttons", ans.card.verbs())
	for _, s := range []shown{p.nurses, p.both} {
		put := w.becomes(s, "vedetty pois")
		if strings.Contains(string(put.raw), "maanantaina") || strings.Contains(string(put.raw), "Uusi ohje") || len(put.verbs()) != 0 {
			t.Errorf("the text stands in the post: %s", put.raw)
		}
	}
	contains(t, w.click(w.nurses, sanna, p.nurses, cards.VerbAck, nil).card.text(), "vedetty pois")
	w.clock.Set(at("2026-03-03 09:00"))
	contains(t, w.click(me, mia, p.own, cards.VerbWithdrawPublication, nil).text, "2.3.", "8.00")
	contains(t, w.click(me, jane, p.own, cards.VerbWithdrawPublication, nil).card.text(), "Uusi ohje")
	contains(t, w.click(me, mia, p.own, cards.VerbRemindPublication, nil).card.text(), "vedetty pois")
	w.stop()
	equal(t, "audit", w.audited("publication.withdraw"), mia.Name+" content:1/1 sha256 "+w.MustVersion(1, 1).SHA256)
	equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: withdrawn (publication withdrawn)", "Hoito / Kaikki: withdrawn (publication withdrawn)", "Hoito / Vårdare: withdrawn (publication withdrawn)")
}

// Who has not acknowledged is written to once; the number stands on the button before.
func TestRemind(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	p := w.published()
	for _, who := range []teamstest.Person{sanna, olli} {
		w.click(w.nurses, who, p.nurses, cards.VerbAck, nil)
	}
	own := w.becomes(p.own, "7 henkilöä ei ole vielä kuitannut")
	me := teamstest.Personal(mia)
	contains(t, w.click(w.nurses, sanna, own, cards.VerbRemindPublication, nil).text, "viestintä")
	ans := w.click(me, mia, own, cards.VerbRemindPublication, nil)
	contains(t, ans.card.text(), "Muistutettu")
	if slices.Contains(ans.card.verbs(), cards.VerbRemindPublication) {
		t.Error("it can be sent again")
	}
	for _, who := range []teamstest.Person{aino, hanna, heikki, sijo, mia} {
		contains(t, w.chat(who, "Kuittaus puuttuu", "Uusi ohje").text(), "Hoito / Hoitajat", "Hoito / Kaikki")
	}
	w.chat(erik, "Kvittering saknas")
	contains(t, w.click(me, mia, own, cards.VerbRemindPublication, nil).text, "jo muistutettu", "8.00")
	contains(t, w.click(me, erik, own, cards.VerbRemindPublication, nil).text, "8.00")
	w.stop()
	for _, who := range []teamstest.Person{sanna, olli} {
		if n := w.count(teamstest.PersonalChat(who.ID)); n != 0 {
			t.Errorf("%s has acknowledged and got %d messages", who.Name, n)
		}
	}
	equal(t, "audit", w.audited("publication.remind"), mia.Name+" content:1/1 7")
}

// Content of an entry that needs no approval goes out without a request, by communications or the entry's owner, with the
// same checklist, hash, audit and ledger.
func TestPublishWithoutApproval(t *testing.T) {
	for _, tc := range []struct {
		who  teamstest.Person
		want string // a refusal
	}{{mia, ""}, {olli, ""}, {sanna, "vastuuhenkilö"}, {hanna, "vastuuhenkilö"}} {
		t.Run(tc.who.Name, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			e := campaign()
			e.Approval = false
			id := w.MustAdd(e)
			w.pass("2026-03-02 08:30")
			reminder := w.posted(w.wg.ConversationID, 1)
			ans := w.click(w.wg, tc.who, reminder, cards.VerbEntryContent, nil)
			if tc.want != "" {
				contains(t, ans.text, tc.want)
				// Nor by sending what the form would.
				data := text(map[string]any{"verb": cards.VerbContentSubmit, "entry": id})
				contains(t, w.invoke(w.Click(place(w.wg, reminder), tc.who, reminder.activity, cards.VerbContentSubmit, data)).text, tc.want)
				equal(t, "versions", w.versions())
				return
			}
			form := w.find(w.wg.ConversationID, cards.VerbContentSubmit) // nobody's chat is known: in the thread
			contains(t, form.text(), "Julkaise")
			where := place(w.wg, form)
			refused := w.click(where, tc.who, form, cards.VerbContentSubmit, text(map[string]any{"entry": id, "checkPrivacy": "false"})).card
			contains(t, refused.text(), "Tarkista tämä")
			equal(t, "versions", w.versions())
			ans = w.click(where, tc.who, refused, cards.VerbContentSubmit, map[string]any{"checkPrivacy": "true"})
			contains(t, ans.card.text(), "ilman hyväksyntää")
			v := w.MustVersion(1, 1)
			if v.Decision != store.DecisionApproved || v.Approval || v.SHA256 != v.Hash() || len(v.Checklist) != 4 || v.DecidedBy != "" {
				t.Errorf("recorded %+v", v)
			}
			w.pass("2026-03-16 08:59")
			equal(t, "too early", w.posts(store.KindPublication))
			w.pass("2026-03-16 09:00")
			w.posted(w.nurses.ConversationID, 1)
			w.posted(w.swedes.ConversationID, 1)
			w.posted(w.both.ConversationID, 1)
			w.stop()
			equal(t, "requests", w.posts(store.KindApproval))
			equal(t, "publications", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
			equal(t, "audit", w.audited("content.submit"), tc.who.Name+" content:1/1 sha256 "+v.SHA256)
			equal(t, "audit", w.audited("publication.publish"), "vuosikello content:1/1 sha256 "+v.SHA256)
		})
	}
}
