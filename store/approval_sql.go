package store

import (
	"database/sql"
	"strconv"
	"strings"
	"time"
)

const versionFields = `v.content_id, v.version, v.sha256, coalesce(v.entry_id, ''), v.title, v.body, v.title_sv, v.body_sv, v.link, v.image, v.image_alt, v.audiences,
	coalesce(v.publish_at, 0), v.checklist, v.approval, v.requested_by, v.requested_at, v.decision, v.decided_by, coalesce(v.decided_at, 0), v.comment, v.meeting_date,
	coalesce(v.published_at, 0), coalesce(v.withdrawn_at, 0), v.withdrawn_by, v.handled_at,
	coalesce((SELECT d.team_id FROM digest d WHERE d.content_id = v.content_id), '') FROM content_version v `

func scanVersion(rows *sql.Rows) (*ContentVersion, error) {
	var v ContentVersion
	var audiences, checklist string
	var publish, requested, decided, published, withdrawn, handled int64
	err := rows.Scan(&v.ContentID, &v.Version, &v.SHA256, &v.EntryID, &v.Title, &v.Body, &v.TitleSv, &v.BodySv, &v.Link, &v.Image, &v.ImageAlt, &audiences,
		&publish, &checklist, &v.Approval, &v.RequestedBy, &requested, &v.Decision, &v.DecidedBy, &decided, &v.Comment, &v.MeetingDate, &published, &withdrawn, &v.WithdrawnBy, &handled, &v.TeamID)
	v.Audiences, v.Checklist = splitNames(audiences), splitNames(checklist)
	v.PublishAt, v.RequestedAt, v.DecidedAt = orZero(publish), orZero(requested), orZero(decided)
	v.PublishedAt, v.WithdrawnAt, v.handledAt = orZero(published), orZero(withdrawn), time.UnixMilli(handled)
	return &v, err
}

// orZero is the instant of Unix milliseconds, the zero time for 0.
func orZero(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func msOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// SubmitContent stores a version of content as it is sent for approval, numbers it and seals it with its hash. Earlier
// versions that wait for a decision, or are approved and not yet published, are voided.
func (tx *Tx) SubmitContent(v *ContentVersion, now time.Time, c Calendar) error {
	if _, err := tx.scan(`SELECT coalesce(max(version), 0) FROM content_version WHERE content_id = $1`, []any{v.ContentID}, &v.Version); err != nil {
		return err
	}
	v.Version++
	v.SHA256, v.RequestedAt, v.Decision = v.Hash(), now, DecisionPending
	v.handledAt = now.Add(-time.Millisecond)
	if err := tx.VoidContent(v.ContentID); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO content_version (content_id, version, sha256, entry_id, title, body, title_sv, body_sv, link, image, image_alt, audiences, publish_at,
		checklist, approval, requested_by, requested_at, decision, decided_by, comment, handled_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '', '', $19)`,
		v.ContentID, v.Version, v.SHA256, orNull(v.EntryID), v.Title, v.Body, v.TitleSv, v.BodySv, v.Link, v.Image, v.ImageAlt, strings.Join(v.Audiences, ","), msOrNull(v.PublishAt),
		strings.Join(v.Checklist, ","), v.Approval, v.RequestedBy, now.UnixMilli(), string(v.Decision), v.handledAt.UnixMilli()); err != nil {
		return err
	}
	return tx.setNext(v, c)
}

// VoidContent voids the versions of content that wait for a decision, or are approved and not yet published.
func (tx *Tx) VoidContent(contentID int64) error {
	if _, err := tx.exec(`UPDATE content_version SET decision = 'voided', next_at = NULL WHERE content_id = $1
		AND (decision IN ('pending', 'escalated') OR (decision = 'approved' AND published_at IS NULL))`, contentID); err != nil {
		return err
	}
	return tx.RefreshContent(contentID)
}

// setNext stores when something next falls due for the version.
func (tx *Tx) setNext(v *ContentVersion, c Calendar) error {
	events, err := tx.EventsOf(v, c)
	if err != nil {
		return err
	}
	var next time.Time
	for _, e := range events {
		if e.pending(v) && (next.IsZero() || e.At.Before(next)) {
			next = e.At
		}
	}
	_, err = tx.exec(`UPDATE content_version SET handled_at = $3, next_at = $4 WHERE content_id = $1 AND version = $2`, v.ContentID, v.Version, v.handledAt.UnixMilli(), msOrNull(next))
	return err
}

// EventsOf returns what falls due for the version; see ContentVersion.Events.
func (tx *Tx) EventsOf(v *ContentVersion, c Calendar) ([]DueEvent, error) {
	var end Date
	if v.EntryID != "" {
		e, err := tx.Entry(v.EntryID)
		if err != nil {
			return nil, err
		}
		occurrences := e.Occurrences()
		end = occurrences[len(occurrences)-1].End
	}
	var at time.Time
	if v.MeetingDate != 0 {
		m, ok, err := tx.Meeting(Management)
		if err != nil {
			return nil, err
		}
		if ok {
			at = m.At(v.MeetingDate, c)
		}
	}
	return v.Events(c, end, at), nil
}

// pending reports whether the event is still to come for the version. Publishing is until it is done: the clock may have
// been ahead when something else was handled, or show the same instant still.
func (e DueEvent) pending(v *ContentVersion) bool {
	return e.Event == EventPublish || e.At.After(v.handledAt)
}

// DueVersions returns versions for which something falls due by now.
func (tx *Tx) DueVersions(now time.Time, limit int) ([]*ContentVersion, error) {
	return collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.next_at <= $1 ORDER BY v.next_at, v.content_id LIMIT $2`, now.UnixMilli(), limit)
}

