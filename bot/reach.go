package bot

import (
	"context"
	"errors"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/store"
)

// Channels is what the bot needs of Microsoft Graph to see how far publications went. Its errors are *store.GraphError.
type Channels interface {
	// SweepChannels looks at channels and calls each with what it found, one at a time as they finish. It fails only when
	// nothing could be done at all.
	SweepChannels(ctx context.Context, wanted []store.ChannelWanted, each func(store.ChannelSweep)) error
	// TeamActivity returns the organisation's latest report of how active its teams are.
	TeamActivity(ctx context.Context) ([]store.TeamActivity, error)
}

const (
	// reachPoll is how often the bot looks whether something new is known of publications, or a channel is to be looked at.
	reachPoll = 2 * time.Second
	// quietHour is when the channels are looked at, once a day, in the plan's time: the platform asks for no more.
	quietHour store.TimeOfDay = 2*60 + 30
	// reachWindow is for how many days after it was posted the reactions and replies to a post are read.
	reachWindow = 30 * 24 * time.Hour
	// sweepTimeout bounds a look at all channels, the waiting for Graph's limits included.
	sweepTimeout = 4 * time.Hour
	// activityTimeout bounds the reading of the report on teams.
	activityTimeout = 10 * time.Minute
	// refreshBatch bounds the publications of one transaction, so that people need not wait.
	refreshBatch = 20
)

// Why Graph told nothing of a channel, besides what graphCode says.
const (
	reachNoGraph = "off"  // the program runs without Graph
	reachChat    = "chat" // Graph knows channels of teams only
)

// runReach keeps what is known of publications up to date until ctx ends.
func (b *Bot) runReach(ctx context.Context) {
	timer := time.NewTicker(reachPoll)
	defer timer.Stop()
	var swept time.Time // when Graph was last asked, in real time
	for {
		b.refreshReach(ctx)
		now := b.now()
		today := store.DateOf(now)
		due, never := 0, 0
		err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
			due, never, err = tx.ReachDue(today)
			return err
		})
		if err != nil && ctx.Err() == nil {
			b.Logger.Error("channels to look at not read; trying again", "error", err)
		}
		night := due > 0 && !now.Before(today.In(b.Calendar.Location, quietHour))
		if b.Clock.Speed() > 1 && time.Since(swept) < 24*time.Hour {
			night = false // a rehearsal's days are short, and Graph's are not
		}
		if err == nil && (night || never > 0) {
			if night {
				swept = time.Now()
			}
			b.sweep(ctx, today, night)
			b.readActivity(ctx, today)
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.signals:
		}
	}
}

