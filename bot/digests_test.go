package bot_test

import (
	"slices"
	"strings"
	"testing"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// bulletin is a weekly bulletin on Fridays.
func bulletin() store.Entry {
	return store.Entry{Title: "Viikkotiedote", Start: day("2026-01-09"), Repeat: "FREQ=WEEKLY", Audiences: []string{"Ammattilaiset"}, Owner: mia.Name, Leads: []int{1}, Approval: true}
}

// areaDigest is a monthly digest of each result area.
func areaDigest() store.Entry {
	return store.Entry{Title: "Tulosaluekooste", Start: day("2026-01-30"), Repeat: "FREQ=MONTHLY", Audiences: []string{"Ammattilaiset"}, Owner: "Digimentorit", Leads: []int{5, 1}}
}

// preview lists what will be posted: "2.1. 15:04 kind channel".
func (w *world) preview(from, to string) (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		posts, err := tx.Preview(day(from), day(to), calendar, func(names []string) ([]store.Channel, error) {
			channels, _, err := bot.AudienceChannels(tx, names)
			return channels, err
		}, bot.IsDigest)
		for _, p := range posts {
			list = append(list, p.At.Format("2.1. 15:04 ")+p.Kind+" "+p.Channel)
		}
		return err
	})
	return list
}

// A bulletin is drafted from what was done, published, held and is coming, as far as it concerns its audience; it goes
// through approval, and out in each channel's language.
func TestDigest(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(mia)
	id := w.MustAdd(bulletin())
	w.MustAdd(store.Entry{Title: "Flunssakausi", Start: day("2026-01-12"), End: day("2026-02-27"), Audiences: []string{"Some"}, State: store.Done, Leads: []int{1}})
	w.MustAdd(store.Entry{Title: "Allergiakausi", Start: day("2026-03-05"), End: day("2026-05-29"), Audiences: []string{"Ammattilaiset"}, Leads: []int{1}})
	w.MustAdd(store.Entry{Title: "Unohtunut tapahtuma", Start: day("2026-02-28"), Audiences: []string{"Ammattilaiset"}, Leads: []int{1}})
	w.MustAdd(store.Entry{Title: "Työryhmän kokous", Start: day("2026-03-05"), Audiences: []string{"Työryhmä"}, Leads: []int{1}})
	w.MustAdd(store.Entry{Title: "Hoitajien oma asia", Start: day("2026-03-05"), Audiences: []string{"Hoitajat"}, Leads: []int{1}})
	w.holds(map[string]any{"date": "2026-03-05", "time": "14:00", "title": "Kaikkien vartti", "audience": "Ammattilaiset"})

	// What is asked for, and by whom.
	contains(t, w.say(me, sanna, "kooste").text(), "rooli")
	equal(t, "choices", w.say(me, mia, "kooste").commands(), "kooste Viikkotiedote")
	contains(t, w.say(teamstest.Personal(olli), olli, "kooste").text(), "ei ole vuosikellossa") // a digimentor has none of these
	contains(t, w.say(teamstest.Personal(olli), olli, "kooste Viikkotiedote").text(), "viestintä")
	contains(t, w.say(me, mia, "kooste Vikkotiedote").text(), "Lähimmät: Viikkotiedote")
	contains(t, w.say(me, mia, "kooste Lomakalenteri").text(), "ei ole vuosikellossa")

	w.MustWrite(func(tx *store.Tx) error {
		for _, m := range []struct{ name, period string }{{"Ajanvaraukset", "2026-02"}, {"Vanha luku", "2025-12"}} {
			p, err := store.ParsePeriod(m.period)
			if err != nil {
				return err
			}
			value := store.Amount(12_400 * 10_000)
			if _, err := tx.RecordMeasure(&store.MeasureRecord{Name: m.name, Kind: store.Cumulative, Unit: "kpl", Period: p, Value: &value}, w.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	form := w.say(me, mia, "kooste viikkotiedote")
	contains(t, form.text(), "Viikkotiedote, viikko 10", "pe 6.3.", "Ammattilaiset")
	draft := form.inputs()["body"]
	contains(t, draft, "**Tehtyä**\n- 12.1.–27.2. Flunssakausi", "**Tulossa**\n- 5.3.–29.5. Allergiakausi", "**Uusia lukuja**\n- Ajanvaraukset 12\u202f400\u00a0kpl (helmikuu 2026)", "**Seuraavat digivartit**\n- to 5.3. klo 14.00 Kaikkien vartti")
	for _, other := range []string{"Vanha luku", "Unohtunut", "kokous", "Hoitajien", "Viikkotiedote", olli.Name} {
		if strings.Contains(draft, other) {
			t.Errorf("the draft has %s: %s", other, draft)
		}
	}
	contains(t, form.inputs()["bodySv"], "**Gjort**\n- 12.1–27.2 Flunssakausi")
	if got := form.inputs()["publishDate"]; got != "2026-03-06" {
		t.Errorf("to be published %q", got)
	}

	// Mistakes are beside their fields and lose nothing; what is saved is there again.
	for field, wrong := range map[string]map[string]any{"body": {"body": " "}, "bodySv": {"bodySv": strings.Repeat("å", cards.MaxContentBody+1)}, "publishDate": {"publishDate": "2026-03-01"}} {
		if ans := w.click(me, mia, form, cards.VerbDigestSend, wrong); !beside(ans.card, field) {
			t.Errorf("%s: %s%s", field, ans.text, ans.card.text())
		}
		form = w.say(me, mia, "kooste Viikkotiedote")
	}
	contains(t, w.click(me, sanna, form, cards.VerbDigestSave, nil).text, "viestintä")
	saved := w.click(me, mia, form, cards.VerbDigestSave, map[string]any{"body": "Oma teksti", "publishDate": ""})
	contains(t, saved.card.text(), "tallennettu")
	again := w.say(me, mia, "kooste Viikkotiedote")
	if in := again.inputs(); in["body"] != "Oma teksti" || in["publishDate"] != "" {
		t.Errorf("not kept: %q", in)
	}
	// A card from before it was saved does not overwrite it unseen.
	theirs := w.click(teamstest.Personal(erik), erik, form, cards.VerbDigestSend, map[string]any{"body": "Toinen teksti"})
	contains(t, theirs.card.text(), "samtidigt")

	// A client that sends the body alone keeps the Swedish text.
	again = w.say(me, mia, "kooste Viikkotiedote")
	d := again.data(t, cards.VerbDigestSend, map[string]any{"body": "Kaikki **hyvin**."})
	delete(d, "bodySv")
	sent := w.invoke(w.Click(me, mia, again.activity, cards.VerbDigestSend, d))
	contains(t, sent.card.text(), "Lähetetty hyväksyttäväksi", hanna.Name)
	contains(t, w.invoke(w.Click(me, mia, again.activity, cards.VerbDigestSend, d)).text, "ma 2.3. klo 08.00")
	if n := len(w.versions()); n != 1 {
		t.Errorf("%d versions", n)
	}
	contains(t, w.say(me, mia, "kooste Viikkotiedote").text(), "Lähetetty hyväksyttäväksi ma 2.3. klo 08.00")
	w.click(teamstest.Personal(hanna), hanna, w.chat(hanna, cards.VerbApprove), cards.VerbApprove, nil)
	w.passed("2026-03-02 08:31")
	contains(t, w.find(w.nurses.ConversationID, cards.VerbAck).text(), "Viikkotiedote, viikko 10", "Kaikki **hyvin**.")
	contains(t, w.find(w.swedes.ConversationID, cards.VerbAck).text(), "Veckobrev, vecka 10", "Gjort")
	contains(t, w.click(me, mia, again, cards.VerbDigestSend, nil).card.text(), "Julkaistu")
	v := w.MustVersion(1, 1)
	if !slices.Equal(v.Checklist, store.Checks()) || v.EntryID != id || !v.Approval {
		t.Errorf("stored %+v", v)
	}
	contains(t, w.say(me, mia, "kooste Viikkotiedote").text(), "viikko 11") // the next one

	// The next one tells of what reached people.
	w.submit(mia, map[string]any{"publishDate": ""})
	w.click(teamstest.Personal(hanna), hanna, w.chat(hanna, "Uusi ohje", cards.VerbApprove), cards.VerbApprove, nil)
	w.passed("2026-03-02 08:40")
	w.click(w.nurses, sanna, w.find(w.nurses.ConversationID, "Uusi ohje", cards.VerbAck), cards.VerbAck, nil)
	w.passed("2026-03-05 14:00")
	w.click(w.nurses, sanna, w.find(w.nurses.ConversationID, "Kaikkien vartti", "alkaa"), cards.VerbJoin, nil)
	w.passed("2026-03-06 09:00")
	contains(t, w.say(me, mia, "kooste Viikkotiedote").inputs()["body"], "Uusi ohje (tavoitettavissa 9, reagoi 0, kuittasi 1)", "to 5.3. Kaikkien vartti (osallistui 1)")
}

// The draft comes to its writer at the first lead: once, in one item of the preview, beside the plain reminder.
func TestDigestComes(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.knows(mia)
	w.MustAdd(bulletin())
	equal(t, "preview", w.preview("2026-03-02", "2026-03-08"), "5.3. 08:30 digest ", "5.3. 08:30 reminder Viestintä / Työryhmä")
	w.passed("2026-03-05 08:30")
	card := w.chat(mia, cards.VerbDigestSend)
	contains(t, card.text(), "Viikkotiedote, viikko 10")
	w.stop()
	w.Start()
	w.pass("2026-03-05 08:31")
	w.passed("2026-03-05 12:00")
	equal(t, "drafts", w.posts(store.KindDigest), mia.Name+": sent")
	// From its own post: the post itself shows what became of it.
	w.click(teamstest.Personal(mia), mia, card, cards.VerbDigestSend, map[string]any{"body": "Hei", "publishDate": ""})
	contains(t, w.becomes(card, "Lähetetty hyväksyttäväksi").text(), "Viikkotiedote, viikko 10")
	// After a fortnight's downtime the draft that is not over is brought, marked late.
	w.pass("2026-03-20 07:00")
	w.passed("2026-03-20 12:00")
	if got := w.posts(store.KindDigest); len(got) != 2 {
		t.Errorf("drafts %q", got)
	}
	// Without an owner that is known, communications write it; a bulletin of somebody's that is cancelled, nobody.
	e := bulletin()
	e.Title, e.Owner, e.Start, e.State = "Kuukausikooste", "Digipalvelutiimi", day("2026-03-27"), store.Planned
	w.MustAdd(e)
	w.passed("2026-03-26 08:30")
	got := w.posts(store.KindDigest)
	for _, p := range []teamstest.Person{mia, erik, jane} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, p.Name) }) {
			t.Errorf("no draft for %s: %q", p.Name, got)
		}
	}
}

