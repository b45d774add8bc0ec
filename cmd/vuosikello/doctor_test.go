package main_test

import (
	"strings"
	"testing"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// What doctor says of Graph, tier by tier: what works, each permission that is missing, and who can grant it. What is missing is no fault.
func TestDoctorTriesEachPermission(t *testing.T) {
	t.Parallel()
	const owner, admin, policy = "an owner of the team", "a Global Administrator or Privileged Role Administrator", "a Teams administrator with Grant-CsApplicationAccessPolicy"
	cloud := openCloud(t)
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	o.write(t, func(tx *store.Tx) error { return tx.GiveRole(aino.AADObjectID, store.RoleAdmin, 0) })
	team := store.ChannelRef{GroupID: o.team.AADGroupID, ChannelID: o.team.ID}
	env := cloud.settings(o.database)
	tenant := []graphtest.Permission{
		graphtest.ReportsRead, graphtest.CalendarsReadWrite, graphtest.OnlineMeetingsReadWrite, graphtest.OnlineMeetingsRead, graphtest.OnlineMeetingArtifactsRead,
	}
	channels := []graphtest.Permission{graphtest.ChannelMemberRead, graphtest.ChannelMessageRead}
	everything := append(channels, tenant...)

	for _, test := range []struct {
		name    string
		prepare func()
		env     settings
		status  int
		lines   []string // parts of lines, in this order
		without string
	}{
		{"all is granted", func() { cloud.online.SetChannel(graphtest.Channel{ChannelRef: team}) }, nil, 0, []string{
			"ok       graph, no consent", "ok       graph, per team: ChannelMember.Read.Group (who can see a channel) in 1 of 1 teams",
			"ok       graph, per team: ChannelMessage.Read.Group (reactions and replies to posts) in 1 of 1 teams", "ok       graph, tenant: Reports.Read.All",
			"ok       graph, tenant: Calendars.ReadWrite", "ok       graph, tenant: OnlineMeetings.ReadWrite.All", "ok       graph, tenant: OnlineMeetings.Read.All",
			"ok       graph, tenant: OnlineMeetingArtifact.Read.All",
		}, "missing"},
		{"nothing is", func() { cloud.online.Withhold(everything...) }, nil, 0, []string{
			"ok       graph, no consent",
			"missing  graph, per team: ChannelMember.Read.Group (who can see a channel) in Viestintä (who can grant it: " + owner,
			"missing  graph, per team: ChannelMessage.Read.Group (reactions and replies to posts) in Viestintä (who can grant it: " + owner,
			"missing  graph, tenant: Reports.Read.All (the activity of teams) (who can grant it: " + admin,
			"missing  graph, tenant: Calendars.ReadWrite (Teams meetings in the host's calendar) (who can grant it: " + admin,
			"missing  graph, tenant: OnlineMeetings.ReadWrite.All (Teams meetings without a calendar) (who can grant it: " + admin,
			"missing  graph, tenant: OnlineMeetings.Read.All (finding the meetings whose attendance is read) (who can grant it: " + admin,
			"missing  graph, tenant: OnlineMeetingArtifact.Read.All (attendance reports) (who can grant it: " + admin,
		}, "PROBLEM"},
		{"a team's owner has agreed to one", func() { cloud.online.Consent(team.GroupID, graphtest.ChannelMemberReadTeam) }, nil, 0, []string{
			"ok       graph, per team: ChannelMember.Read.Group", "missing  graph, per team: ChannelMessage.Read.Group",
		}, "PROBLEM"},
		{"only the policy is missing", func() { cloud.online.Grant(everything...); cloud.online.Withhold(graphtest.AccessPolicy) }, nil, 0, []string{
			"ok       graph, tenant: Calendars.ReadWrite", "ok       graph, tenant: OnlineMeetings.ReadWrite.All (Teams meetings without a calendar), but see",
			"missing  graph, tenant: an application access policy, without which the OnlineMeetings… permissions do nothing (who can grant it: " + policy,
		}, "PROBLEM"},
		{"Graph fails", func() { cloud.online.Disturb(graphtest.Fault{Status: 503, Times: 7}) }, nil, 1, []string{"PROBLEM  graph, per team: ChannelMember.Read.Group in Viestintä could not be tried"}, "missing"},
		{"it is switched off", func() {}, settings{"VUOSIKELLO_GRAPH_URL": "off"}, 0, []string{"ok       graph: switched off by VUOSIKELLO_GRAPH_URL=off"}, "missing"},
		{"the secret is wrong", func() {}, settings{"AZURE_CLIENT_SECRET": "another"}, 1, []string{"PROBLEM  graph: graph: credential", "AADSTS7000215", "an application administrator in Entra ID"}, "missing"},
	} {
		test.prepare()
		out, errs, status := once(t, env.with(test.env), "doctor")
		if status != test.status {
			t.Errorf("%s: status %d: %s", test.name, status, errs)
		}
		from := strings.Index(out, " graph")
		if from < 0 {
			t.Fatalf("%s: nothing of Graph in\n%s", test.name, out)
		}
		rest := out[strings.LastIndex(out[:from], "\n")+1:]
		if strings.Contains(rest, test.without) {
			t.Errorf("%s: %q in\n%s", test.name, test.without, out)
		}
		for _, line := range test.lines {
			_, after, found := strings.Cut(rest, line)
			if !found {
				t.Fatalf("%s: no %q in the rest of\n%s", test.name, line, out)
			}
			rest = after
		}
	}
}

// What doctor says of the tab: whether people can be signed in to it, and what of that only an administrator can see.
func TestDoctorTriesTheTab(t *testing.T) {
	t.Parallel()
	cloud := openCloud(t)
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	public := cloud.settings(o.database).with(settings{"VUOSIKELLO_PUBLIC_URL": "https://kello.example.fi", "VUOSIKELLO_GRAPH_URL": "off"})
	uri := teams.UserAudience("kello.example.fi", appID)
	for _, test := range []struct {
		name    string
		prepare func()
		env     settings
		said    string
	}{
		{"exposed", func() { cloud.entra.Expose(uri) }, public, "ok       tab: the app registration has the application id URI " + uri + "; it must expose the scope access_as_user and authorise the clients 1fec8e78-"},
		{"exposed under another name", func() { cloud.entra.Expose("api://" + appID) }, public, "PROBLEM  tab: no app registration has the application id URI " + uri + ": set it under Expose an API"},
		{"no public address", func() {}, public.with(settings{"VUOSIKELLO_PUBLIC_URL": ""}), "ok       tab: not in use: VUOSIKELLO_PUBLIC_URL is not set"},
		{"a public address that is none", func() {}, public.with(settings{"VUOSIKELLO_PUBLIC_URL": "kello"}), `PROBLEM  tab: VUOSIKELLO_PUBLIC_URL is "kello"`},
		{"another tenant", func() {}, public.with(settings{"AZURE_TENANT_ID": "99999999-9999-4999-8999-999999999999"}), "PROBLEM  tab: "},
	} {
		test.prepare()
		out, _, _ := once(t, test.env, "doctor")
		if !strings.Contains(out, test.said) {
			t.Errorf("%s: no %q in\n%s", test.name, test.said, out)
		}
	}
}
