package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Decision is what was decided on one version of content.
type Decision string

// The decisions.
const (
	DecisionPending   Decision = "pending"
	DecisionApproved  Decision = "approved"
	DecisionReturned  Decision = "returned"  // to the requester, with a comment
	DecisionEscalated Decision = "escalated" // passed to the management meeting, where it is approved or returned
	DecisionWithdrawn Decision = "withdrawn" // by the requester
	DecisionVoided    Decision = "voided"    // a later version took its place
	DecisionExpired   Decision = "expired"   // nobody decided in time
)

// Open reports whether the version still waits for a decision.
func (d Decision) Open() bool { return d == DecisionPending || d == DecisionEscalated }

// ContentVersion is content exactly as it was sent for approval, and what became of it.
type ContentVersion struct {
	ContentID   int64
	Version     int
	SHA256      string
	EntryID     string // "" when no clock entry stands behind it
	Title       string
	Body        string
	TitleSv     string
	BodySv      string
	Link        string
	Image       string
	ImageAlt    string
	Audiences   []string
	TeamID      string    // of a result area's digest: it goes to that team's channels alone; "" for every team's
	PublishAt   time.Time // not before; zero: as soon as approved
	Checklist   []string
	Approval    bool // false: its entry needs none, and it goes out without a request
	RequestedBy string
	RequestedAt time.Time
	Decision    Decision
	DecidedBy   string // AAD object id, "" for nobody
	DecidedAt   time.Time
	Comment     string
	MeetingDate Date
	PublishedAt time.Time
	WithdrawnAt time.Time
	WithdrawnBy string // AAD object id of who took the publication back
	handledAt   time.Time
}

// Checks are the items of the approval checklist, all of which must be made before content is sent for approval.
func Checks() []string { return []string{"copyright", "privacy", "language", "accessibility"} }

