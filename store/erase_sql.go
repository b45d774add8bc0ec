package store

import (
	"database/sql"
	"slices"
	"strings"
	"time"
)

// personRef is a column that holds the AAD object id of a person.
type personRef struct{ table, column string }

// personRefs are the columns that hold the AAD object id of a person, or for attendance.who one that may. Erase deletes or
// marks what stands there, FindTraces counts it.
var (
	ownRows = []personRef{{"role", "person_id"}, {"team_member", "person_id"}, {"calendar_feed", "person_id"}, {"download", "person_id"}, {"upload", "person_id"}, {"person", "id"}}
	marked  = []personRef{
		{"occurrence", "done_by"}, {"reminder", "status_by"}, {"content", "author_id"},
		{"content_version", "requested_by"}, {"content_version", "decided_by"}, {"content_version", "withdrawn_by"}, {"follow_up", "by"},
		{"need", "asked_by"}, {"need", "decided_by"}, {"agenda_outcome", "by"}, {"session", "created_by"},
	}
	otherRefs = []personRef{{"audit", "actor_id"}, {"post", "person_id"}, {"acknowledgement", "person_id"}, {"attendance", "who"}, {"feedback", "person_id"}, {"reach_person", "person_id"},
		{"session", "host_id"}, {"session", "meeting_host"}}
	everyRef = slices.Concat(ownRows, marked, otherRefs)
)

// is selects the rows in which the column holds $1. Of what is often empty only the rest is indexed.
func (r personRef) is() string { return r.column + ` = $1 AND ` + r.column + ` <> ''` }

// freeText is a column with text of people, which may name others.
type freeText struct {
	table, column string
	keys          []string // the table's primary key
	json          bool     // a JSON value
	cards         string   // selects the posts that show it: a column of post that equals the first key, "" for none
}

var freeTexts = []freeText{
	{"entry", "goal", []string{"id"}, false, "entry_id"},
	{"entry", "notes", []string{"id"}, false, ""},
	{"content", "form", []string{"id"}, true, ""},
	{"content_version", "comment", []string{"content_id", "version"}, false, "content_id"},
	{"need", "text", []string{"id"}, false, "need_id"},
	{"need", "comment", []string{"id"}, false, "need_id"},
	{"agenda_outcome", "comment", []string{"kind", "date", "item"}, false, ""},
	{"feedback", "need", []string{"session_id", "person_id"}, false, ""},
	{"feedback", "topic", []string{"session_id", "person_id"}, false, ""},
	{"measure_point", "source", []string{"measure_id", "start", "end"}, false, ""},
	{"post", "notice", []string{"id"}, true, "id"},
	{"post", "title", []string{"id"}, false, "id"},
	{"post", "reason", []string{"id"}, false, ""},
}

// archiveTexts are the organisation's own, which erasing a person leaves as they are: see Erase. Whoever asks what is held on
// them is told of those as well.
var archiveTexts = []freeText{
	{table: "entry", column: "title", keys: []string{"id"}},
	{table: "content_version", column: "title", keys: []string{"content_id", "version"}},
	{table: "content_version", column: "body", keys: []string{"content_id", "version"}},
	{table: "content_version", column: "title_sv", keys: []string{"content_id", "version"}},
	{table: "content_version", column: "body_sv", keys: []string{"content_id", "version"}},
	{table: "content_version", column: "image_alt", keys: []string{"content_id", "version"}},
	{table: "session", column: "title", keys: []string{"id"}},
}

// FindTraces looks for a person in the whole database: for their id, and in texts for their name, addresses and id. It fails
// with NotFound when their id is nowhere. It reads every text there is, which takes a moment in a large database: call it
// in a transaction for reading.
func (tx *Tx) FindTraces(id string, today Date) (*Traces, error) {
	t, err := tx.FindRecords(id, today)
	if err != nil {
		return nil, err
	}
	for i, f := range freeTexts {
		keys, err := tx.textsNaming(t, f)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			t.texts = append(t.texts, textRef{i, key})
		}
	}
	return t, tx.auditsNaming(t, 0)
}

