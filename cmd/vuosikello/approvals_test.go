package main_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// An outsider recomputes the hash of every version from the export alone, as the documentation of ContentVersion.Hash
// says, and finds it in the audit log.
func TestExportApprovals(t *testing.T) {
	t.Parallel()
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	calendar := benchCalendar(t)
	requested, decided := mustTime(t, "2026-03-27T14:05:00+02:00"), mustTime(t, "2026-03-30T09:00:00+03:00") // summer time began between
	texts := []store.ContentVersion{
		{Title: "=HYPERLINK(\"https://paha.example\")", Body: "-1+1\n\nrivi; \"lainaus\", <b> & 😀", Audiences: []string{"Ammattilaiset", "Some"}, PublishAt: mustTime(t, "2026-04-01T09:00:00+03:00")},
		{Title: "Ohje", Body: "Teksti", TitleSv: "Anvisning", BodySv: "Text", Link: "https://hva.example/?a=1&b=2", Image: "https://hva.example/k.png", ImageAlt: "Kaksi hoitajaa", Audiences: []string{"Hoitajat"}},
	}
	o.write(t, func(tx *store.Tx) error {
		for i := range texts {
			v := &texts[i]
			d := store.Draft{AuthorID: aino.AADObjectID, Form: map[string]string{}}
			if err := tx.SaveDraft(&d, requested); err != nil {
				return err
			}
			v.ContentID, v.Approval, v.RequestedBy, v.Checklist = d.ID, true, aino.AADObjectID, store.Checks()
			if err := tx.SubmitContent(v, requested, calendar); err != nil {
				return err
			}
			if err := tx.Audit(requested, store.Actor{ID: aino.AADObjectID, Name: aino.Name}, "content.submit", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
				return err
			}
		}
		_, err := tx.Decide(&texts[0], store.DecisionReturned, "unknown-approver", "@SUM(1)", 0, decided, calendar)
		return err
	})
	s := localSettings(o.database)
	var rows []map[string]any
	if err := json.Unmarshal([]byte(MustRun(t, s, "export", "approvals", "--json")), &rows); err != nil || len(rows) != 2 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	audit := MustRun(t, s, "export", "audit")
	for _, row := range rows {
		text := func(name string) string { v, _ := row[name].(string); return v }
		at := ""
		if text("publish_at") != "" {
			instant, err := time.Parse(time.RFC3339, text("publish_at"))
			if err != nil {
				t.Error(err)
			}
			at = fmt.Sprint(instant.UnixMilli())
		}
		h := sha256.New()
		for _, part := range [][2]string{{"title", text("title")}, {"body", text("body")}, {"title_sv", text("title_sv")}, {"body_sv", text("body_sv")}, {"link", text("link")},
			{"image", text("image")}, {"image_alt", text("image_alt")}, {"audience", text("audience")}, {"publish_at", at}} {
			fmt.Fprintf(h, "%s:%d:%s\n", part[0], len(part[1]), part[1])
		}
		if sum := hex.EncodeToString(h.Sum(nil)); sum != text("sha256") || !strings.Contains(audit, sum) {
			t.Errorf("recomputed %s, exported %s", sum, text("sha256"))
		}
	}

	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(MustRun(t, s, "export", "approvals"), "\ufeff")))
	r.Comma = ';'
	var table [][]string
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		table = append(table, record)
	}
	header := strings.Fields("id title version sha256 requested_by requested_by_id requested_at publish_at audience decision decided_by decided_by_id decided_at comment meeting_date published_at " +
		"entry_id body title_sv body_sv link image image_alt checklist")
	if len(table) != 3 || !slices.Equal(table[0][:len(header)], header) {
		t.Fatalf("%d rows, header %q", len(table), table[0])
	}
	cell := func(name string) string { return table[1][slices.Index(header, name)] }
	for name, want := range map[string]string{"title": "'=HYPERLINK(\"https://paha.example\")", "body": "'-1+1\n\nrivi; \"lainaus\", <b> & 😀", "comment": "'@SUM(1)", "version": "1", "decision": "returned",
		"requested_by": aino.Name, "requested_by_id": aino.AADObjectID, "requested_at": "2026-03-27T14:05:00.000+02:00", "decided_at": "2026-03-30T09:00:00.000+03:00",
		"publish_at": "2026-04-01T09:00:00.000+03:00", "audience": "Ammattilaiset, Some", "checklist": "copyright, privacy, language, accessibility", "decided_by_id": "unknown-approver"} {
		if got := cell(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	MustRun(t, s, "audit", "--verify")
}
