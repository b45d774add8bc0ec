package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vuosikello/store"
)

const (
	maija = "11111111-1111-1111-1111-111111111111"
	kalle = "22222222-2222-2222-2222-222222222222"
)

// maijas are what Maija can be known by in testdata/person.sql.
var maijas = []string{maija, "Maija Meikäläinen", "maija.meikalainen@esimerkki.fi", "29:maija", "a:chat-maija"}

// peopled is a database with testdata/person.sql and an audit log, and a raw connection to it.
func peopled(t testing.TB) (*store.DB, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(raw.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	script, err := os.ReadFile("testdata/person.sql")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(string(script)); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, db, func(tx *store.Tx) error {
		return errors.Join(
			tx.Audit(at("2023-01-02 09:00"), store.Actor{ID: kalle, Name: "Kalle Kollega"}, "role.give", "role:approver", "Maija Meikäläinen"),
			tx.Audit(at("2023-01-02 10:00"), store.Actor{ID: maija, Name: "Maija Meikäläinen"}, "approval.approved", "content:1/1", "sha256 f8 Hyvä"),
			tx.Audit(at("2023-01-02 11:00"), store.Actor{ID: kalle, Name: "Kalle Kollega"}, "entry.done", "entry:syksy", ""))
	})
	return db, raw
}

// dump returns every value of the database with its table and column.
func dump(t testing.TB, raw *sql.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, table := range tableNames(t, raw) {
		dumpTable(t, raw, table, out)
	}
	return out
}

func tableNames(t testing.TB, raw *sql.DB) (names []string) {
	t.Helper()
	rows, err := raw.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

func dumpTable(t testing.TB, raw *sql.DB, table string, out map[string][]string) {
	t.Helper()
	rows, err := raw.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			out[table+"."+columns[i]] = append(out[table+"."+columns[i]], fmt.Sprint(v))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// found returns the columns in which one of the words stands.
func found(values map[string][]string, words ...string) (columns []string) {
	for column, list := range values {
		if slices.ContainsFunc(list, func(v string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(strings.ToLower(v), strings.ToLower(w)) })
		}) {
			columns = append(columns, column)
		}
	}
	slices.Sort(columns)
	return columns
}

// factsOnly are personal columns that say something of a person without naming them: they go with their row, or stay with
// one that names nobody.
var factsOnly = []string{"person.tenant_id", "person.guest", "person.language", "person.locale", "person.seen_at", "person.chat_at", "role.role", "role.until", "audit.salt",
	"content_version.title", "content_version.body", "content_version.body_sv", "acknowledgement.at", "attendance.signed_up_at", "attendance.cancelled_at", "attendance.joined_at", "attendance.minutes",
	"feedback.rating", "feedback.at", "feedback.need", "reach_member.person", "reach_signal.person", "reach_signal.kind"}

// Whoever adds a column that holds personal data is told here to say in testdata/person.sql what stands in it, and then by
// the tests below to have it erased, aged out and exported.
func TestPersonIsInEveryPersonalColumn(t *testing.T) {
	db, raw := peopled(t)
	values := dump(t, raw)
	named := found(values, maijas...)
	for _, c := range personalData(t, db) {
		if len(values[c.Name()]) == 0 {
			t.Errorf("%s: testdata/person.sql has no row with it", c.Name())
		} else if !slices.Contains(named, c.Name()) && !slices.Contains(factsOnly, c.Name()) {
			t.Errorf("%s: testdata/person.sql has no row in which it names Maija", c.Name())
		}
	}
}

