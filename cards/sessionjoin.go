package cards

import (
	"time"

	"vuosikello/store"
)

// SessionJoin is a person's own answer to Join: the one card that has the meeting's link.
type SessionJoin struct {
	Session int64
	Title   string
	Start   time.Time // in the organisation's time zone
	Minutes int
	JoinURL string
	Links   []string // guidance and material: web addresses
	Today   store.Date
}

// Card builds the card.
func (s SessionJoin) Card(l Lang) Card {
	return Card{Summary: Clean(clip(s.Title, showTitle)), Body: header(l.T("session.kind"), s.Title)}
}

// SessionSignedUp is a person's own confirmation of having signed up for a session, or of having cancelled that. Its
// actions carry [VerbJoin], and [VerbSignOff] or [VerbSignUp], with the session.
type SessionSignedUp struct {
	Session     int64
	Title       string
	Start       time.Time // in the organisation's time zone
	Minutes     int
	Cancelled   bool   // the sign-up was cancelled
	CalendarURL string // the session as .ics, "" for none
	Today       store.Date
}

// Card builds the card.
func (s SessionSignedUp) Card(l Lang) Card {
	return Card{Summary: Clean(clip(s.Title, showTitle)), Body: header(l.T("session.kind"), s.Title)}
}
