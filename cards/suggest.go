package cards

// Suggest answers a command that nothing knows with those that are nearest.
type Suggest struct {
	Typed    string
	Commands []string // the nearest, as chat commands in the reader's language
}

// Card builds the card.
func (s Suggest) Card(l Lang) Card { return Card{} }
