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
