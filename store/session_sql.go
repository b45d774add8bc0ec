package store

import (
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const sessionColumns = `s.id, s.title, s.start, s.minutes, s.audiences, s.host_id, s.join_url, s.links, s.series, coalesce(s.topic_id, 0), s.state, s.version, s.created_by,
	s.created_at, s.changed_at, s.handled_at, s.meeting_state, s.meeting_why, s.meeting_tries, s.meeting_host, s.event_id, s.meeting_id, s.meeting_url, s.meeting_key, s.report_state, s.report_why FROM session s `

func scanSession(rows *sql.Rows) (*Session, error) {
	var s Session
	var start, created, changed, handled int64
	var audiences, links string
	err := rows.Scan(&s.ID, &s.Title, &start, &s.Minutes, &audiences, &s.HostID, &s.JoinURL, &links, &s.Series, &s.TopicID, &s.State, &s.Version, &s.CreatedBy,
		&created, &changed, &handled, &s.MeetingState, &s.MeetingWhy, &s.MeetingTries, &s.Meeting.HostID, &s.Meeting.EventID, &s.Meeting.MeetingID, &s.Meeting.JoinURL, &s.MeetingKey, &s.ReportState, &s.ReportWhy)
	s.Start, s.CreatedAt, s.changedAt, s.handledAt = time.UnixMilli(start), time.UnixMilli(created), time.UnixMilli(changed), time.UnixMilli(handled)
	s.Audiences = splitNames(audiences)
	if links != "" {
		s.Links = strings.Split(links, "\n")
	}
	return &s, err
}

// Session returns the session of that id. It fails with NotFound.
func (tx *Tx) Session(id int64) (*Session, error) {
	return one(tx, scanSession, "error.session_gone", `SELECT `+sessionColumns+`WHERE s.id = $1`, id)
}

// Sessions returns the sessions that end after from and begin before to, in order; those called off are left out.
func (tx *Tx) Sessions(from, to time.Time) ([]*Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.state = 'planned' AND s.start + s.minutes * 60000 > $1 AND s.start < $2 ORDER BY s.start, s.id`, from.UnixMilli(), to.UnixMilli())
}

// LatestSession returns the session that began last by now; it reports false when none has.
func (tx *Tx) LatestSession(now time.Time) (*Session, bool, error) {
	list, err := collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.state = 'planned' AND s.start <= $1 ORDER BY s.start DESC, s.id DESC LIMIT 1`, now.UnixMilli())
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// HostBusy returns a session of the same host that overlaps s, other than s and those except; it reports false when there
// is none.
func (tx *Tx) HostBusy(s *Session, except ...int64) (*Session, bool, error) {
	others, err := json.Marshal(append(except, s.ID))
	if err != nil {
		return nil, false, err
	}
	list, err := collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.host_id = $1 AND s.state = 'planned' AND s.id NOT IN (SELECT value FROM json_each($2)) AND s.start < $3 AND s.start + s.minutes * 60000 > $4 ORDER BY s.start LIMIT 1`,
		s.HostID, string(others), s.End().UnixMilli(), s.Start.UnixMilli())
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// SeriesAfter returns the planned sessions of s's series that come after it, in order; none when s is a single one.
func (tx *Tx) SeriesAfter(s *Session) ([]*Session, error) {
	if s.Series == "" {
		return nil, nil
	}
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.series = $1 AND s.state = 'planned' AND s.start > $2 AND s.id <> $3 ORDER BY s.start, s.id`, s.Series, s.Start.UnixMilli(), s.ID)
}

// AddSession stores a new session. graph says whether a Teams meeting is to be made for it when it has no link of its own.
func (tx *Tx) AddSession(s *Session, graph bool, now time.Time, c Calendar) error {
	if err := s.Normalize(); err != nil {
		return err
	}
	s.State, s.Version, s.CreatedAt, s.changedAt, s.handledAt = SessionPlanned, 1, now, now, now.Add(-time.Millisecond)
	s.MeetingState, s.MeetingKey, s.ReportState = MeetingNone, NewID(), ReportNone
	if graph && s.JoinURL == "" {
		s.MeetingState = MeetingWanted
	}
	if _, err := tx.scan(`INSERT INTO session (title, start, minutes, audiences, host_id, join_url, links, series, topic_id, state, version, created_by, created_at, changed_at, handled_at,
		meeting_state, meeting_why, meeting_retry, meeting_tries, meeting_host, event_id, meeting_id, meeting_url, meeting_key, report_state, report_why, report_retry)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $12, $13, $14, '', 0, 0, '', '', '', '', $15, 'none', '', 0) RETURNING id`,
		[]any{s.Title, s.Start.UnixMilli(), s.Minutes, strings.Join(s.Audiences, ","), s.HostID, s.JoinURL, strings.Join(s.Links, "\n"), s.Series, orNull(s.TopicID), string(s.State),
			s.CreatedBy, now.UnixMilli(), s.handledAt.UnixMilli(), string(s.MeetingState), s.MeetingKey}, &s.ID); err != nil {
		return err
	}
	return tx.sessionNext(s, c)
}

