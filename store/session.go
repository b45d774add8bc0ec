package store

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Session is a digi-quarter: a short open training session on Teams.
type Session struct {
	ID        int64
	Title     string
	Start     time.Time
	Minutes   int
	Audiences []string
	HostID    string   // AAD object id
	JoinURL   string   // a link of the host's own, "" for none
	Links     []string // guidance and material: web addresses
	Series    string   // shared by the sessions that were made together, "" for a single one
	TopicID   int64    // of the catalogue, 0 for none
	State     SessionState
	Version   int
	CreatedBy string
	CreatedAt time.Time
	Meeting   OnlineMeeting
	// MeetingState says whether there is a Teams meeting, and MeetingWhy why there is none.
	MeetingState MeetingState
	MeetingWhy   string
	MeetingTries int
	MeetingKey   string // names the request for the meeting: see MeetingRequest.Key
	ReportState  ReportState
	ReportWhy    string
	handledAt    time.Time
	changedAt    time.Time // when it got its time and audiences
}

// SessionState is whether a session takes place.
type SessionState string

// The states of a session.
const (
	SessionPlanned   SessionState = "planned"
	SessionCalledOff SessionState = "called_off"
)

// MeetingState is where the session's Teams meeting stands.
type MeetingState string

// The states of a session's meeting.
const (
	MeetingNone     MeetingState = "none"     // none is made: the host's own link is used
	MeetingWanted   MeetingState = "wanted"   // to be made
	MeetingMade     MeetingState = "made"     //
	MeetingChanged  MeetingState = "changed"  // to be brought in line with the session
	MeetingUnwanted MeetingState = "unwanted" // to be cancelled
	MeetingFailed   MeetingState = "failed"   // could not be made
)

// ReportState is where the meeting's attendance report stands.
type ReportState string

// The states of a report.
const (
	ReportNone   ReportState = "none"
	ReportWanted ReportState = "wanted" // to be read
	ReportRead   ReportState = "read"
	ReportGone   ReportState = "gone" // there is none a day after the session
)

// Limits of a session.
const (
	DefaultSessionMinutes = 15
	MaxSessionMinutes     = 480
	MaxSessionLinks       = 10
	MaxSeries             = 60 // sessions of a series
)

// Times around a session.
const (
	inviteDays    = 7
	remindBefore  = 15 * time.Minute // the reminder with Join, and from when on Join works
	feedbackAfter = 5 * time.Minute
	reportUntil   = 24 * time.Hour
)

// End returns when the session ends.
func (s *Session) End() time.Time { return s.Start.Add(time.Duration(s.Minutes) * time.Minute) }

// JoinOpens returns from when on people can join.
func (s *Session) JoinOpens() time.Time { return s.Start.Add(-remindBefore) }

// Link returns where the session takes place, "" while it is not known.
func (s *Session) Link() string { return cmp.Or(s.JoinURL, s.Meeting.JoinURL) }

// Normalize puts the session in its canonical form and checks it. The error names the field that is wrong.
func (s *Session) Normalize() error {
	s.Title = strings.Join(strings.Fields(s.Title), " ")
	s.JoinURL = strings.TrimSpace(s.JoinURL)
	s.Audiences = names(s.Audiences)
	switch {
	case Blank(s.Title):
		return Invalid("title", "invalid.title_missing")
	case runes(s.Title) > MaxTitle:
		return Invalid("title", "invalid.too_long", "max", MaxTitle)
	case s.Start.IsZero():
		return Invalid("date", "invalid.start_missing")
	case s.Minutes < 5 || s.Minutes > MaxSessionMinutes:
		return Invalid("minutes", "invalid.minutes", "max", MaxSessionMinutes)
	case len(s.Audiences) == 0:
		return Invalid("audience", "error.audience_missing")
	case len(s.Audiences) > MaxNames:
		return Invalid("audience", "invalid.too_many", "max", MaxNames)
	case len(s.Links) > MaxSessionLinks:
		return Invalid("links", "invalid.too_many", "max", MaxSessionLinks)
	}
	return nil
}

// SessionEvent is something that falls due in the life of a session.
type SessionEvent string

// The events of a session.
const (
	SessionInvite   SessionEvent = "invite"
	SessionRemind   SessionEvent = "remind"
	SessionFeedback SessionEvent = "feedback"
)

// SessionDue is an event of a session and its instant.
type SessionDue struct {
	At    time.Time
	Event SessionEvent
}

// Events returns what falls due for the session, in order: the invitation at the post time on the seventh day before
// (moved to a working day), or at once when the session was made later or got another time or audience later; the reminder
// 15 minutes before; and the feedback card 5 minutes after the end. A channel that has had a post does not get it again.
func (s *Session) Events(c Calendar) []SessionDue {
	if s.State != SessionPlanned {
		return nil
	}
	invite := c.PostAt(WorkdayOnOrBefore(c.Today(s.Start) - inviteDays))
	if invite.Before(s.changedAt) {
		invite = s.changedAt
	}
	remind := s.JoinOpens()
	if s.changedAt.After(s.CreatedAt) && remind.Before(s.changedAt) {
		remind = s.changedAt // those who know of another time, or of none, are told of this one
	}
	return []SessionDue{{invite, SessionInvite}, {remind, SessionRemind}, {s.End().Add(feedbackAfter), SessionFeedback}}
}

