//go:build e2e

package main_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	previewButton = "Esikatsele"
	submitButton  = "Lähetä hyväksyttäväksi"
	approveButton = "Hyväksy"
	ackButton     = "Kuittaa luetuksi"
	ownChat       = "Personal Chat"
	management    = "Johtoryhmä"
	professionals = "Viestintä - Ammattilaisten kanava"
)

// TestE2EColleaguesAnswer is the demo's further story. A digi-quarter is planned and colleagues sign up. The visitor writes
// content and sends it; a colleague of the management team approves it, it is published, and colleagues acknowledge it.
// Then the reminder of the digi-quarter comes, and its meeting can be joined. One demo serves both, because the reminder
// is a minute away.
func TestE2EColleaguesAnswer(t *testing.T) {
	w := openWindow(t, startDemo(t), pictureFolder(t))
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")
	w.planSession()
	w.visit(ownChat)
	w.publishContent()
	w.joinSession()
}

const (
	sessionTitle = "Ajanvaraus sovelluksessa"
	meetingLink  = "https://meet.example.fi/ajanvaraus"
	// sessionLine is 16 minutes ahead in the demo's time: people are reminded 15 minutes before.
	sessionLine = "digivartti 9.3.2026 08:46 " + sessionTitle
	// sessionSoonIn is longer than the minute until then.
	sessionSoonIn = time.Minute + patience
)

// planSession puts a digi-quarter on the calendar with one line, to which the chat answers with a form for what the line
// did not say; then signs up in the audience's channel, and sees two colleagues do the same.
func (w *window) planSession() {
	w.t.Helper()
	w.write(sessionLine)
	form := cardsWith("Tallenna") + ".at(-1)"
	w.waitFor(patience, "the session form", form+" !== undefined")
	w.tick(form, "Ammattilaiset")
	w.pressOn(form, "Näytä lisää kenttiä") // Graph would make a meeting: a link of one's own is for those who want one
	w.fill(form, "Oma kokouslinkki", meetingLink)
	w.photographWhole("session-form", form)
	w.pressOn(form, "Tallenna")
	saved := cardShowing("Digivartti · lisätty")
	w.waitFor(patience, "the session to be saved", saved+" !== undefined")
	w.photograph("session-saved", saved)

	w.visit(professionals)
	invitation := cardsWith("Ilmoittaudu") + "[0]"
	w.waitFor(patience, "the invitation in the audience's channel", invitation+" !== undefined")
	w.see(invitation, sessionTitle, "ma 9.3.", "Leena Salonen")
	if evaluate[bool](w, fmt.Sprintf("%s.outerHTML.includes(%q)", invitation, meetingLink)) {
		w.fail("the invitation gives the meeting's link away")
	}
	w.photograph("invitation")
	w.pressOn(invitation, "Ilmoittaudu")
	w.waitFor(patience, "the visitor and two colleagues to have signed up", cardShowing("3 henkilöä")+" !== undefined")
	w.photograph("invitation-signed-up")
}

// joinSession waits for the reminder of the digi-quarter and joins from it.
func (w *window) joinSession() {
	w.t.Helper()
	w.visit(professionals)
	soon := cardShowing("alkaa klo 08.46")
	w.waitFor(sessionSoonIn, "the reminder of the session", soon+" !== undefined")
	w.see(soon, sessionTitle, "Voit liittyä nyt")
	w.photograph("session-reminder")
	w.pressOn(soon, "Liity")
	w.waitFor(patience, "the way into the meeting", cardShowing("Liittymisesi on kirjattu")+"?.querySelector('[aria-label=\"Avaa kokous\"]') != null")
	w.photograph("session-joined")
}

