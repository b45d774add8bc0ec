package bot

import (
	"context"
	"time"

	"vuosikello/store"
)

const (
	// tick is how often the scheduler looks whether something is due, in real time. Looking costs two index look-ups, and
	// what another process (an import) has written is noticed without being told.
	tick = time.Second
	// scheduleBatch bounds the entries of one transaction, so that a flood of reminders does not keep people waiting.
	scheduleBatch = 50
	// rehearsalStep is the largest leap of a fast rehearsal's clock: its reminders are neither late nor missed because the
	// real second in which they all fell due was short.
	rehearsalStep = 10 * time.Minute
)

// runScheduler writes what is due to the outbox until ctx ends.
func (b *Bot) runScheduler(ctx context.Context) {
	timer := time.NewTicker(tick)
	defer timer.Stop()
	last := b.Clock.started()
	var tidied time.Time
	for {
		now := b.now()
		if b.Clock.Speed() > 1 {
			for step := last; step.Before(now) && ctx.Err() == nil; step = step.Add(rehearsalStep) {
				b.schedule(ctx, step)
			}
		}
		b.schedule(ctx, now)
		last = now
		if time.Since(tidied) > time.Hour {
			tidied = time.Now()
			if err := b.DB.Write(ctx, func(tx *store.Tx) error { return tx.ForgetSeen(time.Now()) }); err != nil && ctx.Err() == nil {
				b.Logger.Error("old activity ids not removed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.wake:
		}
	}
}

// schedule writes everything that is due at now to the outbox.
func (b *Bot) schedule(ctx context.Context, now time.Time) {
	var next time.Time
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		next, err = tx.NextReminder(b.Calendar)
		return err
	})
	for err == nil && !next.IsZero() && !next.After(now) {
		var s store.Scheduled
		err = b.DB.Write(ctx, func(tx *store.Tx) (err error) {
			if s, err = tx.ScheduleReminders(now, b.Calendar, scheduleBatch); err != nil || !s.NoChannel {
				return err
			}
			return b.tellNoWorkingGroup(tx, now)
		})
		if err == nil && s.Posts > 0 {
			b.Metrics.scheduled.Add(float64(s.Posts))
			b.Logger.Info("reminders scheduled", "posts", s.Posts, "at", now.Format(time.RFC3339))
			nudge(b.work)
		}
		if !s.More {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("reminders not scheduled; trying again", "error", err)
	}
}
