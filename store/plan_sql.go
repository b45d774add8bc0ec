package store

import (
	"cmp"
	"database/sql"
	"slices"
)

// PlanVersion tells plans apart: while it stays as it is, so do the titles, days, rules, campaigns and owners of all entries,
// and which of them there are and are cancelled. That something is done does not change it. Of one database it only grows.
func (tx *Tx) PlanVersion() (version int64, err error) {
	_, err = tx.scan(`SELECT version FROM plan_version`, nil, &version)
	return version, err
}

// Slot is a time that an entry takes place, and not the rest of the entry: a year may have very many.
type Slot struct {
	Occurrence
	Entry       string // its id
	CampaignKey string // its campaign, as Key makes it; "" for none
}

// Slots returns the occurrences that touch the days from–to, both included, in order of start, then as Entries returns them.
func (tx *Tx) Slots(from, to Date) ([]Slot, error) {
	var out []Slot
	campaigns := map[string]string{} // each text once
	_, err := collect(tx, func(rows *sql.Rows) (none struct{}, err error) {
		var e Entry
		var key string
		if err := rows.Scan(&e.ID, &e.Clock.Year, &e.Start, &e.End, &e.Repeat, &key); err != nil {
			return none, err
		}
		if known, ok := campaigns[key]; ok {
			key = known
		} else {
			campaigns[key] = key
		}
		for _, o := range e.OccurrencesBetween(from, to) {
			out = append(out, Slot{Occurrence: o, Entry: e.ID, CampaignKey: key})
		}
		return none, nil
	}, `SELECT e.id, c.year, e.start, e.end, e.repeat, e.campaign_key FROM entry e JOIN clock c ON c.id = e.clock_id
		WHERE e.removed_at IS NULL AND e.last_day >= $1 AND e.start <= $2 ORDER BY e.start, e.title, e.id`, from.String(), to.String())
	slices.SortStableFunc(out, func(a, b Slot) int { return cmp.Compare(a.Start, b.Start) })
	return out, err
}

// CountEntries returns how many entries Entries returns.
func (tx *Tx) CountEntries(f EntryFilter) (n int, err error) {
	where, args := f.where()
	_, err = tx.scan(`SELECT count(*) FROM entry e JOIN clock c ON c.id = e.clock_id WHERE `+where, args, &n)
	return n, err
}

// CampaignSpan is the days from the first of a campaign's entries to the last.
type CampaignSpan struct {
	Name        string
	First, Last Date
}

// CampaignSpans returns the campaigns of the entries that the filter selects, cancelled ones left out, in order of start. An
// open series lasts to the end of its clock's year.
func (tx *Tx) CampaignSpans(f EntryFilter) ([]CampaignSpan, error) {
	where, args := f.where()
	return collect(tx, func(rows *sql.Rows) (s CampaignSpan, err error) {
		err = rows.Scan(&s.Name, &s.First, &s.Last)
		return s, err
	}, `SELECT min(e.campaign), min(e.start), max(e.last_day) FROM entry e JOIN clock c ON c.id = e.clock_id
		WHERE e.campaign <> '' AND e.state <> 'cancelled' AND `+where+` GROUP BY e.campaign_key ORDER BY 2, 1`, args...)
}

// Campaign returns the name of a campaign as it is written, found by a name that may differ in case, and whether there is one.
func (tx *Tx) Campaign(name string) (string, bool, error) {
	var found sql.NullString
	_, err := tx.scan(`SELECT min(campaign) FROM entry WHERE campaign_key = $1 AND campaign <> '' AND removed_at IS NULL`, []any{Key(name)}, &found)
	return found.String, found.Valid, err
}
