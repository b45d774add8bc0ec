package store

import (
	"database/sql"
	"encoding/json"
	"time"
)

const reminderColumns = `id, entry_id, day, occurrence, ends, lead, materials, origin, due_at, status, status_by, coalesce(status_at, 0), until FROM reminder `

func scanReminder(rows *sql.Rows) (*Reminder, error) {
	var r Reminder
	var due, statusAt int64
	err := rows.Scan(&r.ID, &r.EntryID, &r.Day, &r.Occurrence, &r.Ends, &r.Lead, &r.Materials, &r.Origin, &due, &r.Status, &r.StatusBy, &statusAt, &r.Until)
	r.DueAt = time.UnixMilli(due)
	if statusAt != 0 {
		r.StatusAt = time.UnixMilli(statusAt)
	}
	return &r, err
}

// Reminder returns the reminder of that id. It fails with NotFound.
func (tx *Tx) Reminder(id int64) (*Reminder, error) {
	list, err := collect(tx, scanReminder, `SELECT `+reminderColumns+`WHERE id = $1`, id)
	if err == nil && len(list) == 0 {
		err = NotFound("error.reminder_gone")
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// DoneOccurrences returns the first days of the occurrences of an entry that are marked done.
func (tx *Tx) DoneOccurrences(entryID string) (map[Date]bool, error) {
	days, err := collect(tx, scanDate, `SELECT start FROM occurrence WHERE entry_id = $1`, entryID)
	done := make(map[Date]bool, len(days))
	for _, d := range days {
		done[d] = true
	}
	return done, err
}

// DoneOccurrencesOf is DoneOccurrences of several entries at once, by entry.
func (tx *Tx) DoneOccurrencesOf(entryIDs []string) (map[string]map[Date]bool, error) {
	ids, err := json.Marshal(entryIDs)
	if err != nil {
		return nil, err
	}
	return tx.doneMarks(`SELECT o.entry_id, o.start FROM json_each($1) id CROSS JOIN occurrence o ON o.entry_id = id.value`, string(ids))
}

// doneMarks reads pairs of an entry and a day.
func (tx *Tx) doneMarks(query string, args ...any) (map[string]map[Date]bool, error) {
	type mark struct {
		entry string
		start Date
	}
	marks, err := collect(tx, func(rows *sql.Rows) (m mark, err error) {
		err = rows.Scan(&m.entry, &m.start)
		return m, err
	}, query, args...)
	done := map[string]map[Date]bool{}
	for _, m := range marks {
		if done[m.entry] == nil {
			done[m.entry] = map[Date]bool{}
		}
		done[m.entry][m.start] = true
	}
	return done, err
}

func scanDate(rows *sql.Rows) (Date, error) {
	var d Date
	err := rows.Scan(&d)
	return d, err
}

// OccurrenceDone is what was recorded when an occurrence was marked done.
type OccurrenceDone struct {
	At   time.Time
	By   string // AAD object id
	Link string
}

// OccurrenceDone returns how an occurrence was marked done; it reports false when it was not.
func (tx *Tx) OccurrenceDone(entryID string, start Date) (d OccurrenceDone, ok bool, err error) {
	var at int64
	ok, err = tx.scan(`SELECT done_at, done_by, link FROM occurrence WHERE entry_id = $1 AND start = $2`, []any{entryID, start}, &at, &d.By, &d.Link)
	d.At = time.UnixMilli(at)
	return d, ok, err
}

// addReminder stores a reminder for its day, unless one was posted or missed that day already.
func (tx *Tx) addReminder(entryID string, day Date, due Due, origin ReminderOrigin, at time.Time, state string) (id int64, ok bool, err error) {
	ok, err = tx.scan(`INSERT INTO reminder (entry_id, day, occurrence, ends, lead, materials, origin, due_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (entry_id, day) DO UPDATE SET occurrence = excluded.occurrence, ends = excluded.ends, lead = excluded.lead,
			materials = max(materials, excluded.materials), origin = excluded.origin, due_at = min(due_at, excluded.due_at), state = excluded.state,
			status = 'open', status_by = '', status_at = NULL, until = NULL
		WHERE reminder.state IN ('waiting', 'dropped') RETURNING id`,
		[]any{entryID, day, due.Occurrence.Start, due.Occurrence.End, due.Lead, due.Materials, string(origin), at.UnixMilli(), state}, &id)
	return id, ok, err
}

// catchUp queues the reminders that are made up for.
func (tx *Tx) catchUp(e *Entry, now time.Time, c Calendar, done map[Date]bool) error {
	dues := e.CatchUp(now, c, done)
	if len(dues) == 0 {
		return nil
	}
	// Several occurrences within the week would give several cards at the same moment: one is enough, about the first.
	at := c.AtOnceOrNext(now)
	_, _, err := tx.addReminder(e.ID, c.Today(at), dues[0], OriginCatchUp, at, "waiting")
	return err
}

// dropWaiting withdraws the reminders of an entry that have not been posted yet.
func (tx *Tx) dropWaiting(entryID, reason string) error {
	if _, err := tx.exec(`UPDATE reminder SET state = 'dropped' WHERE entry_id = $1 AND state = 'waiting'`, entryID); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE post SET state = 'withdrawn', reason = $2 WHERE entry_id = $1 AND kind = 'reminder' AND state = 'pending'`, entryID, reason)
	return err
}

// showingReminders reports whether a card about an occurrence that is not over is showing, or on its way.
func (tx *Tx) showingReminders(entryID string, today Date) (bool, error) {
	var one int
	return tx.scan(`SELECT 1 FROM post p JOIN reminder r ON r.id = p.reminder_id
		WHERE p.entry_id = $1 AND p.state IN ('sending', 'sent', 'perhaps_sent') AND r.ends >= $2 LIMIT 1`, []any{entryID, today}, &one)
}

// RefreshReminders has the reminder cards of an entry updated whose occurrence, as they know it, is not over.
func (tx *Tx) RefreshReminders(entryID string, today Date) error {
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE entry_id = $1 AND state IN ('sending', 'sent', 'perhaps_sent')
		AND reminder_id IN (SELECT id FROM reminder WHERE entry_id = $1 AND ends >= $2)`, entryID, today)
	return err
}

// Scheduled is what ScheduleReminders did.
type Scheduled struct {
	Posts     int  // rows written to the outbox
	NoChannel bool // a reminder was due and there is no working-group channel
	More      bool // there is more that is due; call again
	// FirstLeads are the occurrences whose first lead has fallen due: of an entry, the latest that is not over.
	FirstLeads []FirstLead
}

// ScheduleReminders writes the reminders that are due at now to the outbox, those of at most limit entries at a time.
// Calling it again, or with an earlier time, repeats nothing.
//
// When several leads of an occurrence are overdue, as after downtime, the latest is posted and the others are recorded
// as missed; so is everything about an occurrence that is over. What is posted over 15 minutes after it was due is
// marked late, except what was past already when the entry was made.
func (tx *Tx) ScheduleReminders(now time.Time, c Calendar, limit int) (Scheduled, error) {
	var s Scheduled
	channels, err := tx.BoundChannels(WorkingGroup, "")
	if err != nil {
		return s, err
	}
	until := c.LastPostDay(now)
	due, err := collect(tx, scanEntry, `SELECT `+entryColumns+`WHERE e.next_due <= $1 AND e.removed_at IS NULL ORDER BY e.next_due, e.start, e.id LIMIT $2`, until, limit)
	if err != nil {
		return s, err
	}
	s.More = len(due) == limit
	for _, e := range due {
		if err := tx.scheduleEntry(&s, e, now, c, until, channels); err != nil {
			return s, err
		}
	}
	waiting, err := collect(tx, scanReminder, `SELECT `+reminderColumns+`WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2`, now.UnixMilli(), limit)
	if err != nil {
		return s, err
	}
	s.More = s.More || len(waiting) == limit
	for _, r := range waiting {
		if err := tx.scheduleWaiting(&s, r, now, c, channels); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (tx *Tx) scheduleEntry(s *Scheduled, e *Entry, now time.Time, c Calendar, until Date, channels []Channel) error {
	var from Date
	if _, err := tx.scan(`SELECT next_due FROM entry WHERE id = $1`, []any{e.ID}, &from); err != nil {
		return err
	}
	done, err := tx.DoneOccurrences(e.ID)
	if err != nil {
		return err
	}
	today := c.Today(now)
	posted := false
	missed := func(d Due, reason string) error {
		id, ok, err := tx.addReminder(e.ID, d.Day, d, OriginLead, c.PostAt(d.Day), "missed")
		if err != nil || !ok {
			return err
		}
		return tx.postReminder(s, e, id, now, c.PostAt(d.Day), channels, Missed, reason)
	}
	var overdue []Due
	for _, d := range e.Dues(done) {
		if d.Day >= from && d.Day <= until {
			overdue = append(overdue, d)
		}
	}
	for i, d := range overdue {
		switch {
		case d.Occurrence.End < today:
			err = missed(d, "over")
		case supersededBy(overdue[i+1:], d) || posted:
			err = missed(d, "superseded")
		default:
			posted = true
			var id int64
			var ok bool
			if id, ok, err = tx.addReminder(e.ID, d.Day, d, OriginLead, c.PostAt(d.Day), "posted"); err == nil && ok {
				err = tx.postReminder(s, e, id, now, c.PostAt(d.Day), channels, Pending, "")
			}
		}
		if err != nil {
			return err
		}
	}
	if first := e.FirstLeads(from, until, done); len(first) > 0 && first[len(first)-1].Occurrence.End >= today {
		s.FirstLeads = append(s.FirstLeads, first[len(first)-1])
	}
	_, err = tx.exec(`UPDATE entry SET next_due = $2 WHERE id = $1`, e.ID, nextDue(e, done, until))
	return err
}

// supersededBy reports whether a later one of the overdue reminders speaks of the same occurrence.
func supersededBy(later []Due, d Due) bool {
	for _, l := range later {
		if l.Occurrence.Start == d.Occurrence.Start {
			return true
		}
	}
	return false
}

func (tx *Tx) scheduleWaiting(s *Scheduled, r *Reminder, now time.Time, c Calendar, channels []Channel) error {
	e, err := tx.Entry(r.EntryID)
	if err != nil {
		return err
	}
	state, reason := Pending, ""
	if r.Ends < c.Today(now) {
		state, reason = Missed, "over"
	}
	rowState := map[PostState]string{Pending: "posted", Missed: "missed"}[state]
	if _, err := tx.exec(`UPDATE reminder SET state = $2 WHERE id = $1`, r.ID, rowState); err != nil {
		return err
	}
	due := r.DueAt
	if r.Origin == OriginCatchUp {
		due = now // never late: it was past when the entry was made
	}
	return tx.postReminder(s, e, r.ID, now, due, channels, state, reason)
}

// postReminder writes one outbox row per channel, or one that says that there is none.
func (tx *Tx) postReminder(s *Scheduled, e *Entry, reminder int64, now, due time.Time, channels []Channel, state PostState, reason string) error {
	p := Post{Kind: KindReminder, Title: e.Title, EntryID: e.ID, ReminderID: reminder, State: state, Reason: reason, Priority: PriorityPost, DueAt: due,
		Late: state == Pending && now.Sub(due) > lateAfter}
	if len(channels) == 0 {
		if state == Pending {
			p.State, p.Reason, s.NoChannel = Failed, ReasonNoChannel, true
		}
		s.Posts++
		return tx.AddPost(&p, now)
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		s.Posts++
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	return nil
}

// NextReminder returns the earliest instant at which ScheduleReminders will have something to do, or the zero time.
func (tx *Tx) NextReminder(c Calendar) (time.Time, error) {
	var day Date
	if _, err := tx.scan(`SELECT min(next_due) FROM entry WHERE next_due IS NOT NULL`, nil, &day); err != nil {
		return time.Time{}, err
	}
	var at sql.NullInt64
	if _, err := tx.scan(`SELECT min(due_at) FROM reminder WHERE state = 'waiting'`, nil, &at); err != nil {
		return time.Time{}, err
	}
	var next time.Time
	if day != 0 {
		next = c.PostAt(day)
	}
	if at.Valid && (next.IsZero() || time.UnixMilli(at.Int64).Before(next)) {
		next = time.UnixMilli(at.Int64)
	}
	return next, nil
}

// MarkDone records that the occurrence of e that r speaks of is done; with the last occurrence, the entry is. It sets e
// and r as they are recorded. It reports false, changing nothing, when the occurrence was done already.
func (tx *Tx) MarkDone(e *Entry, r *Reminder, by, link string, now time.Time, c Calendar) (bool, error) {
	n, err := affected(tx.exec(`INSERT INTO occurrence (entry_id, start, done_at, done_by, link) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
		e.ID, r.Occurrence, now.UnixMilli(), by, link))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := tx.exec(`UPDATE reminder SET status = 'done', status_by = $3, status_at = $4, state = CASE state WHEN 'waiting' THEN 'dropped' ELSE state END
		WHERE entry_id = $1 AND occurrence = $2`, e.ID, r.Occurrence, by, now.UnixMilli()); err != nil {
		return false, err
	}
	r.Status, r.StatusBy, r.StatusAt = ReminderDone, by, now
	// What has not been posted is not posted any more, and what has shows that it is done.
	if _, err := tx.exec(`UPDATE post SET wanted = iif(state = 'pending', wanted, wanted + 1), reason = iif(state = 'pending', 'done', reason),
		state = iif(state = 'pending', 'withdrawn', state)
		WHERE entry_id = $1 AND state IN ('pending', 'sending', 'sent', 'perhaps_sent')
		AND reminder_id IN (SELECT id FROM reminder WHERE entry_id = $1 AND occurrence = $2)`, e.ID, r.Occurrence); err != nil {
		return false, err
	}
	done := map[Date]bool{r.Occurrence: true}
	if e.Recurring() {
		if done, err = tx.DoneOccurrences(e.ID); err != nil {
			return false, err
		}
	}
	if all := e.Occurrences(); all[len(all)-1].Start == r.Occurrence && e.State == Planned {
		e.State = Done
	}
	_, err = tx.exec(`UPDATE entry SET state = $2, next_due = $3, updated_at = $4 WHERE id = $1`, e.ID, string(e.State), nextDue(e, done, c.LastPostDay(now)), now.UnixMilli())
	return true, err
}

// Snooze puts a reminder off by that many days, to a working day at the post time, and returns that day. It sets r as it
// is recorded. It fails with Invalid when the occurrence is over by then.
func (tx *Tx) Snooze(r *Reminder, days int, by string, now time.Time, c Calendar) (Date, error) {
	if days < 1 || days > MaxSnooze {
		return 0, Invalid("days", "invalid.snooze_days", "max", MaxSnooze)
	}
	day := WorkdayOnOrAfter(c.Today(now) + Date(days))
	if day > r.Ends {
		return 0, Invalid("days", "invalid.snooze_over")
	}
	due := Due{Day: day, Occurrence: Occurrence{Start: r.Occurrence, End: r.Ends}, Lead: int(r.Occurrence - day)}
	if _, _, err := tx.addReminder(r.EntryID, day, due, OriginSnooze, c.PostAt(day), "waiting"); err != nil {
		return 0, err
	}
	if _, err := tx.exec(`UPDATE reminder SET status = 'snoozed', status_by = $2, status_at = $3, until = $4 WHERE id = $1`, r.ID, by, now.UnixMilli(), day); err != nil {
		return 0, err
	}
	r.Status, r.StatusBy, r.StatusAt, r.Until = ReminderSnoozed, by, now, day
	_, err := tx.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE reminder_id = $1 AND state IN ('sending', 'sent', 'perhaps_sent')`, r.ID)
	return day, err
}
