package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

const (
	syncEvery     = 24 * time.Hour // rosters and channel lists change without events reaching us
	syncRetry     = time.Minute
	syncDelay     = 2 * time.Second // members are often added several at once
	rosterTimeout = 8 * time.Second // a command waits for it
	syncTimeout   = 2 * time.Minute
)

func syncSoon() time.Time { return time.Now().Add(syncDelay) }

// runSync reads the channels and members of teams until ctx ends: after an installation, after members changed, and daily.
func (b *Bot) runSync(ctx context.Context) {
	timer := time.NewTicker(syncDelay)
	defer timer.Stop()
	for {
		var teams []store.Team
		err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
			teams, err = tx.TeamsToSync(time.Now())
			return err
		})
		if err != nil && ctx.Err() == nil {
			b.Logger.Error("teams not read; trying again", "error", err)
		}
		for _, t := range teams {
			b.syncTeam(ctx, t)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.syncNow:
		}
	}
}

// syncTeam reads one team and has it read again later.
func (b *Bot) syncTeam(ctx context.Context, t store.Team) {
	ctx, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	asked := time.Now()
	next := syncEvery
	err := b.readTeam(ctx, t, asked)
	if err != nil {
		if ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		b.Logger.Warn("team not read", "reason", reason(err))
		next = syncRetry
		var sendErr *teams.SendError
		if errors.As(err, &sendErr) && sendErr.Outcome == teams.Final {
			next = syncEvery // no permission, or no such team: asking again soon does not help
		} else if sendErr != nil {
			next = max(next, sendErr.RetryAfter)
		}
	}
	if err := b.DB.Write(ctx, func(tx *store.Tx) error { return tx.SyncLater(t.ID, asked.Add(next)) }); err != nil && ctx.Err() == nil {
		b.Logger.Error("next reading of a team not recorded", "error", err)
	}
}

func (b *Bot) readTeam(ctx context.Context, t store.Team, asked time.Time) error {
	info, err := b.Client.Team(ctx, teams.PriorityBackground, t.ServiceURL, t.ID)
	if err != nil {
		return err
	}
	channels, err := b.Client.TeamChannels(ctx, teams.PriorityBackground, t.ServiceURL, t.ID)
	if err != nil {
		return err
	}
	members, err := b.Client.Members(ctx, teams.PriorityBackground, teams.Conversation{ServiceURL: t.ServiceURL, ID: t.ID})
	if err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.TeamSeen(store.Team{ID: t.ID, AADGroupID: info.AADGroupID, Name: info.Name, ServiceURL: t.ServiceURL}, asked); err != nil {
			return err
		}
		for _, c := range channels {
			name := c.Name
			if name == "" && c.ID == t.ID {
				name = generalChannel
			}
			if err := tx.ChannelSeen(store.Channel{ID: c.ID, TeamID: t.ID, Name: name, ServiceURL: t.ServiceURL}, asked); err != nil {
				return err
			}
			if c.Type != "" {
				if err := tx.SetChannelType(c.ID, c.Type); err != nil {
					return err
				}
			}
		}
		var people []store.Person
		for _, m := range members {
			if p := memberPerson(m, t.ServiceURL); p.ID != "" {
				people = append(people, p)
			}
		}
		return tx.SetMembers(t.ID, people, b.now())
	})
}

// generalChannel is the name of the channel whose id is its team's. The platform gives it none, because clients show it
// in their own language.
const generalChannel = "Yleinen"

// memberPerson is what a roster tells of a person. Those without an AAD object id (anonymous users, other bots) are
// nobody the bot could authorise or address, and have no ID here.
func memberPerson(m teams.Member, serviceURL string) store.Person {
	return store.Person{ID: strings.ToLower(m.AADObjectID), TeamsID: m.ID, Name: cards.Clean(m.Name), Email: first(m.Email, m.UPN), TenantID: m.TenantID, Guest: m.Guest(), ServiceURL: serviceURL}
}
