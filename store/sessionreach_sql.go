package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
)

// SessionsReach returns the sessions that begin within the times and were not called off, and how many the first shown of
// them could reach. audience selects those for one audience, "" all.
func (tx *Tx) SessionsReach(from, to time.Time, audience string, shown int) (*SessionsReach, error) {
	sessions, err := tx.Sessions(from, to)
	if err != nil {
		return nil, err
	}
	sessions = slices.DeleteFunc(sessions, func(s *Session) bool {
		return s.State == SessionCalledOff || (audience != "" && !slices.ContainsFunc(s.Audiences, func(a string) bool { return Key(a) == Key(audience) }))
	})
	slices.Reverse(sessions)
	r := &SessionsReach{Sessions: make([]SessionReach, len(sessions))}
	row := make(map[int64]*SessionReach, len(sessions))
	for i, s := range sessions {
		r.Sessions[i] = SessionReach{ID: s.ID, Title: s.Title, Start: s.Start}
		row[s.ID] = &r.Sessions[i]
		if i < shown {
			if r.Sessions[i].Headcount, r.Sessions[i].Reacted, err = tx.invited(s.ID); err != nil {
				return nil, err
			}
		}
	}
	// One row for each session: there are many people, and most of the time would go to the rows.
	rows, err := tx.query(`SELECT s.id, coalesce((SELECT group_concat(iif(a.signed_up_at IS NOT NULL AND a.cancelled_at IS NULL, '1', '0') || iif(a.joined_at IS NOT NULL AND coalesce(a.minutes, 1) > 0, '1', '0') || a.who, char(31))
			FROM attendance a WHERE a.session_id = s.id), '')
		FROM session s WHERE s.start >= $1 AND s.start < $2`, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	numbers := map[string]int64{}
	var signed, came peopleSet
	for rows.Next() {
		var id int64
		var people string
		if err := rows.Scan(&id, &people); err != nil {
			return nil, err
		}
		s, ok := row[id]
		if !ok || people == "" {
			continue
		}
		for person := range strings.SplitSeq(people, "\x1f") {
			meant, did, who := person[0] == '1', person[1] == '1', person[2:]
			n, ok := numbers[who]
			if !ok {
				n = int64(len(numbers))
				numbers[who] = n
			}
			if meant {
				s.SignedUp++
				signed.add(n)
			}
			if did {
				s.Attended++
				came.add(n)
			}
			if meant && !did {
				s.NoShow++
			}
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	r.SignedUp, r.Attended = signed.count(), came.count()
	kept, err := collect(tx, func(rows *sql.Rows) (k SessionReach, err error) {
		err = rows.Scan(&k.ID, &k.SignedUp, &k.Attended, &k.NoShow)
		return k, err
	}, `SELECT a.session_id, a.signed_up, a.attended, a.no_show FROM attended a JOIN session s ON s.id = a.session_id WHERE s.start >= $1 AND s.start < $2`,
		from.UnixMilli(), to.UnixMilli())
	for _, k := range kept { // of whom it is forgotten who they were: they are added up
		if s, ok := row[k.ID]; ok {
			s.SignedUp, s.Attended, s.NoShow = s.SignedUp+k.SignedUp, s.Attended+k.Attended, s.NoShow+k.NoShow
			r.SignedUp, r.Attended = r.SignedUp+k.SignedUp, r.Attended+k.Attended
		}
	}
	if err != nil {
		return nil, err
	}
	anonymous, err := collect(tx, func(rows *sql.Rows) (a [2]int64, err error) {
		err = rows.Scan(&a[0], &a[1])
		return a, err
	}, `SELECT r.session_id, sum(r.total - r.named) FROM attendance_report r JOIN session s ON s.id = r.session_id WHERE s.start >= $1 AND s.start < $2 GROUP BY r.session_id`,
		from.UnixMilli(), to.UnixMilli())
	for _, a := range anonymous {
		if s, ok := row[a[0]]; ok {
			s.Anonymous = int(a[1])
			r.Anonymous += int(a[1])
		}
	}
	return r, err
}

// invited counts the different people whom a session's invitations could reach, and who reacted to them.
func (tx *Tx) invited(sessionID int64) (Headcount, int, error) {
	c := publicationPack{}
	err := tx.packPostsOf(&c, `p.session_id = $1 AND p.kind = 'invitation'`, sessionID)
	if err != nil || len(c.posts) == 0 {
		return Headcount{}, 0, err
	}
	c.count()
	heads, err := tx.differentMembers(c.posts)
	return heads.public(), c.reacted, err
}
