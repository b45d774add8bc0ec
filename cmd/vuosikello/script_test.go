package main_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"vuosikello/store"
)

// personScript is absolute: scripts run in folders of their own.
var personScript = func() string {
	path, err := filepath.Abs("../../store/testdata/person.sql")
	if err != nil {
		panic(err)
	}
	return path
}()

// TestScript runs the program's subcommands as a person would type them; see testdata/script.
func TestScript(t *testing.T) {
	bin := filepath.Dir(program(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"people": people,
			// sql changes the database behind the program's back.
			"sql": func(ts *testscript.TestScript, _ bool, args []string) {
				db, err := sql.Open("sqlite", ts.Getenv("VUOSIKELLO_DATABASE"))
				ts.Check(err)
				defer db.Close()
				_, err = db.Exec(args[0])
				ts.Check(err)
			},
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("VUOSIKELLO_DATABASE", filepath.Join(env.WorkDir, "test.db"))
			env.Setenv("VUOSIKELLO_REHEARSAL", "2026-01-02T09:00:00+02:00")
			sample, err := os.ReadFile(sampleClock(t))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "sample.csv"), sample, 0o600)
		},
	})
}

// people fills the script's database with the people of the store's tests.
func people(ts *testscript.TestScript, _ bool, _ []string) {
	path := ts.Getenv("VUOSIKELLO_DATABASE")
	db, err := store.Open(context.Background(), path)
	ts.Check(err)
	ts.Check(db.Close())
	raw, err := sql.Open("sqlite", path)
	ts.Check(err)
	script, err := os.ReadFile(personScript)
	ts.Check(err)
	_, err = raw.Exec(string(script))
	ts.Check(errors.Join(err, raw.Close()))
}
