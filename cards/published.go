package cards

import (
	"time"

	"vuosikello/store"
)

// Published is the card of those who published something: where it went and how many acknowledged it. Its actions carry
// [VerbCorrect], [VerbWithdrawPublication] and [VerbRemindPublication] with the content and its version.
type Published struct {
	Content        string
	Version        int
	Title          string
	Channels       []PublishedChannel
	Members        int // people in those channels
	Acks           int
	Unacknowledged int       // members who have not acknowledged it: whom a reminder goes to
	At             time.Time // when it was published; this and the other times are in the organisation's time zone
	Reminded       time.Time // when those who had not acknowledged were reminded, zero for never: it is done once
	Withdrawn      time.Time // zero for never
	CanEdit        bool
	Today          store.Date
}

// PublishedChannel is a channel that a publication was sent to.
type PublishedChannel struct {
	Name   string
	State  store.PostState
	Reason string // why it failed, a sentence
}

// Card builds the card.
func (p Published) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), p.Title)}
}
