package cards

// HelpCommand is a chat command as the help card shows it. Its words are the text "command.<Name>", what it does
// "help.<Name>".
type HelpCommand struct {
	Name          string // help, clock, upcoming and so on
	NeedsArgument bool   // it is no use without words after it, so it has no button
}

// Help lists the commands that a person can use, the useful ones as buttons with [VerbCommand].
type Help struct {
	Commands  []HelpCommand
	Statement string // address of the accessibility statement, "" for none
	Privacy   string // address of the privacy notice, "" for none
}

// Card builds the card.
func (h Help) Card(l Lang) Card {
	title := l.T("help.title")
	c := Card{Summary: title, Body: append(header(l.T("help.kind"), title), paragraph(l.T("help.text")))}
	var buttons []Action
	for i, cmd := range h.Commands[:min(len(h.Commands), maxRows)] {
		spacing := spacingSmall
		if i == 0 {
			spacing = spacingMedium
		}
		c.Body = append(c.Body,
			TextBlock{Text: Text(l.Word("command." + cmd.Name)), Weight: weightBolder, Spacing: spacing},
			TextBlock{Text: Text(l.T("help." + cmd.Name)), Subtle: true, Spacing: spacingNone})
		if !cmd.NeedsArgument && cmd.Name != "help" {
			buttons = append(buttons, commandButton(l, cmd.Name))
		}
	}
	c.Body = append(c.Body, buttonRows(buttons)...)
	if h.Statement != "" && h.Privacy != "" {
		c.Body = append(c.Body, buttonRows([]Action{OpenURL{Title: l.T("tab.statement"), URL: h.Statement}, OpenURL{Title: l.T("tab.privacy"), URL: h.Privacy}})...)
	}
	return c
}

// commandButton is the button of a chat command without arguments.
func commandButton(l Lang, name string) Action {
	return command(l.T("help.button."+name), l.Word("command."+name))
}
