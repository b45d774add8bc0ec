package main

import (
	"fmt"

	"vuosikello/cards"
	"vuosikello/store"
)

// eraseCmd removes a person from the database.
type eraseCmd struct {
	databaseSettings
	planSettings
	Person string `required:"" placeholder:"GUID" help:"The person's AAD object id."`
	DryRun bool   `help:"Only show where the person is found."`
}

func (c *eraseCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	if !isGUID(c.Person) {
		return usagef("--person is %q: write an AAD object id such as 00000000-0000-0000-0000-000000000000; Entra ID shows it with the user", c.Person)
	}
	db, err := c.openExisting(env)
	if err != nil {
		return err
	}
	defer db.Close()
	l := p.language
	var traces *store.Traces
	err = db.Read(env.ctx, func(tx *store.Tx) (err error) {
		traces, err = tx.FindTraces(c.Person, store.DateOf(p.now()))
		return err
	})
	if store.IsKind(err, store.KindNotFound) && !c.DryRun {
		// An earlier run that was cut off may have erased them, and left the file of changes.
		if scrub := db.Scrub(env.ctx); scrub != nil {
			return scrub
		}
	}
	if err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintln(env.stdout, l.T("erase.found", "id", traces.ID))
		return tallyLines(env, l, "erase.rows", traces.Rows)
	}
	var done *store.Erasure
	if err := db.Write(env.ctx, func(tx *store.Tx) (err error) {
		done, err = tx.Erase(traces, l.T("person.erased"), store.Actor{Name: "erase"}, p.now())
		return err
	}); err != nil {
		return err
	}
	if err := db.Scrub(env.ctx); err != nil {
		return err
	}
	fmt.Fprintln(env.stdout, l.T("erase.done", "id", traces.ID))
	if err := tallyLines(env, l, "erase.removed", done.Removed); err != nil {
		return err
	}
	if err := tallyLines(env, l, "erase.anonymous", done.Anonymous); err != nil {
		return err
	}
	for _, note := range []struct {
		holds bool
		key   string
	}{{done.Namesake, "erase.namesake"}, {done.Hosts > 0, "erase.hosts"}, {done.LastAdmin, "erase.last_admin"}, {true, "erase.elsewhere"}} {
		if note.holds {
			fmt.Fprintln(env.stdout, l.T(note.key, "n", done.Hosts))
		}
	}
	return nil
}

// tallyLines prints a line for each table: its heading, its name and how many rows.
func tallyLines(env *environment, l cards.Lang, key string, tally store.Tally) error {
	for _, table := range tally.Tables() {
		if _, err := fmt.Fprintf(env.stdout, "  %s (%s): %s\n", l.PersonalTable(table), table, l.T(key, "n", tally[table])); err != nil {
			return err
		}
	}
	return nil
}
