package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// entryColumns are what scanEntry reads. The audiences come along so that a list costs one query.
const entryColumns = `e.id, c.name, c.year, e.title, e.start, e.end, e.repeat, e.campaign, e.channels, e.owner, e.leads, e.materials, e.approval,
	e.goal, e.state, e.notes, e.version, e.removed_at,
	(SELECT group_concat(a.name, ',' ORDER BY a.position) FROM entry_audience a WHERE a.entry_id = e.id)
	FROM entry e JOIN clock c ON c.id = e.clock_id `

func scanEntry(rows *sql.Rows) (*Entry, error) {
	var e Entry
	var channels, leads string
	var audiences sql.NullString
	var removed sql.NullInt64
	if err := rows.Scan(&e.ID, &e.Clock.Name, &e.Clock.Year, &e.Title, &e.Start, &e.End, &e.Repeat, &e.Campaign, &channels, &e.Owner, &leads,
		&e.Materials, &e.Approval, &e.Goal, &e.State, &e.Notes, &e.Version, &removed, &audiences); err != nil {
		return nil, err
	}
	e.Channels, e.Audiences = splitNames(channels), splitNames(audiences.String)
	if removed.Valid {
		e.RemovedAt = time.UnixMilli(removed.Int64)
	}
	for s := range strings.SplitSeq(leads, ",") {
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, fmt.Errorf("entry %s: leads %q", e.ID, leads)
		}
		e.Leads = append(e.Leads, n)
	}
	return &e, nil
}