// A result area's digest has its own people's numbers alone, is its digimentors', and goes to its channels alone, without
// approval.
func TestDigestArea(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.knows(olli)
	// Another team with a channel of the same audience: Sanna is in both, Mikael in that one alone.
	mikael := person("mikael", "Mikael Muualta", "fi-FI")
	w.MustWrite(func(tx *store.Tx) error {
		event := at("2026-03-01 12:00")
		if _, err := tx.TeamSeen(store.Team{ID: "19:lab@thread.tacv2", Name: "Laboratorio", ServiceURL: w.ServiceURL}, event); err != nil {
			return err
		}
		if err := tx.ChannelSeen(store.Channel{ID: "19:labpro@thread.tacv2", TeamID: "19:lab@thread.tacv2", Name: "Yleiset", ServiceURL: w.ServiceURL}, event); err != nil {
			return err
		}
		if err := tx.SyncLater("19:lab@thread.tacv2", at("2099-01-01 12:00")); err != nil {
			return err
		}
		if _, err := tx.Bind("19:labpro@thread.tacv2", store.Binding{Kind: store.ForAudience, Name: "Ammattilaiset"}); err != nil {
			return err
		}
		var members []store.Person
		for _, p := range []teamstest.Person{sanna, mikael} {
			members = append(members, store.Person{ID: p.AADObjectID, TeamsID: p.ID, Name: p.Name, ServiceURL: w.ServiceURL})
		}
		return tx.SetMembers("19:lab@thread.tacv2", members, w.clock.Now())
	})
	w.MustAdd(areaDigest())
	w.holds(map[string]any{"date": "2026-03-10", "audience": "Ammattilaiset"})
	w.holds(map[string]any{"date": "2026-03-26", "title": "Seuraava vartti"})
	w.passed("2026-03-10 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	for _, p := range []teamstest.Person{sanna, erik, mikael} {
		w.click(w.nurses, p, soon, cards.VerbJoin, nil)
	}
	w.MustWrite(func(tx *store.Tx) error {
		if err := tx.SaveFeedback(1, store.Feedback{PersonID: erik.AADObjectID, Need: "Tulostus", At: w.clock.Now()}); err != nil {
			return err
		}
		return tx.SaveFeedback(1, store.Feedback{PersonID: mikael.AADObjectID, Need: "Röntgenkuvat", At: w.clock.Now()})
	})
	equal(t, "preview", slices.DeleteFunc(w.preview("2026-03-20", "2026-03-31"), func(s string) bool { return !strings.Contains(s, "digest") }), "25.3. 08:30 digest ")

	w.passed("2026-03-25 08:30")
	card := w.chat(olli, cards.VerbDigestSend)
	contains(t, card.text(), "Tulosaluekooste: Hoito, maaliskuu 2026", "Hoito / Hoitajat")
	body := card.inputs()["body"]
	contains(t, body, "ti 10.3. Ajanvaraus sovelluksessa (osallistui 2)", "yhteensä 2 henkilöä", "Tulostus (1)", "to 26.3. klo 14.00 Seuraava vartti")
	for _, other := range []string{"Röntgen", "Laboratorio", sanna.Name} {
		if strings.Contains(body, other) {
			t.Errorf("the draft has %s: %s", other, body)
		}
	}
	equal(t, "drafts", w.posts(store.KindDigest), ": failed (no writer)", jane.Name+": sent", olli.Name+": sent")
	// The digimentor of another area may not send it, nor make that area's.
	w.MustWrite(func(tx *store.Tx) error { return tx.GiveRole(mikael.AADObjectID, store.RoleDigimentor, 0) })
	contains(t, w.click(teamstest.Personal(mikael), mikael, card, cards.VerbDigestSend, nil).text, "jäsenenä")
	contains(t, w.say(teamstest.Personal(olli), olli, "kooste Tulosaluekooste / Laboratorio").text(), "jäsenenä")
	contains(t, w.say(teamstest.Personal(mikael), mikael, "kooste tulosaluekooste").inputs()["body"], "osallistui 2", "Röntgenkuvat")
	// Communications choose which.
	choice := w.say(teamstest.Personal(mia), mia, "kooste Tulosaluekooste")
	contains(t, choice.text(), "Minkä tulosalueen")
	if got := choice.commands(); len(got) != 2 {
		t.Errorf("choices %q", got)
	}

	w.click(teamstest.Personal(olli), olli, card, cards.VerbDigestSend, map[string]any{"body": "Kiitos kaikille.", "bodySv": ""})
	w.passed("2026-03-25 09:00")
	contains(t, w.find(w.nurses.ConversationID, cards.VerbAck).text(), "Tulosaluekooste: Hoito", "Kiitos kaikille.")
	equal(t, "posts", w.posts(store.KindPublication), "Hoito / Hoitajat: sent", "Hoito / Kaikki: sent", "Hoito / Vårdare: sent")
	w.becomes(card, "Julkaistu")
	if got := w.audited("content.release"); len(got) != 1 {
		t.Errorf("audit %q", got)
	}
}

