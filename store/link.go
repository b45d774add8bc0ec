package store

import "time"

// Feed is a person's own calendar feed.
type Feed struct {
	ID       string
	PersonID string
	Ended    bool // they were in a team, and are in none any more
}

// Download is a link to an export.
type Download struct {
	ID        string
	Kind      string // of the export
	PersonID  string // who asked for it
	ExpiresAt time.Time
}
