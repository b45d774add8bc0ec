package cards

import (
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// SessionForm is the form of a session, empty or filled. Its inputs have the ids title, date, time, minutes, audience,
// host, joinUrl, repeat (of a new one only) and links (an address a line); it is sent with [VerbSessionSave], the session
// and version that it edits, or the topic that a new one is on.
type SessionForm struct {
	Session   int64             // that is edited, 0 for a new one
	Version   int               // of that session
	Topic     int64             // of the catalogue, 0 for none
	Values    map[string]string // by input, as typed, also when wrong; see NewSessionValues and SessionValues
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Wishes    []store.Wish      // topics that people asked for, the most wanted first
	Needs     []store.NeedGroup // what people need help with, the largest group first
	// OwnLinkNeeded means that no Teams meeting can be made: the host's own link is needed, and the form says so.
	OwnLinkNeeded bool
}

// NewSessionValues returns the values of an empty form: the next working day at 14:00 for 15 minutes. title is that of the
// topic, or "", audience the channel's own, or "", host the reader's name.
func NewSessionValues(today store.Date, title, audience, host string) map[string]string {
	return map[string]string{
		"title":    title,
		"date":     store.WorkdayOnOrAfter(today + 1).String(),
		"time":     "14:00",
		"minutes":  strconv.Itoa(store.DefaultSessionMinutes),
		"audience": audience,
		"host":     host,
	}
}

// SessionValues returns the values of a form that edits s, in the organisation's time zone. host is the name of its host.
func SessionValues(s *store.Session, loc *time.Location, host string) map[string]string {
	start := s.Start.In(loc)
	return map[string]string{
		"title":    s.Title,
		"date":     store.DateOf(start).String(),
		"time":     store.TimeOfDay(start.Hour()*60 + start.Minute()).String(),
		"minutes":  strconv.Itoa(s.Minutes),
		"audience": strings.Join(s.Audiences, ","),
		"host":     host,
		"joinUrl":  s.JoinURL,
		"links":    strings.Join(s.Links, "\n"),
	}
}

// Card builds the card.
func (f SessionForm) Card(l Lang) Card {
	return Card{Summary: l.T("session.kind"), Body: header(l.T("session.kind"), f.Values["title"])}
}
