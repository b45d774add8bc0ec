package cards

// HelpCommand is a chat command as the help card shows it. Its words are the text "command.<Name>", what it does
// "help.<Name>".
type HelpCommand struct {
	Name          string // help, clock, upcoming, add, channel, role, language
	NeedsArgument bool   // it is no use without words after it, so it has no button
}

// Help lists the commands that a person can use, the useful ones as buttons with [VerbCommand].
type Help struct {
	Commands []HelpCommand
}

// Card builds the card.
func (h Help) Card(l Lang) Card { return Card{} }
