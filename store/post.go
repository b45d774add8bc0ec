package store

import "time"

// PostState is where a post stands. Every post ends in one of Sent, PerhapsSent, Failed, Missed and Withdrawn.
type PostState string

// The states of a post.
const (
	Pending     PostState = "pending"      // waiting for its turn, or for the next attempt
	Sending     PostState = "sending"      // handed to the connector, no answer yet
	Sent        PostState = "sent"         // accepted by the connector
	PerhapsSent PostState = "perhaps_sent" // an attempt ended without an answer: it may be there once or twice
	Failed      PostState = "failed"       // will not be sent; the reason says why
	Missed      PostState = "missed"       // its moment passed while the program was not running
	Withdrawn   PostState = "withdrawn"    // no longer wanted before it was sent, or taken back
)

// The kinds of post.
const (
	KindReminder = "reminder"
	KindNotice   = "notice" // a short personal message from the program, such as to an admin

	KindApproval    = "approval"          // a request for approval, in the management channel and to each approver
	KindNudge       = "approval_reminder" // reminds an approver of a request
	KindRequest     = "request"           // the requester's own card of it
	KindOutcome     = "outcome"           // asks for the outcome of a meeting
	KindPublication = "publication"       // approved content in an audience's channel
	KindInvitation  = "invitation"        // of a session, in its audiences' channels
	KindSessionSoon = "session_reminder"  // a session is about to begin
	KindFeedback    = "feedback"          // asks those who joined a session
	KindNeed        = "need"              // a communication need, in the working group's channel
	KindDigest      = "digest"            // the draft of a digest, to its writer
)

// ReasonNoChannel is the reason of a post for which no channel is bound.
const ReasonNoChannel = "no channel"

// Priorities, smaller first: what cannot wait goes before what can.
const (
	PrioritySession = 1 // a session about to start
	PriorityPost    = 3
	PriorityNotice  = 4
	PriorityDigest  = 5
)

// Post is a row of the outbox, which is also the delivery ledger.
type Post struct {
	ID             int64
	Kind           string
	Title          string
	EntryID        string
	ReminderID     int64
	ContentID      int64
	ContentVersion int // of a request: the version that it asks about
	NeedID         int64
	SessionID      int64
	DigestID       int64
	ChannelID      string // where it is posted …
	PersonID       string // … or the AAD object id of whom it is for
	Notice         string // of KindNotice: see bot.Notice
	State          PostState
	Reason         string
	Attempts       int
	Doubts         int
	Late           bool
	Priority       int
	Trace          string
	DueAt          time.Time
	CreatedAt      time.Time
	SentAt         time.Time // zero until accepted
	QueuedAt       time.Time // real time, as opposed to a rehearsal's
	ServiceURL     string
	ConversationID string
	ActivityID     string
	Wanted         int // revision of the card that should be showing; a decision is shown at once, counts wait for one another
	Shown          int // revision that is showing, or on its way
}

// Target is where the post goes, for telling conversations apart.
func (p *Post) Target() string { return p.ChannelID + p.PersonID }

// maxDoubts is how many attempts of a post may end without an answer: the first, and the one more that is made because
// losing a reminder is worse than posting it twice. An end of the program counts as one, but never as the last.
const maxDoubts = 2