// Hash returns the SHA-256 of the content's canonical form, in lower-case hexadecimal: what a decision is bound to.
//
// The canonical form is UTF-8 text with one part for each of these fields, in this order and with these names:
//
//	title body title_sv body_sv link image image_alt audience publish_at
//
// A part is the name, a colon, the number of bytes of the value in decimal, a colon, the value and a line feed. The
// audience is the names in their order, joined by ", "; publish_at is Unix milliseconds in decimal, or empty when the
// content goes out as soon as it is approved. Everything is in `export approvals` (use --json: the CSV guards text that
// begins like a formula with a ').
func (v *ContentVersion) Hash() string {
	at := ""
	if !v.PublishAt.IsZero() {
		at = strconv.FormatInt(v.PublishAt.UnixMilli(), 10)
	}
	h := sha256.New()
	for _, f := range [][2]string{{"title", v.Title}, {"body", v.Body}, {"title_sv", v.TitleSv}, {"body_sv", v.BodySv}, {"link", v.Link}, {"image", v.Image},
		{"image_alt", v.ImageAlt}, {"audience", strings.Join(v.Audiences, ", ")}, {"publish_at", at}} {
		fmt.Fprintf(h, "%s:%d:%s\n", f[0], len(f[1]), f[1])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// approvalPatience is for how many days an undecided request stays open after its publication time, or after the request
// when it has none.
const approvalPatience = 30

// lastNudge is when approvers are reminded on the last working day before the publication.
const lastNudge TimeOfDay = 9 * 60

// meetingLength is when, after its beginning, a meeting is taken to be over.
const meetingLength = time.Hour

// ApprovalEvent is something that falls due in the life of a version.
type ApprovalEvent string

// The events of a version.
const (
	EventNudge     ApprovalEvent = "nudge"     // approvers are reminded
	EventUndecided ApprovalEvent = "undecided" // the publication time has come without a decision
	EventOutcome   ApprovalEvent = "outcome"   // the meeting that it was passed to is over: its outcome is asked for
	EventPublish   ApprovalEvent = "publish"   // it goes out
	EventExpire    ApprovalEvent = "expire"    // nobody decided in time
)

// DueEvent is an event and its instant.
type DueEvent struct {
	At    time.Time
	Event ApprovalEvent
}

// Events returns what falls due for the version as it stands, in no particular order. entryEnd is the last day of its
// entry, zero for none; meeting is the time at which the meeting it was passed to begins.
//
// Approvers are reminded two working days before the publication at the post time, and on the last working day before
// it at 09:00. A request expires 30 days after its publication time (without one, after the request) or when its entry is
// over. Approved content goes out at its publication time; approved after it, or without one, at once in working hours,
// else at the next post time.
func (v *ContentVersion) Events(c Calendar, entryEnd Date, meeting time.Time) []DueEvent {
	switch {
	case v.Decision == DecisionApproved && v.PublishedAt.IsZero():
		at := c.AtOnceOrNext(v.DecidedAt)
		if v.PublishAt.After(v.DecidedAt) {
			at = v.PublishAt
		}
		return []DueEvent{{at, EventPublish}}
	case !v.Decision.Open():
		return nil
	}
	from := v.RequestedAt
	var out []DueEvent
	if !v.PublishAt.IsZero() {
		from = v.PublishAt
		last := WorkdayOnOrBefore(c.Today(v.PublishAt) - 1)
		out = append(out, DueEvent{v.PublishAt, EventUndecided})
		if v.Decision == DecisionPending {
			out = append(out, DueEvent{c.PostAt(WorkdayOnOrBefore(last - 1)), EventNudge}, DueEvent{last.In(c.Location, lastNudge), EventNudge})
		}
	}
	expires := from.In(c.Location).AddDate(0, 0, approvalPatience)
	if entryEnd != 0 {
		// Content sent when its entry is over already is about something else: it has the usual time.
		if over := (entryEnd + 1).In(c.Location, 0); over.Before(expires) && over.After(v.RequestedAt) {
			expires = over
		}
	}
	if v.Decision == DecisionEscalated && !meeting.IsZero() {
		out = append(out, DueEvent{meeting.Add(meetingLength), EventOutcome})
	}
	return append(out, DueEvent{expires, EventExpire})
}

// Late reports whether the version goes out later than its publication time because it was decided after it.
func (v *ContentVersion) Late() bool { return !v.PublishAt.IsZero() && v.DecidedAt.After(v.PublishAt) }

// Meeting says when a group meets: every so many weeks from the first date.
type Meeting struct {
	Kind   BindingKind // WorkingGroup or Management
	First  Date
	Time   TimeOfDay
	Every  int // weeks, 1–8
	Cutoff int // hours before the meeting, after which an item goes to the one after it
}

// Limits of a meeting's rhythm.
const (
	MaxMeetingWeeks  = 8
	MaxMeetingCutoff = 14 * 24
)

// At returns when the meeting of that day begins.
func (m *Meeting) At(d Date, c Calendar) time.Time { return d.In(c.Location, m.Time) }

// Next returns the first meeting after the instant; with cutoff, the first whose cut-off is after it.
func (m *Meeting) Next(after time.Time, c Calendar, cutoff bool) Date {
	early := time.Duration(0)
	if cutoff {
		early = time.Duration(m.Cutoff) * time.Hour
	}
	d := m.First
	if today := c.Today(after); today > d {
		step := Date(7 * m.Every)
		d += (today - d) / step * step
	}
	for !m.At(d, c).Add(-early).After(after) {
		d += Date(7 * m.Every)
	}
	return d
}

// Previous returns the last meeting that began by the instant, zero for none.
func (m *Meeting) Previous(by time.Time, c Calendar) Date {
	d := m.Next(by, c, false) - Date(7*m.Every)
	if d < m.First {
		return 0
	}
	return d
}

// Normalize checks the meeting's rhythm.
func (m *Meeting) Normalize() error {
	switch {
	case m.First == 0:
		return Invalid("first", "invalid.start_missing")
	case m.Every < 1 || m.Every > MaxMeetingWeeks:
		return Invalid("every", "invalid.meeting_every", "max", MaxMeetingWeeks)
	case m.Cutoff < 0 || m.Cutoff > MaxMeetingCutoff:
		return Invalid("cutoff", "invalid.meeting_cutoff", "max", MaxMeetingCutoff)
	}
	return nil
}
