package store

import (
	"database/sql"
	"time"
)

// SignUp records that a person means to come; it reports false, with when, if that was known.
func (tx *Tx) SignUp(sessionID int64, personID string, now time.Time) (bool, time.Time, error) {
	n, err := affected(tx.exec(`INSERT INTO attendance (session_id, who, name, signed_up_at, source) VALUES ($1, $2, '', $3, 'card')
		ON CONFLICT (session_id, who) DO UPDATE SET signed_up_at = excluded.signed_up_at, cancelled_at = NULL WHERE signed_up_at IS NULL OR cancelled_at IS NOT NULL`,
		sessionID, personID, now.UnixMilli()))
	if err != nil {
		return false, now, err
	}
	if n > 0 {
		return true, now, nil
	}
	p, _, err := tx.Participation(sessionID, personID)
	return false, p.SignedUpAt, err
}

// CancelSignUp records that a person who signed up does not come; it reports false when they were not signed up.
func (tx *Tx) CancelSignUp(sessionID int64, personID string, now time.Time) (bool, error) {
	n, err := affected(tx.exec(`UPDATE attendance SET cancelled_at = $3 WHERE session_id = $1 AND who = $2 AND signed_up_at IS NOT NULL AND cancelled_at IS NULL`,
		sessionID, personID, now.UnixMilli()))
	return n > 0, err
}

// Join records that a person joined, the first time.
func (tx *Tx) Join(sessionID int64, personID string, now time.Time) error {
	_, err := tx.exec(`INSERT INTO attendance (session_id, who, name, joined_at, source) VALUES ($1, $2, '', $3, 'card')
		ON CONFLICT (session_id, who) DO UPDATE SET joined_at = excluded.joined_at WHERE joined_at IS NULL`, sessionID, personID, now.UnixMilli())
	return err
}

// CorrectAttendance records for how long a person was there as the host says; 0 minutes means that they were not.
func (tx *Tx) CorrectAttendance(s *Session, who string, minutes int) error {
	_, err := tx.exec(`INSERT INTO attendance (session_id, who, name, joined_at, minutes, source) VALUES ($1, $2, '', $3, $4, 'hand')
		ON CONFLICT (session_id, who) DO UPDATE SET joined_at = coalesce(joined_at, excluded.joined_at), minutes = excluded.minutes, source = 'hand'`, s.ID, who, s.Start.UnixMilli(), minutes)
	return err
}

const participationColumns = `a.who, coalesce(nullif(p.name, ''), a.name), coalesce(a.signed_up_at, 0), coalesce(a.cancelled_at, 0), coalesce(a.joined_at, 0), coalesce(a.minutes, 0),
	a.minutes IS NOT NULL, a.source FROM attendance a LEFT JOIN person p ON p.id = a.who `

func scanParticipation(rows *sql.Rows) (Participation, error) {
	var p Participation
	var signed, cancelled, joined int64
	err := rows.Scan(&p.Who, &p.Name, &signed, &cancelled, &joined, &p.Minutes, &p.HasMinutes, &p.Source)
	p.SignedUpAt, p.CancelledAt, p.JoinedAt = orZero(signed), orZero(cancelled), orZero(joined)
	return p, err
}

// Participation returns what is recorded of a person and a session; it reports false for nothing.
func (tx *Tx) Participation(sessionID int64, who string) (Participation, bool, error) {
	list, err := collect(tx, scanParticipation, `SELECT `+participationColumns+`WHERE a.session_id = $1 AND a.who = $2`, sessionID, who)
	if err != nil || len(list) == 0 {
		return Participation{}, false, err
	}
	return list[0], true, nil
}

// Participants returns everybody who signed up for or came to a session, by name.
func (tx *Tx) Participants(sessionID int64) ([]Participation, error) {
	return collect(tx, scanParticipation, `SELECT `+participationColumns+`WHERE a.session_id = $1 ORDER BY 2, a.who`, sessionID)
}

// Turnout is the numbers of a session.
type Turnout struct {
	SignedUp  int // and not cancelled
	Attended  int // people who came and were named
	NoShow    int // signed up, and did not come
	Anonymous int // came without being named

	Forgotten struct{ SignedUp, Attended, NoShow int } // of these, those of whom only the number is kept
}

