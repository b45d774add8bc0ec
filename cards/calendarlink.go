package cards

// CalendarLink gives a person the address of their own calendar feed. It is for their eyes only.
type CalendarLink struct {
	URL    string
	Clock  string   // whose feed it is, "" for all clocks and the sessions
	Clocks []string // the names of all clocks: where there are several, each has a feed of its own
}

// Card builds the card.
func (c CalendarLink) Card(l Lang) Card {
	title, text := l.T("calendar.title"), l.T("calendar.text")
	if c.Clock != "" {
		title, text = l.T("calendar.title_clock", "name", clip(c.Clock, showName)), l.T("calendar.text_clock")
	}
	word := l.Word("command.calendar")
	card := Card{Summary: Clean(title), Body: append(header(l.T("calendar.kind"), title), paragraph(text),
		// Out of an input an address is copied more easily than out of a text, above all on a phone.
		inputText{field: field{id: "address", label: l.T("calendar.address"), value: c.URL}, multiline: true},
		note(l.T("calendar.how")),
		TextBlock{Text: Text("△ " + l.T("calendar.secret")), Spacing: spacingSmall})}
	if len(c.Clocks) > 1 && c.Clock == "" {
		var buttons []Action
		for _, name := range c.Clocks[:min(len(c.Clocks), maxChoices)] {
			buttons = append(buttons, command(name, word+" "+name))
		}
		card.Body = append(append(card.Body, subheading(l.T("calendar.other"))), buttonRows(buttons)...)
	}
	revoke := command(l.T("calendar.revoke"), word+" "+l.Word("word.remove"))
	revoke.Style = styleDestructive
	card.Actions = []Action{
		OpenURL{Title: l.T("calendar.open"), URL: c.URL},
		ShowCard{Title: l.T("calendar.revoke"), Body: []Element{paragraph(l.T("calendar.revoke_text"))}, Actions: []Action{revoke}},
	}
	return card
}

// CalendarRevoked says that a person's calendar feed was revoked.
type CalendarRevoked struct {
	Had bool // there was one
}

// Card builds the card.
func (c CalendarRevoked) Card(l Lang) Card {
	m := Message{Kind: l.T("calendar.kind"), Title: l.T("calendar.revoked"), Text: l.T("calendar.revoked_text"), Tone: ToneGood}
	if !c.Had {
		m.Title, m.Text, m.Tone = l.T("calendar.none"), l.T("calendar.none_text"), ToneNeutral
	}
	return m.Card(l)
}
