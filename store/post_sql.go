package store

import (
	"database/sql"
	"time"
)

const postFields = `id, kind, title, coalesce(entry_id, ''), coalesce(reminder_id, 0), coalesce(content_id, 0), coalesce(content_version, 0), coalesce(need_id, 0), coalesce(session_id, 0), coalesce(digest_id, 0), coalesce(channel_id, ''), coalesce(person_id, ''), notice, state, reason,
	attempts, doubts, late, priority, trace, due_at, created_at, coalesce(sent_at, 0), queued_at, service_url, conversation_id, activity_id, wanted, shown`

const postColumns = postFields + ` FROM post `

func scanPost(rows *sql.Rows) (*Post, error) {
	var p Post
	var due, created, sent, queued int64
	err := rows.Scan(&p.ID, &p.Kind, &p.Title, &p.EntryID, &p.ReminderID, &p.ContentID, &p.ContentVersion, &p.NeedID, &p.SessionID, &p.DigestID, &p.ChannelID, &p.PersonID, &p.Notice, &p.State, &p.Reason,
		&p.Attempts, &p.Doubts, &p.Late, &p.Priority, &p.Trace, &due, &created, &sent, &queued, &p.ServiceURL, &p.ConversationID, &p.ActivityID, &p.Wanted, &p.Shown)
	p.DueAt, p.CreatedAt, p.QueuedAt = time.UnixMilli(due), time.UnixMilli(created), time.UnixMilli(queued)
	if sent != 0 {
		p.SentAt = time.UnixMilli(sent)
	}
	return &p, err
}

func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// AddPost writes a post to the outbox. A second post of the same reminder or
// content to the same channel or person is not written, nor one for a person who was erased.
func (tx *Tx) AddPost(p *Post, now time.Time) error {
	if IsErased(p.PersonID) {
		return nil
	}
	p.Trace = tx.newTrace()
	if p.State == "" {
		p.State = Pending
	}
	done, err := tx.exec(`INSERT INTO post (kind, title, entry_id, reminder_id, channel_id, person_id, notice, state, reason, attempts, doubts, late, priority, trace,
		due_at, created_at, queued_at, content_id, content_version, need_id, session_id, digest_id, retry_at, service_url, conversation_id, activity_id, wanted, shown, update_at, update_attempts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, '', '', '', 1, 0, 0, 0) ON CONFLICT DO NOTHING`,
		p.Kind, p.Title, orNull(p.EntryID), orNull(p.ReminderID), orNull(p.ChannelID), orNull(p.PersonID), p.Notice, string(p.State), p.Reason, p.Late,
		p.Priority, p.Trace, p.DueAt.UnixMilli(), now.UnixMilli(), time.Now().UnixMilli(), //nolint:forbidigo // real time, whatever the plan's clock shows
		orNull(p.ContentID), orNull(p.ContentVersion), orNull(p.NeedID), orNull(p.SessionID), orNull(p.DigestID))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	id, err := done.LastInsertId()
	if tx.posted != nil {
		*tx.posted = append(*tx.posted, NewPost{ID: id, Kind: p.Kind, Trace: p.Trace, State: p.State})
	}
	return err
}

// RecoverPosts is called once at the start: what was being sent when the program ended is perhaps sent, and is sent once
// more at the real time. However often the program ends, that is never the last attempt: a post that was claimed may not have left at all.
func (tx *Tx) RecoverPosts(at time.Time) (int64, error) {
	return affected(tx.exec(`UPDATE post SET state = 'perhaps_sent', doubts = doubts + 1, reason = 'the program ended while sending', retry_at = $1 WHERE state = 'sending'`, at.UnixMilli()))
}

