package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// The form is nobody else's: it comes to the personal chat, as the reply to a command there, or as a reply in the thread
// of a channel when no such chat is known.
func TestContentFormPlace(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	thread := w.Mention(w.nurses.Thread("1"), mia, "hyväksyntä")
	w.post(thread)
	form := w.replyTo(thread)
	if !strings.Contains(form.conversation, ";messageid=1") {
		t.Errorf("the form is in %q", form.conversation)
	}
	// Two audiences are bound here: neither is taken for granted. The date is the next working day, at the post time.
	if v := form.inputs(); v["audience"] != "" || v["publishDate"] != "2026-03-03" || v["publishTime"] != "08:30" || v["entry"] != "none" {
		t.Errorf("the form holds %q", v)
	}
	personal := w.say(teamstest.Personal(mia), mia, "godkännande")
	equal(t, "buttons", personal.verbs(), cards.VerbContentPreview, cards.VerbContentSave, cards.VerbContentSubmit)
	one := w.Mention(w.swedes, mia, "new publication")
	w.post(one)
	form = w.chat(mia, cards.VerbContentSubmit)
	equal(t, "the channel's audience", []string{form.inputs()["audience"]}, "Ammattilaiset")
	contains(t, w.replyTo(one).text(), "yksityiseen")
	contains(t, w.say(teamstest.Personal(hanna), hanna, "hyväksyntä").text(), "tarvitaan rooli")
}

// Whatever is wrong, the same form comes back with what was typed and the mistake beside its field, and nothing changes.
func TestSubmitRefused(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	me := teamstest.Personal(mia)
	form := w.say(me, mia, "hyväksyntä")
	long := strings.Repeat("ä", 6001)
	for _, tc := range []struct {
		name, field string
		inputs      map[string]any
		want        string
	}{
		{"no title", "title", map[string]any{"title": "  "}, ""},
		{"title too long", "title", map[string]any{"title": strings.Repeat("x", 301)}, "301"}, // the form shows what it has room for
		{"no body", "body", map[string]any{"body": "\n"}, "Teksti puuttuu"},
		{"body too long", "body", map[string]any{"body": long}, "001"},
		{"an emoji flood: clients count two for each", "body", map[string]any{"body": strings.Repeat("😀", 3001)}, "002"},
		{"Swedish text without a title", "titleSv", map[string]any{"bodySv": "Text"}, "Ruotsinkielisessä"},
		{"Swedish title without a text", "bodySv", map[string]any{"titleSv": "Rubrik"}, "Ruotsinkielisessä"},
		{"no audience", "audience", map[string]any{"audience": ""}, "Kohderyhmä puuttuu"},
		{"unknown audience", "audience", map[string]any{"audience": "Amattilaiset"}, "Ammattilaiset"},
		{"unknown audience far from all", "audience", map[string]any{"audience": "Marsilaiset"}, "Tunnetut kohderyhmät"},
		{"one unknown among known", "audience", map[string]any{"audience": "Hoitajat, Hoitaajt"}, "Hoitaajt"},
		{"a time in the past", "publishDate", map[string]any{"publishDate": "2026-03-01"}, "jo mennyt"},
		{"a minute ago", "publishDate", map[string]any{"publishDate": "2026-03-02", "publishTime": "07:59"}, "jo mennyt"},
		{"no such day", "publishDate", map[string]any{"publishDate": "2026-02-30"}, "2026-02-30"},
		{"no such time", "publishTime", map[string]any{"publishTime": "24:00"}, "24:00"},
		{"http picture", "image", map[string]any{"image": "http://hva.example/k.png", "imageAlt": "Kuva"}, "https://"},
		{"data picture", "image", map[string]any{"image": "data:image/png;base64,AAAA", "imageAlt": "Kuva"}, "koko osoite"},
		{"picture without words", "imageAlt", map[string]any{"image": "https://hva.example/k.png"}, "kuvaus puuttuu"},
		{"link that is none", "link", map[string]any{"link": "javascript:alert(1)"}, "koko osoite"},
		{"entry that is none", "entry", map[string]any{"entry": "zzz"}, ""},
		{"copyright unchecked", "checkCopyright", map[string]any{"checkCopyright": "false"}, "Tarkista tämä"},
		{"privacy unchecked", "checkPrivacy", map[string]any{"checkPrivacy": ""}, "Tarkista tämä"},
		{"language unchecked", "checkLanguage", map[string]any{"checkLanguage": "yes"}, "Tarkista tämä"},
		{"accessibility unchecked", "checkAccessibility", map[string]any{"checkAccessibility": nil}, "Tarkista tämä"},
	} {
		inputs := text(map[string]any{"link": "https://hva.example/säilyy"}, tc.inputs)
		ans := w.click(me, mia, form, cards.VerbContentSubmit, inputs)
		if ans.card.raw == nil {
			t.Errorf("%s: answered %q", tc.name, ans.text)
			continue
		}
		contains(t, ans.card.text(), tc.want)
		if !beside(ans.card, tc.field) {
			t.Errorf("%s: the mistake is not beside %s", tc.name, tc.field)
		}
		for field, typed := range inputs {
			got := ans.card.inputs()[field]
			if s, _ := typed.(string); s != got && !strings.HasPrefix(field, "check") && field != "entry" && (len(s) < 301 || !strings.HasPrefix(s, got) || got == "") {
				t.Errorf("%s: %s came back as %.60q, typed %.60q", tc.name, field, got, s)
			}
		}
		if len(ans.card.raw) > cards.MaxBytes {
			t.Errorf("%s: the form has %d bytes", tc.name, len(ans.card.raw))
		}
	}
	// What no form could come back with leaves the form, and what was typed, alone.
	refused := w.click(me, mia, form, cards.VerbContentSubmit, text(map[string]any{"body": strings.Repeat("x", 200_000)}))
	if refused.card.raw != nil {
		t.Error("200,000 characters: the form was replaced")
	}
	contains(t, refused.text, "liian pitkä")
	equal(t, "versions", w.versions())
	equal(t, "audit", w.audited("content.submit"))
	w.stop()
	equal(t, "requests", w.posts(store.KindApproval))
	// Corrected, what came back can be sent.
	w.Start()
	ans := w.click(me, mia, form, cards.VerbContentSubmit, text(map[string]any{"body": ""}))
	ans = w.click(me, mia, ans.card, cards.VerbContentSubmit, map[string]any{"body": "Nyt on"})
	contains(t, ans.card.text(), "Lähetetty hyväksyttäväksi")
	contains(t, w.posted(w.management.ConversationID, 1).text(), "Nyt on", "Uusi ohje")
}

