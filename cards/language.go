package cards

// Language offers the languages as buttons.
type Language struct {
	Channel bool // the language of this channel; false: the person's own
	Set     bool // the language was just chosen; the card is in it
}

// Card builds the card.
func (s Language) Card(l Lang) Card { return Card{} }
