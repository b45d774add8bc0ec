package store

import "time"

// Acknowledge records that a person pressed "Kuittaa luetuksi" on a publication. It reports false, with the time of the
// first press, when they had done so before. The publication's cards and the requester's own are updated, those of many presses at once.
func (tx *Tx) Acknowledge(contentID int64, personID, channelID string, now time.Time) (first bool, at time.Time, err error) {
	n, err := affected(tx.exec(`INSERT INTO acknowledgement (content_id, person_id, channel_id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		contentID, personID, channelID, now.UnixMilli()))
	if err != nil {
		return false, now, err
	}
	if n > 0 {
		_, err = tx.exec(`UPDATE post SET wanted = wanted + 1 WHERE content_id = $1 AND kind IN ('publication', 'request') AND state IN ('sending', 'sent', 'perhaps_sent')`, contentID)
		return true, now, err
	}
	var ms int64
	_, err = tx.scan(`SELECT at FROM acknowledgement WHERE content_id = $1 AND person_id = $2`, []any{contentID, personID}, &ms)
	return false, time.UnixMilli(ms), err
}

// Acknowledgements returns how many people have acknowledged a publication, those who are no longer known among them.
func (tx *Tx) Acknowledgements(contentID int64) (n int, err error) {
	_, err = tx.scan(`SELECT (SELECT count(*) FROM acknowledgement WHERE content_id = $1) + (SELECT coalesce(sum(people), 0) FROM acknowledged WHERE content_id = $1)`, []any{contentID}, &n)
	return n, err
}

// Unacknowledged returns the members of the teams in whose channels the publication is posted who have not acknowledged
// it, guests among them, by name.
func (tx *Tx) Unacknowledged(contentID int64) ([]Person, error) {
	return collect(tx, scanPerson, `SELECT `+personColumns+`WHERE EXISTS (SELECT 1 FROM team_member m JOIN channel c ON c.team_id = m.team_id JOIN post o ON o.channel_id = c.id
		WHERE m.person_id = p.id AND o.content_id = $1 AND o.kind = 'publication' AND o.state IN ('sent', 'perhaps_sent'))
		AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.content_id = $1 AND a.person_id = p.id) ORDER BY p.name, p.id`, contentID)
}

// FollowedUp returns when those who had not acknowledged a publication were written to, the zero time for never.
func (tx *Tx) FollowedUp(contentID int64) (time.Time, error) {
	var at int64
	_, err := tx.scan(`SELECT at FROM follow_up WHERE content_id = $1`, []any{contentID}, &at)
	return orZero(at), err
}

// FollowUp records that they are written to; it reports false when they were before.
func (tx *Tx) FollowUp(contentID int64, by string, now time.Time) (bool, error) {
	n, err := affected(tx.exec(`INSERT INTO follow_up (content_id, at, by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, contentID, now.UnixMilli(), by))
	return n > 0, err
}

// MemberCount returns how many different people are members of the teams of those channels. Chats are not counted: who is
// in them is not known.
func (tx *Tx) MemberCount(channels []Channel) (int, error) {
	people := map[string]bool{}
	for _, ch := range channels {
		if ch.TeamID == "" {
			continue
		}
		ids, err := collect(tx, scanString, `SELECT person_id FROM team_member WHERE team_id = $1`, ch.TeamID)
		if err != nil {
			return 0, err
		}
		for _, id := range ids {
			people[id] = true
		}
	}
	return len(people), nil
}