func TestEraseLeavesNothingOfAPerson(t *testing.T) {
	db, raw := peopled(t)
	before := dump(t, raw)
	hash := versionHash(t, db)
	e := mustErase(t, db, maija)
	values := dump(t, raw)
	if left := found(values, maijas...); len(left) > 0 {
		t.Errorf("still in %s", strings.Join(left, ", "))
	}
	if e.Removed["acknowledgement"] != 1 || e.Removed["attendance"] != 3 || e.Removed["person"] != 1 || e.Anonymous["audit"] != 2 || e.Anonymous["feedback"] != 2 {
		t.Errorf("reported as removed %s, as anonymous %s", e.Removed, e.Anonymous)
	}
	mustRead(t, db, func(tx *store.Tx) error {
		// Decisions stay, and say that somebody who was erased made them.
		v, err := tx.ContentVersion(1, 1)
		if err != nil {
			return err
		}
		if v.Hash() != hash {
			t.Error("what was decided on has another hash now")
		}
		if v.Decision != store.DecisionApproved || !store.IsErased(v.DecidedBy) || v.Comment != "Hyvä. T: poistettu henkilö" {
			t.Errorf("decision %s by %q: %q", v.Decision, v.DecidedBy, v.Comment)
		}
		if name, err := tx.PersonName(v.DecidedBy); name != store.ErasedName || err != nil {
			t.Errorf("decided by %q, %v", name, err)
		}
		if records, erased, err := tx.VerifyAudit(); records != 4 || erased != 2 || err != nil {
			t.Errorf("audit: %d records, %d erased, %v", records, erased, err)
		}
		d, err := tx.Draft(2)
		if err != nil {
			return err
		}
		if want := "Kysy: poistettu henkilö <poistettu henkilö>"; d.Form["body"] != want {
			t.Errorf("draft %q, want %q", d.Form["body"], want)
		}
		s, err := tx.Session(2)
		if err != nil {
			return err
		}
		if s.HostID != "" || s.Link() != "" || s.MeetingState != store.MeetingFailed {
			t.Errorf("the session to come has host %q, link %q, meeting %s", s.HostID, s.Link(), s.MeetingState)
		}
		return nil
	})
	// Numbers stay, except that somebody who is gone does not come to what they signed up for.
	checkNumbers(t, db)
	// Cards that named them are updated, and what had not been sent to them is not sent.
	wanted := func(values map[string][]string) (posts []string) {
		for i, w := range values["post.wanted"] {
			if w != values["post.shown"][i] && values["post.activity_id"][i] != "" {
				posts = append(posts, values["post.kind"][i])
			}
		}
		return posts
	}
	if got, want := wanted(values), []string{"reminder", "approval", "notice", "need", "invitation"}; !slices.Equal(got, want) {
		t.Errorf("cards to be updated: %v, want %v; before %v", got, want, wanted(before))
	}
	if state := values["post.state"][7]; state != "withdrawn" {
		t.Errorf("what was waiting for them is %s", state)
	}
	// Kalle keeps everything.
	for column := range before {
		if a, b := found(map[string][]string{column: before[column]}, kalle, "Kalle Kollega"), found(map[string][]string{column: values[column]}, kalle, "Kalle Kollega"); len(a) > len(b) && column != "post.notice" { // one that was for Maija
			t.Errorf("Kalle is gone from %s", column)
		}
	}
	// Erasing once more finds nobody.
	err := db.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.FindTraces(maija, day("2026-01-05"))
		return err
	})
	if !store.IsKind(err, store.KindNotFound) {
		t.Errorf("the second time: %v", err)
	}
}

// checkNumbers checks what testdata/person.sql counts.
func checkNumbers(t *testing.T, db *store.DB) {
	t.Helper()
	mustRead(t, db, func(tx *store.Tx) error {
		if n, err := tx.Acknowledgements(1); n != 2 || err != nil {
			t.Errorf("%d acknowledgements, %v", n, err)
		}
		turnout, err := tx.Turnout(1)
		turnout.Forgotten = store.Turnout{}.Forgotten
		if want := (store.Turnout{SignedUp: 2, Attended: 2, NoShow: 1, Anonymous: 3}); turnout != want || err != nil {
			t.Errorf("turnout %+v, want %+v, %v", turnout, want, err)
		}
		coming, err := tx.Turnout(2)
		if want := (store.Turnout{SignedUp: 1, NoShow: 1}); coming != want || err != nil {
			t.Errorf("turnout of the session to come %+v, want %+v, %v", coming, want, err)
		}
		groups, err := tx.NeedGroups(at("2023-01-01 00:00"), 5)
		if want := (store.NeedGroup{Need: "Chatin käyttö", People: 2, Audience: "Hoitajat"}); err != nil || len(groups) != 1 || groups[0] != want {
			t.Errorf("needs %+v, want %+v, %v", groups, want, err)
		}
		return nil
	})
}

