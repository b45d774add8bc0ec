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
func (o Welcome) Card(l Lang) Card { return Card{} }
