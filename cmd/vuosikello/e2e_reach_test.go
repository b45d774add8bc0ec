//go:build e2e

package main_test

import (
	"strconv"
	"strings"
	"testing"
)

// TestE2EReach is what communications see of the demo's past: how far publications went, of every kind of subject, and the
// measures beside a campaign's.
func TestE2EReach(t *testing.T) {
	w := openWindow(t, startDemo(t), pictureFolder(t))
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")
	for _, subject := range []struct{ name, say, title, shows string }{
		{"overview", "tavoittavuus", "Viimeiset 30 päivää", "2 julkaisua"},
		{"period", "tavoittavuus 2026", "31.12.", "3 julkaisua"},
		{"campaign", "tavoittavuus Flunssakausi", "kampanja ·", "Mittari: Omaolon oirearviot"},
		{"audience", "tavoittavuus Ammattilaiset", "kohderyhmä ·", "2 julkaisua"},
		{"publication", "tavoittavuus huoltokatko", "Tavoittavuus · julkaisu", "ei ole vuosikellon toimenpidettä"},
		{"measures", "mittarit", "Mittarit", "Omaolon oirearviot"},
	} {
		before := evaluate[int](w, allCards+".length")
		w.write(subject.say)
		w.waitFor(patience, subject.say, allCards+".length > "+strconv.Itoa(before))
		card := allCards + ".at(-1)"
		w.waitFor(patience, subject.title, card+".innerText.includes("+strconv.Quote(subject.title)+")")
		w.see(card, subject.title, subject.shows)
		text := strings.ToLower(evaluate[string](w, card+".innerText"))
		for _, word := range []string{"näki", "luki "} {
			if strings.Contains(text, word) {
				t.Errorf("%s says %q", subject.say, word)
			}
		}
		w.photographWhole("reach-"+subject.name, card)
	}
}