// FindRecords is FindTraces without the texts: enough to say what there is, and not to erase it.
func (tx *Tx) FindRecords(id string, today Date) (*Traces, error) {
	t := &Traces{ID: strings.ToLower(id), Rows: Tally{}}
	if err := tx.identity(t, today); err != nil {
		return nil, err
	}
	for _, ref := range everyRef {
		var n int
		if _, err := tx.scan(`SELECT count(*) FROM `+ref.table+` WHERE `+ref.is(), []any{t.ID}, &n); err != nil {
			return nil, err
		}
		t.Rows[ref.table] += n
	}
	if t.Rows.Total() == 0 {
		return nil, NotFound("error.person_no_traces", "id", id)
	}
	return t, nil
}

// identity fills in what the person is known by.
func (tx *Tx) identity(t *Traces, today Date) error {
	p, _, err := tx.Person(t.ID)
	if err != nil {
		return err
	}
	t.Name, t.TeamsID = p.Name, p.TeamsID
	t.Emails, t.Conversations = []string{p.Email}, []string{p.ConversationID}
	if t.Names, err = collect(tx, scanString, `SELECT name FROM person WHERE id = $1 UNION SELECT actor FROM audit WHERE actor_id = $1 UNION SELECT name FROM attendance WHERE who = $1`, t.ID); err != nil {
		return err
	}
	for _, name := range t.Names {
		if t.Name == "" {
			t.Name = name
		}
		var one int
		same, err := tx.scan(`SELECT 1 FROM person WHERE name_key = $1 AND id <> $2 LIMIT 1`, []any{Key(name), t.ID}, &one)
		if err != nil {
			return err
		}
		t.Namesake = t.Namesake || (same && name != "")
	}
	if t.Admin, err = tx.HasRole(t.ID, today, RoleAdmin); err != nil {
		return err
	}
	var others int
	if _, err := tx.scan(`SELECT count(*) FROM role WHERE role = 'admin' AND until IS NULL AND person_id <> $1`, []any{t.ID}, &others); err != nil {
		return err
	}
	t.LastAdmin = t.Admin && others == 0
	if _, err := tx.scan(`SELECT count(*) FROM session WHERE host_id = $1 AND state = 'planned' AND start >= $2`, []any{t.ID, today.In(time.UTC, 0).UnixMilli()}, &t.Hosts); err != nil {
		return err
	}
	t.collectNames()
	return nil
}

// textsNaming returns the keys of the rows whose text names the person.
func (tx *Tx) textsNaming(t *Traces, f freeText) (found [][]any, err error) {
	rows, err := tx.query(`SELECT ` + strings.Join(f.keys, ", ") + `, ` + f.column + ` FROM ` + f.table + ` WHERE ` + f.column + ` <> ''`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		key := make([]any, len(f.keys))
		dest := make([]any, 0, len(f.keys)+1)
		for i := range key {
			dest = append(dest, &key[i])
		}
		var text string
		if err := rows.Scan(append(dest, &text)...); err != nil {
			return nil, err
		}
		if t.names(text) {
			found = append(found, key)
		}
	}
	return found, rows.Err()
}

// auditsNaming adds the records after that one whose detail names the person.
func (tx *Tx) auditsNaming(t *Traces, after int64) error {
	rows, err := tx.query(`SELECT seq, detail FROM audit WHERE seq > $1 ORDER BY seq`, after)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var detail string
		if err := rows.Scan(&t.auditEnd, &detail); err != nil {
			return err
		}
		if t.names(detail) {
			t.audits = append(t.audits, t.auditEnd)
		}
	}
	return rows.Err()
}

// eraser is Erase at work. Its steps count what they do by table.
type eraser struct {
	*Tx
	*Erasure
	mark string
	now  time.Time
}

// do runs a statement and adds the rows it changed to the tally.
func (e *eraser) do(tally Tally, table, statement string, args ...any) error {
	n, err := affected(e.exec(statement, args...))
	tally[table] += int(n)
	return err
}

// refresh has cards updated that show the person.
func (e *eraser) refresh(where string, args ...any) error {
	_, err := e.exec(`UPDATE post SET wanted = wanted + 1, update_at = 0 WHERE state IN ('sending', 'sent', 'perhaps_sent', 'withdrawn') AND `+where, args...)
	return err
}

