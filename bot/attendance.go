package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

const (
	// sessionsAhead is how far ahead the list of sessions looks.
	sessionsAhead = 60 * 24 * time.Hour
	// statsSince is how far back the participants are counted.
	statsSince = 365 * 24 * time.Hour
	// sessionBatch bounds the sessions of one transaction.
	sessionBatch = 50
)

// sessions lists the coming sessions and the catalogue of topics.
func (t *turn) sessions(tx *store.Tx, _ string) (answer, error) {
	list, err := tx.Sessions(t.at, t.at.Add(sessionsAhead))
	if err != nil {
		return answer{}, err
	}
	digimentor, err := tx.HasRole(t.person.ID, t.today, store.RoleDigimentor)
	if err != nil {
		return answer{}, err
	}
	view := cards.Sessions{CanAdd: digimentor, Today: t.today}
	for _, s := range list {
		turnout, err := tx.Turnout(s.ID)
		if err != nil {
			return answer{}, err
		}
		p, _, err := tx.Participation(s.ID, t.person.ID)
		if err != nil {
			return answer{}, err
		}
		view.Items = append(view.Items, cards.SessionItem{Session: s.ID, Title: s.Title, Start: t.local(s.Start), Minutes: s.Minutes, SignedUp: turnout.SignedUp, Mine: p.SignedUp(), CanJoin: !t.at.Before(s.JoinOpens()), CanEdit: digimentor})
	}
	if digimentor {
		if view.Topics, err = tx.Topics(); err != nil {
			return answer{}, err
		}
		if view.Stats, err = t.sessionStats(tx, view.Topics); err != nil {
			return answer{}, err
		}
	}
	return showCard(view.Card(t.hereLang())), nil
}

// sessionStats counts who came to the sessions of the last year, by topic, series, segment and month.
func (t *turn) sessionStats(tx *store.Tx, topics []store.Topic) ([]cards.SessionStat, error) {
	held, err := tx.Sessions(t.at.Add(-statsSince), t.at)
	if err != nil {
		return nil, err
	}
	byID := map[int64]store.Topic{}
	for _, topic := range topics {
		byID[topic.ID] = topic
	}
	var out []cards.SessionStat
	index := map[string]int{}
	count := func(kind cards.StatKind, label string, people int) {
		key := string(kind) + "\n" + label
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, cards.SessionStat{Kind: kind, Label: label})
		}
		out[i].Sessions++
		out[i].People += people
	}
	series := map[string]string{}
	l := t.hereLang()
	for _, s := range held {
		turnout, err := tx.Turnout(s.ID)
		if err != nil {
			return nil, err
		}
		people := turnout.Attended
		start := t.local(s.Start)
		count(cards.StatMonth, l.MonthYear(start.Year(), start.Month()), people)
		if topic, ok := byID[s.TopicID]; ok {
			count(cards.StatTopic, topic.Title, people)
			if topic.Segment != "" {
				count(cards.StatSegment, topic.Segment, people)
			}
		}
		if s.Series != "" {
			if series[s.Series] == "" {
				series[s.Series] = s.Title
			}
			count(cards.StatSeries, series[s.Series], people)
		}
	}
	slices.SortStableFunc(out, func(a, b cards.SessionStat) int { return cmp.Compare(a.Kind, b.Kind) })
	return out, nil
}

// attendance shows who signed up for a session and who came: of the latest, or of the one with that number.
func (t *turn) attendance(tx *store.Tx, args string) (answer, error) {
	var s *store.Session
	if args == "" {
		latest, ok, err := tx.LatestSession(t.at)
		if err != nil {
			return answer{}, err
		}
		if !ok {
			return answer{}, store.NotFound("error.session_none")
		}
		s = latest
	} else {
		id, err := strconv.ParseInt(strings.TrimPrefix(strings.Fields(args)[0], "#"), 10, 64)
		if err != nil {
			return answer{}, store.NotFound("error.session_gone")
		}
		if s, err = tx.Session(id); err != nil {
			return answer{}, err
		}
	}
	c, err := t.attendanceCard(tx, s, t.hereLang())
	return showCard(c), err
}

