package cards

import (
	"time"

	"vuosikello/store"
)

// Attendance is who signed up for a session and who came. Its form has the inputs person and minutes; it is sent with
// [VerbAttendanceCorrect] and the session.
type Attendance struct {
	Session     int64
	Title       string
	Start       time.Time // in the organisation's time zone
	People      []AttendancePerson
	SignedUp    int    // and not cancelled
	Attended    int    // named people who came
	NoShow      int    // signed up, and did not come
	Anonymous   int    // came without being named
	NoShowShare int    // of those who signed up, in percent; -1 when it is not known
	Report      string // a sentence about the meeting's report, "" for nothing to say
	CanCorrect  bool
	Today       store.Date
}

// AttendancePerson is one person of the list.
type AttendancePerson struct {
	Who        string // value of the input person
	Name       string // "" when it is not known
	SignedUp   bool   // and not cancelled
	Cancelled  bool
	Joined     bool
	Minutes    int // for how long, when HasMinutes
	HasMinutes bool
	Source     string // card, graph or hand
}

// Card builds the card.
func (a Attendance) Card(l Lang) Card {
	return Card{Summary: Clean(clip(a.Title, showTitle)), Body: header(l.T("session.kind"), a.Title)}
}