// The longest content that is let in can be requested, previewed and published in one message each.
func TestLongestContent(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"x", "ä", "😀", "<", "\"", "*", "\n", "&"} {
		t.Run(letter, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			width := 1
			if letter == "😀" {
				width = 2
			}
			fill := func(n int) string { return "a" + strings.Repeat(letter, (n-2)/width) + "b" }
			w.submit(mia, map[string]any{"title": fill(300), "titleSv": fill(300), "body": fill(6000), "bodySv": fill(6000), "link": "https://hva.example/" + strings.Repeat("x", 900),
				"image": "https://hva.example/" + strings.Repeat("y", 900), "imageAlt": fill(1000), "publishDate": ""})
			if len(w.versions()) == 0 {
				return // refused as too long: there is nothing to fit
			}
			s := w.posted(w.management.ConversationID, 1)
			w.click(w.management, hanna, s, cards.VerbApprove, nil)
			post := w.posted(w.both.ConversationID, 1)
			for _, s := range []shown{s, post} {
				if len(s.raw) > cards.MaxBytes {
					t.Errorf("a card of %d bytes", len(s.raw))
				}
			}
		})
	}
}

// The preview shows what each channel would get, and how large it is; it is sent, or edited, from there.
func TestPreview(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	me := teamstest.Personal(mia)
	form := w.say(me, mia, "hyväksyntä")
	typed := text(map[string]any{"audience": "Ammattilaiset,Some", "titleSv": "Ny anvisning", "bodySv": "Ändras på måndag.", "checkPrivacy": "false"})
	ans := w.click(me, mia, form, cards.VerbContentPreview, typed)
	preview := w.updated(form, 1) // it takes the form's place
	contains(t, preview.text(), "Kanava: Hoito / Hoitajat", "Kanava: Hoito / Vårdare", "Kanava: Hoito / Kaikki", "Some", "Uusi ohje", "Ny anvisning", "80 kt", "aikaisintaan", "16.3.")
	equal(t, "buttons", preview.verbs(), cards.VerbContentEdit, cards.VerbContentSubmit)
	equal(t, "inputs", keys(preview.inputs()))
	// A check is missing: the form comes back in the preview's place, with everything in it.
	back := w.click(me, mia, ans.card, cards.VerbContentSubmit, nil).card
	contains(t, back.text(), "Tarkista tämä")
	equal(t, "what was typed", []string{back.inputs()["titleSv"], back.inputs()["body"], back.inputs()["checkCopyright"]}, "Ny anvisning", "Ohje muuttuu **maanantaina**.", "true")
	equal(t, "versions", w.versions())
	form = w.click(me, mia, ans.card, cards.VerbContentEdit, nil).card
	equal(t, "the form again", []string{form.inputs()["title"], form.inputs()["audience"]}, "Uusi ohje", "Ammattilaiset,Some")
	ans = w.click(me, mia, form, cards.VerbContentPreview, map[string]any{"checkPrivacy": "true"})
	contains(t, w.click(me, mia, ans.card, cards.VerbContentSubmit, nil).card.text(), "Lähetetty hyväksyttäväksi")
	equal(t, "versions", w.versions(), "1/1 pending")
	v := w.MustVersion(1, 1)
	equal(t, "content", append([]string{v.Title, v.Body, v.TitleSv, v.BodySv}, v.Audiences...), "Uusi ohje", "Ohje muuttuu **maanantaina**.", "Ny anvisning", "Ändras på måndag.", "Ammattilaiset", "Some")
}

