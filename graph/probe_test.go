package graph_test

import (
	"strings"
	"testing"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// Every permission is tried, and each that is missing is told by itself.
func TestProbe(t *testing.T) {
	a, b := channelOf(teamA, 1), channelOf(teamB, 1)
	everything := []graphtest.Permission{
		graphtest.ChannelMemberRead, graphtest.ChannelMessageRead, graphtest.ReportsRead, graphtest.CalendarsReadWrite,
		graphtest.OnlineMeetingsReadWrite, graphtest.OnlineMeetingsRead, graphtest.OnlineMeetingArtifactsRead,
	}
	for name, test := range map[string]struct {
		withhold []graphtest.Permission
		consent  []graphtest.Permission // of the first team's owner
		missing  string
	}{
		"all is granted": {nil, nil, ""},
		"nothing is": {everything, nil, "ChannelMember.Read.Group ChannelMember.Read.Group ChannelMessage.Read.Group ChannelMessage.Read.Group " +
			"Reports.Read.All Calendars.ReadWrite OnlineMeetings.ReadWrite.All OnlineMeetings.Read.All OnlineMeetingArtifact.Read.All"},
		"a team's owner has agreed": {everything[:2], []graphtest.Permission{graphtest.ChannelMemberReadTeam, graphtest.ChannelMessageReadTeam}, "ChannelMember.Read.Group ChannelMessage.Read.Group"},
		"to one of both":            {everything[:2], []graphtest.Permission{graphtest.ChannelMemberReadTeam}, "ChannelMember.Read.Group ChannelMessage.Read.Group ChannelMessage.Read.Group"},
		"no report":                 {everything[2:3], nil, "Reports.Read.All"},
		"no calendars":              {everything[3:4], nil, "Calendars.ReadWrite"},
		"no attendance":             {everything[6:], nil, "OnlineMeetingArtifact.Read.All"},
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
				for _, ref := range []store.ChannelRef{a, b} {
					server.SetChannel(graphtest.Channel{ChannelRef: ref})
				}
				server.AddMeeting(graphtest.Meeting{HostID: host})
				server.Withhold(test.withhold...)
				server.Consent(teamA, test.consent...)
				trials, err := client.Probe(t.Context(), []store.ChannelRef{a, b}, host)
				if err != nil {
					t.Fatal(err)
				}
				var missing []string
				for _, trial := range trials {
					switch {
					case trial.Err == nil:
					case trial.Err.Problem == store.GraphForbidden:
						missing = append(missing, trial.Permission)
					default:
						t.Errorf("%s: %v", trial.Permission, trial.Err)
					}
					if trial.Who == "" || trial.Source == store.SourceRSC != (trial.Channel != store.ChannelRef{}) {
						t.Errorf("%+v", trial)
					}
				}
				if got := strings.Join(missing, " "); got != test.missing || len(trials) != 9 {
					t.Errorf("%d trials, missing %q; want %q", len(trials), got, test.missing)
				}
				if m := server.Meetings(); len(m) != 1 || m[0].Deleted {
					t.Errorf("the trials left %+v", m)
				}
			})
		})
	}
}

func TestProbeTellsThePolicyFromThePermission(t *testing.T) {
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		web := server.Client()
		defer web.CloseIdleConnections()
		server.Withhold(graphtest.AccessPolicy)
		trials, err := client.Probe(t.Context(), nil, host)
		if err != nil || len(trials) != 5 {
			t.Fatalf("%d trials, %v", len(trials), err)
		}
		for _, trial := range trials[2:] {
			if trial.Err == nil || !trial.PolicyOnly || trial.Err.Permission != "an application access policy for the meeting's host" || !strings.Contains(trial.Err.Who, "Grant-CsApplicationAccessPolicy") {
				t.Errorf("%s: %v", trial.Permission, trial.Err)
			}
		}
		if trials, err = client.Probe(t.Context(), nil, ""); err != nil || len(trials) != 1 {
			t.Errorf("%d trials without anybody, %v", len(trials), err)
		}

		// With an administrator's consent, it makes no difference whether a team's owner has agreed.
		server.SetChannel(graphtest.Channel{ChannelRef: channelOf(teamA, 1)})
		client, err = graph.New(graph.Config{Credential: graphtest.Credential{Roles: []graphtest.Permission{"Group.Read.All"}}, BaseURL: server.URL, HTTP: web, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		trials, err = client.Probe(t.Context(), []store.ChannelRef{channelOf(teamA, 1)}, "")
		if err != nil || len(trials) != 3 || trials[0].ByTenant || !trials[1].ByTenant {
			t.Errorf("%+v, %v", trials, err)
		}

		server.Disturb(graphtest.Fault{Path: "/messages", Status: 503})
		if trials, err = client.Probe(t.Context(), []store.ChannelRef{channelOf(teamA, 1)}, ""); err != nil || trials[1].Err == nil || trials[1].Err.Problem != store.GraphUnavailable {
			t.Errorf("%+v, %v", trials, err)
		}
	})
}
