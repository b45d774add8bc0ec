package store

import (
	"database/sql"
	"time"
)

// Events about teams and channels arrive in any order and more than once. Each kind of fact carries the time of the
// newest event that told it, and an older event does not overrule a newer one.

// TeamSeen records that the bot heard from a team at the time of the event. An event from a team that is not known means
// that the app is installed there. Empty fields leave what was known before. It reports whether the team is new.
func (tx *Tx) TeamSeen(t Team, event time.Time) (bool, error) {
	at := event.UnixMilli()
	n, err := affected(tx.exec(`INSERT INTO team (id, aad_group_id, name, service_url, installed, installed_at, named_at, sync_at)
		VALUES ($1, $2, $3, $4, 1, $5, CASE WHEN $3 = '' THEN 0 ELSE $5 END, 0) ON CONFLICT DO NOTHING`, t.ID, t.AADGroupID, t.Name, t.ServiceURL, at))
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.exec(`UPDATE team SET aad_group_id = iif($2 = '', aad_group_id, $2), service_url = iif($3 = '', service_url, $3),
		name = iif($4 = '' OR named_at > $5, name, $4), named_at = iif($4 = '' OR named_at > $5, named_at, $5)
		WHERE id = $1 AND ((aad_group_id <> $2 AND $2 <> '') OR (service_url <> $3 AND $3 <> '') OR (name <> $4 AND $4 <> '' AND named_at <= $5))`,
		t.ID, t.AADGroupID, t.ServiceURL, t.Name, at)
	return false, err
}

// SetInstalled records that the app was added to or removed from the team at the time of the event, and has its channels
// and members read (again). It reports whether that changed anything.
func (tx *Tx) SetInstalled(teamID string, installed bool, event time.Time) (bool, error) {
	n, err := affected(tx.exec(`UPDATE team SET installed = $2, installed_at = $3, sync_at = iif($2, 0, NULL) WHERE id = $1 AND installed_at <= $3 AND installed <> $2`,
		teamID, installed, event.UnixMilli()))
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.exec(`UPDATE team SET installed_at = $2 WHERE id = $1 AND installed = $3 AND installed_at < $2`, teamID, event.UnixMilli(), installed)
	return false, err
}

// InstalledTeams returns how many teams the app is, or ever was, installed in.
func (tx *Tx) InstalledTeams() (now, ever int, err error) {
	_, err = tx.scan(`SELECT coalesce(sum(installed), 0), count(*) FROM team`, nil, &now, &ever)
	return now, ever, err
}

// WantSync has the channels and members of a team read at the real time, unless that is to happen sooner.
func (tx *Tx) WantSync(teamID string, at time.Time) error {
	_, err := tx.exec(`UPDATE team SET sync_at = min(coalesce(sync_at, $2), $2) WHERE id = $1 AND installed = 1 AND (sync_at IS NULL OR sync_at > $2)`, teamID, at.UnixMilli())
	return err
}

// TeamsToSync returns the teams whose channels and members are to be read by the real time.
func (tx *Tx) TeamsToSync(real time.Time) ([]Team, error) {
	return collect(tx, scanTeam, `SELECT `+teamColumns+`WHERE installed = 1 AND sync_at <= $1 ORDER BY sync_at, id`, real.UnixMilli())
}

// ChannelRef returns how Microsoft Graph names a channel of a team; it reports false for a chat, and for a team whose group
// is not known.
func (tx *Tx) ChannelRef(channelID string) (ChannelRef, bool, error) {
	ref := ChannelRef{ChannelID: channelID}
	ok, err := tx.scan(`SELECT t.aad_group_id FROM channel c JOIN team t ON t.id = c.team_id WHERE c.id = $1 AND t.aad_group_id <> ''`, []any{channelID}, &ref.GroupID)
	return ref, ok, err
}

const teamColumns = `id, aad_group_id, name, service_url, installed FROM team `

func scanTeam(rows *sql.Rows) (Team, error) {
	var t Team
	err := rows.Scan(&t.ID, &t.AADGroupID, &t.Name, &t.ServiceURL, &t.Installed)
	return t, err
}

// SyncLater has the team read again at the real time.
func (tx *Tx) SyncLater(teamID string, at time.Time) error {
	_, err := tx.exec(`UPDATE team SET sync_at = $2 WHERE id = $1 AND installed = 1`, teamID, at.UnixMilli())
	return err
}