// publishContent writes content in a form in the chat, previews it, sends it and follows it until it is acknowledged.
func (w *window) publishContent() {
	w.t.Helper()
	const (
		title = "Sähköinen ajanvaraus on auki kaikille"
		link  = "https://example.fi/ohje"
	)
	w.write("hyväksyntä")
	w.waitFor(patience, "the content form", cardsWith(previewButton)+".length === 1")
	form := cardsWith(previewButton) + "[0]"
	w.fill(form, "Otsikko", title)
	w.fill(form, "Teksti", "Asukas varaa ajan nyt itse:\n\n- **sovelluksessa**\n- verkossa\n\nLue [ohje]("+link+") ja kerro siitä.")
	w.fill(form, "Julkaisupäivä", "")
	w.tick(form, "Ammattilaiset")
	for _, check := range []string{"Tekstin ja kuvien tekijänoikeudet ovat kunnossa", "Kenenkään henkilötietoja ei paljastu", "Teksti on selkeää yleiskieltä", "Sisältö on saavutettavaa"} {
		w.tick(form, check)
	}
	w.photographWhole("content-form", form)

	w.press(previewButton)
	preview := cardShowing("Näin sisältö julkaistaan")
	w.waitFor(patience, "the preview", preview+" !== undefined")
	w.showsContent(preview, title, link)
	w.see(preview, "Ammattilaisten kanava", "heti hyväksynnän jälkeen")
	w.photograph("content-preview", preview)

	w.press(submitButton)
	w.visit(management)
	request := cardsWith(approveButton) + "[0]"
	w.waitFor(patience, "the request in the management team's chat", request+" !== undefined")
	w.see(request, "odottaa", "Leena Salonen", "Mikko Virtanen", "Ammattilaiset", "heti hyväksynnän jälkeen")
	w.showsContent(request, title, link)
	w.photograph("request")

	decided := cardShowing("✓ Hyväksytty")
	w.waitFor(patience, "the colleague's decision", decided+" !== undefined && "+cardsWith(approveButton)+".length === 0")
	w.see(decided, title, "Mikko Virtanen")
	w.photograph("request-decided")

	w.visit(professionals)
	publication := cardsWith(ackButton) + "[0]"
	w.waitFor(patience, "the publication in the audience's channel", publication+" !== undefined")
	w.showsContent(publication, title, link)
	w.photograph("publication")
	w.press(ackButton)
	w.waitFor(patience, "the acknowledgements of the visitor and two colleagues", publication+`.innerText.includes("3 kuitannut")`)
	w.photograph("publication-acknowledged")

	w.visit(ownChat)
	told := cardShowing("Mikko Virtanen hyväksyi sisällön")
	w.waitFor(patience, "the requester to be told of the decision", told+" !== undefined")
	w.photograph("requester-told", cardShowing("Julkaisu · julkaistu"), told)
}

// pressOn clicks a button of a card.
func (w *window) pressOn(card, label string) {
	w.t.Helper()
	w.click(fmt.Sprintf("%s?.querySelector('button[aria-label=%q]')", card, label))
}

// cardShowing is the last card with that text on it, undefined when there is none.
func cardShowing(text string) string {
	return fmt.Sprintf("%s.findLast(c => c.innerText.includes(%q))", allCards, text)
}

// see fails unless a card shows all of the texts.
func (w *window) see(card string, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if !evaluate[bool](w, fmt.Sprintf("%s.innerText.includes(%q)", card, text)) {
			w.fail(fmt.Sprintf("the card does not show %q but: %s", text, evaluate[string](w, card+".innerText")))
		}
	}
}

// showsContent fails unless a card shows the content as it was written: the title, the list as a list, and the link.
func (w *window) showsContent(card, title, link string) {
	w.t.Helper()
	w.see(card, title)
	if items := evaluate[[]string](w, fmt.Sprintf("[...%s.querySelectorAll('li')].map(e => e.innerText.trim())", card)); len(items) != 2 || items[0] != "sovelluksessa" || items[1] != "verkossa" {
		w.fail(fmt.Sprintf("the card's list is %q", items))
	}
	if !evaluate[bool](w, fmt.Sprintf("%s.querySelector('a[href=%q]')?.innerText === 'ohje'", card, link)) {
		w.fail("the card does not have the link " + link)
	}
}

// write sends a message in the conversation that is open.
func (w *window) write(text string) {
	w.t.Helper()
	w.click(`document.querySelector('[data-lexical-editor="true"]')`)
	w.do(patience, chromedp.KeyEvent(text+"\r"))
}

// fill puts a text in the input whose label begins so, in the place of what it had.
func (w *window) fill(card, label, text string) {
	w.t.Helper()
	input := chromedp.JSPath(fmt.Sprintf("document.getElementById([...%s.querySelectorAll('label')].find(l => l.innerText.startsWith(%q)).htmlFor)", card, label))
	w.do(patience,
		chromedp.Focus(input, chromedp.NodeVisible),
		chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)),
		chromedp.KeyEvent("\b"+text))
	if text == "" { // a picker reads what was typed when it is left
		w.do(patience, chromedp.KeyEvent("\t"))
	}
}

// tick ticks a box.
func (w *window) tick(card, label string) {
	w.t.Helper()
	w.click(fmt.Sprintf("%s?.querySelector('input[type=checkbox][aria-label=%q]')", card, label))
}
