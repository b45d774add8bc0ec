package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

// auditEnd is the end of the audit log as the transactions of one commit see it: they append to it one after the other, and
// nobody else does meanwhile.
type auditEnd struct {
	known bool
	grown bool // since the commit began
	seq   int64
	hash  string
}

// Audit appends a record to the audit log.
func (tx *Tx) Audit(at time.Time, who Actor, action, subject, detail string) error {
	r := AuditRecord{At: at, Actor: who.Name, ActorID: who.ID, Action: action, Subject: subject, Detail: detail, Salt: NewID() + NewID()}
	end := tx.conn.audit
	if !end.known {
		end.hash = noHash
		if _, err := tx.scan(`SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1`, nil, &end.seq, &end.hash); err != nil {
			return err
		}
	}
	r.Seq = end.seq + 1
	r.seal(end.hash)
	if _, err := tx.exec(`INSERT INTO audit (seq, at, actor, actor_id, action, subject, detail, salt, actor_digest, detail_digest, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.Seq, r.At.UnixMilli(), r.Actor, r.ActorID, r.Action, r.Subject, r.Detail, r.Salt, r.ActorDigest, r.DetailDigest, r.Hash); err != nil {
		return err
	}
	tx.conn.audit = auditEnd{known: true, grown: true, seq: r.Seq, hash: r.Hash}
	return nil
}

// endAudit keeps the length of the log beside it, before a commit in which it has grown.
func (tx *Tx) endAudit() error {
	if !tx.conn.audit.grown {
		return nil
	}
	return tx.SetSetting("audit_length", strconv.FormatInt(tx.conn.audit.seq, 10))
}

// AuditRecords calls fn for each record of the log, in order.
func (tx *Tx) AuditRecords(fn func(*AuditRecord) error) error {
	rows, err := tx.query(`SELECT seq, at, actor, actor_id, action, subject, detail, salt, actor_digest, detail_digest, hash FROM audit ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanAudit(rows)
		if err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanAudit(rows *sql.Rows) (*AuditRecord, error) {
	var r AuditRecord
	var at int64
	err := rows.Scan(&r.Seq, &at, &r.Actor, &r.ActorID, &r.Action, &r.Subject, &r.Detail, &r.Salt, &r.ActorDigest, &r.DetailDigest, &r.Hash)
	r.At = time.UnixMilli(at)
	return &r, err
}

// VerifyAudit recomputes the chain and returns how many records it has, of which how many erased. An error names the
// first record that does not hold.
func (tx *Tx) VerifyAudit() (records, erased int64, err error) {
	previous := noHash
	err = tx.AuditRecords(func(r *AuditRecord) error {
		if err := r.check(records, previous); err != nil {
			return err
		}
		records, previous = r.Seq, r.Hash
		if r.Erased() {
			erased++
		}
		return nil
	})
	if err != nil {
		return records, erased, err
	}
	// A chain that is cut at its end still holds; the length kept beside it tells.
	length, err := tx.Setting("audit_length")
	if err != nil {
		return records, erased, err
	}
	if want, _ := strconv.ParseInt(length, 10, 64); want != records {
		return records, erased, fmt.Errorf("the audit log ends at record %d, but %s were written", records, length)
	}
	return records, erased, nil
}