// PostFound settles a post in doubt that stands in its conversation. Its card is brought up to date: nobody knows which
// revision it shows.
func (tx *Tx) PostFound(p *Post, now time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = 'sent', doubts = 0, reason = '', sent_at = $2, late = $3, service_url = $4, conversation_id = $5, activity_id = $6, shown = 0, wanted = max(wanted, 1) WHERE id = $1`,
		p.ID, now.UnixMilli(), p.Late, p.ServiceURL, p.ConversationID, p.ActivityID)
	return err
}

// PostAbsent settles a post in doubt that does not stand in its conversation: it was not sent, and is sent as any other.
func (tx *Tx) PostAbsent(p *Post) error {
	_, err := tx.exec(`UPDATE post SET doubts = 0, reason = '' WHERE id = $1`, p.ID)
	return err
}

// HasWaiting reports whether a post could be sent at the real time.
func (tx *Tx) HasWaiting(real time.Time) (bool, error) {
	var one int
	return tx.scan(`SELECT 1 FROM post WHERE `+waiting+` AND retry_at <= $1 LIMIT 1`, []any{real.UnixMilli()}, &one)
}

// waiting selects the posts that are to be sent. Its first terms are those of the index post_open.
const waiting = `state IN ('pending', 'sending', 'perhaps_sent') AND sent_at IS NULL AND state <> 'sending'`

// ClaimPosts takes the next posts from the outbox, the most urgent first and one for each conversation, and marks them
// as being sent. Posts for the busy targets are left. Reminders about what is over by today become missed instead.
func (tx *Tx) ClaimPosts(real time.Time, today Date, limit int, busy map[string]bool) ([]*Post, error) {
	if _, err := tx.exec(`UPDATE post SET state = CASE state WHEN 'pending' THEN 'missed' ELSE state END,
			sent_at = CASE state WHEN 'pending' THEN NULL ELSE queued_at END, reason = 'over'
		WHERE `+waiting+` AND EXISTS (SELECT 1 FROM reminder r WHERE r.id = post.reminder_id AND r.ends < $1)`, today); err != nil {
		return nil, err
	}
	next, err := tx.onePerTarget(limit, busy, `SELECT id, `+target+` FROM post WHERE `+waiting+` AND retry_at <= $1 ORDER BY priority, due_at, id`, real.UnixMilli())
	if err != nil {
		return nil, err
	}
	var out []*Post
	for _, id := range next {
		claimed, err := collect(tx, scanPost, `UPDATE post SET state = 'sending', attempts = attempts + 1, shown = wanted WHERE id = $1 RETURNING `+postFields, id)
		if err != nil {
			return nil, err
		}
		out = append(out, claimed...)
	}
	return out, nil
}

// PostSent records that the connector accepted the post. The mark of an attempt in doubt stays.
func (tx *Tx) PostSent(p *Post, now time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = CASE WHEN doubts > 0 THEN 'perhaps_sent' ELSE 'sent' END, sent_at = $2, reason = CASE WHEN doubts > 0 THEN reason ELSE '' END,
		late = $3, service_url = iif(`+forgotten+`, '', $4), conversation_id = iif(`+forgotten+`, '', $5), activity_id = iif(`+forgotten+`, '', $6) WHERE id = $1`, p.ID, now.UnixMilli(), p.Late, p.ServiceURL, p.ConversationID, p.ActivityID)
	return err
}

// forgotten selects personal posts whose receiver was erased. One may have been on its way.
const forgotten = `coalesce(person_id, '') LIKE '` + ErasedPerson + `:%'`

// PostRetry puts back a post that certainly was not accepted, to be tried again at a real time.
func (tx *Tx) PostRetry(p *Post, reason string, at time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = CASE WHEN doubts > 0 THEN 'perhaps_sent' ELSE 'pending' END, reason = $2, retry_at = $3 WHERE id = $1`, p.ID, reason, at.UnixMilli())
	return err
}

// PostInDoubt records that an attempt ended without an answer. It is made once more at the real time, and only once unless
// PostAbsent has settled the doubt meanwhile.
func (tx *Tx) PostInDoubt(p *Post, reason string, at, now time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = 'perhaps_sent', doubts = doubts + 1, reason = $2, retry_at = $3,
		sent_at = CASE WHEN doubts + 1 >= $4 THEN $5 END WHERE id = $1`, p.ID, reason, at.UnixMilli(), maxDoubts, now.UnixMilli())
	return err
}

// PostFailed ends a post that cannot be sent. One that is perhaps there already keeps that mark.
func (tx *Tx) PostFailed(p *Post, reason string, now time.Time) error {
	_, err := tx.exec(`UPDATE post SET state = CASE WHEN doubts > 0 THEN 'perhaps_sent' ELSE 'failed' END, sent_at = CASE WHEN doubts > 0 THEN $3 END, reason = $2 WHERE id = $1`,
		p.ID, reason, now.UnixMilli())
	return err
}

// StalePosts returns posts whose card should show something else than it does, one for each conversation. Those of the
// busy targets are left.
func (tx *Tx) StalePosts(real time.Time, limit int, busy map[string]bool) ([]*Post, error) {
	next, err := tx.onePerTarget(limit, busy, `SELECT id, `+target+` FROM post WHERE wanted > shown AND activity_id <> '' AND update_at <= $1 ORDER BY update_at, id`, real.UnixMilli())
	if err != nil {
		return nil, err
	}
	out := make([]*Post, 0, len(next))
	for _, id := range next {
		post, err := collect(tx, scanPost, `SELECT `+postColumns+`WHERE id = $1`, id)
		if err != nil {
			return nil, err
		}
		out = append(out, post...)
	}
	return out, nil
}

// target is Post.Target in SQL.
const target = `coalesce(channel_id, '') || coalesce(person_id, '')`

