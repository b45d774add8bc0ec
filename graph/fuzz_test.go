package graph_test

import (
	"regexp"
	"testing"

	"vuosikello/graph"
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
