package cards

import (
	"time"

	"vuosikello/store"
)

// Approval is the request to decide on content: the post in the management's channel, an approver's personal copy, and
// the requester's own copy. Its actions carry [VerbApprove], [VerbReturn] (input "comment"), [VerbEscalate] (input
// [InputMeetingComment]); the requester's own copy carries [VerbContentEdit] and [VerbWithdrawRequest]. All have the
// content and its version. A decided request has no actions.
type Approval struct {
	Content         string
	Version         int
	Title, Body     string // Finnish
	TitleSv, BodySv string // Swedish, "" when there is no such version
	Link            string
	Image, ImageAlt string
	Requester       Person
	Entry           string // title of the clock entry
	Campaign        string
	NoEntry         bool // no clock entry stands behind it, which is pointed out
	Audiences       []AudienceCount
	PublishAt       time.Time // not before; zero: as soon as approved; this and the other times are in the organisation's time zone
	Checklist       []string  // of store.Checks, those that were made
	Deadline        time.Time // by when a decision is needed, zero for none
	Overdue         bool      // the publication time has come, and the content waits for the decision
	Rounds          []Round   // earlier versions and what was decided on them, the oldest first
	Approvers       []Person  // who are asked, by a mention; nobody in a personal copy
	Decision        store.Decision
	DecidedBy       string
	DecidedAt       time.Time
	Comment         string
	MeetingDate     store.Date // where it was passed to, zero for nowhere
	NextMeeting     store.Date // where passing it on would take it, zero: no meetings are known and it cannot be passed on
	// MeetingAfterPublication means that NextMeeting is after PublishAt: the content would wait for the meeting.
	MeetingAfterPublication bool
	Own                     bool // the requester's own copy
	Nudge                   bool // a reminder of an open request
	Today                   store.Date
}

// AudienceCount is an audience and how many people it is.
type AudienceCount struct {
	Name    string
	People  int
	Known   bool // People is known
	Outside bool // no channel is bound to it: it is reached outside Teams
}

// Round is an earlier version and what was decided on it.
type Round struct {
	Version  int
	Decision store.Decision
	By       string
	At       time.Time
	Comment  string
}

// InputMeetingComment is the id of the comment with which a request is passed to the meeting. It is not "comment", the
// id of the one with which it is returned: the two stand on one card, and phones refuse a card in which two elements
// have the same id (AdaptiveCards, ParseContext::PopElement), also when they are in different ShowCards.
const InputMeetingComment = "meetingComment"

// Card builds the card.
func (a Approval) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), a.Title)}
}
