package export

import "vuosikello/store"

var auditColumns = []column{{"seq", false}, {"at", false}, {"actor", true}, {"actor_id", false}, {"action", false}, {"subject", true}, {"detail", true}, {"hash", false},
	{"salt", false}, {"actor_digest", false}, {"detail_digest", false}}

// auditRows yields the audit log, of which store.AuditRecord says how its chain is recomputed.
func auditRows(tx *store.Tx, yield func([]any) error) error {
	return tx.AuditRecords(func(r *store.AuditRecord) error {
		return yield([]any{r.Seq, r.At, r.Actor, r.ActorID, r.Action, r.Subject, r.Detail, r.Hash, r.Salt, r.ActorDigest, r.DetailDigest})
	})
}