// The reminder of a digest opens its draft, for the occurrence that it reminds of, not an empty form of content.
func TestDigestFromReminder(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.MustAdd(bulletin())
	e := areaDigest()
	e.Start, e.Owner = day("2026-03-06"), ""
	w.MustAdd(e)
	mine := w.knows(mia)
	w.passed("2026-03-05 08:30")
	weekly := w.find(w.wg.ConversationID, "Viikkotiedote")
	contains(t, string(weekly.raw), "Avaa luonnos")
	contains(t, w.click(w.wg, mia, weekly, cards.VerbEntryContent, nil).text, "yksityiseen")
	draft := w.find(mine.ConversationID, cards.VerbDigestSend, "Viikkotiedote")
	contains(t, w.click(mine, mia, draft, cards.VerbDigestSave, map[string]any{"body": "Viikon asiat"}).card.text(), "Luonnos tallennettu")
	area := w.find(w.wg.ConversationID, "Tulosaluekooste")
	contains(t, w.click(w.wg, sanna, area, cards.VerbEntryContent, nil).text, "vastuuhenkilö")
	contains(t, w.click(w.wg, mia, area, cards.VerbEntryContent, nil).text, "yksityiseen")
	w.find(mine.ConversationID, cards.VerbDigestSend, "Hoito / Kaikki")
}
