package cards_test

import (
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

func digestText(change func(*cards.DigestText)) cards.DigestText {
	d := cards.DigestText{
		Kind: cards.DigestWeekly, Entry: "Viikkotiedote", Occurrence: store.NewDate(2026, time.March, 6), Weekly: true,
		Period: store.DigestPeriod{From: store.NewDate(2026, time.February, 27), Until: store.NewDate(2026, time.March, 12)}, Today: today,
		Done:      []cards.DigestEntry{{Title: "Flunssakausi", Start: store.NewDate(2026, time.January, 12), End: store.NewDate(2026, time.February, 27)}},
		Published: []cards.DigestPublication{{Title: "Uusi ajanvaraus käyttöön", At: at(time.March, 2, 8, 30), Posted: true, Reachable: 1240, Reacted: 38, Acks: 431}, {Title: "Huoltokatko", At: at(time.March, 3, 8, 30), Acks: 1}},
		Held:      []cards.DigestSession{{Title: "Terveystarkastuslomake tutuksi", Start: at(time.March, 3, 14, 0), People: 18}},
		Needs:     []store.NeedGroup{{Need: "Kirjautuminen", People: 7}, {Need: "Puolesta asiointi", People: 1}},
		Measures:  []cards.DigestMeasure{{Name: "Rekisteröityneet asukkaat", Unit: "käyttäjää", Latest: store.MeasurePoint{Period: store.Period{Start: store.NewDate(2026, time.February, 28), End: store.NewDate(2026, time.February, 28)}, Value: 81_250 * 10_000, HasValue: true}}},
		Coming:    []cards.DigestEntry{{Title: "Allergiakausi", Start: store.NewDate(2026, time.March, 16), End: store.NewDate(2026, time.May, 29)}},
		Next:      []cards.DigestSession{{Title: "Ajanvaraus sovelluksessa", Start: at(time.March, 10, 14, 0)}},
	}
	if change != nil {
		change(&d)
	}
	return d
}

func digestForm(d cards.DigestText, change func(*cards.DigestForm)) cards.DigestForm {
	f := cards.DigestForm{
		Digest: 4, Title: d.Title(cards.Finnish), Values: map[string]string{"body": d.Text(cards.Finnish), "publishDate": "2026-03-06"}, Empty: d.Empty(),
		Occurrence: d.Occurrence, Period: d.Period, Audiences: []string{"Ammattilaiset"}, Channels: []string{"Hoito / Hoitajat", "Hoito / Vårdare"}, Approval: true, Today: today,
	}
	if change != nil {
		change(&f)
	}
	return f
}

// digestSamples are the cards of digests.
func digestSamples() []sample {
	area := digestText(func(d *cards.DigestText) {
		d.Kind, d.Entry, d.Team, d.Weekly, d.Monthly, d.People = cards.DigestArea, "Tulosaluekooste", "Terveyden- ja sairaanhoidon palvelut", false, true, 17
		d.Done, d.Published, d.Coming = nil, nil, nil
	})
	full := digestText(func(d *cards.DigestText) {
		d.Kind, d.Entry, d.Weekly = cards.DigestOther, strings.Repeat("Hyvinvointialueuudistusviestintä ", 9), false
		for range 5 {
			d.Done, d.Published, d.Held = append(d.Done, d.Done...), append(d.Published, d.Published...), append(d.Held, d.Held...)
			d.Coming, d.Next, d.Needs = append(d.Coming, d.Coming...), append(d.Next, d.Next...), append(d.Needs, d.Needs...)
		}
		for i := range d.Needs {
			d.Needs[i].Need = strings.Repeat("Lääkehoitosuunnitelmatietojärjestelmä", 9)
		}
	})
	nothing := digestText(func(d *cards.DigestText) {
		*d = cards.DigestText{Entry: "Uutiskirje", Occurrence: d.Occurrence, Period: d.Period, Today: today}
	})
	return []sample{
		{"digest", digestForm(digestText(nil), nil)},
		{"digest_swedish", digestForm(digestText(nil), func(f *cards.DigestForm) {
			f.Version, f.Swedish, f.Outside, f.SavedAt = 2, true, []string{"Asukkaat"}, at(time.March, 2, 9, 5)
			f.Values["bodySv"] = digestText(nil).Text(cards.Swedish)
		})},
		{"digest_area", digestForm(area, func(f *cards.DigestForm) { f.Approval = false })},
		{"digest_empty", digestForm(nothing, func(f *cards.DigestForm) { f.Channels, f.Outside = nil, []string{"Ammattilaiset"} })},
		{"digest_full", digestForm(full, func(f *cards.DigestForm) {
			f.Errors = map[string]string{"body": "Teksti on liian pitkä: 6 001 merkkiä. Lyhennä se enintään 6 000 merkkiin.", "": "Joku muu tallensi luonnoksen samaan aikaan."}
		})},
		{"digest_sent", cards.DigestSent{Title: "Viikkotiedote, viikko 10", Text: "Lähetetty hyväksyttäväksi: Hanna Hyväksyjä. Saat viestin päätöksestä.", Content: "12", Version: 3}},
		{"digest_choices", cards.DigestChoices{Buttons: []cards.Button{{Title: "Viikkotiedote", Command: "kooste Viikkotiedote"}, {Title: "Tulosaluekooste", Command: "kooste Tulosaluekooste"}}}},
		{"digest_areas", cards.DigestChoices{Areas: true, Buttons: []cards.Button{{Title: "Terveyden- ja sairaanhoidon palvelut", Command: "kooste x / y"}, {Title: "Ikääntyneiden palvelut", Command: "kooste x / z"}}}},
		{"digest_none", cards.DigestChoices{}},
	}
}
