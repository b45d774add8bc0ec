package graph_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// Whatever a report holds, it becomes records that keep their word, or an error.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"id":"r","totalParticipantCount":3,"meetingStartDateTime":"2026-11-24T12:00:00Z","attendanceRecords":[{"emailAddress":"a@example.org",` +
		`"identity":{"@odata.type":"#microsoft.graph.communicationsUserIdentity","id":"00000000-0000-4000-8000-000000000001","displayName":"A"},"role":"Attendee",` +
		`"attendanceIntervals":[{"joinDateTime":"2026-11-24T12:00:00Z","leaveDateTime":"2026-11-24T12:10:00Z","durationInSeconds":600}]}],` +
		`"attendanceRecords@odata.nextLink":"https://graph.microsoft.com/v1.0/x"}`))
	f.Add([]byte(`{"attendanceRecords":[null,{},{"identity":[]},{"attendanceIntervals":[null,{"durationInSeconds":-1}]}],"externalEventInformation":[{}]}`))
	f.Add([]byte(`{"@odata.type":"#microsoft.graph.event","attendanceRecords":[{"@odata.type":1}],"totalParticipantCount":-7}`))
	f.Add([]byte(`{"attendanceRecords":{},"attendanceRecords@odata.nextLink":{"a":[]}}`))
	id := regexp.MustCompile(`^([0-9a-f-]{36})?$`)
	f.Fuzz(func(t *testing.T, body []byte) {
		report, _, err := graph.ReadReport(body)
		if err != nil {
			wantProblem(t, err, store.GraphUnavailable)
			return
		}
		if report.Total < 0 {
			t.Errorf("%d participants", report.Total)
		}
		for _, record := range report.Records {
			if !id.MatchString(record.PersonID) {
				t.Errorf("person id %q", record.PersonID)
			}
			for _, i := range record.Intervals {
				if i.From.IsZero() || i.To.Before(i.From) {
					t.Errorf("interval %v", i)
				}
			}
		}
	})
}

// Whatever a batch answers, each part comes once at most, and what is read of it keeps its word.
func FuzzBatch(f *testing.F) {
	f.Add([]byte(`{"responses":[{"id":"1","status":200,"headers":{"Content-Type":"application/json"},"body":{"value":[{"@odata.type":"#microsoft.graph.aadUserConversationMember",` +
		`"id":"x","roles":["guest"],"userId":"10000000-0000-4000-8000-000000000001","tenantId":"77777777-0000-4000-8000-000000000000"}]}},` +
		`{"id":"0","status":200,"body":{"value":[{"id":"1000","createdDateTime":"2026-11-24T12:00:00Z","lastModifiedDateTime":"2026-11-24T12:00:00Z","reactions":[{"reactionType":"like",` +
		`"createdDateTime":"2026-11-24T12:00:00Z","user":{"user":{"@odata.type":"#microsoft.graph.teamworkUserIdentity","id":"10000000-0000-4000-8000-000000000001","userIdentityType":"aadUser"}}}],` +
		`"replies":[{"id":"1","messageType":"message","from":{"application":{"id":"b"}}},null],"replies@odata.nextLink":"x"}]}}]}`))
	f.Add([]byte(`{"a":[{}],"responses":[null,7,{"id":"1","status":429,"headers":{"Retry-After":5},"body":"x"},{"id":"1"},{"id":"-1"}],"responses":[{"id":"0","body":[]}]}`))
	f.Add([]byte(`{"responses":[{"id":"0","status":200,"body":{"value":[null,{"reactions":[null,{"user":[]}],"replies":{}}]}}`))
	id := regexp.MustCompile(`^([0-9a-f-]{36})?$`)
	f.Fuzz(func(t *testing.T, body []byte) {
		seen := make(map[int]bool)
		// That parts are missing is told by an error; what came counts all the same.
		_ = graph.ReadBatch(body, 2, func(i int, members []store.ChannelMember, posts []store.MessageSignals) {
			if i < 0 || i > 1 || seen[i] {
				t.Errorf("part %d", i)
			}
			seen[i] = true
			for _, m := range members {
				if !id.MatchString(m.PersonID) || !id.MatchString(m.TenantID) {
					t.Errorf("member %+v", m)
				}
			}
			for _, p := range posts {
				for _, s := range append(p.Reactions, p.Replies...) {
					if !id.MatchString(s.PersonID) {
						t.Errorf("person id %q", s.PersonID)
					}
				}
			}
		})
	})
}

// Whatever a report of teams' activity holds, it becomes values that keep their word, or an error of one line.
func FuzzActivity(f *testing.F) {
	f.Add([]byte("\ufeff" + reportHeader + "2026-11-22,Viestintä," + teamA + ",Private,2026-11-20,30,12,3,2,40,5,60,80,140,1,9\n"))
	f.Add([]byte(reportHeader + "2026-11-22,37E9A2B4C1D0F5E6A7B8C9D0E1F2A3B4,9C1D,Private,,30,,,,,,,,,,\n"))
	f.Add([]byte(reportHeader + "\"\n,,,\r\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, err := graph.ReadActivity(file)
		if err != nil && (rows != nil || regexp.MustCompile(`[\r\n]`).MatchString(err.Error())) {
			t.Errorf("%d rows, %q", len(rows), err)
		}
		for _, row := range rows {
			if row.ActiveUsers < 0 || row.Messages < 0 || row.Days < 0 || row.Concealed != (row.GroupID == "") || row.Concealed && row.Name != "" {
				t.Errorf("%+v", row)
			}
		}
	})
}

