package store

import (
	"database/sql"
	"encoding/base64"
	"slices"
	"strings"
	"time"
)

// PersonField is one value that is kept on a person.
type PersonField struct {
	Table  string
	Record int // 1, 2, 3 … within the table
	Column string
	Value  any // string, int64, bool or time.Time
}

// personRecords select what is kept on a person, whose id is $1, by table: whole records, with what a reader needs to know
// what they are about.
var personRecords = []struct{ table, query string }{
	{"person", `SELECT p.* FROM person p WHERE p.id = $1`},
	{"role", `SELECT r.* FROM role r WHERE r.person_id = $1`},
	{"team_member", `SELECT m.*, t.name AS team FROM team_member m JOIN team t ON t.id = m.team_id WHERE m.person_id = $1`},
	{"calendar_feed", `SELECT f.* FROM calendar_feed f WHERE f.person_id = $1`},
	{"download", `SELECT d.* FROM download d WHERE d.person_id = $1`},
	{"upload", `SELECT u.* FROM upload u WHERE u.person_id = $1`},
	{"seen", `SELECT s.* FROM seen s JOIN person p ON p.id = $1 AND p.conversation_id <> '' WHERE substr(s.activity_id, 1, length(p.conversation_id) + 1) = p.conversation_id || '|'`},
	{"occurrence", `SELECT o.*, e.title AS entry FROM occurrence o JOIN entry e ON e.id = o.entry_id WHERE o.done_by = $1`},
	{"reminder", `SELECT r.*, e.title AS entry FROM reminder r JOIN entry e ON e.id = r.entry_id WHERE r.status_by = $1 AND r.status_by <> ''`},
	{"content", `SELECT c.* FROM content c WHERE c.author_id = $1`},
	{"content_version", `SELECT v.* FROM content_version v WHERE v.requested_by = $1 OR v.decided_by = $1 OR v.withdrawn_by = $1`},
	{"follow_up", `SELECT f.* FROM follow_up f WHERE f.by = $1`},
	{"acknowledgement", `SELECT a.*, (SELECT title FROM content_version v WHERE v.content_id = a.content_id ORDER BY version DESC LIMIT 1) AS publication FROM acknowledgement a WHERE a.person_id = $1`},
	{"reach_person", `SELECT p.person_id FROM reach_person p WHERE p.person_id = $1`},
	{"reach_member", `SELECT m.person, c.name AS channel, m.first, m.last FROM reach_member m JOIN reach_person p ON p.n = m.person JOIN reach_channel r ON r.n = m.channel
		JOIN channel c ON c.id = r.channel_id WHERE p.person_id = $1`},
	{"reach_signal", `SELECT s.person, s.what, s.kind, s.at, s.gone, o.title AS post FROM reach_signal s JOIN reach_person p ON p.n = s.person JOIN post o ON o.id = s.post_id WHERE p.person_id = $1`},
	{"need", `SELECT n.* FROM need n WHERE n.asked_by = $1 OR n.decided_by = $1`},
	{"agenda_outcome", `SELECT o.* FROM agenda_outcome o WHERE o.by = $1`},
	{"session", `SELECT s.* FROM session s WHERE s.host_id = $1 OR s.created_by = $1 OR s.meeting_host = $1`},
	{"attendance", `SELECT a.*, s.title AS session, s.start FROM attendance a JOIN session s ON s.id = a.session_id
		WHERE a.who = $1 OR a.who IN (SELECT 'mail:' || lower(email) FROM person WHERE id = $1 AND email <> '')`},
	{"feedback", `SELECT f.*, s.title AS session, s.start FROM feedback f JOIN session s ON s.id = f.session_id WHERE f.person_id = $1`},
	{"post", `SELECT p.* FROM post p WHERE p.person_id = $1`},
	{"audit", `SELECT a.* FROM audit a WHERE a.actor_id = $1`},
}

// PersonRecords calls fn for everything that is kept on the person of the traces, which are of the same transaction: the
// records that are theirs or tell what they did, and of what others wrote the texts that name them. Files are in
// base64. Values that are empty
// are left out, and so is who else a record tells of.
func (tx *Tx) PersonRecords(t *Traces, fn func(PersonField) error) error {
	records := map[string]int{}
	for _, r := range personRecords {
		if err := tx.personRows(t, r.table, r.query, []any{t.ID}, records, fn); err != nil {
			return err
		}
	}
	text := func(f freeText, key []any) error {
		query := `SELECT ` + strings.Join(f.keys, ", ") + `, ` + f.column + ` FROM ` + f.table + keyed(f.keys)
		return tx.personRows(t, f.table, query, key, records, fn)
	}
	for _, ref := range t.texts {
		if err := text(freeTexts[ref.column], ref.key); err != nil {
			return err
		}
	}
	for _, f := range archiveTexts {
		keys, err := tx.textsNaming(t, f)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := text(f, key); err != nil {
				return err
			}
		}
	}
	owners, err := tx.ownersNamed(slices.Concat(t.Emails, t.Names))
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if err := tx.personRows(t, "entry", `SELECT id, title, start, owner FROM entry WHERE owner = $1`, []any{owner}, records, fn); err != nil {
			return err
		}
	}
	for _, seq := range t.audits {
		// Who did it is somebody else's.
		if err := tx.personRows(t, "audit", `SELECT seq, at, action, subject, detail FROM audit WHERE seq = $1 AND actor_id <> $2`, []any{seq, t.ID}, records, fn); err != nil {
			return err
		}
	}
	return nil
}

// keyed selects the row of a primary key.
func keyed(keys []string) string {
	where := make([]string, len(keys))
	for i, k := range keys {
		where[i] = k + ` = $` + string(rune('1'+i))
	}
	return ` WHERE ` + strings.Join(where, ` AND `)
}

func (tx *Tx) personRows(t *Traces, table, query string, args []any, records map[string]int, fn func(PersonField) error) error {
	rows, err := tx.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		records[table]++
		if err := personRow(rows, PersonField{Table: table, Record: records[table]}, columns, func(f PersonField) error {
			if id, ok := f.Value.(string); ok && id != t.ID && !strings.HasPrefix(id, "mail:") && slices.Contains(everyRef, personRef{f.Table, f.Column}) {
				return nil // somebody else
			}
			return fn(f)
		}); err != nil {
			return err
		}
	}
	return rows.Err()
}

func personRow(rows *sql.Rows, f PersonField, columns []string, fn func(PersonField) error) error {
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = base64.StdEncoding.EncodeToString(b)
		}
		if v == nil || v == "" {
			continue
		}
		f.Column, f.Value = columns[i], v
		if ms, ok := v.(int64); ok && isInstant(f.Column) {
			if ms == 0 {
				continue
			}
			f.Value = time.UnixMilli(ms)
		}
		if err := fn(f); err != nil {
			return err
		}
	}
	return nil
}

// isInstant reports whether a column of numbers holds Unix milliseconds, by its name.
func isInstant(column string) bool {
	return strings.HasSuffix(column, "_at") || column == "at" || column == "start" || column == "meeting_retry" || column == "report_retry"
}
