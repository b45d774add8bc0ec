package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// Graph is what the bot needs of Microsoft Graph. Its errors are *store.GraphError.
type Graph interface {
	CreateMeeting(ctx context.Context, r store.MeetingRequest) (store.OnlineMeeting, error)
	UpdateMeeting(ctx context.Context, m store.OnlineMeeting, r store.MeetingRequest) error
	CancelMeeting(ctx context.Context, m store.OnlineMeeting) error
	Attendance(ctx context.Context, m *store.OnlineMeeting) ([]store.AttendanceReport, error)
	// FindPost returns the activity id of the bot's own message of that time whose card holds the mark, "" for none.
	FindPost(ctx context.Context, channel store.ChannelRef, mark string, from, to time.Time) (activityID string, err error)
}

const (
	// onlinePoll is how often the bot looks whether Graph is to be asked for something.
	onlinePoll = time.Second
	// onlineTimeout bounds one call of Graph.
	onlineTimeout = time.Minute
	// onlineBatch bounds how much is asked of Graph before the database is looked at again.
	onlineBatch = 10
	// triesTold is after how many attempts who made a session hears that it has no meeting yet: a few minutes of faults.
	triesTold = 10
	// reportFirst is when, after the end of a session, its report is first looked for: it appears minutes later.
	reportFirst = 5 * time.Minute
	// reportAgain is how long after a session its report is read once more: a meeting that is opened again has another.
	reportAgain = 2 * time.Hour
	// reportEvery is the longest time between two looks for a report that is not there yet.
	reportEvery = time.Hour
)

// runOnline makes, changes and cancels Teams meetings and reads their reports until ctx ends. All of it is rows of the
// database, so that nothing is forgotten, and nobody waits for Graph.
func (b *Bot) runOnline(ctx context.Context) {
	if b.Graph == nil {
		return
	}
	timer := time.NewTicker(onlinePoll)
	defer timer.Stop()
	for {
		var meetings, reports []*store.Session
		err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
			if meetings, err = tx.MeetingWork(time.Now(), onlineBatch); err != nil {
				return err
			}
			reports, err = tx.ReportWork(time.Now(), onlineBatch)
			return err
		})
		if err != nil && ctx.Err() == nil {
			b.Logger.Error("sessions not read; trying again", "error", err)
		}
		for _, s := range meetings {
			b.makeMeeting(ctx, s)
		}
		for _, s := range reports {
			b.readReport(ctx, s)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.online:
		}
	}
}

// makeMeeting brings a session's Teams meeting in line with the session.
func (b *Bot) makeMeeting(ctx context.Context, s *store.Session) {
	call, cancel := context.WithTimeout(ctx, onlineTimeout)
	defer cancel()
	request := store.MeetingRequest{Key: "vuosikello-" + s.MeetingKey, HostID: s.HostID, Subject: s.Title, Start: s.Start, End: s.End()}
	m, state := s.Meeting, store.MeetingMade
	var err error
	switch s.MeetingState {
	case store.MeetingWanted:
		m, err = b.Graph.CreateMeeting(call, request)
	case store.MeetingChanged:
		err = b.Graph.UpdateMeeting(call, m, request)
	default:
		err = b.Graph.CancelMeeting(call, m)
		m, state = store.OnlineMeeting{}, store.MeetingNone
		if s.State == store.SessionPlanned && s.JoinURL == "" {
			state = store.MeetingWanted // the meeting was another host's
		}
	}
	if ctx.Err() != nil {
		return // the program is stopping; the row stays
	}
	var problem *store.GraphError
	errors.As(err, &problem)
	switch {
	case err == nil:
		err = b.DB.Write(ctx, func(tx *store.Tx) error {
			if err := b.mended(tx, graphCredential); err != nil {
				return err
			}
			return tx.MeetingDone(s, m, state, "")
		})
	case problem != nil && problem.Problem == store.GraphNotFound && s.MeetingState == store.MeetingChanged:
		// Somebody deleted the meeting in their calendar: the session gets a new one.
		err = b.DB.Write(ctx, func(tx *store.Tx) error {
			return tx.MeetingDone(s, store.OnlineMeeting{}, store.MeetingWanted, "")
		})
	case problem != nil && problem.Lasts(), s.End().Before(b.now()):
		b.Logger.Warn("teams meeting not made", "session", s.ID, "reason", err)
		err = b.DB.Write(ctx, func(tx *store.Tx) error { return b.meetingFailed(tx, s, err) })
	default:
		b.Logger.Warn("teams meeting not made; trying again", "session", s.ID, "reason", err)
		after := time.Duration(0)
		if problem != nil {
			after = problem.RetryAfter
		}
		cause := err
		err = b.DB.Write(ctx, func(tx *store.Tx) error {
			if err := b.meetingLate(tx, s, cause); err != nil {
				return err
			}
			return tx.MeetingRetry(s, graphCode(cause), time.Now().Add(teams.Backoff(s.MeetingTries+1, after, nil)))
		})
	}
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("outcome of a meeting not recorded; trying again", "session", s.ID, "error", err)
	}
	nudge(b.work)
}

