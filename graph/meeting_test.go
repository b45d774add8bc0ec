package graph_test

import (
	"strings"
	"testing"
	"time"

	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

func TestMeetingInTheCalendar(t *testing.T) {
	server, client := mustServe(t)
	m, err := client.CreateMeeting(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.CreateMeeting(t.Context(), request())
	if err != nil || again != m {
		t.Errorf("the same request again gives %+v, %v; want the same meeting", again, err)
	}
	made := server.Meetings()
	if len(made) != 1 {
		t.Fatalf("%d meetings were made, want 1", len(made))
	}
	if g := made[0]; g.EventID != m.EventID || g.EventID == "" || m.HostID != host || g.JoinURL != m.JoinURL || m.JoinURL == "" || m.MeetingID != "" ||
		g.Subject != request().Subject || !g.Start.Equal(start) || !g.End.Equal(end) || g.Attendees != 0 {
		t.Errorf("made %+v, told %+v", g, m)
	}

	later := request()
	later.Subject, later.Start, later.End = "Omakanta", start.Add(time.Hour), end.Add(time.Hour)
	if err := client.UpdateMeeting(t.Context(), m, later); err != nil {
		t.Fatal(err)
	}
	if g := server.Meetings()[0]; g.Subject != "Omakanta" || !g.Start.Equal(later.Start) || !g.End.Equal(later.End) || g.JoinURL != m.JoinURL {
		t.Errorf("after the change: %+v", g)
	}
	requests := server.Requests()
	if body := string(requests[len(requests)-1].Body); strings.Contains(body, `"body"`) || strings.Contains(body, "nline") {
		t.Errorf("the change touches more than subject and times: %s", body)
	}

	for range 2 { // the second time it is gone already
		if err := client.CancelMeeting(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if !server.Meetings()[0].Deleted {
		t.Error("the meeting is still there")
	}
	wantProblem(t, client.UpdateMeeting(t.Context(), m, later), store.GraphNotFound)
}

func TestMeetingWithoutCalendar(t *testing.T) {
	for name, prepare := range map[string]func(*graphtest.Server){
		"no permission for calendars": func(s *graphtest.Server) { s.Withhold(graphtest.CalendarsReadWrite) },
		"no mailbox":                  func(s *graphtest.Server) { s.RemoveMailbox(host) },
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			prepare(server)
			m, err := client.CreateMeeting(t.Context(), request())
			if err != nil {
				t.Fatal(err)
			}
			again, err := client.CreateMeeting(t.Context(), request())
			if err != nil || again != m || m.EventID != "" || m.MeetingID == "" || m.JoinURL == "" {
				t.Errorf("made %+v, then %+v, %v", m, again, err)
			}
			later := request()
			later.Subject, later.Start, later.End = "Omakanta", start.Add(time.Hour), end.Add(time.Hour)
			if err := client.UpdateMeeting(t.Context(), m, later); err != nil {
				t.Fatal(err)
			}
			if made := server.Meetings(); len(made) != 1 || made[0].Subject != "Omakanta" || !made[0].Start.Equal(later.Start) || !made[0].End.Equal(later.End) {
				t.Errorf("after the change: %+v", made)
			}
			for range 2 {
				if err := client.CancelMeeting(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			if !server.Meetings()[0].Deleted {
				t.Error("the meeting is still there")
			}
		})
	}
}

func TestTheTeamsMeetingComesAfterItsEvent(t *testing.T) {
	server, client := mustServe(t)
	server.SetSlowJoin(true)
	m, err := client.CreateMeeting(t.Context(), request())
	if err != nil || m.JoinURL == "" {
		t.Fatalf("%+v, %v; want the address from a second look", m, err)
	}

	// Where it does not come at all, the caller tries again and finds the same event.
	server.Disturb(graphtest.Fault{Method: "GET", Body: `{"id":"x","onlineMeeting":null}`})
	other := request()
	other.Key = "session-8"
	_, err = client.CreateMeeting(t.Context(), other)
	wantProblem(t, err, store.GraphUnavailable)
	server.Calm()
	if _, err = client.CreateMeeting(t.Context(), other); err != nil || len(server.Meetings()) != 2 {
		t.Errorf("%d meetings, %v; want the second one found again", len(server.Meetings()), err)
	}
}

// A lost answer must not make a second meeting.
func TestCutAnswerToCreation(t *testing.T) {
	for name, prepare := range map[string]func(*graphtest.Server){
		"in the calendar":  func(*graphtest.Server) {},
		"without calendar": func(s *graphtest.Server) { s.RemoveMailbox(host) },
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			prepare(server)
			server.Disturb(graphtest.Fault{Method: "POST", Path: "createOrGet", Cut: true, Times: 1})
			server.Disturb(graphtest.Fault{Method: "POST", Path: "events", Cut: true, Times: 1})
			for range 2 {
				_, err := client.CreateMeeting(t.Context(), request())
				if err != nil {
					wantProblem(t, err, store.GraphUnavailable)
				}
			}
			if _, err := client.CreateMeeting(t.Context(), request()); err != nil || len(server.Meetings()) != 1 {
				t.Errorf("%d meetings, %v; want one", len(server.Meetings()), err)
			}
		})
	}
}

func TestMissingPermissionsAreNamed(t *testing.T) {
	const policy = ", and for the policy a Teams administrator with Grant-CsApplicationAccessPolicy"
	calendar := store.OnlineMeeting{HostID: host, EventID: "e"}
	online := store.OnlineMeeting{HostID: host, MeetingID: "m", JoinURL: "https://teams.microsoft.com/x"}
	unfound := store.OnlineMeeting{HostID: host, JoinURL: "https://teams.microsoft.com/x"}

	for name, test := range map[string]struct {
		withhold   []graphtest.Permission
		call       func(client) error
		permission string
		who        string
	}{
		"to make any meeting": {
			[]graphtest.Permission{graphtest.CalendarsReadWrite, graphtest.OnlineMeetingsReadWrite},
			func(c client) error { _, err := c.CreateMeeting(t.Context(), request()); return err },
			"Calendars.ReadWrite (or OnlineMeetings.ReadWrite.All with an application access policy)",
			"a Global Administrator or Privileged Role Administrator" + policy,
		},
		"to change an event": {
			[]graphtest.Permission{graphtest.CalendarsReadWrite},
			func(c client) error { return c.UpdateMeeting(t.Context(), calendar, request()) },
			"Calendars.ReadWrite", "a Global Administrator or Privileged Role Administrator",
		},
		"to cancel an event": {
			[]graphtest.Permission{graphtest.CalendarsReadWrite},
			func(c client) error { return c.CancelMeeting(t.Context(), calendar) },
			"Calendars.ReadWrite", "a Global Administrator or Privileged Role Administrator",
		},
		"to change a meeting": {
			[]graphtest.Permission{graphtest.OnlineMeetingsReadWrite},
			func(c client) error { return c.UpdateMeeting(t.Context(), online, request()) },
			"OnlineMeetings.ReadWrite.All with an application access policy", "a Global Administrator or Privileged Role Administrator" + policy,
		},
		"to cancel a meeting": {
			[]graphtest.Permission{graphtest.OnlineMeetingsReadWrite},
			func(c client) error { return c.CancelMeeting(t.Context(), online) },
			"OnlineMeetings.ReadWrite.All with an application access policy", "a Global Administrator or Privileged Role Administrator" + policy,
		},
		"to find a meeting": {
			[]graphtest.Permission{graphtest.OnlineMeetingsReadWrite, graphtest.OnlineMeetingsRead},
			func(c client) error { m := unfound; _, err := c.Attendance(t.Context(), &m); return err },
			"OnlineMeetings.Read.All with an application access policy", "a Global Administrator or Privileged Role Administrator" + policy,
		},
		"to read reports": {
			[]graphtest.Permission{graphtest.OnlineMeetingArtifactsRead},
			func(c client) error { m := online; _, err := c.Attendance(t.Context(), &m); return err },
			"OnlineMeetingArtifact.Read.All with an application access policy", "a Global Administrator or Privileged Role Administrator" + policy,
		},
		// Graph says which of the two it is when the policy is what is missing.
		"only the policy": {
			[]graphtest.Permission{graphtest.AccessPolicy},
			func(c client) error { m := online; _, err := c.Attendance(t.Context(), &m); return err },
			"an application access policy for the meeting's host", "a Teams administrator with Grant-CsApplicationAccessPolicy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := mustServe(t)
			server.Withhold(test.withhold...)
			p := wantProblem(t, test.call(c), store.GraphForbidden)
			if p.Permission != test.permission || p.Who != test.who {
				t.Errorf("missing %q, granted by %q;\nwant %q, by %q", p.Permission, p.Who, test.permission, test.who)
			}
			server.Grant(test.withhold...)
			if err := test.call(c); err != nil {
				if p := problem(t, err); p.Problem == store.GraphForbidden {
					t.Errorf("once granted: %v", err)
				}
			}
		})
	}
}

func TestHostWhoIsNotThere(t *testing.T) {
	server, client := mustServe(t)
	server.RemoveUser(host)
	_, err := client.CreateMeeting(t.Context(), request())
	wantProblem(t, err, store.GraphNotFound)

	sent := len(server.Requests())
	nobody := request()
	nobody.HostID = ""
	_, err = client.CreateMeeting(t.Context(), nobody)
	wantProblem(t, err, store.GraphNotFound)
	wantProblem(t, client.UpdateMeeting(t.Context(), store.OnlineMeeting{}, nobody), store.GraphNotFound)
	_, err = client.Attendance(t.Context(), nil)
	wantProblem(t, err, store.GraphNotFound)
	if err := client.CancelMeeting(t.Context(), store.OnlineMeeting{}); err != nil { // there is nothing to delete
		t.Error(err)
	}
	if len(server.Requests()) != sent {
		t.Error("Graph was asked about nobody")
	}
}
