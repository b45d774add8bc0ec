package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"vuosikello/store"
)

func personalData(t *testing.T, db *store.DB) (list []store.PersonalColumn) {
	t.Helper()
	mustRead(t, db, func(tx *store.Tx) (err error) {
		list, err = tx.PersonalData()
		return err
	})
	return list
}

func TestPersonalDataIsReadFromTheSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`CREATE TABLE "odd, name" ( -- personal data stands below
		"a,b" TEXT DEFAULT 'x, -- no comment' CHECK ("a,b" IN ('(', ')')), -- personal: one; two; three
		[c d] NUMERIC(10, 2) /* personal: four; five; six */, e_f TEXT -- personal: seven; eight
		, last TEXT);
		ALTER TABLE "odd, name" ADD COLUMN added TEXT -- personal: nine; ten; eleven
			NOT NULL DEFAULT '';
		ALTER TABLE "odd, name" ADD COLUMN plain TEXT;
		ALTER TABLE "odd, name" ADD COLUMN short TEXT /* personal: what; why; long */;`); err != nil {
		t.Fatal(err)
	}
	var got []store.PersonalColumn
	for _, c := range personalData(t, db) {
		if c.Table == "odd, name" {
			got = append(got, c)
		}
	}
	want := []store.PersonalColumn{{"odd, name", "a,b", "one", "two", "three"}, {"odd, name", "c d", "four", "five", "six"}, {"odd, name", "e_f", "e f", "seven", "eight"},
		{"odd, name", "added", "nine", "ten", "eleven"}, {"odd, name", "short", "what", "why", "long"}}
	if !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

// SQLite drops a comment that stands behind the semicolon of ALTER TABLE, and nobody would notice.
func TestNoPersonalCommentIsLost(t *testing.T) {
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	known := map[string]bool{}
	for _, c := range personalData(t, mustOpen(t)) {
		known[c.Name()] = true
	}
	added := regexp.MustCompile(`(?i)ALTER TABLE (\w+) ADD COLUMN (\w+)[^\n]*(\n\s[^\n]*)?personal:`)
	found := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range added.FindAllSubmatch(b, -1) {
			found++
			if name := string(m[1]) + "." + string(m[2]); !known[name] {
				t.Errorf("%s says that %s is personal, and the database does not: see PersonalData for where the comment must stand", f, name)
			}
		}
	}
	if found == 0 {
		t.Error("no such column was found, though there is one")
	}
}