// refreshReach puts together anew what is known of the publications of which something new is known.
func (b *Bot) refreshReach(ctx context.Context) {
	for ctx.Err() == nil {
		var stale []int64
		err := b.DB.Read(ctx, func(tx *store.Tx) (err error) { stale, err = tx.StaleReach(refreshBatch); return err })
		if err == nil && len(stale) > 0 {
			err = b.DB.Write(ctx, func(tx *store.Tx) error {
				for _, id := range stale {
					if err := tx.RefreshReach(id); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err != nil && ctx.Err() == nil {
			b.Logger.Error("reach not put together; trying again", "error", err)
		}
		if err != nil || len(stale) < refreshBatch {
			return
		}
	}
}

// sweep looks at the channels that have not been looked at on the day; without all, only at those that never were. One that
// cannot be looked at keeps its last numbers, and spoils none of the others.
func (b *Bot) sweep(ctx context.Context, day store.Date, all bool) {
	var targets []store.ReachTarget
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		targets, err = tx.ReachWork(day, b.now().Add(-reachWindow))
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			b.Logger.Error("channels to look at not read; trying again", "error", err)
		}
		return
	}
	waiting := map[store.ChannelRef]store.ReachTarget{}
	var wanted []store.ChannelWanted
	for _, t := range targets {
		switch {
		case !all && t.Tried != 0:
		case b.Channels == nil:
			b.ownLook(ctx, t, day, reachNoGraph, reachNoGraph)
		case t.GroupID == "":
			b.ownLook(ctx, t, day, reachChat, reachChat)
		default:
			ref := store.ChannelRef{GroupID: t.GroupID, ChannelID: t.ID}
			waiting[ref] = t
			wanted = append(wanted, store.ChannelWanted{ChannelRef: ref, Posts: t.Posts, Since: time.Now().Add(-reachWindow)})
		}
	}
	if len(wanted) == 0 {
		return
	}
	call, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	asked := time.Now()
	err = b.Channels.SweepChannels(call, wanted, func(s store.ChannelSweep) {
		if t, ok := waiting[s.Channel]; ok && ctx.Err() == nil {
			delete(waiting, s.Channel)
			b.saveSweep(ctx, t, s, day, asked)
		}
	})
	if ctx.Err() != nil {
		return // the program is stopping; what was not looked at is looked at after the next start
	}
	if err == nil && len(waiting) > 0 {
		err = errors.New("graph said nothing of some channels")
	}
	if err != nil {
		b.Logger.Warn("channels not looked at", "channels", len(waiting), "reason", err)
	}
	for ref, t := range waiting {
		problem := err
		b.saveSweep(ctx, t, store.ChannelSweep{Channel: ref, MembersErr: problem, MessagesErr: problem}, day, asked)
	}
}

// readActivity asks for the report on the organisation's teams, once a day and where there is a team that the bot posts to.
func (b *Bot) readActivity(ctx context.Context, day store.Date) {
	if b.Channels == nil || ctx.Err() != nil {
		return
	}
	due := false
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) { due, err = tx.ActivityDue(day); return err })
	if err == nil && due {
		call, cancel := context.WithTimeout(ctx, activityTimeout)
		defer cancel()
		report, problem := b.Channels.TeamActivity(call)
		if ctx.Err() != nil {
			return
		}
		why := ""
		if problem != nil {
			why = graphCode(problem)
			b.Logger.Warn("report on the activity of teams not read", "reason", problem)
		}
		err = b.DB.Write(ctx, func(tx *store.Tx) error { return tx.SaveActivity(day, report, why) })
	}
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("activity of teams not recorded", "error", err)
	}
}

// saveSweep records what Graph told about a channel. Without permission the bot's own knowledge takes the place of the
// members; after a fault that will pass, what was known last stays.
func (b *Bot) saveSweep(ctx context.Context, t store.ReachTarget, s store.ChannelSweep, day store.Date, asked time.Time) {
	membersWhy, signalsWhy := "", ""
	if s.MembersErr != nil {
		membersWhy = graphCode(s.MembersErr)
		b.Logger.Warn("members of a channel not read", "reason", s.MembersErr)
	}
	if s.MessagesErr != nil {
		signalsWhy = graphCode(s.MessagesErr)
		b.Logger.Warn("reactions in a channel not read", "reason", s.MessagesErr)
	}
	err := b.DB.Write(ctx, func(tx *store.Tx) error {
		if s.MembersErr == nil {
			if err := tx.SaveLook(t.ID, day, s.Source, s.Members, b.ownTenant(), day.In(b.Calendar.Location, 0)); err != nil {
				return err
			}
		}
		for _, m := range s.Messages {
			if err := tx.SaveSignals(t.ID, day, s.Source, m, asked); err != nil {
				return err
			}
		}
		for _, problem := range []error{s.MembersErr, s.MessagesErr} {
			if graphCode(problem) != string(store.GraphCredential) {
				continue // permissions are granted team by team: of them the card of reach tells
			}
			if err := b.graphRefused(tx, problem); err != nil {
				return err
			}
		}
		return tx.ReachTried(t.ID, day, membersWhy, signalsWhy)
	})
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("what Graph told of a channel not recorded", "error", err)
		return
	}
	b.Metrics.looks.WithLabelValues(lookOutcome(s.MembersErr)).Inc()
	var problem *store.GraphError
	forbidden := errors.As(s.MembersErr, &problem) && problem.Problem == store.GraphForbidden
	if forbidden || (s.MembersErr != nil && (t.Looked == "" || t.Looked == store.SourceBot)) {
		b.ownLook(ctx, t, day, membersWhy, signalsWhy)
	}
}