// audit empties the records of what the person did, and those that name them.
func (e *eraser) audit() error {
	if err := e.auditsNaming(&e.Traces, e.auditEnd); err != nil {
		return err
	}
	const empty = `UPDATE audit SET actor = '', actor_id = '', detail = '', salt = '' WHERE salt <> '' AND `
	for _, seq := range e.audits {
		if err := e.do(e.Anonymous, "audit", empty+`seq = $1`, seq); err != nil {
			return err
		}
	}
	return e.do(e.Anonymous, "audit", empty+`actor_id = $1`, e.ID)
}

// cards has the cards updated whose records tell of the person. It goes before those are changed.
func (e *eraser) cards() error {
	for _, where := range []string{
		`kind <> 'notice' AND content_id IN (SELECT content_id FROM content_version WHERE requested_by = $1 OR decided_by = $1 OR withdrawn_by = $1)`,
		`reminder_id IN (SELECT id FROM reminder WHERE status_by = $1 AND status_by <> '' UNION SELECT r.id FROM reminder r JOIN occurrence o ON o.entry_id = r.entry_id AND o.start = r.occurrence WHERE o.done_by = $1)`,
		`need_id IN (SELECT id FROM need WHERE asked_by = $1 OR decided_by = $1)`,
		`session_id IN (SELECT id FROM session WHERE host_id = $1 OR created_by = $1) AND kind <> 'feedback'`,
	} {
		if err := e.refresh(where, e.ID); err != nil {
			return err
		}
	}
	return nil
}

// texts puts the mark where a text names the person, and nobody where an entry's owner is the person.
func (e *eraser) texts() error {
	for _, ref := range e.Traces.texts {
		f := freeTexts[ref.column]
		this := keyed(f.keys)
		var text string
		if found, err := e.scan(`SELECT `+f.column+` FROM `+f.table+this, ref.key, &text); err != nil {
			return err
		} else if !found {
			continue
		}
		redact := e.redact
		if f.json {
			redact = e.redactJSON
		}
		text, found := redact(text, e.mark)
		if !found {
			continue // changed since
		}
		if err := e.do(e.Anonymous, f.table, `UPDATE `+f.table+` SET `+f.column+` = $`+string(rune('1'+len(f.keys)))+this, append(slices.Clone(ref.key), text)...); err != nil {
			return err
		}
		if f.cards != "" {
			if err := e.refresh(f.cards+` = $1`, ref.key[0]); err != nil {
				return err
			}
		}
	}
	owners := e.Emails
	if !e.Namesake {
		owners = slices.Concat(owners, e.Names)
	}
	owners = slices.DeleteFunc(owners, func(s string) bool { return !strings.ContainsAny(s, " @") }) // a single word may be a team's name
	written, err := e.ownersNamed(owners)
	if err != nil {
		return err
	}
	for _, owner := range written {
		if err := e.refresh(`reminder_id IS NOT NULL AND entry_id IN (SELECT id FROM entry WHERE owner = $1)`, owner); err != nil {
			return err
		}
		if err := e.do(e.Anonymous, "entry", `UPDATE entry SET owner = '', version = version + 1 WHERE owner = $1`, owner); err != nil {
			return err
		}
	}
	return nil
}

// ownersNamed returns the owners of entries that are one of the names, as they are written: SQLite knows only the case of
// English letters.
func (tx *Tx) ownersNamed(names []string) ([]string, error) {
	all, err := collect(tx, scanString, `SELECT DISTINCT owner FROM entry WHERE owner <> '' ORDER BY owner`)
	return slices.DeleteFunc(all, func(owner string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return Key(name) == Key(owner) })
	}), err
}

// attendance counts the person where they acknowledged and came, and forgets them. What they signed up for and is still to
// come they do not come to.
func (e *eraser) attendance() error {
	const acks = `FROM acknowledgement AS a WHERE a.person_id = $1`
	if _, err := e.exec(keepAcks+acks+addAcks, e.ID); err != nil {
		return err
	}
	if err := e.do(e.Removed, "acknowledgement", `DELETE `+acks, e.ID); err != nil {
		return err
	}
	who := []string{e.ID}
	for _, mail := range e.Emails {
		who = append(who, "mail:"+strings.ToLower(mail))
	}
	for _, w := range who {
		if err := e.do(e.Removed, "attendance", `DELETE FROM attendance WHERE who = $1 AND session_id IN (SELECT id FROM session WHERE start > $2)`, w, e.now.UnixMilli()); err != nil {
			return err
		}
		if _, err := e.exec(keepTurnout+`who = $1`+addTurnout, w); err != nil {
			return err
		}
		if err := e.do(e.Removed, "attendance", `DELETE FROM attendance WHERE who = $1`, w); err != nil {
			return err
		}
	}
	return nil
}

