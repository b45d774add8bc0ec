package store

import (
	"database/sql"
	"encoding/json"
	"time"
)

// Draft is content being written, as its form holds it.
type Draft struct {
	ID        int64
	EntryID   string // "" for none
	AuthorID  string // AAD object id of who last saved it
	Form      map[string]string
	Version   int
	UpdatedAt time.Time
}

// Draft returns the draft of that id. It fails with NotFound.
func (tx *Tx) Draft(id int64) (*Draft, error) {
	return one(tx, scanDraft, "error.draft_gone", `SELECT `+draftColumns+`WHERE id = $1`, id)
}

// DraftOf returns the newest draft of an entry that has not been published. What was published is done with: the next
// occurrence of a series gets content of its own. Nor is a result area's digest meant, which is its team's. It fails with NotFound.
func (tx *Tx) DraftOf(entryID string) (*Draft, error) {
	return one(tx, scanDraft, "error.draft_gone", `SELECT `+draftColumns+`WHERE entry_id = $1
		AND NOT EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = content.id AND v.published_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM digest d WHERE d.content_id = content.id AND d.team_id <> '') ORDER BY updated_at DESC, id DESC LIMIT 1`, entryID)
}

// DraftLike returns the draft that the author saved since then exactly as this form is filled in: that of a click which
// came again because its answer got lost. It reports false when there is none.
func (tx *Tx) DraftLike(authorID string, form map[string]string, since time.Time) (*Draft, bool, error) {
	text, err := json.Marshal(form)
	if err != nil {
		return nil, false, err
	}
	list, err := collect(tx, scanDraft, `SELECT `+draftColumns+`WHERE author_id = $1 AND created_at >= $2 AND form = $3 ORDER BY id DESC LIMIT 1`, authorID, since.UnixMilli(), string(text))
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

const draftColumns = `id, coalesce(entry_id, ''), author_id, form, version, updated_at FROM content `

func scanDraft(rows *sql.Rows) (*Draft, error) {
	var d Draft
	var form string
	var at int64
	if err := rows.Scan(&d.ID, &d.EntryID, &d.AuthorID, &form, &d.Version, &at); err != nil {
		return nil, err
	}
	d.UpdatedAt = time.UnixMilli(at)
	return &d, json.Unmarshal([]byte(form), &d.Form)
}

// one returns the first row, or NotFound with the sentence of that key.
func one[T any](tx *Tx, scan func(*sql.Rows) (T, error), missing, query string, args ...any) (v T, err error) {
	list, err := collect(tx, scan, query, args...)
	if err == nil && len(list) == 0 {
		err = NotFound(missing)
	}
	if err != nil {
		return v, err
	}
	return list[0], nil
}

// SaveDraft stores a draft: a new one when its ID is 0, else the next version of it. It fails with Conflict when somebody
// else saved it meanwhile.
func (tx *Tx) SaveDraft(d *Draft, now time.Time) error {
	form, err := json.Marshal(d.Form)
	if err != nil {
		return err
	}
	if d.ID == 0 {
		d.Version = 1
		_, err := tx.scan(`INSERT INTO content (entry_id, author_id, form, version, created_at, updated_at) VALUES ($1, $2, $3, 1, $4, $4) RETURNING id`,
			[]any{orNull(d.EntryID), d.AuthorID, string(form), now.UnixMilli()}, &d.ID)
		return err
	}
	n, err := affected(tx.exec(`UPDATE content SET entry_id = $2, author_id = $3, form = $4, version = version + 1, updated_at = $5 WHERE id = $1 AND version = $6`,
		d.ID, orNull(d.EntryID), d.AuthorID, string(form), now.UnixMilli(), d.Version))
	if err == nil && n == 0 {
		return Conflict("error.draft_changed")
	}
	d.Version++
	return err
}

// HasContent reports whether content has been written, and whether content has been approved, for an occurrence of the
// entry: since the instant, which is the end of the occurrence before it, or zero.
func (tx *Tx) HasContent(entryID string, since time.Time) (written, approved bool, err error) {
	ms := int64(0)
	if !since.IsZero() {
		ms = since.UnixMilli()
	}
	_, err = tx.scan(`SELECT EXISTS (SELECT 1 FROM content WHERE entry_id = $1 AND updated_at >= $2) OR
			EXISTS (SELECT 1 FROM content_version WHERE entry_id = $1 AND publish_at >= $2),
		EXISTS (SELECT 1 FROM content_version WHERE entry_id = $1 AND decision = 'approved' AND coalesce(publish_at, decided_at) >= $2)`,
		[]any{entryID, ms}, &written, &approved)
	return written, approved, err
}
