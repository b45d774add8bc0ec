package store

import "time"

// What the bot needs of Microsoft Graph speaks in these values; the package graph fills them.

// MeetingRequest asks for a Teams meeting.
type MeetingRequest struct {
	Key     string // the same request made again makes no second meeting
	HostID  string // AAD object id of the organiser
	Subject string
	Start   time.Time
	End     time.Time
}

// OnlineMeeting is a Teams meeting.
type OnlineMeeting struct {
	HostID    string // AAD object id of the organiser
	EventID   string // of the host's calendar, "" when it was made without one
	MeetingID string // of the online meeting, "" until it is looked up
	JoinURL   string
}

// AttendanceReport is the platform's record of one time that a meeting was open. A meeting that was opened twice has two.
type AttendanceReport struct {
	ID      string
	Start   time.Time
	End     time.Time
	Total   int // participants, the anonymous ones among them
	Records []AttendanceRecord
}

// AttendanceRecord is one participant of a report. Those who did not sign in, or asked not to be named, have neither a
// PersonID nor an Email.
type AttendanceRecord struct {
	PersonID  string // AAD object id
	Email     string
	Name      string
	Intervals []Interval
}

// Interval is a time that somebody was in a meeting.
type Interval struct{ From, To time.Time }

// GraphProblem classes what kept Graph from answering.
type GraphProblem string

// The problems with Graph.
const (
	GraphForbidden   GraphProblem = "forbidden"   // a permission is missing: see Permission and Who
	GraphNotFound    GraphProblem = "not_found"   // the meeting, or its host's mailbox, is not there
	GraphNotReady    GraphProblem = "not_ready"   // there is no report yet
	GraphRefused     GraphProblem = "refused"     // the request itself is not accepted (400, 409, …): trying again does not help
	GraphCredential  GraphProblem = "credential"  // the bot's secret or certificate, or its token, is not accepted (401): try again, an operator mends it
	GraphUnavailable GraphProblem = "unavailable" // no answer, too many requests, or a fault there: try again
)

// GraphError is what went wrong with Graph, in words for the people who can mend it.
type GraphError struct {
	Problem    GraphProblem
	Permission string // of GraphForbidden: the permission's name, such as Calendars.ReadWrite
	Who        string // who can grant it, in English
	RetryAfter time.Duration
	Err        error
}

// Lasts reports whether asking again does not help until somebody mends the cause.
func (e *GraphError) Lasts() bool {
	return e.Problem == GraphForbidden || e.Problem == GraphNotFound || e.Problem == GraphRefused
}

// Error returns the English form for logs and the ledger: no address, no name.
func (e *GraphError) Error() string {
	s := "graph: " + string(e.Problem)
	if e.Permission != "" {
		s += ": " + e.Permission + " is missing; " + e.Who + " can grant it"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *GraphError) Unwrap() error { return e.Err }