// onePerTarget returns the ids of the first posts that the query selects, at most limit, one for each target that is not
// busy. It reads no further than it must; however much waits for one conversation, the others are found behind it.
func (tx *Tx) onePerTarget(limit int, busy map[string]bool, query string, args ...any) ([]int64, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	taken := map[string]bool{}
	var out []int64
	for len(out) < limit && rows.Next() {
		var id int64
		var target string
		if err := rows.Scan(&id, &target); err != nil {
			return nil, err
		}
		if !busy[target] && !taken[target] {
			taken[target] = true
			out = append(out, id)
		}
	}
	return out, rows.Err()
}

// CardShown records that revision p.Wanted of the card is showing; the next update waits until the real time next.
func (tx *Tx) CardShown(p *Post, next time.Time) error {
	_, err := tx.exec(`UPDATE post SET shown = $2, update_at = $3, update_attempts = 0 WHERE id = $1`, p.ID, p.Wanted, next.UnixMilli())
	return err
}

// CardRetry has the update tried again: after the given time, which doubles with each failure in a row up to five
// minutes. It returns how often it has failed.
func (tx *Tx) CardRetry(p *Post, real time.Time, after time.Duration) (attempts int, err error) {
	_, err = tx.scan(`UPDATE post SET update_at = $2 + max($3, min($3 << min(update_attempts, 10), 300000)), update_attempts = update_attempts + 1
		WHERE id = $1 RETURNING update_attempts`, []any{p.ID, real.UnixMilli(), after.Milliseconds()}, &attempts)
	return attempts, err
}

// PostByActivity returns the post that is the message of that id in the conversation; it reports false when there is
// none, such as for a reply to a command.
func (tx *Tx) PostByActivity(conversationID, activityID string) (*Post, bool, error) {
	if activityID == "" {
		return nil, false, nil
	}
	list, err := collect(tx, scanPost, `SELECT `+postColumns+`WHERE activity_id = $1 AND activity_id <> '' AND conversation_id = $2`, activityID, conversationID)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// RefreshPost has the card of a post updated.
func (tx *Tx) RefreshPost(id int64) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1 WHERE id = $1`, id)
	return err
}

// RefreshSending has the card of the post that is being sent to a channel updated. A click may come before the outcome of
// the sending is recorded. It reports false when nothing is being sent there.
func (tx *Tx) RefreshSending(channelID string) (bool, error) {
	n, err := affected(tx.exec(`UPDATE post SET wanted = wanted + 1 WHERE state IN ('pending', 'sending', 'perhaps_sent') AND sent_at IS NULL AND state = 'sending'
		AND channel_id = $1`, channelID))
	return n > 0, err
}

// Queue is how much is waiting in the outbox.
type Queue struct {
	Waiting  int64 // posts not accepted yet, those in flight among them
	Updates  int64 // cards that show something old
	OldestMS int64 // since when, in Unix milliseconds of real time, the oldest of them waits; 0 for none
}

// Queue measures the outbox.
func (tx *Tx) Queue() (q Queue, err error) {
	if _, err = tx.scan(`SELECT count(*), coalesce(min(queued_at), 0) FROM post
		WHERE state IN ('pending', 'sending', 'perhaps_sent') AND sent_at IS NULL`, nil, &q.Waiting, &q.OldestMS); err != nil {
		return q, err
	}
	_, err = tx.scan(`SELECT count(*) FROM post WHERE wanted > shown AND activity_id <> ''`, nil, &q.Updates)
	return q, err
}

// LedgerRow is a post as the ledger is exported.
type LedgerRow struct {
	Post
	Channel string // "Team / Channel", or the person's name
}

// Ledger calls fn for every post in the order they were made.
func (tx *Tx) Ledger(fn func(*LedgerRow) error) error {
	rows, err := tx.query(`SELECT p.id, p.kind, p.title, p.conversation_id, p.activity_id, p.state, p.reason, p.attempts, p.late, p.created_at, coalesce(p.sent_at, 0),
		coalesce(CASE WHEN t.name IS NULL THEN c.name ELSE t.name || ' / ' || c.name END, n.name, '')
		FROM post p LEFT JOIN channel c ON c.id = p.channel_id LEFT JOIN team t ON t.id = c.team_id LEFT JOIN person n ON n.id = p.person_id ORDER BY p.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var r LedgerRow
		var created, sent int64
		if err := rows.Scan(&r.ID, &r.Kind, &r.Title, &r.ConversationID, &r.ActivityID, &r.State, &r.Reason, &r.Attempts, &r.Late, &created, &sent, &r.Channel); err != nil {
			return err
		}
		r.CreatedAt = time.UnixMilli(created)
		if sent != 0 {
			r.SentAt = time.UnixMilli(sent)
		}
		if err := fn(&r); err != nil {
			return err
		}
	}
	return rows.Err()
}