func splitNames(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func joinLeads(leads []int) string {
	s := make([]string, len(leads))
	for i, n := range leads {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, ",")
}

// Entry returns the entry of that id, a removed one too. It fails with NotFound.
func (tx *Tx) Entry(id string) (*Entry, error) {
	list, err := collect(tx, scanEntry, `SELECT `+entryColumns+`WHERE e.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = NotFound("error.entry_gone")
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// EntryFilter selects entries. Its zero value selects every entry that has not been removed.
type EntryFilter struct {
	Clocks    []Clock  // any of these; nil: all
	Clock     string   // the name of the clock, of whatever year; "": all
	From, To  Date     // those that may take place within these days; zero: unbounded
	Recurring bool     // series alone
	Titles    []string // any of these, compared without case; nil: all
	Campaign  string   // compared without case
	Audience  string   // compared without case
}

// Entries returns the entries that the filter selects, by start and title. A series is selected by its first and last
// day, so whether it has an occurrence in the span is for the caller to see.
func (tx *Tx) Entries(f EntryFilter) ([]*Entry, error) {
	where, args := f.where()
	return collect(tx, scanEntry, `SELECT `+entryColumns+`WHERE `+where+` ORDER BY e.start, e.title, e.id`, args...)
}

// where is the filter as a condition on the entry e and its clock c, with its arguments.
func (f EntryFilter) where() (string, []any) {
	where, args := []string{"e.removed_at IS NULL"}, []any{}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Clocks != nil {
		var or []string
		for _, c := range f.Clocks {
			or = append(or, "(c.name_key = "+arg(Key(c.Name))+" AND c.year = "+arg(c.Year)+")")
		}
		where = append(where, "("+strings.Join(append(or, "0"), " OR ")+")")
	}
	if f.Clock != "" {
		where = append(where, "c.name_key = "+arg(Key(f.Clock)))
	}
	if f.Recurring {
		where = append(where, "e.repeat <> ''")
	}
	if f.From != 0 {
		where = append(where, "e.last_day >= "+arg(f.From.String()))
	}
	if f.To != 0 {
		where = append(where, "e.start <= "+arg(f.To.String()))
	}
	if f.Titles != nil {
		in := make([]string, len(f.Titles))
		for i, title := range f.Titles {
			in[i] = arg(Key(title))
		}
		where = append(where, "e.title_key IN ("+strings.Join(in, ", ")+")")
	}
	if f.Campaign != "" {
		where = append(where, "e.campaign_key = "+arg(Key(f.Campaign)))
	}
	if f.Audience != "" {
		where = append(where, "EXISTS (SELECT 1 FROM entry_audience a WHERE a.entry_id = e.id AND a.name_key = "+arg(Key(f.Audience))+")")
	}
	return strings.Join(where, " AND "), args
}

// EntryLike returns the entry with the same content that was made since the instant, if there is one.
func (tx *Tx) EntryLike(e *Entry, since time.Time) (*Entry, bool, error) {
	list, err := collect(tx, scanEntry, `SELECT `+entryColumns+`WHERE e.start = $1 AND e.title_key = $2 AND e.created_at >= $3 AND e.removed_at IS NULL`,
		e.Start, Key(e.Title), since.UnixMilli())
	for _, o := range list {
		if o.SameContent(e) {
			return o, true, err
		}
	}
	return nil, false, err
}

// EntriesByID returns those of the ids that exist, removed ones too, each once and in any order.
func (tx *Tx) EntriesByID(ids []string) ([]*Entry, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return collect(tx, scanEntry, `SELECT `+entryColumns+`WHERE e.id IN (SELECT value FROM json_each($1))`, string(list))
}

// Clocks returns the clocks that have entries, by year and name.
func (tx *Tx) Clocks() ([]Clock, error) {
	return collect(tx, func(rows *sql.Rows) (Clock, error) {
		var c Clock
		err := rows.Scan(&c.Name, &c.Year)
		return c, err
	}, `SELECT name, year FROM clock c WHERE EXISTS (SELECT 1 FROM entry e WHERE e.clock_id = c.id AND e.removed_at IS NULL) ORDER BY year, name`)
}

// Campaigns returns the names of the campaigns that have entries within the days, as first written, in order of their start.
// The + has SQLite find the entries by their days: by the index of campaigns it would read all years.
func (tx *Tx) Campaigns(from, to Date) ([]string, error) {
	return collect(tx, scanString, `SELECT min(campaign) FROM entry
		WHERE campaign <> '' AND removed_at IS NULL AND start <= $2 AND last_day >= $1
		GROUP BY +campaign_key ORDER BY min(start), 1`, from.String(), to.String())
}

func scanString(rows *sql.Rows) (string, error) {
	var s string
	err := rows.Scan(&s)
	return s, err
}

func (tx *Tx) clockID(c Clock) (id int64, err error) {
	if _, err := tx.exec(`INSERT INTO clock (name, name_key, year) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, c.Name, Key(c.Name), c.Year); err != nil {
		return 0, err
	}
	_, err = tx.scan(`SELECT id FROM clock WHERE name_key = $1 AND year = $2`, []any{Key(c.Name), c.Year}, &id)
	return id, err
}

// AddEntry stores a new entry, which it normalises, with the reminders that are made up for (see Entry.CatchUp). An empty
// ID gets a new one.
func (tx *Tx) AddEntry(e *Entry, now time.Time, c Calendar) error {
	if err := e.Normalize(); err != nil {
		return err
	}
	if e.ID == "" {
		e.ID = NewID()
	}
	e.Version = 1
	clock, err := tx.clockID(e.Clock)
	if err != nil {
		return err
	}
	at := now.UnixMilli()
	if _, err := tx.exec(`INSERT INTO entry (id, clock_id, title, title_key, start, end, repeat, campaign, campaign_key, channels, owner, leads, materials,
		approval, goal, state, notes, version, next_due, created_at, updated_at, last_day)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21)`,
		e.ID, clock, e.Title, Key(e.Title), e.Start, e.End, e.Repeat, e.Campaign, Key(e.Campaign), strings.Join(e.Channels, ","), e.Owner,
		joinLeads(e.Leads), e.Materials, e.Approval, e.Goal, string(e.State), e.Notes, e.Version, nextDue(e, nil, c.LastPostDay(now)), at, e.lastDay()); err != nil {
		return err
	}
	if err := tx.setAudiences(e); err != nil {
		return err
	}
	return tx.catchUp(e, now, c, nil)
}

func (tx *Tx) setAudiences(e *Entry) error {
	for i, a := range e.Audiences {
		if _, err := tx.exec(`INSERT INTO entry_audience (entry_id, position, name, name_key) VALUES ($1, $2, $3, $4)`, e.ID, i, a, Key(a)); err != nil {
			return err
		}
	}
	return nil
}

// nextDue returns the first day after the given one on which a reminder of e is due, zero for none.
func nextDue(e *Entry, done map[Date]bool, after Date) Date {
	for _, d := range e.Dues(done) {
		if d.Day > after {
			return d.Day
		}
	}
	return 0
}

// UpdateEntry stores the changed entry in place of its version e.Version, and has the cards that speak of it updated.
// When the entry moves, reminders not yet posted follow its new dates. It fails with Conflict when the stored version is
// another one, and with NotFound when the entry was removed.
func (tx *Tx) UpdateEntry(e *Entry, now time.Time, c Calendar) error {
	if err := e.Normalize(); err != nil {
		return err
	}
	old, err := tx.Entry(e.ID)
	if err != nil {
		return err
	}
	if !old.RemovedAt.IsZero() {
		return NotFound("error.entry_gone")
	}
	if old.Version != e.Version {
		return Conflict("error.entry_changed")
	}
	e.Version++
	return tx.replaceEntry(old, e, now, c)
}

// RestoreEntry puts back a removed entry with new content.
func (tx *Tx) RestoreEntry(e *Entry, now time.Time, c Calendar) error {
	if err := e.Normalize(); err != nil {
		return err
	}
	old, err := tx.Entry(e.ID)
	if err != nil {
		return err
	}
	e.Version, e.RemovedAt = old.Version+1, time.Time{}
	return tx.replaceEntry(old, e, now, c)
}

func (tx *Tx) replaceEntry(old, e *Entry, now time.Time, c Calendar) error {
	clock, err := tx.clockID(e.Clock)
	if err != nil {
		return err
	}
	done, err := tx.DoneOccurrences(e.ID)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE entry SET clock_id = $2, title = $3, title_key = $4, start = $5, end = $6, repeat = $7, campaign = $8, campaign_key = $9,
		channels = $10, owner = $11, leads = $12, materials = $13, approval = $14, goal = $15, state = $16, notes = $17, version = $18, next_due = $19,
		updated_at = $20, removed_at = NULL, last_day = $21 WHERE id = $1`,
		e.ID, clock, e.Title, Key(e.Title), e.Start, e.End, e.Repeat, e.Campaign, Key(e.Campaign), strings.Join(e.Channels, ","), e.Owner,
		joinLeads(e.Leads), e.Materials, e.Approval, e.Goal, string(e.State), e.Notes, e.Version, nextDue(e, done, c.LastPostDay(now)), now.UnixMilli(), e.lastDay()); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM entry_audience WHERE entry_id = $1`, e.ID); err != nil {
		return err
	}
	if err := tx.setAudiences(e); err != nil {
		return err
	}
	if err := tx.RefreshReminders(e.ID, c.Today(now)); err != nil {
		return err
	}
	if !old.Moved(e) && old.State == e.State && old.RemovedAt.IsZero() {
		return nil
	}
	if err := tx.dropWaiting(e.ID, "entry moved"); err != nil {
		return err
	}
	// A card that is showing tells the new date by itself; one more would say the same twice.
	showing, err := tx.showingReminders(e.ID, c.Today(now))
	if err != nil || showing {
		return err
	}
	return tx.catchUp(e, now, c, done)
}