// Whatever else Graph answers with, a page of replies, a message, an event or a refusal, it becomes values that keep their word, or a
// problem of one line that quotes nothing of it.
func FuzzAnswer(f *testing.F) {
	for _, s := range []struct {
		status     int
		wait, body string
	}{
		{200, "", `{"value":[{"id":"1","messageType":"message","createdDateTime":"2026-11-24T12:00:00Z","from":{"user":{"@odata.type":"#microsoft.graph.teamworkUserIdentity",` +
			`"id":"10000000-0000-4000-8000-000000000001","userIdentityType":"aadUser"}}},{"messageType":"systemEventMessage"},{"deletedDateTime":"2026-11-24T12:00:00Z"}],` +
			`"@odata.nextLink":"https://graph.microsoft.com/v1.0/teams/a/channels/b/messages/1/replies?$skiptoken=x"}`},
		{200, "", `{"id":"1732449600000","createdDateTime":"2026-11-24T12:00:00Z","from":{"application":{"id":"22222222-2222-4222-8222-222222222222"}},"attachments":[{"content":"{\"mark\"}"}]}`},
		{200, "", `{"id":"AAMk","onlineMeeting":{"joinUrl":"https://teams.microsoft.com/l/meetup-join/x"}}`}, {200, "", `{"value":[null,{}]}`}, {200, "", `{"value":{}}`}, {200, "", `{"value":[{"from":[]}]`},
		{403, "", `{"error":{"code":"Forbidden","message":"No application access policy found for this app"}}`}, {429, "17", `{"error":{"code":"TooManyRequests"}}`}, {503, "Tue, 24 Nov 2026 12:01:00 GMT", `<html>`},
		{404, "NaN", `{"error":{"code":"a\nb` + strings.Repeat("c", 100) + `"}}`}, {302, "-1e999", `{"error":7}`},
	} {
		f.Add(s.status, s.wait, []byte(s.body))
	}
	id := regexp.MustCompile(`^([0-9a-f-]{36})?$`)
	f.Fuzz(func(t *testing.T, status int, wait string, body []byte) {
		replies, _, marked, _, err := graph.ReadThings(body)
		if err != nil && (replies != nil || strings.ContainsAny(err.Error(), "\r\n") || len(err.Error()) > 200) {
			t.Errorf("%d replies, %q", len(replies), err)
		}
		for _, r := range replies {
			if !id.MatchString(r.PersonID) {
				t.Errorf("person id %q", r.PersonID)
			}
		}
		if marked != "" && !strings.Contains(string(body), "mark") && !strings.Contains(string(body), "\\u") {
			t.Errorf("message %q is marked", marked)
		}
		if status < 300 || status > 599 {
			return
		}
		problem, again := graph.Problem(status, http.Header{"Retry-After": {wait}, "Request-Id": {wait}}, body, start)
		if again < 0 || again > time.Hour || problem.RetryAfter < 0 || problem.RetryAfter > time.Hour || problem.Problem == "" {
			t.Errorf("%+v, in %v", problem, again)
		}
		if text := problem.Error(); strings.ContainsAny(text, "\r\n<>\"") || len(text) > 400 {
			t.Errorf("%d gives %q", status, text)
		}
	})
}

// Wherever Graph says that a page or a report is, the bot's token goes to Graph alone, and a report is fetched from Microsoft alone.
func FuzzLinks(f *testing.F) {
	for _, s := range []string{
		"https://graph.microsoft.com/v1.0/teams?$skiptoken=a", "https://graph.microsoft.com/v1.0/../beta/me", "https://graph.microsoft.com.evil.example/v1.0/x", "https://graph.microsoft.com@evil.example/v1.0/x",
		"http://graph.microsoft.com/v1.0/x", "//graph.microsoft.com/v1.0/x", "https://graph.microsoft.com:444/v1.0/x", "https://reportsweu.office.com/data/v1.0/download?token=x", "https://office.com.evil.example/",
		"https://evil.example/.office.com", "https://evil.example#.office.com", "https://a.office.com:8080/", "https://u@a.office.com/", "{baseurl}/{+x}", "https://graph.microsoft.com/v1.0/%2e%2e/x", "HTTPS://A.OFFICE.COM", "",
	} {
		f.Add(s)
	}
	client, err := graph.New(graph.Config{Credential: graphtest.Credential{}, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, link string) {
		if u, err := client.NextPage(link); err == nil && (u.Scheme != "https" || u.Host != "graph.microsoft.com" || u.User != nil || !strings.HasPrefix(u.Path, "/v1.0/")) {
			t.Errorf("%q leads to %s", link, u)
		}
		if u, err := url.Parse(link); client.Downloads(link) && (err != nil || u.Scheme != "https" || u.User != nil || !microsoft.MatchString(strings.ToLower(u.Host))) {
			t.Errorf("a report is fetched from %q", link)
		}
	})
}

var microsoft = regexp.MustCompile(`^(graph\.microsoft\.com|([a-z0-9-]*\.)*(office|office365|microsoft|microsoftonline)\.(com|net|us|cn)|([a-z0-9-]*\.)*(cloud\.microsoft|partner\.office365\.cn)):?(443)?$`)

// A token that cannot be read says nothing, and no token is too odd to be read.
func FuzzRoles(f *testing.F) {
	for _, s := range []string{"", "..", "e30.e30.e30", "e30.eyJyb2xlcyI6WyJDaGFubmVsTWVtYmVyLlJlYWQuQWxsIl0sImFwcGlkIjoiYSJ9.x", "e30.eyJyb2xlcyI6InAifQ.x", "e30.eyJhenAiOiJhIn0=.x", "a.b.c.d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		if roles, app := graph.Roles(token); strings.Count(token, ".") != 2 && (roles != nil || app != "") {
			t.Errorf("%q says %q of %q", token, roles, app)
		}
	})
}