// NextApprovalEvent returns the earliest instant at which something falls due for any version, or the zero time.
func (tx *Tx) NextApprovalEvent() (time.Time, error) {
	var at sql.NullInt64
	_, err := tx.scan(`SELECT min(next_at) FROM content_version WHERE next_at IS NOT NULL`, nil, &at)
	return orZero(at.Int64), err
}

// DueEvents returns what has fallen due for the version since it was last handled, and marks it handled. Of several
// reminders only the latest counts, and none beside what follows them.
func (tx *Tx) DueEvents(v *ContentVersion, now time.Time, c Calendar) ([]DueEvent, error) {
	events, err := tx.EventsOf(v, c)
	if err != nil {
		return nil, err
	}
	var due []DueEvent
	var nudge *DueEvent
	for _, e := range events {
		switch {
		case !e.pending(v) || e.At.After(now):
		case e.Event != EventNudge:
			due = append(due, e)
		case nudge == nil || e.At.After(nudge.At):
			nudge = &e
		}
	}
	if nudge != nil && len(due) == 0 {
		due = append(due, *nudge)
	}
	v.handledAt = now
	return due, tx.setNext(v, c)
}

// ContentVersion returns a version of content. It fails with NotFound.
func (tx *Tx) ContentVersion(contentID int64, version int) (*ContentVersion, error) {
	return one(tx, scanVersion, "error.draft_gone", `SELECT `+versionFields+`WHERE v.content_id = $1 AND v.version = $2`, contentID, version)
}

// ContentVersions returns every version of content, the oldest first.
func (tx *Tx) ContentVersions(contentID int64) ([]*ContentVersion, error) {
	return collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.content_id = $1 ORDER BY v.version`, contentID)
}

// PublishedVersion returns the version of content that is published; it reports false when none is.
func (tx *Tx) PublishedVersion(contentID int64) (*ContentVersion, bool, error) {
	list, err := collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.content_id = $1 AND v.published_at IS NOT NULL ORDER BY v.version DESC LIMIT 1`, contentID)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// OpenVersions returns up to limit of the versions that wait for a decision, those to be published first ahead.
func (tx *Tx) OpenVersions(limit int) ([]*ContentVersion, error) {
	return collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.decision IN ('pending', 'escalated') ORDER BY v.publish_at IS NULL, v.publish_at, v.requested_at, v.content_id LIMIT $1`, limit)
}

// CountOpenVersions returns how many versions wait for a decision.
func (tx *Tx) CountOpenVersions() (n int, err error) {
	_, err = tx.scan(`SELECT count(*) FROM content_version WHERE decision IN ('pending', 'escalated')`, nil, &n)
	return n, err
}

// DecidedSince returns the versions that were decided by people since the instant, the oldest first.
func (tx *Tx) DecidedSince(since time.Time) ([]*ContentVersion, error) {
	return collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.decided_at >= $1 AND v.decision IN ('approved', 'returned', 'escalated') AND v.approval = 1 ORDER BY v.decided_at`, since.UnixMilli())
}

