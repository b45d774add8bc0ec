package store

import (
	"database/sql"
	"encoding/json"
	"time"
)

const digestColumns = `id, entry_id, occurrence, team_id, coalesce(content_id, 0) FROM digest `

func scanDigest(rows *sql.Rows) (*Digest, error) {
	var d Digest
	err := rows.Scan(&d.ID, &d.EntryID, &d.Occurrence, &d.TeamID, &d.ContentID)
	return &d, err
}

// Digest returns the digest of that id. It fails with NotFound.
func (tx *Tx) Digest(id int64) (*Digest, error) {
	return one(tx, scanDigest, "error.draft_gone", `SELECT `+digestColumns+`WHERE id = $1`, id)
}

// DigestFor returns the digest of an entry's occurrence, for a team or, with "", for all. It is made when there is none.
func (tx *Tx) DigestFor(entryID string, occurrence Date, teamID string) (*Digest, error) {
	if _, err := tx.exec(`INSERT INTO digest (entry_id, occurrence, team_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, entryID, occurrence, teamID); err != nil {
		return nil, err
	}
	return one(tx, scanDigest, "error.draft_gone", `SELECT `+digestColumns+`WHERE entry_id = $1 AND occurrence = $2 AND team_id = $3`, entryID, occurrence, teamID)
}

// SetDigestContent records what was written of a digest.
func (tx *Tx) SetDigestContent(d *Digest, contentID int64) error {
	d.ContentID = contentID
	_, err := tx.exec(`UPDATE digest SET content_id = $2 WHERE id = $1`, d.ID, contentID)
	return err
}

// DigestsSent returns the days of the occurrences for which a digest of the entry has been published, for that team.
func (tx *Tx) DigestsSent(entryID, teamID string) (map[Date]bool, error) {
	days, err := collect(tx, scanDate, `SELECT d.occurrence FROM digest d WHERE d.entry_id = $1 AND d.team_id = $2
		AND EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = d.content_id AND v.published_at IS NOT NULL)`, entryID, teamID)
	sent := make(map[Date]bool, len(days))
	for _, d := range days {
		sent[d] = true
	}
	return sent, err
}

// DigestWritten returns when the text of the digest before d was sent, the zero time when it was not: what happened since
// is in no digest yet.
func (tx *Tx) DigestWritten(d *Digest) (time.Time, error) {
	var at int64
	_, err := tx.scan(`SELECT coalesce((SELECT max(v.requested_at) FROM content_version v WHERE v.content_id = d.content_id), 0) FROM digest d
		WHERE d.entry_id = $1 AND d.team_id = $2 AND d.occurrence < $3 ORDER BY d.occurrence DESC LIMIT 1`, []any{d.EntryID, d.TeamID, d.Occurrence}, &at)
	return orZero(at), err
}

// ContentTeam returns the result area whose digest the content is, "" for content that is for every team.
func (tx *Tx) ContentTeam(contentID int64) (id string, err error) {
	_, err = tx.scan(`SELECT team_id FROM digest WHERE content_id = $1`, []any{contentID}, &id)
	return id, err
}

// RefreshDigest has the cards that brought the digest to its writers updated.
func (tx *Tx) RefreshDigest(id int64) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE digest_id = $1 AND state IN ('sending', 'sent', 'perhaps_sent')`, id)
	return err
}

// Team returns the team of that id; it fails with NotFound when the app is not installed there.
func (tx *Tx) Team(id string) (Team, error) {
	return one(tx, scanTeam, "error.team_gone", `SELECT `+teamColumns+`WHERE id = $1 AND installed = 1`, id)
}

// Teams returns the teams that the app is installed in, by name: the result areas. With a person's id, those that they are
// a member of.
func (tx *Tx) Teams(personID string) ([]Team, error) {
	return collect(tx, scanTeam, `SELECT `+teamColumns+`WHERE installed = 1
		AND ($1 = '' OR EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = team.id AND m.person_id = $1)) ORDER BY name, id`, personID)
}

// PublishedBetween returns the content that was published from the one instant until before the other and still stands,
// in the order of publication. Digests are left out.
func (tx *Tx) PublishedBetween(from, to time.Time) ([]*ContentVersion, error) {
	return collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.published_at >= $1 AND v.published_at < $2 AND v.withdrawn_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM content_version w WHERE w.content_id = v.content_id AND w.version > v.version AND w.published_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM digest d WHERE d.content_id = v.content_id) ORDER BY v.published_at, v.content_id`, from.UnixMilli(), to.UnixMilli())
}

// MembersAttended returns how many different members of a team, of those who are members now, came to any of the sessions.
// Participants who are known by their address alone, or not at all, belong to no team.
func (tx *Tx) MembersAttended(sessions []int64, teamID string) (n int, err error) {
	ids, err := json.Marshal(sessions)
	if err != nil {
		return 0, err
	}
	_, err = tx.scan(`SELECT count(DISTINCT a.who) FROM json_each($1) id CROSS JOIN attendance a ON a.session_id = id.value JOIN team_member m ON m.person_id = a.who AND m.team_id = $2
		WHERE a.joined_at IS NOT NULL AND coalesce(a.minutes, 1) > 0`, []any{string(ids), teamID}, &n)
	return n, err
}

// NeedsAfter groups the people who gave feedback on any of the sessions by what they need help with, the largest group
// first; with a team, its members alone.
func (tx *Tx) NeedsAfter(sessions []int64, teamID string, limit int) ([]NeedGroup, error) {
	ids, err := json.Marshal(sessions)
	if err != nil {
		return nil, err
	}
	return collect(tx, func(rows *sql.Rows) (g NeedGroup, err error) {
		err = rows.Scan(&g.Need, &g.People)
		return g, err
	}, `SELECT min(f.need), count(DISTINCT f.person_id) FROM json_each($1) id CROSS JOIN feedback f ON f.session_id = id.value
		WHERE f.need <> '' AND ($2 = '' OR EXISTS (SELECT 1 FROM team_member m WHERE m.person_id = f.person_id AND m.team_id = $2))
		GROUP BY lower(trim(f.need)) ORDER BY 2 DESC, 1 LIMIT $3`, string(ids), teamID, limit)
}
