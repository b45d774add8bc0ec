package cards

import "slices"

// Suggest answers a command that nothing knows with those that are nearest.
type Suggest struct {
	Typed    string
	Commands []string // the nearest, as chat commands in the reader's language
}

// Card builds the card.
func (s Suggest) Card(l Lang) Card {
	m := Message{Kind: l.T("suggest.kind"), Title: l.T("suggest.title")}
	typed := clip(s.Typed, showName)
	switch {
	case typed == "":
		m.Text = l.T("suggest.empty")
	case len(s.Commands) == 0:
		m.Text = l.T("suggest.none", "typed", typed)
	default:
		m.Text = l.T("suggest.text", "typed", typed)
	}
	for _, c := range s.Commands {
		m.Buttons = append(m.Buttons, Button{c, c})
	}
	help := l.Word("command.help")
	if !slices.Contains(s.Commands, help) {
		m.Buttons = append(m.Buttons[:min(len(m.Buttons), buttonsInRow-1)], Button{l.T("help.button.help"), help})
	}
	return m.Card(l)
}