// SeriesStarts returns when the sessions of a series begin: each occurrence of the rule from first until the last day,
// at the same time of day, those on public holidays left out. The error names the field that is wrong.
func SeriesStarts(first Date, clock TimeOfDay, repeat string, last Date, c Calendar) ([]time.Time, error) {
	e := Entry{Clock: Clock{Name: DefaultClock, Year: first.Year()}, Title: "series", Start: first, End: last, Repeat: repeat}
	if err := e.Normalize(); err != nil {
		return nil, err
	}
	var starts []time.Time
	for _, o := range e.Occurrences() {
		if o.Holiday == "" {
			starts = append(starts, o.Start.In(c.Location, clock))
		}
	}
	switch {
	case len(starts) == 0:
		return nil, Invalid("repeat", "invalid.repeat_none")
	case len(starts) > MaxSeries:
		return nil, Invalid("repeat", "invalid.repeat_many", "max", MaxSeries)
	}
	return starts, nil
}

// Participation is what is recorded of one person and a session.
type Participation struct {
	Who         string // AAD object id, or "mail:" and an address
	Name        string
	SignedUpAt  time.Time
	CancelledAt time.Time
	JoinedAt    time.Time
	Minutes     int // for how long, when HasMinutes
	HasMinutes  bool
	Source      string // card, graph or hand
	// Anonymous is how many participants cannot be told (any more), and AnonymousSignUps how many signed up of whom only the
	// number is kept, when this stands for them.
	Anonymous        int
	AnonymousSignUps int
}

// SignedUp reports whether the person means to come.
func (p *Participation) SignedUp() bool { return !p.SignedUpAt.IsZero() && p.CancelledAt.IsZero() }

// Attended reports whether the person came.
func (p *Participation) Attended() bool {
	return !p.JoinedAt.IsZero() && (!p.HasMinutes || p.Minutes > 0)
}

// Presence is how long one person was in a meeting, all its reports taken together.
type Presence struct {
	Who     string
	Name    string
	Joined  time.Time
	Minutes int
}

// MergeReports adds up who was in a meeting over all its reports. A person is known by AAD object id, else by e-mail,
// which another record, or personByMail, may know the id of. Times that overlap, such as of a phone and a computer, count once. anonymous
// is how many participants cannot be told: the reports' totals less those named.
func MergeReports(reports []AttendanceReport, personByMail func(string) string) (people []Presence, anonymous int) {
	byWho := map[string]*Presence{}
	times := map[string][]Interval{}
	idByMail := map[string]string{}
	for _, r := range reports {
		for _, rec := range r.Records {
			if mail := strings.ToLower(strings.TrimSpace(rec.Email)); mail != "" && rec.PersonID != "" {
				idByMail[mail] = strings.ToLower(rec.PersonID)
			}
		}
	}
	for _, r := range reports {
		named, unnamed := map[string]bool{}, 0
		for _, rec := range r.Records {
			who := strings.ToLower(rec.PersonID)
			mail := strings.ToLower(strings.TrimSpace(rec.Email))
			if who == "" && mail != "" {
				who = cmp.Or(idByMail[mail], strings.ToLower(personByMail(mail)), mailPrefix+mail)
			}
			if who == "" {
				unnamed++
				continue
			}
			named[who] = true
			p := byWho[who]
			if p == nil {
				p = &Presence{Who: who}
				byWho[who] = p
			}
			p.Name = cmp.Or(p.Name, rec.Name)
			times[who] = append(times[who], rec.Intervals...)
		}
		anonymous += max(r.Total-len(named), unnamed)
	}
	for who, p := range byWho {
		var total time.Duration
		p.Joined, total = union(times[who])
		p.Minutes = int((total + 30*time.Second) / time.Minute)
		if total > 0 {
			p.Minutes = max(p.Minutes, 1)
		}
		people = append(people, *p)
	}
	slices.SortFunc(people, func(a, b Presence) int { return cmp.Compare(a.Who, b.Who) })
	return people, anonymous
}

// union returns when the first of the times began, and how long they cover together.
func union(list []Interval) (first time.Time, total time.Duration) {
	list = slices.DeleteFunc(slices.Clone(list), func(i Interval) bool { return !i.To.After(i.From) })
	slices.SortFunc(list, func(a, b Interval) int { return a.From.Compare(b.From) })
	var end time.Time
	for _, i := range list {
		if first.IsZero() {
			first = i.From
		}
		if i.From.Before(end) {
			i.From = end
		}
		if i.To.After(i.From) {
			total += i.To.Sub(i.From)
			end = i.To
		}
	}
	return first, total
}

// Feedback is what somebody said after a session.
type Feedback struct {
	PersonID string
	Rating   int // 1–5, 0 for none
	Need     string
	Topic    string
	At       time.Time
}

// Topic is something of the catalogue that a session can be held on.
type Topic struct {
	ID      int64
	Type    TopicType
	Segment string // whom it is for, of a segmented one
	Title   string
}

// TopicType is whom a topic is for.
type TopicType string

// The types of topic.
const (
	TopicOpen      TopicType = "open"
	TopicThemed    TopicType = "themed"
	TopicSegmented TopicType = "segmented"
)
