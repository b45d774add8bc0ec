package bot

import (
	"strings"

	"vuosikello/bot/teams"
	"vuosikello/store"
)

// selfSetting keeps who the bot is in local mode, where no configuration says it: posts that begin a conversation name the
// bot and its tenant, and after a restart the first of them may go out before the first activity comes in.
const selfSetting = "local_identity"

// recallSelf tells the client who the bot was in the last run.
func (b *Bot) recallSelf(tx *store.Tx) error {
	s, err := tx.Setting(selfSetting)
	if id, tenant, ok := strings.Cut(s, " "); ok {
		b.self = teams.Identity{BotID: id, TenantID: tenant}
		b.Client.Learn(b.self)
	}
	return err
}

// learnSelf remembers whom an activity is addressed to.
func (t *turn) learnSelf() {
	self := teams.Identity{BotID: t.a.Recipient.ID, TenantID: t.a.TenantID()}
	t.selfMu.Lock()
	known := t.self == self
	t.self = self
	t.selfMu.Unlock()
	if known || self.BotID == "" || self.TenantID == "" {
		return
	}
	t.Client.Learn(self)
	if err := t.DB.Write(t.ctx, func(tx *store.Tx) error { return tx.SetSetting(selfSetting, self.BotID+" "+self.TenantID) }); err != nil {
		t.Logger.Error("the bot's own identity not recorded", "error", err)
	}
}
