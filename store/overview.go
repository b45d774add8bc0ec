package store

import "time"

// EntryNames are the names that the entries of a span of days go by, each once, as first written and in alphabetical order.
type EntryNames struct {
	Clocks    []string
	Campaigns []string
	Audiences []string
	Channels  []string // the media used
}

// EntryContent is where content for an entry stands: the latest of its versions, without the text.
type EntryContent struct {
	EntryID     string
	ContentID   int64
	Version     int
	Title       string
	Audiences   []string
	Decision    Decision
	Approval    bool // false: its entry needs none
	RequestedBy string
	RequestedAt time.Time
	DecidedBy   string
	DecidedAt   time.Time
	PublishAt   time.Time
	PublishedAt time.Time
	WithdrawnAt time.Time
	MeetingDate Date
}
