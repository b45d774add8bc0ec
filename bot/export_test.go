package bot

import (
	"context"
	"time"

	"vuosikello/store"
)

// Tick does what the scheduler does each second, and has the other loops look now.
func (b *Bot) Tick(ctx context.Context) {
	b.schedule(ctx, b.now())
	nudge(b.work)
	nudge(b.syncNow)
}

// Sync reads every team whose channels and members are to be read within the hour.
func (b *Bot) Sync(ctx context.Context) {
	var due []store.Team
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.TeamsToSync(time.Now().Add(time.Hour))
		return err
	})
	if err != nil {
		panic(err)
	}
	for _, t := range due {
		b.syncTeam(ctx, t)
	}
}
