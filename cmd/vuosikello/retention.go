package main

import (
	"fmt"
	"time"

	"vuosikello/store"
)

// retentionCmd ages personal data out, as the running bot does every night.
type retentionCmd struct {
	databaseSettings
	planSettings
	retentionSettings
	DryRun bool `help:"Only show what would be aged out."`
}

func (c *retentionCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	r, err := c.retention()
	if err != nil {
		return err
	}
	db, err := c.openExisting(env)
	if err != nil {
		return err
	}
	defer db.Close()
	l, now := p.language, p.now()
	done, err := db.Retain(env.ctx, now, r, c.DryRun)
	if err != nil {
		return fmt.Errorf("%w; what was aged out so far (%s) stays so, run it again for the rest", err, done)
	}
	if !c.DryRun && done.Total() > 0 {
		if err := db.Scrub(env.ctx); err != nil {
			return err
		}
	}
	day := func(t time.Time) store.Date { return store.DateOf(t.In(p.calendar.Location)) }
	fmt.Fprintln(env.stdout, l.T("retention.since", "attendance", day(r.AttendanceSince(now)), "text", day(r.TextSince(now))))
	if err := tallyLines(env, l, "retention.rows", done); err != nil {
		return err
	}
	switch {
	case done.Total() == 0:
		fmt.Fprintln(env.stdout, l.T("retention.nothing"))
	case c.DryRun:
		fmt.Fprintln(env.stdout, l.T("retention.dry_run"))
	default:
		fmt.Fprintln(env.stdout, l.T("retention.done"))
	}
	return nil
}
