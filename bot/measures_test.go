package bot_test

import (
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// points writes what is stored, one "name kind period value|goal unit" for each period.
func (w *world) points() (list []string) {
	w.MustRead(func(tx *store.Tx) error {
		measures, err := tx.Measures()
		for _, m := range measures {
			for _, p := range m.Points {
				value, goal := "", ""
				if p.HasValue {
					value = p.Value.String()
				}
				if p.HasGoal {
					goal = p.Goal.String()
				}
				list = append(list, strings.TrimSpace(m.Name+" "+string(m.Kind)+" "+p.Period.String()+" "+value+"|"+goal+" "+m.Unit))
			}
		}
		return err
	})
	return list
}

// plain makes the spaces of an answer ordinary ones.
func plain(s string) string {
	return strings.NewReplacer("\u202f", " ", "\u00a0", " ", "\u200b", "").Replace(s)
}

func TestMeasureCommand(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	here := teamstest.Personal(mia)
	for _, tc := range []struct{ name, text, want, stored string }{
		{"nothing yet", "", "Mittareita ei vielä ole", ""},
		{"a new measure without its kind", "Verkkosivun käynnit 2026-01 1 000 käyntiä", "Luo kertymänä", ""},
		{"with its kind", "Verkkosivun käynnit kertymä 2026-01 1 000 käyntiä", "Tallennettu: Verkkosivun käynnit, tammikuu 2026: 1 000 käyntiä.", "Verkkosivun käynnit kertymä 2026-01 1000| käyntiä"},
		{"the name in another case, a Finnish period, a decimal comma", "VERKKOSIVUN  KÄYNNIT tammikuu 2026 1 000,5", "Korjattu: Verkkosivun käynnit, tammikuu 2026: 1 000,5 käyntiä. Aiempi luku oli 1 000 käyntiä.", "Verkkosivun käynnit kertymä 2026-01 1000.5| käyntiä"},
		{"the same again", "Verkkosivun käynnit 1/2026 1000,5 käyntiä", "Ennallaan: Verkkosivun käynnit, tammikuu 2026", "Verkkosivun käynnit kertymä 2026-01 1000.5| käyntiä"},
		{"a goal", "Verkkosivun käynnit 2026 tavoite 20 000", "tavoite 20 000 käyntiä", "Verkkosivun käynnit kertymä 2026-01 1000.5| käyntiä / Verkkosivun käynnit kertymä 2026 |20000 käyntiä"},
		{"a value for days to come", "Verkkosivun käynnit vko 30/2026 5", "Jakso ei ole vielä alkanut", ""},
		{"taken away", "poista Verkkosivun käynnit 2026-W30", "Poistettu: Verkkosivun käynnit, viikko 30/2026.", "Verkkosivun käynnit kertymä 2026-01 1000.5| käyntiä / Verkkosivun käynnit kertymä 2026 |20000 käyntiä"},
		{"which is not there", "poista Verkkosivun käynnit 2026-W30", "ei ole lukua jaksolle viikko 30/2026", ""},
		{"as the other kind", "Verkkosivun käynnit tilanne 2026-02 5", "on kertymä, joten siihen ei voi kirjata tilannetta", ""},
		{"in another unit", "Verkkosivun käynnit 2026-02 5 kpl", "yksikkö on käyntiä, ei kpl", ""},
		{"a period that is none", "Verkkosivun käynnit kevät 5", "Jaksoa ”kevät” ei ymmärretä", ""},
		{"no number", "Verkkosivun käynnit 2026-02", "Arvo puuttuu", ""},
		{"a number in two readings", "Verkkosivun käynnit 2026-02 12,400", "Kirjoita 12 400 tai 12,4000", ""},
		{"a slip of the pen", "Verkosivun käynnit 2026-02 5", "Tarkoititko: Verkkosivun käynnit?", ""},
		{"another slip, without a number", "Verkkosivun käynit", "Tarkoititko: Verkkosivun käynnit?", ""},
		{"nothing like it", "Raketit", "Kirjaa uuden mittarin ensimmäinen arvo näin: mittarit Verkkosivun", ""},
		{"a new one with a wrong period", "Chat kertymä kevät 5", "Jaksoa ”kevät” ei ymmärretä", ""},
		{"a name that begins like another, with a number in it", "Verkkosivun käynnit 2025 tilanne 2025-12-31 3", "Tallennettu: Verkkosivun käynnit 2025, 31.12.2025: 3.", ""},
		{"which goes before the shorter one", "poista verkkosivun käynnit 2025 2025-12-31", "mittarikin poistui", ""},
		{"one", "verkkosivun käynnit", "1 000,5 käyntiä", ""},
		{"all", "", "Verkkosivun käynnit", ""},
		{"very long", strings.Repeat("x ", 1500), "ei ole", ""},
	} {
		got := plain(w.say(here, mia, "mittarit "+tc.text).text())
		if !strings.Contains(got, tc.want) {
			t.Errorf("%s: no %q in\n%s", tc.name, tc.want, got)
		}
		if stored := strings.Join(w.points(), " / "); tc.stored != "" && stored != tc.stored {
			t.Errorf("%s: stored is %s, want %s", tc.name, stored, tc.stored)
		}
	}
	// The last number takes the measure with it, so that it can be of the other kind.
	w.say(here, mia, "mittarit poista Verkkosivun käynnit 2026")
	contains(t, plain(w.say(here, mia, "mittarit poista Verkkosivun käynnit 2026-01").text()), "mittarikin poistui")
	equal(t, "stored", w.points())
	contains(t, w.say(w.pro, erik, "indikatorer Besök läge 2026-01 7").text(), "Tallennettu") // the channel's language
	equal(t, "stored", w.points(), "Besök tilanne 2026-01 7|")
	equal(t, "audit", w.audited("measure.record"), "Mia Viestijä measure:Verkkosivun käynnit 2026-01 1000", "Mia Viestijä measure:Verkkosivun käynnit 2026-01 1000.5 instead of 1000",
		"Mia Viestijä measure:Verkkosivun käynnit 2026 goal 20000", "Mia Viestijä measure:Verkkosivun käynnit 2026-W30 5", "Mia Viestijä measure:Verkkosivun käynnit 2025 2025-12-31 3",
		"Erik Kommunikatör measure:Besök 2026-01 7")
	equal(t, "audit", w.audited("measure.remove")[:1], "Mia Viestijä measure:Verkkosivun käynnit 2026-W30 value 5")

	// Only communications, and nobody else learns anything of them.
	for _, who := range []teamstest.Person{sanna, olli} {
		contains(t, w.say(teamstest.Personal(who), who, "mittarit Besök 2026-02 9").text(), "viestintä")
	}
	equal(t, "stored", w.points(), "Besök tilanne 2026-01 7|")

	// The buttons of the question make the measure.
	s := w.say(here, mia, "mittarit Chat 2026-01 5 kpl")
	commands := s.commands()
	if len(commands) < 2 || commands[0] != "mittarit Chat kertymä 2026-01 5 kpl" {
		t.Fatalf("the buttons are %q", commands)
	}
	contains(t, w.click(here, mia, s, cards.VerbCommand, map[string]any{"text": commands[0]}).card.text(), "Tallennettu")
	equal(t, "stored", w.points(), "Besök tilanne 2026-01 7|", "Chat kertymä 2026-01 5| kpl")
}

// A campaign is followed by measures of its own choice and by those that its entries' goals name.
func TestMeasureCampaign(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	e := campaign() // 16.–20.3.2026
	e.Goal = "Asukkaat sovelluksessa"
	w.MustAdd(e)
	here := teamstest.Personal(mia)
	say := func(text string) string { t.Helper(); return plain(w.say(here, mia, "mittarit "+text).text()) }
	for _, text := range []string{
		"Asukkaat sovelluksessa tilanne 2026-02-28 100 henkilöä", "Asukkaat sovelluksessa 2026-03-18 120", "Asukkaat sovelluksessa 2026-04-30 150", "Asukkaat sovelluksessa 2026-12-31 tavoite 200",
		"Chat kertymä 2026-02 40", "Chat 2026-03 50", "Käynnit kampanjassa kertymä 2026-02 4",
	} {
		contains(t, say(text), "Tallennettu")
	}
	got := say("kampanja kevät")
	contains(t, got, "Kevät 2026", "16.–20.3.", "toteutunut 0, suunniteltu 1", "100 henkilöä (28.2.2026)", "120 henkilöä (18.3.2026)", "150 henkilöä (30.4.2026)", "+20 (+20 %)", "200 henkilöä (31.12.2026)", "eivät kerro, mistä")
	if strings.Contains(got, "50 (maaliskuu 2026)") {
		t.Errorf("a measure that nobody chose is shown:\n%s", got)
	}
	got = say("kampanja Kevät seuraa Chat tavoite 100")
	contains(t, got, "seurataan nyt mittarilla Chat, ja sen tavoite on 100", "40 (helmikuu 2026)", "50 (maaliskuu 2026)", "ei vielä tietoa (huhtikuu 2026)", "100, josta nyt 50 %")
	contains(t, say("Kevät"), "50 (maaliskuu 2026)") // its name alone, where no measure has it
	contains(t, say("Kevät 2026"), "50 (maaliskuu 2026)")
	contains(t, say("kampanja Kevät 2025"), "ei ole toimenpiteitä vuonna 2025")
	contains(t, say("kampanja Kevit"), "Kevät")
	contains(t, say("kampanja Kevät seuraa Chatt"), "Tarkoititko: Chat?")
	contains(t, say("kampanja Kevät seuraa Chat tavoite paljon"), "ei ymmärretä")
	contains(t, say("kampanja Kevät poista Asukkaat sovelluksessa"), "toimenpiteen tavoitteessa")
	contains(t, say("kampanja Kevät poista Käynnit kampanjassa"), "ei seurata mittarilla")
	got = say("kampanja Kevät poista Chat")
	contains(t, got, "ei enää seurata mittarilla Chat")
	if strings.Contains(got, "50 (maaliskuu 2026)") {
		t.Errorf("it is still shown:\n%s", got)
	}
	equal(t, "audit", append(w.audited("measure.follow"), w.audited("measure.unfollow")...), "Mia Viestijä measure:Chat Kevät: Chat goal 100", "Mia Viestijä measure:Chat Kevät: Chat")
}

// The realised actions of the years before the year clock come from the measure of that name.
func TestMeasureActions(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	here := teamstest.Personal(mia)
	contains(t, w.say(here, mia, "mittarit toteuma").text(), "Toimenpiteitä ei vielä ole")
	w.MustAdd(campaign())
	done := campaign()
	done.Title, done.State = "Tehty", store.Done
	w.MustAdd(done)
	for _, text := range []string{"kertymä 2023 10 toimenpidettä", "2024 24", "2025-01/2025-06 15"} {
		w.say(here, mia, "mittarit Toteutuneet toimenpiteet "+text)
	}
	got := plain(w.say(here, mia, "mittarit suunniteltu ja toteutunut").text())
	contains(t, got, "2023 · mittarin mukaan 10", "2024 · mittarin mukaan 24", "2025 · mittarin mukaan 15 (tammi–kesäkuu 2025)", "2026 · toteutunut 1, suunniteltu 2", "Q1 1/2")
}
