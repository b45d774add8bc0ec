package bot

import (
	"context"
	"time"

	"vuosikello/store"
)

const (
	// retentionTime is when personal data is aged out, by the plan's clock: nothing is posted then, and the night's backup
	// was made half an hour before.
	retentionTime store.TimeOfDay = 3 * 60
	// retentionAgain is how long a run that failed rests, in real time.
	retentionAgain = time.Hour
	// retentionNight is the setting that holds the night of the last run, so that a program that did not run at night does it
	// when it starts, once.
	retentionNight = "retention_night"
)

// runRetention ages personal data out every night until ctx ends.
func (b *Bot) runRetention(ctx context.Context) {
	timer := time.NewTicker(tick)
	defer timer.Stop()
	var done string
	var rest time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := b.now()
		night := b.Calendar.Today(now)
		if now.Before(night.In(b.Calendar.Location, retentionTime)) {
			night--
		}
		if night.String() == done || time.Now().Before(rest) {
			continue
		}
		if err := b.retain(ctx, now, night); err != nil {
			if ctx.Err() == nil {
				b.Logger.Error("personal data not aged out; trying again in an hour", "error", err)
			}
			rest = time.Now().Add(retentionAgain)
			continue
		}
		done = night.String()
	}
}

// retain does the run of a night, unless it was done.
func (b *Bot) retain(ctx context.Context, now time.Time, night store.Date) error {
	var last string
	if err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Setting(retentionNight)
		return err
	}); err != nil || last == night.String() { // a later night was written by a clock that was ahead, and must not end all runs until then
		return err
	}
	tally, err := b.DB.Retain(ctx, now, b.Retention, false)
	if err != nil {
		return err
	}
	if tally.Total() > 0 {
		b.Logger.Info("personal data aged out", "rows", tally.String())
	}
	// Also what an erasure left whose program was killed before it could.
	if err := b.DB.Scrub(ctx); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(retentionNight, night.String()) })
}