// Decide records a decision on a version, if it still waits for one: approved, returned and escalated on a pending
// version, approved and returned on an escalated one, withdrawn and expired on either, and withdrawn on one that is
// approved and not yet published. It reports false, changing nothing, when it was decided already.
func (tx *Tx) Decide(v *ContentVersion, d Decision, by, comment string, meeting Date, now time.Time, c Calendar) (bool, error) {
	n, err := affected(tx.exec(`UPDATE content_version SET decision = $3, decided_by = $4, decided_at = $5, comment = $6, meeting_date = coalesce($7, meeting_date)
		WHERE content_id = $1 AND version = $2 AND (decision = 'pending' OR (decision = 'escalated' AND $3 <> 'escalated')
		OR (decision = 'approved' AND $3 = 'withdrawn' AND published_at IS NULL))`,
		v.ContentID, v.Version, string(d), by, now.UnixMilli(), comment, meeting))
	if err != nil || n == 0 {
		return false, err
	}
	v.Decision, v.DecidedBy, v.DecidedAt, v.Comment = d, by, now, comment
	if meeting != 0 {
		v.MeetingDate = meeting
	}
	if err := tx.setNext(v, c); err != nil {
		return false, err
	}
	return true, tx.RefreshContent(v.ContentID)
}

// RefreshContent has every card about the content updated: requests, the requester's own, and what is published.
func (tx *Tx) RefreshContent(contentID int64) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE content_id = $1 AND kind <> 'notice' AND state IN ('sending', 'sent', 'perhaps_sent', 'withdrawn')`, contentID)
	return err
}

// RefreshOwn has the requester's own cards about the content updated: they tell what became of its posts.
func (tx *Tx) RefreshOwn(contentID int64) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1 WHERE content_id = $1 AND kind = 'request' AND state IN ('sending', 'sent', 'perhaps_sent')`, contentID)
	return err
}

// Publish records that the version goes out now, and writes its posts: one for each channel. Posts of an earlier version
// are updated instead, taken back where the channel is not among them any more, and tried again where they failed. It
// reports false when the version is out already.
func (tx *Tx) Publish(v *ContentVersion, channels []Channel, due, now time.Time) (bool, error) {
	n, err := affected(tx.exec(`UPDATE content_version SET published_at = $3, next_at = NULL WHERE content_id = $1 AND version = $2 AND decision = 'approved' AND published_at IS NULL`,
		v.ContentID, v.Version, now.UnixMilli()))
	if err != nil || n == 0 {
		return false, err
	}
	v.PublishedAt = now
	p := Post{Kind: KindPublication, Title: v.Title, EntryID: v.EntryID, ContentID: v.ContentID, Priority: PriorityPost, DueAt: due,
		Late: v.Late() || (!v.PublishAt.IsZero() && now.Sub(due) > lateAfter)}
	if _, err := tx.exec(`UPDATE post SET state = 'withdrawn', reason = 'not for this channel any more' WHERE content_id = $1 AND kind = 'publication' AND `+settledPost, v.ContentID); err != nil {
		return false, err
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		if _, err := tx.exec(`UPDATE post SET state = CASE WHEN activity_id = '' THEN 'pending' WHEN doubts > 0 THEN 'perhaps_sent' ELSE 'sent' END, reason = '', queued_at = $3
			WHERE content_id = $1 AND kind = 'publication' AND channel_id = $2 AND state IN ('withdrawn', 'failed')`,
			v.ContentID, ch.ID, time.Now().UnixMilli()); err != nil { //nolint:forbidigo // real time, whatever the plan's clock shows
			return false, err
		}
		if err := tx.AddPost(&p, now); err != nil {
			return false, err
		}
		names, err := tx.publishedFor(v.Audiences, ch.ID)
		if err != nil {
			return false, err
		}
		if _, err := tx.exec(`UPDATE post SET audience = $3 WHERE content_id = $1 AND kind = 'publication' AND channel_id = $2`, v.ContentID, ch.ID, names); err != nil {
			return false, err
		}
	}
	return true, tx.RefreshContent(v.ContentID)
}

// settledPost selects the posts that can be taken back: those that stand in their channel, and those on which no attempt
// was made.
const settledPost = `(state = 'pending' OR (state IN ('sent', 'perhaps_sent') AND activity_id <> ''))`

