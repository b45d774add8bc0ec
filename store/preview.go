package store

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// PlannedPost is something that will be posted.
type PlannedPost struct {
	At       time.Time // in the calendar's location
	Kind     string
	Title    string
	Channel  string // "Team / Channel", "" when no channel is bound
	Audience string // names, joined by ", "
}

// Reach returns the channels that audiences are reached in, each once.
type Reach func(audiences []string) ([]Channel, error)

// Preview returns what is posted on the days from–to, both included, by the plan as it stands: one item for each channel,
// or one with an empty channel where none is bound. Days that are past are computed like those ahead. isDigest tells by
// their titles which entries are digests: the draft of each is one item, without a channel, since it goes to its writer.
func (tx *Tx) Preview(from, to Date, c Calendar, reach Reach, isDigest func(title string) bool) ([]PlannedPost, error) {
	channels, err := tx.BoundChannels(WorkingGroup, "")
	if err != nil {
		return nil, err
	}
	names := []string{""}
	for i, ch := range channels {
		if i == 0 {
			names = nil
		}
		names = append(names, ch.FullName())
	}
	var out []PlannedPost
	add := func(at time.Time, e *Entry) {
		for _, n := range names {
			out = append(out, PlannedPost{At: at.In(c.Location), Kind: KindReminder, Title: e.Title, Channel: n, Audience: strings.Join(e.Audiences, ", ")})
		}
	}
	done, err := tx.doneMarks(`SELECT entry_id, start FROM occurrence`)
	if err != nil {
		return nil, err
	}
	// A reminder belongs to an occurrence up to a year ahead of it.
	entries, err := tx.Entries(EntryFilter{From: from, To: to + MaxLead + 10})
	if err != nil {
		return nil, err
	}
	waiting, err := collect(tx, scanReminder, `SELECT `+reminderColumns+`WHERE state = 'waiting' AND day BETWEEN $1 AND $2`, from, to)
	if err != nil {
		return nil, err
	}
	extra := map[string][]*Reminder{}
	for _, r := range waiting {
		extra[r.EntryID] = append(extra[r.EntryID], r)
	}
	for _, e := range entries {
		days := map[Date]bool{}
		for _, r := range extra[e.ID] {
			days[r.Day] = true
			add(r.DueAt, e)
		}
		for _, d := range e.Dues(done[e.ID]) {
			if d.Day >= from && d.Day <= to && !days[d.Day] {
				add(c.PostAt(d.Day), e)
			}
		}
	}
	for _, e := range entries {
		if !isDigest(e.Title) {
			continue
		}
		for _, f := range e.FirstLeads(from, to, done[e.ID]) {
			out = append(out, PlannedPost{At: c.PostAt(f.Day).In(c.Location), Kind: KindDigest, Title: e.Title, Audience: strings.Join(e.Audiences, ", ")})
		}
	}
	published, err := tx.previewPublications(from, to, c, reach)
	if err != nil {
		return nil, err
	}
	sessions, err := tx.previewSessions(from, to, c, reach)
	if err != nil {
		return nil, err
	}
	out = append(append(out, published...), sessions...)
	slices.SortStableFunc(out, func(a, b PlannedPost) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Channel, b.Channel))
	})
	return out, nil
}

// posts makes an item for each channel that the audiences are reached in, of one team unless teamID is "", or one with an
// empty channel.
func (r Reach) posts(p PlannedPost, audiences []string, teamID string) ([]PlannedPost, error) {
	p.Audience = strings.Join(audiences, ", ")
	channels, err := r(audiences)
	if err != nil {
		return nil, err
	}
	channels = InTeam(channels, teamID)
	if len(channels) == 0 {
		return []PlannedPost{p}, nil
	}
	out := make([]PlannedPost, len(channels))
	for i, ch := range channels {
		out[i] = p
		out[i].Channel = ch.FullName()
	}
	return out, nil
}

// previewPublications are approved versions that go out on those days.
func (tx *Tx) previewPublications(from, to Date, c Calendar, reach Reach) ([]PlannedPost, error) {
	versions, err := collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.decision = 'approved' AND v.published_at IS NULL`)
	if err != nil {
		return nil, err
	}
	var out []PlannedPost
	for _, v := range versions {
		for _, e := range v.Events(c, 0, time.Time{}) {
			if day := c.Today(e.At); e.Event != EventPublish || day < from || day > to {
				continue
			}
			items, err := reach.posts(PlannedPost{At: e.At.In(c.Location), Kind: KindPublication, Title: v.Title}, v.Audiences, v.TeamID)
			if err != nil {
				return nil, err
			}
			out = append(out, items...)
		}
	}
	return out, nil
}

// previewSessions are the invitations, reminders and feedback cards of sessions on those days. Feedback goes to those who
// will have joined, so it has no channel.
func (tx *Tx) previewSessions(from, to Date, c Calendar, reach Reach) ([]PlannedPost, error) {
	// The invitation is posted up to some days more than a week ahead, when holidays come before it.
	sessions, err := tx.Sessions((from-2).In(c.Location, 0), (to+2*inviteDays+7).In(c.Location, 0))
	if err != nil {
		return nil, err
	}
	kinds := map[SessionEvent]string{SessionInvite: KindInvitation, SessionRemind: KindSessionSoon, SessionFeedback: KindFeedback}
	var out []PlannedPost
	for _, s := range sessions {
		for _, e := range s.Events(c) {
			if day := c.Today(e.At); day < from || day > to {
				continue
			}
			p := PlannedPost{At: e.At.In(c.Location), Kind: kinds[e.Event], Title: s.Title, Audience: strings.Join(s.Audiences, ", ")}
			if e.Event == SessionFeedback {
				out = append(out, p)
				continue
			}
			items, err := reach.posts(p, s.Audiences, "")
			if err != nil {
				return nil, err
			}
			out = append(out, items...)
		}
	}
	return out, nil
}
