package main

import (
	"fmt"
	"time"

	"vuosikello/store"
)

// backupCmd copies the database, also while the bot is serving.
type backupCmd struct {
	databaseSettings
	Replace bool   `help:"Replace the file if it exists."`
	File    string `arg:"" placeholder:"FILE" help:"Where the copy goes. FILE.manifest.json beside it says what it holds."`
}

func (c *backupCmd) Run(env *environment) error {
	if err := c.check(); err != nil {
		return err
	}
	m, err := store.Backup(env.ctx, c.Database, c.File, c.Replace, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s: %d KiB, schema %d, %d rows in %d tables, sha256 %s\n", c.File, m.Bytes/1024, m.Schema, m.Rows(), len(m.Tables), m.SHA256)
	return err
}

// restoreCmd makes a backup the database. The bot must not be serving.
type restoreCmd struct {
	databaseSettings
	Replace bool   `help:"Replace the database if it exists. It is kept beside the new one under another name."`
	File    string `arg:"" placeholder:"FILE" help:"The backup, or a plain copy of a database."`
}

func (c *restoreCmd) Run(env *environment) error {
	if err := c.check(); err != nil {
		return err
	}
	unlock, err := lockDatabase(c.Database)
	if err != nil {
		return err
	}
	defer unlock()
	r, err := store.Restore(env.ctx, c.File, c.Database, c.Replace, time.Now())
	if err != nil {
		return err
	}
	how := "it had no manifest beside it, and was checked by itself"
	if r.Manifest.SHA256 != "" {
		how = "as its manifest of " + r.Manifest.CreatedAt.Local().Format(time.RFC3339) + " describes it"
	}
	fmt.Fprintf(env.stdout, "%s restored from %s: schema %d, %d rows in %d tables; %s\n", c.Database, c.File, r.Manifest.Schema, r.Manifest.Rows(), len(r.Manifest.Tables), how)
	if r.Kept != "" {
		fmt.Fprintf(env.stdout, "the database that was there is now %s\n", r.Kept)
	}
	fmt.Fprintln(env.stdout, "people who were erased after the backup was made are in it again: erase them once more")
	return nil
}