// UpdateSession stores the changed session in place of its version s.Version, and has its cards and its meeting follow.
// It fails with Conflict when the stored version is another one.
func (tx *Tx) UpdateSession(s *Session, graph bool, now time.Time, c Calendar) error {
	if err := s.Normalize(); err != nil {
		return err
	}
	old, err := tx.Session(s.ID)
	if err != nil {
		return err
	}
	if old.Version != s.Version || old.State != SessionPlanned {
		return Conflict("error.session_changed")
	}
	s.Version++
	s.MeetingState = old.MeetingState
	there := old.Meeting != (OnlineMeeting{}) // also when it could not be changed or cancelled as was last wanted
	switch {
	case old.MeetingState == MeetingUnwanted: // and when it is gone, another is made if one is wanted
	case there && (s.JoinURL != "" || s.HostID != old.Meeting.HostID):
		s.MeetingState = MeetingUnwanted
	case there:
		s.MeetingState = MeetingChanged
	case s.JoinURL != "":
		s.MeetingState = MeetingNone
	case graph && (old.MeetingState == MeetingNone || old.MeetingState == MeetingFailed):
		s.MeetingState, s.MeetingKey = MeetingWanted, NewID() // the earlier one, if any, was cancelled
	}
	if !old.Start.Equal(s.Start) || old.Minutes != s.Minutes || !slices.Equal(old.Audiences, s.Audiences) {
		// What was done about the old time is done again about the new one, but each channel is invited once.
		s.changedAt, s.handledAt = now, now.Add(-time.Millisecond)
	}
	if _, err := tx.exec(`UPDATE session SET title = $2, start = $3, minutes = $4, audiences = $5, host_id = $6, join_url = $7, links = $8, version = $9, handled_at = $10,
		meeting_state = $11, meeting_key = $12, changed_at = $13, meeting_retry = 0, meeting_tries = 0 WHERE id = $1`,
		s.ID, s.Title, s.Start.UnixMilli(), s.Minutes, strings.Join(s.Audiences, ","), s.HostID, s.JoinURL, strings.Join(s.Links, "\n"), s.Version, s.handledAt.UnixMilli(), string(s.MeetingState), s.MeetingKey, s.changedAt.UnixMilli()); err != nil {
		return err
	}
	if err := tx.sessionNext(s, c); err != nil {
		return err
	}
	return tx.RefreshSession(s.ID)
}

// CallOff records that a session does not take place. It reports false when that was known.
func (tx *Tx) CallOff(s *Session) (bool, error) {
	n, err := affected(tx.exec(`UPDATE session SET state = 'called_off', version = version + 1, next_at = NULL, meeting_retry = 0,
		meeting_state = CASE WHEN meeting_state IN ('made', 'changed') OR meeting_state = 'failed' AND meeting_url <> '' THEN 'unwanted' WHEN meeting_state = 'wanted' THEN 'none' ELSE meeting_state END WHERE id = $1 AND state = 'planned'`, s.ID))
	if err != nil || n == 0 {
		return false, err
	}
	s.State = SessionCalledOff
	if _, err := tx.exec(`UPDATE post SET state = 'withdrawn', reason = 'session called off' WHERE session_id = $1 AND kind IN ('invitation', 'session_reminder', 'feedback') AND state = 'pending'`, s.ID); err != nil {
		return false, err
	}
	return true, tx.RefreshSession(s.ID)
}

