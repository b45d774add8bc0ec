package store

import "database/sql"

// agingRule is how one kind of personal data is aged out: unit by unit, each in a transaction of its own. Its statements
// have the parameters of agingArgs.
type agingRule struct {
	table string
	text  bool     // by the retention of text, else of attendance
	due   string   // selects the units, as numbers
	rows  string   // counts the rows of a unit that hold personal data still
	steps []string // take it out
	then  func(*Tx, agingArgs) error
}

// agingArgs are $1 the unit, $2 the instant before which data is too old, $3 today.
type agingArgs struct {
	unit, cutoff int64
	today        Date
}

// all returns every argument; the driver takes those that a statement names.
func (a agingArgs) all() []any { return []any{a.unit, a.cutoff, a.today} }

func (tx *Tx) agingUnits(rule agingRule, args agingArgs) ([]int64, error) {
	return collect(tx, func(rows *sql.Rows) (id int64, err error) {
		err = rows.Scan(&id)
		return id, err
	}, rule.due, args.all()...)
}

func (tx *Tx) countAging(rule agingRule, args agingArgs) (Tally, error) {
	var n int
	_, err := tx.scan(rule.rows, args.all(), &n)
	if n == 0 {
		return Tally{}, err
	}
	return Tally{rule.table: n}, err
}

const (
	// An acknowledgement is as old as itself, or as the newest text of its publication when that is old too: then the
	// publication is closed, so that nobody is counted twice.
	oldAcks = `FROM acknowledgement AS a WHERE a.content_id = $1 AND (a.at < $2
		OR NOT EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = $1 AND v.published_at >= $2))`

	// keepTurnout adds attendance rows to the numbers that stay.
	keepTurnout = `INSERT INTO attended (session_id, signed_up, attended, no_show)
		SELECT session_id, ` + turnoutColumns + ` FROM attendance WHERE `
	addTurnout = ` GROUP BY session_id
		ON CONFLICT (session_id) DO UPDATE SET signed_up = signed_up + excluded.signed_up, attended = attended + excluded.attended, no_show = no_show + excluded.no_show`

	// keepAcks adds acknowledgements to the numbers that stay; what follows it selects them.
	keepAcks = `INSERT INTO acknowledged (content_id, channel_id, people) SELECT a.content_id, a.channel_id, count(*) `
	addAcks  = ` GROUP BY a.content_id, a.channel_id ON CONFLICT (content_id, channel_id) DO UPDATE SET people = people + excluded.people`

	// forgetUncounted forgets the people who are in no count of reach any more.
	forgetUncounted = `DELETE FROM reach_person WHERE person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reach_member m WHERE m.person = reach_person.n)
		AND NOT EXISTS (SELECT 1 FROM reach_signal s WHERE s.person = reach_person.n) AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.person_id = reach_person.person_id)`

	// ownNeed and ownTopic select feedback with something that was written rather than chosen from a list.
	ownNeed  = `(need <> '' AND lower(trim(need)) NOT IN (SELECT lower(trim(name)) FROM session_need))`
	ownTopic = `(topic <> '' AND lower(trim(topic)) NOT IN (SELECT lower(trim(title)) FROM topic))`

	// unneededDraft selects drafts that were never sent for approval, are old, and whose entry, if any, is over.
	unneededDraft = `updated_at < $2 AND NOT EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = content.id)
		AND NOT EXISTS (SELECT 1 FROM post p WHERE p.content_id = content.id)
		AND NOT EXISTS (SELECT 1 FROM entry e JOIN clock k ON k.id = e.clock_id WHERE e.id = content.entry_id AND e.removed_at IS NULL AND e.state = 'planned'
			AND coalesce(e.end, CASE WHEN e.repeat = '' THEN e.start ELSE k.year || '-12-31' END) >= $3)`

	closedNeed = `state NOT IN ('open', 'postponed') AND max(asked_at, coalesce(decided_at, 0)) < $2 AND (text <> '' OR asked_by <> '' OR comment <> '' OR decided_by <> '')`

	// oldNotice selects personal messages that are out, or will not go out. Those of a day are a unit.
	oldNotice = `kind = 'notice' AND created_at < $2 AND notice <> '' AND (sent_at IS NOT NULL OR state NOT IN ('pending', 'sending', 'perhaps_sent'))`

	// forgetNotice takes the words out of a personal message; of those about needs the title is the need's text.
	forgetNotice = `title = CASE WHEN notice LIKE '%"notice.need.%' THEN '' ELSE title END, notice = '', shown = wanted, activity_id = ''`

	// forgetReceiver takes the receiver out of personal posts, which stay in the ledger. Nothing tells two of them apart but
	// their own number, which the unique indexes need. A post that is on its way is given no address when it arrives: see PostSent.
	forgetReceiver = `UPDATE post SET person_id = '` + ErasedPerson + `:' || id, service_url = '', conversation_id = '', activity_id = '', shown = wanted WHERE `
	// settledPersonal selects personal posts that are not waiting to be sent.
	settledPersonal = ` AND person_id IS NOT NULL AND person_id NOT LIKE '` + ErasedPerson + `%' AND (sent_at IS NOT NULL OR state NOT IN ('pending', 'sending', 'perhaps_sent'))`
)

