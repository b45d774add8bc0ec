package cards

import (
	"time"

	"vuosikello/store"
)

// SessionKind is which of a session's posts a card is.
type SessionKind int

// The posts of a session in its audiences' channels.
const (
	SessionInvitation SessionKind = iota
	SessionSoon                   // the reminder 15 minutes before, from when on people can join
)

// Session is a digi-quarter as its audiences' channels show it: the invitation or the reminder. It never has the meeting's
// link, which only a person's own [SessionJoin] has. Its actions carry [VerbSignUp], [VerbSignOff] and [VerbJoin] with the
// session and its version.
type Session struct {
	Session     int64
	Version     int
	Kind        SessionKind
	Title       string
	Start       time.Time // in the organisation's time zone
	Minutes     int
	Host        Person
	Audiences   []string
	Links       []string // guidance and material: web addresses
	SignedUp    int
	CalledOff   bool
	Moved       bool   // the time is another than the one first posted
	HasLink     bool   // it is known where the session takes place; else the card says that the link comes later
	OwnLink     bool   // it takes place behind a link of the host's own
	CalendarURL string // the session as .ics, "" for none
	Late        bool   // the post comes after its time
	Over        bool
	Today       store.Date
}

// Card builds the card.
func (s Session) Card(l Lang) Card {
	return Card{Summary: Clean(clip(s.Title, showTitle)), Body: header(l.T("session.kind"), s.Title)}
}
