package cards

// Language offers the languages as buttons.
type Language struct {
	Channel bool // the language of this channel; false: the person's own
	Set     bool // the language was just chosen; the card is in it
}

// Card builds the card.
func (s Language) Card(l Lang) Card {
	if s.Set {
		text := l.T("language.set_text")
		if s.Channel {
			text = l.T("language.set_text_channel")
		}
		return Message{Kind: l.T("language.kind"), Title: l.T("language.set"), Text: text, Tone: ToneGood}.Card(l)
	}
	m := Message{Kind: l.T("language.kind"), Title: l.T("language.title")}
	if s.Channel {
		m.Title = l.T("language.title_channel")
	}
	for _, other := range Langs() {
		// In its own language each is found by those who need it.
		m.Buttons = append(m.Buttons, Button{other.T("language.name"), l.Word("command.language") + " " + string(other)})
	}
	return m.Card(l)
}
