package store

import (
	"database/sql"
	"time"
)

// inTeam is whether somebody is a member of a team that the app is installed in.
const inTeam = `EXISTS (SELECT 1 FROM team_member m JOIN team t ON t.id = m.team_id AND t.installed = 1 WHERE m.person_id = `

// OpenFeed returns the person's calendar feed, a new one when they have none.
func (tx *Tx) OpenFeed(personID string, now time.Time) (f Feed, err error) {
	f = Feed{ID: NewID(), PersonID: personID}
	_, err = tx.scan(`INSERT INTO calendar_feed (id, person_id, member, created_at) VALUES ($1, $2, `+inTeam+`$2), $3)
		ON CONFLICT (person_id) DO UPDATE SET member = max(member, excluded.member) RETURNING id`, []any{f.ID, personID, now.UnixMilli()}, &f.ID)
	return f, err
}

// CloseFeed revokes the person's calendar feed; it reports false when they have none.
func (tx *Tx) CloseFeed(personID string) (bool, error) {
	n, err := affected(tx.exec(`DELETE FROM calendar_feed WHERE person_id = $1`, personID))
	return n > 0, err
}

// Feed returns a calendar feed; it reports false when it was revoked.
func (tx *Tx) Feed(id string) (f Feed, ok bool, err error) {
	ok, err = tx.scan(`SELECT f.id, f.person_id, f.member = 1 AND NOT `+inTeam+`f.person_id) FROM calendar_feed f WHERE f.id = $1`, []any{id}, &f.ID, &f.PersonID, &f.Ended)
	return f, ok, err
}

// EntryTimes returns when each of the entries in the clock was changed last, by id.
func (tx *Tx) EntryTimes() (map[string]time.Time, error) {
	rows, err := tx.query(`SELECT id, updated_at FROM entry WHERE removed_at IS NULL`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	times := map[string]time.Time{}
	for rows.Next() {
		var id string
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, err
		}
		times[id] = time.UnixMilli(at)
	}
	return times, rows.Err()
}

// SessionsSince returns the sessions that begin at the instant or later, those that were called off too.
func (tx *Tx) SessionsSince(from time.Time) ([]*Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+`WHERE s.start >= $1 ORDER BY s.start, s.id`, from.UnixMilli())
}

// AddDownload stores a link to an export and gives it its ID.
func (tx *Tx) AddDownload(d *Download, now time.Time) error {
	if err := tx.ForgetDownloads(now); err != nil {
		return err
	}
	d.ID = NewID()
	_, err := tx.exec(`INSERT INTO download (id, kind, person_id, expires_at) VALUES ($1, $2, $3, $4)`, d.ID, d.Kind, d.PersonID, d.ExpiresAt.UnixMilli())
	return err
}

// ForgetDownloads removes the links to exports that have ended by the plan's time. The bot does so every hour.
func (tx *Tx) ForgetDownloads(now time.Time) error {
	_, err := tx.exec(`DELETE FROM download WHERE expires_at <= $1`, now.UnixMilli())
	return err
}

// Download returns a link to an export; it reports false when it is not there any more.
func (tx *Tx) Download(id string) (Download, bool, error) {
	list, err := collect(tx, func(rows *sql.Rows) (d Download, err error) {
		var expires int64
		err = rows.Scan(&d.ID, &d.Kind, &d.PersonID, &expires)
		d.ExpiresAt = time.UnixMilli(expires)
		return d, err
	}, `SELECT id, kind, person_id, expires_at FROM download WHERE id = $1`, id)
	if err != nil || len(list) == 0 {
		return Download{}, false, err
	}
	return list[0], true, nil
}
