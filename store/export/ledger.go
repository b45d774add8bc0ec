package export

import "vuosikello/store"

var ledgerColumns = []column{{"id", false}, {"kind", false}, {"title", true}, {"channel", true}, {"conversation_id", false}, {"activity_id", false}, {"state", false},
	{"reason", true}, {"attempts", false}, {"late", false}, {"created_at", false}, {"sent_at", false}}

// ledgerRows yields every post.
func ledgerRows(tx *store.Tx, yield func([]any) error) error {
	return tx.Ledger(func(r *store.LedgerRow) error {
		return yield([]any{r.ID, r.Kind, r.Title, r.Channel, r.ConversationID, r.ActivityID, string(r.State), r.Reason, int64(r.Attempts), r.Late, r.CreatedAt, r.SentAt})
	})
}