// MissSessionPosts has the invitations and reminders that did not get out before the end of their session become missed.
func (tx *Tx) MissSessionPosts(now time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = CASE state WHEN 'pending' THEN 'missed' ELSE state END, sent_at = CASE state WHEN 'pending' THEN NULL ELSE queued_at END, reason = 'over'
		WHERE `+waiting+` AND kind IN ('invitation', 'session_reminder') AND EXISTS (SELECT 1 FROM session s WHERE s.id = post.session_id AND s.start + s.minutes * 60000 <= $1)`, now.UnixMilli())
	return err
}

// PlaceSession has the invitations and reminders of a session stand in those channels alone: what is in others is taken
// back, or not sent, and what was taken back from one that is among them again is put back; a reminder that was never sent is
// left to the session's own times.
func (tx *Tx) PlaceSession(id int64, channels []Channel) error {
	ids := make([]string, len(channels))
	for i, ch := range channels {
		ids[i] = ch.ID
	}
	among, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE post SET state = 'withdrawn', reason = 'not for this channel any more', wanted = wanted + 1, update_at = 0
		WHERE session_id = $1 AND kind IN ('invitation', 'session_reminder') AND `+settledPost+`
		AND channel_id NOT IN (SELECT value FROM json_each($2))`, id, string(among)); err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE post SET state = CASE WHEN activity_id = '' THEN 'pending' WHEN doubts > 0 THEN 'perhaps_sent' ELSE 'sent' END, reason = '', queued_at = $3, wanted = wanted + 1, update_at = 0
		WHERE session_id = $1 AND kind IN ('invitation', 'session_reminder') AND state = 'withdrawn' AND (activity_id <> '' OR kind = 'invitation') AND channel_id IN (SELECT value FROM json_each($2))`,
		id, string(among), time.Now().UnixMilli()) //nolint:forbidigo // real time, whatever the plan's clock shows
	return err
}

// RefreshSession has the session's invitations and reminders updated.
func (tx *Tx) RefreshSession(id int64) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1 WHERE session_id = $1 AND kind IN ('invitation', 'session_reminder') AND state IN ('sending', 'sent', 'perhaps_sent')`, id)
	return err
}

func (tx *Tx) sessionNext(s *Session, c Calendar) error {
	var next time.Time
	for _, e := range s.Events(c) {
		if e.At.After(s.handledAt) {
			next = e.At
			break
		}
	}
	_, err := tx.exec(`UPDATE session SET handled_at = $2, next_at = $3 WHERE id = $1`, s.ID, s.handledAt.UnixMilli(), msOrNull(next))
	return err
}

// NextSessionEvent returns the earliest instant at which something falls due for any session, or the zero time.
func (tx *Tx) NextSessionEvent() (time.Time, error) {
	var at sql.NullInt64
	_, err := tx.scan(`SELECT min(next_at) FROM session WHERE next_at IS NOT NULL`, nil, &at)
	return orZero(at.Int64), err
}

// DueSessions returns sessions for which something falls due by now.
func (tx *Tx) DueSessions(now time.Time, limit int) ([]*Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.next_at <= $1 ORDER BY s.next_at, s.id LIMIT $2`, now.UnixMilli(), limit)
}

// SessionEvents returns what has fallen due for the session since it was last handled, and marks it handled.
func (tx *Tx) SessionEvents(s *Session, now time.Time, c Calendar) ([]SessionDue, error) {
	var due []SessionDue
	for _, e := range s.Events(c) {
		if e.At.After(s.handledAt) && !e.At.After(now) {
			due = append(due, e)
		}
	}
	s.handledAt = now
	return due, tx.sessionNext(s, c)
}

// MeetingWork returns sessions whose Teams meeting is to be made, changed or cancelled at the real time.
func (tx *Tx) MeetingWork(real time.Time, limit int) ([]*Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.meeting_state IN ('wanted', 'changed', 'unwanted') AND s.meeting_retry <= $1 ORDER BY s.start, s.id LIMIT $2`, real.UnixMilli(), limit)
}

// MeetingDone records the outcome of what MeetingWork asked for: the meeting as it now is. A session that was changed
// meanwhile keeps its work; a meeting that it no longer wants is to be cancelled.
func (tx *Tx) MeetingDone(s *Session, m OnlineMeeting, state MeetingState, why string) error {
	if _, err := tx.exec(`UPDATE session SET meeting_host = $9, event_id = $3, meeting_id = $4, meeting_url = $5, meeting_why = $6, meeting_tries = 0, meeting_key = iif($7 = 'wanted', $8, meeting_key),
		meeting_state = CASE WHEN version = $2 THEN $7 WHEN $5 <> '' AND meeting_state = 'wanted' THEN iif(host_id = $9, 'changed', 'unwanted') WHEN $5 <> '' AND meeting_state = 'none' THEN 'unwanted' ELSE meeting_state END WHERE id = $1`,
		s.ID, s.Version, m.EventID, m.MeetingID, m.JoinURL, why, string(state), NewID(), m.HostID); err != nil {
		return err
	}
	return tx.RefreshSession(s.ID)
}

