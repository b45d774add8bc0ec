package store_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vuosikello/store"
)

// A database that earlier versions of the program have written is upgraded when it is opened. It is tried here from every
// schema there was: from those that the first migrations make, with the rows of testdata/person.sql as far as they have
// room for them, and from those kept in testdata/schema as they were released, which tell when a migration that is out was
// edited. To keep those there that are not yet, before a release:
//
//	go test ./store -run TestUpgrade -freeze
var freeze = flag.Bool("freeze", false, "keep the schemas in testdata/schema that are not there yet")

// schemaFile is where a schema is kept.
func schemaFile(version int) string {
	return filepath.Join("testdata", "schema", fmt.Sprintf("%04d.sql", version))
}

// schemaTable tells of the schema itself: an upgrade brings it up to date as well.
const schemaTable = "personal_data"

func mustExec(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatalf("%v in %.200s", err, query)
	}
}

func mustOpenRaw(t testing.TB, path string) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close() })
	return raw
}

func texts(t testing.TB, db *sql.DB, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// asOf writes a database as the first migrations make it, with rows.
func asOf(t testing.TB, migrations []string, full, path string) {
	t.Helper()
	raw := mustOpenRaw(t, path)
	raw.SetMaxOpenConns(1) // what is attached is so to one connection
	for _, file := range migrations {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mustExec(t, raw, string(script))
	}
	mustExec(t, raw, fmt.Sprintf("PRAGMA application_id = 1447775311; PRAGMA user_version = %d", len(migrations)))
	mustExec(t, raw, `ATTACH $1 AS full`, full)
	for _, table := range tablesOf(t, raw) {
		if table == schemaTable {
			continue // the migrations fill it
		}
		columns := strings.Join(texts(t, raw, `SELECT '"' || name || '"' FROM pragma_table_info($1) WHERE name IN (SELECT name FROM pragma_table_info($1, 'full'))`, table), ", ")
		mustExec(t, raw, fmt.Sprintf(`INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM full.%s`, table, columns, columns, table))
	}
	mustExec(t, raw, `DETACH full`)
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}

func tablesOf(t testing.TB, raw *sql.DB) []string {
	return texts(t, raw, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
}

// script writes a database as SQL.
func script(t testing.TB, raw *sql.DB) string {
	t.Helper()
	var b strings.Builder
	schema := func(which string) {
		for _, s := range texts(t, raw, `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND `+which+` ORDER BY rowid`) {
			b.WriteString(s + ";\n")
		}
	}
	schema(`type <> 'trigger'`)
	for _, table := range tablesOf(t, raw) {
		columns := strings.Join(texts(t, raw, `SELECT 'quote("' || name || '")' FROM pragma_table_info($1)`, table), " || ', ' || ")
		for _, row := range texts(t, raw, `SELECT `+columns+` FROM `+table) {
			b.WriteString("INSERT INTO " + table + " VALUES (" + row + ");\n")
		}
	}
	schema(`type = 'trigger'`) // what they did is in the rows
	version := texts(t, raw, `PRAGMA user_version`)[0]
	return b.String() + "PRAGMA application_id = 1447775311;\nPRAGMA user_version = " + version + ";\n"
}

// rowsOf returns the rows of a table as text, in order.
func rowsOf(t testing.TB, raw *sql.DB, table string, columns []string) []string {
	t.Helper()
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = `quote("` + c + `")`
	}
	rows := texts(t, raw, `SELECT `+strings.Join(quoted, ` || ' ' || `)+` FROM `+table)
	slices.Sort(rows)
	return rows
}

// shape is what a database is made of, whatever its columns' order and comments.
func shape(t testing.TB, raw *sql.DB) []string {
	t.Helper()
	return texts(t, raw, `SELECT s.type || ' ' || s.name || ' ' || coalesce((SELECT group_concat(c, ', ') FROM
		(SELECT p.name || ' ' || p.type || ' ' || p."notnull" || ' ' || coalesce(p.dflt_value, '') || ' ' || p.pk AS c FROM pragma_table_info(s.name) p ORDER BY p.name)), '')
		FROM sqlite_schema s WHERE s.name NOT LIKE 'sqlite_%' ORDER BY 1`)
}

func TestUpgrade(t *testing.T) {
	migrations, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(migrations) == 0 {
		t.Fatal(migrations, err)
	}
	db, full := peopled(t)
	want, told := shape(t, full), rowsOf(t, full, schemaTable, []string{"table_name", "column_name", "what", "why", "how_long"})
	dir := t.TempDir()
	old := map[string]string{}
	for n := 1; n <= len(migrations); n++ {
		name := fmt.Sprintf("from %s", filepath.Base(migrations[n-1]))
		old[name] = filepath.Join(dir, fmt.Sprint(n))
		asOf(t, migrations[:n], db.Path(), old[name])
		if _, err := os.Stat(schemaFile(n)); *freeze && err != nil {
			if err := os.WriteFile(schemaFile(n), []byte(script(t, mustOpenRaw(t, old[name]))), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	kept, err := filepath.Glob(filepath.Join("testdata", "schema", "*.sql"))
	if err != nil || len(kept) == 0 {
		t.Fatal(kept, err)
	}
	for _, file := range kept {
		old[file] = filepath.Join(dir, filepath.Base(file)+".db")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw := mustOpenRaw(t, old[file])
		mustExec(t, raw, string(text))
		if err := raw.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, path := range old {
		t.Run(name, func(t *testing.T) {
			raw := mustOpenRaw(t, path)
			columns, rows := map[string][]string{}, map[string][]string{}
			for _, table := range tablesOf(t, raw) {
				columns[table] = texts(t, raw, `SELECT name FROM pragma_table_info($1)`, table)
				rows[table] = rowsOf(t, raw, table, columns[table])
			}
			if len(rows["person"]) != 2 || len(rows["audit"]) != 3 {
				t.Fatalf("it holds %d people and %d records", len(rows["person"]), len(rows["audit"]))
			}
			upgraded, err := store.Open(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer upgraded.Close()
			rows[schemaTable], columns[schemaTable] = told, []string{"table_name", "column_name", "what", "why", "how_long"}
			for table := range rows {
				if got := rowsOf(t, raw, table, columns[table]); !slices.Equal(got, rows[table]) {
					t.Errorf("%s holds %q, and held %q", table, got, rows[table])
				}
			}
			if got := shape(t, raw); !slices.Equal(got, want) {
				t.Errorf("the schema is\n%s\nand a new database's\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if broken := texts(t, raw, `SELECT "table" FROM pragma_foreign_key_check`); len(broken) > 0 {
				t.Errorf("rows refer to nothing in %v", broken)
			}
			mustRead(t, upgraded, func(tx *store.Tx) error {
				_, _, err := tx.VerifyAudit()
				return err
			})
			// And it works.
			mustErase(t, upgraded, maija)
			if left := found(dump(t, raw), maijas...); len(left) > 0 {
				t.Errorf("Maija is still in %v", left)
			}
		})
	}
}
