package store

import (
	"database/sql"
	"time"
)

const personColumns = `p.id, p.teams_id, p.name, p.email, p.tenant_id, p.guest, p.language, p.locale, p.conversation_id, p.service_url, p.seen_at, p.chat_at FROM person p `

func personDest(p *Person, seen, chat *int64) []any {
	return []any{&p.ID, &p.TeamsID, &p.Name, &p.Email, &p.TenantID, &p.Guest, &p.Language, &p.Locale, &p.ConversationID, &p.ServiceURL, seen, chat}
}

func scanPerson(rows *sql.Rows) (Person, error) {
	var p Person
	var seen, chat int64
	err := rows.Scan(personDest(&p, &seen, &chat)...)
	p.SeenAt, p.ChatAt = time.UnixMilli(seen), time.UnixMilli(chat)
	return p, err
}

// Person returns the person of that AAD object id; it reports false for somebody the bot has not met,
// and for somebody who was erased, whose name is ErasedName.
func (tx *Tx) Person(id string) (Person, bool, error) {
	list, err := collect(tx, scanPerson, `SELECT `+personColumns+`WHERE p.id = $1`, id)
	if err != nil || len(list) == 0 {
		return Person{ID: id, Name: erasedName(id)}, false, err
	}
	return list[0], true, nil
}

// erasedName is the name of a person who is not known (any more).
func erasedName(id string) string {
	if IsErased(id) {
		return ErasedName
	}
	return ""
}

// PersonName returns the name of the person of that AAD object id, "" for somebody the bot has not
// met, and ErasedName for somebody who was erased.
func (tx *Tx) PersonName(id string) (string, error) {
	name := erasedName(id)
	_, err := tx.scan(`SELECT name FROM person WHERE id = $1`, []any{id}, &name)
	return name, err
}

// PersonByTeamsID returns the person with the platform's id, which is how a mention names people.
func (tx *Tx) PersonByTeamsID(teamsID string) (Person, bool, error) {
	list, err := collect(tx, scanPerson, `SELECT `+personColumns+`WHERE p.teams_id = $1`, teamsID)
	if err != nil || len(list) == 0 {
		return Person{}, false, err
	}
	return list[0], true, nil
}

// PeopleNamed returns the people whose display name or e-mail is name, without case.
func (tx *Tx) PeopleNamed(name string) ([]Person, error) {
	return collect(tx, scanPerson, `SELECT `+personColumns+`WHERE p.name_key = $1 OR lower(p.email) = $1`, Key(name))
}

// MeetPerson stores what is known of a person. Empty fields leave what was known before; so does a conversation that an
// event newer than ChatAt has told of.
func (tx *Tx) MeetPerson(p Person, now time.Time) error {
	if _, err := tx.exec(`INSERT INTO person (id, teams_id, name, name_key, email, tenant_id, guest, language, locale, conversation_id, service_url, seen_at, chat_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET
			teams_id = iif(excluded.teams_id = '', teams_id, excluded.teams_id),
			name = iif(excluded.name = '', name, excluded.name), name_key = iif(excluded.name_key = '', name_key, excluded.name_key),
			email = iif(excluded.email = '', email, excluded.email), tenant_id = iif(excluded.tenant_id = '', tenant_id, excluded.tenant_id),
			guest = max(guest, excluded.guest),
			language = iif(excluded.language = '', language, excluded.language), locale = iif(excluded.locale = '', locale, excluded.locale),
			conversation_id = iif(excluded.conversation_id = '' OR excluded.chat_at < chat_at, conversation_id, excluded.conversation_id),
			chat_at = iif(excluded.conversation_id = '', chat_at, max(chat_at, excluded.chat_at)),
			service_url = iif(excluded.service_url = '', service_url, excluded.service_url), seen_at = excluded.seen_at`,
		p.ID, p.TeamsID, p.Name, Key(p.Name), p.Email, p.TenantID, p.Guest, p.Language, p.Locale, p.ConversationID, p.ServiceURL, now.UnixMilli(), max(0, p.ChatAt.UnixMilli())); err != nil {
		return err
	}
	return tx.meetMail(p)
}

// ForgetChat records that the person could no longer be written to from the instant on: they removed the app. Something
// newer that told otherwise stands.
func (tx *Tx) ForgetChat(id string, at time.Time) error {
	_, err := tx.exec(`UPDATE person SET conversation_id = '', chat_at = $2 WHERE id = $1 AND chat_at <= $2`, id, at.UnixMilli())
	return err
}

// HasRole reports whether the person has any of the roles on the day.
func (tx *Tx) HasRole(personID string, today Date, roles ...Role) (bool, error) {
	held, err := tx.RolesOf(personID, today)
	for _, h := range held {
		for _, r := range roles {
			if h == r {
				return true, err
			}
		}
	}
	return false, err
}

// RolesOf returns the roles that the person has on the day.
func (tx *Tx) RolesOf(personID string, today Date) ([]Role, error) {
	return collect(tx, func(rows *sql.Rows) (Role, error) {
		var r Role
		err := rows.Scan(&r)
		return r, err
	}, `SELECT role FROM role WHERE person_id = $1 AND (until IS NULL OR until >= $2) ORDER BY role`, personID, today)
}

// RoleHolders returns who has which role on the day, by role and name.
func (tx *Tx) RoleHolders(today Date) ([]RoleHolder, error) {
	return collect(tx, func(rows *sql.Rows) (RoleHolder, error) {
		var h RoleHolder
		var seen, chat int64
		err := rows.Scan(append([]any{&h.Role, &h.Until}, personDest(&h.Person, &seen, &chat)...)...)
		return h, err
	}, `SELECT r.role, r.until, r.person_id, coalesce(p.teams_id, ''), coalesce(p.name, ''), coalesce(p.email, ''), coalesce(p.tenant_id, ''), coalesce(p.guest, 0),
		coalesce(p.language, ''), coalesce(p.locale, ''), coalesce(p.conversation_id, ''), coalesce(p.service_url, ''), coalesce(p.seen_at, 0), coalesce(p.chat_at, 0)
		FROM role r LEFT JOIN person p ON p.id = r.person_id WHERE r.until IS NULL OR r.until >= $1 ORDER BY r.role, p.name, r.person_id`, today)
}

// GiveRole gives a person a role until the day, or without an end when it is zero. It replaces an earlier end.
func (tx *Tx) GiveRole(personID string, role Role, until Date) error {
	_, err := tx.exec(`INSERT INTO role (person_id, role, until) VALUES ($1, $2, $3) ON CONFLICT (person_id, role) DO UPDATE SET until = excluded.until`,
		personID, string(role), until)
	return err
}

// TakeRole takes a role away; it reports false when the person did not have it.
func (tx *Tx) TakeRole(personID string, role Role) (bool, error) {
	n, err := affected(tx.exec(`DELETE FROM role WHERE person_id = $1 AND role = $2`, personID, string(role)))
	return n > 0, err
}

// MembersNamed returns the members of the teams whose working-group channels are bound who have that display name or
// e-mail, without case. An entry's owner is one of them only when there is exactly one.
func (tx *Tx) MembersNamed(name string) ([]Person, error) {
	return collect(tx, scanPerson, `SELECT `+personColumns+`WHERE (p.name_key = $1 OR lower(p.email) = $1) AND EXISTS (
		SELECT 1 FROM team_member m JOIN live_channel l ON l.team_id = m.team_id JOIN binding b ON b.channel_id = l.id AND b.kind = 'working_group'
		WHERE m.person_id = p.id)`, Key(name))
}
