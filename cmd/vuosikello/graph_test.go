package main_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// The way of a session through the real program: its meeting is made through Graph with a token from Entra ID, both over
// TLS, Join answers its link, and the report that appears after it is merged.
func TestSessionThroughGraph(t *testing.T) {
	cloud := openCloud(t)
	login, entra, online := cloud.login, cloud.entra, cloud.online
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{Authorized: entra.Authorized(teams.Scope)})
	o.write(t, func(tx *store.Tx) error {
		if _, err := tx.Bind(channelID(0), store.Binding{Kind: store.ForAudience, Name: "Hoitajat"}); err != nil {
			return err
		}
		return tx.GiveRole(aino.AADObjectID, store.RoleDigimentor, 0)
	})
	env := cloud.settings(o.database)
	authorization := "Bearer " + login.Token(appID, o.connector.ServiceURL)

	p := start(t, env.with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-24T13:50:00+02:00"}), nil)
	p.awaitReady(t)
	channel := o.team.Channel(channelID(0))
	if status, _ := teamstest.Post(t, p.messages(), authorization, o.scene.Mention(channel, aino, "digivartti 24.3.2026 14:00 Ajanvaraus sovelluksessa")); status != 200 {
		t.Fatalf("the line was answered with %d", status)
	}
	p.await(t, "meeting", func() bool { return len(online.Meetings()) == 1 })
	made := online.Meetings()[0]
	if made.Subject != "Ajanvaraus sovelluksessa" || made.Attendees != 0 || !made.Start.Equal(mustTime(t, "2026-03-24T14:00:00+02:00")) {
		t.Errorf("made %+v", made)
	}
	invitation := o.connector.AwaitMatch(t, 1, func(r teamstest.Request) bool { return r.Op == "create" && r.Posted() })
	var link string
	p.await(t, "link", func() bool {
		status, body := teamstest.Post(t, p.messages(), authorization, o.scene.Click(channel.Thread(invitation.ActivityID), aino, invitation.ActivityID, cards.VerbJoin, map[string]any{"session": 1, "version": 1}))
		if status != 200 {
			t.Fatalf("Join was answered with %d", status)
		}
		link = openedBy(body)
		return link != ""
	})
	if link != made.JoinURL {
		t.Errorf("Join answers %s, the meeting is at %s", link, made.JoinURL)
	}
	for _, r := range o.connector.Requests() {
		if strings.Contains(string(r.Content), made.JoinURL) {
			t.Errorf("%s to %s has the meeting's link", r.Op, r.ConversationID)
		}
	}
	if status := p.stop(t); status != 0 {
		t.Fatalf("status %d", status)
	}

	begin := mustTime(t, "2026-03-24T14:00:00+02:00")
	stay := store.Interval{From: begin, To: begin.Add(13 * time.Minute)}
	if err := online.AddReport(made.JoinURL, store.AttendanceReport{ID: "report", Start: begin, End: stay.To, Total: 3, Records: []store.AttendanceRecord{
		{PersonID: aino.AADObjectID, Email: aino.Email, Name: aino.Name, Intervals: []store.Interval{stay}},
		{Email: "vieras@example.com", PersonID: "55555555-5555-4555-8555-555555555555", Name: "=Vieras", Intervals: []store.Interval{stay}},
	}}); err != nil {
		t.Fatal(err)
	}
	p = start(t, env.with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-24T14:20:05+02:00"}), nil)
	o.connector.AwaitMatch(t, 1, func(r teamstest.Request) bool {
		return r.Posted() && r.ConversationID == teamstest.PersonalChat(aino.ID) && strings.Contains(string(r.Content), cards.VerbFeedback)
	})
	o.write(t, func(tx *store.Tx) error { // the report is first looked for minutes later, in real time
		s, err := tx.Session(1)
		if err != nil {
			return err
		}
		return tx.ReportLater(s, "", time.Now(), false)
	})
	var rows [][]string
	p.await(t, "report", func() bool {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(MustRun(t, env, "export", "attendance"), "\ufeff")))
		r.Comma = ';'
		var err error
		if rows, err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
		return len(rows) == 4
	})
	want := []string{
		"session_id title start person person_id signed_up_at cancelled_at joined_at minutes source count signed_up",
		"1 Ajanvaraus sovelluksessa 2026-03-24T14:00:00.000+02:00 '=Vieras 55555555-5555-4555-8555-555555555555   2026-03-24T14:00:00.000+02:00 13 graph  ",
		"1 Ajanvaraus sovelluksessa 2026-03-24T14:00:00.000+02:00 Aino Aalto " + aino.AADObjectID + "   2026-03-24T13:5 13 graph  ",
		"1 Ajanvaraus sovelluksessa 2026-03-24T14:00:00.000+02:00       graph 1 ",
	}
	for i, row := range rows {
		if i == 2 && len(row[7]) > 15 {
			row[7] = row[7][:15] // when she pressed Join: between 13.50 and 14.00
		}
		if got := strings.Join(row, " "); got != want[i] {
			t.Errorf("row %d:\n got %q\nwant %q", i, got, want[i])
		}
	}
	if status := p.stop(t); status != 0 {
		t.Fatalf("status %d", status)
	}
}

// cloud is what the program meets in the cloud besides the Connector: whoever signs its requests, Entra ID and Graph, the latter two over TLS.
type cloud struct {
	login        *teamstest.Login
	entra        *teamstest.Entra
	online       *graphtest.Server
	certificates string // a file
}

func openCloud(t *testing.T) *cloud {
	t.Helper()
	return openCloudOf(t, secret)
}

// openCloudOf is a cloud that knows the app by that secret.
func openCloudOf(t *testing.T, secret string) *cloud {
	t.Helper()
	c := &cloud{login: teamstest.NewLogin(), entra: teamstest.NewEntra(tenantID, appID, secret), online: graphtest.NewTLS(), certificates: filepath.Join(t.TempDir(), "stand-ins.pem")}
	t.Cleanup(c.login.Close)
	t.Cleanup(c.entra.Close)
	t.Cleanup(c.online.Close)
	c.online.SetAuthorized(c.entra.Authorized(c.online.Scope()))
	var bundle []byte
	for _, certificate := range [][]byte{c.entra.Certificate().Raw, c.online.Certificate().Raw} {
		bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})...)
	}
	if err := os.WriteFile(c.certificates, bundle, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cloud) settings(database string) settings {
	return settings{
		"VUOSIKELLO_LISTEN": "127.0.0.1:0", "VUOSIKELLO_ADMIN_LISTEN": "127.0.0.1:0", "VUOSIKELLO_DATABASE": database, "VUOSIKELLO_GRAPH_URL": c.online.URL,
		"VUOSIKELLO_OPENID_METADATA_URL": c.login.MetadataURL, "AZURE_AUTHORITY_HOST": c.entra.Authority, "SSL_CERT_FILE": c.certificates,
		"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": appID, "AZURE_CLIENT_SECRET": secret,
	}
}

// openedBy is the address that the card of an answer opens, "" when the answer is no card.
func openedBy(body []byte) string {
	var res struct {
		Value struct {
			Actions []struct{ Type, URL string }
		}
	}
	if json.Unmarshal(body, &res) != nil {
		return ""
	}
	for _, a := range res.Value.Actions {
		if a.Type == "Action.OpenUrl" {
			return a.URL
		}
	}
	return ""
}