// turnoutColumns counts attendance rows: who signed up, came, and signed up without coming.
const turnoutColumns = `count(*) FILTER (WHERE signed_up_at IS NOT NULL AND cancelled_at IS NULL),
		count(*) FILTER (WHERE joined_at IS NOT NULL AND coalesce(minutes, 1) > 0),
		count(*) FILTER (WHERE signed_up_at IS NOT NULL AND cancelled_at IS NULL AND (joined_at IS NULL OR coalesce(minutes, 1) = 0))`

// Turnout counts a session's participants, those who are no longer known among them.
func (tx *Tx) Turnout(sessionID int64) (t Turnout, err error) {
	if _, err = tx.scan(`SELECT `+turnoutColumns+` FROM attendance WHERE session_id = $1`, []any{sessionID}, &t.SignedUp, &t.Attended, &t.NoShow); err != nil {
		return t, err
	}
	f := &t.Forgotten
	if _, err = tx.scan(`SELECT signed_up, attended, no_show FROM attended WHERE session_id = $1`, []any{sessionID}, &f.SignedUp, &f.Attended, &f.NoShow); err != nil {
		return t, err
	}
	t.SignedUp, t.Attended, t.NoShow = t.SignedUp+f.SignedUp, t.Attended+f.Attended, t.NoShow+f.NoShow
	_, err = tx.scan(`SELECT coalesce(sum(total - named), 0) FROM attendance_report WHERE session_id = $1`, []any{sessionID}, &t.Anonymous)
	return t, err
}

// SaveFeedback stores what a person said after a session, in place of what they said before.
func (tx *Tx) SaveFeedback(sessionID int64, f Feedback) error {
	_, err := tx.exec(`INSERT INTO feedback (session_id, person_id, rating, need, topic, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (session_id, person_id) DO UPDATE SET rating = excluded.rating, need = excluded.need, topic = excluded.topic, at = excluded.at`,
		sessionID, f.PersonID, orNull(f.Rating), f.Need, f.Topic, f.At.UnixMilli())
	return err
}

// Feedback returns what people said after a session.
func (tx *Tx) Feedback(sessionID int64) ([]Feedback, error) {
	return collect(tx, func(rows *sql.Rows) (f Feedback, err error) {
		var at int64
		err = rows.Scan(&f.PersonID, &f.Rating, &f.Need, &f.Topic, &at)
		f.At = time.UnixMilli(at)
		return f, err
	}, `SELECT person_id, coalesce(rating, 0), need, topic, at FROM feedback WHERE session_id = $1 ORDER BY at`, sessionID)
}

// Wish is a topic that people asked for, and how many did.
type Wish struct {
	Topic  string
	People int
}

// Wishes returns the topics that were asked for since the instant, the most wanted first.
func (tx *Tx) Wishes(since time.Time, limit int) ([]Wish, error) {
	return collect(tx, func(rows *sql.Rows) (w Wish, err error) {
		err = rows.Scan(&w.Topic, &w.People)
		return w, err
	}, `SELECT min(topic), count(DISTINCT person_id) FROM feedback WHERE topic <> '' AND at >= $1 GROUP BY lower(trim(topic)) ORDER BY 2 DESC, 1 LIMIT $2`, since.UnixMilli(), limit)
}

// NeedGroup is the people who need help with the same thing.
type NeedGroup struct {
	Need     string
	People   int
	Audience string // that most of them belong to, "" when none is known: whom to invite
}

