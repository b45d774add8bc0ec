package cards

import "vuosikello/store"

// Upcoming is the list of what is ahead.
type Upcoming struct {
	Days   int // how far the list reaches
	Items  []Item
	Today  store.Date
	CanAdd bool
}

// Card builds the card.
func (u Upcoming) Card(l Lang) Card { return Card{} }
