package main

import (
	"fmt"

	"vuosikello/store"
)

// auditCmd verifies the audit log.
type auditCmd struct {
	databaseSettings
	Verify bool `required:"" help:"Recompute the chain of the audit log."`
}

func (c *auditCmd) Run(env *environment) error {
	db, err := c.openExisting(env)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Read(env.ctx, func(tx *store.Tx) error {
		records, erased, err := tx.VerifyAudit()
		if err != nil {
			return fmt.Errorf("%w; compare with a backup to see what it said", err)
		}
		_, err = fmt.Fprintf(env.stdout, "audit log intact: %d records, %d of them erased\n", records, erased)
		return err
	})
}
