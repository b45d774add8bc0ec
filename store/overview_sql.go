package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"
)

// EntryNames returns the names that the entries which may take place within the days go by.
func (tx *Tx) EntryNames(from, to Date) (n EntryNames, err error) {
	where, args := EntryFilter{From: from, To: to}.where()
	for _, q := range []struct {
		into    *[]string
		columns string
	}{
		{&n.Clocks, `SELECT min(c.name) FROM entry e JOIN clock c ON c.id = e.clock_id WHERE ` + where + ` GROUP BY c.name_key`},
		{&n.Campaigns, `SELECT min(e.campaign) FROM entry e JOIN clock c ON c.id = e.clock_id WHERE e.campaign <> '' AND ` + where + ` GROUP BY e.campaign_key`},
		{&n.Audiences, `SELECT min(a.name) FROM entry_audience a JOIN entry e ON e.id = a.entry_id JOIN clock c ON c.id = e.clock_id WHERE ` + where + ` GROUP BY a.name_key`},
		{&n.Channels, `SELECT DISTINCT e.channels FROM entry e JOIN clock c ON c.id = e.clock_id WHERE e.channels <> '' AND ` + where},
	} {
		if *q.into, err = collect(tx, scanString, q.columns, args...); err != nil {
			return n, err
		}
	}
	var channels []string // each row lists several
	for _, list := range n.Channels {
		channels = append(channels, strings.Split(list, ",")...)
	}
	n.Channels = names(channels)
	for _, list := range [][]string{n.Clocks, n.Campaigns, n.Audiences, n.Channels} {
		slices.SortFunc(list, func(a, b string) int { return cmp.Compare(Key(a), Key(b)) })
	}
	return n, nil
}

// EntryContents returns where the content of the entries that the filter selects stands, the oldest request first.
func (tx *Tx) EntryContents(f EntryFilter) ([]EntryContent, error) {
	where, args := f.where()
	return tx.entryContents(where, args...)
}

// ContentsOf returns where the content of one entry stands, the oldest request first.
func (tx *Tx) ContentsOf(entryID string) ([]EntryContent, error) {
	return tx.entryContents("e.id = $1", entryID)
}

func (tx *Tx) entryContents(where string, args ...any) ([]EntryContent, error) {
	return collect(tx, scanEntryContent, `SELECT e.id, v.content_id, v.version, v.title, v.audiences, v.decision, v.approval, v.requested_by, v.requested_at, v.decided_by,
		coalesce(v.decided_at, 0), coalesce(v.publish_at, 0), coalesce(v.published_at, 0), coalesce(v.withdrawn_at, 0), v.meeting_date
		FROM content_version v JOIN entry e ON e.id = v.entry_id JOIN clock c ON c.id = e.clock_id
		WHERE v.version = (SELECT max(w.version) FROM content_version w WHERE w.content_id = v.content_id) AND `+where+`
		ORDER BY v.requested_at, v.content_id`, args...)
}

func scanEntryContent(rows *sql.Rows) (c EntryContent, err error) {
	var audiences string
	var requested, decided, publish, published, withdrawn int64
	err = rows.Scan(&c.EntryID, &c.ContentID, &c.Version, &c.Title, &audiences, &c.Decision, &c.Approval, &c.RequestedBy, &requested, &c.DecidedBy,
		&decided, &publish, &published, &withdrawn, &c.MeetingDate)
	c.Audiences = splitNames(audiences)
	c.RequestedAt, c.DecidedAt, c.PublishAt, c.PublishedAt, c.WithdrawnAt = orZero(requested), orZero(decided), orZero(publish), orZero(published), orZero(withdrawn)
	return c, err
}
