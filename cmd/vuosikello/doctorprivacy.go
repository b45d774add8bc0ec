package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vuosikello/store"
)

// privacy lists the personal data that the database holds, as its own schema tells it. It is in English like the schema;
// the page /tietosuoja says the same in every language.
func (c *doctorCmd) privacy(env *environment) error {
	r, err := c.retention()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	database := c.databaseSettings
	source := database.Database
	if _, err := os.Stat(database.Database); errors.Is(err, fs.ErrNotExist) {
		// Who decides whether the program may be taken into use asks before there is a database.
		dir, err := os.MkdirTemp("", "vuosikello")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		database.Database = filepath.Join(dir, "empty.db")
		source = "a new database (" + source + " does not exist yet)"
	}
	db, err := database.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	var columns []store.PersonalColumn
	if err := db.Read(env.ctx, func(tx *store.Tx) (err error) {
		columns, err = tx.PersonalData()
		return err
	}); err != nil {
		return err
	}
	width := 0
	for _, col := range columns {
		width = max(width, len(col.Name()))
	}
	months := strings.NewReplacer(store.ByAttendanceRetention, fmt.Sprintf("%s: %d months", store.ByAttendanceRetention, r.Attendance),
		store.ByTextRetention, fmt.Sprintf("%s: %d months", store.ByTextRetention, r.Text))
	fmt.Fprintf(env.stdout, "Personal data in %s: what is kept; why; how long\n", source)
	table := ""
	for _, col := range columns {
		if col.Table != table {
			table = col.Table
			fmt.Fprintln(env.stdout)
		}
		if _, err := fmt.Fprintf(env.stdout, "%-*s  %s; %s; %s\n", width, col.Name(), col.What, col.Why, months.Replace(col.HowLong)); err != nil {
			return err
		}
	}
	return nil
}
