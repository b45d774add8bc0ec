package cards

import (
	"time"

	"vuosikello/store"
)

// Item is one occurrence of an entry in a list.
type Item struct {
	Entry      *store.Entry
	Occurrence store.Occurrence
	Done       bool // that occurrence is done
}

// Clock is a month, a year or a campaign of the year clock as text, grouped by week.
type Clock struct {
	Year      int
	Month     time.Month // 0 for the whole year
	Campaign  string     // "" for all
	Items     []Item     // in order of start
	Campaigns []string   // of that year, for buttons
	Today     store.Date
	CanAdd    bool
}

// Card builds the card.
func (c Clock) Card(l Lang) Card { return Card{} }
