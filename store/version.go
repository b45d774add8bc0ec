package store

import "errors"

// Version tells states of the database apart: what two transactions of equal versions have read is the same. Versions of
// one state may differ.
type Version struct {
	conn *conn
	n    int64
}

// Version returns the version of the state that a transaction of Read sees. Every commit, by whatever program, makes
// another one.
func (tx *Tx) Version() (Version, error) {
	if !tx.conn.reads {
		return Version{}, errors.New("a writing transaction changes what it sees, and has no version")
	}
	v := Version{conn: tx.conn}
	_, err := tx.scan(`PRAGMA data_version`, nil, &v.n)
	return v, err
}
