package store

import (
	"database/sql"
	"time"
)

const needColumns = `id, text, asked_by, asked_at, state, comment, decided_by, coalesce(decided_at, 0), coalesce(entry_id, '') FROM need `

func scanNeed(rows *sql.Rows) (*Need, error) {
	var n Need
	var asked, decided int64
	err := rows.Scan(&n.ID, &n.Text, &n.AskedBy, &asked, &n.State, &n.Comment, &n.DecidedBy, &decided, &n.EntryID)
	n.AskedAt, n.DecidedAt = time.UnixMilli(asked), orZero(decided)
	return &n, err
}

// AddNeed stores a new need.
func (tx *Tx) AddNeed(n *Need) error {
	n.State = NeedOpen
	_, err := tx.scan(`INSERT INTO need (text, asked_by, asked_at, state, comment, decided_by) VALUES ($1, $2, $3, 'open', '', '') RETURNING id`,
		[]any{n.Text, n.AskedBy, n.AskedAt.UnixMilli()}, &n.ID)
	return err
}

// Need returns the need of that id. It fails with NotFound.
func (tx *Tx) Need(id int64) (*Need, error) {
	return one(tx, scanNeed, "error.need_gone", `SELECT `+needColumns+`WHERE id = $1`, id)
}

// OpenNeeds returns the needs that wait for an answer, the oldest first.
func (tx *Tx) OpenNeeds() ([]*Need, error) {
	return collect(tx, scanNeed, `SELECT `+needColumns+`WHERE state IN ('open', 'postponed') ORDER BY asked_at, id`)
}

// DecideNeed records what becomes of a need that waits for an answer, and has its cards updated. It reports false,
// changing nothing, when it was answered already.
func (tx *Tx) DecideNeed(n *Need, state NeedState, by, comment, entryID string, now time.Time) (bool, error) {
	changed, err := affected(tx.exec(`UPDATE need SET state = $2, decided_by = $3, comment = $4, entry_id = $5, decided_at = $6 WHERE id = $1 AND state IN ('open', 'postponed')`,
		n.ID, string(state), by, comment, orNull(entryID), now.UnixMilli()))
	if err != nil || changed == 0 {
		return false, err
	}
	n.State, n.DecidedBy, n.Comment, n.EntryID, n.DecidedAt = state, by, comment, entryID, now
	_, err = tx.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE need_id = $1 AND state IN ('sending', 'sent', 'perhaps_sent')`, n.ID)
	return true, err
}