// WithdrawPublication takes a publication back: its posts lose their text. What was not sent yet is not sent. It reports
// false when nothing is published, or it was taken back already.
func (tx *Tx) WithdrawPublication(contentID int64, by string, now time.Time) (bool, error) {
	n, err := affected(tx.exec(`UPDATE content_version SET withdrawn_at = $2, withdrawn_by = $3 WHERE content_id = $1 AND published_at IS NOT NULL AND withdrawn_at IS NULL`,
		contentID, now.UnixMilli(), by))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := tx.exec(`UPDATE post SET state = 'withdrawn', reason = 'publication withdrawn' WHERE content_id = $1 AND kind = 'publication' AND `+settledPost, contentID); err != nil {
		return false, err
	}
	return true, tx.RefreshContent(contentID)
}

// ContentPosts returns the posts of one kind about the content.
func (tx *Tx) ContentPosts(contentID int64, kind string) ([]*Post, error) {
	return collect(tx, scanPost, `SELECT `+postColumns+`WHERE content_id = $1 AND kind = $2 ORDER BY id`, contentID, kind)
}

// Approvals calls fn for every version that was sent for approval, in the order of requests.
func (tx *Tx) Approvals(fn func(*ContentVersion) error) error {
	rows, err := tx.query(`SELECT ` + versionFields + `ORDER BY v.requested_at, v.content_id, v.version`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scanVersion(rows)
		if err != nil {
			return err
		}
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Meeting returns when a group meets; it reports false when nobody has said.
func (tx *Tx) Meeting(kind BindingKind) (m Meeting, ok bool, err error) {
	m.Kind = kind
	ok, err = tx.scan(`SELECT first, time, every, cutoff FROM meeting WHERE kind = $1`, []any{string(kind)}, &m.First, &m.Time, &m.Every, &m.Cutoff)
	return m, ok, err
}

// SaveMeeting stores when a group meets. Requests passed to a management meeting that no longer takes place on its day
// move to the first one after it.
func (tx *Tx) SaveMeeting(m Meeting, now time.Time, c Calendar) error {
	if err := m.Normalize(); err != nil {
		return err
	}
	if _, err := tx.exec(`INSERT INTO meeting (kind, first, time, every, cutoff) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind) DO UPDATE SET first = excluded.first, time = excluded.time, every = excluded.every, cutoff = excluded.cutoff`,
		string(m.Kind), m.First, int(m.Time), m.Every, m.Cutoff); err != nil {
		return err
	}
	if m.Kind != Management {
		return nil
	}
	waiting, err := collect(tx, scanVersion, `SELECT `+versionFields+`WHERE v.decision = 'escalated'`)
	if err != nil {
		return err
	}
	for _, v := range waiting {
		if next := m.Next(now, c, false); v.MeetingDate >= c.Today(now) && v.MeetingDate != next {
			v.MeetingDate = next
			if _, err := tx.exec(`UPDATE content_version SET meeting_date = $3 WHERE content_id = $1 AND version = $2`, v.ContentID, v.Version, next); err != nil {
				return err
			}
			if err := tx.setNext(v, c); err != nil {
				return err
			}
			if err := tx.RefreshContent(v.ContentID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Outcome is what a meeting made of an item of its agenda.
type Outcome struct {
	Item    string
	Outcome string // approved, returned, done, postponed or dropped
	Comment string
	By      string
	At      time.Time
}

// SaveOutcome records what a meeting made of an item.
func (tx *Tx) SaveOutcome(kind BindingKind, date Date, o Outcome) error {
	_, err := tx.exec(`INSERT INTO agenda_outcome (kind, date, item, outcome, comment, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, date, item) DO UPDATE SET outcome = excluded.outcome, comment = excluded.comment, by = excluded.by, at = excluded.at`,
		string(kind), date, o.Item, o.Outcome, o.Comment, o.By, o.At.UnixMilli())
	return err
}

// Outcomes returns what the meeting of a day made of its items, by item.
func (tx *Tx) Outcomes(kind BindingKind, date Date) (map[string]Outcome, error) {
	list, err := collect(tx, func(rows *sql.Rows) (o Outcome, err error) {
		var at int64
		err = rows.Scan(&o.Item, &o.Outcome, &o.Comment, &o.By, &at)
		o.At = time.UnixMilli(at)
		return o, err
	}, `SELECT item, outcome, comment, by, at FROM agenda_outcome WHERE kind = $1 AND date = $2`, string(kind), date)
	out := make(map[string]Outcome, len(list))
	for _, o := range list {
		out[o.Item] = o
	}
	return out, err
}

// VersionItem names a version on an agenda: "content:5/2".
func VersionItem(v *ContentVersion) string {
	return "content:" + strconv.FormatInt(v.ContentID, 10) + "/" + strconv.Itoa(v.Version)
}
