package cards

import (
	"time"

	"vuosikello/store"
)

// Sessions is the list of coming sessions, with the catalogue of topics that one can be held on. Its actions carry
// [VerbSignUp], [VerbSignOff], [VerbJoin] and [VerbSessionEdit] with a session, [VerbSessionEdit] with a topic, and
// [VerbSessionNeeds] without inputs, which opens the form of needs.
type Sessions struct {
	Items  []SessionItem // in order of start
	Topics []store.Topic // of one type, and of one segment, after the other
	Stats  []SessionStat // of one kind after the other; none for those who are not digimentors
	CanAdd bool          // the reader is a digimentor
	Today  store.Date
}

// SessionItem is one session of the list.
type SessionItem struct {
	Session  int64
	Title    string
	Start    time.Time // in the organisation's time zone
	Minutes  int
	SignedUp int
	Mine     bool // the reader has signed up
	CanJoin  bool // it is time to join
	CanEdit  bool // the reader can change it or call it off
}

// StatKind is what sessions are counted by.
type StatKind string

// The kinds of counts.
const (
	StatTopic   StatKind = "topic"
	StatSeries  StatKind = "series"
	StatSegment StatKind = "segment"
	StatMonth   StatKind = "month"
)

// SessionStat is how many sessions were held, and how many people came to them.
type SessionStat struct {
	Kind     StatKind
	Label    string
	Sessions int
	People   int // named ones
}

// Card builds the card.
func (s Sessions) Card(l Lang) Card {
	return Card{Summary: l.T("session.kind"), Body: header(l.T("session.kind"), "")}
}
