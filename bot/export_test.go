package bot

import "context"

// Tick does what the scheduler does each second, and has the other loops look now.
func (b *Bot) Tick(ctx context.Context) {
	b.schedule(ctx, b.now())
	nudge(b.work)
	nudge(b.syncNow)
}