// agingRules are all of them. A unit is the id of a publication's content, of a session, of a need or of a draft, an
// instant, or the number of a day.
var agingRules = []agingRule{
	{table: "acknowledgement",
		due: `SELECT DISTINCT v.content_id FROM content_version v WHERE v.published_at < $2 AND EXISTS (SELECT 1 FROM acknowledgement a WHERE a.content_id = v.content_id
			AND (a.at < $2 OR NOT EXISTS (SELECT 1 FROM content_version n WHERE n.content_id = v.content_id AND n.published_at >= $2)))`,
		rows: `SELECT count(*) ` + oldAcks,
		steps: []string{keepAcks + oldAcks + addAcks, `DELETE ` + oldAcks,
			forgetReceiver + `content_id = $1 AND kind = 'notice' AND created_at < $2` + settledPersonal}},
	{table: "attendance",
		due:  `SELECT s.id FROM session s WHERE s.start < $2 AND EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = s.id)`,
		rows: `SELECT count(*) FROM attendance WHERE session_id = $1`,
		steps: []string{keepTurnout + `session_id = $1` + addTurnout, `DELETE FROM attendance WHERE session_id = $1`,
			`UPDATE session SET report_state = 'gone' WHERE id = $1 AND report_state = 'wanted'`,
			forgetReceiver + `session_id = $1` + settledPersonal}},
	{table: "reach_signal",
		due: `SELECT DISTINCT s.post_id FROM reach_signal s JOIN post p ON p.id = s.post_id WHERE p.sent_at < $2
			AND NOT EXISTS (SELECT 1 FROM content_version v WHERE v.content_id = p.content_id AND v.published_at >= $2)`,
		rows: `SELECT count(*) FROM reach_signal WHERE post_id = $1`,
		then: func(tx *Tx, args agingArgs) error { return tx.forgetSignals(args.unit) }},
	{table: "reach_member",
		due:   `SELECT DISTINCT channel FROM reach_member WHERE last < date($2 / 1000, 'unixepoch')`,
		rows:  `SELECT count(*) FROM reach_member WHERE channel = $1 AND last < date($2 / 1000, 'unixepoch')`,
		steps: []string{`DELETE FROM reach_member WHERE channel = $1 AND last < date($2 / 1000, 'unixepoch')`}},
	{table: "feedback",
		due:  `SELECT DISTINCT s.id FROM session s JOIN feedback f ON f.session_id = s.id WHERE s.start < $2 AND f.person_id NOT LIKE '` + ErasedPerson + `%'`,
		rows: `SELECT count(*) FROM feedback WHERE session_id = $1 AND person_id NOT LIKE '` + ErasedPerson + `%'`,
		then: func(tx *Tx, args agingArgs) error { return tx.forgetAnswerers(args.unit) }},
	{table: "feedback", text: true,
		due:  `SELECT DISTINCT session_id FROM feedback WHERE at < $2 AND (` + ownNeed + ` OR ` + ownTopic + `)`,
		rows: `SELECT count(*) FROM feedback WHERE session_id = $1 AND at < $2 AND (` + ownNeed + ` OR ` + ownTopic + `)`,
		steps: []string{`UPDATE feedback SET need = '' WHERE session_id = $1 AND at < $2 AND ` + ownNeed,
			`UPDATE feedback SET topic = '' WHERE session_id = $1 AND at < $2 AND ` + ownTopic}},
	{table: "need", text: true,
		due:  `SELECT id FROM need WHERE ` + closedNeed,
		rows: `SELECT count(*) FROM need WHERE id = $1 AND ` + closedNeed,
		steps: []string{`UPDATE need SET text = '', asked_by = '', comment = '', decided_by = '' WHERE id = $1`,
			`UPDATE post SET title = '' WHERE need_id = $1`}},
	{table: "agenda_outcome", text: true,
		due:   `SELECT DISTINCT at FROM agenda_outcome WHERE at < $2 AND (comment <> '' OR by <> '')`,
		rows:  `SELECT count(*) FROM agenda_outcome WHERE at = $1 AND (comment <> '' OR by <> '')`,
		steps: []string{`UPDATE agenda_outcome SET comment = '', by = '' WHERE at = $1`}},
	{table: "post", text: true,
		due:   `SELECT DISTINCT created_at / 86400000 FROM post WHERE ` + oldNotice,
		rows:  `SELECT count(*) FROM post WHERE created_at / 86400000 = $1 AND ` + oldNotice,
		steps: []string{`UPDATE post SET ` + forgetNotice + ` WHERE created_at / 86400000 = $1 AND ` + oldNotice}},
	{table: "content", text: true,
		due:  `SELECT id FROM content WHERE ` + unneededDraft,
		rows: `SELECT count(*) FROM content WHERE id = $1 AND ` + unneededDraft,
		steps: []string{`UPDATE digest SET content_id = NULL WHERE content_id IN (SELECT id FROM content WHERE id = $1 AND ` + unneededDraft + `)`,
			`DELETE FROM content WHERE id = $1 AND ` + unneededDraft}},
}

// forgetAnswerers takes out who gave feedback on a session. What they rated and asked for stays.
func (tx *Tx) forgetAnswerers(sessionID int64) error {
	ids, err := collect(tx, scanString, `SELECT person_id FROM feedback WHERE session_id = $1 AND person_id NOT LIKE '`+ErasedPerson+`%'`, sessionID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.forgetAnswerer(sessionID, id, ErasedPerson+":"+NewID()); err != nil {
			return err
		}
	}
	return nil
}

// forgetAnswerer replaces who gave feedback on a session, and keeps the audiences they belong to: by those is told whom to
// invite.
func (tx *Tx) forgetAnswerer(sessionID int64, personID, mark string) error {
	if _, err := tx.exec(`UPDATE feedback SET person_id = $3 WHERE session_id = $1 AND person_id = $2`, sessionID, personID, mark); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO feedback_audience (session_id, person_id, name, name_key)
		SELECT $1, $3, min(b.name), b.name_key FROM team_member m JOIN channel c ON c.team_id = m.team_id JOIN binding b ON b.channel_id = c.id AND b.kind = 'audience'
		WHERE m.person_id = $2 GROUP BY b.name_key`, sessionID, personID, mark)
	return err
}
