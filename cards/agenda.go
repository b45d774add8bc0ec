package cards

import (
	"time"

	"vuosikello/store"
)

// AgendaKind is what an item of an agenda is.
type AgendaKind string

// The kinds of items, in the order in which an agenda has them.
const (
	AgendaNeed     AgendaKind = "need"
	AgendaApproval AgendaKind = "approval" // passed to the meeting
	AgendaContent  AgendaKind = "content"  // waits for a decision
	AgendaEntry    AgendaKind = "entry"
	AgendaDecision AgendaKind = "decision" // made since the last meeting
)

// Agenda is what a meeting has to deal with. Its form has the inputs item, outcome and comment; it is sent with
// [VerbMeetingOutcome], the kind of meeting and its date.
type Agenda struct {
	Kind     store.BindingKind // store.WorkingGroup or store.Management
	Date     store.Date        // zero: no meetings are known
	Time     store.TimeOfDay
	Items    []AgendaItem // in any order of kinds
	Outcomes []string     // that can be written: approved, returned, done, postponed, dropped; none: nothing can
	Saved    string       // a sentence about what was just written, "" for none
	Today    store.Date
}

// AgendaItem is one item of an agenda.
type AgendaItem struct {
	ID      string // value of the input item; "" when no outcome can be written
	Kind    AgendaKind
	Title   string
	Detail  string // what else to know, a phrase in the reader's language
	Outcome string // what was written, "" for nothing
	Comment string
}

// Card builds the card.
func (a Agenda) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}

// MeetingOutcome asks, after a management meeting, what it decided on a request that was passed to it. Its actions carry
// [VerbMeetingOutcome] with the content, its version, the meeting, its date, the item and the outcome (approved, or
// returned with the input "comment").
type MeetingOutcome struct {
	Content   string
	Version   int
	Item      string // as AgendaItem.ID
	Title     string
	Requester string
	Date      store.Date // of the meeting
	PublishAt time.Time  // zero: as soon as approved
	Approvers []Person   // who are asked, by a mention
	Decision  store.Decision
	DecidedBy string
	DecidedAt time.Time
	Comment   string
	Today     store.Date
}

// Card builds the card.
func (m MeetingOutcome) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), m.Title)}
}
