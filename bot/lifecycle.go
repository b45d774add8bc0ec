package bot

import (
	"slices"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// handleLifecycle keeps the known teams, channels and people right. Such events come in any order and more than once;
// each fact is stored with the time of the event that told it (see store/channel_sql.go).
func (t *turn) handleLifecycle() error {
	if t.key != "" && !t.recent.first(t.key) {
		return nil
	}
	err := t.DB.Write(t.ctx, func(tx *store.Tx) error {
		t.later = nil
		switch {
		case t.personal():
			return t.personalEvent(tx)
		case t.a.TeamRef() != "":
			return t.teamEvent(tx)
		default:
			return t.chatEvent(tx)
		}
	})
	if err != nil {
		t.recent.forget(t.key)
		t.Logger.Error("event not recorded", "type", t.a.Type, "error", err)
		return err
	}
	t.afterwards()
	nudge(t.syncNow)
	return nil
}

// change is what an event says of the app itself.
type change int

const (
	unchanged change = iota
	installed
	uninstalled
)

// change reads whether the app was added or removed: by an installationUpdate, or by the bot being among the members
// added or removed.
func (t *turn) change() change {
	switch {
	case t.a.Type == teams.TypeInstallationUpdate && strings.HasPrefix(t.a.Activity.Action, "add"):
		return installed
	case t.a.Type == teams.TypeInstallationUpdate && strings.HasPrefix(t.a.Activity.Action, "remove"):
		return uninstalled
	case t.hasBot(t.a.MembersAdded):
		return installed
	case t.hasBot(t.a.MembersRemoved):
		return uninstalled
	}
	return unchanged
}

func (t *turn) hasBot(members []teams.Account) bool {
	return slices.ContainsFunc(members, func(m teams.Account) bool { return m.ID != "" && m.ID == t.a.Recipient.ID })
}

// personalEvent records that somebody can, or can no longer, be written to.
func (t *turn) personalEvent(tx *store.Tx) error {
	if t.person.ID == "" {
		return nil
	}
	if t.change() == uninstalled {
		if err := tx.MeetPerson(t.person, t.at); err != nil {
			return err // somebody not met yet, too: their installation may arrive after this
		}
		return tx.ForgetChat(t.person.ID, t.event())
	}
	known, _, err := tx.Person(t.person.ID)
	if err != nil {
		return err
	}
	fresh := known.ConversationID != t.a.Conversation.ID && !t.event().Before(known.ChatAt)
	p := t.person
	p.ConversationID, p.ServiceURL, p.ChatAt = t.a.Conversation.ID, t.a.ServiceURL, t.event()
	if err := tx.MeetPerson(p, t.at); err != nil {
		return err
	}
	if p.Language == "" {
		p.Language = known.Language
	}
	t.lang = t.personLanguage(p)
	if fresh && t.change() == installed {
		return t.welcome(tx, cards.ScopePersonal)
	}
	return nil
}

// chatEvent records that the app was added to or removed from a group chat.
func (t *turn) chatEvent(tx *store.Tx) error {
	chat := store.Channel{ID: t.a.BaseConversationID(), Name: t.a.Conversation.Name, ServiceURL: t.a.ServiceURL}
	if t.change() == uninstalled {
		return tx.ChannelGone(chat, t.event())
	}
	_, err := tx.Channel(chat.ID)
	fresh := store.IsKind(err, store.KindNotFound)
	if err != nil && !fresh {
		return err
	}
	if err := tx.ChannelSeen(chat, t.event()); err != nil {
		return err
	}
	if !fresh || t.change() != installed {
		return nil
	}
	if _, err := tx.Channel(chat.ID); store.IsKind(err, store.KindNotFound) {
		return nil // something newer told that the app has left the chat
	} else if err != nil {
		return err
	}
	return t.welcome(tx, cards.ScopeGroup)
}

// teamEvent records what happened to a team, its channels and its members.
func (t *turn) teamEvent(tx *store.Tx) error {
	d := t.a.TeamsData()
	team := store.Team{ID: t.a.TeamRef(), AADGroupID: d.Team.AADGroupID, Name: d.Team.Name, ServiceURL: t.a.ServiceURL}
	fresh, err := tx.TeamSeen(team, t.event())
	if err != nil {
		return err
	}
	switch t.change() {
	case uninstalled:
		if _, err := tx.SetInstalled(team.ID, false, t.event()); err != nil {
			return err
		}
		return tx.Audit(t.at, t.actor(), "team.uninstall", "team:"+team.ID, "")
	case installed:
		changed, err := tx.SetInstalled(team.ID, true, t.event())
		if err != nil {
			return err
		}
		if err := t.firstAdmin(tx); err != nil {
			return err
		}
		if fresh || changed {
			if err := t.teamInstalled(tx, team); err != nil {
				return err
			}
		}
	}
	channel := store.Channel{ID: t.a.ChannelRef(), TeamID: team.ID, Name: first(d.Channel.Name, t.channelName()), ServiceURL: t.a.ServiceURL}
	switch d.EventType {
	case "channelDeleted":
		return tx.ChannelGone(channel, t.event())
	case "teamDeleted", "teamHardDeleted":
		_, err := tx.SetInstalled(team.ID, false, t.event())
		return err
	}
	if channel.ID != "" {
		if err := tx.ChannelSeen(channel, t.event()); err != nil {
			return err
		}
	}
	for _, m := range t.a.MembersRemoved {
		id := strings.ToLower(m.AADObjectID)
		if id == "" && m.ID != "" {
			if p, ok, err := tx.PersonByTeamsID(m.ID); err != nil {
				return err
			} else if ok {
				id = p.ID
			}
		}
		if err := tx.RemoveMember(team.ID, id); err != nil {
			return err
		}
	}
	if len(t.a.MembersAdded) > 0 || len(t.a.MembersRemoved) > 0 {
		return tx.WantSync(team.ID, syncSoon())
	}
	return nil
}

// channelName is the channel's name where an event tells it as the conversation's.
func (t *turn) channelName() string {
	if t.a.BaseConversationID() == t.a.ChannelRef() {
		return t.a.Conversation.Name
	}
	return ""
}

// firstInstalled is the setting that the app has been installed in a team.
const firstInstalled = "first.installed"

// firstAdmin makes whoever installs the app in the first team admin when the configuration names nobody: somebody must be
// able to give the first role. Other events of a team can arrive before that of its installation.
func (t *turn) firstAdmin(tx *store.Tx) error {
	if t.person.ID == "" {
		return nil
	}
	already, err := tx.Setting(firstInstalled)
	if err != nil || already != "" {
		return err
	}
	if err := tx.SetSetting(firstInstalled, t.at.Format(time.RFC3339)); err != nil || len(t.Admins) > 0 {
		return err
	}
	if err := tx.MeetPerson(t.person, t.at); err != nil {
		return err
	}
	if err := tx.GiveRole(t.person.ID, store.RoleAdmin, 0); err != nil {
		return err
	}
	if err := tx.Audit(t.at, t.actor(), "role.give", "role:admin", "installed the app in the first team"); err != nil {
		return err
	}
	t.later = append(t.later, func() {
		t.Logger.Warn("whoever installed the app in the first team is now admin; the audit log says who. Set VUOSIKELLO_ADMINS to decide it yourself")
	})
	return nil
}

// teamInstalled greets the team.
func (t *turn) teamInstalled(tx *store.Tx, team store.Team) error {
	if err := tx.Audit(t.at, t.actor(), "team.install", "team:"+team.ID, ""); err != nil {
		return err
	}
	t.lang = t.Language
	return t.welcome(tx, cards.ScopeChannel)
}

// welcome greets after the commit.
func (t *turn) welcome(tx *store.Tx, scope cards.Scope) error {
	w := cards.Welcome{Scope: scope}
	var err error
	if w.Admin, err = t.isAdmin(tx, t.person.ID, t.today); err != nil {
		return err
	}
	for _, c := range commands {
		if t.allowed(tx, c.roles) == nil && !c.argument {
			w.Commands = append(w.Commands, c.name)
		}
	}
	card := w.Card(t.lang)
	t.later = append(t.later, func() { t.reply(card) })
	return nil
}
