package store

import "time"

// NeedState is what has become of a communication need.
type NeedState string

// The states of a need.
const (
	NeedOpen      NeedState = "open"
	NeedAccepted  NeedState = "accepted" // it became a draft entry
	NeedDeclined  NeedState = "declined"
	NeedDone      NeedState = "done"
	NeedPostponed NeedState = "postponed" // to the next meeting
	NeedDropped   NeedState = "dropped"
)

// Need is something that the field asks to be communicated.
type Need struct {
	ID        int64
	Text      string
	AskedBy   string // AAD object id
	AskedAt   time.Time
	State     NeedState
	Comment   string
	DecidedBy string
	DecidedAt time.Time
	EntryID   string // the draft entry that it became
}

// MaxNeed bounds a need's text, in characters.
const MaxNeed = 2000