func mustErase(t testing.TB, db *store.DB, id string) (e *store.Erasure) {
	t.Helper()
	var traces *store.Traces
	mustRead(t, db, func(tx *store.Tx) (err error) {
		traces, err = tx.FindTraces(id, day("2026-01-05"))
		return err
	})
	mustWrite(t, db, func(tx *store.Tx) (err error) {
		e, err = tx.Erase(traces, "poistettu henkilö", store.Actor{Name: "erase"}, at("2026-01-05 12:00"))
		return err
	})
	return e
}

// A name that two people have may mean either, and one that is a single word may mean nobody.
// Whoever wrote the owner's name had a spelling of their own; the case of ä and ö is as good as that of a.
func TestErasedOwnerInOtherLetters(t *testing.T) {
	db, raw := peopled(t)
	mustExec(t, raw, `UPDATE entry SET owner = 'MAIJA  MEIKÄLÄINEN'`)
	told := 0
	mustRead(t, db, func(tx *store.Tx) error {
		traces, err := tx.FindTraces(maija, day("2026-01-05"))
		if err != nil {
			return err
		}
		return tx.PersonRecords(traces, func(f store.PersonField) error {
			if f.Table == "entry" && f.Column == "owner" {
				told++
			}
			return nil
		})
	})
	if told != 1 {
		t.Errorf("told of %d entries that she owns", told)
	}
	mustErase(t, db, maija)
	if owners := dump(t, raw)["entry.owner"]; slices.ContainsFunc(owners, func(s string) bool { return s != "" }) {
		t.Errorf("owners %q", owners)
	}
}

func TestEraseLeavesANameThatOthersHave(t *testing.T) {
	db, raw := peopled(t)
	if _, err := raw.Exec(`INSERT INTO person (id, teams_id, name, name_key, email, tenant_id, guest, language, locale, conversation_id, service_url, seen_at, chat_at) SELECT '33333333-3333-3333-3333-333333333333', '29:other', name, name_key, 'toinen@esimerkki.fi', tenant_id, guest, language, locale, 'a:chat-other', service_url, seen_at, chat_at FROM person WHERE id = $1`, maija); err != nil {
		t.Fatal(err)
	}
	e := mustErase(t, db, maija)
	values := dump(t, raw)
	if left := found(values, maija, "maija.meikalainen@esimerkki.fi", "a:chat-maija"); len(left) > 0 || !e.Namesake {
		t.Errorf("still in %v; namesake %v", left, e.Namesake)
	}
	if !slices.Contains(values["entry.owner"], "Maija Meikäläinen") || !strings.Contains(values["need.text"][1], "Maija Meikäläinen") {
		t.Error("a name that may be somebody else's was taken away")
	}
}

func TestTwoErasedReceiversOfOneRequest(t *testing.T) {
	db, raw := peopled(t)
	if _, err := raw.Exec(`INSERT INTO post (id, person_id, trace, conversation_id, activity_id, kind, title, state, reason, attempts, doubts, late, priority, due_at, created_at, sent_at, queued_at, retry_at, service_url, wanted, shown, update_at, update_attempts, content_id, content_version, notice)
		SELECT 9, $1, 't9', 'a:chat-kalle', 'activity-9', kind, title, state, reason, attempts, doubts, late, priority, due_at, created_at, sent_at, queued_at, retry_at, service_url, wanted, shown, update_at, update_attempts, content_id, content_version, notice FROM post WHERE id = 3`, kalle); err != nil {
		t.Fatal(err)
	}
	mustErase(t, db, maija)
	mustErase(t, db, kalle)
	if left := found(dump(t, raw), append(maijas, kalle, "Kalle Kollega")...); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	if n := len(dump(t, raw)["post.id"]); n != 9 {
		t.Errorf("the ledger has %d posts, want 9", n)
	}
	mustRead(t, db, func(tx *store.Tx) error {
		if n, err := tx.Acknowledgements(1); n != 2 || err != nil {
			t.Errorf("%d acknowledgements, %v", n, err)
		}
		_, erased, err := tx.VerifyAudit()
		if erased != 3 {
			t.Errorf("%d audit records erased", erased)
		}
		return err
	})
}

