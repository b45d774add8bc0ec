package main

import (
	"vuosikello/store"
	"vuosikello/store/export"
)

// exportCmd writes records for spreadsheets and other programs.
type exportCmd struct {
	databaseSettings
	planSettings
	Kind   string `arg:"" enum:"${exports}" help:"One of ${exports}."`
	JSON   bool   `name:"json" help:"Write JSON instead of CSV."`
	Comma  bool   `help:"Separate CSV fields by commas whatever the language."`
	Person string `placeholder:"GUID" help:"For 'export person': the AAD object id of the person. A row for each value that is kept on them."`
}

// exportPerson is the kind that has everything on one person.
const exportPerson = "person"

func (c *exportCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	if (c.Kind == exportPerson) != (c.Person != "") || c.Person != "" && !isGUID(c.Person) {
		return usagef("--person is %q: 'export person' needs an AAD object id such as 00000000-0000-0000-0000-000000000000, and nothing else takes one", c.Person)
	}
	open := c.open
	if c.Kind == exportPerson {
		open = c.openExisting
	}
	db, err := open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	o := export.Options{Location: p.calendar.Location, Comma: p.language.CSVComma(), Erased: p.language.T("person.erased")}
	if c.Comma {
		o.Comma = ','
	}
	if c.Kind == exportPerson {
		return db.Read(env.ctx, func(tx *store.Tx) error {
			return export.Person(env.stdout, tx, c.Person, store.DateOf(p.now()), c.JSON, o)
		})
	}
	write := export.CSV
	if c.JSON {
		write = export.JSON
	}
	return db.Read(env.ctx, func(tx *store.Tx) error { return write(env.stdout, tx, c.Kind, o) })
}
