package store

import (
	"database/sql"
	"time"
)

// UploadState is what became of a file that was sent to the bot.
type UploadState string

// The states of an upload.
const (
	UploadWaiting   UploadState = "waiting"
	UploadImported  UploadState = "imported"
	UploadCancelled UploadState = "cancelled"
)

// Upload is a file that somebody sent to the bot, to be imported.
type Upload struct {
	ID        string
	PersonID  string // who sent it
	Name      string // of the file
	Data      []byte // while it waits
	State     UploadState
	DecidedAt time.Time // when it was imported or cancelled
}

// UploadKept is how long a file is kept, in real time.
const UploadKept = time.Hour

// AddUpload stores a file and gives it its ID. It forgets the files that are too old.
func (tx *Tx) AddUpload(u *Upload, real time.Time) error {
	if err := tx.ForgetUploads(real); err != nil {
		return err
	}
	u.ID, u.State = NewID(), UploadWaiting
	_, err := tx.exec(`INSERT INTO upload (id, person_id, name, data, state, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		u.ID, u.PersonID, u.Name, u.Data, string(u.State), real.Add(UploadKept).UnixMilli())
	return err
}

// Upload returns a file that was sent to the bot. It fails with NotFound when it is not kept any more.
func (tx *Tx) Upload(id string, real time.Time) (*Upload, error) {
	return one(tx, func(rows *sql.Rows) (*Upload, error) {
		var u Upload
		var decided sql.NullInt64
		err := rows.Scan(&u.ID, &u.PersonID, &u.Name, &u.Data, &u.State, &decided)
		if decided.Valid {
			u.DecidedAt = time.UnixMilli(decided.Int64)
		}
		return &u, err
	}, "error.upload_gone", `SELECT id, person_id, name, data, state, decided_at FROM upload WHERE id = $1 AND expires_at > $2`, id, real.UnixMilli())
}

// SettleUpload records what became of a file, at the plan's time, and lets go of its bytes.
func (tx *Tx) SettleUpload(id string, state UploadState, at time.Time) error {
	_, err := tx.exec(`UPDATE upload SET state = $2, decided_at = $3, data = NULL WHERE id = $1 AND state = 'waiting'`, id, string(state), at.UnixMilli())
	return err
}

// ForgetUploads removes the files that have been kept long enough.
func (tx *Tx) ForgetUploads(real time.Time) error {
	_, err := tx.exec(`DELETE FROM upload WHERE expires_at <= $1`, real.UnixMilli())
	return err
}