// RemoveEntry takes the entry out of its clock. What is waiting to be posted about it is withdrawn, and the cards that
// speak of it are updated to say so. Removing it again changes nothing.
func (tx *Tx) RemoveEntry(id string, now time.Time, c Calendar) error {
	n, err := affected(tx.exec(`UPDATE entry SET removed_at = $2, next_due = NULL, version = version + 1 WHERE id = $1 AND removed_at IS NULL`, id, now.UnixMilli()))
	if err != nil || n == 0 {
		return err
	}
	if err := tx.dropWaiting(id, "entry removed"); err != nil {
		return err
	}
	return tx.RefreshReminders(id, c.Today(now))
}

// Audience is a segment of people, known because an entry or a channel names it.
type Audience struct {
	Name  string
	Bound bool // a channel of an installed team, or a chat, is bound to it
}

// Audiences returns every audience there is, by name.
func (tx *Tx) Audiences() ([]Audience, error) {
	return collect(tx, func(rows *sql.Rows) (Audience, error) {
		var a Audience
		err := rows.Scan(&a.Name, &a.Bound)
		return a, err
	}, `WITH RECURSIVE written(name_key) AS (
			-- Each key that entries have, by its index: they are few, and the entries many.
			SELECT min(name_key) FROM entry_audience
			UNION ALL SELECT (SELECT min(a.name_key) FROM entry_audience a WHERE a.name_key > w.name_key) FROM written w WHERE w.name_key IS NOT NULL)
		SELECT min(name), max(bound) FROM (
			SELECT (SELECT a.name FROM entry_audience a CROSS JOIN entry e ON e.id = a.entry_id WHERE a.name_key = w.name_key AND e.removed_at IS NULL ORDER BY a.name LIMIT 1) AS name, name_key, 0 AS bound
				FROM written w
			UNION ALL SELECT b.name, b.name_key, 1 FROM binding b JOIN live_channel l ON l.id = b.channel_id WHERE b.kind = 'audience'
			UNION ALL SELECT b.name, b.name_key, 0 FROM binding b WHERE b.kind = 'audience')
		WHERE name IS NOT NULL
		GROUP BY name_key ORDER BY 1`)
}
