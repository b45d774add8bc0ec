package main_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// TestScript runs the program's subcommands as a person would type them; see testdata/script.
func TestScript(t *testing.T) {
	bin := filepath.Dir(program(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
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
