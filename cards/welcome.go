package cards

// Scope is where a conversation takes place.
type Scope int

// The scopes.
const (
	ScopePersonal Scope = iota
	ScopeGroup
	ScopeChannel
)

// Welcome is the first card after installation: what the bot does, and the first steps.
type Welcome struct {
	Scope    Scope
	Commands []string // names of the commands that the reader can use, see HelpCommand
	Admin    bool     // the reader can bind channels and give roles
}

// Card builds the card.
func (o Welcome) Card(l Lang) Card {
	m := Message{Kind: l.T("welcome.kind"), Title: l.T("welcome.title"), Text: l.T("welcome.text") + "\n"}
	switch {
	case o.Scope == ScopePersonal:
		m.Text += l.T("welcome.personal")
	case o.Admin:
		m.Text += l.T("welcome.channel_admin")
		m.Buttons = append(m.Buttons, Button{l.T("channels.add_working_group"), l.Word("command.channel") + " " + l.Word("binding.working_group")})
	default:
		m.Text += l.T("welcome.channel")
	}
	// Three buttons in sight; the help card has the rest.
	for _, name := range o.Commands {
		if name != "help" && len(m.Buttons) < 2 {
			m.Buttons = append(m.Buttons, Button{l.T("help.button." + name), l.Word("command." + name)})
		}
	}
	m.Buttons = append(m.Buttons, Button{l.T("help.button.help"), l.Word("command.help")})
	return m.Card(l)
}