// A publication that names somebody stays as it was decided on, and they are told of it.
func TestPublicationsThatNameAPersonAreTold(t *testing.T) {
	db, raw := peopled(t)
	mustExec(t, raw, `UPDATE content_version SET requested_by = $1, decided_by = $1, withdrawn_by = '', body = 'Kysy: Maija Meikäläinen'`, kalle)
	var told []string
	mustRead(t, db, func(tx *store.Tx) error {
		traces, err := tx.FindTraces(maija, day("2026-01-05"))
		if err != nil {
			return err
		}
		return tx.PersonRecords(traces, func(f store.PersonField) error {
			if f.Table == "content_version" {
				told = append(told, fmt.Sprint(f.Column, " ", f.Value))
			}
			return nil
		})
	})
	if want := []string{"content_id 1", "version 1", "comment Hyvä. T: Maija Meikäläinen", "content_id 1", "version 1", "body Kysy: Maija Meikäläinen"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	mustErase(t, db, maija)
	if got := dump(t, raw)["content_version.body"]; !slices.Equal(got, []string{"Kysy: Maija Meikäläinen"}) {
		t.Errorf("what was decided on is now %q", got)
	}
}

func versionHash(t testing.TB, db *store.DB) (hash string) {
	t.Helper()
	mustRead(t, db, func(tx *store.Tx) error {
		v, err := tx.ContentVersion(1, 1)
		if err == nil {
			hash = v.Hash()
		}
		return err
	})
	return hash
}

func TestPersonRecordsHoldEveryPersonalColumn(t *testing.T) {
	db, _ := peopled(t)
	told := map[string][]string{}
	mustRead(t, db, func(tx *store.Tx) error {
		traces, err := tx.FindTraces(strings.ToUpper(maija), day("2026-01-05"))
		if err != nil {
			return err
		}
		return tx.PersonRecords(traces, func(f store.PersonField) error {
			told[f.Table+"."+f.Column] = append(told[f.Table+"."+f.Column], fmt.Sprint(f.Value))
			return nil
		})
	})
	for _, c := range personalData(t, db) {
		if len(told[c.Name()]) == 0 && c.Name() != "content_version.body_sv" {
			t.Errorf("%s is not told of", c.Name())
		}
	}
	if others := found(told, kalle); len(others) > 0 {
		t.Errorf("somebody else's id is told in %v", others)
	}
	if got := told["team_member.team"]; !slices.Equal(got, []string{"Keskussairaala"}) {
		t.Errorf("teams %v", got)
	}
	if got := told["need.text"]; len(got) < 2 {
		t.Errorf("needs %v: somebody else's that names her is missing", got)
	}
}

// What is held on a person is found by their id without reading whole tables: people ask for it in a chat, and others wait
// while somebody is erased.
func TestFindingAPersonReadsNoWholeTable(t *testing.T) {
	t.Parallel()
	db, raw := peopled(t)
	for _, c := range personalData(t, db) {
		if !strings.HasPrefix(c.What, "AAD object id") || c.Table == "download" || c.Table == "upload" { // these are forgotten within the hour
			continue
		}
		if strings.HasPrefix(c.Table, "reach_") && c.Column != "person_id" {
			continue // numbers that stand for people
		}
		// The condition is that of every statement that looks for a person.
		for _, step := range plan(t, raw, fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s = 'x' AND %s <> ''`, c.Table, c.Column, c.Column)) {
			if !strings.HasPrefix(step, "SEARCH ") {
				t.Errorf("%s: %s", c.Name(), step)
			}
		}
	}
}

// plan is how SQLite goes about a query, step by step.
func plan(t testing.TB, db *sql.DB, query string) (steps []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN " + query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