// MeetingRetry has Graph asked again at the real time.
func (tx *Tx) MeetingRetry(s *Session, why string, at time.Time) error {
	_, err := tx.exec(`UPDATE session SET meeting_why = $2, meeting_retry = $3, meeting_tries = meeting_tries + 1 WHERE id = $1`, s.ID, why, at.UnixMilli())
	return err
}

// WantReport has the meeting's attendance report read from the real time on.
func (tx *Tx) WantReport(s *Session, at time.Time) error {
	_, err := tx.exec(`UPDATE session SET report_state = 'wanted', report_retry = $2 WHERE id = $1 AND report_state = 'none' AND meeting_url <> ''`, s.ID, at.UnixMilli())
	return err
}

// ReportWork returns sessions whose attendance report is to be read at the real time.
func (tx *Tx) ReportWork(real time.Time, limit int) ([]*Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.report_state = 'wanted' AND s.report_retry <= $1 ORDER BY s.report_retry, s.id LIMIT $2`, real.UnixMilli(), limit)
}

// ReportLater has the report looked for again at the real time, or given up when over.
func (tx *Tx) ReportLater(s *Session, why string, at time.Time, over bool) error {
	state := ReportWanted
	if over {
		state = ReportGone
	}
	_, err := tx.exec(`UPDATE session SET report_state = $2, report_why = $3, report_retry = $4 WHERE id = $1`, s.ID, string(state), why, at.UnixMilli())
	return err
}

// ReportOver reports whether it is too late to wait for a report of the session at now.
func (s *Session) ReportOver(now time.Time) bool { return now.After(s.End().Add(reportUntil)) }

// peopleByMail returns the ids of people by their e-mail in lower case. An address that two people have is of nobody.
func (tx *Tx) peopleByMail() (map[string]string, error) {
	type address struct{ mail, id string }
	list, err := collect(tx, func(rows *sql.Rows) (a address, err error) {
		err = rows.Scan(&a.mail, &a.id)
		return a, err
	}, `SELECT min(email), min(id) FROM person WHERE email <> '' GROUP BY lower(email) HAVING count(*) = 1`)
	byMail := make(map[string]string, len(list))
	for _, a := range list {
		byMail[strings.ToLower(a.mail)] = a.id
	}
	return byMail, err
}

// SaveReports merges the meeting's reports into the attendance. What was corrected by hand stays.
func (tx *Tx) SaveReports(s *Session, m OnlineMeeting, reports []AttendanceReport, again time.Time, done bool) error {
	byMail, err := tx.peopleByMail()
	if err != nil {
		return err
	}
	for _, r := range reports {
		for _, rec := range r.Records {
			if rec.PersonID != "" { // an earlier look may have known the e-mail alone
				if err := tx.mergeMail(rec.Email, strings.ToLower(rec.PersonID)); err != nil {
					return err
				}
			}
		}
	}
	people, anonymous := MergeReports(reports, func(mail string) string { return byMail[mail] })
	for _, p := range people {
		if _, err := tx.exec(`INSERT INTO attendance (session_id, who, name, joined_at, minutes, source) VALUES ($1, $2, $3, $4, $5, 'graph')
			ON CONFLICT (session_id, who) DO UPDATE SET name = iif(name = '', excluded.name, name), joined_at = coalesce(joined_at, excluded.joined_at), minutes = excluded.minutes, source = 'graph'
			WHERE source <> 'hand'`, s.ID, p.Who, p.Name, msOrNull(p.Joined), p.Minutes); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`DELETE FROM attendance_report WHERE session_id = $1`, s.ID); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO attendance_report (session_id, report_id, total, named) VALUES ($1, 'all', $2, $3)`, s.ID, anonymous+len(people), len(people)); err != nil {
		return err
	}
	state := ReportWanted
	if done {
		state = ReportRead
	}
	_, err = tx.exec(`UPDATE session SET report_state = $2, report_why = '', report_retry = $3, meeting_id = iif($4 = '', meeting_id, $4) WHERE id = $1`, s.ID, string(state), again.UnixMilli(), m.MeetingID)
	return err
}