func (t *turn) attendanceCard(tx *store.Tx, s *store.Session, l cards.Lang) (cards.Card, error) {
	people, err := tx.Participants(s.ID)
	if err != nil {
		return cards.Card{}, err
	}
	turnout, err := tx.Turnout(s.ID)
	if err != nil {
		return cards.Card{}, err
	}
	view := cards.Attendance{Session: s.ID, Title: s.Title, Start: t.local(s.Start), SignedUp: turnout.SignedUp, Attended: turnout.Attended, NoShow: turnout.NoShow, Anonymous: turnout.Anonymous,
		NoShowShare: -1, CanCorrect: s.HostID == t.person.ID && t.at.After(s.Start), Today: t.today}
	if turnout.SignedUp > 0 && t.at.After(s.End()) {
		view.NoShowShare = 100 * turnout.NoShow / turnout.SignedUp
	}
	for _, p := range people {
		view.People = append(view.People, cards.AttendancePerson{Who: p.Who, Name: first(p.Name, strings.TrimPrefix(p.Who, "mail:")), SignedUp: p.SignedUp(), Cancelled: !p.CancelledAt.IsZero(), Joined: p.Attended(),
			Minutes: p.Minutes, HasMinutes: p.HasMinutes, Source: p.Source})
	}
	switch {
	case s.ReportState == store.ReportWanted:
		view.Report = l.T("session.report_wanted")
	case s.ReportState == store.ReportGone:
		view.Report = l.T("session.report_gone", "why", graphText(l, s.ReportWhy))
	case s.ReportState == store.ReportNone && t.at.After(s.End()):
		view.Report = l.T("session.report_none")
	}
	return view.Card(l), nil
}

// correctAttendance records for how long somebody was there, as the host says.
func (t *turn) correctAttendance(tx *store.Tx) (answer, error) {
	s, err := tx.Session(t.data.Session)
	if err != nil {
		return answer{}, err
	}
	if s.HostID != t.person.ID || t.person.ID == "" {
		return answer{}, store.Forbidden("error.not_host")
	}
	if !t.at.After(s.Start) {
		return answer{}, store.Invalid("", "error.session_not_begun")
	}
	if s.Start.Before(t.Retention.AttendanceSince(t.at)) {
		return answer{}, store.Invalid("", "error.attendance_aged", "n", t.Retention.Attendance)
	}
	minutes, err := strconv.Atoi(strings.TrimSpace(t.input("minutes")))
	if err != nil || minutes < 0 || minutes > store.MaxSessionMinutes {
		return answer{}, store.Invalid("minutes", "invalid.minutes_there", "max", store.MaxSessionMinutes)
	}
	who := strings.TrimSpace(t.input("person"))
	if who == "" {
		return answer{}, store.Invalid("person", "attendance.person_required")
	}
	if _, known, err := tx.Participation(s.ID, who); err != nil {
		return answer{}, err
	} else if !known {
		people, err := tx.PeopleNamed(who)
		if err != nil {
			return answer{}, err
		}
		if p, ok, err := tx.Person(strings.ToLower(who)); err != nil {
			return answer{}, err
		} else if ok {
			people = []store.Person{p}
		}
		if len(people) != 1 {
			return answer{}, store.NotFound("error.person_unknown", "name", clip(who))
		}
		who = people[0].ID
	}
	if err := tx.CorrectAttendance(s, who, minutes); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "attendance.correct", fmt.Sprint("session:", s.ID), who+" "+strconv.Itoa(minutes)); err != nil {
		return answer{}, err
	}
	c, err := t.attendanceCard(tx, s, t.hereLang())
	return replace(c), err
}

// scheduleSessions does what has fallen due for sessions: it invites, reminds, and asks for feedback.
func (b *Bot) scheduleSessions(tx *store.Tx, now time.Time) (more bool, err error) {
	due, err := tx.DueSessions(now, sessionBatch)
	if err != nil {
		return false, err
	}
	for _, s := range due {
		events, err := tx.SessionEvents(s, now, b.Calendar)
		if err != nil {
			return false, err
		}
		for i, e := range events {
			state, why := store.Pending, ""
			switch {
			case e.Event == store.SessionFeedback:
				// The cards say that it is over; until now an update would have taken away the links that people got in place.
				if err := tx.RefreshSession(s.ID); err != nil {
					return false, err
				}
			case !now.Before(s.End()):
				state, why = store.Missed, "over"
			case i+1 < len(events):
				state, why = store.Missed, "superseded"
			}
			if err := b.sessionEvent(tx, s, e, state, why, now); err != nil {
				return false, err
			}
		}
	}
	return len(due) == sessionBatch, nil
}

func (b *Bot) sessionEvent(tx *store.Tx, s *store.Session, e store.SessionDue, state store.PostState, why string, now time.Time) error {
	p := store.Post{Kind: store.KindInvitation, Title: s.Title, SessionID: s.ID, State: state, Reason: why, Priority: store.PriorityPost, DueAt: e.At, Late: state == store.Pending && now.Sub(e.At) > lateBy}
	switch e.Event {
	case store.SessionRemind:
		p.Kind, p.Priority, p.ContentVersion = store.KindSessionSoon, store.PrioritySession, sessionOccasion(s)
	case store.SessionFeedback:
		return b.askFeedback(tx, s, p, now)
	}
	channels, _, err := AudienceChannels(tx, s.Audiences)
	if err != nil {
		return err
	}
	if len(channels) == 0 {
		if p.State == store.Pending {
			p.State, p.Reason = store.Failed, store.ReasonNoChannel
		}
		return tx.AddPost(&p, now)
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	return nil
}
