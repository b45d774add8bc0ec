package main

import (
	"vuosikello/store"
	"vuosikello/store/export"
)

// exportCmd writes records for spreadsheets and other programs.
type exportCmd struct {
	databaseSettings
	planSettings
	Kind  string `arg:"" enum:"${exports}" help:"One of ${exports}."`
	JSON  bool   `name:"json" help:"Write JSON instead of CSV."`
	Comma bool   `help:"Separate CSV fields by commas whatever the language."`
}

func (c *exportCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	o := export.Options{Location: p.calendar.Location, Comma: p.language.CSVComma()}
	if c.Comma {
		o.Comma = ','
	}
	write := export.CSV
	if c.JSON {
		write = export.JSON
	}
	return db.Read(env.ctx, func(tx *store.Tx) error { return write(env.stdout, tx, c.Kind, o) })
}