// What is previewed is what is posted, to the byte of the text.
func TestPreviewIsWhatIsPosted(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	me := teamstest.Personal(mia)
	typed := text(map[string]any{"audience": "Hoitajat", "publishDate": "", "body": "Alku\n\n1. eka\n2. toka\n\n**Lihava** [linkki](https://hva.example) <b>ei</b> # ei\n![ei](https://paha.example/x.png)"})
	preview := w.click(me, mia, w.say(me, mia, "hyväksyntä"), cards.VerbContentPreview, typed).card
	w.click(me, mia, preview, cards.VerbContentSubmit, nil)
	w.click(w.management, hanna, w.posted(w.management.ConversationID, 1), cards.VerbApprove, nil)
	post := w.posted(w.nurses.ConversationID, 1)
	body := ""
	post.walk(func(o map[string]any) {
		if s, _ := o["text"].(string); strings.Contains(s, "Lihava") {
			body = s
		}
	})
	encoded, err := json.Marshal(body)
	if err != nil || body == "" {
		t.Fatalf("no body in %s", post.raw)
	}
	if !strings.Contains(preview.text(), body) {
		t.Errorf("posted %s, previewed\n%s", encoded, preview.text())
	}
	contains(t, body, "**Lihava**", "[linkki](https://hva.example)", "1. eka\n2. toka")
	for _, bad := range []string{"<b>", "!["} {
		if strings.Contains(body, bad) {
			t.Errorf("%q is in %s", bad, encoded)
		}
	}
}

// Markup of people is text wherever content shows; nobody is mentioned by it.
func TestContentInjection(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	evil := "=1+1 <at>Hanna Hyväksyjä</at> [x](javascript:alert(1)) **y** {{DATE(2026-01-01T00:00:00Z)}} @kaikki"
	w.submit(mia, map[string]any{"title": evil, "body": evil, "titleSv": evil, "bodySv": evil, "image": "https://hva.example/k.png", "imageAlt": evil, "publishDate": ""})
	s := w.posted(w.management.ConversationID, 1)
	equal(t, "mentions", s.mentioned(), hanna.AADObjectID, heikki.AADObjectID)
	ans := w.click(w.management, hanna, s, cards.VerbReturn, map[string]any{"comment": evil})
	w.submit(mia, map[string]any{"title": "Toinen", "body": evil, "publishDate": ""})
	second := w.find(w.management.ConversationID, "Toinen")
	w.click(w.management, hanna, second, cards.VerbApprove, map[string]any{"comment": evil})
	for _, s := range []shown{ans.card, w.posted(w.both.ConversationID, 1), w.chat(mia, "Palautettu"), w.say(w.management, sanna, "hyväksynnät")} {
		equal(t, "mentions", s.mentioned())
		s.walk(func(o map[string]any) {
			if text, _ := o["text"].(string); o["type"] == "TextBlock" && (strings.Contains(text, "<at>") || strings.Contains(text, "](javascript") || strings.Contains(text, "{{")) {
				t.Errorf("markup of people in %q", text)
			}
		})
	}
}