func lookOutcome(err error) string {
	var problem *store.GraphError
	switch {
	case err == nil:
		return "graph"
	case errors.As(err, &problem) && problem.Problem == store.GraphForbidden:
		return "forbidden"
	}
	return "failed"
}

// rosterLook bounds the reading of one channel's members from the Connector.
const rosterLook = time.Minute

// ownLook records who can see a channel as far as the bot itself knows: its team's roster, which is read daily, or for a
// channel with members of its own what the Connector says.
func (b *Bot) ownLook(ctx context.Context, t store.ReachTarget, day store.Date, membersWhy, signalsWhy string) {
	var members []store.ChannelMember
	var err error
	if t.Own {
		call, cancel := context.WithTimeout(ctx, rosterLook)
		defer cancel()
		var roster []teams.Member
		roster, err = b.Client.Members(call, teams.PriorityBackground, teams.Conversation{ServiceURL: t.ServiceURL, ID: t.ID})
		for _, m := range roster {
			members = append(members, store.ChannelMember{PersonID: m.AADObjectID, TenantID: m.TenantID, Guest: m.Guest()})
		}
	}
	if err == nil {
		err = b.DB.Write(ctx, func(tx *store.Tx) (err error) {
			if !t.Own {
				if members, err = tx.RosterOf(t.TeamID); err != nil {
					return err
				}
				if len(members) == 0 {
					return nil // the team has not been read yet: this is looked at again when it has
				}
			}
			if err := tx.SaveLook(t.ID, day, store.SourceBot, members, b.ownTenant(), day.In(b.Calendar.Location, 0)); err != nil {
				return err
			}
			return tx.ReachTried(t.ID, day, membersWhy, signalsWhy)
		})
	} else {
		b.Logger.Warn("members of a channel not read", "reason", reason(err))
		membersWhy = string(store.GraphUnavailable)
		err = b.DB.Write(ctx, func(tx *store.Tx) error { return tx.ReachTried(t.ID, day, membersWhy, signalsWhy) })
	}
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("members of a channel not recorded", "error", err)
		return
	}
	b.Metrics.looks.WithLabelValues("bot").Inc()
}

// ownTenant is the organisation that the bot belongs to, "" while it is not known.
func (b *Bot) ownTenant() string {
	if b.TenantID != "" {
		return b.TenantID
	}
	b.selfMu.Lock()
	defer b.selfMu.Unlock()
	return b.self.TenantID
}

// reaction records what somebody put on a post of the bot, or took away. The bot is told of its own messages only; those
// that are not posts (answers to commands) are not recorded.
func (t *turn) reaction() error {
	who, err := first(t.person.ID, t.a.From.ID), error(nil)
	if who == "" || t.a.ReplyToID == "" {
		return nil
	}
	err = t.DB.Write(t.ctx, func(tx *store.Tx) error {
		for _, r := range t.a.ReactionsRemoved { // a reaction that is changed is taken away first
			if _, err := tx.React(t.a.BaseConversationID(), t.a.ReplyToID, who, string(r.Type), true, t.event()); err != nil {
				return err
			}
		}
		for _, r := range t.a.ReactionsAdded {
			if _, err := tx.React(t.a.BaseConversationID(), t.a.ReplyToID, who, string(r.Type), false, t.event()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Logger.Error("reaction not recorded", "error", err)
		return err
	}
	nudge(t.signals)
	return nil
}
