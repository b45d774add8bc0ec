package cards

import (
	"time"

	"vuosikello/store"
)

// SessionSaved confirms to a digimentor that a session, or a series of them, was stored or called off, and shows it. Its
// actions carry [VerbSessionEdit] and [VerbSessionCallOff] with the session and its version.
type SessionSaved struct {
	Session   int64 // the first one of a series
	Version   int
	Title     string
	Starts    []time.Time // of every session that was stored, the first one first; in the organisation's time zone
	Minutes   int
	Audiences []string
	Outside   []string // the audiences that no channel is bound to
	Host      string
	HasLink   bool     // it is known where the session takes place
	OwnLink   bool     // it takes place behind a link of the host's own
	Wanted    bool     // a Teams meeting is being made
	Why       string   // why there is no meeting, a sentence, "" for nothing to say
	Warnings  []string // sentences
	New       bool
	CalledOff bool
	Today     store.Date
	CanEdit   bool
}

// Card builds the card.
func (s SessionSaved) Card(l Lang) Card {
	return Card{Summary: Clean(clip(s.Title, showTitle)), Body: header(l.T("session.kind"), s.Title)}
}