// A click that comes again, because its answer came late, sends nothing twice.
func TestSubmitAgain(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	me := teamstest.Personal(mia)
	form := w.say(me, mia, "hyväksyntä")
	var wg sync.WaitGroup
	for range 10 {
		click := w.Click(me, mia, form.activity, cards.VerbContentSubmit, form.data(t, cards.VerbContentSubmit, text()))
		wg.Go(func() { contains(t, w.invoke(click).card.text(), "Lähetetty hyväksyttäväksi", hanna.Name) })
	}
	wg.Wait()
	equal(t, "versions", w.versions(), "1/1 pending")
	// The same from a draft that was kept before.
	saved := w.click(me, mia, w.say(me, mia, "hyväksyntä"), cards.VerbContentSave, text(map[string]any{"title": "Toinen"})).card
	for range 3 {
		contains(t, w.click(me, mia, saved, cards.VerbContentSubmit, nil).card.text(), "Lähetetty hyväksyttäväksi")
	}
	equal(t, "versions", w.versions(), "1/1 pending", "2/1 pending")
	// Other content from the same form is another content.
	w.click(me, mia, form, cards.VerbContentSubmit, text(map[string]any{"title": "Kolmas"}))
	equal(t, "versions", w.versions(), "1/1 pending", "2/1 pending", "3/1 pending")
	w.find(w.management.ConversationID, "Kolmas")
	w.stop()
	if n := len(w.posts(store.KindApproval)); n != 9 {
		t.Errorf("%d posts, want three for each of three requests", n)
	}
}

// Somebody else's new version is told to whoever asked for the first, and every step is in the audit log.
func TestEditedByAnother(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested()
	w.say(teamstest.Personal(erik), erik, "apua")
	contains(t, w.click(teamstest.Personal(mia), sanna, r.own, cards.VerbContentEdit, nil).text, "viestintä")
	where := teamstest.Personal(erik)
	data := r.own.data(t, cards.VerbContentEdit, nil)
	w.invoke(w.Click(where, erik, "1", cards.VerbContentEdit, data))
	form := w.shown(w.conn.AwaitMatch(w, 1, func(q teamstest.Request) bool {
		return (q.Posted() || q.Op == "update") && q.ConversationID == where.ConversationID && w.shown(q).has(cards.VerbContentSubmit)
	}))
	w.click(where, erik, form, cards.VerbContentSubmit, map[string]any{"body": "Erikin teksti"})
	equal(t, "versions", w.versions(), "1/1 voided", "1/2 pending")
	w.chat(mia, "Uusi versio: Uusi ohje")
	equal(t, "audit", w.audited("approval.voided"), erik.Name+" content:1/1 sha256 "+w.MustVersion(1, 1).SHA256)
	// The first requester cannot take back what is another's now.
	contains(t, w.click(teamstest.Personal(mia), mia, r.own, cards.VerbWithdrawRequest, nil).text, "vain se, joka lähetti")
}

// The year clock's series: last week's text is published, this week's is new.
func TestContentOfSeries(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.MustAdd(store.Entry{Title: "Uutiskirje", Start: day("2026-03-03"), End: day("2026-03-10"), Repeat: "FREQ=WEEKLY", Leads: []int{1}, Owner: "Olli Omistaja", Audiences: []string{"Hoitajat"}, Approval: false})
	w.pass("2026-03-02 08:30")
	first := w.posted(w.wg.ConversationID, 1)
	me := w.knows(olli)
	w.click(w.wg, olli, first, cards.VerbEntryContent, nil)
	form := w.posted(me.ConversationID, 1)
	equal(t, "form", []string{form.inputs()["publishDate"], form.inputs()["audience"]}, "2026-03-03", "Hoitajat")
	w.click(me, olli, form, cards.VerbContentSubmit, text(map[string]any{"entry": form.inputs()["entry"], "audience": "Hoitajat", "publishDate": "2026-03-03"}))
	w.pass("2026-03-03 09:00")
	w.posted(w.nurses.ConversationID, 1)
	w.pass("2026-03-09 08:30")
	second := w.posted(w.wg.ConversationID, 2)
	w.click(w.wg, olli, second, cards.VerbEntryContent, nil)
	form = w.find(me.ConversationID, "2026-03-10", cards.VerbContentSubmit)
	equal(t, "the next form", []string{form.inputs()["title"], form.inputs()["body"]}, "Uutiskirje", "")
}

func keys(m map[string]string) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}

// A person who has taken the app away from their chat is still given a form: in the thread.
func TestContentFormWithoutChat(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.knows(mia)
	w.conn.Refuse(teamstest.PersonalChat(mia.ID), teams.CodeBotNotInRoster)
	w.post(w.Mention(w.swedes.Thread("7"), mia, "hyväksyntä"))
	form := w.shown(w.conn.AwaitMatch(w, 1, func(r teamstest.Request) bool {
		return r.Posted() && strings.HasPrefix(r.ConversationID, w.swedes.ConversationID) && w.shown(r).has(cards.VerbContentSubmit)
	}))
	contains(t, fmt.Sprint(form.verbs()), cards.VerbContentSubmit)
}
