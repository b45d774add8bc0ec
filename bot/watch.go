package bot

import (
	"context"
	"errors"
	"strings"
	"time"

	"vuosikello/store"
)

// What needs a human is told to every admin personally, once: a card for each failure would bury what matters.

const (
	// credentialWarning is how long before its end admins are told that the secret or certificate must be renewed, and
	// credentialAgain how often until it is.
	credentialWarning = 30 * 24 * time.Hour
	credentialAgain   = 7 * 24 * time.Hour
	// toldAgain is after how long something that was told, and has not been mended, is told again.
	toldAgain = 7 * 24 * time.Hour
	// watchEvery is how often the scheduler looks after what ends by itself.
	watchEvery = time.Hour
)

// tellAdminsOnce tells admins of a matter, unless they were told within the time.
func (b *Bot) tellAdminsOnce(tx *store.Tx, now time.Time, matter string, again time.Duration, n notice) error {
	key := "told." + matter
	told, err := tx.Setting(key)
	if err != nil {
		return err
	}
	// One that was told later than now was told while the clock was ahead.
	if at, err := time.Parse(time.RFC3339, told); err == nil && now.Before(at.Add(again)) && !now.Before(at.Add(-again)) {
		return nil
	}
	if err := tx.SetSetting(key, now.Format(time.RFC3339)); err != nil {
		return err
	}
	return b.tellAdmins(tx, now, n)
}

// mended forgets that admins were told of a matter: when it comes again it is told at once.
func (b *Bot) mended(tx *store.Tx, matter string) error {
	told, err := tx.Setting("told." + matter)
	if err != nil || told == "" {
		return err
	}
	return tx.SetSetting("told."+matter, "")
}

// watch looks after what ends by itself: the credential.
func (b *Bot) watch(ctx context.Context, now time.Time) {
	if b.CredentialEnds.IsZero() || b.CredentialEnds.Sub(now) > credentialWarning {
		return
	}
	end := store.DateOf(b.CredentialEnds.In(b.Calendar.Location))
	n := notice{Key: "notice.credential_ends", Args: map[string]string{"date": end.String()}}
	if !now.Before(b.CredentialEnds) {
		n.Key = "notice.credential_ended"
	}
	b.Logger.Warn("the bot's secret or certificate must be renewed", "ends", end)
	if err := b.DB.Write(ctx, func(tx *store.Tx) error {
		return b.tellAdminsOnce(tx, now, "credential."+end.String(), credentialAgain, n)
	}); err != nil && ctx.Err() == nil {
		b.Logger.Error("admins not told of the credential; trying again in an hour", "error", err)
	}
	nudge(b.work)
}

// channelLost tells admins that a channel cannot be posted to, once a week until it can.
func (b *Bot) channelLost(tx *store.Tx, p *store.Post, why string) error {
	if p.ChannelID == "" {
		return nil
	}
	name, err := tx.ChannelName(p.ChannelID)
	if err != nil {
		return err
	}
	return b.tellAdminsOnce(tx, b.now(), "channel."+p.ChannelID, toldAgain, notice{Key: "notice.channel_lost", Args: map[string]string{"channel": name, "title": p.Title, "reason": why}})
}

// graphCredential is the matter of a credential that Graph, or Entra ID for it, does not accept.
const graphCredential = "graph.credential"

// graphRefused tells admins that Graph has refused something for want of a permission, or because it does not accept the
// bot's credential; once a week.
func (b *Bot) graphRefused(tx *store.Tx, cause error) error {
	var problem *store.GraphError
	if errors.As(cause, &problem) && problem.Problem == store.GraphCredential {
		return b.tellAdminsOnce(tx, b.now(), graphCredential, toldAgain, notice{Key: "notice.graph_credential"})
	}
	if !errors.As(cause, &problem) || problem.Problem != store.GraphForbidden || problem.Permission == "" {
		return nil
	}
	return b.tellAdminsOnce(tx, b.now(), "permission."+strings.ToLower(problem.Permission), toldAgain,
		notice{Key: "notice.permission_missing", Args: map[string]string{"permission": problem.Permission}})
}

// BackupFailed tells admins, once a day, that the nightly backup could not be made; BackupMade that it can again.
func (b *Bot) BackupFailed(ctx context.Context) error {
	defer nudge(b.work)
	return b.DB.Write(ctx, func(tx *store.Tx) error {
		return b.tellAdminsOnce(tx, b.now(), "backup", 24*time.Hour, notice{Key: "notice.backup_failed"})
	})
}

// BackupMade forgets that a backup failed.
func (b *Bot) BackupMade(ctx context.Context) error {
	return b.DB.Write(ctx, func(tx *store.Tx) error { return b.mended(tx, "backup") })
}