// SetMembers replaces the known members of a team.
func (tx *Tx) SetMembers(teamID string, members []Person, now time.Time) error {
	if _, err := tx.exec(`DELETE FROM team_member WHERE team_id = $1`, teamID); err != nil {
		return err
	}
	for _, m := range members {
		if err := tx.MeetPerson(m, now); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO team_member (team_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, teamID, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// RemoveMember records that a person left a team.
func (tx *Tx) RemoveMember(teamID, personID string) error {
	_, err := tx.exec(`DELETE FROM team_member WHERE team_id = $1 AND person_id = $2`, teamID, personID)
	return err
}

const channelColumns = `l.id, coalesce(l.team_id, ''), l.team_name, l.name, l.language, l.service_url FROM live_channel l `

func scanChannel(rows *sql.Rows) (Channel, error) {
	var c Channel
	err := rows.Scan(&c.ID, &c.TeamID, &c.TeamName, &c.Name, &c.Language, &c.ServiceURL)
	return c, err
}

// Channel returns a channel that can be posted to. It fails with NotFound.
func (tx *Tx) Channel(id string) (Channel, error) {
	list, err := collect(tx, scanChannel, `SELECT `+channelColumns+`WHERE l.id = $1`, id)
	if err == nil && len(list) == 0 {
		err = NotFound("error.channel_gone")
	}
	if err != nil {
		return Channel{}, err
	}
	return list[0], nil
}

// ChannelName returns "Team / Channel" of a channel, also when it can no longer be posted to.
func (tx *Tx) ChannelName(id string) (string, error) {
	var c Channel
	_, err := tx.scan(`SELECT c.name, coalesce(t.name, '') FROM channel c LEFT JOIN team t ON t.id = c.team_id WHERE c.id = $1`, []any{id}, &c.Name, &c.TeamName)
	return c.FullName(), err
}

// ChannelSeen records that the bot heard from a channel or a chat. Empty fields leave what was known before; a channel
// that was deleted, or a chat that the app was removed from, stays so unless the event is newer.
func (tx *Tx) ChannelSeen(c Channel, event time.Time) error {
	at := event.UnixMilli()
	_, err := tx.exec(`INSERT INTO channel (id, team_id, name, language, service_url, present, present_at, named_at)
		VALUES ($1, $2, $3, '', $4, 1, $5, CASE WHEN $3 = '' THEN 0 ELSE $5 END)
		ON CONFLICT (id) DO UPDATE SET team_id = coalesce(excluded.team_id, team_id), service_url = iif($4 = '', service_url, $4),
			name = iif($3 = '' OR named_at > $5, name, $3), named_at = iif($3 = '' OR named_at > $5, named_at, $5),
			present = iif(present_at < $5, 1, present), present_at = max(present_at, $5)`,
		c.ID, orNull(c.TeamID), c.Name, c.ServiceURL, at)
	return err
}

// ChannelGone records that a channel was deleted, or the app removed from a chat. Its bindings are kept: a channel that
// is restored, or a chat that the app returns to, has them again.
func (tx *Tx) ChannelGone(c Channel, event time.Time) error {
	at := event.UnixMilli()
	_, err := tx.exec(`INSERT INTO channel (id, team_id, name, language, service_url, present, present_at, named_at)
		VALUES ($1, $2, $3, '', $4, 0, $5, 0)
		ON CONFLICT (id) DO UPDATE SET present = iif(present_at <= $5, 0, present), present_at = max(present_at, $5)`,
		c.ID, orNull(c.TeamID), c.Name, c.ServiceURL, at)
	return err
}

// SetChannelLanguage sets the language of a channel's posts.
func (tx *Tx) SetChannelLanguage(id, language string) error {
	_, err := tx.exec(`UPDATE channel SET language = $2 WHERE id = $1`, id, language)
	return err
}

// Bind adds a binding to a channel; it reports false when it was there already.
func (tx *Tx) Bind(channelID string, b Binding) (bool, error) {
	n, err := affected(tx.exec(`INSERT INTO binding (channel_id, kind, name, name_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		channelID, string(b.Kind), b.Name, Key(b.Name)))
	return n > 0, err
}

// Unbind removes a binding from a channel; it reports false when it was not there.
func (tx *Tx) Unbind(channelID string, b Binding) (bool, error) {
	n, err := affected(tx.exec(`DELETE FROM binding WHERE channel_id = $1 AND kind = $2 AND name_key = $3`, channelID, string(b.Kind), Key(b.Name)))
	return n > 0, err
}

// Bindings returns what a channel is for.
func (tx *Tx) Bindings(channelID string) ([]Binding, error) {
	return collect(tx, func(rows *sql.Rows) (Binding, error) {
		var b Binding
		err := rows.Scan(&b.Kind, &b.Name)
		return b, err
	}, `SELECT kind, name FROM binding WHERE channel_id = $1 ORDER BY kind DESC, name`, channelID)
}

// BoundChannels returns the channels that can be posted to now and have the binding. name is the audience's, "" for the
// other kinds.
func (tx *Tx) BoundChannels(kind BindingKind, name string) ([]Channel, error) {
	return collect(tx, scanChannel, `SELECT `+channelColumns+`JOIN binding b ON b.channel_id = l.id WHERE b.kind = $1 AND b.name_key = $2 ORDER BY l.team_name, l.name, l.id`,
		string(kind), Key(name))
}
