package main

import (
	"errors"
	"fmt"

	"vuosikello/cards"
	"vuosikello/store"
)

// errNothingWritten rolls back a transaction that was only looking.
var errNothingWritten = errors.New("nothing written")

// rolloverCmd proposes a year's clock from the year before.
type rolloverCmd struct {
	databaseSettings
	planSettings
	Year  int    `arg:"" help:"The new year, as 2027."`
	Clock string `placeholder:"NAME" default:"vuosikello" help:"The clock's name."`
	Apply bool   `help:"Write the series and what moves with a feast; without it, only show them."`
	Once  bool   `help:"With --apply: write the single entries too, on the proposed days."`
}

func (c *rolloverCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	switch {
	case c.Year < 1901 || c.Year > 2199:
		return usagef("%d: write a year such as 2027", c.Year)
	case c.Once && !c.Apply:
		return usagef("--once goes with --apply")
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	l := p.language
	var proposals []store.Proposal
	var clashes []store.Clash
	written := 0
	err = db.Write(env.ctx, func(tx *store.Tx) error {
		written = 0
		if proposals, err = tx.ProposeRollover(c.Clock, c.Year); err != nil {
			return err
		}
		now := p.now()
		for i := range proposals {
			r := &proposals[i]
			if r.Exists || r.Err != nil || r.Rule == store.RolloverOnce && !c.Once {
				continue
			}
			e := *r.New // the proposal is shown as it was made
			if err := tx.AddEntry(&e, now, p.calendar); err != nil {
				return fmt.Errorf("%s: %w", e.Title, err)
			}
			written++
		}
		if clashes, err = tx.Clashes(store.NewDate(c.Year, 1, 1), store.NewDate(c.Year, 12, 31), p.calendar); err != nil {
			return err
		}
		if !c.Apply || written == 0 {
			return errNothingWritten
		}
		return tx.Audit(now, store.Actor{Name: "rollover"}, "clock.rollover", fmt.Sprintf("clock:%s %d", c.Clock, c.Year), fmt.Sprintf("%d added", written))
	})
	if err != nil && !errors.Is(err, errNothingWritten) {
		var known *store.Error
		if errors.As(err, &known) {
			return errors.New(l.Error(err))
		}
		return err
	}
	c.report(env, l, proposals)
	for _, line := range clashLines(l, clashes) {
		fmt.Fprintln(env.stdout, "  "+line)
	}
	switch {
	case written == 0:
		fmt.Fprintln(env.stdout, l.T("rollover.nothing"))
	case c.Apply:
		fmt.Fprintln(env.stdout, l.T("rollover.applied", "n", written))
	default:
		fmt.Fprintln(env.stdout, l.T("rollover.proposed", "n", written))
	}
	return nil
}

// report lists the proposals by rule.
func (c *rolloverCmd) report(env *environment, l cards.Lang, proposals []store.Proposal) {
	fmt.Fprintf(env.stdout, "%s %d\n", c.Clock, c.Year)
	for _, rule := range []store.RolloverRule{store.RolloverSeries, store.RolloverFeast, store.RolloverOnce} {
		first := true
		for i := range proposals {
			p := &proposals[i]
			if p.Rule != rule {
				continue
			}
			if first {
				fmt.Fprintln(env.stdout, l.T("rollover."+string(rule)))
				first = false
			}
			line := fmt.Sprintf("  %s: %s → %s", p.New.Title, l.Range(p.Old.Start, p.Old.End, 0), l.Range(p.New.Start, p.New.End, 0))
			switch {
			case p.Err != nil:
				line += " · " + l.Error(p.Err)
			case p.Exists:
				line += " · " + l.T("rollover.exists")
			default:
				if name := store.Holiday(p.New.Start); name != "" {
					line += " · " + l.T("date.holiday", "name", name)
				}
			}
			fmt.Fprintln(env.stdout, line)
		}
	}
}

// maxClashLines is how many clashes of a plan are listed one by one.
const maxClashLines = 20

// clashLines says in lines what of a plan its makers should know of.
func clashLines(l cards.Lang, clashes []store.Clash) []string {
	var lines []string
	for i := range clashes {
		if i == maxClashLines {
			return append(lines, l.T("common.others", "n", len(clashes)-i))
		}
		lines = append(lines, "△ "+l.Clash(&clashes[i]))
	}
	return lines
}