// meetingLate tells those who can do something about a meeting that cannot be made now: admins when it is the credential,
// and who made the session when it has been tried for some time. It stays wanted.
func (b *Bot) meetingLate(tx *store.Tx, s *store.Session, cause error) error {
	if err := b.graphRefused(tx, cause); err != nil {
		return err
	}
	if s.MeetingState != store.MeetingWanted || s.MeetingTries+1 != triesTold {
		return nil
	}
	return b.notify(tx, store.Post{PersonID: s.CreatedBy, Title: s.Title, SessionID: s.ID}, b.now(), "notice.meeting_late", "title", s.Title)
}

// meetingFailed records that there is no meeting, and tells who made the session why and who can help.
func (b *Bot) meetingFailed(tx *store.Tx, s *store.Session, cause error) error {
	if err := tx.MeetingDone(s, s.Meeting, store.MeetingFailed, graphCode(cause)); err != nil {
		return err
	}
	if err := b.graphRefused(tx, cause); err != nil {
		return err
	}
	key, args := "notice.meeting_failed", []string{"title", s.Title}
	var problem *store.GraphError
	errors.As(cause, &problem)
	switch {
	case s.MeetingState != store.MeetingWanted:
		key = "notice.meeting_kept"
	case problem != nil && problem.Permission != "":
		key, args = "notice.meeting_permission", []string{"title", s.Title, "permission", problem.Permission}
	case problem != nil && problem.Problem == store.GraphRefused:
		key = "notice.meeting_refused"
	}
	return b.notify(tx, store.Post{PersonID: s.CreatedBy, Title: s.Title, SessionID: s.ID}, b.now(), key, args...)
}

// graphCode is what is recorded of an error of Graph: the problem, and the permission that is missing. graphText makes a
// sentence of it in the reader's language.
func graphCode(err error) string {
	var problem *store.GraphError
	if !errors.As(err, &problem) {
		return string(store.GraphUnavailable)
	}
	return strings.TrimSpace(string(problem.Problem) + " " + problem.Permission)
}

func graphText(l cards.Lang, code string) string {
	problem, permission, _ := strings.Cut(code, " ")
	switch store.GraphProblem(problem) {
	case store.GraphForbidden:
		return l.T("graph.forbidden", "permission", permission)
	case store.GraphNotFound:
		return l.T("graph.not_found")
	case store.GraphNotReady:
		return l.T("graph.not_ready")
	case store.GraphRefused:
		return l.T("graph.refused")
	case store.GraphCredential:
		return l.T("graph.credential")
	case store.GraphUnavailable:
		return l.T("graph.unavailable")
	}
	return ""
}

// readReport reads the attendance report of a session's meeting. One that is not there yet is looked for again until a day
// after the session.
func (b *Bot) readReport(ctx context.Context, s *store.Session) {
	call, cancel := context.WithTimeout(ctx, onlineTimeout)
	defer cancel()
	m := s.Meeting
	reports, err := b.Graph.Attendance(call, &m)
	if ctx.Err() != nil {
		return
	}
	now, real := b.now(), time.Now()
	var problem *store.GraphError
	errors.As(err, &problem)
	if err == nil && len(reports) > 0 {
		done := now.After(s.End().Add(reportAgain))
		err = b.DB.Write(ctx, func(tx *store.Tx) error {
			if err := b.mended(tx, graphCredential); err != nil {
				return err
			}
			return tx.SaveReports(s, m, reports, real.Add(reportAgain), done)
		})
		if err != nil && ctx.Err() == nil {
			b.Logger.Error("attendance not recorded; trying again", "session", s.ID, "error", err)
		}
		return
	}
	why, wait := "", reportEvery
	over := s.ReportOver(now)
	if err != nil {
		why = graphCode(err)
		b.Logger.Warn("attendance report not read", "session", s.ID, "reason", err)
	}
	if problem != nil {
		over = over || problem.Lasts()
		wait = max(reportFirst, problem.RetryAfter)
	}
	cause := err
	if err := b.DB.Write(ctx, func(tx *store.Tx) error {
		if err := b.graphRefused(tx, cause); err != nil {
			return err
		}
		return tx.ReportLater(s, why, real.Add(wait), over)
	}); err != nil && ctx.Err() == nil {
		b.Logger.Error("next look for a report not recorded", "session", s.ID, "error", err)
	}
}
