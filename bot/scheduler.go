package bot

import (
	"context"
	"errors"
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
	var tidied, watched time.Time
	for {
		now := b.now()
		if b.Clock.Speed() > 1 {
			b.catchUp(ctx, last, now)
		}
		b.schedule(ctx, now)
		last = now
		if now.Sub(watched).Abs() >= watchEvery {
			watched = now
			b.watch(ctx, now)
		}
		if time.Since(tidied) > time.Hour {
			tidied = time.Now()
			if err := b.tidy(ctx, now); err != nil && ctx.Err() == nil {
				b.Logger.Error("old activity ids, links and files not removed", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.wake:
			time.Sleep(calm)
		}
	}
}

// tidy forgets what is not needed any more, and mends what a real clock that was ahead has put off.
func (b *Bot) tidy(ctx context.Context, now time.Time) error {
	return b.DB.Write(ctx, func(tx *store.Tx) error {
		real := time.Now()
		return errors.Join(tx.ForgetSeen(real), tx.ForgetUploads(real), tx.ForgetDownloads(now), tx.HurryPutOff(real))
	})
}

// catchUp does what was due between two looks of a fast rehearsal, each at its time. It goes from one moment at which
// something is due to the next.
func (b *Bot) catchUp(ctx context.Context, from, to time.Time) {
	for ctx.Err() == nil {
		reminder, approval, session, err := b.nextDue(ctx)
		if err != nil {
			return // schedule meets the same error, and logs it
		}
		var next time.Time
		for _, at := range []time.Time{reminder, approval, session} {
			if !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
		if next.IsZero() || !next.Before(to) {
			return
		}
		if next.After(from) {
			from = next
		}
		if !from.Before(to) {
			return
		}
		b.schedule(ctx, from)
		from = from.Add(rehearsalStep)
	}
}

// nextDue returns when the next thing of each kind is due, the zero time for nothing.
func (b *Bot) nextDue(ctx context.Context) (reminder, approval, session time.Time, err error) {
	err = b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if reminder, err = tx.NextReminder(b.Calendar); err != nil {
			return err
		}
		if approval, err = tx.NextApprovalEvent(); err != nil {
			return err
		}
		session, err = tx.NextSessionEvent()
		return err
	})
	return reminder, approval, session, err
}

// schedule does everything that is due at now.
func (b *Bot) schedule(ctx context.Context, now time.Time) {
	reminder, approval, session, err := b.nextDue(ctx)
	due := func(at time.Time) bool { return err == nil && !at.IsZero() && !at.After(now) }
	for more := due(reminder); more && err == nil; {
		err = b.DB.Write(ctx, func(tx *store.Tx) error {
			s, err := tx.ScheduleReminders(now, b.Calendar, scheduleBatch)
			if err != nil {
				return err
			}
			more = s.More
			b.Metrics.scheduled.Add(float64(s.Posts))
			if err := b.draftDigests(tx, s.FirstLeads, now); err != nil {
				return err
			}
			if s.NoChannel {
				return b.tellNoWorkingGroup(tx, now)
			}
			return nil
		})
		nudge(b.work)
	}
	for more := due(approval); more && err == nil; {
		err = b.DB.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = b.scheduleApprovals(tx, now)
			return err
		})
		nudge(b.work)
	}
	for more := due(session); more && err == nil; {
		err = b.DB.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = b.scheduleSessions(tx, now)
			return err
		})
		nudge(b.work)
	}
	if err != nil && ctx.Err() == nil {
		b.Logger.Error("what is due was not scheduled; trying again", "error", err)
	}
}
