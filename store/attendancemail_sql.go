package store

import "strings"

// mailPrefix begins the who of a participant of whom only the e-mail is known.
const mailPrefix = "mail:"

// mergeMail gives what is recorded of a participant who was known by e-mail alone to the person whose it is. Where both were
// recorded of a session they become one: what the host corrected stays, else the longer time holds, since the two may be
// a phone and a computer in the same room.
func (tx *Tx) mergeMail(mail, personID string) error {
	mail = strings.ToLower(strings.TrimSpace(mail))
	if mail == "" || personID == "" {
		return nil
	}
	var one int
	if found, err := tx.scan(`SELECT 1 FROM attendance WHERE who = $1 LIMIT 1`, []any{mailPrefix + mail}, &one); err != nil || !found {
		return err
	}
	if _, err := tx.exec(`INSERT INTO attendance (session_id, who, name, signed_up_at, cancelled_at, joined_at, minutes, source)
		SELECT session_id, $2, '', signed_up_at, cancelled_at, joined_at, minutes, source FROM attendance WHERE who = $1
		ON CONFLICT (session_id, who) DO UPDATE SET
			joined_at = min(coalesce(joined_at, excluded.joined_at), coalesce(excluded.joined_at, joined_at)),
			minutes = CASE WHEN source = 'hand' THEN minutes WHEN excluded.source = 'hand' THEN excluded.minutes
				ELSE max(coalesce(minutes, excluded.minutes), coalesce(excluded.minutes, minutes)) END,
			source = CASE WHEN 'hand' IN (source, excluded.source) THEN 'hand' WHEN excluded.source = 'graph' THEN 'graph' ELSE source END`, mailPrefix+mail, personID); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM attendance WHERE who = $1`, mailPrefix+mail)
	return err
}

// meetMail is mergeMail for a person whose e-mail became known, unless somebody else has the same one: an address that two
// people have is of nobody.
func (tx *Tx) meetMail(p Person) error {
	mail := strings.ToLower(strings.TrimSpace(p.Email))
	if mail == "" {
		return nil
	}
	var one, people int
	if found, err := tx.scan(`SELECT 1 FROM attendance WHERE who = $1 LIMIT 1`, []any{mailPrefix + mail}, &one); err != nil || !found {
		return err
	}
	if _, err := tx.scan(`SELECT count(*) FROM person WHERE lower(email) = $1`, []any{mail}, &people); err != nil || people != 1 {
		return err
	}
	return tx.mergeMail(mail, p.ID)
}