// NeedGroups groups the people who gave feedback since the instant by what they need help with, whatever their trade, the
// largest group first.
func (tx *Tx) NeedGroups(since time.Time, limit int) ([]NeedGroup, error) {
	type asked struct {
		group NeedGroup
		key   string
	}
	largest, err := collect(tx, func(rows *sql.Rows) (a asked, err error) {
		err = rows.Scan(&a.group.Need, &a.group.People, &a.key)
		return a, err
	}, `SELECT min(need), count(DISTINCT person_id), lower(trim(need)) FROM feedback WHERE need <> '' AND at >= $1 GROUP BY 3 ORDER BY 2 DESC, 1 LIMIT $2`, since.UnixMilli(), limit)
	if err != nil {
		return nil, err
	}
	// Somebody belongs to the audiences of their teams' channels, however many: a person's teams are counted together, since
	// few differ. Of who was forgotten the audiences themselves are kept.
	out := make([]NeedGroup, len(largest))
	for i, a := range largest {
		out[i] = a.group
		if _, err := tx.scan(`WITH asked AS MATERIALIZED (SELECT session_id, person_id FROM feedback WHERE need <> '' AND at >= $1 AND lower(trim(need)) = $2),
			alike AS MATERIALIZED (SELECT teams, count(*) AS people FROM (SELECT group_concat(m.team_id, char(31)) AS teams FROM (SELECT DISTINCT person_id FROM asked) f
				CROSS JOIN team_member m ON m.person_id = f.person_id GROUP BY f.person_id) GROUP BY teams)
			SELECT name FROM (
				SELECT name, name_key, sum(people) AS people FROM (SELECT min(b.name) AS name, b.name_key, l.people FROM alike l JOIN binding b ON b.kind = 'audience' JOIN channel c ON c.id = b.channel_id
					WHERE instr(char(31) || l.teams || char(31), char(31) || c.team_id || char(31)) > 0 GROUP BY b.name_key, l.teams) GROUP BY name_key
				UNION ALL SELECT min(a.name), a.name_key, count(DISTINCT f.person_id) FROM asked f JOIN feedback_audience a ON a.session_id = f.session_id AND a.person_id = f.person_id GROUP BY a.name_key)
			GROUP BY name_key ORDER BY sum(people) DESC, name LIMIT 1`, []any{since.UnixMilli(), a.key}, &out[i].Audience); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SessionNeeds returns what people can choose as what they need help with.
func (tx *Tx) SessionNeeds() ([]string, error) {
	return collect(tx, scanString, `SELECT name FROM session_need ORDER BY position`)
}

// SetSessionNeeds replaces that list.
func (tx *Tx) SetSessionNeeds(list []string) error {
	if _, err := tx.exec(`DELETE FROM session_need`); err != nil {
		return err
	}
	for i, name := range names(list) {
		if _, err := tx.exec(`INSERT INTO session_need (position, name) VALUES ($1, $2)`, i+1, name); err != nil {
			return err
		}
	}
	return nil
}

// AddTopic stores a topic of the catalogue; it reports false when it was there.
func (tx *Tx) AddTopic(t *Topic) (bool, error) {
	return tx.scan(`INSERT INTO topic (type, segment, segment_key, title, title_key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id`,
		[]any{string(t.Type), t.Segment, Key(t.Segment), t.Title, Key(t.Title)}, &t.ID)
}

func scanTopic(rows *sql.Rows) (t Topic, err error) {
	err = rows.Scan(&t.ID, &t.Type, &t.Segment, &t.Title)
	return t, err
}

// Topics returns the catalogue, by type, segment and title.
func (tx *Tx) Topics() ([]Topic, error) {
	return collect(tx, scanTopic, `SELECT id, type, segment, title FROM topic ORDER BY type, segment_key, title_key`)
}

// Topic returns a topic of the catalogue. It fails with NotFound.
func (tx *Tx) Topic(id int64) (Topic, error) {
	return one(tx, scanTopic, "error.topic_gone", `SELECT id, type, segment, title FROM topic WHERE id = $1`, id)
}

// Attendances calls fn for everything that is recorded of sessions and people, and once for each session with anonymous
// participants: their number is then in Participation.Anonymous, and its Who is empty.
func (tx *Tx) Attendances(fn func(*Session, Participation) error) error {
	sessions, err := collect(tx, scanSession, `SELECT `+sessionColumns+`ORDER BY s.start, s.id`)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		list, err := tx.Participants(s.ID)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := fn(s, p); err != nil {
				return err
			}
		}
		t, err := tx.Turnout(s.ID)
		if err != nil {
			return err
		}
		unnamed := Participation{Anonymous: t.Anonymous + t.Forgotten.Attended, AnonymousSignUps: t.Forgotten.SignedUp, Source: "graph"}
		if unnamed.Anonymous+unnamed.AnonymousSignUps > 0 {
			if err := fn(s, unnamed); err != nil {
				return err
			}
		}
	}
	return nil
}
