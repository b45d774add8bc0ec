package main_test

import (
	"encoding/csv"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// The way of a publication's reach through the real program: three overlapping channels with guests, people of another
// organisation and one person in all three, read through Graph over TLS on two nights; reactions that are changed and taken
// away.
func TestReachThroughGraph(t *testing.T) {
	login, entra, online := teamstest.NewLogin(), teamstest.NewEntra(tenantID, appID, secret), graphtest.NewTLS()
	t.Cleanup(login.Close)
	t.Cleanup(entra.Close)
	t.Cleanup(online.Close)
	online.SetAuthorized(entra.Authorized(online.Scope()))
	o := openOrganisation(t, 3, teamstest.ConnectorConfig{Authorized: entra.Authorized(teams.Scope)})
	certificates := filepath.Join(t.TempDir(), "stand-ins.pem")
	var bundle []byte
	for _, c := range [][]byte{entra.Certificate().Raw, online.Certificate().Raw} {
		bundle = append(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c})...)
	}
	if err := os.WriteFile(certificates, bundle, 0o600); err != nil {
		t.Fatal(err)
	}
	env := settings{
		"VUOSIKELLO_LISTEN": "127.0.0.1:0", "VUOSIKELLO_ADMIN_LISTEN": "127.0.0.1:0", "VUOSIKELLO_DATABASE": o.database, "VUOSIKELLO_GRAPH_URL": online.URL,
		"VUOSIKELLO_OPENID_METADATA_URL": login.MetadataURL, "AZURE_AUTHORITY_HOST": entra.Authority, "SSL_CERT_FILE": certificates,
		"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": appID, "AZURE_CLIENT_SECRET": secret,
	}
	const partner = "99999999-9999-4999-8999-999999999999"
	id := func(n string) string { return "00000000-0000-4000-8000-00000000000" + n }
	member := func(n string) graphtest.Member { return graphtest.Member{PersonID: id(n), TenantID: tenantID} }
	guest := func(n string) graphtest.Member {
		return graphtest.Member{PersonID: id(n), TenantID: tenantID, Roles: []string{"guest"}}
	}
	external := func(n string) graphtest.Member { return graphtest.Member{PersonID: id(n), TenantID: partner} }
	ref := func(i int) store.ChannelRef {
		return store.ChannelRef{GroupID: o.team.AADGroupID, ChannelID: channelID(i)}
	}
	// 1 is in all three; 4 is a guest in two; 5 is of another organisation.
	online.SetChannel(graphtest.Channel{ChannelRef: ref(0), Members: []graphtest.Member{member("1"), member("2"), guest("4"), external("5")}})
	online.SetChannel(graphtest.Channel{ChannelRef: ref(1), Members: []graphtest.Member{member("1"), member("3"), guest("4")}})
	online.SetChannel(graphtest.Channel{ChannelRef: ref(2), Members: []graphtest.Member{member("1"), member("2"), member("3")}})
	o.write(t, func(tx *store.Tx) error {
		for i := range 3 {
			if _, err := tx.Bind(channelID(i), store.Binding{Kind: store.ForAudience, Name: "Hoitajat"}); err != nil {
				return err
			}
		}
		now := mustTime(t, "2026-03-02T09:00:00+02:00")
		plan := store.Calendar{Location: now.Location(), PostTime: 8*60 + 30}
		d := store.Draft{AuthorID: aino.AADObjectID, Form: map[string]string{}}
		if err := tx.SaveDraft(&d, now); err != nil {
			return err
		}
		v := &store.ContentVersion{ContentID: d.ID, Title: "=Ohje muuttuu", Body: "Maanantaina.", Audiences: []string{"Hoitajat"}, RequestedBy: aino.AADObjectID}
		if err := tx.SubmitContent(v, now, plan); err != nil {
			return err
		}
		_, err := tx.Decide(v, store.DecisionApproved, aino.AADObjectID, "", 0, now, plan)
		return err
	})
	exported := func() [][]string {
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(MustRun(t, env, "export", "reach"), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows[1:]
	}
	await := func(p *server, what string, want ...string) {
		t.Helper()
		var got []string
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("%s:\n%s", what, strings.Join(got, "\n"))
			}
		})
		p.await(t, what, func() bool {
			got = nil
			for _, row := range exported() {
				got = append(got, strings.Join(append(append(row[:1:1], row[2], row[4]), row[6:13]...), " "))
			}
			slices.Sort(got)
			return slices.Equal(got, want)
		})
	}
	p := start(t, env.with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-02T10:00:00+02:00"}), nil)
	p.awaitReady(t)
	await(p, "the first night", "2026-03-02 '=Ohje muuttuu Viestintä / Kanava 0 2 1 1 0  0 rsc", "2026-03-02 '=Ohje muuttuu Viestintä / Kanava 1 2 1 0 0  0 rsc",
		"2026-03-02 '=Ohje muuttuu Viestintä / Kanava 2 3 0 0 0  0 rsc")
	if status := p.stop(t); status != 0 {
		t.Fatalf("status %d", status)
	}
	if summary := reached(t, o); summary != "3 members, 1 guest, 1 external" {
		t.Errorf("reached %s", summary)
	}

	// The next night: somebody has changed a reaction, somebody has taken one away (Graph has it no more), somebody answered
	// twice; nobody did anything in the last channel, whose post is not found.
	activities := map[string]string{}
	o.write(t, func(tx *store.Tx) error {
		posts, err := tx.ContentPosts(1, store.KindPublication)
		for _, post := range posts {
			activities[post.ChannelID] = post.ActivityID
		}
		if err == nil {
			_, err = tx.React(channelID(0), activities[channelID(0)], id("2"), "like", false, time.Now())
		}
		return err
	})
	posted := mustTime(t, "2026-03-02T10:00:00+02:00")
	reply := graphtest.Message{At: posted, PersonID: id("3"), Text: "Kiitos"}
	for i, m := range []graphtest.Message{
		{Reactions: []graphtest.Reaction{{PersonID: id("1"), Kind: "heart", At: posted}, {PersonID: id("1"), Kind: "like", At: posted}}},
		{Reactions: []graphtest.Reaction{{PersonID: id("1"), Kind: "like", At: posted}, {PersonID: id("4"), Kind: "sad", At: posted}}, Replies: []graphtest.Message{reply, reply}},
	} {
		m.ID, m.At, m.App = activities[channelID(i)], posted, appID
		if err := online.ChangeChannel(ref(i), func(c *graphtest.Channel) { c.Messages = []graphtest.Message{m} }); err != nil {
			t.Fatal(err)
		}
	}
	p = start(t, env.with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-03T02:30:00+02:00"}), nil)
	await(p, "the second night", "2026-03-02 '=Ohje muuttuu Viestintä / Kanava 0 2 1 1 1 0 0 rsc", "2026-03-02 '=Ohje muuttuu Viestintä / Kanava 1 2 1 0 2 1 0 rsc",
		"2026-03-02 '=Ohje muuttuu Viestintä / Kanava 2 3 0 0 0  0 rsc")
	if status := p.stop(t); status != 0 {
		t.Fatalf("status %d", status)
	}
}

// reached is how many different people everything that was published could reach.
func reached(t *testing.T, o *organisation) (summary string) {
	t.Helper()
	o.write(t, func(tx *store.Tx) error {
		r, err := tx.Reach(store.ReachFilter{})
		if err == nil {
			summary = fmt.Sprintf("%d members, %d guest, %d external", r.Total.Members, r.Total.Guests, r.Total.External)
		}
		return err
	})
	return summary
}
