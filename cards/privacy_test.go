package cards_test

import (
	"path/filepath"
	"strings"
	"testing"

	"vuosikello/cards"
	"vuosikello/store"
)

// A column that holds personal data is told of in every language: see store/migrations for where that is said.
func TestPersonalColumnsAreNamed(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var columns []store.PersonalColumn
	if err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
		columns, err = tx.PersonalData()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(columns) < 40 {
		t.Fatalf("the schema tells of %d personal columns only", len(columns))
	}
	for _, l := range cards.Langs() {
		for _, c := range columns {
			what, howLong := l.PersonalColumn(c, store.DefaultRetention)
			for _, s := range []string{what, howLong, l.PersonalTable(c.Table)} {
				if strings.HasPrefix(s, "privacy.") {
					t.Errorf("%s: write %s into text/%s/privacy.json", c.Name(), s, l)
				}
			}
		}
	}
	what, howLong := cards.Finnish.PersonalColumn(store.PersonalColumn{Table: "need", Column: "text", HowLong: store.ByTextRetention}, store.Retention{Attendance: 1, Text: 24})
	if !strings.HasPrefix(what, "Vapaata tekstiä") || howLong != "24 kuukautta" {
		t.Errorf("need.text: %q, %q", what, howLong)
	}
}
