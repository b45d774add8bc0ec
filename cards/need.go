package cards

import (
	"time"

	"vuosikello/store"
)

// Need is a communication need as the working group sees it. Its actions carry [VerbNeedAccept] and [VerbNeedDecline]
// (input "comment") with the need's id.
type Need struct {
	ID         int64
	Text       string
	AskedBy    Person
	At         time.Time // when it was asked; this and the other times are in the organisation's time zone
	State      store.NeedState
	DecidedBy  string
	DecidedAt  time.Time
	Comment    string
	EntryTitle string // of the draft entry that it became
	Today      store.Date
}

// Card builds the card.
func (n Need) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}