// feedback keeps how the person rated sessions and what they chose from a list, as of somebody; their own words go.
func (e *eraser) feedback() error {
	type answer struct{ session int64 }
	list, err := collect(e.Tx, func(rows *sql.Rows) (a answer, err error) {
		err = rows.Scan(&a.session)
		return a, err
	}, `SELECT session_id FROM feedback WHERE person_id = $1`, e.ID)
	if err != nil {
		return err
	}
	// One mark for all of them: who asks twice for the same counts as one.
	mark := ErasedPerson + ":" + NewID()
	for _, a := range list {
		if err := e.forgetAnswerer(a.session, e.ID, mark); err != nil {
			return err
		}
	}
	e.Anonymous["feedback"] += len(list)
	for _, statement := range []string{`UPDATE feedback SET need = '' WHERE person_id = $1 AND ` + ownNeed, `UPDATE feedback SET topic = '' WHERE person_id = $1 AND ` + ownTopic} {
		if _, err := e.exec(statement, mark); err != nil {
			return err
		}
	}
	return nil
}

// sessions takes the host out, with their meetings: a meeting's link holds the id of who made it. A session to come needs
// another host.
func (e *eraser) sessions() error {
	return e.do(e.Anonymous, "session", `UPDATE session SET version = version + 1, event_id = '', meeting_id = '', meeting_url = '', meeting_host = '',
			join_url = CASE host_id WHEN $1 THEN '' ELSE join_url END, host_id = CASE host_id WHEN $1 THEN '' ELSE host_id END,
			meeting_why = '', meeting_retry = 0, meeting_tries = 0, report_state = CASE report_state WHEN 'wanted' THEN 'gone' ELSE report_state END,
			meeting_state = CASE WHEN state <> 'planned' OR start + minutes * 60000 <= $2 OR (host_id <> $1 AND join_url <> '') THEN 'none' WHEN host_id = $1 THEN 'failed' ELSE 'wanted' END
		WHERE host_id = $1 OR meeting_host = $1`, e.ID, e.now.UnixMilli())
}

// posts takes the person out of the messages that were for them. Those that were not sent yet are not.
func (e *eraser) posts() error {
	if _, err := e.exec(`UPDATE post SET state = CASE state WHEN 'pending' THEN 'withdrawn' ELSE state END, sent_at = CASE state WHEN 'pending' THEN NULL ELSE queued_at END,
		reason = 'the receiver was erased' WHERE person_id = $1 AND sent_at IS NULL AND state IN ('pending', 'perhaps_sent')`, e.ID); err != nil {
		return err
	}
	if _, err := e.exec(`UPDATE post SET `+forgetNotice+` WHERE person_id = $1`, e.ID); err != nil {
		return err
	}
	return e.do(e.Anonymous, "post", forgetReceiver+`person_id = $1`, e.ID)
}

// reach leaves the number by which the person was counted, and forgets whose it is.
func (e *eraser) reach() error {
	return e.do(e.Anonymous, "reach_person", `UPDATE reach_person SET person_id = NULL WHERE person_id IN ($1, $2) AND person_id <> ''`, e.ID, e.TeamsID)
}

// rows marks the person in what stays, and deletes what is only theirs.
func (e *eraser) rows() error {
	for _, ref := range marked {
		if err := e.do(e.Anonymous, ref.table, `UPDATE `+ref.table+` SET `+ref.column+` = $2 WHERE `+ref.is(), e.ID, ErasedPerson); err != nil {
			return err
		}
	}
	for _, conversation := range e.Conversations {
		if _, err := e.exec(`DELETE FROM seen WHERE substr(activity_id, 1, length($1) + 1) = $1 || '|'`, conversation); err != nil {
			return err
		}
	}
	for _, ref := range ownRows {
		if err := e.do(e.Removed, ref.table, `DELETE FROM `+ref.table+` WHERE `+ref.is(), e.ID); err != nil {
			return err
		}
	}
	return nil
}
