package cards

import (
	"time"

	"vuosikello/store"
)

// Approvals is the list of open requests and where they stand.
type Approvals struct {
	Items  []ApprovalItem // in the order to show them
	CanAdd bool           // the reader can write content
	Today  store.Date
}

// ApprovalItem is one request of the list. Its times are in the organisation's time zone.
type ApprovalItem struct {
	Title       string
	Requester   string
	Decision    store.Decision
	PublishAt   time.Time  // zero: as soon as approved
	MeetingDate store.Date // of an escalated one
	Since       time.Time  // when it was requested
}

// Card builds the card.
func (a Approvals) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}
